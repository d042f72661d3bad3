//! A scripted committee: what each seat does, and the driver that plays it out.

use crate::beacon::{BeaconParams, Round};
use crate::clock::Clock;
use crate::digest::{Digest32, sha256};
use crate::execution::*;
use crate::ids::{ExecutionId, ParamsId, RunnerId};
use crate::money::Escrow;
use crate::params::Params;
use crate::seal::{Kind, Value, round_value, seal};
use crate::terms::{Committee, Terms};

pub const ID: ExecutionId = ExecutionId(9);
pub const DOMAIN: Digest32 = Digest32([5; 32]);
pub const BEACON: BeaconParams = BeaconParams { no: 0, genesis: 1_000, period: 3 };
pub const START: Clock = Clock { time: 1_000_000, height: 5_000 };

/// What a seat does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Seals and opens the honest value.
    Agree,
    /// Seals and opens another value.
    Dissent,
    /// Never seals.
    Silent,
    /// Seals and never opens.
    Shut,
}

pub const ACTS: [Act; 4] = [Act::Agree, Act::Dissent, Act::Silent, Act::Shut];

pub fn terms(k1: u8) -> Terms {
    let base = crate::terms::tests::terms();
    Terms { committee: Committee { k1, k2: k1 + 2, k3: None }, ..base }
}

pub fn params() -> Params {
    crate::params::tests::params()
}

pub fn value(number: u8) -> Value {
    Value { kind: Kind::Ok, output: sha256(&[&[number]]), output_len: 200, mfuel: 3 }
}

fn salt(runner: RunnerId) -> Digest32 {
    sha256(&[b"salt", &runner.to_be_bytes()])
}

/// The rows of a script.
pub struct Rows {
    pub terms: Terms,
    pub params: Params,
}

impl Rows {
    pub fn new(k1: u8) -> Self {
        Self { terms: terms(k1), params: params() }
    }

    pub fn rules(&self) -> Rules<'_> {
        Rules { terms: &self.terms, params: &self.params }
    }
}

pub fn queued(rows: &Rows) -> Execution {
    let escrow = Escrow::of(&rows.rules().rates(), rows.terms.max_usage_for(100)).unwrap();
    Execution {
        requester: vec![1; 20],
        sub: 0,
        service: rows.terms.service,
        version: rows.terms.version,
        terms: 1.into(),
        params: ParamsId(1),
        requested: START,
        input: InputRef { digest: Digest32([2; 32]), len: 100, inline: true },
        escrow: escrow.total,
        tips_paid: 0,
        pot: 0,
        phase: Phase::Queued { since: START, binding: Binding::new(&BEACON, rows.params.margin, START) },
        drawn_by: Round::default(),
        seats: Vec::new(),
        spares: Vec::new(),
        value: None,
        history: Vec::new(),
    }
}

pub fn candidates(count: u32) -> Vec<Candidate> {
    (1..=count).map(|runner| Candidate { runner: RunnerId(runner), key_no: 0, seats: 2 }).collect()
}

/// `later` seconds and as many blocks of 10 seconds after the start.
pub fn at(later: u64) -> Clock {
    Clock { time: START.time + later, height: START.height + later.div_ceil(10) }
}

/// Seated with `spares` spares.
pub fn seated(rows: &Rows, spares: u32) -> Execution {
    let mut execution = queued(rows);
    let seats = u32::from(rows.terms.committee.seats());
    execution.seat_committee(rows.rules(), &candidates(seats + spares), at(30)).unwrap();
    execution
}

pub fn sealing(runner: RunnerId, value: &Value) -> Digest32 {
    let h = round_value(&DOMAIN, ID, ROUND_1, &value.digest());
    seal(&DOMAIN, ID, ROUND_1, runner, &h, &salt(runner))
}

pub fn opening(runner: RunnerId, value: &Value) -> Opening {
    Opening { value: round_value(&DOMAIN, ID, ROUND_1, &value.digest()), salt: salt(runner) }
}

