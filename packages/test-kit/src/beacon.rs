//! A drand-shaped beacon with its own BLS key: signatures in G1, unchained.

use bls12_381::{G1Affine, G1Projective, G2Affine, G2Projective, Scalar};
use cosmwasm_std::HashFunction;
use cosmwasm_std::testing::MockApi;
use cosmwasm_std::{Api, Binary};
use mesg_protocol::beacon::round_message;

const DST: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// A beacon and its secret.
#[derive(Clone, Debug)]
pub struct Beacon {
    secret: Scalar,
}

impl Beacon {
    /// A beacon whose secret is `secret`; for tests only.
    pub fn new(secret: u64) -> Self {
        Self { secret: Scalar::from(secret) }
    }

    /// Compressed public key in G2, 96 bytes.
    pub fn public_key(&self) -> Binary {
        G2Affine::from(G2Projective::generator() * self.secret).to_compressed().as_slice().into()
    }

    /// Compressed signature of `round` in G1, 48 bytes.
    pub fn sign(&self, round: u64) -> Binary {
        let hash = MockApi::default()
            .bls12_381_hash_to_g1(HashFunction::Sha256, &round_message(round).0, DST)
            .expect("a hash to the curve");
        let point = G1Affine::from_compressed(&hash).expect("a point of G1");
        G1Affine::from(G1Projective::from(point) * self.secret).to_compressed().as_slice().into()
    }
}
