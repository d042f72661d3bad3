//! Every failure has an exit that anyone may take (invariants 17 and 19), and D_max is the longest way there.

use std::collections::BTreeMap;

use super::script::*;
use crate::clock::Clock;
use crate::codec::Record;
use crate::execution::*;
use crate::ids::RunnerId;

/// The last block in which an act still counts: its time has come, its height has not.
fn last_moment(execution: &Execution, rows: &Rows) -> Clock {
    let until = until(execution, rows).unwrap();
    Clock { time: until.time, height: until.height - 1 }
}

fn passed(execution: &Execution, rows: &Rows) -> Clock {
    let until = until(execution, rows).unwrap();
    Clock { time: until.time, height: until.height }
}

/// Walks every state that acts of the seats, at the last moment, and pokes can reach.
struct Search<'a> {
    rows: &'a Rows,
    /// Longest rest of the life by state, in seconds.
    longest: BTreeMap<Vec<u8>, u64>,
    most_pokes: u32,
}

impl<'a> Search<'a> {
    fn new(rows: &'a Rows) -> Self {
        Self { rows, longest: BTreeMap::new(), most_pokes: 0 }
    }

    /// Longest rest of the life from `execution`, entered at `now`.
    fn rest(&mut self, execution: &Execution, now: Clock) -> u64 {
        if execution.outcome().is_some() {
            return 0;
        }
        let key = self.key(execution, now);
        if let Some(rest) = self.longest.get(&key) {
            return *rest;
        }
        self.poke_out(execution);
        let mut longest = 0;
        for (next, then) in self.successors(execution) {
            longest = longest.max(then.time - now.time + self.rest(&next, then));
        }
        self.longest.insert(key, longest);
        longest
    }

