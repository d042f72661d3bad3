//! The exhaustive search: every state that acts of the seats and pokes can reach, each looked at once.

use std::collections::{BTreeMap, BTreeSet};

use super::script::*;
use crate::clock::Clock;
use crate::codec::Record;
use crate::digest::Digest32;
use crate::execution::*;
use crate::ids::RunnerId;
use crate::seal::Value;
use crate::terms::Policy;

const OWN: RunnerId = RunnerId(5_000);

/// The last block in which an act still counts: its time has come, its height has not.
fn last_moment(execution: &Execution, rows: &Rows) -> Clock {
    let until = until(execution, rows).unwrap();
    Clock { time: until.time, height: until.height - 1 }
}

pub fn passed(execution: &Execution, rows: &Rows) -> Clock {
    let until = until(execution, rows).unwrap();
    Clock { time: until.time, height: until.height }
}

/// What is ahead of a state, by the longest path.
#[derive(Clone, Copy, Default)]
pub struct Ahead {
    /// Seconds until the end.
    pub life: u64,
    /// Pokes until the end if nobody else acts.
    pub pokes: u32,
}

/// Walks every state that acts of the seats and pokes can reach. One seat acts after the other: seals one of the
/// values or keeps silent, declines for want of the input or of its machine, in time or in a halt of the chain, opens
/// or does not. Committees have all their spares or none, and the draw gives none, one or all of those behind them.
///
/// Three things make states equal that are not the same. Runners have no names: a seat is its place and its progress,
/// in rounds 2 and 3 its progress only, since their places are equal. Of a round that is over, the state keeps the
/// executor's seat and its value: nothing else of it is read before the settlement. Times count from
/// the entry into the phase. Equivocations are left out, because they never change the course.
pub struct Search<'a> {
    rows: &'a Rows,
    /// None while a state's own successors are looked at.
    ahead: BTreeMap<Vec<u8>, Option<Ahead>>,
    /// The number of the value that a seal, or an opened round value, is of.
    number: BTreeMap<Digest32, u8>,
    /// What was met: phases, and what may become of a seat, by round.
    pub met: BTreeSet<(&'static str, u8)>,
    pub outcomes: BTreeSet<String>,
    pub most_pokes: u32,
}

impl<'a> Search<'a> {
    pub fn new(rows: &'a Rows) -> Self {
        let number = BTreeMap::new();
        let (met, outcomes) = (BTreeSet::new(), BTreeSet::new());
        let mut search = Self { rows, ahead: BTreeMap::new(), number, met, outcomes, most_pokes: 0 };
        for round in ROUND_1..=ROUND_3 {
            for runner in (1..30).map(|place| RunnerId(before(round) + place)) {
                for number in search.numbers(round) {
                    search.number.insert(rows.sealing(round, runner, *number), *number);
                }
            }
        }
        search
    }

    pub fn states(&self) -> usize {
        self.ahead.len()
    }

    /// What is ahead of `execution` at `now`. That this comes back at all says that every path ends, those of pokes
    /// alone among them (invariant 17).
    pub fn ahead(&mut self, execution: &Execution, now: Clock) -> Ahead {
        if let Some(outcome) = execution.outcome() {
            self.outcomes.insert(format!("{outcome:?}"));
            check_exit(execution, self.rows);
            return Ahead::default();
        }
        self.meet(execution);
        let key = self.key(execution, now);
        if let Some(known) = self.ahead.get(&key) {
            return known.unwrap_or_else(|| panic!("comes back to {execution:?}"));
        }
        self.ahead.insert(key.clone(), None);
        let mut ahead = Ahead::default();
        for (next, then) in self.pokes(execution) {
            let rest = self.ahead(&next, then);
            ahead.life = ahead.life.max(then.time - now.time + rest.life);
            ahead.pokes = ahead.pokes.max(1 + rest.pokes);
        }
        for (next, then) in self.acts(execution, now) {
            ahead.life = ahead.life.max(then.time - now.time + self.ahead(&next, then).life);
        }
        self.most_pokes = self.most_pokes.max(ahead.pokes);
        self.ahead.insert(key, Some(ahead));
        ahead
    }

