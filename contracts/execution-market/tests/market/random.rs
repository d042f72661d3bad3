//! Random messages, time jumps and halts over the whole suite; the invariants hold after each step.

use cosmwasm_std::Uint128;
use mesg_api::market::{ExecuteMsg, Executions, MarketEvent, OpenItem, ReceiveMsg, SealItem, ServiceRef, SignedAct};
use mesg_api::staking;
use mesg_execution_market::state::{Purse, ServiceBond, VersionAccount};
use mesg_protocol::codec::Record;
use mesg_protocol::ids::RunnerId;
use mesg_protocol::seal::ErrorCode;
use mesg_protocol::terms::Committee;
use mesg_test_kit::{Outcome, Suite, Work};
use proptest::prelude::*;

use crate::phases::{self, ids};
use crate::snapshot::paid_in_full;

/// One step. Executions and seats are picked modulo how many there are.
#[derive(Clone, Debug)]
enum Step {
    RequestBySend {
        who: usize,
        many: usize,
    },
    RequestFromPurse {
        who: usize,
        sub: u32,
        many: usize,
    },
    Deposit {
        who: usize,
        amount: u128,
        sub: u32,
    },
    Withdraw {
        who: usize,
        sub: u32,
        amount: Option<u128>,
    },
    /// An execution's next act, by everybody who owes it.
    Advance {
        pick: usize,
    },
    Tick,
    Beacon {
        pick: usize,
        wait: bool,
        alone: bool,
    },
    Seat {
        pick: usize,
    },
    Seal {
        pick: usize,
        seat: usize,
        work: usize,
    },
    SealAll {
        pick: usize,
        work: usize,
    },
    Open {
        pick: usize,
        seat: usize,
        work: usize,
    },
    OpenAll {
        pick: usize,
    },
    Publish {
        pick: usize,
        work: usize,
    },
    Certify {
        pick: usize,
        work: usize,
    },
    Decline {
        pick: usize,
        seat: usize,
        code: u16,
    },
    /// Shows two seals of one seat, whatever has become of it.
    Report {
        pick: usize,
        seat: usize,
    },
    Challenge {
        pick: usize,
    },
    Poke {
        pick: usize,
        expire: bool,
    },
    Settle {
        expire: bool,
    },
    Prune {
        pick: usize,
    },
    Claim,
    Burn,
    CloseEpoch,
    Pass {
        seconds: u64,
    },
    /// Time passes, blocks do not.
    Halt {
        seconds: u64,
    },
    /// Blocks pass, time does not.
    Blocks {
        blocks: u64,
    },
    Bond {
        runner: usize,
        amount: u128,
    },
    Unbond {
        runner: usize,
        amount: u128,
    },
    WithdrawStake {
        runner: usize,
    },
    OptOut {
        runner: usize,
    },
    OptIn {
        runner: usize,
    },
    BondService {
        amount: u128,
    },
    UnbondService,
    WithdrawServiceBond,
}

const NAMES: [&str; 3] = ["alice", "bob", "mallory"];

