//! Native coins and the gas price.

use std::{fmt, str::FromStr};

use cosmos_sdk_proto::cosmos::base::v1beta1::Coin as ProtoCoin;

use crate::Error;

/// Decimal places of a gas price, as in the SDK's `Dec`.
const PLACES: usize = 18;
const ONE: u128 = 1_000_000_000_000_000_000;

/// An amount of a native denomination, in base units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coin {
    /// Denomination, for example `ucosm`.
    pub denom: String,
    /// Base units.
    pub amount: u128,
}

impl Coin {
    /// A coin.
    pub fn new(amount: u128, denom: impl Into<String>) -> Self {
        Self { denom: denom.into(), amount }
    }

    pub(crate) fn to_proto(&self) -> ProtoCoin {
        ProtoCoin { denom: self.denom.clone(), amount: self.amount.to_string() }
    }

    pub(crate) fn from_proto(coin: ProtoCoin) -> Result<Self, Error> {
        let amount = coin.amount.parse().map_err(|_| Error::Decode { what: "coin amount", reason: coin.amount })?;
        Ok(Self { denom: coin.denom, amount })
    }

    /// The coin of `denom` in a list such as `10ucosm,5ustake`.
    pub(crate) fn find(list: &str, denom: &str) -> Option<Self> {
        list.split(',').find_map(|text| {
            let text = text.trim();
            let digits = text.find(|c: char| !c.is_ascii_digit())?;
            let (amount, name) = text.split_at_checked(digits)?;
            (name == denom).then(|| Some(Self::new(amount.parse().ok()?, denom)))?
        })
    }
}

impl fmt::Display for Coin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.amount, self.denom)
    }
}

/// Price of one unit of gas, with up to 18 decimals; written `0.025ucosm`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GasPrice {
    denom: String,
    /// 10^-18 base units per gas.
    atto: u128,
}

impl GasPrice {
    /// The denomination.
    #[must_use]
    pub fn denom(&self) -> &str {
        &self.denom
    }

    /// Fee for `gas`, rounded up. None if it does not fit 128 bits.
    #[must_use]
    pub fn fee(&self, gas: u64) -> Option<Coin> {
        let product = self.atto.checked_mul(u128::from(gas))?;
        Some(Coin::new(product.div_ceil(ONE), self.denom.clone()))
    }

    /// The least price at which `gas` costs at least `fee` base units (rounding may cost one unit more).
    pub(crate) fn for_fee(&self, fee: u128, gas: u64) -> Option<Self> {
        let atto = fee
            .checked_mul(ONE)?
            .checked_add(u128::from(gas.max(1)).checked_sub(1)?)?
            .checked_div(u128::from(gas.max(1)))?;
        Some(self.with(atto))
    }

    /// A quarter dearer.
    pub(crate) fn raised(&self) -> Self {
        self.with(self.atto.saturating_add(self.atto.div_ceil(4)))
    }

    /// An eighth of the way back to `base`.
    pub(crate) fn relaxed(&self, base: &Self) -> Self {
        let above = self.atto.saturating_sub(base.atto);
        self.with(self.atto.saturating_sub(above.div_ceil(8)))
    }

    pub(crate) fn exceeds(&self, max: &Self) -> bool {
        self.atto > max.atto
    }

    fn with(&self, atto: u128) -> Self {
        Self { denom: self.denom.clone(), atto }
    }
}

impl FromStr for GasPrice {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        parse_price(text)
            .ok_or_else(|| Error::Invalid { field: "gas price", reason: format!("{text:?} is not like 0.025ucosm") })
    }
}

fn parse_price(text: &str) -> Option<GasPrice> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, denom) = text.split_at_checked(end)?;
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let zeros = PLACES.checked_sub(decimals.len())?;
    let scaled = format!("{whole}{decimals}{}", "0".repeat(zeros));
    let starts_well = denom.starts_with(|c: char| c.is_ascii_alphabetic());
    (starts_well && !whole.is_empty()).then_some(())?;
    Some(GasPrice { denom: denom.to_owned(), atto: scaled.parse().ok()? })
}

impl fmt::Display for GasPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, rest) = (self.atto.div_euclid(ONE), self.atto.rem_euclid(ONE));
        let decimals = format!("{rest:018}");
        let decimals = decimals.trim_end_matches('0');
        let point = if decimals.is_empty() { "" } else { "." };
        write!(f, "{whole}{point}{decimals}{}", self.denom)
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    fn price(text: &str) -> GasPrice {
        text.parse().unwrap()
    }

    #[test]
    fn price_text_round_trip() {
        for text in ["0.025ucosm", "1ustake", "0.000000000000000001aevmos", "12.5ibc/AB"] {
            assert_eq!(price(text).to_string(), text);
        }
        for text in ["", "ucosm", "0.025", ".5ucosm", "1.2.3ucosm", "-1ucosm", "0.0000000000000000001u"] {
            assert!(text.parse::<GasPrice>().is_err(), "{text}");
        }
    }

    #[test]
    fn fee_rounds_up() {
        assert_eq!(price("0.025ucosm").fee(100_000), Some(Coin::new(2_500, "ucosm")));
        assert_eq!(price("0.025ucosm").fee(100_001), Some(Coin::new(2_501, "ucosm")));
        assert_eq!(price("340282366920938463463ucosm").fee(u64::MAX), None);
    }

    #[test]
    fn price_for_a_fee_pays_that_fee() {
        for (fee, gas) in [(2_500, 100_000), (1, 3), (999_999, 7)] {
            let learned = price("0.001ucosm").for_fee(fee, gas).unwrap();
            let paid = learned.fee(gas).unwrap().amount;
            assert!(paid == fee || paid == fee + 1, "{paid} for {fee}");
        }
    }

    #[test]
    fn raised_price_relaxes_to_its_base() {
        let base = price("0.025ucosm");
        let mut now = base.raised();
        assert_eq!(now.to_string(), "0.03125ucosm");
        assert!(now.exceeds(&base));
        for _ in 0..400 {
            now = now.relaxed(&base);
        }
        assert_eq!(now, base);
    }

    #[test]
    fn coin_in_a_list() {
        assert_eq!(Coin::find("10ucosm,5ustake", "ustake"), Some(Coin::new(5, "ustake")));
        assert_eq!(Coin::find("10ucosm", "ustake"), None);
        assert_eq!(Coin::find("", "ustake"), None);
    }
}