    /// States that differ only in when they were entered are one.
    fn key(&self, execution: &Execution, now: Clock) -> Vec<u8> {
        let mut state = execution.clone();
        state.history.clear();
        state.pot = 0;
        let rest = until(execution, self.rows).unwrap().time - now.time;
        match &mut state.phase {
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
        for panel in &mut state.panels {
            (panel.drawn_by, panel.epoch) = (Default::default(), 0);
        }
        [state.encode(), rest.to_be_bytes().to_vec()].concat()
    }

    /// Invariant 17: pokes alone end it, within D_max.
    fn poke_out(&mut self, execution: &Execution) {
        let mut play = Play::new(self.rows, 2);
        play.execution = execution.clone();
        let began = until(execution, self.rows).unwrap().time;
        while play.execution.outcome().is_none() {
            play.poke();
        }
        self.most_pokes = self.most_pokes.max(play.pokes);
        assert!(play.now.time - began <= longest_life(&self.rows.terms, &self.rows.params));
    }

    /// The values that seats stand for: of `Verify` another witness, which is to be published, as Invalid is not.
    fn numbers(&self) -> Vec<u8> {
        if self.rows.rules().verifies() { vec![0, 2] } else { vec![0, 1] }
    }

    fn successors(&self, execution: &Execution) -> Vec<(Execution, Clock)> {
        let (rows, rules) = (self.rows, self.rows.rules());
        let mut found = Vec::new();
        let mut poked = execution.clone();
        let now = passed(execution, rows);
        poked.poke(rules, now, &mut Pool::default(), false).unwrap();
        found.push((poked, now));
        let now = last_moment(execution, rows);
        let mut act = |act: &dyn Fn(&mut Execution) -> Result<(), StepError>| {
            let mut next = execution.clone();
            if act(&mut next).is_ok() {
                found.push((next, now));
            }
        };
        match execution.phase {
            Phase::Queued { .. } => act(&|next| {
                seat(next, rows, 2, now);
                Ok(())
            }),
            Phase::Working { round: ROUND_0, .. } => {
                let runner = execution.seats(ROUND_0)[0].runner;
                act(&|next| next.post_result(rules, runner, result(), now));
            }
            Phase::Working { round, .. } => {
                for number in self.numbers() {
                    act(&|next| next.certify(rules, &certificate(rows, next, round, number), now, |_, _| Ok(())));
                    act(&|next| seal_all(next, rows, round, number, 0, now));
                    act(&|next| seal_all(next, rows, round, number, 1, now));
                }
            }
            Phase::Opening { round, .. } => {
                act(&|next| {
                    open_all(next, rows, round, now);
                    Ok(())
                });
                act(&|next| open_first(next, rows, round, now));
            }
            Phase::Publishing { round, .. } => {
                let verdict = execution.verdict(rules, round);
                for value in (0..3).map(|number| rows.value(number)) {
                    if Some(rules.round_value(round, &value)) == verdict {
                        act(&|next| next.publish(rules, value, now));
                    }
                }
            }
            Phase::Provisional { .. } => {
                let bond = rules.challenge_bond(100).unwrap();
                act(&|next| next.challenge(rules, vec![1], bond, now));
            }
            Phase::OwnRun { .. } | Phase::Ended { .. } => {}
        }
        found
    }
}

fn seal_all(
    execution: &mut Execution,
    rows: &Rows,
    round: u8,
    number: u8,
    silent: usize,
    now: Clock,
) -> Result<(), StepError> {
    let waiting = execution.seats(round).iter().filter(|seat| seat.progress == Progress::Seated);
    let runners: Vec<_> = waiting.map(|seat| seat.runner).collect();
    if runners.len() <= silent {
        return Err(StepError::Already);
    }
    // The first seat of a round stands for the honest value, so that 1 is a dispute.
    let first = execution.seats(round).first().map(|seat| seat.runner);
    for runner in &runners[silent..] {
        let number = if Some(*runner) == first { 0 } else { number };
        execution.seal(rows.rules(), *runner, rows.sealing(round, *runner, number), now)?;
    }
    Ok(())
}

/// Opens every seal, whichever value it is of.
fn open_all(execution: &mut Execution, rows: &Rows, round: u8, now: Clock) {
    let runners: Vec<_> = execution.seats(round).iter().map(|seat| seat.runner).collect();
    for runner in runners {
        for number in 0..3 {
            let _ = execution.open(rows.rules(), runner, rows.opening(round, runner, number), now);
        }
    }
}

fn open_first(execution: &mut Execution, rows: &Rows, round: u8, now: Clock) -> Result<(), StepError> {
    let runner = execution.seats(round)[0].runner;
    execution.open(rows.rules(), runner, rows.opening(round, runner, 0), now)
}

fn longest_path(rows: &Rows) -> (u64, u32) {
    let mut search = Search::new(rows);
    let mut execution = queued(rows);
    execution.own_runner = Some(RunnerId(5_000));
    execution.phase = Phase::own_run(rows.rules(), START);
    let longest = search.rest(&execution, START);
    (longest, search.most_pokes)
}

/// D_max is what an exhaustive search finds, for both policies, with and without round 3; and from every state found,
/// pokes alone end it.
#[test]
fn invariant_17_the_longest_life_is_the_longest_path() {
    let all = [
        Rows::with(1, 3, None),
        Rows::with(1, 3, Some(6)),
        Rows::with(2, 4, None).verify(),
        Rows::with(2, 4, Some(8)).verify(),
    ];
    let mut slow = Rows::with(1, 3, None);
    slow.terms.t_challenge = 86_400;
    for rows in all.into_iter().chain([slow]) {
        let (longest, pokes) = longest_path(&rows);
        assert_eq!(longest, longest_life(&rows.terms, &rows.params), "{:?}", rows.terms);
        assert!(pokes <= 30, "{pokes} pokes");
    }
}

#[test]
fn attack_44_a_jump_of_three_days_in_one_block_expires_nobody() {
    let rows = Rows::with(1, 3, Some(6));
    for name in ["queued", "working", "opening", "publishing", "provisional"] {
        let mut play = Play::new(&rows, 2);
        play.run_to(name, &|_, _| Act::Agree);
        let jump = Clock { time: play.now.time + 3 * 86_400, height: play.now.height + 1 };
        let refused = play.execution.poke(rows.rules(), jump, &mut Pool::default(), false).unwrap_err();
        assert_eq!(refused.code(), "too_early", "{name}");
    }
}

#[test]
fn invariant_19_deadlines_hold_to_the_second_and_the_block() {
    let rows = Rows::with(1, 3, Some(6));
    for name in ["queued", "working", "opening", "publishing", "provisional"] {
        let mut play = Play::new(&rows, 2);
        play.run_to(name, &|_, _| Act::Agree);
        let until = passed(&play.execution, &rows);
        for (time, height, passes) in [(0, 0, true), (1, 0, false), (0, 1, false)] {
            let now = Clock { time: until.time - time, height: until.height - height };
            let poked = play.execution.clone().poke(rows.rules(), now, &mut Pool::default(), false);
            assert_eq!(poked.is_ok(), passes, "{name}");
        }
    }
}

#[test]
fn attack_08_the_queue_ends_in_a_refund_that_names_the_cause() {
    let rows = Rows::new(3);
    for (has_rand, why) in [(false, Refund::NoBeacon), (true, Refund::NoRunners)] {
        let mut execution = queued(&rows);
        let mut pool = Pool::default();
        let early = execution.poke(rows.rules(), at(899), &mut pool, has_rand).unwrap_err();
        assert_eq!(early, StepError::TooEarly { time: START.time + 900, height: START.height + 90 });
        execution.poke(rows.rules(), at(900), &mut pool, has_rand).unwrap();
        assert_eq!(execution.outcome(), Some(Outcome::Refunded(why)));
        let parts = execution.settlement(rows.rules(), SERVICE_BOND).unwrap();
        assert_eq!(parts, Settlement { user: execution.escrow, ..Settlement::default() });
    }
}

#[test]
fn a_committee_that_others_wait_for_stays_four_times_as_long_in_the_queue() {
    let rows = Rows::with(1, 3, Some(6));
    let disputed = |_, runner: RunnerId| if runner.0 == 1 { Act::Dissent } else { Act::Agree };
    let mut play = Play::new(&rows, 2);
    play.run_to("opening", &disputed);
    play.step(&disputed, &[]);
    for turn in 1..=3 {
        play.poke();
        assert!(matches!(play.execution.phase, Phase::Queued { round: ROUND_2, turns, .. } if turns == turn));
    }
    play.poke();
    assert_eq!(play.execution.outcome(), Some(Outcome::Refunded(Refund::NoBeacon)));
    let parts = play.settled();
    assert_eq!(parts.user, play.execution.escrow - play.execution.tips_paid);
}

#[test]
fn attack_05_the_queue_fails_closed() {
    use crate::beacon::Slot;
    let rows = Rows::new(3);
    let execution = queued(&rows);
    let Phase::Queued { binding, .. } = execution.phase else { panic!() };
    let round_time = BEACON.time_of(binding.round.number());
    let slot = |time: u64, height| [Slot { window: time / 3, height }];
    let ask = |slots: &[Slot], has_rand, now| execution.queue_action(&BEACON, EPOCH, slots, has_rand, now);
    let later = slot(START.time + 6, START.height + 1);
    assert_eq!(ask(&[], true, at(5)), Err(StepError::Unconfirmed));
    assert_eq!(ask(&slot(START.time, START.height), true, at(5)), Err(StepError::Unconfirmed), "its own block");
    assert_eq!(ask(&later, false, at(40)), Err(StepError::NoBeacon { round: binding.round.number() }));
    assert_eq!(ask(&later, true, at(40)), Ok(QueueAction::Draw(binding)));
    assert_eq!(ask(&[], true, at(round_time - START.time)), Ok(QueueAction::Rebind), "never seated unconfirmed");
    assert_eq!(ask(&later, true, at(1_200)), Ok(QueueAction::Draw(binding)), "in the next epoch its weights are there");
    assert_eq!(ask(&later, true, at(2_400)), Ok(QueueAction::Rebind), "weights are gone after the next epoch");
}

#[test]
fn binding_again_does_not_extend_the_stay() {
    let rows = Rows::new(3);
    let mut execution = queued(&rows);
    execution.rebind(rows.rules(), at(500)).unwrap();
    let Phase::Queued { since, turns, binding, round } = execution.phase else { panic!() };
    assert_eq!((since, turns, round), (START, 0, ROUND_1));
    assert!(BEACON.time_of(binding.round.number()) >= START.time + 500 + u64::from(rows.params.margin));
}
