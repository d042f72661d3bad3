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

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint64;
    use mesg_api::market::At;
    use mesg_protocol::digest::{Digest32, sha256};
    use mesg_protocol::seal::{Kind, Value};

    use super::*;
    use crate::blob::BlobDirectory;

    const ME: RunnerId = RunnerId(5);
    const NOW: Clock = Clock { time: 100, height: 50 };

    fn at(time: u64) -> At {
        At { time: Uint64::new(time), height: Uint64::new(1) }
    }

    fn duty(execution: u64, duty: DutyName, time: u64) -> DutyView {
        DutyView { execution: Uint64::new(execution), duty, at: at(time) }
    }

    fn roles() -> RolesSection {
        RolesSection { tick: true, turns: 1, ..RolesSection::default() }
    }

    /// A journal in which execution 1 is sealed, and what is planned for `duties` with it.
    fn planned(roles: &RolesSection, duties: Vec<DutyView>, busy: bool) -> Plan {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::open(&directory.path().join("data")).unwrap();
        let digest = sha256(&[b"{}"]);
        let value = Value { kind: Kind::Ok, output: digest, output_len: 2, mfuel: 1 };
        let result = RunResult { value, output: Some("{}".into()) };
        let (seed, salt, seal) = (Digest32::ZERO, Digest32::ZERO, Digest32::ZERO);
        let row = SealRow { runner: ME, key_no: 0, seed, value: digest, salt, seal, signature: vec![0; 64] };
        journal.record_seal(ExecutionId(1), &result, &row, 1).unwrap();
        let owed = look_up(&journal, ME, duties).unwrap();
        let blobs = BlobDirectory::open(directory.path().join("b"), 0o700).unwrap();
        let publication = Publication::new(blobs, None);
        let planner = Planner { now: NOW, roles, runners: &[ME], publication: &publication };
        let mut plan = Plan::default();
        planner.duties(&mut plan, owed, |_| busy).unwrap();
        plan
    }

    fn names(plan: &Plan) -> Vec<String> {
        plan.due.iter().map(|due| due.act.name()).collect()
    }

    #[test]
    fn what_is_held_is_posted_and_what_is_not_is_run() {
        use DutyName::{Open, Poke, Publish, Seal, Settle};
        for (owed, name) in [(Seal, "seal/1/5"), (Open, "open/1/5"), (Publish, "publish/1")] {
            assert_eq!(names(&planned(&roles(), vec![duty(1, owed, 200)], false)), [name]);
            let fresh = planned(&roles(), vec![duty(2, owed, 200)], false);
            assert_eq!(names(&fresh), [""; 0]);
            assert_eq!(fresh.work, BTreeMap::from([(ExecutionId(2), vec![ME])]));
        }
        let late = planned(&roles(), vec![duty(2, Seal, 100), duty(3, Poke, 100), duty(4, Settle, 99)], false);
        assert_eq!(names(&late), ["poke/2", "poke/3", "settle/4"]);
        assert_eq!(late.open.len(), 3);
        let early = planned(&roles(), vec![duty(3, Poke, 101), duty(4, Settle, 101)], false);
        assert!(early.due.is_empty() && early.open.len() == 2);
        assert!(planned(&roles(), vec![duty(2, Seal, 100)], true).due.is_empty(), "its run may still end");
    }

    #[test]
    fn roles_are_respected() {
        let none = RolesSection { execute: false, crank: false, ..roles() };
        let all = vec![duty(1, DutyName::Seal, 200), duty(2, DutyName::Seal, 200), duty(3, DutyName::Settle, 1)];
        let plan = planned(&none, all, false);
        assert!(plan.due.is_empty() && plan.work.is_empty());
    }

    fn waiting(execution: u64, confirmed: bool, until: u64) -> WaitingItem {
        WaitingItem {
            execution: Uint64::new(execution),
            beacon: 0,
            round: Uint64::new(9),
            round_time: Uint64::new(120),
            bound: at(99),
            confirmed,
            has_rand: confirmed,
            until: at(until),
        }
    }

    #[test]
    fn the_queue_is_served_by_those_who_want_to() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = BlobDirectory::open(directory.path().into(), 0o700).unwrap();
        let publication = Publication::new(blobs, None);
        let items = [waiting(1, false, 500), waiting(2, false, 90), waiting(3, true, 500)];
        let queued = |roles: &RolesSection| {
            let planner = Planner { now: NOW, roles, runners: &[ME], publication: &publication };
            let mut plan = Plan::default();
            planner.queue(&mut plan, &items, 1_000, None);
            names(&plan)
        };
        assert_eq!(queued(&roles()), ["tick", "poke/2"], "seats only by relays");
        assert_eq!(queued(&RolesSection { tick: false, ..roles() }), ["poke/2"]);
        assert_eq!(queued(&RolesSection { crank: false, ..roles() }), ["tick"]);
    }

    #[tokio::test]
    async fn a_relay_seats_what_is_known() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = BlobDirectory::open(directory.path().into(), 0o700).unwrap();
        let publication = Publication::new(blobs, None);
        let config = crate::config::RelaySection { beacons: Vec::new(), chain_hash: None };
        let mut relay = Relay::new(crate::beacon::Beacon::new(&config).unwrap());
        let roles = roles();
        let planner = Planner { now: NOW, roles: &roles, runners: &[ME], publication: &publication };
        let unknown = WaitingItem { has_rand: false, ..waiting(4, true, 500) };
        let mut plan = Plan::default();
        planner.queue(&mut plan, &[waiting(3, true, 500), unknown], 1_000, Some(&mut relay));
        assert_eq!(names(&plan), ["seat/3"], "the other one's round is being fetched");
        relay.fetched().await;
    }
}