fn step() -> impl Strategy<Value = Step> {
    let pick = || 0usize..8;
    let seat = || 0usize..4;
    let work = || prop::sample::select(vec![0usize, 0, 0, 0, 0, 0, 0, 1, 2, 3]);
    prop_oneof![
        24 => (0usize..4).prop_map(|pick| Step::Advance { pick }),
        5 => (0usize..3, 1usize..4).prop_map(|(who, many)| Step::RequestBySend { who, many }),
        3 => (0usize..3, 0u32..2, 1usize..4).prop_map(|(who, sub, many)| Step::RequestFromPurse { who, sub, many }),
        2 => (0usize..3, 1u128..40_000_000, 0u32..2).prop_map(|(who, amount, sub)| Step::Deposit { who, amount, sub }),
        1 => (0usize..3, 0u32..2, prop::option::of(1u128..3_000_000))
            .prop_map(|(who, sub, amount)| Step::Withdraw { who, sub, amount }),
        3 => Just(Step::Tick),
        3 => (pick(), prop::bool::weighted(0.9), any::<bool>())
            .prop_map(|(pick, wait, alone)| Step::Beacon { pick, wait, alone }),
        3 => pick().prop_map(|pick| Step::Seat { pick }),
        4 => (pick(), seat(), work()).prop_map(|(pick, seat, work)| Step::Seal { pick, seat, work }),
        4 => (pick(), work()).prop_map(|(pick, work)| Step::SealAll { pick, work }),
        4 => (pick(), seat(), work()).prop_map(|(pick, seat, work)| Step::Open { pick, seat, work }),
        3 => pick().prop_map(|pick| Step::OpenAll { pick }),
        2 => (pick(), work()).prop_map(|(pick, work)| Step::Publish { pick, work }),
        4 => (pick(), work()).prop_map(|(pick, work)| Step::Certify { pick, work }),
        3 => (pick(), seat(), 1u16..4).prop_map(|(pick, seat, code)| Step::Decline { pick, seat, code }),
        1 => (pick(), seat()).prop_map(|(pick, seat)| Step::Report { pick, seat }),
        2 => pick().prop_map(|pick| Step::Challenge { pick }),
        3 => (pick(), any::<bool>()).prop_map(|(pick, expire)| Step::Poke { pick, expire }),
        4 => any::<bool>().prop_map(|expire| Step::Settle { expire }),
        1 => pick().prop_map(|pick| Step::Prune { pick }),
        2 => Just(Step::Claim),
        1 => Just(Step::Burn),
        1 => Just(Step::CloseEpoch),
        3 => (1u64..200).prop_map(|seconds| Step::Pass { seconds }),
        1 => prop::sample::select(vec![1_300u64, 31 * 86_400]).prop_map(|seconds| Step::Pass { seconds }),
        1 => (1u64..4_000).prop_map(|seconds| Step::Halt { seconds }),
        1 => (1u64..50).prop_map(|blocks| Step::Blocks { blocks }),
        1 => (0usize..12, 1u128..50_000_000).prop_map(|(runner, amount)| Step::Bond { runner, amount }),
        2 => (0usize..12, 1u128..1_000_000_000).prop_map(|(runner, amount)| Step::Unbond { runner, amount }),
        1 => (0usize..12).prop_map(|runner| Step::WithdrawStake { runner }),
        1 => (0usize..12).prop_map(|runner| Step::OptOut { runner }),
        1 => (0usize..12).prop_map(|runner| Step::OptIn { runner }),
        2 => (1u128..1_000_000).prop_map(|amount| Step::BondService { amount }),
        1 => Just(Step::UnbondService),
        1 => Just(Step::WithdrawServiceBond),
    ]
}

/// 3: every end pays out escrow and pot to the last unit. 18: a refund leaves the user all but the tips, and at least
/// half of it where seats had worked for nothing.
fn saw(outcome: Outcome) {
    let events = outcome.unwrap_or_default();
    paid_in_full(&events);
    for event in events {
        let MarketEvent::Ended { outcome, reason, escrow, user, tips, .. } = event else { continue };
        assert!(tips <= KAPPA, "tips come from κ");
        let least = match (outcome.as_str(), reason.as_str()) {
            ("refunded", "NoResult") => escrow / 2 - KAPPA,
            ("refunded", _) => escrow - KAPPA,
            _ => 0,
        };
        assert!(user >= least, "invariant 18: {user} of {escrow} in {outcome} {reason}");
    }
}

/// κ of the suite's parameters.
const KAPPA: u128 = 10_000;

/// What the runners may compute: mostly the honest output.
fn work(number: usize) -> Work {
    match number {
        0 => Work::honest(),
        1 => Work::wrong(),
        2 => Work::Err(ErrorCode::BadInput, 0),
        _ => Work::Err(ErrorCode::OutOfFuel, 2_000),
    }
}

/// A suite under random messages. Whether one is refused is not asked here; what it leaves behind is.
struct World {
    suite: Suite,
    /// By (execution, runner): what it sealed.
    sealed: std::collections::BTreeMap<(u64, RunnerId), Work>,
    ended: std::collections::BTreeMap<u64, mesg_api::market::ExecutionResponse>,
}

