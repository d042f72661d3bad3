//! One file a message.

mod beacon;
mod burn;
mod claim;
mod close_epoch;
mod open;
mod ownership;
mod pause;
mod poke;
mod proposal;
mod prune;
mod publish;
mod receive;
mod request;
mod seal;
mod seat;
mod service_bond;
mod settle;
mod tick;
mod withdraw;

use cosmwasm_std::Uint64;
use mesg_api::market::MarketEvent;
use mesg_protocol::execution::{Execution, Phase};
use mesg_protocol::ids::ExecutionId;

use crate::error::{ContractError, ItemError, Refusal};
use crate::offer::within;
use crate::session::Session;

pub use beacon::submit_beacon;
pub use burn::burn;
pub use claim::claim;
pub use close_epoch::close_epoch;
pub use open::open;
pub use ownership::{accept_ownership, offer_ownership, set_pauser};
pub use pause::{pause, unpause};
pub use poke::poke;
pub use proposal::{apply, propose, revoke};
pub use prune::prune;
pub use publish::publish;
pub use receive::receive;
pub use request::request;
pub use seal::seal;
pub use seat::seat;
pub use service_bond::{unbond_service, withdraw_service_bond};
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

/// Key of items that are executions.
fn by_execution(id: &Uint64) -> (ExecutionId, ()) {
    (ExecutionId(id.u64()), ())
}

/// Tells that an execution entered a phase with a deadline.
fn entered(session: &mut Session<'_>, id: ExecutionId, execution: &Execution) {
    let until = match execution.phase {
        Phase::Working { until, .. }
        | Phase::Opening { until }
        | Phase::Publishing { until, .. }
        | Phase::Provisional { until } => until.time,
        Phase::Queued { .. } | Phase::Ended { .. } => return,
    };
    let phase = execution.phase.name().to_owned();
    session.emit(MarketEvent::Entered { execution: id.0, phase, until });
}

/// Works on a copy of an execution and keeps it only if the work succeeds.
fn change(
    session: &mut Session<'_>,
    id: ExecutionId,
    work: impl FnOnce(&mut Session<'_>, &mut Execution) -> Result<(), ItemError>,
) -> Result<(), ItemError> {
    let mut execution = session.execution(id)?.clone();
    work(session, &mut execution)?;
    session.put_execution(id, execution);
    Ok(())
}
