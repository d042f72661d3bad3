//! One execution played out: its committees drawn, its seats acting, the state machine of mesg-protocol deciding and
//! paying.

use mesg_protocol::clock::{Clock, Deadline};
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{
    Bench, Binding, Candidate, DeclineCode, Execution, Fault, InputRef, Opening, Panel, Phase, Poked, ROUND_0, Rules,
    Settlement,
};
use mesg_protocol::ids::{ExecutionId, ParamsId, RunnerId, TermsId};
use mesg_protocol::money::Escrow;
use mesg_protocol::seal::{ErrorCode, Kind, Value, seal};
use mesg_protocol::sum_tree::{CachedTree, TreeError};

use crate::error::SimError;
use crate::pool::{Pool, Randomness, candidates};
use crate::rows::{A, EPOCH_SECS, Rows};

/// When every execution is requested.
const START: Clock = Clock { time: 1_000_000, height: 5_000 };
/// Length of the input.
const INPUT_LEN: u32 = 100;
/// Acts and deadlines of an execution at most; more is a fault of the rules.
const STEPS: u32 = 64;
/// What a service's bond holds for jurors who could not agree: more than enough.
const SERVICE_BOND: u128 = 1_000 * A;

/// The right result.
pub const RIGHT: Value = output(1);
/// The coalition's result.
pub const WRONG: Value = output(2);
/// What a lazy runner answers without running the task.
pub const LAZY_ERROR: Value =
    Value { kind: Kind::Err(ErrorCode::Trap), output: Digest32::ZERO, output_len: 0, mfuel: 0 };
/// The checker accepts, and its witness.
pub const VALID: Value = Value { kind: Kind::Valid, ..output(3) };
/// Accepted without having checked, so with a witness that is guessed.
pub const LAZY_VALID: Value = Value { kind: Kind::Valid, ..output(4) };

const fn output(number: u8) -> Value {
    Value { kind: Kind::Ok, output: Digest32([number; 32]), output_len: 100, mfuel: 0 }
}

/// Every value that a seat may give: who publishes finds the verdict's preimage among them.
const VALUES: [Value; 5] = [RIGHT, WRONG, LAZY_ERROR, VALID, LAZY_VALID];

/// What a seat does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Seals and opens.
    Give(Value),
    /// Seals and never opens.
    Shut(Value),
    /// Never seals.
    Silent,
    /// Gives the seat up at once.
    Decline,
}

/// How everybody behaves.
pub trait Behaviour {
    /// A committee was seated.
    fn seated(&mut self, _execution: &Execution, _round: u8) {}

    /// What `runner` does with its seat in `round`.
    fn act(&mut self, execution: &Execution, round: u8, runner: RunnerId) -> Act;

    /// Whether somebody challenges the value that stands.
    fn challenges(&mut self, _execution: &Execution) -> bool {
        false
    }

    /// Whether the slot for publishing is let pass.
    fn passes_slot(&mut self, _runner: RunnerId) -> bool {
        false
    }
}

/// An execution that has ended, and all money of it.
#[derive(Clone, Debug)]
pub struct Case {
    /// In its last state.
    pub execution: Execution,
    /// Every slash.
    pub faults: Vec<Fault>,
    /// Every payment.
    pub settlement: Settlement,
    /// Bond of a challenger, 0 without one.
    pub challenge_bond: u128,
}

/// Where executions are played: a pool, a task, a source of randomness.
pub struct Court<'a> {
    tree: CachedTree<'a, Pool>,
    rows: &'a Rows,
    randomness: Randomness,
    domain: Digest32,
}

impl<'a> Court<'a> {
    /// A court that draws from `pool`.
    #[must_use]
    pub const fn new(pool: &'a Pool, rows: &'a Rows, randomness: Randomness) -> Self {
        Self { tree: pool.tree(), rows, randomness, domain: randomness.domain() }
    }

    /// The first `wanted` runners in the order of a round's draw.
    ///
    /// # Errors
    /// Those of the tree.
    pub fn order(&mut self, id: ExecutionId, round: u8, wanted: u8) -> Result<Vec<Candidate>, SimError> {
        Ok(candidates(&mut self.tree, self.randomness.seed(id, round), wanted.into(), |_| true)?)
    }

    /// Plays execution `id` to its end. All slashes are collected in full: whole seats never promise more than a
    /// runner's stake.
    ///
    /// # Errors
    /// The state machine refused an act, did not end, or money was made or lost.
    pub fn play(&mut self, id: ExecutionId, behaviour: &mut impl Behaviour) -> Result<Case, SimError> {
        let (rows, domain) = (self.rows, self.domain);
        let mut play = Play {
            rules: rows.rules(&domain, id),
            execution: requested(rows.rules(&domain, id))?,
            now: START,
            faults: Vec::new(),
            challenge_bond: 0,
            bench: Draws { tree: &mut self.tree, randomness: self.randomness, id },
        };
        for _ in 0..STEPS {
            let before = play.execution.phase;
            play.step(behaviour)?;
            if play.execution.outcome().is_some() {
                return play.ended();
            }
            if play.execution.phase == before {
                play.poke()?;
            }
            if play.execution.outcome().is_some() {
                return play.ended();
            }
        }
        Err(SimError::Broken("an execution did not end"))
    }
}

