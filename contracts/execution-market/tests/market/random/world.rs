//! The suite under random messages. Whether one is refused is not asked here; what it leaves behind is.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Api, Empty, Uint128, to_json_binary};
use cw_multi_test::Executor;
use mesg_api::market::{
    ExecuteMsg, ExecutionResponse, Executions, MarketEvent, OpenItem, ReceiveMsg, RequestItem, SealItem, SignedAct,
};
use mesg_api::{staking, token};
use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::RunnerId;
use mesg_protocol::seal::ErrorCode;
use mesg_protocol::terms::Committee;
use mesg_test_kit::{Beacon, Outcome, Place, Runner, Suite, Work, send, told};

use super::governance::Governance;
use super::records::Seen;
use super::step::{How, Step};
use super::strangers::{self, Calls, PuppetMsg, Requester, Token};
use crate::phases::ids;

/// Which service, and whose token.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    pub kind: Kind,
    /// The token can cheat.
    pub hostile: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Scarce,
    /// With a round 3.
    Long,
    /// Requesters may ask for more validators.
    More,
    Verify,
    VerifyLong,
}

impl From<u8> for Kind {
    fn from(number: u8) -> Self {
        [Self::Scarce, Self::Long, Self::More, Self::Verify, Self::VerifyLong][usize::from(number)]
    }
}

impl Kind {
    const fn verify(self) -> bool {
        matches!(self, Self::Verify | Self::VerifyLong)
    }

    /// Runners and their owners.
    const fn pool(self) -> (u32, u32) {
        match self {
            Self::Scarce => (14, 14),
            Self::Verify => (16, 8),
            Self::Long | Self::More | Self::VerifyLong => (24, 12),
        }
    }
}

impl Setting {
    fn suite(self) -> Suite {
        let (runners, owners) = self.kind.pool();
        let mut builder = Suite::builder().runners(runners).owners(owners);
        if self.kind == Kind::Scarce {
            // Two seats each, and few slashes to the last token.
            builder = builder.stake(150_000_000);
        }
        if matches!(self.kind, Kind::Long | Kind::VerifyLong) {
            builder = builder.committee(Committee { k1: 3, k2: 5, k3: Some(10) });
        }
        if self.kind == Kind::More {
            builder = builder.max_validators(5);
        }
        if self.kind.verify() {
            builder = builder.verify();
        }
        if self.hostile { builder.build_with_token(strangers::token()) } else { builder.build() }
    }
}

const NAMES: [&str; 3] = ["alice", "bob", "mallory"];
/// What the honest compute.
const OUTPUT: &str = r#"{"sum":"42"}"#;
const OPEN: [&str; 6] = ["own_run", "queued", "working", "opening", "publishing", "provisional"];
const ENDED: [&str; 4] = ["finalized", "corrected", "failed", "refunded"];

/// The suite and what the players know.
pub struct World {
    pub suite: Suite,
    pub setting: Setting,
    /// Beacons by number.
    pub beacons: Vec<(Beacon, BeaconParams)>,
    pub governance: Governance,
    pub seen: Seen,
    /// A contract that requests.
    puppet: Addr,
    /// A token that is not the market's.
    foreign: Addr,
    producers: Vec<Addr>,
    /// By (execution, runner): what it sealed.
    sealed: BTreeMap<(u64, RunnerId), Work>,
    /// Steps for which the beacon shows nothing.
    outage: u8,
}