    fn meet(&mut self, execution: &Execution) {
        let round = execution.phase.round().unwrap_or(0);
        self.met.insert((execution.phase.name(), round));
        if let Some(panel) = execution.panels.last() {
            let missed = if panel.missed.is_empty() { None } else { Some("replaced") };
            let extended = if panel.extended { Some("extended") } else { None };
            let seats = panel.seats.iter().filter_map(|seat| fate(seat.progress));
            self.met.extend(seats.chain(missed).chain(extended).map(|what| (what, panel.round)));
        }
    }

    fn key(&self, execution: &Execution, now: Clock) -> Vec<u8> {
        let until = until(execution, self.rows).unwrap();
        let rest = [until.time - now.time, until.height - now.height];
        let mut state = execution.clone();
        state.history.clear();
        state.pot = 0;
        if state.panel(ROUND_3).is_some() {
            state.unseated_challenges = 0;
        }
        forget_times(&mut state.phase);
        let present = state.phase.round();
        for panel in &mut state.panels {
            self.forget_names(panel);
            if present != Some(panel.round) {
                let keeps = panel.round == self.rows.rules().first_round();
                forget_all_but(usize::from(keeps), panel);
            }
        }
        [state.encode(), rest.map(u64::to_be_bytes).concat()].concat()
    }

    fn forget_names(&self, panel: &mut Panel) {
        (panel.drawn_by, panel.epoch, panel.drawn) = (Default::default(), 0, 0);
        for seat in &mut panel.seats {
            seat.runner = RunnerId(0);
            if let Progress::Sealed(seal) = seat.progress {
                seat.progress = Progress::Sealed(Digest32([self.number[&seal]; 32]));
            }
        }
        if panel.round >= ROUND_2 {
            panel.seats.sort_by_key(kind);
        }
        panel.spares.iter_mut().for_each(|spare| spare.runner = RunnerId(0));
        panel.missed.fill(RunnerId(0));
        panel.declined.iter_mut().for_each(|it| it.runner = RunnerId(0));
        panel.declined.sort_by_key(|it| it.code.to_u16());
    }

