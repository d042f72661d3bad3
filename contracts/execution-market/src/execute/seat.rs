//! `Seat`: committees are drawn by stake from the seed of their round (1.2, 1.4).

use cosmwasm_std::Uint64;
use mesg_api::market::{MAX_SEAT, MarketEvent};
use mesg_api::staking::{self, Draw, DrawManyResponse, DrawOutcome};
use mesg_protocol::beacon::{Round, Slot, confirming_windows};
use mesg_protocol::execution::{Binding, Candidate, Execution, Phase, QueueAction, ROUND_1, StepError};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::seed;

use super::tick::{record_block, ring_key};
use super::{change, refused};
use crate::error::{ContractError, ItemError, Refusal};
use crate::offer::within;
use crate::session::Session;
use crate::state::{OPEN, PurseKey, RING, RingSlot, WAITING};

/// Seats executions whose rounds are known; binds again those whose binding has failed.
pub fn seat(session: &mut Session<'_>, executions: Vec<Uint64>) -> Result<(), ContractError> {
    seat_all(session, executions, None)
}

/// An execution to be drawn for.
struct Pending {
    index: u32,
    id: ExecutionId,
    draw: Draw,
    wanted: u16,
    ticker: Option<PurseKey>,
}

/// Seats in ascending id; `fresh` is the round whose signature came with this message.
pub fn seat_all(session: &mut Session<'_>, executions: Vec<Uint64>, fresh: Option<Round>) -> Result<(), ContractError> {
    within("executions", executions.len(), 1, u32::try_from(MAX_SEAT).unwrap_or(u32::MAX))?;
    record_block(session, None)?;
    let mut pending = Vec::new();
    for (index, id) in ascending(session, &executions) {
        match prepare(session, index, id) {
            Ok(draw) => pending.extend(draw),
            Err(error) => skip(session, index, id, error)?,
        }
    }
    let mut drawn = draw(session, pending.iter().map(|item| item.draw.clone()).collect())?.into_iter();
    for item in pending {
        let candidates = drawn.next().unwrap_or_default();
        if let Err(error) = take_seats(session, &item, candidates, fresh) {
            skip(session, item.index, item.id, error)?;
        }
    }
    Ok(())
}

/// The executions in ascending id with their position in the message; repeated ones are refused.
fn ascending(session: &mut Session<'_>, executions: &[Uint64]) -> Vec<(u32, ExecutionId)> {
    let mut ids: Vec<(u32, ExecutionId)> = Vec::new();
    for (index, id) in (0u32..).zip(executions.iter().map(|id| ExecutionId(id.u64()))) {
        if ids.iter().any(|(_, seen)| *seen == id) {
            refused(session, index, id, &Refusal::Duplicate);
        } else {
            ids.push((index, id));
        }
    }
    ids.sort_unstable_by_key(|(_, id)| *id);
    ids
}

fn skip(session: &mut Session<'_>, index: u32, id: ExecutionId, error: ItemError) -> Result<(), ContractError> {
    match error {
        ItemError::Refused(refusal) => {
            refused(session, index, id, &refusal);
            Ok(())
        }
        ItemError::Fault(fault) => Err(fault),
    }
}

/// The draw of an execution that can be seated; nothing for one that is bound again.
fn prepare(session: &mut Session<'_>, index: u32, id: ExecutionId) -> Result<Option<Pending>, ItemError> {
    let execution = session.execution(id)?.clone();
    let Phase::Queued { binding, .. } = execution.phase else {
        return Err(StepError::WrongPhase { phase: execution.phase.name() }.into());
    };
    let ring = confirming_slots(session, &binding)?;
    let slots: Vec<_> = ring.iter().map(|slot| slot.slot).collect();
    let rand = session.rand(binding.round)?;
    let (beacon, epoch_secs) = (session.schedule(binding.round)?, session.config.epoch_secs);
    match execution.queue_action(&beacon, epoch_secs, &slots, rand.is_some(), session.now)? {
        QueueAction::Rebind => {
            change(session, id, |session, execution| rebind(session, id, execution))?;
            Ok(None)
        }
        QueueAction::Draw(binding) => {
            let rand = rand.ok_or(StepError::NoBeacon { round: binding.round.number() })?;
            let rows = session.rows(execution.terms, execution.params)?;
            let wanted = u16::from(rows.rules().terms.committee.wanted());
            let draw = Draw {
                version: execution.version,
                seed: seed(&session.config.domain, &rand, id, ROUND_1),
                epoch: binding.epoch(epoch_secs).into(),
                offset: 0,
                count: wanted,
            };
            Ok(Some(Pending { index, id, draw, wanted, ticker: ticker(&ring, &binding) }))
        }
    }
}

fn confirming_slots(session: &Session<'_>, binding: &Binding) -> Result<Vec<RingSlot>, ItemError> {
    let windows = confirming_windows(binding.at.time, session.schedule(binding.round)?.time_of(binding.round.number()));
    let mut slots = Vec::new();
    for window in windows {
        let slot = RING.may_load(session.storage, ring_key(window))?;
        let Some(slot) = slot.filter(|slot| slot.slot.window == window) else { continue };
        let confirms = slot.slot.height > binding.at.height;
        slots.push(slot);
        if confirms {
            break;
        }
    }
    Ok(slots)
}

