//! `Decline`: a seat that cannot work makes room early (2.3).

use mesg_api::market::{DeclineItem, MAX_POKE, MarketEvent, SignedAct};
use mesg_protocol::execution::{DeclineCode, Phase};
use mesg_protocol::ids::ExecutionId;

use super::poke::apply;
use super::{batch, change};
use crate::acts::wrong_phase;
use crate::bench::Candidates;
use crate::error::{ContractError, Refusal};
use crate::session::Session;

/// Takes signed declines and refills.
pub fn decline(session: &mut Session<'_>, items: Vec<DeclineItem>) -> Result<(), ContractError> {
    let id = |item: &DeclineItem| (ExecutionId(item.execution.u64()), item.runner);
    batch(session, items, MAX_POKE, id, |session, id, item| {
        change(session, id, |session, execution| {
            if !matches!(execution.phase, Phase::Working { .. }) {
                return Err(wrong_phase(execution));
            }
            let code = DeclineCode::from_u16(item.code).ok_or(Refusal::Result)?;
            let act = SignedAct::Decline { code: item.code, signature: item.signature };
            session.check_act(id, execution, item.runner, &act)?;
            let rows = session.rows(execution.terms, execution.params)?;
            let (rules, now, version) = (rows.rules(id, execution), session.now, execution.version);
            let mut bench = Candidates { session: &mut *session, id, version };
            let poked = execution.decline(rules, item.runner, code, now, &mut bench)?;
            session.emit(MarketEvent::Declined { execution: id.0, runner: item.runner.0, code: item.code });
            apply(session, id, execution, poked)
        })
    })
}
