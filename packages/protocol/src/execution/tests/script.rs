//! A scripted execution: what each seat does, the driver that plays it to its end, and what must hold of every end.

use std::collections::BTreeMap;

use crate::beacon::BeaconParams;
use crate::clock::{Clock, Deadline};
use crate::codec::Record;
use crate::digest::{Digest32, sha256};
use crate::execution::*;
use crate::ids::{ExecutionId, ParamsId, RunnerId};
use crate::money::Escrow;
use crate::offence::Offence;
use crate::params::Params;
use crate::seal::{ErrorCode, Kind, Value, seal};
use crate::terms::{Committee, Policy, Terms};

pub const ID: ExecutionId = ExecutionId(9);
pub const DOMAIN: Digest32 = Digest32([5; 32]);
pub const BEACON: BeaconParams = BeaconParams { no: 0, genesis: 1_000, period: 3 };
pub const START: Clock = Clock { time: 1_000_000, height: 5_000 };
pub const EPOCH: u32 = 1_200;
pub const SERVICE_BOND: u128 = 1_000_000_000_000;

/// What a seat does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Seals and opens the honest value.
    Agree,
    /// Seals and opens another value.
    Dissent,
    /// Never seals.
    Silent,
    /// Seals and never opens.
    Shut,
    /// As `Agree`, and a second seal of it is reported.
    Equivocate,
    /// Gives the seat up: its machine cannot.
    Decline,
    /// Gives the seat up: it cannot get the input.
    Starved,
}

pub const ACTS: [Act; 7] =
    [Act::Agree, Act::Dissent, Act::Silent, Act::Shut, Act::Equivocate, Act::Decline, Act::Starved];

impl Act {
    /// The value it seals, if it seals.
    pub const fn sealed(self) -> Option<u8> {
        match self {
            Self::Agree | Self::Equivocate | Self::Shut => Some(0),
            Self::Dissent => Some(1),
            Self::Silent | Self::Decline | Self::Starved => None,
        }
    }

    /// The value it opens, if it opens.
    pub const fn opened(self) -> Option<u8> {
        if matches!(self, Self::Shut) { None } else { self.sealed() }
    }

    pub const fn declines(self) -> bool {
        matches!(self, Self::Decline | Self::Starved)
    }
}

/// The rows of a script.
#[derive(Clone)]
pub struct Rows {
    pub terms: Terms,
    pub params: Params,
    pub more: u8,
}

impl Rows {
    /// `Replicate` with k1 validators and the smallest round 2, which is the last.
    pub fn new(k1: u8) -> Self {
        Self::with(k1, k1 + 2, None)
    }

    pub fn with(k1: u8, k2: u8, k3: Option<u8>) -> Self {
        let committee = Committee { k1, k2, k3 };
        let mut terms = Terms { committee, max_k1: 7, seat_bond: u128::MAX, ..crate::terms::tests::terms() };
        terms.seat_bond = terms.seat_bond_needed().unwrap();
        terms.check().unwrap();
        Self { terms, params: crate::params::tests::params(), more: 0 }
    }

    pub fn verify(mut self) -> Self {
        self.terms.policy = Policy::Verify;
        self.terms.price.per_mfuel = 0;
        self.terms.check().unwrap();
        self
    }

    pub fn rules(&self) -> Rules<'_> {
        Rules::new(&self.terms, &self.params, self.more, Market { domain: &DOMAIN, beacon: &BEACON }, ID)
    }

    /// Value 0 is the honest one; under `Verify` 1 is Invalid and the others are other witnesses, else [`ERROR`] is an
    /// error.
    pub fn value(&self, number: u8) -> Value {
        if !self.rules().verifies() {
            return if number == ERROR { trapped() } else { value(number) };
        }
        let witness = Value { kind: Kind::Valid, mfuel: 0, ..value(number) };
        if number == 1 { verdict_invalid() } else { witness }
    }

    pub fn sealing(&self, round: u8, runner: RunnerId, number: u8) -> Digest32 {
        let h = self.rules().round_value(round, &self.value(number));
        seal(&DOMAIN, ID, round, runner, &h, &salt(round, runner))
    }

    pub fn opening(&self, round: u8, runner: RunnerId, number: u8) -> Opening {
        Opening { value: self.rules().round_value(round, &self.value(number)), salt: salt(round, runner) }
    }

    pub fn escrow(&self) -> Escrow {
        Escrow::of(&self.rules().rates(), self.terms.max_usage_for(100)).unwrap()
    }
}

pub fn verdict_invalid() -> Value {
    Value { kind: Kind::Invalid, output: Digest32::ZERO, output_len: 0, mfuel: 0 }
}

