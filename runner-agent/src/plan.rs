//! What is due at a block: from duties and the queue to acts.

use std::collections::{BTreeMap, BTreeSet};

use mesg_api::market::{DutyName, DutyView, MAX_INLINE, WaitingItem};
use mesg_protocol::clock::Clock;
use mesg_protocol::ids::{ExecutionId, RunnerId};

use crate::act::{Act, Due};
use crate::clock::unix_seconds;
use crate::config::RolesSection;
use crate::duty::{Holding, Step, step};
use crate::exchange::Standing;
use crate::journal::{DeclineRow, Journal, JournalError, RunResult, SealRow};
use crate::publication::Publication;
use crate::queue::{Need, need, tick_from};
use crate::relay::Relay;
use crate::seat::{certify_item, decline_item, open_item, result_item, seal_item};
use crate::turn::delay;

/// What is journaled about a duty.
#[derive(Debug, Default)]
pub struct Held {
    seal: Option<SealRow>,
    decline: Option<DeclineRow>,
    result: Option<RunResult>,
}

impl Held {
    fn holding(&self) -> Holding {
        match (&self.seal, &self.decline) {
            (Some(_), _) => Holding::Seal,
            (None, Some(decline)) => Holding::Decline(decline.last),
            (None, None) => Holding::Nothing,
        }
    }
}

/// A duty of one of the agent's runners with what is journaled about it.
#[derive(Debug)]
pub struct Owed {
    runner: RunnerId,
    duty: DutyView,
    held: Held,
}

/// Reads what the journal holds about duties; only what they, and certificates of the `whole` executions, ask for.
///
/// # Errors
/// Those of the journal.
pub fn look_up(
    journal: &Journal,
    runner: RunnerId,
    duties: Vec<DutyView>,
    whole: &BTreeSet<ExecutionId>,
) -> Result<Vec<Owed>, JournalError> {
    duties.into_iter().map(|duty| Ok(Owed { held: held(journal, runner, &duty, whole)?, runner, duty })).collect()
}

/// Seals whose round may still come together off chain, by execution.
#[must_use]
pub fn meeting(owed: &[Owed]) -> BTreeMap<ExecutionId, Vec<SealRow>> {
    let mut rows: BTreeMap<ExecutionId, Vec<SealRow>> = BTreeMap::new();
    for Owed { duty, held, .. } in owed {
        if let (DutyName::Seal | DutyName::Poke, Some(seal)) = (duty.duty, &held.seal) {
            rows.entry(ExecutionId(duty.execution.u64())).or_default().push(seal.clone());
        }
    }
    rows
}

fn held(
    journal: &Journal,
    runner: RunnerId,
    duty: &DutyView,
    whole: &BTreeSet<ExecutionId>,
) -> Result<Held, JournalError> {
    let execution = ExecutionId(duty.execution.u64());
    if duty.duty == DutyName::Settle {
        return Ok(Held::default());
    }
    let in_round_0 = duty.duty == DutyName::Result;
    let seal = journal.seal(execution, runner, in_round_0)?;
    let decline = journal.decline(execution, runner, in_round_0)?;
    let result = match (duty.duty, &seal) {
        (DutyName::Result | DutyName::Publish, Some(seal)) => journal.result(execution, seal.run)?,
        (DutyName::Seal | DutyName::Poke, Some(seal)) if whole.contains(&execution) => {
            journal.result(execution, seal.run)?
        }
        _ => None,
    };
    #[cfg(feature = "byzantine")]
    let result = match (&seal, result) {
        (Some(seal), Some(result)) => Some(crate::byzantine::shown(execution, seal, result)),
        (_, result) => result,
    };
    Ok(Held { seal, decline, result })
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
    /// How far rounds have come off chain.
    pub standing: &'a dyn Fn(ExecutionId) -> Standing,
}

