//! `Seat`: committees are drawn by stake from the seed of their round (1.2, 1.4).

use cosmwasm_std::Uint64;
use mesg_api::market::{MAX_SEAT, MarketEvent};
use mesg_api::staking::Draw;
use mesg_api::staking::query::MAX_DRAW_POSITIONS;
use mesg_protocol::beacon::{Round, Slot, confirming_windows};
use mesg_protocol::execution::{Binding, Candidate, Execution, Phase, QueueAction, ROUND_1, StepError, weight};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::seed;

use super::tick::{record_block, ring_key};
use super::{change, refused};
use crate::acts::wrong_phase;
use crate::error::{ContractError, ItemError, Refusal};
use crate::offer::within;
use crate::session::Session;
use crate::state::{OPEN, PurseKey, RING, RingSlot};

/// Seats executions whose rounds are known; binds again those whose binding has failed.
pub fn seat(session: &mut Session<'_>, executions: Vec<Uint64>) -> Result<(), ContractError> {
    seat_all(session, executions, None)
}

/// An execution to be drawn for.
struct Pending {
    index: u32,
    id: ExecutionId,
    round: u8,
    draw: Draw,
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
    let mut drawn = session.draw(pending.iter().map(|item| item.draw.clone()).collect())?.into_iter();
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
        return Err(wrong_phase(&execution));
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
            let round = execution.phase.round().unwrap_or(ROUND_1);
            let wanted = rows.rules(id, &execution).wanted(round);
            session.load(id, weight(round, wanted.into()))?;
            let draw = Draw {
                version: execution.version,
                seed: seed(&session.config.domain, &rand, id, round),
                epoch: binding.epoch(epoch_secs).into(),
                offset: 0,
                count: wanted.into(),
            };
            Ok(Some(Pending { index, id, round, draw, ticker: ticker(&ring, &binding) }))
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

/// Seats a drawn committee; where runners that sat before or have no free seat leave too few, asks for as many again,
/// else binds again.
fn take_seats(
    session: &mut Session<'_>,
    item: &Pending,
    drawn: Vec<(Candidate, u16)>,
    fresh: Option<Round>,
) -> Result<(), ItemError> {
    change(session, item.id, |session, execution| {
        let wanted = usize::from(item.draw.count);
        let mut next = next_position(item.draw.offset, &drawn);
        let mut free = eligible(session, execution, item.round, drawn);
        if free.len() < wanted {
            // What goes beyond the last position of a draw would be refused as a whole.
            let count = item.draw.count.min(MAX_DRAW_POSITIONS.saturating_sub(next));
            let more = session.draw(vec![Draw { offset: next, count, ..item.draw.clone() }])?;
            let more = more.into_iter().next().unwrap_or_default();
            next = next_position(next, &more);
            free.extend(eligible(session, execution, item.round, more));
            free.truncate(wanted);
        }
        let rows = session.rows(execution.terms, execution.params)?;
        let (rules, epoch_secs) = (rows.rules(item.id, execution), session.config.epoch_secs);
        match execution.seat_committee(rules, &free, next, epoch_secs, session.now) {
            Ok(()) => seated(session, item, execution, fresh),
            Err(StepError::TooFew { .. }) => rebind(session, item.id, execution),
            Err(error) => Err(error.into()),
        }
    })
}

/// Where a draw goes on.
fn next_position(from: u16, drawn: &[(Candidate, u16)]) -> u16 {
    drawn.last().map_or(from, |(_, position)| position.saturating_add(1))
}

fn eligible(
    session: &mut Session<'_>,
    execution: &Execution,
    round: u8,
    drawn: Vec<(Candidate, u16)>,
) -> Vec<Candidate> {
    let fresh = drawn.into_iter().map(|(candidate, _)| candidate);
    fresh.filter(|it| !execution.has_sat(it.runner) && session.has_free_seat(round, it)).collect()
}

fn seated(
    session: &mut Session<'_>,
    item: &Pending,
    execution: &mut Execution,
    fresh: Option<Round>,
) -> Result<(), ItemError> {
    let id = item.id;
    let Some(panel) = execution.panel(item.round).cloned() else { return Err(wrong_phase(execution)) };
    let seats: Vec<_> = panel.seats.iter().map(|seat| seat.runner).collect();
    for runner in &seats {
        take_seat(session, *runner, id)?;
    }
    let rows = session.rows(execution.terms, execution.params)?;
    session.hold_seats(&rows, rows.rules(id, execution), item.round)?;
    let tips = rows.params.tips;
    if let Some(ticker) = &item.ticker {
        session.tip(id, execution, ticker, tips.tick, "tick")?;
    }
    if fresh == Some(panel.drawn_by) {
        session.tip_sender(id, execution, tips.beacon, "beacon")?;
    }
    session.tip_sender(id, execution, tips.seat, "seat")?;
    let until = execution.phase.until().map_or(session.now.time, |until| until.time);
    let spares: Vec<_> = panel.spares.iter().map(|spare| spare.runner).collect();
    session.emit(MarketEvent::Seated {
        execution: id.0,
        beacon: panel.drawn_by.beacon(),
        round: panel.drawn_by.number(),
        escalation: item.round,
        seats: list(&seats),
        spares: list(&spares),
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
    let rows = session.rows(execution.terms, execution.params)?;
    Ok(execution.rebind(rows.rules(id, execution), session.now)?)
}
