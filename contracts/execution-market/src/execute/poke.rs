//! `Poke`: anyone enforces a passed deadline, so that every failure has an exit (2.4).

use cosmwasm_std::Uint64;
use mesg_api::market::{MAX_POKE, MarketEvent};
use mesg_protocol::execution::{Execution, Phase, Poked};
use mesg_protocol::ids::{ExecutionId, RunnerId};

use super::seat::{list, take_seat};
use super::{batch, by_execution, change, entered};
use crate::error::{ContractError, ItemError};
use crate::session::Session;
use crate::state::WAITING;

/// Enforces deadlines.
pub fn poke(session: &mut Session<'_>, executions: Vec<Uint64>) -> Result<(), ContractError> {
    batch(session, executions, MAX_POKE, by_execution, |session, id, _| {
        change(session, id, |session, execution| poke_one(session, id, execution))
    })
}

fn poke_one(session: &mut Session<'_>, id: ExecutionId, execution: &mut Execution) -> Result<(), ItemError> {
    let rows = session.rows(execution.terms, execution.params)?;
    let bound = match execution.phase {
        Phase::Queued { binding, .. } => Some(binding.round),
        _ => None,
    };
    let has_rand = match bound {
        Some(round) => session.rand(round)?.is_some(),
        None => true,
    };
    let free = free_spares(session, execution)?;
    let is_free = |spare: &mesg_protocol::execution::Candidate| free.contains(&spare.runner);
    let poked = execution.poke(rows.rules(), session.now, is_free, has_rand)?;
    if let Some(round) = bound {
        WAITING.remove(session.storage, round.to_u64(), id);
    }
    apply(session, id, execution, &poked)
}

fn free_spares(session: &mut Session<'_>, execution: &Execution) -> Result<Vec<RunnerId>, ItemError> {
    let mut free = Vec::new();
    for spare in &execution.spares {
        if session.runner(spare.runner)?.open < spare.seats {
            free.push(spare.runner);
        }
    }
    Ok(free)
}

fn apply(
    session: &mut Session<'_>,
    id: ExecutionId,
    execution: &mut Execution,
    poked: &Poked,
) -> Result<(), ItemError> {
    session.slash(id, execution, &poked.no_shows)?;
    for runner in &poked.joined {
        take_seat(session, *runner, id)?;
    }
    if !poked.joined.is_empty() {
        session.emit(MarketEvent::Refilled { execution: id.0, joined: list(&poked.joined) });
    }
    if matches!(execution.phase, Phase::Ended { .. }) {
        return session.end(id, execution);
    }
    let rows = session.rows(execution.terms, execution.params)?;
    session.tip_from_pot(id, execution, rows.rules().params.tips.settle)?;
    entered(session, id, execution);
    Ok(())
}
