//! Runners that act as one, and how they act.

use mesg_protocol::execution::{Execution, Outcome, ROUND_1};
use mesg_protocol::ids::RunnerId;

use crate::court::{Act, Behaviour, Case, RIGHT, WRONG};

/// The first runners of a pool, who act as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Coalition {
    /// How many.
    pub runners: u32,
}

impl Coalition {
    /// The share `p` of a pool of `size` runners, to the nearest runner.
    #[must_use]
    pub fn share_of(p: f64, size: u32) -> Self {
        let reaches = |runners: u32| f64::from(runners) >= p * f64::from(size) - 0.5;
        let (mut low, mut high) = (0, size);
        while low < high {
            let middle = low.midpoint(high);
            if reaches(middle) { high = middle } else { low = middle.saturating_add(1) }
        }
        Self { runners: low }
    }

    /// Whether `runner` belongs to it.
    #[must_use]
    pub const fn has(self, runner: RunnerId) -> bool {
        runner.0 < self.runners
    }
}

/// Gives its own value on every seat that it is drawn for; everybody else the right one.
#[derive(Clone, Copy, Debug)]
pub struct AlwaysCheats(pub Coalition);

impl Behaviour for AlwaysCheats {
    fn act(&mut self, _: &Execution, _: u8, runner: RunnerId) -> Act {
        Act::Give(if self.0.has(runner) { WRONG } else { RIGHT })
    }
}

/// Declines every seat that it is drawn for.
#[derive(Clone, Copy, Debug)]
pub struct AlwaysDeclines(pub Coalition);

impl Behaviour for AlwaysDeclines {
    fn act(&mut self, _: &Execution, _: u8, runner: RunnerId) -> Act {
        if self.0.has(runner) { Act::Decline } else { Act::Give(RIGHT) }
    }
}

/// Cheats only when all seats of round 1 are its own, or will be when it has kept up to `offline` honest runners from
/// sealing, one after the other, and spares of its own replace them. A challenge ends it: in round 3 its jurors cheat
/// only if it `defends`.
#[derive(Clone, Copy, Debug)]
pub struct Patient {
    /// Who.
    pub coalition: Coalition,
    /// Honest runners that it can keep from sealing.
    pub offline: u32,
    /// Whether its jurors stand by the wrong value.
    pub defends: bool,
    /// Whether somebody runs the task again and challenges what is wrong.
    pub watched: bool,
    /// Set when the committee of round 1 is seated: it is its own.
    pub cheats: bool,
}

impl Patient {
    /// One that waits for a committee of its own.
    #[must_use]
    pub const fn new(coalition: Coalition, offline: u32) -> Self {
        Self { coalition, offline, defends: false, watched: false, cheats: false }
    }

    /// Whether the first seats of the draw are its own, but for `offline` honest ones between them.
    fn has_chance(&self, execution: &Execution) -> bool {
        let Some(panel) = execution.panel(ROUND_1) else { return false };
        let order = panel.seats.iter().map(|seat| seat.runner).chain(panel.spares.iter().map(|spare| spare.runner));
        let (mut own, mut others) = (0_usize, 0_u32);
        for runner in order {
            if self.coalition.has(runner) {
                own = own.saturating_add(1);
            } else {
                others = others.saturating_add(1);
            }
            if others > self.offline {
                return false;
            }
            if own == panel.seats.len() {
                return true;
            }
        }
        false
    }
}

impl Behaviour for Patient {
    fn seated(&mut self, execution: &Execution, round: u8) {
        if round == ROUND_1 {
            self.cheats = self.has_chance(execution);
        }
    }

    fn act(&mut self, _: &Execution, round: u8, runner: RunnerId) -> Act {
        match (self.coalition.has(runner), round == ROUND_1 && self.cheats) {
            (true, true) => Act::Give(WRONG),
            (false, true) => Act::Silent,
            (true, false) if self.cheats && self.defends => Act::Give(WRONG),
            _ => Act::Give(RIGHT),
        }
    }

    fn challenges(&mut self, execution: &Execution) -> bool {
        self.watched && execution.value == Some(WRONG)
    }
}