    /// The values that seats stand for. Under `Verify` all know Invalid, and another witness is to be published; else
    /// the second one is an error. Two of them are enough for the many seats of round 3.
    const fn numbers(&self, round: u8) -> &'static [u8] {
        match self.rows.terms.policy {
            Policy::Verify if round < ROUND_3 => &[0, 1, 2],
            Policy::Verify => &[0, 1],
            Policy::Replicate => &[0, ERROR],
        }
    }

    /// What a poke may do, as soon as the deadline has passed.
    fn pokes(&self, execution: &Execution) -> Vec<(Execution, Clock)> {
        let now = passed(execution, self.rows);
        let kinds: Vec<(Pool, bool)> = match execution.phase {
            Phase::Queued { .. } => [false, true].map(|has_rand| (Pool::default(), has_rand)).into(),
            _ => self.pools(execution).into_iter().map(|pool| (pool, false)).collect(),
        };
        let poke = |(mut pool, has_rand): (Pool, bool)| {
            let mut next = execution.clone();
            next.poke(self.rows.rules(), now, &mut pool, has_rand).unwrap();
            (next, now)
        };
        kinds.into_iter().map(poke).collect()
    }

    /// Whom the draw may give behind the spares: nobody, one, or all that it is asked for.
    fn pools(&self, execution: &Execution) -> Vec<Pool> {
        let round = match execution.phase {
            Phase::Working { round: round @ (ROUND_0 | ROUND_1), .. } => round,
            _ => return vec![Pool::default()],
        };
        let pool = |behind: u8| {
            let places = 1..=u32::from(behind);
            Pool { behind: places.map(|place| candidate(before(round) + 9 + place)).collect(), ..Pool::default() }
        };
        let all = self.rows.rules().committee.k1 + 3;
        if execution.panel(round).unwrap().extended { vec![pool(0)] } else { [0, 1, all].map(pool).into() }
    }

    fn acts(&self, execution: &Execution, now: Clock) -> Vec<(Execution, Clock)> {
        let (rows, rules) = (self.rows, self.rows.rules());
        let mut acts = Acts { execution, rows, now, found: Vec::new() };
        match execution.phase {
            Phase::OwnRun { .. } => acts.at_last(&|next, now| next.post_result(rules, OWN, result(), now)),
            Phase::Queued { round, .. } => {
                let all = if round < ROUND_2 { 2 } else { rules.spares(round).into() };
                for spares in [0, all] {
                    acts.at_last(&|next, now| {
                        seat(next, rows, spares, now);
                        Ok(())
                    });
                }
                acts.at_last(&|next, now| next.refuse_fall_back(now));
            }
            Phase::Working { round, .. } => {
                self.declines(&mut acts, round);
                self.seals(&mut acts, round);
            }
            Phase::Opening { round, .. } => {
                for (runner, _) in self.movers(execution, round) {
                    for number in self.numbers(round) {
                        let opening = rows.opening(round, runner, *number);
                        acts.take(&|next, now| next.open(rules, runner, opening, now));
                    }
                }
                self.certificates(&mut acts, round);
            }
            Phase::Publishing { round, .. } => {
                for value in self.numbers(round).iter().map(|number| rows.value(*number)) {
                    acts.at_last(&|next, now| next.publish(rules, value, now));
                }
            }
            Phase::Provisional { .. } => {
                let bond = rules.challenge_bond(100).unwrap();
                acts.at_last(&|next, now| next.challenge(rules, vec![1], bond, now));
            }
            Phase::Ended { .. } => {}
        }
        acts.found
    }

    fn declines(&self, acts: &mut Acts<'_>, round: u8) {
        let (execution, rules) = (acts.execution, self.rows.rules());
        for (runner, _) in self.movers(execution, round) {
            for code in [DeclineCode::Unavailable, DeclineCode::Machine] {
                for pool in self.pools(execution) {
                    acts.decline(&|next, now| next.decline(rules, runner, code, now, &mut pool.clone()).map(drop));
                }
            }
        }
    }

    fn seals(&self, acts: &mut Acts<'_>, round: u8) {
        let (execution, rows, rules) = (acts.execution, self.rows, self.rows.rules());
        for (runner, _) in self.movers(execution, round) {
            if round == ROUND_0 {
                for output_len in [200, 4_097] {
                    let result = Value { output_len, ..result() };
                    acts.take(&|next, now| next.post_result(rules, runner, result, now));
                }
                continue;
            }
            for number in self.numbers(round) {
                let seal = rows.sealing(round, runner, *number);
                acts.take(&|next, now| next.seal(rules, runner, seal, now));
            }
        }
        self.certificates(acts, round);
    }

    fn certificates(&self, acts: &mut Acts<'_>, round: u8) {
        for number in self.numbers(round) {
            let certificate = certificate(self.rows, acts.execution, round, *number);
            acts.at_last(&|next, now| next.certify(self.rows.rules(), &certificate, now, |_, _| Ok(())));
        }
    }

    /// The seats that have not done their part; of rounds 2 and 3, one of each kind.
    fn movers(&self, execution: &Execution, round: u8) -> Vec<(RunnerId, Option<u8>)> {
        let mut movers: Vec<(RunnerId, Option<u8>)> = Vec::new();
        for seat in execution.seats(round) {
            let kind = match (execution.phase, seat.progress) {
                (Phase::Working { .. }, Progress::Seated) => None,
                (Phase::Opening { .. }, Progress::Sealed(seal)) => Some(self.number[&seal]),
                _ => continue,
            };
            if round < ROUND_2 || movers.iter().all(|(_, other)| *other != kind) {
                movers.push((seat.runner, kind));
            }
        }
        movers
    }
}

/// States that one act makes of another.
struct Acts<'a> {
    execution: &'a Execution,
    rows: &'a Rows,
    now: Clock,
    found: Vec<(Execution, Clock)>,
}

type Act<'f> = &'f dyn Fn(&mut Execution, Clock) -> Result<(), StepError>;

