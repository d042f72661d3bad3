//! Compact binary encoding of hot records (storage costs 30 gas a byte written, 3 a byte read).
//!
//! Integers are LEB128 variable-length unless a width is named; every record starts with a version byte.
//! Decoding is total: any byte string gives a value or an error, and what decodes encodes to the same bytes.

use thiserror::Error;

use crate::digest::Digest32;

/// Why a byte string is no record.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CodecError {
    /// The bytes end inside a field.
    #[error("record ends early")]
    Truncated,
    /// Bytes follow after the last field.
    #[error("{extra} bytes follow after the record")]
    Trailing {
        /// How many.
        extra: usize,
    },
    /// The record has another layout version.
    #[error("record version {got}, expected {expected}")]
    Version {
        /// The version this code writes.
        expected: u8,
        /// The version found.
        got: u8,
    },
    /// An integer is too large for its field or not in its shortest form.
    #[error("integer out of range or not in shortest form")]
    Integer,
    /// A tag names no variant.
    #[error("unknown tag {got}")]
    Tag {
        /// The tag found.
        got: u8,
    },
}

/// A value with a binary record form.
pub trait Record: Sized {
    /// Appends the record.
    fn write(&self, out: &mut Writer);

    /// Reads the record; the caller checks that nothing follows.
    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError>;

    /// The record as bytes.
    fn encode(&self) -> Vec<u8> {
        let mut out = Writer::default();
        self.write(&mut out);
        out.0
    }

    /// The value of `bytes`, which must be exactly one record.
    fn decode(bytes: &[u8]) -> Result<Self, CodecError> {
        let mut input = Reader(bytes);
        let value = Self::read(&mut input)?;
        input.finish()?;
        Ok(value)
    }
}

/// Collects the fields of a record.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// One byte.
    pub fn byte(&mut self, value: u8) {
        self.0.push(value);
    }

    /// An integer in LEB128, shortest form.
    pub fn int(&mut self, value: impl Into<u128>) {
        let mut rest: u128 = value.into();
        loop {
            let low = rest.to_le_bytes()[0] & 0x7f;
            rest >>= 7;
            if rest == 0 {
                return self.byte(low);
            }
            self.byte(low | 0x80);
        }
    }

    /// A byte string of fixed length: no length is written.
    pub fn fixed(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// A byte string with its length before it.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.int(u128::try_from(bytes.len()).unwrap_or(u128::MAX));
        self.fixed(bytes);
    }
}

/// Where the last seven bits of a LEB128 integer of 128 bits go.
const LAST_SHIFT: u32 = 126;

/// Takes the fields of a record in order.
#[derive(Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads from the start of `bytes`.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// Whether nothing is left: records that grew are read with defaults for what older ones lack.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self) -> Result<u8, CodecError> {
        let (first, rest) = self.0.split_first().ok_or(CodecError::Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    /// An integer in LEB128 that must fit `T` and be in its shortest form.
    pub fn int<T: TryFrom<u128>>(&mut self) -> Result<T, CodecError> {
        let mut value: u128 = 0;
        let mut shift: u32 = 0;
        loop {
            let byte = self.byte()?;
            let low = u128::from(byte & 0x7f);
            let part = low.checked_shl(shift).filter(|part| part >> shift == low).ok_or(CodecError::Integer)?;
            value |= part;
            if byte & 0x80 == 0 {
                let shortest = byte != 0 || shift == 0;
                return T::try_from(value).ok().filter(|_| shortest).ok_or(CodecError::Integer);
            }
            shift = shift.checked_add(7).filter(|shift| *shift <= LAST_SHIFT).ok_or(CodecError::Integer)?;
        }
    }

    /// `len` bytes.
    pub fn fixed(&mut self, len: usize) -> Result<&'a [u8], CodecError> {
        let (taken, rest) = self.0.split_at_checked(len).ok_or(CodecError::Truncated)?;
        self.0 = rest;
        Ok(taken)
    }

    /// A byte string with its length before it.
    pub fn bytes(&mut self) -> Result<&'a [u8], CodecError> {
        let len = self.int()?;
        self.fixed(len)
    }

    /// A 32-byte digest.
    pub fn digest(&mut self) -> Result<Digest32, CodecError> {
        let bytes = self.fixed(32)?;
        Ok(Digest32(bytes.try_into().map_err(|_| CodecError::Truncated)?))
    }

    /// The layout version, which must be `expected`.
    pub fn version(&mut self, expected: u8) -> Result<(), CodecError> {
        match self.byte()? {
            got if got == expected => Ok(()),
            got => Err(CodecError::Version { expected, got }),
        }
    }

    /// The layout version: 1 to `latest`.
    pub fn layout(&mut self, latest: u8) -> Result<u8, CodecError> {
        match self.byte()? {
            got if (1..=latest).contains(&got) => Ok(got),
            got => Err(CodecError::Version { expected: latest, got }),
        }
    }

    /// Nothing may be left.
    pub const fn finish(self) -> Result<(), CodecError> {
        if self.0.is_empty() { Ok(()) } else { Err(CodecError::Trailing { extra: self.0.len() }) }
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_reader_knows_when_nothing_is_left() {
        let mut input = Reader::new(&[7]);
        assert!(!input.is_empty());
        assert_eq!(input.byte(), Ok(7));
        assert!(input.is_empty());
    }

    #[test]
    fn refusals() {
        assert_eq!(Reader::new(&[0x80]).int::<u64>(), Err(CodecError::Truncated));
        assert_eq!(Reader::new(&[0x80, 0x00]).int::<u64>(), Err(CodecError::Integer), "not shortest");
        assert_eq!(Reader::new(&[0x80, 0x02]).int::<u8>(), Err(CodecError::Integer), "256 in a byte");
        assert_eq!(Reader::new(&[0xff; 20]).int::<u128>(), Err(CodecError::Integer), "above 128 bits");
        assert_eq!(Reader::new(&[1]).version(2), Err(CodecError::Version { expected: 2, got: 1 }));
        let layout = |first| Reader::new(&[first]).layout(2);
        assert_eq!([layout(1), layout(2)], [Ok(1), Ok(2)]);
        assert_eq!([layout(0), layout(3)], [0, 3].map(|got| Err(CodecError::Version { expected: 2, got })));
        assert_eq!(Reader::new(&[1, 2]).finish(), Err(CodecError::Trailing { extra: 2 }));
        assert_eq!(Reader::new(&[5, 1]).bytes(), Err(CodecError::Truncated));
    }

    proptest! {
        #[test]
        fn integers_come_back(value: u128) {
            let mut out = Writer::default();
            out.int(value);
            let mut input = Reader::new(&out.0);
            prop_assert_eq!(input.int::<u128>(), Ok(value));
            prop_assert_eq!(input.finish(), Ok(()));
        }

        #[test]
        fn what_decodes_encodes_to_the_same_bytes(bytes in prop::collection::vec(any::<u8>(), 0..24)) {
            let mut input = Reader::new(&bytes);
            if let Ok(value) = input.int::<u128>() {
                let used = bytes.len() - input.0.len();
                let mut out = Writer::default();
                out.int(value);
                prop_assert_eq!(&out.0[..], &bytes[..used]);
            }
        }
    }
}
