//! Attestation keys: they sign seals and make their salts (docs/mechanism.md, 2.3 and 2.6).

use bip32::{ChildNumber, DerivationPath, XPrv};
use bip39::Mnemonic;
use hmac::{Hmac, Mac as _};
use k256::ecdsa::signature::hazmat::PrehashSigner as _;
use k256::ecdsa::{Signature, SigningKey};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::KeyNo;
use secrecy::{ExposeSecret as _, SecretString};
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

/// Why there is no key. Never contains the secret.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// Not a BIP-39 mnemonic.
    #[error("the attestation mnemonic is not a BIP-39 mnemonic")]
    Mnemonic,
    /// Account above 2^31 − 2.
    #[error("no attestation key at this path")]
    Path,
    /// The signer refused; does not happen for a digest of 32 bytes.
    #[error("cannot sign")]
    Sign,
}

/// The mnemonic's seed, from which all keys are derived.
pub struct AttestationSeed(Zeroizing<[u8; 64]>);

impl AttestationSeed {
    /// The seed of a mnemonic without passphrase.
    ///
    /// # Errors
    /// [`KeyError::Mnemonic`].
    pub fn new(mnemonic: &SecretString) -> Result<Self, KeyError> {
        let mnemonic = Mnemonic::parse(mnemonic.expose_secret()).map_err(|_| KeyError::Mnemonic)?;
        Ok(Self(Zeroizing::new(mnemonic.to_seed(""))))
    }

    /// Key `key_no` of an account: `m/44'/118'/<1 + account>'/0/<key_no>`.
    ///
    /// # Errors
    /// [`KeyError::Path`].
    pub fn key(&self, account: u32, key_no: KeyNo) -> Result<AttestationKey, KeyError> {
        let path: DerivationPath = path(account, key_no).parse().map_err(|_| KeyError::Path)?;
        let extended = XPrv::derive_from_path(*self.0, &path).map_err(|_| KeyError::Path)?;
        Ok(AttestationKey(extended.private_key().clone()))
    }
}

/// The path of key `key_no` of an account.
#[must_use]
pub fn path(account: u32, key_no: KeyNo) -> String {
    let level = account.saturating_add(1).min(ChildNumber::HARDENED_FLAG);
    format!("m/44'/118'/{level}'/0/{key_no}")
}

/// A secp256k1 key that signs seals; it cannot be printed.
#[derive(Clone)]
pub struct AttestationKey(SigningKey);

impl AttestationKey {
    /// Compressed public key.
    #[must_use]
    pub fn public_key(&self) -> [u8; 33] {
        let mut bytes = [0; 33];
        let point = self.0.verifying_key().to_encoded_point(true);
        bytes.iter_mut().zip(point.as_bytes()).for_each(|(to, from)| *to = *from);
        bytes
    }

    /// Signs a digest as it is: 64 bytes r|s with low s.
    ///
    /// # Errors
    /// [`KeyError::Sign`].
    pub fn sign(&self, digest: &Digest32) -> Result<[u8; 64], KeyError> {
        let signature: Signature = self.0.sign_prehash(digest.as_bytes()).map_err(|_| KeyError::Sign)?;
        Ok(signature.normalize_s().unwrap_or(signature).to_bytes().into())
    }

    /// HMAC-SHA256 under the secret: the salt of a seal, so that a lost journal cannot lose an opening.
    ///
    /// # Errors
    /// [`KeyError::Sign`].
    pub fn salt(&self, message: &[u8]) -> Result<Digest32, KeyError> {
        let secret = Zeroizing::new(<[u8; 32]>::from(self.0.to_bytes()));
        let mut mac = Hmac::<Sha256>::new_from_slice(&*secret).map_err(|_| KeyError::Sign)?;
        mac.update(message);
        Ok(Digest32(mac.finalize().into_bytes().into()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Test mnemonic of BIP-39 (all zero entropy). Never fund it.
    const TEST_MNEMONIC: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    fn seed() -> AttestationSeed {
        AttestationSeed::new(&SecretString::from(TEST_MNEMONIC)).unwrap()
    }

    #[test]
    fn account_0_is_the_path_of_the_protocol() {
        assert_eq!(path(0, 3), "m/44'/118'/1'/0/3");
        assert_eq!(path(4, 0), "m/44'/118'/5'/0/0");
        let same = mesg_chain_client::SigningKey::attestation(&SecretString::from(TEST_MNEMONIC), 3).unwrap();
        assert_eq!(seed().key(0, 3).unwrap().public_key().to_vec(), same.public_key());
    }

    #[test]
    fn keys_differ_by_account_and_number() {
        let keys: std::collections::BTreeSet<_> =
            [(0, 0), (0, 1), (1, 0), (1, 1)].map(|(a, n)| seed().key(a, n).unwrap().public_key()).into();
        assert_eq!(keys.len(), 4);
        assert!(matches!(seed().key(u32::MAX, 0), Err(KeyError::Path)));
        assert!(matches!(AttestationSeed::new(&SecretString::from("abandon")), Err(KeyError::Mnemonic)));
    }

    #[test]
    fn signatures_and_salts_are_those_of_the_vectors() {
        let vectors: serde_json::Value =
            serde_json::from_str(include_str!("../../packages/protocol/tests/vectors/seals.json")).unwrap();
        let mut seen = 0;
        for vector in vectors.as_array().unwrap() {
            let field = |name: &str| vector[name].as_str().unwrap();
            let digest = |name: &str| field(name).parse::<Digest32>().unwrap();
            let secret = hex::decode(field("attestation_secret")).unwrap();
            let key = AttestationKey(SigningKey::from_slice(&secret).unwrap());
            assert_eq!(hex::encode(key.public_key()), field("attestation_pubkey"));
            assert_eq!(hex::encode(key.sign(&digest("sign_message")).unwrap()), field("signature"));
            let round = u8::try_from(vector["round"].as_u64().unwrap()).unwrap();
            let execution = field("execution").parse::<u64>().unwrap().into();
            let message = mesg_protocol::seal::salt_message(&digest("domain"), execution, round);
            assert_eq!(key.salt(&message).unwrap(), digest("salt"));
            seen += 1;
        }
        assert!(seen > 3);
    }
}
