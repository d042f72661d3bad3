//! Digests, salts and signatures against vectors that an independent program computed from the text of the mechanism.
#![allow(clippy::unwrap_used, missing_docs)]

use hmac::{Hmac, Mac};
use k256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use k256::ecdsa::{Signature, SigningKey, VerifyingKey};
use k256::sha2::Sha256;
use mesg_protocol::canonical_json;
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::{self, Kind, Value};
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    chain_id: String,
    contract_canonical: String,
    domain: Digest32,
    attestation_secret: String,
    attestation_pubkey: String,
    execution: String,
    round: u8,
    runner: RunnerId,
    rand: Digest32,
    seed: Digest32,
    kind: u8,
    code: u16,
    output: Option<String>,
    output_len: u64,
    mfuel: String,
    #[serde(rename = "D")]
    output_digest: Digest32,
    h: Digest32,
    salt: Digest32,
    #[serde(rename = "C")]
    seal: Digest32,
    sign_message: Digest32,
    signature: String,
    decline_code: u16,
    decline_message: Digest32,
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str(include_str!("vectors/seals.json")).unwrap()
}

fn execution(vector: &Vector) -> ExecutionId {
    ExecutionId(vector.execution.parse().unwrap())
}

#[test]
fn domain_and_seed() {
    for vector in vectors() {
        let contract = hex::decode(&vector.contract_canonical).unwrap();
        assert_eq!(seal::domain(&vector.chain_id, &contract), Ok(vector.domain));
        assert_eq!(seal::seed(&vector.domain, &vector.rand, execution(&vector), vector.round), vector.seed);
    }
}

#[test]
fn output_digest() {
    for vector in vectors() {
        let kind = Kind::from_codes(vector.kind, vector.code).unwrap();
        let output = vector.output.as_ref().map_or(Digest32::ZERO, |output| sha256(&[output.as_bytes()]));
        let mfuel = vector.mfuel.parse().unwrap();
        let value = Value { kind, output, output_len: vector.output_len, mfuel };
        assert_eq!(value.check(), Ok(()));
        assert_eq!(value.digest(), vector.output_digest);
        if let (Kind::Ok, Some(output)) = (kind, &vector.output) {
            assert_eq!(canonical_json::check(output), Ok(()));
        }
    }
}

#[test]
fn seal_and_messages() {
    for vector in vectors() {
        let (domain, id, seed, round) = (&vector.domain, execution(&vector), &vector.seed, vector.round);
        assert_eq!(seal::round_value(domain, id, round, &vector.output_digest), vector.h);
        assert_eq!(seal::seal(domain, id, round, vector.runner, &vector.h, &vector.salt), vector.seal);
        assert_eq!(seal::sign_message(domain, id, seed, round, vector.runner, &vector.seal), vector.sign_message);
        let declined = seal::decline_message(domain, id, seed, round, vector.runner, vector.decline_code);
        assert_eq!(declined, vector.decline_message);
    }
}

#[test]
fn salt_is_the_hmac_under_the_attestation_secret() {
    for vector in vectors() {
        let secret = hex::decode(&vector.attestation_secret).unwrap();
        let mut mac = <Hmac<Sha256> as Mac>::new_from_slice(&secret).unwrap();
        mac.update(&seal::salt_message(&vector.domain, execution(&vector), vector.round));
        assert_eq!(hex::encode(mac.finalize().into_bytes()), vector.salt.to_string());
    }
}

#[test]
fn signature_is_deterministic_with_low_s() {
    for vector in vectors() {
        let key = SigningKey::from_slice(&hex::decode(&vector.attestation_secret).unwrap()).unwrap();
        let public = VerifyingKey::from(&key);
        assert_eq!(hex::encode(public.to_encoded_point(true)), vector.attestation_pubkey);
        let message = vector.sign_message.as_bytes();
        let signature: Signature = key.sign_prehash(message).unwrap();
        assert!(signature.normalize_s().is_none(), "high s");
        assert_eq!(hex::encode(signature.to_bytes()), vector.signature);
        public.verify_prehash(message, &signature).unwrap();
    }
}