impl World {
    /// With a round 3 or without.
    fn new(third: bool) -> Self {
        let builder = Suite::builder();
        let three = Committee { k1: 3, k2: 5, k3: Some(10) };
        let suite = if third { builder.runners(24).owners(12).committee(three).build() } else { builder.build() };
        Self { suite, sealed: Default::default(), ended: Default::default() }
    }

    /// An execution in one of `phases`, else any, if there is one.
    fn pick(&self, pick: usize, phases: &[&str]) -> Option<u64> {
        let all: Vec<_> = self.suite.executions().into_iter().collect();
        let fit: Vec<_> = all.iter().filter(|(_, execution)| phases.contains(&execution.phase.name())).collect();
        let from: Vec<_> = if fit.is_empty() { all.iter().collect() } else { fit };
        (!from.is_empty()).then(|| from[pick % from.len()].0)
    }

    fn run(&mut self, step: &Step) {
        match step {
            Step::RequestBySend { who, many } => {
                let items = vec![self.suite.item(); *many];
                saw(phases::request_by_send(&mut self.suite, NAMES[*who], 50_000_000, items));
            }
            Step::RequestFromPurse { who, sub, many } => {
                let items = vec![self.suite.item(); *many];
                saw(self.suite.market(NAMES[*who], &ExecuteMsg::Request { sub: *sub, items }));
            }
            Step::Deposit { who, amount, sub } => {
                let market = self.suite.market.clone();
                let msg = ReceiveMsg::Deposit { account: None, sub: *sub };
                saw(self.suite.send_token(NAMES[*who], &market, *amount, &msg));
            }
            Step::Withdraw { who, sub, amount } => {
                let amount = amount.map(Uint128::new);
                saw(self.suite.market(NAMES[*who], &ExecuteMsg::Withdraw { sub: *sub, amount, to: None }));
            }
            Step::Advance { pick } => self.advance(*pick),
            Step::Tick => saw(self.suite.market("crank", &ExecuteMsg::Tick {})),
            Step::Beacon { pick, wait, alone } => self.beacon(*pick, *wait, *alone),
            Step::Seat { pick } => {
                let Some(execution) = self.pick(*pick, &["queued"]) else { return };
                saw(self.suite.market("relay", &ExecuteMsg::Seat(Executions { executions: ids(&[execution]) })));
            }
            Step::Seal { pick, seat, work: number } => {
                let Some(execution) = self.pick(*pick, &["working"]) else { return };
                let Some(runner) = self.suite.seats(execution).get(*seat).copied() else { return };
                self.seal(execution, &[runner], &work(*number));
            }
            Step::SealAll { pick, work: number } => {
                let Some(execution) = self.pick(*pick, &["working"]) else { return };
                let runners = self.suite.seats(execution);
                self.seal(execution, &runners, &work(*number));
            }
            Step::Open { pick, seat, work: number } => {
                let Some(execution) = self.pick(*pick, &["opening"]) else { return };
                let Some(runner) = self.suite.seats(execution).get(*seat).copied() else { return };
                saw(self.suite.open(execution, runner, &work(*number)));
            }
            Step::OpenAll { pick } => {
                let Some(execution) = self.pick(*pick, &["opening"]) else { return };
                self.open_all(execution);
            }
            Step::Publish { pick, work: number } => {
                let Some(execution) = self.pick(*pick, &["publishing"]) else { return };
                saw(self.suite.publish(execution, &work(*number)));
            }
            Step::Certify { pick, work: number } => {
                let Some(execution) = self.pick(*pick, &["working", "opening"]) else { return };
                if !self.suite.seats(execution).is_empty() {
                    saw(self.suite.certify(execution, &work(*number)));
                }
            }
            Step::Decline { pick, seat, code } => {
                let Some(execution) = self.pick(*pick, &["working"]) else { return };
                let Some(runner) = self.suite.seats(execution).get(*seat).copied() else { return };
                let item = self.suite.runner(runner).decline(&self.suite.place(execution), *code);
                saw(self.suite.market("relay", &ExecuteMsg::Decline { items: vec![item] }));
            }
            Step::Report { pick, seat } => self.report(*pick, *seat),
            Step::Challenge { pick } => {
                let Some(execution) = self.pick(*pick, &["provisional"]) else { return };
                let challenge = ReceiveMsg::Challenge { execution: execution.into() };
                let market = self.suite.market.clone();
                saw(self.suite.send_token("bob", &market, 20_000_000, &challenge));
            }
            Step::Poke { pick, expire } => self.poke(*pick, *expire),
            Step::Settle { expire } => self.settle(*expire),
            Step::Prune { pick } => {
                let Some(execution) = self.pick(*pick, &["finalized", "failed", "refunded"]) else { return };
                saw(self.suite.market("crank", &ExecuteMsg::Prune(Executions { executions: ids(&[execution]) })));
                self.ended.remove(&execution);
            }
            Step::Claim => {
                let runners = self.suite.runners.iter().map(|runner| runner.id).collect();
                let versions = vec![self.suite.version];
                saw(self.suite.market("crank", &ExecuteMsg::Claim { runners, versions }));
            }
            Step::Burn => saw(self.suite.market("crank", &ExecuteMsg::Burn {})),
            Step::CloseEpoch => saw(self.suite.market("crank", &ExecuteMsg::CloseEpoch {})),
            Step::Pass { seconds } => self.suite.advance(*seconds),
            Step::Halt { seconds } => self.suite.app.update_block(|block| {
                block.time = block.time.plus_seconds(*seconds);
                block.height += 1;
            }),
            Step::Blocks { blocks } => self.suite.app.update_block(|block| block.height += blocks),
            stake => self.stake(stake),
        }
    }

