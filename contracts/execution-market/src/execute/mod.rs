//! One file a message.

mod beacon;
mod burn;
mod certify;
mod challenge;
mod claim;
mod close_epoch;
mod decline;
mod deliver;
mod open;
mod ownership;
mod pause;
mod poke;
mod post_result;
mod proposal;
mod prune;
mod publish;
mod receive;
mod report_equivocation;
mod request;
mod seal;
mod seat;
mod service_bond;
mod settle;
mod tick;
mod withdraw;

use cosmwasm_std::Uint64;
use mesg_api::market::MarketEvent;
use mesg_protocol::execution::{Execution, Phase, ROUND_2};
use mesg_protocol::ids::ExecutionId;

use crate::error::{ContractError, ItemError, Refusal};
use crate::offer::within;
use crate::session::Session;
use crate::state::WAITING;

pub use beacon::submit_beacon;
pub use burn::burn;
pub use certify::certify;
pub use challenge::challenge;
pub use claim::claim;
pub use close_epoch::close_epoch;
pub use decline::decline;
pub use deliver::{callback_failed, deliver};
pub use open::open;
pub use ownership::{accept_ownership, offer_ownership, set_pauser};
pub use pause::{pause, unpause};
pub use poke::poke;
pub use post_result::post_result;
pub use proposal::{apply, propose, revoke};
pub use prune::prune;
pub use publish::publish;
pub use receive::receive;
pub use report_equivocation::report_equivocation;
pub use request::{more_validators, request};
pub use seal::seal;
pub use seat::seat;
pub use service_bond::{resume_service, unbond_service, withdraw_service_bond};
pub use settle::settle;
pub use tick::{ring_key, tick};
pub use withdraw::withdraw;

/// Works on 1 to `max` items, each by itself: a refused one changes nothing and is told by an event.
fn batch<T, K: PartialEq>(
    session: &mut Session<'_>,
    items: Vec<T>,
    max: usize,
    id: impl Fn(&T) -> (ExecutionId, K),
    mut work: impl FnMut(&mut Session<'_>, ExecutionId, T) -> Result<(), ItemError>,
) -> Result<(), ContractError> {
    within("items", items.len(), 1, u32::try_from(max).unwrap_or(u32::MAX))?;
    let mut seen = Vec::new();
    for (index, item) in (0u32..).zip(items) {
        let key = id(&item);
        let execution = key.0;
        let result = if seen.contains(&key) {
            Err(Refusal::Duplicate.into())
        } else {
            seen.push(key);
            work(session, execution, item)
        };
        match result {
            Ok(()) => {}
            Err(ItemError::Refused(refusal)) => refused(session, index, execution, &refusal),
            Err(ItemError::Fault(fault)) => return Err(fault),
        }
    }
    Ok(())
}

fn refused(session: &mut Session<'_>, index: u32, execution: ExecutionId, refusal: &Refusal) {
    let code = refusal.code().to_owned();
    session.emit(MarketEvent::ItemRefused { index, execution: execution.0, code });
}

/// A message of one act: what would be skipped in a batch fails it.
fn single(done: Result<(), ItemError>) -> Result<(), ContractError> {
    done.map_err(|error| match error {
        ItemError::Refused(refusal) => ContractError::Refused { code: refusal.code() },
        ItemError::Fault(fault) => fault,
    })
}

/// Key of items that are executions.
fn by_execution(id: &Uint64) -> (ExecutionId, ()) {
    (ExecutionId(id.u64()), ())
}

/// Works on a copy of an execution for which the message has room, keeps it only if the work succeeds, and does what
/// the phase that it came to asks for.
fn change(
    session: &mut Session<'_>,
    id: ExecutionId,
    work: impl FnOnce(&mut Session<'_>, &mut Execution) -> Result<(), ItemError>,
) -> Result<(), ItemError> {
    let mut execution = session.execution(id)?.clone();
    session.load(id, execution.weight())?;
    let before = execution.phase;
    work(session, &mut execution)?;
    if execution.phase != before {
        arrive(session, id, &mut execution, before)?;
    }
    session.put_execution(id, execution);
    Ok(())
}

/// Keeps the list of queued executions, tells the new deadline, or ends and pays.
fn arrive(
    session: &mut Session<'_>,
    id: ExecutionId,
    execution: &mut Execution,
    before: Phase,
) -> Result<(), ItemError> {
    if let Phase::Queued { binding, .. } = before {
        WAITING.remove(session.storage, binding.round.to_u64(), id);
    }
    if let Phase::Queued { binding, .. } = execution.phase {
        WAITING.insert(session.storage, binding.round.to_u64(), id);
        let (beacon, round) = (binding.round.beacon(), binding.round.number());
        session.emit(MarketEvent::BoundAgain { execution: id.0, beacon, round });
    }
    if execution.outcome().is_some() {
        return session.end(id, execution);
    }
    let seated = matches!(before, Phase::Queued { .. }) && matches!(execution.phase, Phase::Working { .. });
    let bound_again = execution.phase.code() == before.code() && matches!(before, Phase::Queued { .. });
    if seated || bound_again {
        // Told by `seated` and `bound_again`.
        return Ok(());
    }
    if matches!(execution.phase, Phase::Queued { round: ROUND_2.., .. }) {
        let version = session.version_mut(execution.version)?;
        version.escalated = version.escalated.saturating_add(1);
    }
    let until = execution.phase.until().map_or(0, |until| until.time);
    let escalation = execution.phase.round().unwrap_or(0);
    let phase = execution.phase.name().to_owned();
    session.emit(MarketEvent::Entered { execution: id.0, phase, escalation, until });
    Ok(())
}
