//! `Publish`: the preimage of the agreed value; the challenge window begins (2.4).

use mesg_api::market::{MAX_INLINE, MAX_ITEMS, MAX_LOCATOR, MarketEvent, PublishItem, ResultItem};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::seal::{ErrorCode, Kind, Value};

use super::{batch, change, entered};
use crate::error::{ContractError, Refusal};
use crate::session::Session;

/// Takes preimages; each proves itself.
pub fn publish(session: &mut Session<'_>, items: Vec<PublishItem>) -> Result<(), ContractError> {
    let id = |item: &PublishItem| (ExecutionId(item.execution.u64()), ());
    batch(session, items, MAX_ITEMS, id, |session, id, item| {
        change(session, id, |session, execution| {
            let (value, content) = value(item)?;
            let rows = session.rows(execution.terms, execution.params)?;
            let domain = session.config.domain;
            execution.publish(&domain, id, rows.rules(), value, session.now)?;
            session.emit(MarketEvent::Published {
                execution: id.0,
                kind: value.kind.code(),
                code: value.kind.error_code(),
                output: value.output,
                output_len: value.output_len,
                mfuel: value.mfuel,
                content,
            });
            entered(session, id, execution);
            Ok(())
        })
    })
}

/// The value of a result, and what the event tells of it: the output or its locator. Whether an inline output is
/// canonical JSON need not be asked: all seats attested its digest.
fn value(item: PublishItem) -> Result<(Value, String), Refusal> {
    let mfuel = item.mfuel.u64();
    match item.result {
        ResultItem::Inline { json } if json.len() <= MAX_INLINE => {
            let output_len = u64::try_from(json.len()).map_err(|_| Refusal::Result)?;
            let output = sha256(&[json.as_bytes()]);
            Ok((Value { kind: Kind::Ok, output, output_len, mfuel }, json))
        }
        ResultItem::Digest { sha256, len, locator } if (1..=MAX_LOCATOR).contains(&locator.len()) => {
            Ok((Value { kind: Kind::Ok, output: sha256, output_len: len.into(), mfuel }, locator))
        }
        ResultItem::Error { code } => {
            let kind = Kind::Err(ErrorCode::from_u16(code).ok_or(Refusal::Result)?);
            Ok((Value { kind, output: Digest32::ZERO, output_len: 0, mfuel }, String::new()))
        }
        _ => Err(Refusal::Result),
    }
}
