//! Griefing: what it costs the griefer and what it costs the others, from the slashes and fees of the protocol.
//!
//! Every deed is played once against honest committees and compared with the same seats doing honest work. A run costs an
//! honest runner as much as a validator's fee, which is more than it really does. Griefers run nothing, so their own
//! costs make them no poorer.

use mesg_protocol::execution::{Execution, ROUND_1, ROUND_2, ROUND_3};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::terms::Committee;
use serde::Serialize;

use crate::court::{Act, Behaviour, Case, Court, RIGHT, WRONG, in_a};
use crate::error::SimError;
use crate::pool::{Pool, Randomness};
use crate::rows::{B, Rows};

/// Runners of the pool.
const RUNNERS: u32 = 10_000;

/// What some seats of a round do.
#[derive(Clone, Copy, Debug)]
struct Deed {
    round: u8,
    first: usize,
    seats: usize,
    act: Act,
}

/// A way to grief.
#[derive(Clone, Debug, Default)]
struct Grief {
    name: &'static str,
    deeds: Vec<Deed>,
    passes_slot: bool,
    challenges: bool,
}

/// Its costs, in units of a.
#[derive(Clone, Debug, Serialize)]
pub struct GriefRow {
    /// What is done.
    pub grief: &'static str,
    /// What the griefers lose against honest work: slashes, fees, bonds.
    pub griefer_loses: f64,
    /// Runs of others beyond those of an undisturbed execution, at b each, whoever pays for them.
    pub forced_work: f64,
    /// What runners, user and developer lose, after all payments.
    pub others_lose: f64,
    /// `forced_work / griefer_loses`; none where the griefer loses nothing.
    pub forced_factor: Option<f64>,
    /// `others_lose / griefer_loses`: the griefing factor; none where the griefer loses nothing.
    pub factor: Option<f64>,
    /// How the execution ended.
    pub outcome: &'static str,
}

fn griefs(committee: Committee) -> Vec<Grief> {
    let one =
        |name, round, first, act| Grief { name, deeds: vec![Deed { round, first, seats: 1, act }], ..Grief::default() };
    let dissent = Deed { round: ROUND_1, first: 1, seats: 1, act: Act::Give(WRONG) };
    let later = |round, seats, act| Deed { round, first: 0, seats, act };
    // More than a third of the seats: the others do not reach two thirds.
    let blocking = |seats: u8| usize::from(seats / 3).saturating_add(1);
    let (second, third) = (blocking(committee.k2), blocking(committee.k3.unwrap_or_default()));
    vec![
        one("a validator dissents", ROUND_1, 1, Act::Give(WRONG)),
        one("the primary dissents", ROUND_1, 0, Act::Give(WRONG)),
        one("a validator seals and never opens", ROUND_1, 1, Act::Shut(RIGHT)),
        one("the primary seals and never opens", ROUND_1, 0, Act::Shut(RIGHT)),
        one("a validator never seals", ROUND_1, 1, Act::Silent),
        one("the primary never seals", ROUND_1, 0, Act::Silent),
        one("a validator declines", ROUND_1, 1, Act::Decline),
        one("the primary declines", ROUND_1, 0, Act::Decline),
        Grief { name: "the primary lets its publishing slot pass", passes_slot: true, ..Grief::default() },
        Grief { name: "a false challenge", challenges: true, ..Grief::default() },
        Grief {
            name: "one dissents in round 1, one in round 2",
            deeds: vec![dissent, later(ROUND_2, 1, Act::Give(WRONG))],
            ..Grief::default()
        },
        Grief {
            name: "one dissents in round 1, over a third in round 2",
            deeds: vec![dissent, later(ROUND_2, second, Act::Give(WRONG))],
            ..Grief::default()
        },
        Grief {
            name: "one dissents in round 1, over a third never seal in round 2",
            deeds: vec![dissent, later(ROUND_2, second, Act::Silent)],
            ..Grief::default()
        },
        Grief {
            name: "one dissents in round 1, over a third decline in round 2",
            deeds: vec![dissent, later(ROUND_2, second, Act::Decline)],
            ..Grief::default()
        },
        Grief {
            name: "one dissents in round 1, over a third in rounds 2 and 3: nothing is decided",
            deeds: vec![dissent, later(ROUND_2, second, Act::Give(WRONG)), later(ROUND_3, third, Act::Give(WRONG))],
            ..Grief::default()
        },
    ]
}

/// Plays every way to grief once against `committee`.
///
/// # Errors
/// Those of the draw and the rules.
pub fn run(committee: Committee) -> Result<Vec<GriefRow>, SimError> {
    let pool = Pool::of((0..RUNNERS).map(|_| 2))?;
    let rows = Rows::of(committee)?;
    let mut court = Court::new(&pool, &rows, Randomness::of("griefing", 0));
    (0..).zip(griefs(committee)).map(|(number, grief)| row(&mut court, ExecutionId(number), &grief)).collect()
}