impl Planner<'_> {
    /// Adds what the runners owe. `busy` says whether an execution is being worked on.
    ///
    /// # Errors
    /// The operating system's, when a large output cannot be written.
    pub fn duties(&self, plan: &mut Plan, owed: Vec<Owed>, busy: impl Fn(ExecutionId) -> bool) -> std::io::Result<()> {
        for Owed { runner, duty, mut held } in owed {
            let (execution, by) = (ExecutionId(duty.execution.u64()), duty.at.time.u64());
            plan.open.insert(execution);
            if self.roles.execute && self.meets(plan, execution, &duty, &mut held)? {
                continue;
            }
            match step(duty.duty, duty.at, held.holding(), self.now) {
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

    /// Adds what the exchange asks for; says whether the seal stays off chain for now.
    fn meets(
        &self,
        plan: &mut Plan,
        execution: ExecutionId,
        duty: &DutyView,
        held: &mut Held,
    ) -> std::io::Result<bool> {
        if held.seal.is_none() || !matches!(duty.duty, DutyName::Seal | DutyName::Poke) {
            return Ok(false);
        }
        let (standing, by) = ((self.standing)(execution), duty.at.time.u64());
        plan.due.extend(standing.foreign.into_iter().map(|item| Due { by, act: Act::Seal(item) }));
        if let (Some(seats), Some(result)) = (standing.certificate, held.result.take()) {
            let item = self.publication.item(execution.0, result)?;
            plan.due.extend(item.map(|item| Due { by, act: Act::Certify(certify_item(seats, item)) }));
        }
        Ok(standing.hold && duty.duty == DutyName::Seal)
    }

    /// The act that shows what is held.
    fn post(&self, execution: ExecutionId, duty: DutyName, held: Held) -> std::io::Result<Option<Act>> {
        let Some(seal) = held.seal else {
            return Ok(held.decline.map(|decline| Act::Decline(decline_item(execution.0, &decline))));
        };
        match (duty, held.result) {
            (DutyName::Seal, _) => Ok(Some(Act::Seal(seal_item(execution.0, &seal)))),
            (DutyName::Open, _) => Ok(Some(Act::Open(open_item(execution.0, &seal)))),
            (DutyName::Publish, Some(result)) => {
                let item = self.publication.item(execution.0, result)?;
                Ok(item.map(Act::Publish))
            }
            (DutyName::Result, Some(result)) => {
                let item = self.publication.item(execution.0, result)?;
                Ok(item.map(|item| Act::Result(result_item(&seal, item))))
            }
            _ => Ok(None),
        }
    }

    /// Adds what anyone may do for a tip, when it is this agent's turn after `from`, unix seconds.
    pub fn crank(&self, plan: &mut Plan, act: Act, subject: u64, from: u64) {
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
    use cosmwasm_std::{Binary, Uint64};
    use mesg_api::market::{At, SealItem};
    use mesg_protocol::digest::{Digest32, sha256};
    use mesg_protocol::seal::{Kind, Value};

    use super::*;
    use crate::blob::BlobDirectory;
    use crate::journal::Run;

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

    /// A journal in which execution 1 is sealed in `round`, execution 7 declined until 150, and what is planned for `duties` with it.
    fn planned_in(round: u8, roles: &RolesSection, duties: Vec<DutyView>, busy: bool) -> Plan {
        planned_at(round, roles, duties, busy, &Standing::default())
    }

    fn planned_at(round: u8, roles: &RolesSection, duties: Vec<DutyView>, busy: bool, standing: &Standing) -> Plan {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::open(&directory.path().join("data")).unwrap();
        let digest = sha256(&[b"{}"]);
        let value = Value { kind: Kind::Ok, output: digest, output_len: 2, mfuel: 1 };
        let result = RunResult { value, output: Some("{}".into()) };
        let (seed, salt, seal) = (Digest32::ZERO, Digest32::ZERO, Digest32::ZERO);
        let (run, key_no, signature) = (Run::Network, 0, vec![0; 64]);
        let row = SealRow { round, run, runner: ME, key_no, seed, value: digest, salt, seal, signature };
        journal.record_seal(ExecutionId(1), &result, &row, 1).unwrap();
        let (code, last, signature) = (1, 150, vec![0; 64]);
        let declined = DeclineRow { round, runner: ME, key_no, seed, code, last, signature };
        journal.record_decline(ExecutionId(7), &declined, 1).unwrap();
        let owed = look_up(&journal, ME, duties, &BTreeSet::from([ExecutionId(1)])).unwrap();
        let blobs = BlobDirectory::open(directory.path().join("b"), 0o700).unwrap();
        let publication = Publication::new(blobs, None);
        let standing = &|_| standing.clone();
        let planner = Planner { now: NOW, roles, runners: &[ME], publication: &publication, standing };
        let mut plan = Plan::default();
        planner.duties(&mut plan, owed, |_| busy).unwrap();
        plan
    }

    fn planned(roles: &RolesSection, duties: Vec<DutyView>, busy: bool) -> Plan {
        planned_in(1, roles, duties, busy)
    }

    fn names(plan: &Plan) -> Vec<String> {
        plan.due.iter().map(|due| due.act.name()).collect()
    }

    #[test]
    fn what_is_held_is_posted_and_what_is_not_is_run() {
        use DutyName::{Open, Poke, Publish, Seal, Settle};
        for round in 1..=3 {
            for (owed, name) in [(Seal, "seal/1/5"), (Open, "open/1/5"), (Publish, "publish/1")] {
                assert_eq!(names(&planned_in(round, &roles(), vec![duty(1, owed, 200)], false)), [name]);
                let fresh = planned_in(round, &roles(), vec![duty(2, owed, 200)], false);
                assert_eq!(names(&fresh), [""; 0]);
                assert_eq!(fresh.work, BTreeMap::from([(ExecutionId(2), vec![ME])]));
            }
        }
        let result = vec![duty(1, DutyName::Result, 200), duty(2, DutyName::Result, 200)];
        let plan = planned_in(0, &roles(), result, false);
        assert_eq!((names(&plan), plan.work.len()), (vec!["result/1/5".to_owned()], 1));
        let late = planned(&roles(), vec![duty(2, Seal, 100), duty(3, Poke, 100), duty(4, Settle, 99)], false);
        assert_eq!(names(&late), ["poke/2", "poke/3", "settle/4"]);
        assert_eq!(late.open.len(), 3);
        let early = planned(&roles(), vec![duty(3, Poke, 101), duty(4, Settle, 101)], false);
        assert!(early.due.is_empty() && early.open.len() == 2);
        assert!(planned(&roles(), vec![duty(2, Seal, 100)], true).due.is_empty(), "its run may still end");
    }

    #[test]
    fn seals_wait_for_a_certificate_and_those_of_others_are_posted() {
        use DutyName::{Open, Poke, Seal};
        let at = |duties, standing: &Standing| names(&planned_at(2, &roles(), duties, false, standing));
        let hold = Standing { hold: true, ..Standing::default() };
        assert_eq!(at(vec![duty(1, Seal, 200)], &hold), [""; 0]);
        assert_eq!(at(vec![duty(1, Open, 200)], &hold), ["open/1/5"], "the chain has gone on");
        let whole = Standing { certificate: Some(vec![1; 96]), ..hold };
        assert_eq!(at(vec![duty(1, Seal, 200)], &whole), ["certify/1"]);
        assert_eq!(at(vec![duty(1, Poke, 200)], &whole), ["certify/1"], "its own seal is on chain already");
        assert_eq!(at(vec![duty(7, Seal, 200)], &whole), ["decline/7/5"], "nothing of it is exchanged");
        let (execution, runner, seal) = (Uint64::new(1), RunnerId(8), Digest32::ZERO);
        let foreign = vec![SealItem { execution, runner, seal, signature: Binary::default() }];
        let late = Standing { foreign, ..Standing::default() };
        assert_eq!(at(vec![duty(1, Seal, 200)], &late), ["seal/1/8", "seal/1/5"]);
    }

    #[test]
    fn a_declined_seat_is_declined_and_never_worked_for() {
        use DutyName::Seal;
        for round in 1..=3 {
            let plan = planned_in(round, &roles(), vec![duty(7, Seal, 200)], false);
            assert_eq!((names(&plan), plan.work.len()), (vec!["decline/7/5".to_owned()], 0));
        }
        let passed = planned(&roles(), vec![duty(7, Seal, 100)], false);
        assert_eq!((names(&passed), passed.work.len()), (vec!["decline/7/5".to_owned()], 0), "still within the third");
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
            let standing = &|_| Standing::default();
            let planner = Planner { now: NOW, roles, runners: &[ME], publication: &publication, standing };
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
        let standing = &|_| Standing::default();
        let planner = Planner { now: NOW, roles: &roles, runners: &[ME], publication: &publication, standing };
        let unknown = WaitingItem { has_rand: false, ..waiting(4, true, 500) };
        let mut plan = Plan::default();
        planner.queue(&mut plan, &[waiting(3, true, 500), unknown], 1_000, Some(&mut relay));
        assert_eq!(names(&plan), ["seat/3"], "the other one's round is being fetched");
        relay.fetched().await;
    }
}
