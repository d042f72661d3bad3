//! Stake of one runner in shares: bond, unbond, withdraw, slash (docs/mechanism.md 3).
//!
//! All shares, active and unbonding, stand for the same tokens. A slash takes tokens and leaves the shares, so it
//! reaches stake on its way out pro rata, in constant time. Every rounding is against the runner; since the first
//! bond is 1:1 and only slashes change the ratio, tokens never exceed shares and no rounding costs a whole unit more.

use bnum::types::U256;
use thiserror::Error;

use crate::codec::{CodecError, Reader, Record, Writer};

/// Tokens of one runner and the shares in them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stake {
    /// P: tokens behind all shares, in base units.
    pub tokens: u128,
    /// Active shares.
    pub active: u128,
    /// Shares of all unbonding entries together. H = active + unbonding.
    pub unbonding: u128,
}

/// Why stake cannot be changed so.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum StakeError {
    /// The amount is zero, or so small that it is worth no share.
    #[error("amount {amount} is worth no share")]
    Worthless {
        /// The refused amount.
        amount: u128,
    },
    /// Everything was slashed while shares are left: a bond would belong to those.
    #[error("runner is dead: {shares} shares are left without tokens")]
    Dead {
        /// Shares that are left.
        shares: u128,
    },
    /// More than there is.
    #[error("amount {amount} is more than the {available} there is")]
    Short {
        /// The refused amount.
        amount: u128,
        /// What there is.
        available: u128,
    },
    /// A sum or quotient does not fit 128 bits.
    #[error("amount does not fit 128 bits")]
    Overflow,
}

impl Stake {
    /// H: all shares. Never overflows for a stake that these functions made.
    pub const fn shares(&self) -> u128 {
        self.active.saturating_add(self.unbonding)
    }

    /// Whether it can never be bonded again: P = 0 < H.
    pub const fn is_dead(&self) -> bool {
        self.tokens == 0 && self.shares() > 0
    }

    /// Tokens that `shares` are worth: ⌊shares · P / H⌋; 0 without shares.
    pub fn value(&self, shares: u128) -> u128 {
        // With shares ≤ H the quotient is at most P.
        mul_div(shares.min(self.shares()), self.tokens, self.shares(), Round::Down).unwrap_or(0)
    }

    /// Tokens that the active shares are worth.
    pub fn active_value(&self) -> u128 {
        self.value(self.active)
    }

    /// Adds `amount` tokens for ⌊amount · H / P⌋ new active shares, the first 1:1. Gives the shares.
    pub fn bond(&mut self, amount: u128) -> Result<u128, StakeError> {
        if self.is_dead() {
            return Err(StakeError::Dead { shares: self.shares() });
        }
        let shares = match self.shares() {
            0 => amount,
            all => mul_div(amount, all, self.tokens, Round::Down)?,
        };
        if shares == 0 {
            return Err(StakeError::Worthless { amount });
        }
        self.shares().checked_add(shares).ok_or(StakeError::Overflow)?;
        self.tokens = self.tokens.checked_add(amount).ok_or(StakeError::Overflow)?;
        self.active = self.active.checked_add(shares).ok_or(StakeError::Overflow)?;
        Ok(shares)
    }

    /// Moves `amount` tokens' worth of active shares, rounded up, to unbonding; the whole value takes every active
    /// share. Gives the shares.
    pub fn unbond(&mut self, amount: u128) -> Result<u128, StakeError> {
        let available = self.active_value();
        if amount == 0 {
            return Err(StakeError::Worthless { amount });
        }
        if amount > available {
            return Err(StakeError::Short { amount, available });
        }
        let shares = match amount == available {
            true => self.active,
            // ⌈amount · H / P⌉ ≤ active, because amount ≤ active · P / H.
            false => mul_div(amount, self.shares(), self.tokens, Round::Up)?,
        };
        let short = StakeError::Short { amount: shares, available: self.active };
        self.active = self.active.checked_sub(shares).ok_or(short)?;
        self.unbonding = self.unbonding.checked_add(shares).ok_or(StakeError::Overflow)?;
        Ok(shares)
    }