    fn advance(&mut self, pick: usize) {
        let open = ["queued", "working", "opening", "publishing", "provisional"];
        let Some(execution) = self.pick(pick, &open) else { return };
        let seats = self.suite.seats(execution);
        match self.suite.execution(execution).phase.as_str() {
            "queued" => drop(self.suite.seat(execution)),
            "working" => {
                let sealed = seats.iter().find_map(|runner| self.sealed.get(&(execution, *runner)).cloned());
                let work = sealed.unwrap_or_else(|| work((execution % 5 / 3) as usize * 2));
                self.seal(execution, &seats, &work);
            }
            "opening" => self.open_all(execution),
            "publishing" => {
                for number in 0..4 {
                    saw(self.suite.publish(execution, &work(number)));
                }
            }
            "provisional" => {
                self.suite.expire(execution);
                self.suite.settle(execution).expect("settled");
            }
            _ => {}
        }
    }

    fn report(&mut self, pick: usize, seat: usize) {
        let Some(execution) = self.pick(pick, &["working", "opening", "provisional", "finalized"]) else { return };
        let Some(runner) = self.suite.seats(execution).get(seat).copied() else { return };
        let place = self.suite.place(execution);
        let [first, second] = [0, 1].map(|number| {
            let item = self.suite.runner(runner).seal(&place, &work(number));
            SignedAct::Seal { seal: item.seal, signature: item.signature }
        });
        let msg = ExecuteMsg::ReportEquivocation { execution: execution.into(), runner, first, second };
        saw(self.suite.market("mallory", &msg));
        // The seat's mark is all that changes after the end.
        self.ended.remove(&execution);
    }

    fn beacon(&mut self, pick: usize, wait: bool, alone: bool) {
        let Some(execution) = self.pick(pick, &["queued"]) else { return };
        let round = self.suite.execution(execution).round.u64();
        if wait {
            let time = self.suite.beacon_schedule.time_of(round);
            if self.suite.now() + 12 < time {
                self.suite.tick();
            }
            self.suite.advance((time + 1).saturating_sub(self.suite.now()));
        }
        let mut executions = vec![execution];
        if !alone {
            executions.extend((1..=9).filter(|other| *other != execution).take(7));
        }
        saw(self.suite.market("relay", &phases::beacon(&self.suite, round, &executions)));
    }

