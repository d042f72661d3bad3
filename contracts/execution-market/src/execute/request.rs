//! `Request`: escrow is set aside and the execution bound to a future beacon round.

use mesg_api::market::{MAX_OPEN, MAX_REQUESTS, MarketEvent, RequestItem};
use mesg_api::staking::StakingClient;
use mesg_protocol::beacon::Round;
use mesg_protocol::execution::{Binding, Execution, Phase, Rules};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::money::add;
use mesg_protocol::terms::Terms;

use super::tick::record_block;
use crate::error::ContractError;
use crate::governance::check_running;
use crate::ledger::Bucket;
use crate::offer::within;
use crate::session::{Rows, Session};
use crate::state::{BY_REQUESTER, BY_SERVICE, Content, INPUTS, OPEN, PurseKey, WAITING};

/// Requests all items or none, from the sender's purse `sub`. Gives the sum of the escrows.
pub fn request(session: &mut Session<'_>, sub: u32, items: Vec<RequestItem>) -> Result<u128, ContractError> {
    within("items", items.len(), 1, u32::try_from(MAX_REQUESTS).unwrap_or(u32::MAX))?;
    check_running(session.storage)?;
    let payer = session.sender_purse(sub)?;
    record_block(session, None)?;
    items.into_iter().try_fold(0, |sum, item| Ok(add(sum, request_one(session, &payer, &item)?)?))
}

fn request_one(session: &mut Session<'_>, payer: &PurseKey, item: &RequestItem) -> Result<u128, ContractError> {
    let rows = session.rows(item.terms, session.book.params)?;
    let id = ExecutionId(session.book.executions.saturating_add(1));
    let more = more_validators(&rows.terms, item.validators)?;
    let rules = rows.rules_with(id, more);
    let taken = session.version_mut(rows.terms.version)?.taken;
    let offer = session.offer(item.terms, rules);
    offer.check_open(taken, session.now)?;
    let (input, content) = offer.check_input(&item.input)?;
    let escrow = offer.escrow(input.len)?.total;
    if escrow > item.max_fee.u128() {
        return Err(ContractError::FeeTooHigh { escrow, max_fee: item.max_fee.u128() });
    }
    pay(session, payer, escrow)?;
    let phase = first_phase(session, payer, item, &rows, rules)?;
    let execution = Execution {
        requester: payer.account.clone(),
        sub: payer.sub,
        service: rows.terms.service,
        version: rows.terms.version,
        terms: item.terms,
        params: session.book.params,
        more_validators: more,
        own_runner: item.own_runner,
        requested: session.now,
        input,
        escrow,
        tips_paid: 0,
        pot: 0,
        phase,
        panels: Vec::new(),
        result: None,
        value: None,
        decided: 0,
        challenge: None,
        unseated_challenges: 0,
        history: Vec::new(),
    };
    open(session, id, execution, content);
    Ok(escrow)
}

/// How many validators more than the task's own are asked for.
pub fn more_validators(terms: &Terms, wanted: Option<u8>) -> Result<u8, ContractError> {
    let k1 = terms.committee.k1;
    let wanted = wanted.unwrap_or(k1);
    within("validators", wanted.into(), k1.into(), terms.max_k1.into())?;
    Ok(wanted.saturating_sub(k1))
}

/// An own run holds no seats of the pool; anything else reserves those of round 1 from now on.
///
/// Not inlined, as [`open`].
#[inline(never)]
fn first_phase(
    session: &mut Session<'_>,
    payer: &PurseKey,
    item: &RequestItem,
    rows: &Rows,
    rules: Rules<'_>,
) -> Result<Phase, ContractError> {
    let Some(runner) = item.own_runner else {
        // The offer has found room for them.
        session.take(rows, rules.committee.seats())?;
        let binding = Binding::new(&session.config.beacon, rows.params.margin, session.now);
        return Ok(Phase::Queued { round: rules.first_round(), since: session.now, turns: 0, binding });
    };
    let client = StakingClient { staking: &session.config.staking };
    let row = client.runner(&session.querier, runner)?;
    let own = row.is_some_and(|row| row.owner.as_slice() == payer.account && row.service == rows.terms.service);
    if own { Ok(Phase::own_run(rules, session.now)) } else { Err(ContractError::NotOwnRunner { runner }) }
}

/// Takes the escrow. Not inlined, as [`open`].
#[inline(never)]
fn pay(session: &mut Session<'_>, payer: &PurseKey, escrow: u128) -> Result<(), ContractError> {
    let purse = session.purse_mut(payer)?;
    let balance = purse.balance;
    purse.balance = balance.checked_sub(escrow).ok_or(ContractError::PurseShort { balance, escrow })?;
    if purse.open >= MAX_OPEN {
        return Err(ContractError::TooManyOpen { open: purse.open, max: MAX_OPEN });
    }
    purse.open = purse.open.saturating_add(1);
    session.book.ledger.transfer(Bucket::Purses, Bucket::Escrow, escrow)
}

/// Stores what was requested. Not inlined: chains refuse wasm with a function of more than 100 locals, which `request`
/// would be.
#[inline(never)]
fn open(session: &mut Session<'_>, id: ExecutionId, execution: Execution, content: Vec<u8>) {
    session.book.executions = id.0;
    INPUTS.save(session.storage, id, &Content(content));
    BY_REQUESTER.insert(session.storage, execution.requester.as_slice(), id);
    BY_SERVICE.insert(session.storage, execution.service, id);
    let mut round = Round::default();
    if let Phase::Queued { binding, .. } = execution.phase {
        round = binding.round;
        WAITING.insert(session.storage, round.to_u64(), id);
    }
    if let Some(runner) = execution.own_runner {
        OPEN.insert(session.storage, runner, id);
    }
    session.emit(MarketEvent::Requested {
        execution: id.0,
        requester: session.sender.to_string(),
        sub: execution.sub,
        service: execution.service.0,
        version: execution.version.0,
        terms: execution.terms.0,
        escrow: execution.escrow,
        beacon: round.beacon(),
        round: round.number(),
        input: execution.input.digest,
        input_len: execution.input.len,
    });
    session.put_execution(id, execution);
}
