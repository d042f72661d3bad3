//! The decaying score of a runner, the ladder of its jails, and the tombstone (docs/mechanism.md 3).
//!
//! Offences add points; every completed seat takes a hundredth of the score away, rounded up, so that it comes back to
//! nothing. At 10 points the runner is jailed and the score starts anew: 10 minutes, four times as long at each repeat,
//! at most 7 days, and from the start again after 30 days out of jail. The third jail of 7 days that begins within 90
//! days is a tombstone. Offences during a jail add no points: one crash of a runner with many open seats climbs the
//! ladder by one step, not by one for every ten seats. Each of them still costs its slash.

use crate::codec::{CodecError, Reader, Record, Writer};
use crate::offence::{MilliPoints, Offence};

/// A score at which a runner is jailed: 10 points.
pub const JAIL_POINTS: MilliPoints = 10_000;
/// Lengths of the jails since the last 30 clean days, in seconds; the last one repeats.
pub const JAIL_SECS: [u64; 6] = [600, 2_400, 9_600, 38_400, 153_600, LONGEST_JAIL_SECS];
/// The longest jail: 7 days. Three of them within [`TOMBSTONE_SECS`] are a tombstone.
pub const LONGEST_JAIL_SECS: u64 = 7 * DAY_SECS;
/// After so long out of jail the ladder begins at its start: 30 days.
pub const CLEAN_SECS: u64 = 30 * DAY_SECS;
/// From the begin of the first of three longest jails to the begin of the third, at most, for a tombstone: 90 days.
pub const TOMBSTONE_SECS: u64 = 90 * DAY_SECS;

const DAY_SECS: u64 = 86_400;
/// A completed seat takes this part of the score.
const DECAY: MilliPoints = 100;

/// How a runner is excluded from seats. The longer one is the greater, a tombstone above all jails, so that the `max`
/// of several exclusions is what holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exclusion {
    /// Until it asks to be let out, not before this time.
    Jail {
        /// Unix seconds.
        until: u64,
    },
    /// For ever.
    Tombstone,
}

/// What is remembered of a runner's offences. Times are in unix seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    points: MilliPoints,
    jails: Option<Jails>,
    tombstoned: bool,
}

/// Jails of a runner that was jailed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Jails {
    /// Steps of the ladder taken: 1 to its length.
    steps: u8,
    /// End of the last jail.
    until: u64,
    /// Begins of the last two longest jails, the older one first.
    longest: Longest,
}

/// Begins of jails of the longest kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Longest {
    None,
    One(u64),
    Two(u64, u64),
}

impl Score {
    /// The score now, always below [`JAIL_POINTS`].
    pub const fn points(&self) -> MilliPoints {
        self.points
    }

    /// End of the last jail, past or future; none for a runner that was never jailed or is tombstoned.
    pub const fn jailed_until(&self) -> Option<u64> {
        match self.jails {
            Some(Jails { until, .. }) => Some(until),
            None => None,
        }
    }

    /// Whether it is excluded for ever.
    pub const fn is_tombstoned(&self) -> bool {
        self.tombstoned
    }

    /// An offence that became known at `now`; the exclusion that begins with it, if one does. Nothing is added while
    /// a jail lasts, nor after a tombstone.
    pub fn offend(&mut self, offence: Offence, now: u64) -> Option<Exclusion> {
        let jailed = self.jails.is_some_and(|jails| now < jails.until);
        if self.tombstoned || jailed {
            return None;
        }
        self.points = self.points.saturating_add(offence.points());
        if self.points < JAIL_POINTS {
            return None;
        }
        self.points = 0;
        Some(self.jail(now))
    }

    /// A seat that it completed: the score less a hundredth, rounded up.
    pub const fn complete_seat(&mut self) {
        self.points = self.points.saturating_sub(self.points.div_ceil(DECAY));
    }

