//! A secp256k1 key that signs, derived from a mnemonic; it cannot be printed.

use bip32::{DerivationPath, XPrv};
use bip39::Mnemonic;
use cosmos_sdk_proto::Any;
use cosmrs::crypto::PublicKey;
use k256::ecdsa::{
    Signature,
    signature::{Signer as _, hazmat::PrehashSigner as _},
};
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

use crate::Error;

/// A signing key; the secret is wiped when dropped.
pub struct SigningKey {
    secret: k256::ecdsa::SigningKey,
    public: PublicKey,
}

impl SigningKey {
    /// Key of a BIP-39 mnemonic (no passphrase) at a BIP-32 path such as `m/44'/118'/1'/0/3`.
    pub fn at_path(mnemonic: &SecretString, path: &str) -> Result<Self, Error> {
        let path: DerivationPath = path.parse().map_err(|_| Error::Key("bad path"))?;
        let mnemonic = Mnemonic::parse(mnemonic.expose_secret().trim()).map_err(|_| Error::Key("bad mnemonic"))?;
        let seed = Zeroizing::new(mnemonic.to_seed(""));
        let extended = XPrv::derive_from_path(seed.as_slice(), &path).map_err(|_| Error::Key("cannot derive"))?;
        let secret = extended.private_key().clone();
        let public = PublicKey::from(secret.verifying_key());
        Ok(Self { secret, public })
    }

    /// The key of account `index`: path `m/44'/118'/0'/0/index`, as every Cosmos wallet.
    pub fn account(mnemonic: &SecretString, index: u32) -> Result<Self, Error> {
        Self::at_path(mnemonic, &format!("m/44'/118'/0'/0/{index}"))
    }

    /// Attestation key numbered `key_no`: path `m/44'/118'/1'/0/key_no` (docs/mechanism.md 2.6).
    pub fn attestation(mnemonic: &SecretString, key_no: u32) -> Result<Self, Error> {
        Self::at_path(mnemonic, &format!("m/44'/118'/1'/0/{key_no}"))
    }

    /// Bech32 address with a prefix such as `wasm`.
    pub fn address(&self, prefix: &str) -> Result<String, Error> {
        let id = self.public.account_id(prefix);
        let id = id.map_err(|_| Error::Key("bad address prefix"))?;
        Ok(id.to_string())
    }

    /// Compressed public key, 33 bytes.
    #[must_use]
    pub fn public_key(&self) -> Vec<u8> {
        self.public.to_bytes()
    }

    /// Signs the SHA-256 of `message`; 64 bytes r|s with low s.
    pub fn sign(&self, message: &[u8]) -> Result<[u8; 64], Error> {
        let signed: Result<Signature, _> = self.secret.try_sign(message);
        bytes(signed)
    }

    /// Signs a digest as it is; 64 bytes r|s with low s.
    pub fn sign_digest(&self, digest: &[u8; 32]) -> Result<[u8; 64], Error> {
        bytes(self.secret.sign_prehash(digest))
    }

    pub(crate) fn public_any(&self) -> Result<Any, Error> {
        let any = self.public.to_any();
        any.map_err(|_| Error::Key("public key cannot be encoded"))
    }
}

fn bytes(signed: Result<Signature, k256::ecdsa::Error>) -> Result<[u8; 64], Error> {
    let signature = signed.map_err(|_| Error::Key("cannot sign"))?;
    let low = signature.normalize_s().unwrap_or(signature);
    Ok(low.to_bytes().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use k256::ecdsa::{VerifyingKey, signature::Verifier as _};

    /// Test mnemonic of BIP-39 (all zero entropy). Never fund it.
    const TEST_MNEMONIC: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    fn mnemonic() -> SecretString {
        SecretString::from(TEST_MNEMONIC)
    }

    #[test]
    fn known_address() {
        // As Keplr and `gaiad keys add --recover` give it.
        let key = SigningKey::account(&mnemonic(), 0).unwrap();
        assert_eq!(key.address("cosmos").unwrap(), "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4");
        assert_eq!(key.public_key().len(), 33);
    }

    #[test]
    fn paths_give_different_keys() {
        let key = |path: &str| SigningKey::at_path(&mnemonic(), path).unwrap().public_key();
        assert_eq!(key("m/44'/118'/0'/0/1"), SigningKey::account(&mnemonic(), 1).unwrap().public_key());
        assert_eq!(key("m/44'/118'/1'/0/2"), SigningKey::attestation(&mnemonic(), 2).unwrap().public_key());
        assert_ne!(key("m/44'/118'/1'/0/2"), key("m/44'/118'/0'/0/2"));
    }

    #[test]
    fn signatures_verify_and_are_low_s() {
        let key = SigningKey::account(&mnemonic(), 0).unwrap();
        let verifying = VerifyingKey::from_sec1_bytes(&key.public_key()).unwrap();
        for message in 0_u32..32 {
            let message = message.to_be_bytes();
            let signed = Signature::from_slice(&key.sign(&message).unwrap()).unwrap();
            assert!(signed.normalize_s().is_none());
            verifying.verify(&message, &signed).unwrap();
            let digest = *crate::TxHash::of(&message).0.first_chunk().unwrap();
            assert_eq!(key.sign_digest(&digest).unwrap(), key.sign(&message).unwrap());
        }
    }

    #[test]
    fn bad_input_is_refused_without_the_secret() {
        let cases = [
            SigningKey::at_path(&SecretString::from("abandon about"), "m/0"),
            SigningKey::at_path(&mnemonic(), "44/118"),
        ];
        for case in cases {
            let error = case.err().unwrap();
            assert!(matches!(error, Error::Key(_)));
            assert!(!error.to_string().contains("abandon"));
        }
        assert!(SigningKey::account(&mnemonic(), u32::MAX).is_err());
        assert!(SigningKey::account(&mnemonic(), 0).unwrap().address("UP").is_err());
    }
}
