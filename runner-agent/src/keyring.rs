//! Which of the operator's attestation keys belongs to which runner: found by the public key that staking names.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mesg_protocol::ids::{KeyNo, RunnerId};

use crate::abstain::Abstain;
use crate::attestation_key::{AttestationKey, AttestationSeed, KeyError};
use crate::market::MarketClient;

/// Keys of all runners of this agent.
pub struct Keyring {
    seed: AttestationSeed,
    accounts: u32,
    market: MarketClient,
    known: Mutex<HashMap<(RunnerId, KeyNo), AttestationKey>>,
}

impl Keyring {
    /// Searches accounts 0 to `accounts` − 1 of the seed.
    #[must_use]
    pub fn new(seed: AttestationSeed, accounts: u32, market: MarketClient) -> Self {
        Self { seed, accounts, market, known: Mutex::default() }
    }

    /// The key numbered `key_no` of a runner.
    ///
    /// # Errors
    /// [`Abstain::NoKey`] if none of the accounts has it.
    pub async fn key(&self, runner: RunnerId, key_no: KeyNo) -> Result<AttestationKey, Abstain> {
        if let Some(key) = self.known().get(&(runner, key_no)) {
            return Ok(key.clone());
        }
        let public = self.market.attestation_key(runner, key_no).await?.unwrap_or_default();
        let found = find(&self.seed, self.accounts, key_no, &public)?;
        let key = found.ok_or(Abstain::NoKey { runner: runner.0, key_no })?;
        self.known().insert((runner, key_no), key.clone());
        Ok(key)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, HashMap<(RunnerId, KeyNo), AttestationKey>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn find(
    seed: &AttestationSeed,
    accounts: u32,
    key_no: KeyNo,
    public: &[u8],
) -> Result<Option<AttestationKey>, KeyError> {
    for account in 0..accounts {
        let key = seed.key(account, key_no)?;
        if key.public_key() == public {
            return Ok(Some(key));
        }
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use secrecy::SecretString;

    use super::*;

    /// Test mnemonic of BIP-39 (all zero entropy). Never fund it.
    const TEST_MNEMONIC: &str =
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn the_account_is_found_by_its_public_key() {
        let seed = AttestationSeed::new(&SecretString::from(TEST_MNEMONIC)).unwrap();
        let public = seed.key(3, 1).unwrap().public_key();
        assert_eq!(find(&seed, 4, 1, &public).unwrap().unwrap().public_key(), public);
        assert!(find(&seed, 3, 1, &public).unwrap().is_none());
        assert!(find(&seed, 4, 0, &public).unwrap().is_none());
        assert!(find(&seed, 4, 0, &[]).unwrap().is_none());
    }
}
