//! What a check ended with, in the terms of docs/mechanism.md 2.3.

use mesg_protocol::canonical_json;
use mesg_protocol::digest::sha256;
use mesg_protocol::execution::INVALID;
use mesg_protocol::seal::{Kind, Value};

use crate::outcome::cut;
use crate::profile::MAX_WITNESS_BYTES;

/// What every honest seat of a committee finds about a posted output.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The checker accepts the output.
    Valid {
        /// Fuel of the check: sealed with the witness, so that nobody who has not checked can guess the value even where a
        /// checker's own witness is always the same (attack 17).
        fuel: u64,
        /// The checker's text, at most [`MAX_WITNESS_BYTES`].
        witness: String,
    },
    /// The output is refused: by the checker's own word, or because the checker fails on it for everybody alike.
    Invalid {
        /// For the runner's log, at most 1 KiB. It is in no digest.
        reason: String,
    },
}

impl Verdict {
    /// The value that a seat seals for it. The witness is fuel (u64, big-endian) | text; its digest and length go into D.
    pub fn value(&self) -> Value {
        match self {
            Self::Valid { fuel, witness } => {
                let fuel = fuel.to_be_bytes();
                let len = fuel.len().saturating_add(witness.len());
                Value {
                    kind: Kind::Valid,
                    output: sha256(&[&fuel, witness.as_bytes()]),
                    output_len: u64::try_from(len).unwrap_or(u64::MAX),
                    mfuel: 0,
                }
            }
            Self::Invalid { .. } => INVALID,
        }
    }

    /// The output is refused; `reason` is for people.
    pub fn invalid(reason: impl Into<String>) -> Self {
        Self::Invalid { reason: cut(reason.into()) }
    }

    /// The checker returned `witness` after `fuel`.
    pub(crate) fn accepted(witness: String, fuel: u64) -> Self {
        if witness.len() > MAX_WITNESS_BYTES {
            let got = witness.len();
            return Self::invalid(format!("checker: witness of {got} bytes, at most {MAX_WITNESS_BYTES}"));
        }
        Self::Valid { fuel, witness }
    }

    /// There is nothing to check with.
    pub(crate) fn no_checker() -> Self {
        Self::invalid("component exports no `verify: func(input: string, output: string) -> result<string, string>`")
    }
}

/// The text of an output that a checker may be asked about.
pub(crate) fn readable(output: &[u8], max: usize) -> Result<&str, String> {
    if output.len() > max {
        return Err(format!("{} bytes of output, at most {max}", output.len()));
    }
    let text = std::str::from_utf8(output).map_err(|e| format!("output: {e}"))?;
    canonical_json::check(text).map_err(|e| format!("output: {e}"))?;
    Ok(text)
}