/// Number of an error value.
pub const ERROR: u8 = 3;

fn trapped() -> Value {
    Value { kind: Kind::Err(ErrorCode::Trap), ..verdict_invalid() }
}

pub fn value(number: u8) -> Value {
    Value { kind: Kind::Ok, output: sha256(&[&[number]]), output_len: 200, mfuel: 3 }
}

/// What `Verify`'s executor or the own runner posts.
pub fn result() -> Value {
    Value { mfuel: 0, ..value(7) }
}

pub fn salt(round: u8, runner: RunnerId) -> Digest32 {
    sha256(&[b"salt", &[round], &runner.to_be_bytes()])
}

/// Just requested.
pub fn queued(rows: &Rows) -> Execution {
    let binding = Binding::new(&BEACON, rows.params.margin, START);
    Execution {
        requester: vec![1; 20],
        sub: 0,
        service: rows.terms.service,
        version: rows.terms.version,
        terms: 1.into(),
        params: ParamsId(1),
        more_validators: rows.more,
        own_runner: None,
        requested: START,
        input: InputRef { digest: Digest32([2; 32]), len: 100, inline: true },
        escrow: rows.escrow().total,
        tips_paid: 0,
        pot: 0,
        phase: Phase::Queued { round: rows.rules().first_round(), since: START, turns: 0, binding },
        panels: Vec::new(),
        result: None,
        value: None,
        decided: 0,
        challenge: None,
        unseated_challenges: 0,
        history: Vec::new(),
    }
}

pub fn candidate(runner: u32) -> Candidate {
    Candidate { runner: RunnerId(runner), key_no: 0, seats: 2 }
}

/// Number of the runner before the first candidate of a round: round 1 is drawn from 1 on.
pub const fn before(round: u8) -> u32 {
    match round {
        ROUND_1 => 0,
        ROUND_0 => 90,
        round => 100 * round as u32,
    }
}

/// The first `count` candidates of a round.
pub fn candidates(round: u8, count: u32) -> Vec<Candidate> {
    (1..=count).map(|place| candidate(before(round) + place)).collect()
}

/// `later` seconds and as many blocks of 10 seconds after the start.
pub fn at(later: u64) -> Clock {
    Clock { time: START.time + later, height: START.height + later.div_ceil(10) }
}

/// Seats the queued round with `spares` spares.
pub fn seat(execution: &mut Execution, rows: &Rows, spares: u32, now: Clock) {
    let Phase::Queued { round, .. } = execution.phase else { panic!("not queued") };
    let wanted = u32::from(rows.rules().seats(round)) + spares;
    let drawn = candidates(round, wanted);
    execution.seat_committee(rows.rules(), &drawn, wanted as u16, EPOCH, now).unwrap();
}

/// Round 1 of a `Replicate` execution, seated.
pub fn seated(rows: &Rows, spares: u32) -> Execution {
    let mut execution = queued(rows);
    seat(&mut execution, rows, spares, at(30));
    execution
}

/// Candidates behind the spares, and who has no free seat.
#[derive(Clone, Default)]
pub struct Pool {
    pub behind: Vec<Candidate>,
    pub full: Vec<RunnerId>,
    /// Arguments of each call of `more`: drawn, count.
    pub asked: Vec<(u16, u8)>,
}

impl Bench for Pool {
    fn is_free(&mut self, _: u8, candidate: &Candidate) -> bool {
        !self.full.contains(&candidate.runner)
    }

    fn more(&mut self, panel: &Panel, count: u8) -> Vec<Candidate> {
        self.asked.push((panel.drawn, count));
        let count = self.behind.len().min(count.into());
        self.behind.drain(..count).collect()
    }
}

/// How what a round agrees on comes on chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Path {
    /// Every seat posts its own acts.
    OnChain,
    /// Decliners first; where all seats then show one value, a certificate.
    Certificate,
    /// As on chain, but once the first seat has opened, a certificate where all seats show one value.
    Late,
}

/// The driver: plays seats by a script, pokes whatever stands still, and notes what happened.
#[derive(Clone)]
pub struct Play<'a> {
    pub rows: &'a Rows,
    pub execution: Execution,
    pub now: Clock,
    pub faults: Vec<Fault>,
    pub bench: Pool,
    pub pokes: u32,
    /// Spares of rounds 0 and 1; later rounds have those of the rules.
    pub spares: u32,
    pub path: Path,
    /// Rounds that a certificate decided.
    pub certified: Vec<u8>,
    /// Verdicts are published.
    pub publish: bool,
    /// Challenges that will be raised.
    pub challenges: u8,
    /// Of these, how many are not seated.
    pub unseatable: u8,
    /// What reporters of equivocations got.
    pub reporters: u128,
    /// Bytes of the result that `Verify`'s executor posts.
    pub output_len: u64,
    /// What the executor of `Verify` posts is wrong: Invalid is the honest value, and who dissents finds it valid.
    pub wrong: bool,
}

