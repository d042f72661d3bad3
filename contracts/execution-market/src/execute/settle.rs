//! `Settle`: the challenge window is over, everybody is paid (2.4, 2.5).

use cosmwasm_std::Uint64;
use mesg_api::market::MAX_SETTLE;

use super::{batch, by_execution, change};
use crate::error::ContractError;
use crate::session::Session;

/// Ends and pays provisional executions.
pub fn settle(session: &mut Session<'_>, executions: Vec<Uint64>) -> Result<(), ContractError> {
    batch(session, executions, MAX_SETTLE, by_execution, |session, id, _| {
        change(session, id, |session, execution| {
            let rows = session.rows(execution.terms, execution.params)?;
            Ok(execution.settle(rows.rules(id, execution), session.now)?)
        })
    })
}
