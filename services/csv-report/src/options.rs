//! Parameters that both tasks share.

use num_bigint::BigInt;
use serde::{Deserialize, Deserializer};

use crate::decimal::{Decimal, Rounding};

/// Most fraction digits of a rounded result.
const MAX_DIGITS: u32 = 30;

/// Most quantiles of one column.
const MAX_QUANTILES: usize = 20;

/// Which quantile is meant where a position falls between two values.
#[derive(Deserialize, Clone, Copy, Default, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The position (n − 1)·q between the sorted values, interpolated linearly (Hyndman and Fan's type 7).
    #[default]
    Linear,
    /// The value at rank ⌈n·q⌉, the first for q = 0: always a value that occurs.
    NearestRank,
}

/// How results are computed and written.
#[derive(Debug, Clone)]
pub struct Precision {
    /// Fraction digits of results that need not be finite: means and interpolated quantiles.
    pub digits: u32,
    /// How those are rounded.
    pub rounding: Rounding,
    /// How quantiles are defined.
    pub method: Method,
}

impl Precision {
    /// Checks the bounds.
    pub fn new(digits: Option<Number>, rounding: Rounding, method: Method) -> Result<Self, String> {
        let digits = digits.map_or(Ok(6), |number| number.within("digits", MAX_DIGITS))?;
        Ok(Self { digits, rounding, method })
    }
}

/// A number as the market passes it: an integer or a decimal string.
#[derive(Debug, Clone)]
pub struct Number(pub Decimal);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Form {
            Integer(i64),
            Text(String),
        }
        match Form::deserialize(deserializer)? {
            Form::Integer(integer) => Ok(Self(Decimal { unscaled: BigInt::from(integer), scale: 0 })),
            Form::Text(text) => match Decimal::parse(&text) {
                Some(decimal) => Ok(Self(decimal)),
                None => Err(serde::de::Error::custom(format!("{text:?} is not a decimal number"))),
            },
        }
    }
}

impl Number {
    /// The number as a whole one of at most `max`.
    pub fn within(&self, name: &str, max: u32) -> Result<u32, String> {
        let whole = if self.0.scale == 0 { u32::try_from(&self.0.unscaled).ok() } else { None };
        whole.filter(|n| *n <= max).ok_or_else(|| format!("{name}: {} is not a whole number from 0 to {max}", self.0))
    }

    /// The number as a fraction from 0 to 1.
    pub fn fraction(self, name: &str) -> Result<Decimal, String> {
        let one = BigInt::from(10).pow(self.0.scale);
        if self.0.unscaled < BigInt::ZERO || self.0.unscaled > one {
            return Err(format!("{name}: {} is not from 0 to 1", self.0));
        }
        Ok(self.0)
    }
}

/// The quantiles asked for, quartiles when none are named.
pub fn quantiles(asked: Option<Vec<Number>>) -> Result<Vec<Decimal>, String> {
    let Some(asked) = asked else {
        return Ok([25, 50, 75].map(|hundredths| Decimal { unscaled: BigInt::from(hundredths), scale: 2 }).to_vec());
    };
    if asked.len() > MAX_QUANTILES {
        return Err(format!("quantiles: {} given, at most {MAX_QUANTILES}", asked.len()));
    }
    asked.into_iter().map(|q| q.fraction("quantiles")).collect()
}
