//! `Seal`: seats bind themselves to a value, by signature (2.3).

use mesg_api::market::{MAX_ITEMS, MarketEvent, SealItem, SignedAct};
use mesg_protocol::execution::Phase;
use mesg_protocol::ids::ExecutionId;

use super::{batch, change};
use crate::acts::wrong_phase;
use crate::error::ContractError;
use crate::session::Session;

/// Takes signed seals.
pub fn seal(session: &mut Session<'_>, items: Vec<SealItem>) -> Result<(), ContractError> {
    let id = |item: &SealItem| (ExecutionId(item.execution.u64()), item.runner);
    batch(session, items, MAX_ITEMS, id, |session, id, item| {
        change(session, id, |session, execution| {
            if !matches!(execution.phase, Phase::Working { .. }) {
                return Err(wrong_phase(execution));
            }
            let act = SignedAct::Seal { seal: item.seal, signature: item.signature };
            session.check_act(id, execution, item.runner, &act)?;
            let rows = session.rows(execution.terms, execution.params)?;
            execution.seal(rows.rules(id, execution), item.runner, item.seal, session.now)?;
            session.emit(MarketEvent::Sealed { execution: id.0, runner: item.runner.0, seal: item.seal });
            Ok(())
        })
    })
}
