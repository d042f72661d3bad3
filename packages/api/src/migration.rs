//! Migration of a contract's state: only from an older version of the same contract.
//!
//! cw2's own check takes an equal version for an older one, and brings a parser of semantic versions that is 4 KB of
//! wasm in every contract; ours have three numbers.

use cosmwasm_std::{StdError, Storage};
use thiserror::Error;

/// Why a migration is refused.
#[derive(Debug, Error)]
pub enum MigrationError {
    /// There is no name and version in storage.
    #[error(transparent)]
    Std(#[from] StdError),
    /// The state is another contract's.
    #[error("state is of contract {got}, must be {expected}")]
    OtherContract {
        /// This contract.
        expected: &'static str,
        /// The contract in storage.
        got: String,
    },
    /// The state is not of an older version.
    #[error("state is of version {stored}, the code of version {code} is not newer")]
    NotNewer {
        /// The version in storage.
        stored: String,
        /// The version of the code.
        code: &'static str,
    },
}

/// Checks that the state is of an older version of contract `name`, and moves it to version `code`.
pub fn migrate(storage: &mut dyn Storage, name: &'static str, code: &'static str) -> Result<(), MigrationError> {
    let stored = cw2::get_contract_version(storage)?;
    if stored.contract != name {
        return Err(MigrationError::OtherContract { expected: name, got: stored.contract });
    }
    if numbers(&stored.version) >= numbers(code) {
        return Err(MigrationError::NotNewer { stored: stored.version, code });
    }
    Ok(cw2::set_contract_version(storage, name, code)?)
}

/// `major.minor.patch`; what is not three numbers counts as the newest, so that it is refused.
fn numbers(version: &str) -> [u64; 3] {
    let mut parts = version.split('.').map(str::parse);
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(Ok(major)), Some(Ok(minor)), Some(Ok(patch)), None) => [major, minor, patch],
        _ => [u64::MAX; 3],
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    fn migrate_from(name: &str, version: &str) -> Result<String, MigrationError> {
        let mut storage = MockStorage::new();
        cw2::set_contract_version(&mut storage, name, version).unwrap();
        migrate(&mut storage, "mesg-token", "0.10.1")?;
        Ok(cw2::get_contract_version(&storage).unwrap().version)
    }

    #[test]
    fn older_versions_are_taken_by_number_not_by_text() {
        for older in ["0.10.0", "0.9.9", "0.2.30", "0.0.1"] {
            assert_eq!(migrate_from("mesg-token", older).unwrap(), "0.10.1");
        }
    }

    #[test]
    fn the_same_newer_and_odd_versions_are_refused() {
        for version in ["0.10.1", "0.10.2", "0.11.0", "1.0.0", "0.9", "0.9.9.9", "0.9.x", "", "0.10.0-rc.1"] {
            let refused = migrate_from("mesg-token", version).unwrap_err();
            assert!(matches!(refused, MigrationError::NotNewer { .. }), "{version}: {refused}");
        }
    }

    #[test]
    fn other_contracts_and_empty_storage_are_refused() {
        let refused = migrate_from("crates.io:cw20-base", "0.0.1").unwrap_err();
        assert_eq!(refused.to_string(), "state is of contract crates.io:cw20-base, must be mesg-token");
        let empty = migrate(&mut MockStorage::new(), "mesg-token", "0.10.1").unwrap_err();
        assert!(matches!(empty, MigrationError::Std(_)));
    }
}
