//! What must hold after every message (numbers as in docs/attacks-and-invariants.md).

use mesg_api::market::{ConfigResponse, EXECUTIONS, QueryMsg, VersionResponse};
use mesg_api::staking::{self, ProducersResponse, RunnerRow};
use mesg_execution_market::state::{self, RunnerAccount};
use mesg_protocol::execution::{Execution, Phase, ROUND_2};
use mesg_protocol::ids::{ExecutionId, RunnerId};

use crate::chain::Chain;
use crate::suite::Suite;

impl<C: Chain> Suite<C> {
    /// Every execution as the market stores it.
    pub fn executions(&self) -> Vec<(u64, Execution)> {
        let last = self.ask::<ConfigResponse>(&QueryMsg::Config {}).executions.u64();
        let load = |id| self.record(&self.market, &EXECUTIONS, ExecutionId(id));
        (1..=last).filter_map(|id| load(id).map(|execution| (id, execution))).collect()
    }

    /// Checks all invariants that can be seen from outside, and panics with the one that is broken.
    pub fn check_invariants(&self) {
        let executions = self.executions();
        self.market_is_covered(&executions);
        let rows = self.runner_rows();
        self.staking_is_covered(&rows);
        self.pool_adds_up(&rows);
        self.seats_are_counted(&executions);
        for (id, execution) in &executions {
            seats_are_distinct(*id, execution);
        }
    }

    /// 1: the ledger's sum is the market's balance; escrow and pots are those of the open executions.
    fn market_is_covered(&self, executions: &[(u64, Execution)]) {
        let ledger = self.ledger();
        let parts = [
            ledger.purses,
            ledger.escrow,
            ledger.pots,
            ledger.runners,
            ledger.developers,
            ledger.bonds,
            ledger.producers,
            ledger.burn,
            ledger.challenges,
        ];
        let sum: u128 = parts.iter().map(|part| part.u128()).sum();
        assert_eq!(sum, self.balance(&self.market), "invariant 1: ledger and balance of the market");
        let open = || executions.iter().map(|(_, execution)| execution).filter(|e| e.outcome().is_none());
        let escrow: u128 = open().map(|execution| execution.escrow - execution.tips_paid).sum();
        let pots: u128 = open().map(|execution| execution.pot).sum();
        assert_eq!(escrow, ledger.escrow.u128(), "invariant 1: escrow of open executions");
        assert_eq!(pots, ledger.pots.u128(), "invariant 1: penalty pots of open executions");
        let earned: u128 = self.runners.iter().map(|runner| self.account_of(runner.id).earned).sum();
        assert_eq!(earned, ledger.runners.u128(), "invariant 1: earnings of runners");
    }

    /// 1: staking holds the tokens of all runners and what belongs to block producers.
    fn staking_is_covered(&self, rows: &[(RunnerId, RunnerRow)]) {
        let sum: u128 = rows.iter().map(|(_, row)| row.stake.tokens).sum();
        let producers: ProducersResponse =
            self.query(&self.staking, &staking::QueryMsg::Producers {}).expect("an answer");
        let held = producers.pots + producers.carried;
        assert_eq!(sum + held.u128(), self.balance(&self.staking), "invariant 1: stakes and balance of staking");
    }

    /// 5: open seats of each runner, and seats taken of the version.
    fn seats_are_counted(&self, executions: &[(u64, Execution)]) {
        let open = || executions.iter().map(|(_, execution)| execution).filter(|e| e.outcome().is_none());
        for runner in &self.runners {
            let held = |execution: &&Execution| execution.seat(runner.id).is_ok_and(|(_, seat)| seat.held());
            let seats = open().filter(held).count() as u32;
            assert_eq!(seats, self.account_of(runner.id).open, "invariant 5: open seats of runner {}", runner.id);
        }
        let version: VersionResponse = self.ask(&QueryMsg::Version { version: self.version });
        let later: u32 = open()
            .flat_map(|execution| &execution.panels)
            .filter(|panel| panel.round >= ROUND_2)
            .map(|panel| panel.seats.len() as u32)
            .sum();
        let queued = open().filter(|execution| !matches!(execution.phase, Phase::OwnRun { .. }));
        let reserved: u32 = queued.map(|execution| u32::from(self.committee.k1 + execution.more_validators) + 1).sum();
        assert_eq!(version.taken, reserved + later, "invariant 5: seats taken of the version");
    }

    fn account_of(&self, runner: RunnerId) -> RunnerAccount {
        self.record(&self.market, &state::RUNNERS, runner).unwrap_or_default()
    }
}

/// 8: nobody has two seats of one execution, spares included.
fn seats_are_distinct(id: u64, execution: &Execution) {
    let mut runners: Vec<_> = execution.all_seats().map(|(_, seat)| seat.runner).collect();
    if let (None, Some(panel)) = (execution.outcome(), execution.panels.last()) {
        runners.extend(panel.spares.iter().map(|spare| spare.runner));
    }
    let all = runners.len();
    runners.sort_unstable();
    runners.dedup();
    assert_eq!(runners.len(), all, "invariant 8: execution {id} has a runner twice");
}
