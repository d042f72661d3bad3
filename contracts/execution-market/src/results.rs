//! Results as they are posted: the value that digests stand for, and what the event tells of it.

use mesg_api::market::{MAX_INLINE, MAX_LOCATOR, MarketEvent, ResultItem};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::seal::{ErrorCode, Kind, Value};

use crate::error::Refusal;
use crate::session::Session;

/// The value of a result, and what the event tells of it: the output or its locator. Whether an inline output is
/// canonical JSON need not be asked: all seats attested its digest.
pub fn value(result: ResultItem, mfuel: u64) -> Result<(Value, String), Refusal> {
    let bare = |kind| Value { kind, output: Digest32::ZERO, output_len: 0, mfuel };
    let (value, content) = match result {
        ResultItem::Inline { json } if json.len() <= MAX_INLINE => {
            let output_len = u64::try_from(json.len()).map_err(|_| Refusal::Result)?;
            (Value { output: sha256(&[json.as_bytes()]), output_len, ..bare(Kind::Ok) }, json)
        }
        ResultItem::Digest { sha256, len, locator } if (1..=MAX_LOCATOR).contains(&locator.len()) => {
            let value = Value { output: sha256, output_len: len.into(), ..bare(Kind::Ok) };
            // A smaller one is shown itself, so that nobody can show a locator of nothing instead.
            (Some(value).filter(Value::is_large).ok_or(Refusal::Result)?, locator)
        }
        ResultItem::Error { code } => {
            (bare(Kind::Err(ErrorCode::from_u16(code).ok_or(Refusal::Result)?)), String::new())
        }
        ResultItem::Valid { witness, len } => {
            (Value { output: witness, output_len: len.into(), ..bare(Kind::Valid) }, String::new())
        }
        ResultItem::Invalid {} => (bare(Kind::Invalid), String::new()),
        ResultItem::Inline { .. } | ResultItem::Digest { .. } => return Err(Refusal::Result),
    };
    value.check().map_err(|_| Refusal::Result)?;
    Ok((value, content))
}

impl Session<'_> {
    /// Tells that a verdict's value is known.
    pub fn tell_published(&mut self, id: ExecutionId, value: &Value, content: String) {
        self.emit(MarketEvent::Published {
            execution: id.0,
            kind: value.kind.code(),
            code: value.kind.error_code(),
            output: value.output,
            output_len: value.output_len,
            mfuel: value.mfuel,
            content,
        });
    }
}