fn requested(rules: Rules<'_>) -> Result<Execution, SimError> {
    let usage = rules.terms.max_usage_for(INPUT_LEN.into());
    let binding = Binding::new(rules.beacon, rules.params.margin, START);
    Ok(Execution {
        requester: vec![1; 20],
        sub: 0,
        service: rules.terms.service,
        version: rules.terms.version,
        terms: TermsId(1),
        params: ParamsId(1),
        more_validators: 0,
        own_runner: None,
        requested: START,
        input: InputRef { digest: Digest32([9; 32]), len: INPUT_LEN, inline: true },
        escrow: Escrow::of(&rules.rates(), usage)?.total,
        tips_paid: 0,
        pot: 0,
        phase: Phase::Queued { round: rules.first_round(), since: START, turns: 0, binding },
        panels: Vec::new(),
        result: None,
        value: None,
        decided: 0,
        challenge: None,
        unseated_challenges: 0,
        history: Vec::new(),
    })
}

/// The draws of one execution.
struct Draws<'a, 'b> {
    tree: &'b mut CachedTree<'a, Pool>,
    randomness: Randomness,
    id: ExecutionId,
}

impl Draws<'_, '_> {
    /// `wanted` runners of a round's draw after the first `skipped` that have had no seat; how many were drawn for them.
    fn next(&mut self, execution: &Execution, round: u8, wanted: u8) -> Result<(Vec<Candidate>, u16), TreeError> {
        let seed = self.randomness.seed(self.id, round);
        let drawn = std::cell::Cell::new(0_u16);
        let found = candidates(self.tree, seed, wanted.into(), |runner| {
            drawn.set(drawn.get().saturating_add(1));
            !execution.has_sat(runner)
        })?;
        Ok((found, drawn.get()))
    }
}

impl Bench for Draws<'_, '_> {
    /// The pools of these experiments have many more seats than executions.
    fn is_free(&mut self, _: u8, _: &Candidate) -> bool {
        true
    }

    fn more(&mut self, panel: &Panel, count: u8) -> Vec<Candidate> {
        let seed = self.randomness.seed(self.id, panel.round);
        let wanted = panel.drawn.saturating_add(count.into());
        let order = candidates(self.tree, seed, wanted.into(), |_| true).unwrap_or_default();
        order.into_iter().skip(panel.drawn.into()).collect()
    }
}

/// One execution being played.
struct Play<'a, 'b, 'c> {
    rules: Rules<'a>,
    execution: Execution,
    now: Clock,
    faults: Vec<Fault>,
    challenge_bond: u128,
    bench: Draws<'b, 'c>,
}

