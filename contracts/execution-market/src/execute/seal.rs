//! `Seal`: seats bind themselves to a value, by signature (2.3).

use mesg_api::market::{MAX_ITEMS, MarketEvent, SealItem};
use mesg_api::staking::KEYS;
use mesg_protocol::execution::{Execution, Phase, ROUND_1, StepError};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::seal::{seed, sign_message};
use mesg_protocol::signature::is_low_s;

use super::{batch, change, entered};
use crate::error::{ContractError, ItemError, Refusal};
use crate::session::Session;

/// Takes signed seals; whoever posts them, they are the seats' own.
pub fn seal(session: &mut Session<'_>, items: Vec<SealItem>) -> Result<(), ContractError> {
    let id = |item: &SealItem| (ExecutionId(item.execution.u64()), item.runner);
    batch(session, items, MAX_ITEMS, id, |session, id, item| {
        change(session, id, |session, execution| {
            check_signature(session, id, execution, &item)?;
            let rows = session.rows(execution.terms, execution.params)?;
            execution.seal(rows.rules(), item.runner, item.seal, session.now)?;
            session.emit(MarketEvent::Sealed { execution: id.0, runner: item.runner.0, seal: item.seal });
            if matches!(execution.phase, Phase::Opening { .. }) {
                entered(session, id, execution);
            }
            Ok(())
        })
    })
}

fn check_signature(
    session: &mut Session<'_>,
    id: ExecutionId,
    execution: &Execution,
    item: &SealItem,
) -> Result<(), ItemError> {
    let Phase::Working { .. } = execution.phase else {
        return Err(StepError::WrongPhase { phase: execution.phase.name() }.into());
    };
    let seat = execution.seat(item.runner)?;
    let key = KEYS.query(&session.querier, &session.config.staking, (seat.runner, seat.key_no))?;
    let key = key.ok_or(Refusal::Signature)?;
    let rand = session.rand(execution.drawn_by)?.ok_or(StepError::NoBeacon { round: execution.drawn_by.number() })?;
    let domain = &session.config.domain;
    let seed = seed(domain, &rand, id, ROUND_1);
    let message = sign_message(domain, id, &seed, ROUND_1, seat.runner, &item.seal);
    let signed =
        is_low_s(&item.signature) && session.api.secp256k1_verify(&message.0, &item.signature, &key.0).unwrap_or(false);
    if signed { Ok(()) } else { Err(Refusal::Signature.into()) }
}