fn row(court: &mut Court<'_>, id: ExecutionId, grief: &Grief) -> Result<GriefRow, SimError> {
    let honest = court.play(id, &mut Griefers { grief: &Grief::default(), who: Vec::new() })?;
    let mut griefers = Griefers { grief, who: Vec::new() };
    let griefed = court.play(id, &mut griefers)?;
    let own = |runner: RunnerId| griefers.who.contains(&runner);
    let bond_lost = in_a(griefed.challenge_bond) - in_a(griefed.settlement.challenger);
    let griefer_loses = honest.net(own) - griefed.net(own) + bond_lost;
    let runs = |case: &Case| -> f64 {
        let sealed = case.execution.all_seats().filter(|(_, seat)| seat.sealed() && !own(seat.runner));
        sealed.map(|_| in_a(B)).sum()
    };
    // What those not griefing have in the end, less what the work cost.
    let others = |case: &Case| {
        let user = in_a(case.settlement.user) - in_a(case.execution.escrow);
        let developer = in_a(case.settlement.developer) - in_a(case.settlement.from_service_bond);
        case.net(|runner| !own(runner)) - runs(case) + user + developer
    };
    let (forced_work, others_lose) = (runs(&griefed) - runs(&honest), others(&honest) - others(&griefed));
    let factor = |harm: f64| (griefer_loses > 0.0).then(|| harm / griefer_loses);
    Ok(GriefRow {
        grief: grief.name,
        griefer_loses,
        forced_work,
        others_lose,
        forced_factor: factor(forced_work),
        factor: factor(others_lose),
        outcome: griefed.execution.phase.name(),
    })
}

/// Some seats that grief, and all others honest.
struct Griefers<'a> {
    grief: &'a Grief,
    who: Vec<RunnerId>,
}

impl Behaviour for Griefers<'_> {
    fn seated(&mut self, execution: &Execution, round: u8) {
        for (place, seat) in execution.seats(round).iter().enumerate() {
            let holds = |deed: &Deed| (deed.first..deed.first.saturating_add(deed.seats)).contains(&place);
            let griefs = self.grief.deeds.iter().any(|deed| deed.round == round && holds(deed));
            let publishes = self.grief.passes_slot && round == ROUND_1 && place == 0;
            if griefs || publishes {
                self.who.push(seat.runner);
            }
        }
    }

    fn act(&mut self, _: &Execution, round: u8, runner: RunnerId) -> Act {
        let mut deeds = self.grief.deeds.iter().filter(|deed| deed.round == round && self.who.contains(&runner));
        deeds.next().map_or(Act::Give(RIGHT), |deed| deed.act)
    }

    fn challenges(&mut self, _: &Execution) -> bool {
        self.grief.challenges
    }

    fn passes_slot(&mut self, runner: RunnerId) -> bool {
        self.grief.passes_slot && self.who.contains(&runner)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;
    use crate::rows::DEFAULT;
    use crate::wrong_results::COMMITTEES;

    const ROUNDING: f64 = 1e-9;

    /// Of dissent (16), silence after sealing (15), declining (18), a false challenge (20) and their combinations, with
    /// every committee.
    #[test]
    fn attack_16_griefing_costs_the_griefer_more() {
        for committee in COMMITTEES {
            let rows = run(committee).unwrap();
            let (blocking, others): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row.outcome == "refunded");
            let blocked = usize::from(committee.k3.is_some());
            assert_eq!((blocking.len(), others.len()), (blocked, griefs(committee).len() - blocked));
            for row in others.into_iter().filter(|row| committee.k3.is_some() || row.grief != "a false challenge") {
                let at_most_one = |factor: Option<f64>| factor.is_some_and(|factor| factor <= 1.0 + ROUNDING);
                assert!(at_most_one(row.forced_factor) && at_most_one(row.factor), "{committee:?} {row:?}");
            }
            // A blocking minority of both later rounds is the exception: nobody knows who is right, nobody is slashed.
            assert!(blocking.iter().all(|row| row.griefer_loses < 0.0 && row.factor.is_none()), "{blocking:?}");
        }
    }

    /// Section 3: one dissenter pays 10.8 a and forces 7.2 a; round 3 costs 16.8 a and takes four of nine seats.
    #[test]
    fn attack_16_costs_are_those_of_the_mechanism() {
        let rows = run(DEFAULT).unwrap();
        let of = |name: &str| rows.iter().find(|row| row.grief == name).unwrap();
        let dissent = of("a validator dissents");
        assert!((dissent.griefer_loses - 11.6).abs() < ROUNDING, "B/2 and its fee: {dissent:?}");
        assert!((dissent.forced_work - 7.2).abs() < ROUNDING, "nine seats: {dissent:?}");
        let challenge = of("a false challenge");
        assert!((challenge.griefer_loses - 22.0).abs() < ROUNDING, "1.25 · 21 b + a: {challenge:?}");
        assert!((challenge.forced_work - 16.8).abs() < ROUNDING, "{challenge:?}");
        let third = of("one dissents in round 1, over a third in round 2");
        assert!((third.griefer_loses - 54.8).abs() < ROUNDING, "five seats of B/2, and a fee: {third:?}");
        assert!((third.forced_work - 20.8).abs() < ROUNDING, "five of nine seats, and twenty-one: {third:?}");
    }
}
