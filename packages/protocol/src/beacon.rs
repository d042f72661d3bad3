//! Rounds of the randomness beacon, and which requests were bound before their round was known (1.2).
//!
//! Times are whole unix seconds of block headers, fractions cut off. Arithmetic saturates at the end of u64, which no
//! block time comes near.

use std::ops::RangeInclusive;

use crate::digest::{Digest32, sha256};

/// Seconds in a window of the confirmation ring.
pub const WINDOW: u64 = 3;

/// Windows that the ring remembers: a slot is overwritten after `RING · WINDOW` seconds.
pub const RING: u64 = 8_192;

/// Seconds that the end of a confirming window lies before the round's time.
const LEAD: u64 = 3;

/// A round of one of the market's beacons. A beacon may be replaced while executions wait for its rounds: those stay
/// with it, so a round is its beacon's number, from 0 in order of appointment, and its own (1.1).
///
/// In records and keys it is one u64 with the beacon in the highest byte; a round of the first beacon is its number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Round(u64);

/// Bits of the round's own number: enough for a round each second for two billion years.
const NUMBER_BITS: u32 = 56;

impl Round {
    /// Round `number` of a beacon; numbers from 2^56 on, which no clock comes near, are taken as the last one before.
    pub fn new(beacon: u8, number: u64) -> Self {
        Self(u64::from(beacon) << NUMBER_BITS | number.min(u64::MAX >> 8))
    }

    /// The beacon.
    pub const fn beacon(self) -> u8 {
        self.0.to_be_bytes()[0]
    }

    /// Its number among the beacon's rounds, from 1.
    pub const fn number(self) -> u64 {
        self.0 & (u64::MAX >> 8)
    }

    /// Its form in records and keys.
    pub const fn to_u64(self) -> u64 {
        self.0
    }

    /// From its form in records and keys.
    pub const fn from_u64(stored: u64) -> Self {
        Self(stored)
    }
}

/// Schedule of a beacon: round 1 at `genesis`, then one every `period`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BeaconParams {
    /// Its number among the market's beacons.
    pub no: u8,
    /// Unix seconds of round 1.
    pub genesis: u64,
    /// Seconds from one round to the next; 0 is taken as 1.
    pub period: u64,
}

impl BeaconParams {
    /// Number of the first round whose time is at `time` or later.
    #[must_use]
    pub fn round_at_or_after(&self, time: u64) -> u64 {
        time.saturating_sub(self.genesis).div_ceil(self.period.max(1)).saturating_add(1)
    }

    /// Unix seconds at which round number `round` is published. Round 0, which does not exist, is taken as round 1.
    #[must_use]
    pub fn time_of(&self, round: u64) -> u64 {
        round.saturating_sub(1).saturating_mul(self.period.max(1)).saturating_add(self.genesis)
    }
}

/// What the ring keeps of a window: the latest block in it that sent one of the recording messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// The window: [`window_of`] the block's time.
    pub window: u64,
    /// The block's height.
    pub height: u64,
}

/// The window in which `time` lies.
#[must_use]
pub const fn window_of(time: u64) -> u64 {
    time / WINDOW
}

/// Where in the ring a window is kept: 0 to [`RING`] − 1.
#[must_use]
pub const fn ring_index(window: u64) -> u64 {
    window % RING
}

/// The windows of which a slot can confirm a request of `bind_time` bound to a round at `round_time`: those whose ring
/// slots are worth reading. Empty when the round is too near.
#[must_use]
pub fn confirming_windows(bind_time: u64, round_time: u64) -> RangeInclusive<u64> {
    match window_of(round_time.saturating_sub(LEAD)).checked_sub(1) {
        Some(last) => window_of(bind_time)..=last,
        None => RangeInclusive::new(1, 0),
    }
}

/// Whether one of `slots` proves that a block above `bind_height` existed before the round was known.
#[must_use]
pub fn confirmed(bind_height: u64, bind_time: u64, round_time: u64, slots: &[Slot]) -> bool {
    let windows = confirming_windows(bind_time, round_time);
    slots.iter().any(|slot| slot.height > bind_height && windows.contains(&slot.window))
}

/// The digest that is hashed to the curve and signed for `round`.
#[must_use]
pub fn round_message(round: u64) -> Digest32 {
    sha256(&[&round.to_be_bytes()])
}

