//! SHA-256 digests, the only hash of the protocol (docs/mechanism.md, 2.3 and 2.6).

use core::fmt;
use core::str::FromStr;

use schemars::JsonSchema;
use schemars::r#gen::SchemaGenerator;
use schemars::schema::{InstanceType, Schema, SchemaObject, StringValidation};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use sha2::{Digest as _, Sha256};
use thiserror::Error;

/// Bytes in a digest.
const LEN: usize = 32;

/// The 16 digits of lower-case hexadecimal.
const HEX: [u8; 16] = *b"0123456789abcdef";

/// A SHA-256 digest. Displayed, parsed and serialised as exactly 64 lower-case hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest32(pub [u8; LEN]);

/// Why a text is not a [`Digest32`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DigestError {
    /// The text has the wrong length in bytes.
    #[error("a digest has 64 hexadecimal digits, got {got} bytes")]
    Length {
        /// Bytes of the text.
        got: usize,
    },
    /// A byte is not one of `0-9a-f`; upper case is refused so that every digest has one spelling.
    #[error("byte {at} of the digest is not a lower-case hexadecimal digit")]
    Digit {
        /// Offset of the byte.
        at: usize,
    },
}

impl Digest32 {
    /// The digest of 32 zero bytes: stands for "no output" (2.3).
    pub const ZERO: Self = Self([0; LEN]);

    /// The bytes, for hashing and binary records.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; LEN] {
        &self.0
    }
}

/// SHA-256 of the concatenation of `parts`, without separators: the caller makes lengths unambiguous.
#[must_use]
pub fn sha256(parts: &[&[u8]]) -> Digest32 {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    Digest32(hasher.finalize().into())
}

impl AsRef<[u8]> for Digest32 {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl From<[u8; LEN]> for Digest32 {
    fn from(bytes: [u8; LEN]) -> Self {
        Self(bytes)
    }
}

impl fmt::Display for Digest32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0_u8; 64];
        for (pair, byte) in text.chunks_exact_mut(2).zip(self.0) {
            for (digit, nibble) in pair.iter_mut().zip([byte >> 4, byte & 0x0f]) {
                *digit = HEX.get(usize::from(nibble)).copied().unwrap_or_default();
            }
        }
        f.write_str(core::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Digest32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The value of one lower-case hexadecimal digit.
fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => digit.checked_sub(b'0'),
        b'a'..=b'f' => digit.checked_sub(b'a' - 10),
        _ => None,
    }
}

impl FromStr for Digest32 {
    type Err = DigestError;

    fn from_str(text: &str) -> Result<Self, DigestError> {
        if text.len() != 64 {
            return Err(DigestError::Length { got: text.len() });
        }
        let mut bytes = [0_u8; LEN];
        for (at, digit) in text.bytes().enumerate() {
            let value = nibble(digit).ok_or(DigestError::Digit { at })?;
            if let Some(byte) = bytes.get_mut(at / 2) {
                *byte = (*byte << 4) | value;
            }
        }
        Ok(Self(bytes))
    }
}

impl Serialize for Digest32 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Digest32 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(DigestVisitor)
    }
}

/// Reads a digest from a borrowed or an owned string.
struct DigestVisitor;

impl de::Visitor<'_> for DigestVisitor {
    type Value = Digest32;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("64 lower-case hexadecimal digits")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Digest32, E> {
        text.parse().map_err(E::custom)
    }
}

impl JsonSchema for Digest32 {
    fn schema_name() -> String {
        "Digest32".to_owned()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        SchemaObject {
            instance_type: Some(InstanceType::String.into()),
            string: Some(Box::new(StringValidation {
                pattern: Some("^[0-9a-f]{64}$".to_owned()),
                ..StringValidation::default()
            })),
            ..SchemaObject::default()
        }
        .into()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn hashes_the_concatenation_of_the_parts() {
        assert_eq!(sha256(&[]).to_string(), EMPTY);
        assert_eq!(sha256(&[b"a", b"", b"bc"]).to_string(), ABC);
    }

    #[test]
    fn a_digest_is_its_bytes() {
        let digest = Digest32::from([7; 32]);
        assert_eq!(digest.as_ref(), [7; 32]);
        assert_eq!(digest.as_bytes(), &[7; 32]);
    }

    #[test]
    fn the_schema_is_a_string_of_64_digits() {
        let schema = serde_json::to_value(schemars::schema_for!(Digest32)).unwrap();
        assert_eq!(schema["title"], "Digest32");
        assert_eq!((&schema["type"], &schema["pattern"]), (&"string".into(), &"^[0-9a-f]{64}$".into()));
    }

    #[test]
    fn text_and_json_round_trip() {
        let digest = sha256(&[b"abc"]);
        assert_eq!(format!("{digest:?}"), ABC);
        assert_eq!(ABC.parse::<Digest32>().unwrap(), digest);
        let json = serde_json::to_string(&digest).unwrap();
        assert_eq!(json, format!("\"{ABC}\""));
        assert_eq!(serde_json::from_str::<Digest32>(&json).unwrap(), digest);
        assert_eq!(serde_json_wasm::from_str::<Digest32>(&json).unwrap(), digest);
    }

    #[test]
    fn other_spellings_are_refused() {
        assert_eq!("ab".parse::<Digest32>(), Err(DigestError::Length { got: 2 }));
        assert_eq!(ABC.to_uppercase().parse::<Digest32>(), Err(DigestError::Digit { at: 0 }));
        assert_eq!("é".repeat(32).parse::<Digest32>(), Err(DigestError::Digit { at: 0 }));
        assert!(serde_json::from_str::<Digest32>("\"00\"").is_err());
        let number = serde_json::from_str::<Digest32>("5").unwrap_err().to_string();
        assert!(number.starts_with("invalid type: integer `5`, expected 64 lower-case hexadecimal digits"), "{number}");
    }
}
