//! `PostResult`: `Verify`'s executor and own runners show what they computed (2.2).

use mesg_api::market::{MAX_RESULTS, MarketEvent, PostResultItem, ResultItem};
use mesg_api::staking::StakingClient;
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{Execution, Phase, ROUND_0, StepError};
use mesg_protocol::ids::{ExecutionId, KeyNo, RunnerId};
use mesg_protocol::seal::sign_message;

use super::{batch, change};
use crate::error::{ContractError, ItemError, Refusal};
use crate::results::value;
use crate::session::Session;

/// Takes signed results.
pub fn post_result(session: &mut Session<'_>, items: Vec<PostResultItem>) -> Result<(), ContractError> {
    let id = |item: &PostResultItem| (ExecutionId(item.execution.u64()), ());
    batch(session, items, MAX_RESULTS, id, |session, id, item| {
        change(session, id, |session, execution| post_one(session, id, execution, item))
    })
}

fn newest_key(session: &Session<'_>, runner: RunnerId) -> Result<KeyNo, ItemError> {
    let client = StakingClient { staking: &session.config.staking };
    let row = client.runner(&session.querier, runner)?.ok_or(StepError::NoSeat { runner })?;
    Ok(row.key_no)
}

fn is_operator(session: &Session<'_>, runner: RunnerId) -> Result<bool, ItemError> {
    let client = StakingClient { staking: &session.config.staking };
    let row = client.runner(&session.querier, runner)?.ok_or(StepError::NoSeat { runner })?;
    Ok(row.operator == session.canonical(&session.sender)?)
}

fn post_one(
    session: &mut Session<'_>,
    id: ExecutionId,
    execution: &mut Execution,
    item: PostResultItem,
) -> Result<(), ItemError> {
    let runner = item.runner;
    // The signature does not cover a locator: only the runner's own operator gives one.
    if matches!(item.result, ResultItem::Digest { .. }) && !is_operator(session, runner)? {
        return Err(Refusal::Signature.into());
    }
    let (value, content) = value(item.result, item.mfuel.u64())?;
    session.load_output(&content)?;
    let rows = session.rows(execution.terms, execution.params)?;
    let rules = rows.rules(id, execution);
    let (seed, key_no) = match execution.phase {
        // Nothing is drawn for an own run; its runner signs with its newest key.
        Phase::OwnRun { .. } => (Digest32::ZERO, newest_key(session, runner)?),
        _ => {
            let key_no = execution.seat(runner)?.1.key_no;
            (session.seed_of(id, execution, ROUND_0)?, key_no)
        }
    };
    let held = rules.round_value(ROUND_0, &value);
    let message = sign_message(rules.domain, id, &seed, ROUND_0, runner, &held);
    session.check_signature(runner, key_no, &message, &item.signature)?;
    execution.post_result(rules, runner, value, session.now)?;
    session.emit(MarketEvent::ResultPosted {
        execution: id.0,
        runner: runner.0,
        output: value.output,
        output_len: value.output_len,
        content,
    });
    Ok(())
}