impl Acts<'_> {
    fn at_last(&mut self, act: Act<'_>) {
        self.at(last_moment(self.execution, self.rows), act);
    }

    fn at(&mut self, now: Clock, act: Act<'_>) {
        let next = self.next(now, act);
        self.found.extend(next.map(|next| (next, now)));
    }

    fn next(&self, now: Clock, act: Act<'_>) -> Option<Execution> {
        let mut next = self.execution.clone();
        act(&mut next, now).is_ok().then_some(next)
    }

    /// At once; what ends the phase comes as late as it may.
    fn take(&mut self, act: Act<'_>) {
        match self.next(self.now, act) {
            Some(next) if next.phase == self.execution.phase => self.found.push((next, self.now)),
            _ => self.at_last(act),
        }
    }

    /// At once, and as late as a decline is taken: in its last block, behind a halt of the chain.
    fn decline(&mut self, act: Act<'_>) {
        let halted = self.halted();
        if self.now != halted {
            self.at(self.now, act);
        }
        self.at(halted, act);
    }

    fn halted(&self) -> Clock {
        let until = until(self.execution, self.rows).unwrap();
        let window = u64::from(2 * self.rows.terms.t_run + self.rows.params.work_slack);
        let blocks = |seconds: u64| seconds.div_ceil(u64::from(self.rows.params.block_max_avg));
        Clock { time: until.time, height: until.height - blocks(window) + blocks(window / 3) }
    }
}

fn forget_all_but(count: usize, panel: &mut Panel) {
    panel.seats.truncate(count);
    panel.seats.iter_mut().for_each(|seat| seat.passed_slot = false);
    panel.declined.clear();
    panel.missed.clear();
    panel.spares.clear();
    (panel.asked, panel.extended) = (0, false);
}

/// Seats of one kind lie side by side.
const fn kind(seat: &Seat) -> (u8, [u8; 32], bool) {
    let (progress, value) = match seat.progress {
        Progress::Seated => (0, Digest32::ZERO),
        Progress::Sealed(seal) => (1, seal),
        Progress::Opened(value) => (2, value),
        Progress::Missed => (3, Digest32::ZERO),
        Progress::Declined => (4, Digest32::ZERO),
        Progress::Unopened => (5, Digest32::ZERO),
    };
    (progress, value.0, seat.passed_slot)
}

const fn fate(progress: Progress) -> Option<&'static str> {
    match progress {
        Progress::Seated | Progress::Sealed(_) | Progress::Opened(_) => None,
        Progress::Missed => Some("missed"),
        Progress::Declined => Some("vacant"),
        Progress::Unopened => Some("unopened"),
    }
}

fn forget_times(phase: &mut Phase) {
    match phase {
        Phase::Queued { since, binding, .. } => {
            *since = START;
            binding.at = START;
            binding.round = Default::default();
        }
        Phase::Working { until, .. }
        | Phase::Opening { until, .. }
        | Phase::Publishing { until, .. }
        | Phase::Provisional { until }
        | Phase::OwnRun { until } => *until = Default::default(),
        Phase::Ended { .. } => {}
    }
}

/// An exit is one only if everybody is paid: the parts of the settlement are all there is (invariant 3). A value that
/// stands is not lost for want of the input or of jurors.
fn check_exit(execution: &Execution, rows: &Rows) {
    execution.final_faults(rows.rules()).unwrap();
    let given_up = [Outcome::Unavailable, Outcome::Refunded(Refund::Inconclusive)];
    let stood = execution.value.is_some();
    assert!(!(stood && given_up.contains(&execution.outcome().unwrap())), "what stands is not taken back");
    let parts = execution.settlement(rows.rules(), SERVICE_BOND).unwrap();
    let seats: u128 = parts.seats.iter().map(|(_, amount)| amount).sum();
    let paid = seats + parts.developer + parts.producers + parts.burn + parts.user + parts.challenger;
    let bond = execution.challenge.as_ref().map_or(0, |challenge| challenge.bond);
    assert_eq!(paid, execution.escrow + execution.pot + bond + parts.from_service_bond, "{execution:?}");
}

/// The search from the earliest begin: an own run.
pub fn searched(rows: &Rows) -> (Search<'_>, Ahead) {
    let mut search = Search::new(rows);
    let mut execution = queued(rows);
    execution.own_runner = Some(OWN);
    execution.phase = Phase::own_run(rows.rules(), START);
    let ahead = search.ahead(&execution, START);
    (search, ahead)
}