    fn seal(&mut self, execution: u64, runners: &[RunnerId], work: &Work) {
        let view = self.suite.execution(execution);
        let Some(panel) = view.panels.last() else { return };
        let place = self.suite.place(execution);
        let item = |runner: &RunnerId| self.suite.runner(*runner).seal(&place, work);
        let items: Vec<SealItem> = runners.iter().map(item).collect();
        if view.phase == "working" {
            for seat in panel.seats.iter().filter(|seat| seat.progress == "seated" && runners.contains(&seat.runner)) {
                self.sealed.insert((execution, seat.runner), work.clone());
            }
        }
        saw(self.suite.market("relay", &ExecuteMsg::Seal { items }));
    }

    /// Everybody opens what it sealed.
    fn open_all(&mut self, execution: u64) {
        if self.suite.seats(execution).is_empty() {
            return;
        }
        let place = self.suite.place(execution);
        let open = |runner: RunnerId| {
            let work = self.sealed.get(&(execution, runner))?;
            Some(self.suite.runner(runner).open(&place, work))
        };
        let items: Vec<OpenItem> = self.suite.seats(execution).into_iter().filter_map(open).collect();
        saw(self.suite.market("relay", &ExecuteMsg::Open { items }));
    }

    fn poke(&mut self, pick: usize, expire: bool) {
        let Some(execution) = self.pick(pick, &["queued", "working", "opening", "publishing", "provisional"]) else {
            return;
        };
        if expire && self.suite.execution(execution).until.is_some() {
            self.suite.expire(execution);
        }
        saw(self.suite.market("crank", &ExecuteMsg::Poke(Executions { executions: ids(&[execution, 1, 2]) })));
    }

    fn settle(&mut self, expire: bool) {
        let Some(execution) = self.pick(0, &["provisional"]) else { return };
        if expire && self.suite.execution(execution).phase == "provisional" {
            self.suite.expire(execution);
        }
        let executions: Vec<_> = self.suite.executions().iter().map(|(id, _)| *id).take(32).collect();
        saw(self.suite.market("crank", &ExecuteMsg::Settle(Executions { executions: ids(&executions) })));
    }

    /// What runners and developers do with their stake.
    fn stake(&mut self, step: &Step) {
        let (staking, market) = (self.suite.staking.clone(), self.suite.market.clone());
        let name = |runner: usize| format!("owner{runner}");
        let id = |runner: usize| RunnerId(runner as u32 + 1);
        let version = self.suite.version;
        let service = self.suite.service;
        let (sender, msg) = match step {
            Step::Bond { runner, amount } => {
                let bond = staking::ReceiveMsg::Bond { runner: id(*runner) };
                return saw(self.suite.send_token(&name(*runner), &staking, *amount, &bond));
            }
            Step::BondService { amount } => {
                let bond = ReceiveMsg::BondService { service };
                return saw(self.suite.send_token("developer", &market, *amount, &bond));
            }
            Step::UnbondService => {
                return saw(self.suite.market("developer", &ExecuteMsg::UnbondService(ServiceRef { service })));
            }
            Step::WithdrawServiceBond => {
                return saw(self.suite.market("developer", &ExecuteMsg::WithdrawServiceBond(ServiceRef { service })));
            }
            Step::Unbond { runner, amount } => {
                (name(*runner), staking::ExecuteMsg::Unbond { runner: id(*runner), amount: Uint128::new(*amount) })
            }
            Step::WithdrawStake { runner } => {
                (name(*runner), staking::ExecuteMsg::Withdraw { runner: id(*runner), to: None })
            }
            Step::OptOut { runner } => (name(*runner), staking::ExecuteMsg::OptOut { runner: id(*runner), version }),
            Step::OptIn { runner } => (name(*runner), staking::ExecuteMsg::OptIn { runner: id(*runner), version }),
            other => panic!("{other:?} is no step of stake"),
        };
        saw(self.suite.execute(&sender, &staking, &msg));
    }

