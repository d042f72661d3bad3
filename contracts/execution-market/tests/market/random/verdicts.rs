//! What executions came to: a full house behind every value (15), slashes only of who was wrong (16), and no deadline
//! enforced before its time and block (19).

use std::collections::{BTreeMap, BTreeSet};

use cosmwasm_std::BlockInfo;
use mesg_api::market::MarketEvent;
use mesg_protocol::clock::Deadline;
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{Execution, Outcome, Phase, Progress, ROUND_0, ROUND_1, Refund};
use mesg_protocol::ids::ExecutionId;
use mesg_protocol::seal::round_value;
use mesg_test_kit::Suite;

/// What was told of executions that are not judged yet.
#[derive(Default)]
pub struct Verdicts {
    domain: Digest32,
    /// Deadlines of the last step.
    until: BTreeMap<u64, Deadline>,
    /// Who was slashed for content, by execution.
    slashed: BTreeMap<u64, BTreeSet<u32>>,
    /// Executions whose end was checked.
    judged: BTreeSet<u64>,
}

impl Verdicts {
    /// Of a new suite.
    pub fn new(suite: &Suite) -> Self {
        Self { domain: suite.domain(), ..Self::default() }
    }

    /// What a message told that was taken in this block.
    pub fn events(&mut self, events: &[MarketEvent], block: &BlockInfo) {
        for event in events {
            match event {
                MarketEvent::Slashed { execution, runner, offence, .. } => match offence.as_str() {
                    "wrong_or_unopened" => {
                        assert!(self.slashed.entry(*execution).or_default().insert(*runner), "slashed twice");
                    }
                    "missed" | "publishing_slot" => self.has_passed(*execution, block),
                    _ => {}
                },
                // It has another deadline now.
                MarketEvent::Entered { execution, .. } => drop(self.until.remove(execution)),
                _ => {}
            }
        }
    }

    fn has_passed(&self, execution: u64, block: &BlockInfo) {
        let Some(until) = self.until.get(&execution) else { return };
        let passed = block.time.seconds() >= until.time && block.height >= until.height;
        assert!(passed, "invariant 19: {execution} has until {until:?}, it is {block:?}");
    }

    /// Checks what has a value, and the ends that are new.
    pub fn check(&mut self, suite: &Suite, executions: &[(u64, Execution)]) {
        self.until = executions.iter().filter_map(|(id, execution)| Some((*id, execution.phase.until()?))).collect();
        for (id, execution) in executions {
            let provisional = matches!(execution.phase, Phase::Provisional { .. });
            let ended = execution.outcome().is_some() && self.judged.insert(*id);
            if provisional || ended {
                self.has_quorum(suite, *id, execution);
            }
            if ended {
                let slashed = self.slashed.remove(id).unwrap_or_default();
                assert_eq!(slashed, self.wrong(*id, execution), "invariant 16: content slashes of execution {id}");
            }
        }
    }

    /// 15: the round that decided has enough seats that opened the value. A run of the requester's own had no round.
    fn has_quorum(&self, suite: &Suite, id: u64, execution: &Execution) {
        let result = matches!(execution.outcome(), Some(Outcome::Finalized | Outcome::Corrected | Outcome::Failed(_)));
        let without = !result && execution.value.is_none() && execution.outcome().is_some();
        if without || !execution.was_queued() {
            return;
        }
        let Some(held) = self.value(id, execution, execution.decided) else { panic!("no value: {execution:?}") };
        let panel = execution.panel(execution.decided).expect("the round that decided");
        let (committee, k3) = (suite.committee, suite.committee.k3.unwrap_or_default());
        let executor = u8::from(execution.panel(ROUND_0).is_none());
        let needed = match execution.decided {
            ROUND_1 => committee.k1 + execution.more_validators + executor,
            2 if k3 == 0 => committee.k2 / 2 + 1,
            2 => (committee.k2 * 2).div_ceil(3),
            _ => (k3 * 2).div_ceil(3),
        };
        assert!(panel.holders(held).count() >= usize::from(needed), "invariant 15: {id} has {execution:?}");
    }

    fn value(&self, id: u64, execution: &Execution, round: u8) -> Option<Digest32> {
        Some(round_value(&self.domain, ExecutionId(id), round, &execution.value?.digest()))
    }

    /// Seats that never opened what they sealed, and those that opened another value than the verdict; an executor
    /// whose result was refused.
    fn wrong(&self, id: u64, execution: &Execution) -> BTreeSet<u32> {
        let rejected = execution.outcome() == Some(Outcome::Refunded(Refund::Rejected));
        let wrong = |round: u8, progress: Progress| match progress {
            Progress::Unopened => true,
            Progress::Opened(_) if round == ROUND_0 => rejected,
            Progress::Opened(held) if round <= execution.decided => self.value(id, execution, round) != Some(held),
            _ => false,
        };
        let seats = execution.all_seats().filter(|(round, seat)| wrong(*round, seat.progress));
        seats.map(|(_, seat)| seat.runner.0).collect()
    }
}
