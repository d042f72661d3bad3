//! What an execution weighs for a message.

use super::script::*;
use crate::execution::*;

/// The weight of the panels of `round` when everybody who can be asked for a seat declines it.
fn heaviest(rows: &Rows, round: u8) -> usize {
    let mut play = Play::new(rows, 2);
    play.bench.behind = (1..=30).map(|place| candidate(before(round) + 60 + place)).collect();
    let two_values = |runner: crate::ids::RunnerId| if runner.0.is_multiple_of(2) { Act::Agree } else { Act::Dissent };
    let script = |now, runner| if now == round { Act::Decline } else { two_values(runner) };
    while play.execution.panel(round).is_none() || matches!(play.execution.phase, Phase::Working { .. }) {
        play.step(&script, &[]);
    }
    let panel = play.execution.panel(round).unwrap();
    let seats = panel.declined.len();
    assert_eq!(seats, usize::from(panel.asked));
    weight(round, seats)
}

#[test]
fn all_rounds_together_weigh_at_most_the_heaviest() {
    let mut most = 0;
    for (k1, k2, k3) in
        [(1, 3, None), (3, 5, None), (3, 9, Some(21)), (7, 9, Some(18)), (7, 15, None), (7, 15, Some(31))]
    {
        for rows in [Rows::with(k1, k2, k3), Rows::with(k1, k2, k3).verify()] {
            let rounds = (rows.rules().first_round()..=ROUND_3).filter(|round| rows.rules().seats(*round) > 0);
            most = most.max(rounds.map(|round| heaviest(&rows, round)).sum());
        }
    }
    assert_eq!(most, HEAVIEST);
}

#[test]
fn each_runner_asked_counts_and_jurors_count_twice() {
    let rows = Rows::with(3, 5, None);
    let mut play = Play::new(&rows, 2);
    assert_eq!(play.execution.weight(), 0);
    play.step(&|_, _| Act::Agree, &[]);
    assert_eq!(play.execution.weight(), 4);
    play.run_to("queued", &|_, runner| if runner.0 == 1 { Act::Dissent } else { Act::Agree });
    assert_eq!(play.execution.weight(), 4);
    play.step(&|_, _| Act::Agree, &[]);
    assert_eq!(play.execution.weight(), 4 + 2 * 5);
}