/// Who is tipped for the confirmation: the first ticker of the confirming window.
fn ticker(ring: &[RingSlot], binding: &Binding) -> Option<PurseKey> {
    let confirming = ring.iter().find(|RingSlot { slot: Slot { height, .. }, .. }| *height > binding.at.height)?;
    (!confirming.ticker.is_empty()).then(|| PurseKey { account: confirming.ticker.clone(), sub: 0 })
}

/// Asks staking for all draws in one query.
fn draw(session: &Session<'_>, draws: Vec<Draw>) -> Result<Vec<Vec<Candidate>>, ContractError> {
    if draws.is_empty() {
        return Ok(Vec::new());
    }
    let query = staking::QueryMsg::DrawMany { draws };
    let answer: DrawManyResponse = session.querier.query_wasm_smart(&session.config.staking, &query)?;
    let candidates = |outcome| match outcome {
        DrawOutcome::Candidates(drawn) => drawn
            .into_iter()
            .map(|drawn| Candidate { runner: drawn.runner, key_no: drawn.key_no, seats: drawn.seats })
            .collect(),
        DrawOutcome::Refused(_) => Vec::new(),
    };
    Ok(answer.draws.into_iter().map(candidates).collect())
}

/// Seats a drawn committee; where runners without a free seat leave too few, asks for as many again, else binds again.
fn take_seats(
    session: &mut Session<'_>,
    item: &Pending,
    drawn: Vec<Candidate>,
    fresh: Option<Round>,
) -> Result<(), ItemError> {
    let mut free = with_free_seat(session, drawn)?;
    if free.len() < usize::from(item.wanted) {
        let more = Draw { offset: item.wanted, ..item.draw.clone() };
        let more = draw(session, vec![more])?.into_iter().next().unwrap_or_default();
        free.extend(with_free_seat(session, more)?);
        free.truncate(item.wanted.into());
    }
    change(session, item.id, |session, execution| {
        let rows = session.rows(execution.terms, execution.params)?;
        match execution.seat_committee(rows.rules(), &free, session.now) {
            Ok(()) => seated(session, item, execution, fresh),
            Err(StepError::TooFew { .. }) => rebind(session, item.id, execution),
            Err(error) => Err(error.into()),
        }
    })
}

fn with_free_seat(session: &mut Session<'_>, drawn: Vec<Candidate>) -> Result<Vec<Candidate>, ItemError> {
    let mut free = Vec::new();
    for candidate in drawn {
        if session.runner(candidate.runner)?.open < candidate.seats {
            free.push(candidate);
        }
    }
    Ok(free)
}

fn seated(
    session: &mut Session<'_>,
    item: &Pending,
    execution: &mut Execution,
    fresh: Option<Round>,
) -> Result<(), ItemError> {
    let (id, round) = (item.id, execution.drawn_by);
    WAITING.remove(session.storage, round.to_u64(), id);
    let seats: Vec<_> = execution.seats.iter().map(|seat| seat.runner).collect();
    for runner in &seats {
        take_seat(session, *runner, id)?;
    }
    let rows = session.rows(execution.terms, execution.params)?;
    let tips = rows.rules().params.tips;
    if let Some(ticker) = &item.ticker {
        session.tip(id, execution, ticker, tips.tick, "tick")?;
    }
    if fresh == Some(round) {
        session.tip_sender(id, execution, tips.beacon, "beacon")?;
    }
    session.tip_sender(id, execution, tips.seat, "seat")?;
    let until = match execution.phase {
        Phase::Working { until, .. } => until.time,
        _ => session.now.time,
    };
    let spares: Vec<_> = execution.spares.iter().map(|spare| spare.runner).collect();
    let (seats, spares) = (list(&seats), list(&spares));
    session.emit(MarketEvent::Seated {
        execution: id.0,
        beacon: round.beacon(),
        round: round.number(),
        seats,
        spares,
        until,
    });
    Ok(())
}

/// Counts a seat that a runner takes.
pub fn take_seat(session: &mut Session<'_>, runner: RunnerId, id: ExecutionId) -> Result<(), ItemError> {
    let account = session.runner_mut(runner)?;
    account.open = account.open.saturating_add(1);
    OPEN.insert(session.storage, runner, id);
    Ok(())
}

/// Runners as `3,1,7`.
pub fn list(runners: &[RunnerId]) -> String {
    runners.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

fn rebind(session: &mut Session<'_>, id: ExecutionId, execution: &mut Execution) -> Result<(), ItemError> {
    let Phase::Queued { binding: old, .. } = execution.phase else {
        return Err(StepError::WrongPhase { phase: execution.phase.name() }.into());
    };
    let rows = session.rows(execution.terms, execution.params)?;
    execution.rebind(&session.config.beacon, rows.rules().params.margin, session.now)?;
    let Phase::Queued { binding, .. } = execution.phase else { return Ok(()) };
    WAITING.remove(session.storage, old.round.to_u64(), id);
    WAITING.insert(session.storage, binding.round.to_u64(), id);
    session.emit(MarketEvent::BoundAgain {
        execution: id.0,
        beacon: binding.round.beacon(),
        round: binding.round.number(),
    });
    Ok(())
}
