//! `Request`: escrow is set aside and the execution bound to a future beacon round.

use mesg_api::market::{MAX_OPEN, MAX_REQUESTS, MarketEvent, RequestItem};
use mesg_protocol::beacon::Round;
use mesg_protocol::execution::{Binding, Execution, InputRef, Phase};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::money::add;
use mesg_protocol::terms::Terms;

use super::tick::record_block;
use crate::error::ContractError;
use crate::governance::check_running;
use crate::ledger::Bucket;
use crate::offer::{Offer, within};
use crate::session::Session;
use crate::state::{BY_REQUESTER, BY_SERVICE, Content, INPUTS, PurseKey, WAITING};

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
    let (terms, params) = (rows.rules().terms, rows.rules().params);
    let taken = session.version_mut(terms.version)?.taken;
    let offer = Offer {
        storage: session.storage,
        querier: session.querier,
        config: &session.config,
        id: item.terms,
        terms,
        params,
    };
    offer.check_open(taken, session.now)?;
    let (input, content) = offer.check_input(&item.input)?;
    let escrow = offer.escrow(input.len)?.total;
    if escrow > item.max_fee.u128() {
        return Err(ContractError::FeeTooHigh { escrow, max_fee: item.max_fee.u128() });
    }
    pay(session, payer, escrow)?;
    reserve(session, terms)?;
    let binding = Binding::new(&session.config.beacon, params.margin, session.now);
    open(session, payer, item, terms, input, escrow, binding, content)?;
    Ok(escrow)
}

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

fn reserve(session: &mut Session<'_>, terms: &Terms) -> Result<(), ContractError> {
    let version = session.version_mut(terms.version)?;
    version.taken = version.taken.saturating_add(terms.committee.seats().into());
    Ok(())
}

#[allow(clippy::too_many_arguments, reason = "the parts of one record, each decided elsewhere")]
fn open(
    session: &mut Session<'_>,
    payer: &PurseKey,
    item: &RequestItem,
    terms: &Terms,
    input: InputRef,
    escrow: u128,
    binding: Binding,
    content: Vec<u8>,
) -> Result<(), ContractError> {
    session.book.executions = session.book.executions.saturating_add(1);
    let id = ExecutionId(session.book.executions);
    let execution = Execution {
        requester: payer.account.clone(),
        sub: payer.sub,
        service: terms.service,
        version: terms.version,
        terms: item.terms,
        params: session.book.params,
        requested: session.now,
        input,
        escrow,
        tips_paid: 0,
        pot: 0,
        phase: Phase::Queued { since: session.now, binding },
        drawn_by: Round::default(),
        seats: Vec::new(),
        spares: Vec::new(),
        value: None,
        history: Vec::new(),
    };
    INPUTS.save(session.storage, id, &Content(content));
    BY_REQUESTER.insert(session.storage, payer.account.as_slice(), id);
    BY_SERVICE.insert(session.storage, terms.service, id);
    WAITING.insert(session.storage, binding.round.to_u64(), id);
    session.emit(MarketEvent::Requested {
        execution: id.0,
        requester: session.sender.to_string(),
        sub: payer.sub,
        service: terms.service.0,
        version: terms.version.0,
        terms: item.terms.0,
        escrow,
        beacon: binding.round.beacon(),
        round: binding.round.number(),
        input: input.digest,
        input_len: input.len,
    });
    session.put_execution(id, execution);
    Ok(())
}
