//! The hash that names a transaction.

use std::{fmt, str::FromStr};

use sha2::{Digest, Sha256};

use crate::Error;

/// SHA-256 of the raw transaction; written as 64 upper-case hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TxHash(pub [u8; 32]);

impl TxHash {
    /// Hash of a raw transaction.
    #[must_use]
    pub fn of(raw: &[u8]) -> Self {
        Self(Sha256::digest(raw).into())
    }
}

impl fmt::Display for TxHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode_upper(self.0))
    }
}

impl FromStr for TxHash {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text, &mut bytes)
            .map_err(|error| Error::Invalid { field: "transaction hash", reason: error.to_string() })?;
        Ok(Self(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trip() {
        let hash = TxHash::of(b"tx");
        assert_eq!(hash.to_string().parse::<TxHash>().unwrap(), hash);
        assert!("ab".parse::<TxHash>().is_err());
    }
}