impl World {
    pub fn new(setting: Setting) -> Self {
        let mut suite = setting.suite();
        let developer = suite.account("developer");
        let code = suite.app.store_code(strangers::puppet());
        let puppet = suite.app.instantiate_contract(code, developer.clone(), &Empty {}, &[], "puppet", None).unwrap();
        let code = suite.app.store_code(strangers::token());
        let msg = token::InstantiateMsg {
            name: "Another".to_owned(),
            symbol: "MESG".to_owned(),
            decimals: 6,
            initial_balances: vec![cw20::Cw20Coin { address: suite.account("mallory").into(), amount: Uint128::MAX }],
        };
        let foreign = suite.app.instantiate_contract(code, developer, &msg, &[], "foreign", None).unwrap();
        let market = suite.market.clone();
        let deposit = ReceiveMsg::Deposit { account: Some(puppet.to_string()), sub: 0 };
        suite.send_token("alice", &market, 100_000_000, &deposit).unwrap();
        let producers = ["validator0", "validator1"].map(|name| suite.bond_validator(name)).to_vec();
        let beacons = vec![(suite.beacon.clone(), suite.beacon_schedule)];
        let seen = Seen::new(&suite);
        Self {
            suite,
            setting,
            beacons,
            governance: Governance::default(),
            seen,
            puppet,
            foreign,
            producers,
            sealed: BTreeMap::new(),
            outage: 0,
        }
    }

    /// Takes a step and checks what it has left behind.
    pub fn run(&mut self, step: &Step) {
        self.take(step);
        self.outage = self.outage.saturating_sub(1);
        self.check();
    }

    fn check(&mut self) {
        let schedules: Vec<_> = self.beacons.iter().map(|(_, schedule)| *schedule).collect();
        self.seen.check(&self.suite, &schedules);
    }

    /// 17: pokes alone end every execution, once the token lets them pay.
    pub fn drain(&mut self) {
        self.behave(&Token::Honest);
        for _ in 0..30 {
            let open = |(id, execution): (u64, mesg_protocol::execution::Execution)| {
                execution.outcome().is_none().then_some(id)
            };
            let open: Vec<_> = self.suite.executions().into_iter().filter_map(open).collect();
            for execution in open {
                self.suite.expire(execution);
                let events = self.suite.poke(execution).expect("a passed deadline can be enforced");
                self.seen.events(&events, &self.suite.app.block_info());
            }
        }
        assert!(self.suite.executions().iter().all(|(_, execution)| execution.outcome().is_some()), "invariant 17");
        let ledger = self.suite.ledger();
        assert_eq!((ledger.escrow.u128(), ledger.pots.u128()), (0, 0), "nothing is left behind");
        self.check();
    }

    /// Sends a message and reads what it did. Gives whether it was taken.
    pub fn send(&mut self, sender: &str, contract: &Addr, msg: &impl serde::Serialize) -> bool {
        let outcome = self.suite.execute(sender, contract, msg);
        self.saw(outcome)
    }

    pub fn market(&mut self, sender: &str, msg: &ExecuteMsg) -> bool {
        let market = self.suite.market.clone();
        self.send(sender, &market, msg)
    }

    /// Sends tokens to a contract.
    pub fn pay(&mut self, sender: &str, contract: &Addr, amount: u128, msg: &impl serde::Serialize) -> bool {
        let token = self.suite.token.clone();
        self.send(sender, &token, &send(contract, amount, msg))
    }

    fn pay_market(&mut self, sender: &str, amount: u128, msg: &ReceiveMsg) -> bool {
        let market = self.suite.market.clone();
        self.pay(sender, &market, amount, msg)
    }

    fn saw(&mut self, outcome: Outcome) -> bool {
        match outcome {
            Ok(events) => {
                self.seen.events(&events, &self.suite.app.block_info());
                true
            }
            Err(_) => false,
        }
    }

    /// A runner's number and the name of its owner.
    pub fn owned(&self, runner: usize) -> (RunnerId, String) {
        let (runners, owners) = self.setting.kind.pool();
        let runner = runner as u32 % runners;
        (RunnerId(runner + 1), format!("owner{}", runner % owners))
    }

    /// An execution in one of `phases`, else any, if there is one.
    fn pick(&self, pick: usize, phases: &[&str]) -> Option<u64> {
        let all: Vec<_> = self.suite.executions().into_iter().collect();
        let fit: Vec<_> = all.iter().filter(|(_, execution)| phases.contains(&execution.phase.name())).collect();
        let from: Vec<_> = if fit.is_empty() { all.iter().collect() } else { fit };
        (!from.is_empty()).then(|| from[pick % from.len()].0)
    }