impl<'a> Play<'a> {
    pub fn new(rows: &'a Rows, spares: u32) -> Self {
        Self {
            rows,
            execution: queued(rows),
            now: at(30),
            faults: Vec::new(),
            bench: Pool::default(),
            pokes: 0,
            spares,
            path: Path::OnChain,
            certified: Vec::new(),
            publish: true,
            challenges: 0,
            unseatable: 0,
            reporters: 0,
            output_len: result().output_len,
            wrong: false,
        }
    }

    /// Enforces the present deadline as soon as it has passed.
    pub fn poke(&mut self) -> Poked {
        let until = until(&self.execution, self.rows).unwrap();
        self.now = Clock { time: self.now.time.max(until.time), height: self.now.height.max(until.height) };
        let poked = self.execution.poke(self.rows.rules(), self.now, &mut self.bench, false).unwrap();
        self.note(&poked.faults);
        self.pokes += 1;
        poked
    }

    /// A slash takes what it asks for.
    fn note(&mut self, faults: &[Fault]) {
        for fault in faults {
            let reward = if fault.offence == Offence::Equivocation { fault.amount / 5 } else { 0 };
            self.reporters += reward;
            self.execution.add_penalty(fault.amount - reward).unwrap();
        }
        self.faults.extend(faults);
    }

    /// Plays to the end. The seats that a round begins with act in the order of `order`, then whoever joins.
    pub fn run(&mut self, script: &impl Fn(u8, RunnerId) -> Act, order: &[usize]) {
        while self.execution.outcome().is_none() {
            self.step(script, order);
        }
    }

    /// Plays until the phase has this name.
    pub fn run_to(&mut self, name: &str, script: &impl Fn(u8, RunnerId) -> Act) {
        while self.execution.phase.name() != name {
            assert!(self.execution.outcome().is_none(), "ended as {:?}", self.execution.outcome());
            self.step(script, &[]);
        }
    }

    /// Everybody acts once in the present phase; where nothing moves it on, a poke does.
    pub fn step(&mut self, script: &impl Fn(u8, RunnerId) -> Act, order: &[usize]) {
        let before = (self.execution.phase.code(), self.execution.history.len());
        match self.execution.phase {
            Phase::Queued { .. } => self.seat_or_not(),
            Phase::Working { round, .. } => self.work(round, script, order),
            Phase::Opening { round, .. } => self.open(round, script, order),
            Phase::Publishing { round, .. } if self.publish => self.publish_verdict(round),
            Phase::Provisional { .. } if self.challenges > 0 && self.challengeable() => self.challenge(),
            _ => {}
        }
        if self.execution.outcome().is_none() && before == (self.execution.phase.code(), self.execution.history.len()) {
            self.poke();
        }
    }

    fn seat_or_not(&mut self) {
        let Phase::Queued { round, .. } = self.execution.phase else { return };
        if self.execution.challenge.is_some() && self.unseatable > 0 {
            self.unseatable -= 1;
            return;
        }
        let spares = if round >= ROUND_2 { self.rows.rules().spares(round).into() } else { self.spares };
        seat(&mut self.execution, self.rows, spares, self.now);
    }

    fn runners(&self, round: u8, order: &[usize]) -> Vec<RunnerId> {
        let seats: Vec<_> = self.execution.seats(round).iter().map(|seat| seat.runner).collect();
        let first = order.iter().filter_map(|index| seats.get(*index).copied());
        let mut runners: Vec<_> = first.collect();
        let rest: Vec<_> = seats.into_iter().filter(|runner| !runners.contains(runner)).collect();
        runners.extend(rest);
        runners
    }

    fn work(&mut self, round: u8, script: &impl Fn(u8, RunnerId) -> Act, order: &[usize]) {
        if self.path == Path::Certificate {
            while let Some((runner, act)) = self.decliner(round, script) {
                self.act(round, runner, act);
            }
            if self.try_certify(round, script) {
                return;
            }
        }
        // Who joins in place of a decliner acts, too.
        let mut order = order;
        let mut acted = true;
        while acted && matches!(self.execution.phase, Phase::Working { round: now, .. } if now == round) {
            acted = false;
            for runner in self.runners(round, order) {
                let seated = self.execution.seat(runner).is_ok_and(|(_, seat)| seat.progress == Progress::Seated);
                if seated && matches!(self.execution.phase, Phase::Working { .. }) {
                    acted |= self.act(round, runner, script(round, runner));
                }
            }
            order = &[];
        }
    }

