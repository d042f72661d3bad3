//! What a seat commits to: values, seals and the messages that an attestation key signs (docs/mechanism.md, 2.3 and 2.6).
//!
//! Every integer is big-endian: execution u64, round u8, runner u32, kind u8, code u16. Rounds in digests are 0 (the
//! executor of `Verify`), 1, 2 and 3; `domain` is [`domain`] of the market. Signing and the HMAC of the salt are done where the secret is; this module gives the bytes.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::digest::{Digest32, sha256};
use crate::ids::{ExecutionId, RunnerId};

/// Fuel units in one unit of `mfuel`.
const FUEL_PER_MFUEL: u64 = 1_000_000;

/// Why bytes or numbers do not make a domain or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// The chain id or the canonical address is longer than its one length byte can say.
    #[error("a part of the domain has {got} bytes, at most 255 fit")]
    DomainPart {
        /// Bytes of the part.
        got: usize,
    },
    /// The value claims an output, a length or a fuel usage that its kind cannot have.
    #[error("the value has an output, length or fuel that its kind does not have")]
    Value,
}

/// Why a run gave no output. The numbers are part of the output digest and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ErrorCode {
    /// 1: the input is not canonical JSON of the declared types, or does not have its digest.
    BadInput,
    /// 2: the component used all of the task's `max_fuel`.
    OutOfFuel,
    /// 3: the component returned an error, or an output that has no canonical form.
    TaskError,
    /// 4: the component trapped.
    Trap,
    /// 5: the component asked for more memory than its profile allows.
    MemoryLimit,
    /// 6: the output is larger than the task's `max_output`.
    OutputTooLarge,
}

impl ErrorCode {
    /// All codes in the order of their numbers.
    pub const ALL: [Self; 6] =
        [Self::BadInput, Self::OutOfFuel, Self::TaskError, Self::Trap, Self::MemoryLimit, Self::OutputTooLarge];

    /// Its number, 1 to 6.
    #[must_use]
    pub const fn to_u16(self) -> u16 {
        match self {
            Self::BadInput => 1,
            Self::OutOfFuel => 2,
            Self::TaskError => 3,
            Self::Trap => 4,
            Self::MemoryLimit => 5,
            Self::OutputTooLarge => 6,
        }
    }

    /// Its number in the bytes of digests.
    #[must_use]
    pub const fn to_be_bytes(self) -> [u8; 2] {
        self.to_u16().to_be_bytes()
    }

    /// The code that has this number, if there is one.
    #[must_use]
    pub fn from_u16(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.to_u16() == number)
    }

    /// Whether a run that ends so has an exact fuel usage; the others carry 0 (2.3).
    #[must_use]
    pub const fn has_mfuel(self) -> bool {
        matches!(self, Self::OutOfFuel | Self::TaskError | Self::OutputTooLarge)
    }
}

/// What kind of result a seat stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 0: the task gave an output.
    Ok,
    /// 1: the task ended in an error that every honest machine finds.
    Err(ErrorCode),
    /// 2: the checker of a `Verify` task accepts the posted output and gives a witness.
    Valid,
    /// 3: the checker refuses the posted output.
    Invalid,
}

impl Kind {
    /// Number of the kind, 0 to 3.
    #[must_use]
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Err(_) => 1,
            Self::Valid => 2,
            Self::Invalid => 3,
        }
    }

    /// Number of the error code, 0 unless `Err`.
    #[must_use]
    pub const fn error_code(self) -> u16 {
        match self {
            Self::Err(code) => code.to_u16(),
            Self::Ok | Self::Valid | Self::Invalid => 0,
        }
    }

    /// The kind that has these numbers, if there is one.
    #[must_use]
    pub fn from_codes(kind: u8, error_code: u16) -> Option<Self> {
        match (kind, error_code) {
            (0, 0) => Some(Self::Ok),
            (1, _) => ErrorCode::from_u16(error_code).map(Self::Err),
            (2, 0) => Some(Self::Valid),
            (3, 0) => Some(Self::Invalid),
            _ => None,
        }
    }
}

/// Largest output in bytes that is shown on chain; of a larger one the digest and a locator are.
pub const MAX_INLINE: usize = 4096;

