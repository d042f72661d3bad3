//! A scripted runner: its keys, and what it seals, opens and publishes.

use cosmwasm_std::{Addr, Binary, Uint64};
use hmac::{Hmac, Mac};
use k256::ecdsa::signature::hazmat::PrehashSigner;
use k256::ecdsa::{Signature, SigningKey};
use mesg_api::market::{OpenItem, PublishItem, ResultItem, SealItem};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::execution::ROUND_1;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::{Kind, Value, round_value, salt_message, seal, sign_message};

/// What a run gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Work {
    /// An output, in canonical JSON, and the fuel it took in started millions.
    Ok(String, u64),
    /// An error value and the fuel it took in started millions.
    Err(mesg_protocol::seal::ErrorCode, u64),
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
        }
    }

    /// The message that publishes it.
    pub fn publish(&self, execution: u64) -> PublishItem {
        let (result, mfuel) = match self {
            Self::Ok(json, mfuel) => (ResultItem::Inline { json: json.clone() }, *mfuel),
            Self::Err(code, mfuel) => (ResultItem::Error { code: code.to_u16() }, *mfuel),
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
    /// A compressed public key for a test secret.
    pub fn public_key(attestation: &SigningKey) -> Binary {
        attestation.verifying_key().to_encoded_point(true).as_bytes().into()
    }

    /// The salt of its seal: HMAC-SHA256 under its attestation secret (2.3).
    pub fn salt(&self, domain: &Digest32, execution: u64) -> Digest32 {
        let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&self.attestation.to_bytes()).expect("any key length");
        mac.update(&salt_message(domain, ExecutionId(execution), ROUND_1));
        Digest32(mac.finalize().into_bytes().into())
    }

    /// The round value of its work.
    pub fn value(&self, domain: &Digest32, execution: u64, work: &Work) -> Digest32 {
        round_value(domain, ExecutionId(execution), ROUND_1, &work.value().digest())
    }

    /// Its signed seal.
    pub fn seal(&self, domain: &Digest32, seed: &Digest32, execution: u64, work: &Work) -> SealItem {
        let id = ExecutionId(execution);
        let value = self.value(domain, execution, work);
        self.sign(domain, seed, execution, seal(domain, id, ROUND_1, self.id, &value, &self.salt(domain, execution)))
    }

    /// A seal, whoever made it, signed for its own seat.
    pub fn sign(&self, domain: &Digest32, seed: &Digest32, execution: u64, seal: Digest32) -> SealItem {
        let message = sign_message(domain, ExecutionId(execution), seed, ROUND_1, self.id, &seal);
        let signature: Signature = self.attestation.sign_prehash(&message.0).expect("a digest of 32 bytes");
        let signature = signature.normalize_s().unwrap_or(signature);
        let signature = signature.to_vec().into();
        SealItem { execution: Uint64::new(execution), runner: self.id, seal, signature }
    }

    /// The opening of its seal.
    pub fn open(&self, domain: &Digest32, execution: u64, work: &Work) -> OpenItem {
        OpenItem {
            execution: Uint64::new(execution),
            runner: self.id,
            value: self.value(domain, execution, work),
            salt: self.salt(domain, execution),
        }
    }
}
