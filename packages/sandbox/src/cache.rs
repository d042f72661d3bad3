//! The compile cache's directory.
//!
//! Compiled code is machine code: whoever can write it, runs it. wasmtime's own cache is used (it alone may call the unsafe
//! `deserialize`); its key is the sha256 of component, compiler version, target and configuration. What is added here is
//! that the directory belongs to this user alone, so that it holds only what this agent wrote.

use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

use wasmtime::{Cache, CacheConfig};

use crate::sandbox::SandboxError;

/// Opens, or creates with mode 0700, the cache at `path`.
///
/// # Errors
/// [`SandboxError::CacheNotPrivate`] when `path` is a link, not a directory, another user's, or writable by others;
/// [`SandboxError::CacheIo`] when it cannot be made or written.
pub fn open(path: &Path) -> Result<Cache, SandboxError> {
    let directory = private_directory(path)?;
    let mut config = CacheConfig::new();
    config.with_directory(directory);
    Cache::new(config).map_err(SandboxError::engine)
}

fn private_directory(path: &Path) -> Result<PathBuf, SandboxError> {
    let io = |source| SandboxError::CacheIo { path: path.to_owned(), source };
    let refused = |reason| SandboxError::CacheNotPrivate { path: path.to_owned(), reason };
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(io)?;
    let meta = std::fs::symlink_metadata(path).map_err(io)?;
    if !meta.is_dir() {
        return Err(refused("is not a directory of its own"));
    }
    if meta.mode() & 0o022 != 0 {
        return Err(refused("can be written by other users (chmod 700 it)"));
    }
    // A file made here has this process's user: the way to learn it without a system call crate.
    let probe = tempfile::NamedTempFile::new_in(path).map_err(io)?;
    if probe.as_file().metadata().map_err(io)?.uid() != meta.uid() {
        return Err(refused("belongs to another user"));
    }
    std::fs::canonicalize(path).map_err(io)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    fn reason(result: Result<PathBuf, SandboxError>) -> &'static str {
        match result {
            Err(SandboxError::CacheNotPrivate { reason, .. }) => reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_new_directory_is_private() {
        let home = tempfile::tempdir().unwrap();
        let made = private_directory(&home.path().join("a/b")).unwrap();
        assert_eq!(std::fs::metadata(made).unwrap().mode() & 0o777, 0o700);
    }

    #[test]
    fn a_directory_that_others_can_write_is_refused() {
        let home = tempfile::tempdir().unwrap();
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o775)).unwrap();
        assert!(reason(private_directory(home.path())).contains("other users"));
    }

    #[test]
    fn a_link_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let (real, link) = (home.path().join("real"), home.path().join("link"));
        private_directory(&real).unwrap();
        symlink(&real, &link).unwrap();
        assert!(reason(private_directory(&link)).contains("directory of its own"));
    }

    #[test]
    fn a_file_is_an_io_error() {
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(private_directory(file.path()), Err(SandboxError::CacheIo { .. })));
    }
}