/// The result of a run, as seats agree on it: equal values have equal [`Value::digest`]s and the reverse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value {
    /// What kind of result.
    pub kind: Kind,
    /// SHA-256 of the canonical output (`Ok`) or of the witness (`Valid`), else [`Digest32::ZERO`].
    pub output: Digest32,
    /// Bytes of that output or witness, else 0.
    pub output_len: u64,
    /// Fuel used, in units of 10^6, rounded up ([`mfuel`]); 0 where it is not exact, and for `Verify`.
    pub mfuel: u64,
}

impl Value {
    /// Whether the output is too large to be shown on chain, so that somebody has to serve it.
    pub fn is_large(&self) -> bool {
        self.output_len > MAX_INLINE as u64
    }

    /// Refuses what no honest seat can stand for: an output without `Ok` or `Valid`, fuel where none is attested (2.3).
    ///
    /// # Errors
    /// [`SealError::Value`].
    pub fn check(&self) -> Result<(), SealError> {
        let (output, fuel) = match self.kind {
            Kind::Ok => (true, true),
            Kind::Err(code) => (false, code.has_mfuel()),
            Kind::Valid => (true, false),
            Kind::Invalid => (false, false),
        };
        let no_output = self.output == Digest32::ZERO && self.output_len == 0;
        if (output || no_output) && (fuel || self.mfuel == 0) { Ok(()) } else { Err(SealError::Value) }
    }

    /// `D`, the output digest.
    #[must_use]
    pub fn digest(&self) -> Digest32 {
        sha256(&[
            b"mesg/output/v1",
            &[self.kind.code()],
            &self.kind.error_code().to_be_bytes(),
            self.output.as_bytes(),
            &self.output_len.to_be_bytes(),
            &self.mfuel.to_be_bytes(),
        ])
    }
}

/// Fuel in the unit of the protocol: `ceil(fuel / 10^6)`.
#[must_use]
pub const fn mfuel(fuel: u64) -> u64 {
    fuel.div_ceil(FUEL_PER_MFUEL)
}

/// `domain32`: separates markets, so that nothing signed for one is valid for another.
///
/// `contract` is the canonical (binary) address of the market.
///
/// # Errors
/// [`SealError::DomainPart`] when one of them has more than 255 bytes.
pub fn domain(chain_id: &str, contract: &[u8]) -> Result<Digest32, SealError> {
    let chain_len = length_byte(chain_id.as_bytes())?;
    let contract_len = length_byte(contract)?;
    Ok(sha256(&[b"mesg/domain/v1", &[chain_len], chain_id.as_bytes(), &[contract_len], contract]))
}

/// The length of a domain's part in one byte.
fn length_byte(part: &[u8]) -> Result<u8, SealError> {
    u8::try_from(part.len()).map_err(|_| SealError::DomainPart { got: part.len() })
}

/// The seed of a round's draw from the beacon's randomness (1.2). A seat keeps its seed through refills.
#[must_use]
pub fn seed(domain: &Digest32, rand: &Digest32, execution: ExecutionId, round: u8) -> Digest32 {
    sha256(&[b"mesg/draw/v1", &domain.0, &rand.0, &execution.to_be_bytes(), &[round]])
}

/// `h`: the value that a seat of this round opens; a later round cannot reuse it.
#[must_use]
pub fn round_value(domain: &Digest32, execution: ExecutionId, round: u8, output_digest: &Digest32) -> Digest32 {
    sha256(&[b"mesg/value/v1", &domain.0, &execution.to_be_bytes(), &[round], &output_digest.0])
}

/// `C`: the seal of `runner` over round value `h` with its salt.
#[must_use]
pub fn seal(
    domain: &Digest32,
    execution: ExecutionId,
    round: u8,
    runner: RunnerId,
    round_value: &Digest32,
    salt: &Digest32,
) -> Digest32 {
    let execution = execution.to_be_bytes();
    sha256(&[b"mesg/seal/v1", &domain.0, &execution, &[round], &runner.to_be_bytes(), &round_value.0, &salt.0])
}