/// The driver: plays `acts` by runner (1 is the first candidate), pokes whatever stands still, and notes what happened.
pub struct Play<'a> {
    pub rows: &'a Rows,
    pub execution: Execution,
    pub now: Clock,
    pub no_shows: Vec<NoShow>,
    pub pokes: u32,
}

impl<'a> Play<'a> {
    pub fn new(rows: &'a Rows, spares: u32) -> Self {
        Self { rows, execution: seated(rows, spares), now: at(30), no_shows: Vec::new(), pokes: 0 }
    }

    /// Enforces the present deadline as soon as it has passed. A slash takes what it asks for.
    pub fn poke(&mut self) {
        let Some(until) = until(&self.execution, self.rows) else { return };
        self.now = Clock { time: self.now.time.max(until.time), height: self.now.height.max(until.height) };
        let poked = self.execution.poke(self.rows.rules(), self.now, |_| true, false).unwrap();
        for no_show in &poked.no_shows {
            self.execution.add_penalty(no_show.amount).unwrap();
        }
        self.no_shows.extend(poked.no_shows);
        self.pokes += 1;
    }

    /// Plays to the end: seats act in the order of `order`, indices into the present committee.
    pub fn run(&mut self, act: impl Fn(RunnerId) -> Act, order: &[usize], published: bool) {
        while self.execution.outcome().is_none() {
            let before = self.execution.phase;
            match before {
                Phase::Working { .. } => self.each(order, |play, runner| play.seal(runner, act(runner))),
                Phase::Opening { .. } => self.each(order, |play, runner| play.open(runner, act(runner))),
                Phase::Publishing { .. } if published => {
                    let value = value(if act(self.execution.seats[0].runner) == Act::Dissent { 1 } else { 0 });
                    self.execution.publish(&DOMAIN, ID, self.rows.rules(), value, self.now).unwrap();
                }
                _ => {}
            }
            if self.execution.phase == before {
                self.poke();
            }
        }
    }

    fn each(&mut self, order: &[usize], act: impl Fn(&mut Self, RunnerId)) {
        let seats: Vec<_> = self.execution.seats.iter().map(|seat| seat.runner).collect();
        for index in order {
            if let Some(runner) = seats.get(*index) {
                act(self, *runner);
            }
        }
    }

    fn seal(&mut self, runner: RunnerId, act: Act) {
        let number = match act {
            Act::Silent => return,
            Act::Dissent => 1,
            Act::Agree | Act::Shut => 0,
        };
        if !self.execution.seat(runner).unwrap().sealed() {
            self.execution.seal(self.rows.rules(), runner, sealing(runner, &value(number)), self.now).unwrap();
        }
    }

    fn open(&mut self, runner: RunnerId, act: Act) {
        let number = match act {
            Act::Silent | Act::Shut => return,
            Act::Dissent => 1,
            Act::Agree => 0,
        };
        let opening = opening(runner, &value(number));
        if matches!(self.execution.phase, Phase::Opening { .. }) {
            self.execution.open(&DOMAIN, ID, self.rows.rules(), runner, opening, self.now).unwrap();
        }
    }

    /// The settlement; its parts must add up to escrow and pot exactly.
    pub fn settled(&mut self) -> Settlement {
        let settle = self.rows.params.tips.settle;
        self.execution.take_tip(self.rows.rules(), settle);
        let parts = self.execution.settlement(self.rows.rules()).unwrap();
        let seats: u128 = parts.seats.iter().map(|(_, amount)| amount).sum();
        let paid = seats + parts.developer + parts.producers + parts.burn + parts.user;
        assert_eq!(
            paid + self.execution.tips_paid,
            self.execution.escrow + self.execution.pot,
            "every unit has an owner"
        );
        parts
    }
}

/// The deadline of the present phase.
pub fn until(execution: &Execution, rows: &Rows) -> Option<Deadline> {
    Some(match execution.phase {
        Phase::Queued { since, .. } => Deadline::after(since, rows.params.t_queue, rows.params.block_max_avg),
        Phase::Working { until, .. }
        | Phase::Opening { until }
        | Phase::Publishing { until, .. }
        | Phase::Provisional { until } => until,
        Phase::Ended { .. } => return None,
    })
}