    fn jail(&mut self, now: u64) -> Exclusion {
        let step = self.steps_at(now);
        let length = JAIL_SECS.get(usize::from(step)).copied().unwrap_or(LONGEST_JAIL_SECS);
        let mut longest = self.jails.map_or(Longest::None, |jails| jails.longest);
        if length == LONGEST_JAIL_SECS {
            longest = match longest {
                Longest::None => Longest::One(now),
                Longest::One(first) => Longest::Two(first, now),
                Longest::Two(first, _) if now.saturating_sub(first) <= TOMBSTONE_SECS => {
                    *self = Self { points: 0, jails: None, tombstoned: true };
                    return Exclusion::Tombstone;
                }
                Longest::Two(_, second) => Longest::Two(second, now),
            };
        }
        let until = now.saturating_add(length);
        self.jails = Some(Jails { steps: step.saturating_add(1).min(STEPS), until, longest });
        Exclusion::Jail { until }
    }

    /// Steps of the ladder that count at `now`.
    fn steps_at(&self, now: u64) -> u8 {
        match self.jails {
            Some(jails) if now < jails.until.saturating_add(CLEAN_SECS) => jails.steps,
            _ => 0,
        }
    }
}

/// Steps of the ladder.
#[allow(clippy::cast_possible_truncation, reason = "six")]
const STEPS: u8 = JAIL_SECS.len() as u8;

/// First byte of a score, its layout: nothing more; points; points and jails with 0, 1, 2 begins; nothing more.
const CLEAN: u8 = 0;
const POINTS: u8 = 1;
const JAILED: u8 = 2;
const JAILED_LONG: u8 = 3;
const JAILED_LONG_TWICE: u8 = 4;
const TOMBSTONED: u8 = 5;

