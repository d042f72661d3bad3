//! Exact decimals.

use std::cmp::Ordering;
use std::fmt;

use num_bigint::{BigInt, Sign};
use num_integer::Integer;
use serde::{Deserialize, Serialize, Serializer};

/// Longest cell that is read as a number, in bytes; a longer one is text.
const MAX_NUMBER_BYTES: usize = 64;

/// A decimal number: `unscaled / 10^scale`.
#[derive(Debug, Clone)]
pub struct Decimal {
    /// All digits, with the sign.
    pub unscaled: BigInt,
    /// How many of them are fraction digits.
    pub scale: u32,
}

/// What happens to digits that are cut.
#[derive(Deserialize, Clone, Copy, Default, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Rounding {
    /// To the nearest, ties to the even digit.
    #[default]
    HalfEven,
    /// To the nearest, ties away from zero.
    HalfUp,
    /// Towards zero.
    Down,
}

impl Decimal {
    /// Reads `-?(0|[1-9][0-9]*)(\.[0-9]+)?`. Anything else, such as 007, 1e5 or +1, is not a number here: it is as likely a code.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > MAX_NUMBER_BYTES {
            return None;
        }
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, fraction) = match digits.split_once('.') {
            Some((_, "")) => return None,
            Some((whole, fraction)) => (whole, fraction),
            None => (digits, ""),
        };
        let only_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty()
            || !only_digits(whole)
            || !only_digits(fraction)
            || (whole.len() > 1 && whole.starts_with('0'))
        {
            return None;
        }
        let unscaled = BigInt::parse_bytes(format!("{whole}{fraction}").as_bytes(), 10)?;
        let unscaled = if digits.len() < text.len() { -unscaled } else { unscaled };
        Some(Self { unscaled, scale: u32::try_from(fraction.len()).ok()? })
    }

    /// The digits at a scale at least as large as its own.
    pub fn at_scale(&self, scale: u32) -> BigInt {
        &self.unscaled * power_of_ten(scale.saturating_sub(self.scale))
    }

    /// `numerator / (denominator · 10^scale)` with `digits` fraction digits, rounded once. The denominator is positive.
    pub fn ratio(numerator: &BigInt, denominator: &BigInt, scale: u32, digits: u32, rounding: Rounding) -> Self {
        let numerator = numerator * power_of_ten(digits);
        let denominator = denominator * power_of_ten(scale);
        Self { unscaled: divide(&numerator, &denominator, rounding), scale: digits }
    }

    /// The same number without trailing zeros in its fraction.
    pub fn shortest(mut self) -> Self {
        let ten = BigInt::from(10);
        while self.scale > 0 {
            let (quotient, rest) = self.unscaled.div_rem(&ten);
            if rest != BigInt::ZERO {
                break;
            }
            self.unscaled = quotient;
            self.scale = self.scale.saturating_sub(1);
        }
        self
    }
}

fn power_of_ten(exponent: u32) -> BigInt {
    BigInt::from(10).pow(exponent)
}

/// Integer division with the given rounding.
fn divide(numerator: &BigInt, denominator: &BigInt, rounding: Rounding) -> BigInt {
    let (quotient, rest) = numerator.div_rem(denominator);
    let twice: BigInt = BigInt::from(rest.magnitude().clone()) * 2;
    let away = match (rounding, twice.cmp(denominator)) {
        (Rounding::Down, _) | (_, Ordering::Less) => false,
        (_, Ordering::Greater) | (Rounding::HalfUp, Ordering::Equal) => true,
        (Rounding::HalfEven, Ordering::Equal) => quotient.is_odd(),
    };
    match (away, numerator.sign()) {
        (false, _) => quotient,
        (true, Sign::Minus) => quotient - 1,
        (true, _) => quotient + 1,
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.unscaled.sign() == Sign::Minus { "-" } else { "" };
        let scale = usize::try_from(self.scale).map_err(|_| fmt::Error)?;
        let digits = format!("{:0>width$}", self.unscaled.magnitude().to_string(), width = scale.saturating_add(1));
        let (whole, fraction) = digits.split_at(digits.len().saturating_sub(scale));
        let point = if scale == 0 { "" } else { "." };
        write!(f, "{sign}{whole}{point}{fraction}")
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(text: &str) -> Option<String> {
        Decimal::parse(text).map(|d| d.to_string())
    }

    #[test]
    fn reads_plain_decimals_only() {
        for text in ["0", "-1", "12.50", "-0.05", "100000000000000000000000000000000000000"] {
            assert_eq!(written(text).as_deref(), Some(text));
        }
        for text in ["", "-", ".5", "5.", "007", "1e5", "+1", " 1", "1,5", "0x1", "NaN", "--1", "1.-5", &"9".repeat(65)]
        {
            assert_eq!(written(text), None, "{text}");
        }
        assert_eq!(written("-0").as_deref(), Some("0"));
    }

    #[test]
    fn rounds_as_stated() {
        let divided = |n: i64, d: i64, rounding| Decimal::ratio(&n.into(), &d.into(), 0, 1, rounding).to_string();
        for (n, d, even, up, down) in [
            (1, 20, "0.0", "0.1", "0.0"),
            (3, 20, "0.2", "0.2", "0.1"),
            (-1, 20, "0.0", "-0.1", "0.0"),
            (-3, 20, "-0.2", "-0.2", "-0.1"),
            (2, 3, "0.7", "0.7", "0.6"),
            (-2, 3, "-0.7", "-0.7", "-0.6"),
            (1, 3, "0.3", "0.3", "0.3"),
        ] {
            assert_eq!(divided(n, d, Rounding::HalfEven), even, "{n}/{d}");
            assert_eq!(divided(n, d, Rounding::HalfUp), up, "{n}/{d}");
            assert_eq!(divided(n, d, Rounding::Down), down, "{n}/{d}");
        }
    }

    #[test]
    fn shortest_drops_only_fraction_zeros() {
        let shortest = |text: &str| Decimal::parse(text).unwrap().shortest().to_string();
        assert_eq!(shortest("12.500"), "12.5");
        assert_eq!(shortest("1200"), "1200");
        assert_eq!(shortest("0.000"), "0");
    }
}