/// RAND: the randomness of a round from its verified signature.
#[must_use]
pub fn randomness(signature: &[u8]) -> Digest32 {
    sha256(&[signature])
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const QUICKNET: BeaconParams = BeaconParams { no: 0, genesis: 1_692_803_367, period: 3 };

    #[test]
    fn rounds_start_at_genesis() {
        assert_eq!(QUICKNET.round_at_or_after(0), 1);
        assert_eq!(QUICKNET.round_at_or_after(QUICKNET.genesis), 1);
        assert_eq!(QUICKNET.round_at_or_after(QUICKNET.genesis + 1), 2);
        assert_eq!(QUICKNET.round_at_or_after(QUICKNET.genesis + 3), 2);
        assert_eq!(QUICKNET.time_of(1), QUICKNET.genesis);
        assert_eq!(QUICKNET.time_of(123), QUICKNET.genesis + 366);
    }

    #[test]
    fn the_last_confirming_window_ends_three_seconds_before_the_round() {
        // Bound at 300 to a round at 324: windows 100 to 106, of which the last ends at 321.
        assert_eq!(confirming_windows(300, 324), 100..=106);
        assert_eq!(confirming_windows(300, 323), 100..=105);
        for (slot, expected) in [
            (Slot { window: 106, height: 8 }, true),
            (Slot { window: 106, height: 7 }, false),
            (Slot { window: 107, height: 8 }, false),
            (Slot { window: 99, height: 8 }, false),
        ] {
            assert_eq!(confirmed(7, 300, 324, &[slot]), expected, "{slot:?}");
        }
        assert!(!confirmed(7, 300, 324, &[]));
    }

    #[test]
    fn a_stale_block_time_confirms_nothing() {
        // The block of the binding carries a time of before a halt: the next one is already past the round.
        let next = Slot { window: window_of(10_000), height: 8 };
        assert!(!confirmed(7, 300, 324, &[next]));
    }

    #[test]
    fn degenerate_parameters_do_not_break_the_arithmetic() {
        let zero = BeaconParams { no: 0, genesis: 0, period: 0 };
        assert_eq!(zero.round_at_or_after(u64::MAX), u64::MAX);
        assert_eq!(zero.time_of(0), 0);
        assert!(confirming_windows(0, 5).is_empty());
        assert_eq!(QUICKNET.time_of(u64::MAX), u64::MAX);
    }

    #[test]
    fn rounds_of_beacons_do_not_meet() {
        let (first, later) = (Round::new(0, 1), Round::new(1, 1));
        assert_eq!((first.to_u64(), later.to_u64()), (1, 1 << 56 | 1), "the first beacon's are its numbers");
        assert_eq!((later.beacon(), later.number()), (1, 1));
        assert_eq!(
            [first, later, Round::new(255, 7)].map(|round| (round.beacon(), round.number())),
            [(0, 1), (1, 1), (255, 7)]
        );
        assert_eq!(Round::new(255, u64::MAX).to_u64(), u64::MAX);
        assert_eq!(Round::new(1, 1 << 56), Round::new(1, (1 << 56) - 1));
    }

    /// As `printf '\0\0\0\0\0\0\0\x7b' | sha256sum` has it.
    #[test]
    fn the_message_of_round_123() {
        let message = "41f1c4ddd1183083b48396129dec579e9b7ae61bcf24b743cfe59b7d558a2676";
        assert_eq!(round_message(123).to_string(), message);
    }

    #[test]
    fn ring_wraps() {
        assert_eq!(ring_index(RING + 5), 5);
    }

    proptest! {
        #[test]
        fn a_round_is_the_first_at_or_after(
            genesis in 0..1_u64 << 40, period in 1..100_u64, later in 0..1_u64 << 40,
        ) {
            let beacon = BeaconParams { no: 0, genesis, period };
            let time = genesis + later;
            let round = beacon.round_at_or_after(time);
            prop_assert!(beacon.time_of(round) >= time);
            prop_assert!(round == 1 || beacon.time_of(round - 1) < time);
        }

        #[test]
        fn confirmation_is_its_definition(
            height in 0..50_u64, time in 0..200_u64, ahead in 0..100_u64, slot_window in 0..100_u64, slot_height in 0..50_u64,
        ) {
            let round_time = time + ahead;
            let defined = slot_height > height && slot_window >= time / 3 && 3 * (slot_window + 1) + 3 <= round_time;
            let slot = Slot { window: slot_window, height: slot_height };
            prop_assert_eq!(confirmed(height, time, round_time, &[slot]), defined);
        }
    }
}
