//! Shares in basis points (1/10,000), rounded down.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// One whole, in basis points.
pub const BPS_ONE: u16 = 10_000;

/// A share of 0 to 10,000 basis points.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "u16", into = "u16")]
pub struct Bps(u16);

/// A share above one whole.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("{got} basis points are more than {BPS_ONE}")]
pub struct BpsOutOfRange {
    /// The refused value.
    pub got: u16,
}

impl Bps {
    /// A share known at compile time; values above 10,000 are taken as 10,000.
    pub const fn saturating(bps: u16) -> Self {
        Self(match bps {
            0..=BPS_ONE => bps,
            _ => BPS_ONE,
        })
    }

    /// The number of basis points, 0 to 10,000.
    pub const fn get(self) -> u16 {
        self.0
    }

    /// ⌊amount · bps / 10,000⌋ (2.6), exact for every `amount`: the quotient and the remainder of
    /// `amount / 10,000` are scaled apart, so nothing overflows.
    pub const fn of(self, amount: u128) -> u128 {
        const ONE: u128 = BPS_ONE as u128;
        let (whole, rest) = (amount / ONE, amount % ONE);
        // whole·bps ≤ amount and rest·bps < 10^8: neither product nor sum can overflow.
        whole.wrapping_mul(self.0 as u128).wrapping_add(rest.wrapping_mul(self.0 as u128) / ONE)
    }
}

impl TryFrom<u16> for Bps {
    type Error = BpsOutOfRange;

    fn try_from(bps: u16) -> Result<Self, BpsOutOfRange> {
        if bps > BPS_ONE { Err(BpsOutOfRange { got: bps }) } else { Ok(Self(bps)) }
    }
}

impl From<Bps> for u16 {
    fn from(bps: Bps) -> Self {
        bps.0
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]
mod tests {
    use bnum::types::U256;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn more_than_one_whole_is_refused() {
        assert_eq!(Bps::try_from(10_001), Err(BpsOutOfRange { got: 10_001 }));
        assert_eq!(Bps::try_from(10_000), Ok(Bps(10_000)));
        assert_eq!(Bps::saturating(20_000).get(), 10_000);
    }

    #[test]
    fn a_share_is_a_number_on_the_wire() {
        assert_eq!(serde_json::to_string(&Bps(10_000)).unwrap(), "10000");
        assert_eq!(serde_json::from_str::<Bps>("10000").unwrap(), Bps(10_000));
        assert!(serde_json::from_str::<Bps>("10001").is_err());
    }

    proptest! {
        #[test]
        fn of_equals_the_256_bit_quotient(amount: u128, bps in 0u16..=BPS_ONE) {
            let exact = U256::from(amount) * U256::from(bps) / U256::from(BPS_ONE);
            prop_assert_eq!(U256::from(Bps(bps).of(amount)), exact);
        }
    }
}
