//! What is due at a block: from duties and the queue to acts.

use std::collections::{BTreeMap, BTreeSet};

use mesg_api::market::{DutyName, DutyView, MAX_INLINE, WaitingItem};
use mesg_protocol::clock::Clock;
use mesg_protocol::ids::{ExecutionId, RunnerId};

use crate::act::{Act, Due};
use crate::clock::unix_seconds;
use crate::config::RolesSection;
use crate::duty::{Step, step};
use crate::journal::{Journal, JournalError, RunResult, SealRow};
use crate::publication::Publication;
use crate::queue::{Need, need, tick_from};
use crate::relay::Relay;
use crate::seat::{open_item, seal_item};
use crate::turn::delay;

/// What is journaled about a duty.
#[derive(Debug, Default)]
pub struct Held {
    seal: Option<SealRow>,
    result: Option<RunResult>,
}

/// A duty of one of the agent's runners with what is journaled about it.
#[derive(Debug)]
pub struct Owed {
    runner: RunnerId,
    duty: DutyView,
    held: Held,
}

/// Reads what the journal holds about duties; only what they ask for.
///
/// # Errors
/// Those of the journal.
pub fn look_up(journal: &Journal, runner: RunnerId, duties: Vec<DutyView>) -> Result<Vec<Owed>, JournalError> {
    duties.into_iter().map(|duty| Ok(Owed { held: held(journal, runner, &duty)?, runner, duty })).collect()
}

fn held(journal: &Journal, runner: RunnerId, duty: &DutyView) -> Result<Held, JournalError> {
    let execution = ExecutionId(duty.execution.u64());
    let seal = match duty.duty {
        DutyName::Seal | DutyName::Open | DutyName::Publish => journal.seal(execution, runner)?,
        DutyName::Poke | DutyName::Settle => None,
    };
    let result = match duty.duty {
        DutyName::Publish if seal.is_some() => journal.result(execution)?,
        _ => None,
    };
    Ok(Held { seal, result })
}

/// What there is to do at one block.
#[derive(Debug, Default)]
pub struct Plan {
    /// To be posted.
    pub due: Vec<Due>,
    /// To be run first, for these runners.
    pub work: BTreeMap<ExecutionId, Vec<RunnerId>>,
    /// Executions in which something is owed.
    pub open: BTreeSet<ExecutionId>,
}

/// What planning looks at.
pub struct Planner<'a> {
    /// The block.
    pub now: Clock,
    /// What the agent does.
    pub roles: &'a RolesSection,
    /// Whose turn counts.
    pub runners: &'a [RunnerId],
    /// Where large outputs go.
    pub publication: &'a Publication,
}

impl Planner<'_> {
    /// Adds what the runners owe. `busy` says whether an execution is being worked on.
    ///
    /// # Errors
    /// The operating system's, when a large output cannot be written.
    pub fn duties(&self, plan: &mut Plan, owed: Vec<Owed>, busy: impl Fn(ExecutionId) -> bool) -> std::io::Result<()> {
        for Owed { runner, duty, held } in owed {
            let (execution, by) = (ExecutionId(duty.execution.u64()), duty.at.time.u64());
            plan.open.insert(execution);
            match step(duty.duty, duty.at, held.seal.is_some(), self.now) {
                Step::Work if self.roles.execute => plan.work.entry(execution).or_default().push(runner),
                Step::Post if self.roles.execute => {
                    let act = self.post(execution, duty.duty, held)?;
                    plan.due.extend(act.map(|act| Due { by, act }));
                }
                Step::Poke if !busy(execution) => self.crank(plan, Act::Poke(execution.0), execution.0, by),
                Step::Settle => self.crank(plan, Act::Settle(execution.0), execution.0, by),
                Step::Work | Step::Post | Step::Poke | Step::Wait => {}
            }
        }
        Ok(())
    }

    /// The act that shows what is held.
    fn post(&self, execution: ExecutionId, duty: DutyName, held: Held) -> std::io::Result<Option<Act>> {
        let Some(seal) = held.seal else { return Ok(None) };
        match (duty, held.result) {
            (DutyName::Seal, _) => Ok(Some(Act::Seal(seal_item(execution.0, &seal)))),
            (DutyName::Open, _) => Ok(Some(Act::Open(open_item(execution.0, &seal)))),
            (DutyName::Publish, Some(result)) => {
                let item = self.publication.item(execution.0, result)?;
                Ok(item.map(Act::Publish))
            }
            _ => Ok(None),
        }
    }

    /// Adds what anyone may do for a tip, when it is this agent's turn after `from`.
    fn crank(&self, plan: &mut Plan, act: Act, subject: u64, from: u64) {
        let from = from.saturating_add(delay(subject, self.runners, self.roles.turns));
        if self.roles.crank && self.now.time >= from {
            plan.due.push(Due { by: from, act });
        }
    }

    /// Adds what the queue needs.
    pub fn queue(&self, plan: &mut Plan, waiting: &[WaitingItem], epoch_secs: u32, mut relay: Option<&mut Relay>) {
        if let Some(relay) = relay.as_deref_mut() {
            relay.keep(&waiting.iter().map(|item| item.round.u64()).collect());
        }
        for item in waiting {
            let (execution, until) = (item.execution.u64(), item.until.time.u64());
            match need(item, self.now, unix_seconds(), epoch_secs) {
                Need::Tick => self.tick(plan, item),
                Need::Poke => self.crank(plan, Act::Poke(execution), execution, until),
                Need::Seat if relay.is_some() && self.turn(item) => {
                    plan.due.push(Due { by: until, act: Act::Seat(execution) });
                }
                Need::Beacon(round) if self.turn(item) => {
                    if let Some(signature) = relay.as_deref_mut().and_then(|relay| relay.signature(round)) {
                        plan.due.push(Due { by: until, act: Act::Beacon { round, signature, execution } });
                    }
                }
                Need::Seat | Need::Beacon(_) | Need::Wait => {}
            }
        }
    }

    /// Whether the relays' turn for the item's round has come to this agent.
    fn turn(&self, item: &WaitingItem) -> bool {
        let delay = delay(item.round.u64(), self.runners, self.roles.turns);
        unix_seconds() >= item.round_time.u64().saturating_add(delay)
    }

    fn tick(&self, plan: &mut Plan, item: &WaitingItem) {
        let mine = delay(item.round.u64(), self.runners, self.roles.turns);
        let longest = u64::from(self.roles.turns).saturating_mul(2);
        if self.roles.tick && self.now.time >= tick_from(item, mine, longest) {
            plan.due.push(Due { by: item.round_time.u64(), act: Act::Tick });
        }
    }
}

/// Whether an output can only be published by digest.
#[must_use]
pub fn is_large(result: &RunResult) -> bool {
    result.output.as_ref().is_some_and(|output| output.len() > MAX_INLINE)
}