    /// Records beside the ledger: each bucket is the sum of its records, each index has what it should and no more.
    fn check_records(&self) {
        let stored = self.suite.app.dump_wasm_raw(&self.suite.market);
        let of = |prefix: &str| -> Vec<&(Vec<u8>, Vec<u8>)> {
            stored.iter().filter(|(key, _)| key.starts_with(prefix.as_bytes())).collect()
        };
        let ledger = self.suite.ledger();
        let purses: Vec<_> = of("p/").iter().map(|(_, value)| Purse::decode(value).unwrap()).collect();
        assert_eq!(purses.iter().map(|purse| purse.balance).sum::<u128>(), ledger.purses.u128(), "1: purses");
        let developers = of("v/").iter().map(|(_, value)| VersionAccount::decode(value).unwrap().earned).sum::<u128>();
        assert_eq!(developers, ledger.developers.u128(), "1: developers");
        let bonds = of("s/").iter().map(|(_, value)| ServiceBond::decode(value).unwrap().amount).sum::<u128>();
        assert_eq!(bonds, ledger.bonds.u128(), "1: service bonds");
        let executions = self.suite.executions();
        let open = || executions.iter().filter(|(_, execution)| execution.outcome().is_none());
        assert_eq!(purses.iter().map(|purse| usize::from(purse.open)).sum::<usize>(), open().count());
        let queued = open().filter(|(_, execution)| execution.phase.name() == "queued");
        assert_eq!(of("w/").len(), queued.count(), "waiting: the queued ones");
        assert_eq!(
            of("o/").len(),
            open().map(|(_, execution)| execution.all_seats().filter(|(_, seat)| seat.held()).count()).sum::<usize>(),
            "open: each seat"
        );
        assert_eq!(of("i/").len(), open().count(), "inputs: until the end");
        assert_eq!((of("q/").len(), of("x/").len()), (executions.len(), executions.len()));
    }

    /// The invariants, and: what has ended stays as it ended (3).
    fn check(&mut self) {
        self.suite.check_invariants();
        self.check_records();
        for (id, execution) in self.suite.executions() {
            if execution.outcome().is_none() {
                continue;
            }
            let now = self.suite.execution(id);
            assert_eq!(self.ended.entry(id).or_insert_with(|| now.clone()), &now, "invariant 3: an end is final");
        }
    }

    /// 17: pokes alone end every execution.
    fn drain(&mut self) {
        for _ in 0..8 {
            let open = |(id, execution): (u64, mesg_protocol::execution::Execution)| {
                execution.outcome().is_none().then_some(id)
            };
            let open: Vec<_> = self.suite.executions().into_iter().filter_map(open).collect();
            for execution in open {
                self.suite.expire(execution);
                self.suite.poke(execution).expect("a passed deadline can be enforced");
            }
        }
        assert!(self.suite.executions().iter().all(|(_, execution)| execution.outcome().is_some()), "invariant 17");
        let ledger = self.suite.ledger();
        assert_eq!((ledger.escrow.u128(), ledger.pots.u128()), (0, 0), "nothing is left behind");
    }
}

proptest! {
    #![proptest_config(config(256))]

    #[test]
    fn invariants_hold_under_random_messages(third: bool, steps in prop::collection::vec(step(), 200)) {
        hold(third, &steps);
    }
}

proptest! {
    #![proptest_config(config(1_500))]

    #[test]
    #[ignore = "minutes: tools/test-long"]
    fn invariants_hold_under_many_random_messages(third: bool, steps in prop::collection::vec(step(), 200)) {
        hold(third, &steps);
    }
}

fn hold(third: bool, steps: &[Step]) {
    let mut world = World::new(third);
    for step in steps {
        world.run(step);
        world.check();
    }
    world.drain();
    world.check();
}

/// As many cases as `PROPTEST_CASES` says, else `cases`.
fn config(cases: u32) -> ProptestConfig {
    let asked = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig { max_shrink_iters: 200, ..ProptestConfig::with_cases(asked.unwrap_or(cases)) }
}