/// The digest that the attestation key signs to stand for seal `C`. `seed` is [`seed`] of the same round.
#[must_use]
pub fn sign_message(
    domain: &Digest32,
    execution: ExecutionId,
    seed: &Digest32,
    round: u8,
    runner: RunnerId,
    seal: &Digest32,
) -> Digest32 {
    let execution = execution.to_be_bytes();
    sha256(&[b"mesg/sign/v1", &domain.0, &execution, &seed.0, &[round], &runner.to_be_bytes(), &seal.0])
}

/// The digest that the attestation key signs to give the seat up for reason `code`.
#[must_use]
pub fn decline_message(
    domain: &Digest32,
    execution: ExecutionId,
    seed: &Digest32,
    round: u8,
    runner: RunnerId,
    code: u16,
) -> Digest32 {
    let (execution, code) = (execution.to_be_bytes(), code.to_be_bytes());
    sha256(&[b"mesg/decline/v1", &domain.0, &execution, &seed.0, &[round], &runner.to_be_bytes(), &code])
}

/// The bytes whose HMAC-SHA256 under the attestation secret is the seat's salt.
#[must_use]
pub fn salt_message(domain: &Digest32, execution: ExecutionId, round: u8) -> Vec<u8> {
    [b"mesg/salt/v1".as_slice(), &domain.0, &execution.to_be_bytes(), &[round]].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_numbers_are_one_to_one() {
        let mut kinds = vec![Kind::Ok, Kind::Valid, Kind::Invalid];
        kinds.extend(ErrorCode::ALL.map(Kind::Err));
        for kind in kinds {
            assert_eq!(Kind::from_codes(kind.code(), kind.error_code()), Some(kind));
        }
        for (kind, code) in [(0, 1), (1, 0), (1, 7), (2, 1), (3, 1), (4, 0)] {
            assert_eq!(Kind::from_codes(kind, code), None);
        }
    }

    #[test]
    fn kind_on_the_wire() {
        let wire = serde_json::to_string(&[Kind::Ok, Kind::Err(ErrorCode::OutputTooLarge), Kind::Invalid]).unwrap();
        assert_eq!(wire, r#"["ok",{"err":"output_too_large"},"invalid"]"#);
        assert!(serde_json::from_str::<Kind>(r#"{"err":"none"}"#).is_err());
    }

    #[test]
    fn fuel_is_rounded_up() {
        assert_eq!([mfuel(0), mfuel(1), mfuel(1_000_000), mfuel(1_000_001)], [0, 1, 1, 2]);
        assert_eq!(mfuel(u64::MAX), 18_446_744_073_710);
    }

    #[test]
    fn long_domain_parts_are_refused() {
        let long = "x".repeat(256);
        assert_eq!(domain(&long, &[1]), Err(SealError::DomainPart { got: 256 }));
        assert_eq!(domain("c", &[0; 300]), Err(SealError::DomainPart { got: 300 }));
        assert!(domain(&"x".repeat(255), &[0; 255]).is_ok());
    }

    #[test]
    fn values_that_no_run_can_give_are_refused() {
        let base = Value { kind: Kind::Ok, output: sha256(&[b"1"]), output_len: 1, mfuel: 1 };
        let bare = Value { output: Digest32::ZERO, output_len: 0, ..base };
        let ended = Kind::Err(ErrorCode::TaskError);
        let trapped = Kind::Err(ErrorCode::Trap);
        assert_eq!(base.check(), Ok(()));
        assert_eq!(Value { kind: Kind::Valid, mfuel: 0, ..base }.check(), Ok(()));
        assert_eq!(Value { kind: ended, ..bare }.check(), Ok(()));
        assert_eq!(Value { kind: trapped, mfuel: 0, ..bare }.check(), Ok(()));
        assert_eq!(Value { kind: Kind::Invalid, mfuel: 0, ..bare }.check(), Ok(()));
        for wrong in [
            Value { kind: Kind::Valid, ..base },
            Value { kind: Kind::Invalid, mfuel: 0, ..base },
            Value { kind: Kind::Invalid, ..bare },
            Value { kind: ended, ..base },
            Value { kind: ended, output_len: 1, ..bare },
            Value { kind: trapped, ..bare },
        ] {
            assert_eq!(wrong.check(), Err(SealError::Value), "{wrong:?}");
        }
    }
}
