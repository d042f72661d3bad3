//! `Certify`: the whole round in one transaction (2.3).

use cosmwasm_std::Uint64;
use mesg_api::market::{CERTIFICATE_SEAT, CertifyItem, MAX_CERTIFY, MarketEvent};
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{Certificate, Execution};
use mesg_protocol::ids::ExecutionId;

use super::{batch, change, settle};
use crate::acts::wrong_phase;
use crate::error::{ContractError, ItemError, Refusal};
use crate::results::value;
use crate::session::Session;

/// Takes certificates, then settles.
pub fn certify(session: &mut Session<'_>, items: Vec<CertifyItem>, settled: Vec<Uint64>) -> Result<(), ContractError> {
    let id = |item: &CertifyItem| (ExecutionId(item.execution.u64()), ());
    batch(session, items, MAX_CERTIFY, id, |session, id, item| {
        change(session, id, |session, execution| certify_one(session, id, execution, item))
    })?;
    if settled.is_empty() { Ok(()) } else { settle(session, settled) }
}

fn certify_one(
    session: &mut Session<'_>,
    id: ExecutionId,
    execution: &mut Execution,
    item: CertifyItem,
) -> Result<(), ItemError> {
    let (value, content) = value(item.result, item.mfuel.u64())?;
    session.load_output(&content)?;
    let round = execution.phase.round().ok_or_else(|| wrong_phase(execution))?;
    let seed = session.seed_of(id, execution, round)?;
    let (salts, signatures) = split(&item.seats)?;
    let mut signatures = signatures.into_iter();
    let rows = session.rows(execution.terms, execution.params)?;
    let rules = rows.rules(id, execution);
    execution.certify(rules, &Certificate { value, salts }, session.now, |seat, seal| {
        let signature = signatures.next().ok_or(Refusal::Signature)?;
        session.check_seal(id, round, &seed, seat, &seal, signature)
    })?;
    session.emit(MarketEvent::Certified { execution: id.0, escalation: round });
    if execution.value == Some(value) {
        session.tell_published(id, &value, content);
    }
    session.tip_sender(id, execution, rules.params.tips.certify, "certify")
}

/// Salts and signatures of the seats.
fn split(seats: &[u8]) -> Result<(Vec<Digest32>, Vec<&[u8]>), Refusal> {
    let chunks = seats.chunks_exact(CERTIFICATE_SEAT);
    if !chunks.remainder().is_empty() {
        return Err(Refusal::Result);
    }
    let halves = chunks.filter_map(|seat| seat.split_first_chunk::<32>());
    Ok(halves.map(|(salt, signature)| (Digest32(*salt), signature)).unzip())
}
