//! The formula of section 2.1: how often a coalition that always cheats gets its value accepted.
//!
//! Exact sums over how many seats of each round the coalition holds. With independent seats they are the binomial sums of
//! the mechanism; with a pool of known size they follow the draw without replacement, whose rates are slightly lower.

use mesg_protocol::terms::Committee;
use serde::Serialize;

/// Who may be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Population {
    /// Each seat belongs to the coalition with this probability, whatever was drawn before.
    Independent(f64),
    /// So many runners of equal stake, drawn without replacement.
    Pool {
        /// Runners of the coalition.
        coalition: u32,
        /// All runners.
        size: u32,
    },
}

/// Seats drawn so far: of the coalition, and all.
#[derive(Clone, Copy, Debug, Default)]
struct Drawn {
    coalition: u32,
    all: u32,
}

/// Expected rates of an execution whose coalition always cheats.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Rates {
    /// The primary belongs to the coalition and its value is accepted.
    pub wrong: f64,
    /// An honest primary's value is replaced by the coalition's; of the executions with an honest primary.
    pub overturned: f64,
    /// No value is accepted.
    pub undecided: f64,
    /// Seats beside the primary's, in all rounds.
    pub validators: f64,
}

/// Seats that a value needs in a later round: two thirds, or more than half where no round follows the second.
#[must_use]
pub fn needed(seats: u8, terminal_majority: bool) -> u32 {
    let seats = u32::from(seats);
    if terminal_majority { (seats / 2).saturating_add(1) } else { seats.saturating_mul(2).div_ceil(3) }
}

/// The rates of 2.1 for a committee.
#[must_use]
pub fn rates(committee: Committee, population: Population) -> Rates {
    let mut sums = Rates { wrong: 0.0, overturned: 0.0, undecided: 0.0, validators: 0.0 };
    let k1 = u32::from(committee.k1);
    let first = population.drawn(Drawn::default(), 1);
    let honest_primary = first.first().copied().unwrap_or(1.0);
    for (bad_primary, primary) in (0_u32..).zip(first) {
        let seen = Drawn { coalition: bad_primary, all: 1 };
        for (bad, chance) in (0_u32..).zip(population.drawn(seen, k1)) {
            let chance = chance * primary;
            sums.validators += chance * f64::from(k1);
            let unanimous = if bad_primary == 1 { bad == k1 } else { bad == 0 };
            if unanimous {
                sums.wrong += if bad_primary == 1 { chance } else { 0.0 };
                continue;
            }
            let seen = Drawn { coalition: bad_primary.saturating_add(bad), all: k1.saturating_add(1) };
            let later = later_rounds(committee, population, seen);
            let share = if bad_primary == 1 { &mut sums.wrong } else { &mut sums.overturned };
            *share += chance * later.wrong;
            sums.undecided += chance * later.undecided;
            sums.validators += chance * later.validators;
        }
    }
    sums.overturned = if honest_primary > 0.0 { sums.overturned / honest_primary } else { 0.0 };
    sums
}

/// Rounds 2 and 3: chance that the coalition's value is accepted, that none is, and the seats they take.
fn later_rounds(committee: Committee, population: Population, seen: Drawn) -> Rates {
    let mut sums = Rates { wrong: 0.0, overturned: 0.0, undecided: 0.0, validators: f64::from(committee.k2) };
    let k2 = u32::from(committee.k2);
    let quorum = needed(committee.k2, committee.k3.is_none());
    for (bad, chance) in (0_u32..).zip(population.drawn(seen, k2)) {
        if bad >= quorum {
            sums.wrong += chance;
        } else if k2.saturating_sub(bad) < quorum {
            let Some(k3) = committee.k3 else {
                sums.undecided += chance;
                continue;
            };
            sums.validators += chance * f64::from(k3);
            let seen = Drawn { coalition: seen.coalition.saturating_add(bad), all: seen.all.saturating_add(k2) };
            let (wrong, undecided) = last_round(k3, population, seen);
            sums.wrong += chance * wrong;
            sums.undecided += chance * undecided;
        }
    }
    sums
}

/// Round 3: chance that the coalition's value is accepted, and that none is.
fn last_round(k3: u8, population: Population, seen: Drawn) -> (f64, f64) {
    let quorum = needed(k3, false);
    let (mut wrong, mut undecided) = (0.0, 0.0);
    for (bad, chance) in (0_u32..).zip(population.drawn(seen, k3.into())) {
        if bad >= quorum {
            wrong += chance;
        } else if u32::from(k3).saturating_sub(bad) < quorum {
            undecided += chance;
        }
    }
    (wrong, undecided)
}

/// Chance that all seats of round 1 belong to the coalition when it can keep `offline` honest seats from sealing, each
/// of which a spare replaces: the opportunities of a patient coalition.
#[must_use]
pub fn full_house(committee: Committee, population: Population, offline: u32) -> f64 {
    let seats = u32::from(committee.seats());
    let mut sum = 0.0;
    for honest in 0..=offline {
        // The last of the draws that fill the committee is the coalition's; `honest` of those before it are not.
        let before = Drawn { coalition: seats.saturating_sub(1), all: seats.saturating_sub(1).saturating_add(honest) };
        let place = usize::try_from(before.coalition).unwrap_or(usize::MAX);
        let ways = population.drawn(Drawn::default(), before.all).get(place).copied().unwrap_or(0.0);
        sum += ways * population.drawn(before, 1).get(1).copied().unwrap_or(0.0);
    }
    sum
}

