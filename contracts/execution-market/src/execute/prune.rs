//! `Prune`: details of executions that ended 30 days ago are deleted; the value's digest stays (2.4).

use cosmwasm_std::Uint64;
use mesg_api::market::{MAX_ITEMS, MarketEvent, PRUNE_AFTER};

use super::{batch, by_execution, change};
use crate::error::{ContractError, Refusal};
use crate::session::Session;

/// Deletes committee and timeline.
pub fn prune(session: &mut Session<'_>, executions: Vec<Uint64>) -> Result<(), ContractError> {
    batch(session, executions, MAX_ITEMS, by_execution, |session, id, _| {
        change(session, id, |session, execution| {
            let ended = execution.history.last().filter(|_| execution.outcome().is_some());
            let ended = ended.ok_or(Refusal::NotPrunable)?.at.time;
            if session.now.time < ended.saturating_add(PRUNE_AFTER) {
                return Err(Refusal::NotPrunable.into());
            }
            execution.panels.clear();
            execution.challenge = None;
            execution.history.clear();
            session.emit(MarketEvent::Pruned { execution: id.0 });
            Ok(())
        })
    })
}