    const fn number(&self, number: u8) -> u8 {
        if self.wrong { 1 - number } else { number }
    }

    fn decliner(&self, round: u8, script: &impl Fn(u8, RunnerId) -> Act) -> Option<(RunnerId, Act)> {
        let waiting = self.execution.seats(round).iter().filter(|seat| seat.progress == Progress::Seated);
        waiting.map(|seat| (seat.runner, script(round, seat.runner))).find(|(_, act)| act.declines())
    }

    fn act(&mut self, round: u8, runner: RunnerId, act: Act) -> bool {
        let rules = self.rows.rules();
        if act == Act::Equivocate {
            self.report(runner);
        }
        if act.declines() {
            let code = if act == Act::Starved { DeclineCode::Unavailable } else { DeclineCode::Machine };
            let left = self.execution.decline(rules, runner, code, self.now, &mut self.bench).unwrap();
            assert!(left.faults.is_empty(), "a decline costs nothing at once");
            return true;
        }
        let Some(number) = act.sealed().map(|number| self.number(number)) else { return false };
        if round == ROUND_0 {
            let result = Value { output_len: self.output_len, ..result() };
            self.execution.post_result(rules, runner, result, self.now).unwrap();
        } else {
            let seal = self.rows.sealing(round, runner, number);
            self.execution.seal(rules, runner, seal, self.now).unwrap();
        }
        true
    }

    /// Reports an equivocation once.
    pub fn report(&mut self, runner: RunnerId) {
        if let Ok(fault) = self.execution.equivocate(self.rows.rules(), runner) {
            self.note(&[fault]);
        }
    }

    fn try_certify(&mut self, round: u8, script: &impl Fn(u8, RunnerId) -> Act) -> bool {
        let runners = self.runners(round, &[]);
        let acts: Vec<_> = runners.iter().map(|runner| script(round, *runner)).collect();
        let Some(number) = acts.first().and_then(|act| act.opened()) else { return false };
        if round == ROUND_0 || !acts.iter().all(|act| act.opened() == Some(number)) {
            return false;
        }
        for (runner, _) in runners.iter().zip(&acts).filter(|(_, act)| **act == Act::Equivocate) {
            self.report(*runner);
        }
        let certificate = certificate(self.rows, &self.execution, round, self.number(number));
        let rules = self.rows.rules();
        self.execution.certify(rules, &certificate, self.now, |_, _| Ok::<_, StepError>(())).unwrap();
        self.certified.push(round);
        true
    }

    fn open(&mut self, round: u8, script: &impl Fn(u8, RunnerId) -> Act, order: &[usize]) {
        for (place, runner) in self.runners(round, order).into_iter().enumerate() {
            if place == 1 && self.path == Path::Late && self.try_certify(round, script) {
                return;
            }
            let sealed = matches!(self.execution.seat(runner).unwrap().1.progress, Progress::Sealed(_));
            let Some(number) = script(round, runner).opened().filter(|_| sealed) else { continue };
            let opening = self.rows.opening(round, runner, self.number(number));
            self.execution.open(self.rows.rules(), runner, opening, self.now).unwrap();
        }
    }

    fn publish_verdict(&mut self, round: u8) {
        let rules = self.rows.rules();
        let verdict = self.execution.verdict(rules, round);
        let value = (0..8).map(|number| self.rows.value(number));
        let mut value = value.filter(|value| Some(rules.round_value(round, value)) == verdict);
        self.execution.publish(rules, value.next().unwrap(), self.now).unwrap();
    }

    fn challengeable(&self) -> bool {
        self.execution.check_challenge(self.rows.rules(), self.now).is_ok()
    }

    fn challenge(&mut self) {
        self.challenges -= 1;
        let rules = self.rows.rules();
        let bond = rules.challenge_bond(self.execution.input.len).unwrap();
        self.execution.challenge(rules, vec![3; 20], bond, self.now).unwrap();
    }

    /// The end of it: slashes what is known only now, takes the settle tip, and checks what holds of every end.
    pub fn settled(&mut self) -> Settlement {
        let rules = self.rows.rules();
        let faults = self.execution.final_faults(rules).unwrap();
        self.note(&faults);
        self.execution.take_tip(rules, self.rows.params.tips.settle);
        let parts = self.execution.settlement(rules, SERVICE_BOND).unwrap();
        check_end(self, &parts);
        parts
    }