impl Population {
    /// How many of the next `seats` belong to the coalition: chances of 0, 1, …, `seats`.
    fn drawn(self, seen: Drawn, seats: u32) -> Vec<f64> {
        let mut chances = vec![1.0];
        for drawn in 0..seats {
            let mut next = vec![0.0; chances.len().saturating_add(1)];
            for (bad, chance) in (0_u32..).zip(&chances) {
                let one = self.share(seen, bad, drawn);
                let place = usize::try_from(bad).unwrap_or(usize::MAX);
                if let Some([stays, grows]) = next.get_mut(place..).and_then(<[f64]>::first_chunk_mut::<2>) {
                    *stays += chance * (1.0 - one);
                    *grows += chance * one;
                }
            }
            chances = next;
        }
        chances
    }

    /// Chance that the next seat belongs to the coalition, `bad` of `drawn` seats after `seen`.
    fn share(self, seen: Drawn, bad: u32, drawn: u32) -> f64 {
        match self {
            Self::Independent(share) => share,
            Self::Pool { coalition, size } => {
                let left = size.saturating_sub(seen.all).saturating_sub(drawn);
                let bad = coalition.saturating_sub(seen.coalition).saturating_sub(bad);
                if left == 0 { 0.0 } else { f64::from(bad) / f64::from(left) }
            }
        }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    const fn committee(k1: u8, k2: u8, k3: Option<u8>) -> Committee {
        Committee { k1, k2, k3 }
    }

    fn at(committee: Committee, share: f64) -> Rates {
        rates(committee, Population::Independent(share))
    }

    /// Equal to a figure that is printed with two digits.
    fn printed(got: f64, figure: f64) -> bool {
        let unit = 10_f64.powf(figure.log10().floor() - 1.0);
        (got - figure).abs() <= unit * 0.5001
    }

    /// One row of the table of 2.1: rates at p = .1, .2, .33, and validators at .02, .1, .2.
    type Row = (Committee, [f64; 3], [f64; 3], [f64; 3]);

    const TABLE: [Row; 6] = [
        (committee(1, 3, None), [0.013, 0.057, 0.17], [2.8e-3, 0.021, 0.084], [1.1, 1.5, 2.0]),
        (committee(3, 5, None), [9.6e-4, 0.013, 0.077], [2.3e-3, 0.028, 0.14], [3.4, 4.7, 5.9]),
        (committee(1, 7, Some(15)), [0.010, 0.041, 0.12], [1.8e-5, 9.4e-4, 0.015], [1.3, 2.3, 3.9]),
        (committee(3, 5, Some(11)), [1.5e-4, 2.9e-3, 0.027], [1.2e-4, 3.3e-3, 0.033], [3.4, 5.0, 7.6]),
        (committee(3, 9, Some(21)), [1.1e-4, 2.2e-3, 0.025], [1.7e-5, 1.5e-3, 0.029], [3.7, 6.2, 9.3]),
        (committee(5, 15, Some(31)), [1.0e-6, 8.7e-5, 3.9e-3], [7.6e-8, 7.6e-5, 6.8e-3], [6.7, 12.1, 17.5]),
    ];

    #[test]
    fn gives_the_table_of_the_mechanism() {
        for (committee, wrong, overturned, validators) in TABLE {
            for (share, figure) in [0.1, 0.2, 0.33].into_iter().zip(wrong) {
                let got = at(committee, share).wrong;
                assert!(printed(got, figure), "wrong, {committee:?} at {share}: {got} for {figure}");
            }
            for (share, figure) in [0.1, 0.2, 0.33].into_iter().zip(overturned) {
                let got = at(committee, share).overturned;
                assert!(printed(got, figure), "overturned, {committee:?} at {share}: {got} for {figure}");
            }
            for (share, figure) in [0.02, 0.1, 0.2].into_iter().zip(validators) {
                let got = at(committee, share).validators;
                assert!((got - figure).abs() <= 0.0501, "validators, {committee:?} at {share}: {got} for {figure}");
            }
        }
    }

    #[test]
    fn is_the_closed_form() {
        let p: f64 = 0.2;
        let tail = |k: i32, from: i32| -> f64 {
            let binomial = |i: i32| (0..i).map(|j| f64::from(k - j) / f64::from(j + 1)).product::<f64>();
            (from..=k).map(|i| binomial(i) * p.powi(i) * (1.0 - p).powi(k - i)).sum()
        };
        let (a2, a3) = (tail(9, 6), tail(21, 14));
        let i2 = tail(9, 4) - a2;
        let expected = p * (p.powi(3) + (1.0 - p.powi(3)) * (a2 + i2 * a3));
        assert!((at(committee(3, 9, Some(21)), p).wrong - expected).abs() < 1e-15);
    }

    #[test]
    fn a_pool_tends_to_independent_seats() {
        let default = committee(3, 9, Some(21));
        let small = rates(default, Population::Pool { coalition: 10, size: 50 });
        let large = rates(default, Population::Pool { coalition: 200_000, size: 1_000_000 });
        let limit = at(default, 0.2);
        assert!(small.wrong < large.wrong && large.wrong < limit.wrong);
        assert!((large.wrong / limit.wrong - 1.0).abs() < 1e-4);
    }

    #[test]
    fn offline_seats_of_the_patient_coalition() {
        let share = Population::Independent(0.2);
        let default = committee(3, 9, Some(21));
        assert!(printed(full_house(default, share, 0), 1.6e-3));
        assert!(printed(full_house(default, share, 1), 6.7e-3));
        assert!(printed(full_house(default, share, 2), 1.7e-2));
    }
}