    /// What the runners may compute for the present round: mostly what the honest do.
    fn work(&self, execution: u64, number: usize) -> Work {
        let judges = self.suite.execution(execution).escalation > 0;
        let fuel = if self.setting.kind.verify() { 0 } else { 7 };
        match (self.setting.kind.verify() && judges, number) {
            (false, 0) => Work::Ok(OUTPUT.to_owned(), fuel),
            (false, 1) => Work::Ok(r#"{"sum":"43"}"#.to_owned(), fuel),
            (_, 2) if !judges => Work::Err(ErrorCode::BadInput, 0),
            (false, 2) => Work::Err(ErrorCode::BadInput, 0),
            (false, _) => Work::Err(ErrorCode::OutOfFuel, if fuel == 0 { 0 } else { 2_000 }),
            (true, 0) => Work::Valid("proof".to_owned()),
            (true, 1) => Work::Invalid,
            (true, 2) => Work::Valid("another".to_owned()),
            (true, _) => Work::Err(ErrorCode::Trap, 0),
        }
    }

    /// Holders of the seats of the latest round, with the keys that they were drawn with.
    fn signers(&self, view: &ExecutionResponse) -> Vec<Runner> {
        let seats = view.panels.last().map_or(&[][..], |panel| &panel.seats);
        seats.iter().map(|seat| self.suite.runner(seat.runner).with_key(seat.key_no)).collect()
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::RequestBySend { who, many, more } => {
                let items = self.items(*many, *more);
                self.pay_market(NAMES[*who], 50_000_000, &ReceiveMsg::Request { items });
            }
            Step::RequestFromPurse { who, sub, many } => {
                let items = self.items(*many, 0);
                self.market(NAMES[*who], &ExecuteMsg::Request { sub: *sub, items });
            }
            Step::RequestOwn { runner } => self.request_own(*runner),
            Step::RequestByContract { many } => {
                let items = self.items(*many, 0);
                let messages = vec![to_json_binary(&ExecuteMsg::Request { sub: 0, items }).unwrap()];
                let calls = Calls { to: self.suite.market.clone(), messages, strict: true };
                let puppet = self.puppet.clone();
                self.send("bob", &puppet, &PuppetMsg::Send(calls));
            }
            Step::Deposit { who, amount, sub } => {
                // The fourth is the contract's.
                let account = NAMES.get(*who).is_none().then(|| self.puppet.to_string());
                let deposit = ReceiveMsg::Deposit { account, sub: *sub };
                self.pay_market(NAMES[*who % 3], *amount, &deposit);
            }
            Step::Withdraw { who, sub, amount } => {
                let amount = amount.map(Uint128::new);
                self.market(self.name(*who), &ExecuteMsg::Withdraw { sub: *sub, amount, to: None });
            }
            Step::Advance { pick } => self.advance(*pick),
            Step::Pass { seconds } => self.suite.advance(*seconds),
            Step::Halt { seconds } => self.suite.app.update_block(|block| {
                block.time = block.time.plus_seconds(*seconds);
                block.height += 1;
            }),
            Step::Blocks { blocks } => self.suite.app.update_block(|block| block.height += blocks),
            Step::Outage { steps } => self.outage = *steps,
            Step::Stake(stake) => self.stake(stake),
            Step::Service(service) => self.service(service),
            Step::Govern(govern) => self.govern(govern),
            Step::Token(how) => self.turn(how),
            Step::Foreign { what, amount } => self.foreign(*what, *amount),
            Step::Poke { .. } | Step::Settle { .. } | Step::Prune { .. } | Step::Deliver { .. } => self.enforce(step),
            Step::Tick | Step::Claim | Step::Burn | Step::CloseEpoch | Step::ClaimProducer { .. } => self.crank(step),
            act => self.act(act),
        }
    }