    /// Slashes by runner, all offences together.
    pub fn slashed(&self) -> BTreeMap<u32, u128> {
        let mut slashed = BTreeMap::new();
        for fault in self.faults.iter().filter(|fault| fault.amount > 0) {
            *slashed.entry(fault.runner.0).or_default() += fault.amount;
        }
        slashed
    }

    pub fn at_fault(&self, offence: Offence) -> Vec<u32> {
        let mut runners: Vec<_> = self.faults.iter().filter(|it| it.offence == offence).map(|it| it.runner.0).collect();
        runners.sort_unstable();
        runners
    }
}

pub fn paid(parts: &Settlement) -> BTreeMap<u32, u128> {
    let mut paid = BTreeMap::new();
    for (runner, amount) in parts.seats.iter().filter(|(_, amount)| *amount > 0) {
        *paid.entry(runner.0).or_default() += amount;
    }
    paid
}

/// The certificate of `round` for a value.
pub fn certificate(rows: &Rows, execution: &Execution, round: u8, number: u8) -> Certificate {
    let salts = execution.seats(round).iter().map(|seat| salt(round, seat.runner)).collect();
    Certificate { value: rows.value(number), salts }
}

/// Invariants 3, 4, 8, 15, 16 and 18, and that the record comes back.
fn check_end(play: &Play<'_>, parts: &Settlement) {
    let execution = &play.execution;
    let seats: u128 = parts.seats.iter().map(|(_, amount)| amount).sum();
    let paid = seats + parts.developer + parts.producers + parts.burn + parts.user + parts.challenger;
    let bond = execution.challenge.as_ref().map_or(0, |challenge| challenge.bond);
    let from = execution.escrow + execution.pot + bond + parts.from_service_bond;
    assert_eq!(paid + execution.tips_paid, from, "every unit has an owner");
    for (runner, amount) in play.slashed() {
        assert!(amount <= play.rows.terms.seat_bond, "runner {runner} loses more than its bond");
    }
    let least = match execution.outcome().unwrap() {
        Outcome::Refunded(Refund::NoResult) => execution.escrow / 2,
        Outcome::Refunded(_) => execution.escrow,
        _ => 0,
    };
    assert!(parts.user + play.rows.params.tips.kappa() >= least, "invariant 18");
    check_seats(execution);
    check_verdict(play);
    assert_eq!(Execution::decode(&execution.encode()).as_ref(), Ok(execution));
}

fn check_seats(execution: &Execution) {
    let mut asked = Vec::new();
    for panel in &execution.panels {
        asked.extend(panel.seats.iter().filter(|seat| seat.progress != Progress::Declined).map(|seat| seat.runner));
        asked.extend(panel.declined.iter().map(|it| it.runner).chain(panel.missed.iter().copied()));
    }
    let all = asked.len();
    asked.sort_unstable();
    asked.dedup();
    assert_eq!(asked.len(), all, "invariant 8: nobody sits twice");
}

/// A value stands only by a full house or two thirds of a later round, and judges only rounds up to that one.
fn check_verdict(play: &Play<'_>) {
    let (execution, rules) = (&play.execution, play.rows.rules());
    let judged: Vec<_> = play.faults.iter().filter(|it| it.offence == Offence::WrongOrUnopened).collect();
    for fault in &judged {
        let (round, seat) = execution.seat(fault.runner).unwrap();
        let unopened = seat.progress == Progress::Unopened;
        assert!(unopened || execution.value.is_some(), "invariant 16: no verdict, no content slash");
        assert!(unopened || round <= execution.decided, "invariant 16: round {round} is not judged");
    }
    if execution.decided > 0 {
        let value = rules.round_value(execution.decided, &execution.value.unwrap());
        let holders = execution.panel(execution.decided).unwrap().holders(value).count();
        assert!(holders >= usize::from(rules.quorum(execution.decided)), "invariant 15");
    }
    let finds = matches!(execution.outcome(), Some(Outcome::Finalized | Outcome::Corrected | Outcome::Failed(_)));
    assert!(!finds || execution.decided > 0 || execution.is_unattested(), "invariant 15");
}

/// The deadline of the present phase.
pub fn until(execution: &Execution, rows: &Rows) -> Option<Deadline> {
    match execution.phase {
        Phase::Queued { since, .. } => Some(Deadline::after(since, rows.params.t_queue, rows.params.block_max_avg)),
        phase => phase.until(),
    }
}