impl Record for Score {
    fn write(&self, out: &mut Writer) {
        let Some(jails) = self.jails else {
            return match (self.tombstoned, self.points) {
                (true, _) => out.byte(TOMBSTONED),
                (false, 0) => out.byte(CLEAN),
                (false, points) => {
                    out.byte(POINTS);
                    out.int(points);
                }
            };
        };
        out.byte(match jails.longest {
            Longest::None => JAILED,
            Longest::One(_) => JAILED_LONG,
            Longest::Two(..) => JAILED_LONG_TWICE,
        });
        out.int(self.points);
        out.byte(jails.steps);
        out.int(jails.until);
        match jails.longest {
            Longest::None => {}
            Longest::One(first) => out.int(first),
            Longest::Two(first, second) => {
                out.int(first);
                out.int(second);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        match input.byte()? {
            CLEAN => Ok(Self::default()),
            POINTS => match points(input)? {
                0 => Err(CodecError::Integer),
                points => Ok(Self { points, ..Self::default() }),
            },
            kind @ JAILED..=JAILED_LONG_TWICE => {
                let (points, steps, until) = (points(input)?, steps(input)?, input.int()?);
                let longest = match kind {
                    JAILED => Longest::None,
                    JAILED_LONG => Longest::One(input.int()?),
                    _ => Longest::Two(input.int()?, input.int()?),
                };
                Ok(Self { points, jails: Some(Jails { steps, until, longest }), tombstoned: false })
            }
            TOMBSTONED => Ok(Self { tombstoned: true, ..Self::default() }),
            got => Err(CodecError::Tag { got }),
        }
    }
}

fn points(input: &mut Reader<'_>) -> Result<MilliPoints, CodecError> {
    let points = input.int()?;
    if points < JAIL_POINTS { Ok(points) } else { Err(CodecError::Integer) }
}

fn steps(input: &mut Reader<'_>) -> Result<u8, CodecError> {
    let steps = input.byte()?;
    if (1..=STEPS).contains(&steps) { Ok(steps) } else { Err(CodecError::Integer) }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Any moment.
    const NOW: u64 = 1_700_000_000;

    /// Jails by an equivocation and gives the end; none for a tombstone.
    fn jail(score: &mut Score, now: u64) -> Option<u64> {
        match score.offend(Offence::Equivocation, now) {
            Some(Exclusion::Jail { until }) => Some(until),
            Some(Exclusion::Tombstone) => None,
            None => panic!("ten points jail"),
        }
    }

    /// A score that took the first five steps of the ladder, and the end of the last one.
    fn at_the_top() -> (Score, u64) {
        let (mut score, mut now) = (Score::default(), NOW);
        for _ in 0..5 {
            now = jail(&mut score, now).unwrap();
        }
        (score, now)
    }

    #[test]
    fn ten_misses_jail_and_nine_do_not() {
        let mut score = Score::default();
        for miss in 1..10 {
            assert_eq!(score.offend(Offence::Missed, NOW), None);
            assert_eq!(score.points(), miss * 1_000);
        }
        assert_eq!(score.offend(Offence::Missed, NOW), Some(Exclusion::Jail { until: NOW + 600 }));
        assert_eq!((score.points(), score.jailed_until()), (0, Some(NOW + 600)));
    }

    #[test]
    fn every_offence_reaches_the_jail_by_its_points() {
        for (offence, count) in [
            (Offence::Equivocation, 1),
            (Offence::WrongOrUnopened, 2),
            (Offence::DoubleEmission, 2),
            (Offence::Missed, 10),
            (Offence::PublishingSlot, 10),
            (Offence::Declined, 20),
        ] {
            let mut score = Score::default();
            for _ in 1..count {
                assert_eq!(score.offend(offence, NOW), None, "{offence:?}");
            }
            assert_eq!(score.offend(offence, NOW), Some(Exclusion::Jail { until: NOW + 600 }), "{offence:?}");
        }
    }

    #[test]
    fn a_completed_seat_takes_a_hundredth_rounded_up() {
        let mut score = Score::default();
        score.offend(Offence::WrongOrUnopened, NOW);
        // 5,000 − 50; 4,950 − ⌈49.5⌉; 4,900 − 49; 4,851 − ⌈48.51⌉
        for expected in [4_950, 4_900, 4_851, 4_802] {
            score.complete_seat();
            assert_eq!(score.points(), expected);
        }
        for _ in 4..447 {
            score.complete_seat();
        }
        assert_eq!(score.points(), 1);
        score.complete_seat();
        assert_eq!(score, Score::default(), "nothing is left of it in the end");
    }

    #[test]
    fn attack_59_who_misses_one_seat_of_twelve_is_never_jailed_and_one_of_eight_is() {
        let jailed = |every: u32| {
            let mut score = Score::default();
            (1..10_000u32).any(|seat| match seat % every {
                0 => score.offend(Offence::Missed, NOW).is_some(),
                _ => {
                    score.complete_seat();
                    false
                }
            })
        };
        assert!(!jailed(12));
        assert!(jailed(8));
    }

    #[test]
    fn the_ladder_climbs_by_four_to_seven_days() {
        let (mut score, mut now) = (Score::default(), NOW);
        for length in [600, 2_400, 9_600, 38_400, 153_600, 604_800, 604_800] {
            let until = jail(&mut score, now).unwrap();
            assert_eq!(until - now, length);
            now = until;
        }
    }

    #[test]
    fn thirty_days_out_of_jail_begin_the_ladder_anew() {
        let mut score = Score::default();
        let until = jail(&mut score, NOW).unwrap();
        let mut soon = score;
        assert_eq!(jail(&mut soon, until + CLEAN_SECS - 1), Some(until + CLEAN_SECS - 1 + 2_400));
        assert_eq!(jail(&mut score, until + CLEAN_SECS), Some(until + CLEAN_SECS + 600));
    }

    #[test]
    fn offences_in_jail_add_nothing() {
        let mut score = Score::default();
        let until = jail(&mut score, NOW).unwrap();
        for _ in 0..80 {
            assert_eq!(score.offend(Offence::Missed, until - 1), None);
        }
        assert_eq!(score.points(), 0);
        assert_eq!(score.offend(Offence::Missed, until), None);
        assert_eq!(score.points(), 1_000);
    }

    #[test]
    fn the_third_longest_jail_within_ninety_days_is_a_tombstone() {
        let (mut score, first) = at_the_top();
        let second = jail(&mut score, first).unwrap();
        // Clean days would begin the ladder anew: the second one is late, the third one within its thirty days.
        let second = second + CLEAN_SECS - 1;
        let end = jail(&mut score, second).unwrap();
        assert_eq!(end - second, LONGEST_JAIL_SECS);
        for third in [end, end + CLEAN_SECS - 1] {
            assert!(third - first <= TOMBSTONE_SECS);
            let mut score = score;
            assert_eq!(score.offend(Offence::Equivocation, third), Some(Exclusion::Tombstone));
            assert_eq!((score.is_tombstoned(), score.points(), score.jailed_until()), (true, 0, None));
            assert_eq!(score.offend(Offence::Equivocation, third + 1), None, "there is nothing worse");
        }
    }

    #[test]
    fn the_ninety_days_end_exactly() {
        let longest = Longest::Two(NOW, NOW + 40 * DAY_SECS);
        let jails = Jails { steps: STEPS, until: NOW + 70 * DAY_SECS, longest };
        let before = Score { jails: Some(jails), ..Score::default() };
        let mut score = before;
        assert_eq!(score.offend(Offence::Equivocation, NOW + TOMBSTONE_SECS), Some(Exclusion::Tombstone));
        let mut score = before;
        let late = NOW + TOMBSTONE_SECS + 1;
        assert_eq!(jail(&mut score, late), Some(late + LONGEST_JAIL_SECS));
        // The window moved on: of the second, this one and a next one, the next one is the third.
        let next = late + LONGEST_JAIL_SECS;
        assert!(next - (NOW + 40 * DAY_SECS) <= TOMBSTONE_SECS);
        assert_eq!(score.offend(Offence::Equivocation, next), Some(Exclusion::Tombstone));
    }

    #[test]
    fn short_jails_are_no_step_to_the_tombstone() {
        let (mut score, mut now) = (Score::default(), NOW);
        for _ in 0..40 {
            now = jail(&mut score, now).unwrap() + CLEAN_SECS;
        }
        assert!(!score.is_tombstoned());
    }

    #[test]
    fn a_tombstone_is_above_every_jail() {
        let jail = |until| Exclusion::Jail { until };
        assert_eq!([jail(7), Exclusion::Tombstone, jail(u64::MAX)].into_iter().max(), Some(Exclusion::Tombstone));
        assert_eq!([jail(7), jail(9)].into_iter().max(), Some(jail(9)));
    }

    #[test]
    fn the_end_of_time_overflows_nothing() {
        let mut score = Score::default();
        assert_eq!(jail(&mut score, u64::MAX), Some(u64::MAX));
        assert_eq!(jail(&mut score, u64::MAX), Some(u64::MAX));
    }

    #[test]
    fn golden_records() {
        let of = |points, jails| Score { points, jails, tombstoned: false };
        let jails = |longest| Some(Jails { steps: 6, until: 300, longest });
        for (score, bytes) in [
            (Score::default(), vec![0]),
            (of(5_000, None), vec![1, 0x88, 0x27]),
            (of(0, jails(Longest::None)), vec![2, 0, 6, 0xac, 2]),
            (of(500, jails(Longest::One(7))), vec![3, 0xf4, 3, 6, 0xac, 2, 7]),
            (of(500, jails(Longest::Two(7, 8))), vec![4, 0xf4, 3, 6, 0xac, 2, 7, 8]),
            (Score { tombstoned: true, ..Score::default() }, vec![5]),
        ] {
            assert_eq!(score.encode(), bytes);
            assert_eq!(Score::decode(&bytes), Ok(score));
        }
    }

    #[test]
    fn what_is_no_record() {
        assert_eq!(Score::decode(&[6]), Err(CodecError::Tag { got: 6 }));
        assert_eq!(Score::decode(&[1, 0]), Err(CodecError::Integer), "that is a clean one");
        assert_eq!(Score::decode(&[1, 0x90, 0x4e]), Err(CodecError::Integer), "10,000: jailed before");
        assert_eq!(Score::decode(&[2, 0, 0, 1]), Err(CodecError::Integer), "no step");
        assert_eq!(Score::decode(&[2, 0, 7, 1]), Err(CodecError::Integer), "a seventh step");
        assert_eq!(Score::decode(&[3, 0, 1, 1]), Err(CodecError::Truncated));
        assert_eq!(Score::decode(&[0, 0]), Err(CodecError::Trailing { extra: 1 }));
    }

    const OFFENCES: [Offence; 6] = [
        Offence::WrongOrUnopened,
        Offence::Equivocation,
        Offence::Missed,
        Offence::PublishingSlot,
        Offence::DoubleEmission,
        Offence::Declined,
    ];

    /// An offence or, for none, a completed seat; after so many seconds.
    type Step = (Option<usize>, u64);

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let wait = prop_oneof![0..2_000u64, 0..10 * DAY_SECS, 0..50 * DAY_SECS];
        prop::collection::vec((prop::option::of(0..OFFENCES.len()), wait), 0..200)
    }

    proptest! {
        /// Scores stay below the threshold, only fall by completed seats, and come back from their bytes; jails are
        /// those of the ladder, and a tombstone comes exactly with the third longest jail in 90 days.
        #[test]
        fn the_rules_hold_over_any_history(steps in steps()) {
            let (mut score, mut now) = (Score::default(), NOW);
            let mut begins: Vec<u64> = vec![];
            let (mut rung, mut end) = (0usize, 0u64);
            for (offence, wait) in steps {
                now += wait;
                let before = score;
                let Some(offence) = offence.map(|which| OFFENCES[which]) else {
                    score.complete_seat();
                    prop_assert!(score.points() < before.points() || before.points() == 0);
                    prop_assert!(score.points() >= before.points() - before.points().div_ceil(100));
                    prop_assert_eq!(Score { points: before.points, ..score }, before);
                    continue;
                };
                let outcome = score.offend(offence, now);
                prop_assert!(score.points() < JAIL_POINTS);
                prop_assert_eq!(Score::decode(&score.encode()), Ok(score));
                if before.is_tombstoned() || now < end {
                    prop_assert_eq!((outcome, score), (None, before));
                    continue;
                }
                let full = before.points() + offence.points() >= JAIL_POINTS;
                prop_assert_eq!(outcome.is_some(), full);
                if !full { continue }
                if now >= end + CLEAN_SECS { rung = 0 }
                let length = [600, 2_400, 9_600, 38_400, 153_600, 604_800][rung.min(5)];
                rung += 1;
                if length == LONGEST_JAIL_SECS { begins.push(now) }
                let third = begins.iter().rev().nth(2).filter(|_| length == LONGEST_JAIL_SECS);
                if third.is_some_and(|first| now - first <= TOMBSTONE_SECS) {
                    prop_assert_eq!(outcome, Some(Exclusion::Tombstone));
                    prop_assert!(score.is_tombstoned());
                } else {
                    end = now + length;
                    prop_assert_eq!(outcome, Some(Exclusion::Jail { until: end }));
                }
            }
        }

        /// Attack 59: only own acts score. Whatever others do, a runner that completes its seats stays clean, in one
        /// byte.
        #[test]
        fn attack_59_an_error_free_runner_is_never_jailed(seats in 0..2_000u32) {
            let mut score = Score::default();
            for _ in 0..seats { score.complete_seat() }
            prop_assert_eq!(score, Score::default());
            prop_assert_eq!(score.encode(), [CLEAN]);
        }

        #[test]
        fn what_decodes_encodes_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..24), kind in 0..6u8) {
            for bytes in [bytes.clone(), [vec![kind], bytes].concat()] {
                if let Ok(score) = Score::decode(&bytes) {
                    prop_assert_eq!(score.encode(), bytes);
                }
            }
        }
    }
}