    const fn name(&self, who: usize) -> &'static str {
        NAMES[who % NAMES.len()]
    }

    fn items(&mut self, many: usize, more: u8) -> Vec<RequestItem> {
        self.follow_price();
        let validators = (self.setting.kind == Kind::More).then_some(3 + more);
        vec![RequestItem { validators, ..self.suite.item() }; many]
    }

    fn request_own(&mut self, runner: usize) {
        let (runner, owner) = self.owned(runner);
        let account = Some(self.suite.account(&owner).to_string());
        self.pay_market("alice", 10_000_000, &ReceiveMsg::Deposit { account, sub: 0 });
        let mut items = self.items(1, 0);
        items[0].own_runner = Some(runner);
        self.market(&owner, &ExecuteMsg::Request { sub: 0, items });
    }

    fn crank(&mut self, step: &Step) {
        match step {
            Step::Claim => {
                let runners = self.suite.runners.iter().map(|runner| runner.id).collect();
                let versions = vec![self.suite.version];
                self.market("crank", &ExecuteMsg::Claim { runners, versions });
            }
            Step::Burn => drop(self.market("crank", &ExecuteMsg::Burn {})),
            Step::CloseEpoch => drop(self.market("crank", &ExecuteMsg::CloseEpoch {})),
            Step::ClaimProducer { who } => {
                // Each in the epochs of the last days; what is not there is refused with the whole.
                let today = self.suite.now() / u64::from(staking::msg::producer_epoch_secs());
                for epoch in today.saturating_sub(2)..=today {
                    let msg = staking::ExecuteMsg::ClaimProducer { epochs: vec![epoch.into()], to: None };
                    // A hostile token may call the market while it pays.
                    let claim = |world: &mut Self| {
                        let (producer, staking) = (world.producers[*who].clone(), world.suite.staking.clone());
                        let claimed = world.suite.app.execute_contract(producer, staking, &msg, &[]);
                        world.saw(claimed.map(|response| told(&response.events)).map_err(|error| error.to_string()))
                    };
                    assert!(!claim(self) || !claim(self), "invariant 23: each is paid once");
                }
            }
            _ => drop(self.market("crank", &ExecuteMsg::Tick {})),
        }
    }

    fn act(&mut self, step: &Step) {
        match step {
            Step::Beacon { pick, wait, alone } => self.show_beacon(*pick, *wait, *alone),
            Step::Seat { pick } => {
                let Some(execution) = self.pick(*pick, &["queued"]) else { return };
                self.market("relay", &ExecuteMsg::Seat(Executions { executions: ids(&[execution]) }));
            }
            Step::Seal { pick, seat, work } => self.seal(*pick, Some(*seat), *work),
            Step::SealAll { pick, work } => self.seal(*pick, None, *work),
            Step::Open { pick, seat, work } => {
                let Some(execution) = self.pick(*pick, &["opening"]) else { return };
                let Some(runner) = self.suite.seats(execution).get(*seat).copied() else { return };
                let outcome = self.suite.open(execution, runner, &self.work(execution, *work));
                self.saw(outcome);
            }
            Step::OpenAll { pick } => {
                let Some(execution) = self.pick(*pick, &["opening"]) else { return };
                self.open_all(execution);
            }
            Step::Publish { pick, work } => {
                let Some(execution) = self.pick(*pick, &["publishing"]) else { return };
                let outcome = self.suite.publish(execution, &self.work(execution, *work));
                self.saw(outcome);
            }
            Step::PostResult { pick, work } => {
                let executor = |view: &ExecutionResponse| view.phase == "working" && view.escalation == 0;
                let Some(execution) = self.pick(*pick, &["own_run", "working"]) else { return };
                let view = self.suite.execution(execution);
                if view.phase == "own_run" || executor(&view) {
                    self.post_result(&view, *work);
                }
            }
            Step::Certify { pick, work } => {
                let Some(execution) = self.pick(*pick, &["working", "opening"]) else { return };
                if !self.suite.seats(execution).is_empty() {
                    let outcome = self.suite.certify(execution, &self.work(execution, *work));
                    self.saw(outcome);
                }
            }
            Step::Decline { pick, seat, code } => {
                let Some(execution) = self.pick(*pick, &["working"]) else { return };
                let signers = self.signers(&self.suite.execution(execution));
                let Some(runner) = signers.get(*seat) else { return };
                let items = vec![runner.decline(&self.suite.place(execution), *code)];
                self.market("relay", &ExecuteMsg::Decline { items });
            }
            Step::Report { pick, seat } => self.report(*pick, *seat),
            Step::Challenge { pick } => {
                let Some(execution) = self.pick(*pick, &["provisional"]) else { return };
                self.pay_market("bob", 20_000_000, &ReceiveMsg::Challenge { execution: execution.into() });
            }
            other => panic!("{other:?} is no act"),
        }
    }

    fn advance(&mut self, pick: usize) {
        let Some(execution) = self.pick(pick, &OPEN) else { return };
        let view = self.suite.execution(execution);
        match view.phase.as_str() {
            "own_run" => self.post_result(&view, 0),
            "queued" => self.seat(execution),
            "working" if view.escalation == 0 => self.post_result(&view, 0),
            "working" => self.work_all(&view),
            "opening" => self.open_all(execution),
            "publishing" => {
                for number in 0..4 {
                    let outcome = self.suite.publish(execution, &self.work(execution, number));
                    self.saw(outcome);
                }
            }
            "provisional" => {
                self.suite.expire(execution);
                let outcome = self.suite.settle(execution);
                assert!(outcome.is_ok() || self.setting.hostile, "settled: {outcome:?}");
                self.saw(outcome);
            }
            _ => {}
        }
    }

    /// All seats seal; those that have sealed know what. Every third execution is in dispute, every ninth for good.
    fn work_all(&mut self, view: &ExecutionResponse) {
        let execution = view.execution.u64();
        let liar = execution.is_multiple_of(3).then_some(execution as usize % 4);
        for (index, runner) in self.signers(view).into_iter().enumerate() {
            let number = match view.escalation {
                1 if liar == Some(index) => 1,
                1 => (execution % 5 / 4) as usize * 2,
                _ if execution.is_multiple_of(9) => index % 3,
                _ => 0,
            };
            let sealed = self.sealed.get(&(execution, runner.id)).cloned();
            let work = sealed.unwrap_or_else(|| self.work(execution, number));
            self.seal_work(view, Some(index), &work);
        }
    }

    /// Ticks in the next block.
    fn tick(&mut self) {
        self.suite.next_block();
        assert!(self.market("crank", &ExecuteMsg::Tick {}), "ticked");
    }

    fn seat(&mut self, execution: u64) {
        for _ in 0..3 {
            self.tick();
            self.show_beacon_of(execution, true, &[execution]);
            if self.outage > 0 || self.suite.execution(execution).phase != "queued" {
                break;
            }
        }
    }

    fn show_beacon(&mut self, pick: usize, wait: bool, alone: bool) {
        let Some(execution) = self.pick(pick, &["queued"]) else { return };
        let mut executions = vec![execution];
        if !alone {
            executions.extend((1..=9).filter(|other| *other != execution).take(7));
        }
        self.show_beacon_of(execution, wait, &executions);
    }

    /// The signature of the round that an execution waits for, by the key of its beacon.
    fn show_beacon_of(&mut self, execution: u64, wait: bool, executions: &[u64]) {
        let view = self.suite.execution(execution);
        let (beacon, schedule) = self.beacons[usize::from(view.beacon)].clone();
        let round = view.round.u64();
        // Nothing is bound of an own run.
        if round == 0 {
            return;
        }
        if wait {
            let time = schedule.time_of(round);
            if self.suite.now() + 12 < time {
                self.tick();
            }
            self.suite.advance((time + 1).saturating_sub(self.suite.now()));
        }
        if self.outage == 0 {
            let signature = beacon.sign(round);
            let executions = ids(executions);
            self.market("relay", &ExecuteMsg::SubmitBeacon { round: round.into(), signature, executions });
        }
    }

    fn post_result(&mut self, view: &ExecutionResponse, number: usize) {
        let execution = view.execution.u64();
        let work = self.work(execution, number);
        let own = view.own_runner.filter(|_| view.phase == "own_run");
        let (runner, place) = match own {
            Some(runner) => {
                let key_no = self.suite.record(&self.suite.staking, &staking::RUNNERS, runner).unwrap().key_no;
                let place = Place { domain: self.suite.domain(), seed: Digest32::ZERO, execution, round: 0 };
                (Some(self.suite.runner(runner).with_key(key_no)), place)
            }
            None => (self.signers(view).first().cloned(), self.suite.place(execution)),
        };
        let Some(runner) = runner else { return };
        self.market("relay", &ExecuteMsg::PostResult { items: vec![runner.result(&place, &work)] });
    }

    fn report(&mut self, pick: usize, seat: usize) {
        let Some(execution) = self.pick(pick, &["working", "opening", "provisional", "finalized"]) else { return };
        let signers = self.signers(&self.suite.execution(execution));
        let Some(runner) = signers.get(seat) else { return };
        let place = self.suite.place(execution);
        let [first, second] = [0, 1].map(|number| {
            let item = runner.seal(&place, &self.work(execution, number));
            SignedAct::Seal { seal: item.seal, signature: item.signature }
        });
        let msg = ExecuteMsg::ReportEquivocation { execution: execution.into(), runner: runner.id, first, second };
        // The seat's mark is all that changes after the end.
        self.seen.forget(execution);
        self.market("mallory", &msg);
    }

    /// One seat, or all.
    fn seal(&mut self, pick: usize, seat: Option<usize>, number: usize) {
        let Some(execution) = self.pick(pick, &["working"]) else { return };
        let work = self.work(execution, number);
        self.seal_work(&self.suite.execution(execution), seat, &work);
    }

    fn seal_work(&mut self, view: &ExecutionResponse, seat: Option<usize>, work: &Work) {
        let Some(panel) = view.panels.last() else { return };
        let execution = view.execution.u64();
        let place = self.suite.place(execution);
        let mut items: Vec<SealItem> = Vec::new();
        for (index, runner) in self.signers(view).iter().enumerate() {
            if seat.is_some_and(|seat| seat != index) {
                continue;
            }
            items.push(runner.seal(&place, work));
            if view.phase == "working" && panel.seats[index].progress == "seated" {
                self.sealed.insert((execution, runner.id), work.clone());
            }
        }
        self.market("relay", &ExecuteMsg::Seal { items });
    }

    /// Everybody opens what it sealed.
    fn open_all(&mut self, execution: u64) {
        let place = self.suite.place(execution);
        let open = |runner: Runner| {
            let work = self.sealed.get(&(execution, runner.id))?;
            Some(runner.open(&place, work))
        };
        let signers = self.signers(&self.suite.execution(execution));
        let items: Vec<OpenItem> = signers.into_iter().filter_map(open).collect();
        self.market("relay", &ExecuteMsg::Open { items });
    }

    fn enforce(&mut self, step: &Step) {
        match step {
            Step::Poke { pick, expire } => {
                let Some(execution) = self.pick(*pick, &OPEN) else { return };
                if *expire && self.suite.execution(execution).until.is_some() {
                    self.suite.expire(execution);
                }
                self.market("crank", &ExecuteMsg::Poke(Executions { executions: ids(&[execution, 1, 2]) }));
            }
            Step::Settle { expire } => {
                let Some(execution) = self.pick(0, &["provisional"]) else { return };
                if *expire && self.suite.execution(execution).phase == "provisional" {
                    self.suite.expire(execution);
                }
                let executions = self.some(24);
                self.market("crank", &ExecuteMsg::Settle(executions));
            }
            Step::Prune { pick } => {
                let Some(execution) = self.pick(*pick, &ENDED) else { return };
                self.seen.forget(execution);
                self.market("crank", &ExecuteMsg::Prune(Executions { executions: ids(&[execution]) }));
            }
            Step::Deliver { pick, how } => self.deliver(*pick, how),
            other => panic!("{other:?} enforces nothing"),
        }
    }

    /// The first executions.
    fn some(&self, many: usize) -> Executions {
        self.suite.executions().iter().map(|(id, _)| *id).take(many).collect()
    }

    fn deliver(&mut self, pick: usize, how: &How) {
        let puppet = self.suite.app.api().addr_canonicalize(self.puppet.as_str()).expect("an address");
        let all = self.suite.executions().into_iter().filter(|(_, execution)| execution.outcome().is_some());
        let mine: Vec<_> =
            all.filter(|(_, execution)| execution.requester == puppet.as_slice()).map(|(id, _)| id).collect();
        let Some(execution) = (!mine.is_empty()).then(|| mine[pick % mine.len()]) else { return };
        let behaviour = match how {
            How::Fails => Requester::Fails,
            How::CallsBack { with, strict } => Requester::CallsBack(self.calls(execution, with, *strict)),
            How::Well | How::Takes | How::Adds => Requester::Quiet,
        };
        strangers::requester_behaves(&mut self.suite.app, &self.puppet, &behaviour);
        let before = self.suite.ledger();
        for output in [Some(OUTPUT.to_owned()), None] {
            let outcome = self.suite.market("bob", &ExecuteMsg::Deliver { execution: execution.into(), output });
            let failed = outcome.as_ref().is_ok_and(|events| {
                events.iter().any(|event| matches!(event, MarketEvent::Delivered { status, .. } if status == "failed"))
            });
            assert!(!failed || self.suite.ledger() == before, "66: a callback that fails has moved something");
            if self.saw(outcome) {
                break;
            }
        }
    }

    /// What a stranger calls the market with, out of a call that it gets.
    fn calls(&mut self, execution: u64, with: &[usize], strict: bool) -> Calls {
        let messages = with.iter().map(|number| match number {
            0 => ExecuteMsg::Request { sub: 0, items: self.items(1, 0) },
            1 => ExecuteMsg::Withdraw { sub: 0, amount: Some(Uint128::new(700_000)), to: None },
            2 => ExecuteMsg::Deliver { execution: execution.into(), output: None },
            3 => ExecuteMsg::Settle(self.some(24)),
            4 => ExecuteMsg::Poke(self.some(4)),
            5 => ExecuteMsg::Claim { runners: vec![RunnerId(1), RunnerId(2)], versions: vec![self.suite.version] },
            6 => ExecuteMsg::Burn {},
            _ => ExecuteMsg::Seat(self.some(8)),
        });
        let messages = messages.map(|msg| to_json_binary(&msg).unwrap()).collect();
        Calls { to: self.suite.market.clone(), messages, strict }
    }

    /// The token behaves otherwise from now on.
    fn turn(&mut self, how: &How) {
        let behaviour = match how {
            How::Well => Token::Honest,
            How::Fails => Token::Fails,
            How::Takes => Token::Takes,
            How::Adds => Token::Adds(self.suite.account("relay")),
            How::CallsBack { with, strict } => Token::CallsBack(self.puppet.clone(), self.calls(1, with, *strict)),
        };
        self.behave(&behaviour);
    }

    fn behave(&mut self, behaviour: &Token) {
        if self.setting.hostile {
            strangers::token_behaves(&mut self.suite.app, &self.suite.token.clone(), behaviour);
        }
    }

    /// What another token's hook says is nothing to any contract.
    fn foreign(&mut self, what: usize, amount: u128) {
        let (market, service) = (self.suite.market.clone(), self.suite.service);
        let items = self.items(1, 0);
        let foreign = self.foreign.clone();
        let taken = match what {
            0 => self.send("mallory", &foreign, &send(&market, amount, &ReceiveMsg::Deposit { account: None, sub: 0 })),
            1 => self.send("mallory", &foreign, &send(&market, amount, &ReceiveMsg::Request { items })),
            2 => self.send("mallory", &foreign, &send(&market, amount, &ReceiveMsg::BondService { service })),
            _ => {
                let bond = staking::ReceiveMsg::Bond { runner: RunnerId(1) };
                let staking = self.suite.staking.clone();
                self.send("mallory", &foreign, &send(&staking, amount, &bond))
            }
        };
        assert!(!taken, "35: another token pays for nothing");
    }
}
