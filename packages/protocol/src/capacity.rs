//! Seats that a runner's stake is good for (docs/mechanism.md 1.5). Only whole seats count, so splitting stake into
//! many runners gains nothing.

use bnum::types::U256;

use crate::bps::{BPS_ONE, Bps};

/// Seats that each version served must give at the time of opting in.
pub const MIN_SEATS: u32 = 2;

/// The runner's leaf in one version: ⌊capacity · active / (versions · seat_bond)⌋ seats, at most 2^32 − 1.
///
/// `active` is the value of its active shares and `seat_bond` the version's B, both in base units; `versions` is how
/// many versions it serves, this one included. Without versions or with a zero bond there are no seats.
pub fn seats(capacity: Bps, active: u128, versions: u8, seat_bond: u128) -> u32 {
    // At most 2^14 · 2^128 over at most 2^14 · 2^8 · 2^128: neither product leaves 256 bits.
    let stake = U256::from(active).saturating_mul(U256::from(capacity.get()));
    let bonds = U256::from(seat_bond).saturating_mul(U256::from(versions)).saturating_mul(U256::from(BPS_ONE));
    let seats = stake.checked_div(bonds).unwrap_or(U256::ZERO);
    u32::try_from(seats).unwrap_or(if bonds.is_zero() { 0 } else { u32::MAX })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CAPACITY: Bps = Bps::saturating(4_000);

    #[test]
    fn whole_seats_of_two_fifths_of_the_stake() {
        assert_eq!(seats(CAPACITY, 1_000, 1, 100), 4);
        assert_eq!(seats(CAPACITY, 999, 1, 100), 3);
        assert_eq!(seats(CAPACITY, 1_000, 2, 100), 2);
        assert_eq!(seats(CAPACITY, 249, 1, 100), 0);
    }

    #[test]
    fn extremes() {
        assert_eq!(seats(CAPACITY, u128::MAX, 2, u128::MAX), 0);
        assert_eq!(seats(CAPACITY, u128::MAX, 1, 1), u32::MAX);
        assert_eq!(seats(CAPACITY, 1_000, 0, 100), 0);
        assert_eq!(seats(CAPACITY, 1_000, 1, 0), 0);
    }

    proptest! {
        /// Attack 31: all seats at once, in rounds 2 and 3 twice as many, never put more than 80 % of the stake at
        /// risk, over all versions served.
        #[test]
        fn attack_31_open_seats_never_exceed_the_stake(
            active in 0..(u128::MAX >> 8), bonds in prop::collection::vec(1..(u128::MAX >> 32), 1..=2),
        ) {
            let versions = u8::try_from(bonds.len()).unwrap();
            let risk = bonds.iter().map(|bond| U256::from(seats(CAPACITY, active, versions, *bond)) * U256::from(*bond));
            let risk = risk.fold(U256::ZERO, |sum, part| sum + part);
            prop_assert!(risk * U256::from(2u8) * U256::from(5u8) <= U256::from(active) * U256::from(4u8));
        }

        /// Attack 1: the same stake in two runners never gives more seats than in one.
        #[test]
        fn attack_01_splitting_gains_nothing(a in 0..u64::MAX, b in 0..u64::MAX, bond in 1..u64::MAX) {
            let of = |stake: u128| u64::from(seats(CAPACITY, stake, 1, bond.into()));
            prop_assert!(of(a.into()) + of(b.into()) <= of(u128::from(a) + u128::from(b)));
        }
    }
}
