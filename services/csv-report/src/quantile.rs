//! Quantiles of sorted integers, exact until the last step.

use num_bigint::BigInt;
use num_integer::Integer;

use crate::decimal::Decimal;
use crate::options::{Method, Precision};

/// The quantile `q` of `sorted`, whose values are in units of 10^-`scale`; None for no values.
pub fn quantile(sorted: &[BigInt], scale: u32, q: &Decimal, precision: &Precision) -> Option<Decimal> {
    let one = BigInt::from(10).pow(q.scale);
    match precision.method {
        Method::NearestRank => {
            let rank = (BigInt::from(sorted.len()) * &q.unscaled).div_ceil(&one);
            let index = usize::try_from(rank).ok()?.saturating_sub(1);
            Some(Decimal { unscaled: sorted.get(index)?.clone(), scale }.shortest())
        }
        Method::Linear => {
            let (low, rest) = (BigInt::from(sorted.len().checked_sub(1)?) * &q.unscaled).div_rem(&one);
            let low = usize::try_from(low).ok()?;
            let (below, above) = (sorted.get(low)?, sorted.get(low.saturating_add(1)).or(sorted.get(low))?);
            let numerator = below * &one + rest * (above - below);
            Some(Decimal::ratio(&numerator, &one, scale, precision.digits, precision.rounding))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decimal::Rounding;

    fn at(values: &[i64], q: &str, method: Method) -> Option<String> {
        let sorted: Vec<BigInt> = values.iter().map(|v| BigInt::from(*v)).collect();
        let precision = Precision { digits: 3, rounding: Rounding::HalfEven, method };
        quantile(&sorted, 1, &Decimal::parse(q).unwrap(), &precision).map(|d| d.to_string())
    }

    #[test]
    fn linear_is_type_seven() {
        let values = [10, 20, 30, 45];
        for (q, expected) in
            [("0", "1.000"), ("0.25", "1.750"), ("0.5", "2.500"), ("0.9", "4.050"), ("1", "4.500"), ("1.000", "4.500")]
        {
            assert_eq!(at(&values, q, Method::Linear).as_deref(), Some(expected), "{q}");
        }
        assert_eq!(at(&[7], "0.3", Method::Linear).as_deref(), Some("0.700"));
        assert_eq!(at(&[], "0.3", Method::Linear), None);
    }

    #[test]
    fn nearest_rank_is_a_value_that_occurs() {
        let values = [15, 20, 35, 40, 50];
        for (q, expected) in [("0", "1.5"), ("0.05", "1.5"), ("0.3", "2"), ("0.4", "2"), ("0.5", "3.5"), ("1", "5")] {
            assert_eq!(at(&values, q, Method::NearestRank).as_deref(), Some(expected), "{q}");
        }
        assert_eq!(at(&[], "0.5", Method::NearestRank), None);
    }
}