/// Wants nothing to be decided: dissents in round 1, and in rounds 2 and 3 if it holds enough seats there to block both
/// values; then nobody is slashed and the jurors are paid from the service bond. Else it gives the right value.
#[derive(Clone, Copy, Debug)]
pub struct Blocks {
    coalition: Coalition,
    dissents: bool,
}

impl Blocks {
    /// Such a coalition.
    #[must_use]
    pub const fn new(coalition: Coalition) -> Self {
        Self { coalition, dissents: false }
    }
}

impl Behaviour for Blocks {
    fn seated(&mut self, execution: &Execution, round: u8) {
        let seats = execution.seats(round);
        let own = seats.iter().filter(|seat| self.coalition.has(seat.runner)).count();
        // More than a third of the seats: the others do not reach two thirds.
        self.dissents = round == ROUND_1 || own.saturating_mul(3) > seats.len();
    }

    fn act(&mut self, _: &Execution, _: u8, runner: RunnerId) -> Act {
        Act::Give(if self.dissents && self.coalition.has(runner) { WRONG } else { RIGHT })
    }
}

/// Whose value was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accepted {
    /// A wrong one.
    Wrong,
    /// The right one.
    Right,
    /// None: the user is refunded.
    Nothing,
}

/// Whose value was accepted in the end.
#[must_use]
pub fn accepted(case: &Case) -> Accepted {
    match (case.execution.outcome(), case.execution.value) {
        (Some(Outcome::Finalized | Outcome::Corrected), Some(value)) if value == WRONG => Accepted::Wrong,
        (Some(Outcome::Finalized | Outcome::Corrected), Some(value)) if value == RIGHT => Accepted::Right,
        _ => Accepted::Nothing,
    }
}

/// Seats that were drawn, all rounds together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// Of the coalition.
    pub coalition: u32,
    /// Of others.
    pub others: u32,
    /// The first seat of round 1 is the coalition's.
    pub primary: bool,
}

impl Seats {
    /// The seats of an execution.
    #[must_use]
    pub fn of(execution: &Execution, coalition: Coalition) -> Self {
        let mut seats = Self { coalition: 0, others: 0, primary: false };
        for (_, seat) in execution.all_seats() {
            let count = if coalition.has(seat.runner) { &mut seats.coalition } else { &mut seats.others };
            *count = count.saturating_add(1);
        }
        seats.primary = execution.seats(ROUND_1).first().is_some_and(|seat| coalition.has(seat.runner));
        seats
    }

    /// How much more likely they are, in this number and order, with the coalition `real` than with `sampled` in a
    /// pool of `size` runners of equal stake: a quotient of falling factorials.
    #[must_use]
    pub fn likelier(self, size: u32, real: Coalition, sampled: Coalition) -> f64 {
        if real == sampled {
            return 1.0;
        }
        let falling = |of: u32, by: u32| -> f64 { (0..by).map(|taken| f64::from(of.saturating_sub(taken))).product() };
        let likely = |coalition: Coalition| {
            falling(coalition.runners, self.coalition) * falling(size.saturating_sub(coalition.runners), self.others)
        };
        likely(real) / likely(sampled)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_to_runners() {
        assert_eq!(Coalition::share_of(0.33, 65_536).runners, 21_627);
        assert_eq!(Coalition::share_of(0.0, 100).runners, 0);
        assert_eq!(Coalition::share_of(1.0, 100).runners, 100);
        assert_eq!(Coalition::share_of(0.05, 65_536).runners, 3_277);
    }

    /// Summed over all orders of drawing, weights make a probability again.
    #[test]
    fn weights_add_up() {
        let (size, real, sampled) = (50, Coalition { runners: 5 }, Coalition { runners: 25 });
        let mut sum = 0.0;
        for order in 0_u32..16 {
            let own = order.count_ones();
            let (mut chance, mut bad, mut good) = (1.0, 25.0, 25.0);
            for seat in 0..4 {
                let taken = if order >> seat & 1 == 1 { &mut bad } else { &mut good };
                chance *= *taken / (50.0 - f64::from(seat));
                *taken -= 1.0;
            }
            let seats = Seats { coalition: own, others: 4_u32.saturating_sub(own), primary: false };
            sum += chance * seats.likelier(size, real, sampled);
        }
        assert!((sum - 1.0).abs() < 1e-12);
    }
}
