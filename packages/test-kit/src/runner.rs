//! A scripted runner: its keys, and what it seals, opens and publishes.

use cosmwasm_std::{Addr, Binary, Uint64};
use hmac::{Hmac, Mac};
use k256::ecdsa::signature::hazmat::PrehashSigner;
use k256::ecdsa::{Signature, SigningKey};
use mesg_api::market::{DeclineItem, OpenItem, PostResultItem, PublishItem, ResultItem, SealItem};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::ids::{ExecutionId, KeyNo, RunnerId};
use mesg_protocol::seal::{Kind, Value, decline_message, round_value, salt_message, seal, sign_message};

/// What a run gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// An output, in canonical JSON, and the fuel it took in started millions.
    Ok(String, u64),
    /// An error value and the fuel it took in started millions.
    Err(mesg_protocol::seal::ErrorCode, u64),
    /// The checker accepts a result, with this witness.
    Valid(String),
    /// The checker refuses a result.
    Invalid,
}

impl Work {
    /// The output every honest runner of the suite computes.
    pub fn honest() -> Self {
        Self::Ok(r#"{"sum":"42"}"#.to_owned(), 7)
    }

    /// Another output.
    pub fn wrong() -> Self {
        Self::Ok(r#"{"sum":"43"}"#.to_owned(), 7)
    }

    /// The value that is sealed.
    pub fn value(&self) -> Value {
        match self {
            Self::Ok(json, mfuel) => Value {
                kind: Kind::Ok,
                output: sha256(&[json.as_bytes()]),
                output_len: json.len() as u64,
                mfuel: *mfuel,
            },
            Self::Err(code, mfuel) => {
                Value { kind: Kind::Err(*code), output: Digest32::ZERO, output_len: 0, mfuel: *mfuel }
            }
            Self::Valid(witness) => Value {
                kind: Kind::Valid,
                output: sha256(&[witness.as_bytes()]),
                output_len: witness.len() as u64,
                mfuel: 0,
            },
            Self::Invalid => Value { kind: Kind::Invalid, output: Digest32::ZERO, output_len: 0, mfuel: 0 },
        }
    }

    /// The message that publishes it.
    pub fn publish(&self, execution: u64) -> PublishItem {
        let (result, mfuel) = match self {
            Self::Ok(json, mfuel) => (ResultItem::Inline { json: json.clone() }, *mfuel),
            Self::Err(code, mfuel) => (ResultItem::Error { code: code.to_u16() }, *mfuel),
            Self::Valid(witness) => {
                let digest = sha256(&[witness.as_bytes()]);
                (ResultItem::Valid { witness: digest, len: witness.len() as u32 }, 0)
            }
            Self::Invalid => (ResultItem::Invalid {}, 0),
        };
        PublishItem { execution: execution.into(), mfuel: mfuel.into(), result }
    }
}

/// A runner.
#[derive(Clone, Debug)]
pub struct Runner {
    /// Its id.
    pub id: RunnerId,
    /// Its cold key.
    pub owner: Addr,
    /// Its hot key.
    pub operator: Addr,
    /// Signs its seals.
    pub attestation: SigningKey,
}

impl Runner {
    /// The runner with the attestation key of a number, as after that many rotations; 0 is the one it registers with.
    pub fn with_key(&self, key_no: KeyNo) -> Self {
        let Some(further) = key_no.checked_sub(1) else { return self.clone() };
        let secret = sha256(&[b"test rotation", &self.attestation.to_bytes(), &further.to_be_bytes()]);
        Self { attestation: SigningKey::from_slice(&secret.0).expect("a scalar below the order"), ..self.clone() }
    }

    /// A compressed public key for a test secret.
    pub fn public_key(attestation: &SigningKey) -> Binary {
        attestation.verifying_key().to_encoded_point(true).as_bytes().into()
    }

    /// The salt of its seal: HMAC-SHA256 under its attestation secret (2.3).
    pub fn salt(&self, place: &Place) -> Digest32 {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&self.attestation.to_bytes()).expect("any key length");
        mac.update(&salt_message(&place.domain, place.id(), place.round));
        Digest32(mac.finalize().into_bytes().into())
    }

    /// Its signed seal.
    pub fn seal(&self, place: &Place, work: &Work) -> SealItem {
        let (value, salt) = (place.value(work), self.salt(place));
        self.sign(place, seal(&place.domain, place.id(), place.round, self.id, &value, &salt))
    }

    /// A seal, whoever made it, signed for its own seat.
    pub fn sign(&self, place: &Place, seal: Digest32) -> SealItem {
        let message = sign_message(&place.domain, place.id(), &place.seed, place.round, self.id, &seal);
        let signature = self.signature(&message);
        SealItem { execution: Uint64::new(place.execution), runner: self.id, seal, signature }
    }

    /// The opening of its seal.
    pub fn open(&self, place: &Place, work: &Work) -> OpenItem {
        let (value, salt) = (place.value(work), self.salt(place));
        OpenItem { execution: Uint64::new(place.execution), runner: self.id, value, salt }
    }

    /// Its signed decline.
    pub fn decline(&self, place: &Place, code: u16) -> DeclineItem {
        let message = decline_message(&place.domain, place.id(), &place.seed, place.round, self.id, code);
        let signature = self.signature(&message);
        DeclineItem { execution: Uint64::new(place.execution), runner: self.id, code, signature }
    }

    /// Its signed result, as the executor of `Verify` or as own runner.
    pub fn result(&self, place: &Place, work: &Work) -> PostResultItem {
        let publish = work.publish(place.execution);
        let held = place.value(work);
        let message = sign_message(&place.domain, place.id(), &place.seed, place.round, self.id, &held);
        PostResultItem {
            execution: publish.execution,
            runner: self.id,
            mfuel: publish.mfuel,
            result: publish.result,
            signature: self.signature(&message),
        }
    }

    fn signature(&self, message: &Digest32) -> Binary {
        let signature: Signature = self.attestation.sign_prehash(&message.0).expect("a digest of 32 bytes");
        signature.normalize_s().unwrap_or(signature).to_vec().into()
    }
}

/// Where a seat acts: what its digests are bound to.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    /// `domain32` of the market.
    pub domain: Digest32,
    /// Seed of the round's draw.
    pub seed: Digest32,
    /// The execution.
    pub execution: u64,
    /// Its round.
    pub round: u8,
}

impl Place {
    /// The round value of some work here.
    pub fn value(&self, work: &Work) -> Digest32 {
        round_value(&self.domain, self.id(), self.round, &work.value().digest())
    }

    const fn id(&self) -> ExecutionId {
        ExecutionId(self.execution)
    }
}
