//! `Open`: seats show what they sealed; the last opening decides (2.3, 2.4).

use mesg_api::market::{MAX_ITEMS, MarketEvent, OpenItem};
use mesg_protocol::execution::Opening;
use mesg_protocol::ids::ExecutionId;

use super::{batch, change};
use crate::error::ContractError;
use crate::session::Session;

/// Takes openings; each proves itself.
pub fn open(session: &mut Session<'_>, items: Vec<OpenItem>) -> Result<(), ContractError> {
    let id = |item: &OpenItem| (ExecutionId(item.execution.u64()), item.runner);
    batch(session, items, MAX_ITEMS, id, |session, id, item| {
        change(session, id, |session, execution| {
            let rows = session.rows(execution.terms, execution.params)?;
            let opening = Opening { value: item.value, salt: item.salt };
            execution.open(rows.rules(id, execution), item.runner, opening, session.now)?;
            session.emit(MarketEvent::Opened { execution: id.0, runner: item.runner.0, value: item.value });
            Ok(())
        })
    })
}
