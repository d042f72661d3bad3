//! Where secrets come from: an environment variable or a file that only its owner may read. Never the command line.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use secrecy::SecretString;
use serde::Deserialize;
use thiserror::Error;
use zeroize::Zeroizing;

/// Environment variable that `key show` reads when it is given no configuration.
pub const DEFAULT_VARIABLE: &str = "RUNNER_AGENT_MNEMONIC";

/// Where a secret is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum SecretSource {
    /// Name of an environment variable that holds it.
    Env(String),
    /// A regular file that holds it; group and others must have no right on it.
    File(PathBuf),
}

/// Why a secret cannot be had. Never contains it.
#[derive(Debug, Error)]
pub enum SecretError {
    /// The variable is not set, or not text.
    #[error("environment variable {name} is not set")]
    Unset {
        /// The variable.
        name: String,
    },
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// Others may read the file.
    #[error("{} has mode {mode:o}: only its owner may have rights on it (chmod 600)", path.display())]
    Mode {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

impl SecretSource {
    /// The secret without surrounding white space.
    ///
    /// # Errors
    /// [`SecretError`].
    pub fn read(&self) -> Result<SecretString, SecretError> {
        match self {
            Self::Env(name) => {
                let value = std::env::var(name).map_err(|_| SecretError::Unset { name: name.clone() })?;
                Ok(trimmed(&Zeroizing::new(value)))
            }
            Self::File(path) => from_file(path),
        }
    }

    /// Takes a relative file from `directory`.
    pub fn rebase(&mut self, directory: &Path) {
        if let Self::File(path) = self {
            *path = directory.join(&*path);
        }
    }
}

fn from_file(path: &Path) -> Result<SecretString, SecretError> {
    let read = |source| SecretError::Read { path: path.to_owned(), source };
    let mode = std::fs::metadata(path).map_err(read)?.mode() & 0o777;
    if mode & 0o077 != 0 {
        return Err(SecretError::Mode { path: path.to_owned(), mode });
    }
    let text = Zeroizing::new(std::fs::read_to_string(path).map_err(read)?);
    Ok(trimmed(&text))
}

fn trimmed(text: &str) -> SecretString {
    SecretString::from(text.trim())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_private_file_is_read_and_trimmed() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("mnemonic");
        std::fs::write(&path, "one two\n").unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        let mut source = SecretSource::File("mnemonic".into());
        source.rebase(directory.path());
        assert_eq!(source.read().unwrap().expose_secret(), "one two");
    }

    #[test]
    fn a_file_that_others_may_read_is_refused() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o640)).unwrap();
        let error = SecretSource::File(file.path().into()).read().unwrap_err();
        assert!(matches!(error, SecretError::Mode { mode: 0o640, .. }), "{error}");
    }

    #[test]
    fn what_is_not_there_is_said() {
        let unset = SecretSource::Env("RUNNER_AGENT_TEST_UNSET".into()).read().unwrap_err();
        assert!(matches!(unset, SecretError::Unset { .. }));
        let missing = SecretSource::File("does/not/exist".into()).read().unwrap_err();
        assert!(matches!(missing, SecretError::Read { .. }));
    }
}