    /// Removes `shares` unbonding shares for ⌊shares · P / H⌋ tokens. Gives the tokens, 0 for a dead runner.
    pub fn withdraw(&mut self, shares: u128) -> Result<u128, StakeError> {
        let amount = self.value(shares);
        let short = StakeError::Short { amount: shares, available: self.unbonding };
        self.unbonding = self.unbonding.checked_sub(shares).ok_or(short)?;
        self.tokens = self.tokens.checked_sub(amount).ok_or(StakeError::Overflow)?;
        Ok(amount)
    }

    /// Takes exactly `amount` tokens from all shares alike.
    pub fn slash(&mut self, amount: u128) -> Result<(), StakeError> {
        let short = StakeError::Short { amount, available: self.tokens };
        if amount == 0 {
            return Err(StakeError::Worthless { amount });
        }
        self.tokens = self.tokens.checked_sub(amount).ok_or(short)?;
        Ok(())
    }
}

impl Record for Stake {
    fn write(&self, out: &mut Writer) {
        out.int(self.tokens);
        out.int(self.active);
        out.int(self.unbonding);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self { tokens: input.int()?, active: input.int()?, unbonding: input.int()? })
    }
}

enum Round {
    Down,
    Up,
}

/// a · b / by in 256 bits. `Overflow` if the quotient does not fit 128 bits or `by` is 0.
fn mul_div(a: u128, b: u128, by: u128, round: Round) -> Result<u128, StakeError> {
    let (product, by) = (U256::from(a).checked_mul(U256::from(b)), U256::from(by));
    let product = product.ok_or(StakeError::Overflow)?;
    let quotient = product.checked_div(by).ok_or(StakeError::Overflow)?;
    let exact = quotient.checked_mul(by) == Some(product);
    let rounded = match round {
        Round::Up if !exact => quotient.checked_add(U256::ONE),
        _ => Some(quotient),
    };
    rounded.and_then(|value| u128::try_from(value).ok()).ok_or(StakeError::Overflow)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_first_bond_is_one_to_one_and_all_of_it_comes_back() {
        let mut stake = Stake::default();
        assert_eq!(stake.bond(100), Ok(100));
        assert_eq!(stake.unbond(100), Ok(100));
        assert_eq!(stake.withdraw(100), Ok(100));
        assert_eq!(stake, Stake::default());
    }

    #[test]
    fn a_slash_reaches_unbonding_stake_pro_rata() {
        let mut stake = Stake::default();
        stake.bond(100).unwrap();
        stake.unbond(50).unwrap();
        stake.slash(30).unwrap();
        assert_eq!((stake.active_value(), stake.value(50)), (35, 35));
        assert_eq!(stake.withdraw(50), Ok(35));
        assert_eq!(stake, Stake { tokens: 35, active: 50, unbonding: 0 });
    }

    #[test]
    fn attack_33_a_runner_slashed_to_zero_can_never_be_bonded_again() {
        let mut stake = Stake::default();
        stake.bond(100).unwrap();
        stake.slash(100).unwrap();
        assert_eq!(stake.bond(1_000), Err(StakeError::Dead { shares: 100 }));
        assert_eq!(stake.unbond(1), Err(StakeError::Short { amount: 1, available: 0 }));
        assert!(stake.is_dead());
    }

    #[test]
    fn refusals() {
        let mut stake = Stake::default();
        assert_eq!(stake.bond(0), Err(StakeError::Worthless { amount: 0 }));
        stake.bond(10).unwrap();
        assert_eq!(stake.unbond(0), Err(StakeError::Worthless { amount: 0 }));
        assert_eq!(stake.unbond(11), Err(StakeError::Short { amount: 11, available: 10 }));
        assert_eq!(stake.withdraw(1), Err(StakeError::Short { amount: 1, available: 0 }));
        assert_eq!(stake.slash(0), Err(StakeError::Worthless { amount: 0 }));
        assert_eq!(stake.slash(11), Err(StakeError::Short { amount: 11, available: 10 }));
        assert_eq!(stake.bond(u128::MAX), Err(StakeError::Overflow));
        assert_eq!(stake, Stake { tokens: 10, active: 10, unbonding: 0 }, "a refused change leaves no trace");
    }

    #[test]
    fn records_come_back() {
        let stake = Stake { tokens: 300, active: 400, unbonding: u128::MAX };
        assert_eq!(Stake::decode(&stake.encode()), Ok(stake));
    }

    #[derive(Clone, Debug)]
    enum Step {
        Bond(u128),
        Unbond(u16),
        Withdraw(u16),
        Slash(u16),
    }

    fn step() -> impl Strategy<Value = Step> {
        prop_oneof![
            prop_oneof![1..100u128, 1..(u128::MAX >> 32)].prop_map(Step::Bond),
            any::<u16>().prop_map(Step::Unbond),
            any::<u16>().prop_map(Step::Withdraw),
            any::<u16>().prop_map(Step::Slash),
        ]
    }

    /// `of` · part / 65,535.
    fn part(of: u128, part: u16) -> u128 {
        mul_div(of, part.into(), u16::MAX.into(), Round::Down).unwrap()
    }

    proptest! {
        /// Invariant 20: share values never grow by a slash, entries and active stake together never exceed P, and
        /// the tokens paid in equal those paid out, slashed and left.
        #[test]
        fn invariant_20_values_are_covered(steps in prop::collection::vec(step(), 1..40)) {
            let (mut stake, mut paid_in, mut paid_out) = (Stake::default(), 0u128, 0u128);
            let mut entries: Vec<u128> = vec![];
            for step in steps {
                let before = stake;
                match step {
                    Step::Bond(amount) => {
                        if stake.bond(amount).is_ok() { paid_in += amount }
                    }
                    Step::Unbond(share) => {
                        if let Ok(shares) = stake.unbond(part(stake.active_value(), share)) { entries.push(shares) }
                    }
                    Step::Withdraw(which) => if !entries.is_empty() {
                        let shares = entries.remove(usize::from(which) % entries.len());
                        paid_out += stake.withdraw(shares).unwrap();
                    },
                    Step::Slash(share) => {
                        let amount = part(stake.tokens, share);
                        if stake.slash(amount).is_ok() {
                            paid_out += amount;
                            for shares in &entries { prop_assert!(stake.value(*shares) <= before.value(*shares)) }
                            prop_assert!(stake.active_value() <= before.active_value());
                        }
                    }
                }
                prop_assert_eq!(entries.iter().sum::<u128>(), stake.unbonding);
                let covered: u128 = entries.iter().map(|shares| stake.value(*shares)).sum();
                prop_assert!(covered + stake.active_value() <= stake.tokens);
                prop_assert_eq!(paid_in, paid_out + stake.tokens);
                prop_assert!(stake.tokens <= stake.shares());
            }
        }

        /// Invariant 21: bond, unbond, withdraw without a slash between returns the amount or one unit less.
        #[test]
        fn invariant_21_a_round_trip_costs_at_most_one_unit(
            first in 1..(u128::MAX >> 48), slashed: u16, amount in 1..(u128::MAX >> 48),
        ) {
            let mut stake = Stake::default();
            stake.bond(first).unwrap();
            let _ = stake.slash(part(first, slashed));
            let had = stake.active_value();
            if let Ok(shares) = stake.bond(amount) {
                let worth = stake.value(shares);
                prop_assert!(worth <= amount && worth + 1 >= amount);
                prop_assert!(stake.active_value() >= had);
                if worth > 0 {
                    let shares = stake.unbond(worth).unwrap();
                    let back = stake.withdraw(shares).unwrap();
                    prop_assert!(back <= amount && back + 1 >= amount, "{back} of {amount}");
                }
            }
        }

        /// Attack 33: whatever was bonded, unbonded and slashed before, a later bonder loses less than two units to
        /// the shares that are already there, so nobody can inflate the share price against anybody.
        #[test]
        fn attack_33_no_share_inflation(steps in prop::collection::vec(step(), 0..20), amount in 1..(u128::MAX >> 40)) {
            let mut stake = Stake::default();
            for step in steps {
                let _ = match step {
                    Step::Bond(amount) => stake.bond(amount),
                    Step::Unbond(share) => stake.unbond(part(stake.active_value(), share)),
                    Step::Withdraw(share) => stake.withdraw(part(stake.unbonding, share)),
                    Step::Slash(share) => stake.slash(part(stake.tokens, share)).map(|()| 0),
                };
            }
            if let Ok(shares) = stake.bond(amount) {
                prop_assert!(stake.value(shares) + 1 >= amount);
            }
        }
    }
}
