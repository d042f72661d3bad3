//! What a call ended with, in the terms of docs/mechanism.md 2.3.

use mesg_protocol::canonical_json::canonicalize;
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::seal::{self, ErrorCode, Kind};

use crate::sandbox::Limits;

/// Longest detail that is kept, in bytes.
const MAX_DETAIL_BYTES: usize = 1024;

/// An ending that every honest seat of one profile shares: the same bytes, code, length and mfuel go into the digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The output or the agreed error.
    pub ending: Ending,
    /// Fuel that was used; 0 where it is not part of the value (a trap stops at an inexact count).
    pub fuel: u64,
    /// Millions of fuel as they are sealed and paid: ⌈fuel / 10^6⌉ where the call ended normally, the task's maximum at
    /// OutOfFuel, else 0.
    pub mfuel: u64,
}

/// The value of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ending {
    /// The component's output in canonical form.
    Ok {
        /// Canonical JSON, at most the task's `max_output` bytes.
        output: String,
    },
    /// An agreed error.
    Err {
        /// Its code; `BadInput` is the caller's to decide, before anything runs, and never comes from here.
        code: ErrorCode,
        /// For the runner's log and the developer, at most 1 KiB. It is in no digest.
        detail: String,
    },
}

impl Outcome {
    /// A call that ended normally with `fuel` used.
    pub(crate) fn returned(returned: Result<String, String>, limits: &Limits, fuel: u64) -> Self {
        let ending = match returned {
            Ok(output) => settle_output(&output, limits.max_output_bytes),
            Err(detail) => err(ErrorCode::TaskError, detail),
        };
        Self { ending, fuel, mfuel: seal::mfuel(fuel) }
    }

    /// The value that a seat seals for it; [`seal::Value::digest`] is D.
    pub fn value(&self) -> seal::Value {
        let (kind, output, len) = match &self.ending {
            Ending::Ok { output } => (Kind::Ok, sha256(&[output.as_bytes()]), output.len()),
            Ending::Err { code, .. } => (Kind::Err(*code), Digest32::ZERO, 0),
        };
        seal::Value { kind, output, output_len: u64::try_from(len).unwrap_or(u64::MAX), mfuel: self.mfuel }
    }

    /// The fuel ran out: paid as the maximum.
    pub(crate) fn out_of_fuel(limits: &Limits) -> Self {
        let ending = err(ErrorCode::OutOfFuel, format!("more than {} fuel", limits.max_fuel));
        Self { ending, fuel: limits.max_fuel, mfuel: seal::mfuel(limits.max_fuel) }
    }

    /// The component trapped, broke the canonical ABI, or is none.
    pub(crate) fn trap(detail: String) -> Self {
        Self { ending: err(ErrorCode::Trap, detail), fuel: 0, mfuel: 0 }
    }

    /// The component asked for more memory than the profile gives.
    pub(crate) fn memory_limit() -> Self {
        let detail = format!("more than {} bytes of memory", crate::profile::MEMORY_BYTES);
        Self { ending: err(ErrorCode::MemoryLimit, detail), fuel: 0, mfuel: 0 }
    }
}

/// Puts an output into canonical form. Too large is decided first, on the bytes as returned, so that the work of parsing is
/// bounded by the task's limit; what is not canonicalisable JSON is the task's error (docs/mechanism.md 2.6).
fn settle_output(output: &str, max: usize) -> Ending {
    let too_large = |bytes: usize| err(ErrorCode::OutputTooLarge, format!("{bytes} bytes of output, at most {max}"));
    if output.len() > max {
        return too_large(output.len());
    }
    match canonicalize(output) {
        Ok(canonical) if canonical.len() > max => too_large(canonical.len()),
        Ok(output) => Ending::Ok { output },
        Err(e) => err(ErrorCode::TaskError, format!("output: {e}")),
    }
}

fn err(code: ErrorCode, detail: String) -> Ending {
    Ending::Err { code, detail: cut(detail) }
}

/// As much of a component's words as is kept.
pub fn cut(mut detail: String) -> String {
    detail.truncate(detail.floor_char_boundary(MAX_DETAIL_BYTES));
    detail
}
