//! Money of one execution: metered fees, the escrow and its exact split (2.5, 2.6). Base units, 128 bits.
//!
//! Every division rounds down; what a row does not pay goes to the user, so the parts always add up to the escrow.

use thiserror::Error;

use crate::bps::Bps;
use crate::terms::{Price, Usage};

/// Why an amount cannot be computed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum MoneyError {
    /// A sum or product does not fit 128 bits.
    #[error("amount does not fit 128 bits")]
    Overflow,
    /// More would be paid than there is.
    #[error("amount {needed} is more than the {available} there is")]
    Short {
        /// What would be paid.
        needed: u128,
        /// What there is.
        available: u128,
    },
}

/// a + b, or an error.
pub fn add(a: u128, b: u128) -> Result<u128, MoneyError> {
    a.checked_add(b).ok_or(MoneyError::Overflow)
}

/// a − b, or an error.
pub fn sub(a: u128, b: u128) -> Result<u128, MoneyError> {
    a.checked_sub(b).ok_or(MoneyError::Short { needed: b, available: a })
}

/// a · b, or an error.
pub fn mul(a: u128, b: u128) -> Result<u128, MoneyError> {
    a.checked_mul(b).ok_or(MoneyError::Overflow)
}

/// The fee of the executor (a) and of one validator (b).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fees {
    /// a = per_call + per_kb·kb + per_mfuel·mfuel.
    pub executor: u128,
    /// b = ⌊a · validator_bps / 10,000⌋.
    pub validator: u128,
}

impl Fees {
    /// Fees for a usage.
    pub fn of(price: &Price, validator: Bps, usage: Usage) -> Result<Self, MoneyError> {
        let by_size = mul(price.per_kb, usage.kb.into())?;
        let by_fuel = mul(price.per_mfuel, usage.mfuel.into())?;
        let executor = add(add(price.per_call, by_size)?, by_fuel)?;
        Ok(Self { executor, validator: validator.of(executor) })
    }
}

/// What decides the size of the parts, from the terms and the parameters of the execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// Prices of the executor.
    pub price: Price,
    /// Fee of a validator as a share of the executor's.
    pub validator: Bps,
    /// The developer's share of S0.
    pub developer: Bps,
    /// The emitters' share of S0; 0 unless a process pays.
    pub emitters: Bps,
    /// The block producers' share of S0.
    pub producers: Bps,
    /// The burned share of S0.
    pub burn: Bps,
    /// Validators of round 1.
    pub k1: u8,
    /// All tips of one pass.
    pub kappa: u128,
}

/// The escrow of one execution: its parts at a given usage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Escrow {
    /// a and b.
    pub fees: Fees,
    /// d.
    pub developer: u128,
    /// f_emit.
    pub emitters: u128,
    /// f_producers.
    pub producers: u128,
    /// f_burn.
    pub burn: u128,
    /// E: a + k1·b + d + f_emit + f_producers + f_burn + κ, defined as this sum of integers.
    pub total: u128,
}

impl Escrow {
    /// The parts at `usage`.
    pub fn of(rates: &Rates, usage: Usage) -> Result<Self, MoneyError> {
        let fees = Fees::of(&rates.price, rates.validator, usage)?;
        let work = add(fees.executor, mul(fees.validator, rates.k1.into())?)?;
        let [developer, emitters, producers, burn] =
            [rates.developer, rates.emitters, rates.producers, rates.burn].map(|share| share.of(work));
        let total = [developer, emitters, producers, burn, rates.kappa].into_iter().try_fold(work, add)?;
        Ok(Self { fees, developer, emitters, producers, burn, total })
    }
}

/// How an execution ended, as far as the escrow is concerned (table of 2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Row {
    /// An agreed result: Finalized or Corrected.
    Paid,
    /// Failed(BadInput): half fees, nothing for the developer.
    BadInput,
    /// Failed with any other error value: full fees, nothing for the developer.
    OtherError,
    /// Two thirds of the runners asked could not get the input: the protocol's parts; half fees seat by seat in the
    /// settlement.
    Unavailable,
    /// The own runner's result: no fees, developer and protocol at the maximum.
    OwnRun,
    /// Refunded: no fees. Half fees of `NoResult` are paid seat by seat by the settlement.
    Refunded,
}

/// Who gets what of the escrow; `user` is the rest, so the sum is the escrow by construction.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// To the executor.
    pub executor: u128,
    /// To each correct validator.
    pub validator_each: u128,
    /// To the developer.
    pub developer: u128,
    /// To all emitters together.
    pub emitters: u128,
    /// To the block producers' pot.
    pub producers: u128,
    /// Burned.
    pub burn: u128,
    /// Back to the user.
    pub user: u128,
}

/// Splits the escrow `total` by `row` at the attested usage's parts `at`, after `tips` were paid from κ, with
/// `validators` correct validators beside the paid executor.
///
/// # Errors
/// `Short` if the parts at the attested usage exceed the escrow, which terms that cap the usage exclude.
pub fn split(total: u128, at: &Escrow, row: Row, validators: u8, tips: u128) -> Result<Split, MoneyError> {
    let Fees { executor, validator } = at.fees;
    let protocol = Split { emitters: at.emitters, producers: at.producers, burn: at.burn, ..Split::default() };
    let parts = match row {
        Row::Paid => Split { executor, validator_each: validator, developer: at.developer, ..protocol },
        Row::BadInput => Split { executor: executor / 2, validator_each: validator / 2, ..protocol },
        Row::OtherError => Split { executor, validator_each: validator, ..protocol },
        Row::Unavailable => Split { emitters: 0, ..protocol },
        Row::OwnRun => Split { developer: at.developer, ..protocol },
        Row::Refunded => Split::default(),
    };
    let validators = mul(parts.validator_each, validators.into())?;
    let paid = [parts.executor, parts.developer, parts.emitters, parts.producers, parts.burn, tips]
        .into_iter()
        .try_fold(validators, add)?;
    Ok(Split { user: sub(total, paid)?, ..parts })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_that_nobody_could_get_pays_the_protocol_alone() {
        let fees = Fees { executor: 100, validator: 80 };
        let at = Escrow { fees, developer: 7, emitters: 5, producers: 3, burn: 2, total: 200 };
        let paid = Split { producers: 3, burn: 2, user: 194, ..Split::default() };
        assert_eq!(split(200, &at, Row::Unavailable, 2, 1), Ok(paid));
    }
}