impl Play<'_, '_, '_> {
    /// Everybody does what they do in the present phase.
    fn step(&mut self, behaviour: &mut impl Behaviour) -> Result<(), SimError> {
        match self.execution.phase {
            Phase::Queued { round, .. } => self.seat(round, behaviour),
            Phase::Working { round, .. } => self.work(round, behaviour),
            Phase::Opening { round, .. } => self.open(round, behaviour),
            Phase::Publishing { round, .. } => self.publish(round, behaviour),
            Phase::Provisional { .. } => self.doubt(behaviour),
            Phase::OwnRun { .. } | Phase::Ended { .. } => Ok(()),
        }
    }

    fn seat(&mut self, round: u8, behaviour: &mut impl Behaviour) -> Result<(), SimError> {
        let wanted = self.rules.wanted(round);
        let (found, drawn) = self.bench.next(&self.execution, round, wanted)?;
        self.execution.seat_committee(self.rules, &found, drawn, EPOCH_SECS, self.now)?;
        behaviour.seated(&self.execution, round);
        Ok(())
    }

    /// Seats act one after the other; who joins for one that declined acts too.
    fn work(&mut self, round: u8, behaviour: &mut impl Behaviour) -> Result<(), SimError> {
        let mut asked = Vec::new();
        loop {
            let seats = self.execution.seats(round).iter();
            let next = seats.filter(|seat| !seat.sealed() && seat.held()).find(|seat| !asked.contains(&seat.runner));
            let Some(runner) = next.map(|seat| seat.runner) else { return Ok(()) };
            asked.push(runner);
            match behaviour.act(&self.execution, round, runner) {
                Act::Give(value) if round == ROUND_0 => {
                    self.execution.post_result(self.rules, runner, value, self.now)?;
                }
                Act::Give(value) | Act::Shut(value) => {
                    let held = self.rules.round_value(round, &value);
                    let bound = seal(self.rules.domain, self.rules.id, round, runner, &held, &salt(runner));
                    self.execution.seal(self.rules, runner, bound, self.now)?;
                }
                Act::Silent => {}
                Act::Decline => {
                    let code = DeclineCode::Machine;
                    let poked = self.execution.decline(self.rules, runner, code, self.now, &mut self.bench)?;
                    self.take(poked)?;
                }
            }
            if !matches!(self.execution.phase, Phase::Working { .. }) {
                return Ok(());
            }
        }
    }

    fn open(&mut self, round: u8, behaviour: &mut impl Behaviour) -> Result<(), SimError> {
        let sealed: Vec<_> =
            self.execution.seats(round).iter().filter(|seat| seat.sealed()).map(|seat| seat.runner).collect();
        for runner in sealed {
            if let Act::Give(value) = behaviour.act(&self.execution, round, runner) {
                let opening = Opening { value: self.rules.round_value(round, &value), salt: salt(runner) };
                self.execution.open(self.rules, runner, opening, self.now)?;
            }
        }
        Ok(())
    }

    fn publish(&mut self, round: u8, behaviour: &mut impl Behaviour) -> Result<(), SimError> {
        if self.execution.publisher(self.rules).is_some_and(|runner| behaviour.passes_slot(runner)) {
            return Ok(());
        }
        let verdict = self.execution.verdict(self.rules, round);
        let value = VALUES.into_iter().find(|value| verdict == Some(self.rules.round_value(round, value)));
        let value = value.ok_or(SimError::Broken("a verdict that nobody gave"))?;
        Ok(self.execution.publish(self.rules, value, self.now)?)
    }

    fn doubt(&mut self, behaviour: &mut impl Behaviour) -> Result<(), SimError> {
        if self.execution.check_challenge(self.rules, self.now).is_ok() && behaviour.challenges(&self.execution) {
            self.challenge_bond = self.rules.challenge_bond(INPUT_LEN)?;
            self.execution.challenge(self.rules, vec![2; 20], self.challenge_bond, self.now)?;
        }
        Ok(())
    }

    /// Enforces the present deadline as soon as it has passed.
    fn poke(&mut self) -> Result<(), SimError> {
        let until = self.execution.phase.until().unwrap_or(Deadline { time: u64::MAX, height: u64::MAX });
        self.now = Clock { time: self.now.time.max(until.time), height: self.now.height.max(until.height) };
        let poked = self.execution.poke(self.rules, self.now, &mut self.bench, true)?;
        self.take(poked)
    }

    fn take(&mut self, poked: Poked) -> Result<(), SimError> {
        for fault in &poked.faults {
            self.execution.add_penalty(fault.amount)?;
        }
        self.faults.extend(poked.faults);
        Ok(())
    }

    /// The last slashes, and the payments; every unit of them has an owner.
    fn ended(mut self) -> Result<Case, SimError> {
        let last = self.execution.final_faults(self.rules)?;
        self.take(Poked { faults: last, ..Poked::default() })?;
        let settlement = self.execution.settlement(self.rules, SERVICE_BOND)?;
        let seats = settlement.seats.iter().map(|(_, amount)| *amount);
        let others =
            [settlement.developer, settlement.producers, settlement.burn, settlement.user, settlement.challenger];
        let paid = seats.chain(others).fold(0, u128::saturating_add);
        let sources = [self.execution.escrow, self.execution.pot, self.challenge_bond, settlement.from_service_bond];
        if paid != sources.into_iter().fold(0, u128::saturating_add) {
            return Err(SimError::Broken("payments and sources differ"));
        }
        let Self { execution, faults, challenge_bond, .. } = self;
        Ok(Case { execution, faults, settlement, challenge_bond })
    }
}

/// The salt of a seat: any fixed one will do, nobody here looks for it.
fn salt(runner: RunnerId) -> Digest32 {
    let mut salt = [7; 32];
    if let Some(first) = salt.first_chunk_mut() {
        *first = runner.to_be_bytes();
    }
    Digest32(salt)
}

impl Case {
    /// What the runners that `are` the ones meant earned and were slashed, in units of a.
    pub fn net(&self, are: impl Fn(RunnerId) -> bool) -> f64 {
        self.paid(&are) - self.slashed(&are)
    }

    /// What they were paid, in units of a.
    pub fn paid(&self, are: impl Fn(RunnerId) -> bool) -> f64 {
        let paid = self.settlement.seats.iter().filter(|(runner, _)| are(*runner)).map(|(_, amount)| *amount);
        in_a(paid.fold(0, u128::saturating_add))
    }

    /// What they were slashed, in units of a.
    pub fn slashed(&self, are: impl Fn(RunnerId) -> bool) -> f64 {
        let slashed = self.faults.iter().filter(|fault| are(fault.runner)).map(|fault| fault.amount);
        in_a(slashed.fold(0, u128::saturating_add))
    }
}

/// An amount in units of a.
#[must_use]
pub const fn in_a(amount: u128) -> f64 {
    amount as f64 / A as f64
}
