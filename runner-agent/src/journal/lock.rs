//! One agent for each data directory: two would seal twice.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

/// Why the directory was not taken.
#[derive(Debug, Error)]
pub enum LockError {
    /// Another process holds it.
    #[error("{} is in use by another agent", directory.display())]
    InUse {
        /// The data directory.
        directory: PathBuf,
    },
    /// Other users could read salts and values before they are opened.
    #[error("{} has mode {mode:o}: only its owner may have rights on it (chmod 700)", directory.display())]
    Mode {
        /// The data directory.
        directory: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It cannot be made, opened or locked.
    #[error("{}: {source}", directory.display())]
    Io {
        /// The data directory.
        directory: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
}

/// A data directory that is held; the operating system lets go of it when the process ends, however it ends.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
}

impl DirectoryLock {
    /// Makes the directory with mode 0700 if it is missing, and locks it.
    pub fn take(directory: &Path) -> Result<Self, LockError> {
        let io = |source| LockError::Io { directory: directory.to_owned(), source };
        DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(io)?;
        let mode = std::fs::metadata(directory).map_err(io)?.mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(LockError::Mode { directory: directory.to_owned(), mode });
        }
        let mut options = OpenOptions::new();
        let options = options.create(true).truncate(false).write(true).mode(0o600);
        let file = options.open(directory.join("lock")).map_err(io)?;
        match file.try_lock() {
            Ok(()) => Ok(Self { _file: file }),
            Err(TryLockError::WouldBlock) => Err(LockError::InUse { directory: directory.to_owned() }),
            Err(TryLockError::Error(source)) => Err(io(source)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_that_others_may_read_is_refused() {
        use std::os::unix::fs::PermissionsExt as _;
        let directory = tempfile::tempdir().unwrap();
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o755)).unwrap();
        assert!(matches!(DirectoryLock::take(directory.path()), Err(LockError::Mode { mode: 0o755, .. })));
        std::fs::set_permissions(directory.path(), std::fs::Permissions::from_mode(0o700)).unwrap();
        assert!(DirectoryLock::take(directory.path()).is_ok());
        assert!(DirectoryLock::take(&directory.path().join("new/one")).is_ok());
    }

    #[test]
    fn a_file_is_no_directory() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(DirectoryLock::take(file.path()), Err(LockError::Io { .. })));
    }
}
