//! Bytes by digest in a directory: fetched components, and outputs too large for the chain.

use std::fs::{self, DirBuilder};
use std::io::Write as _;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use mesg_protocol::digest::{Digest32, sha256};

/// Tells apart files that are being written at the same time.
static NEXT: AtomicU64 = AtomicU64::new(0);

/// A directory whose files are named by the SHA-256 of their content.
#[derive(Clone, Debug)]
pub struct BlobDirectory {
    path: PathBuf,
}

impl BlobDirectory {
    /// Opens, or makes with mode `mode`, the directory.
    ///
    /// # Errors
    /// The operating system's.
    pub fn open(path: PathBuf, mode: u32) -> std::io::Result<Self> {
        DirBuilder::new().recursive(true).mode(mode).create(&path)?;
        Ok(Self { path })
    }

    /// The bytes of a digest; none if they are not here, or were damaged, in which case they are removed.
    #[must_use]
    pub fn get(&self, digest: &Digest32) -> Option<Vec<u8>> {
        let path = self.file(digest);
        let bytes = fs::read(&path).ok()?;
        if sha256(&[&bytes]) == *digest {
            return Some(bytes);
        }
        tracing::warn!(path = %path.display(), "damaged blob removed");
        let _ = fs::remove_file(path);
        None
    }

    /// Whether there is a file of that digest.
    #[must_use]
    pub fn has(&self, digest: &Digest32) -> bool {
        self.file(digest).is_file()
    }

    /// Writes the bytes; what is seen under the digest's name is whole.
    ///
    /// # Errors
    /// The operating system's.
    pub fn put(&self, bytes: &[u8]) -> std::io::Result<Digest32> {
        let digest = sha256(&[bytes]);
        let path = self.file(&digest);
        let (process, number) = (std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        let partial = self.path.join(format!(".{digest}.{process}.{number}"));
        let mut file = fs::File::create(&partial)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(partial, path)?;
        Ok(digest)
    }

    /// Removes files older than `age`.
    ///
    /// # Errors
    /// The operating system's.
    pub fn forget(&self, age: Duration) -> std::io::Result<()> {
        let Some(before) = SystemTime::now().checked_sub(age) else { return Ok(()) };
        for entry in fs::read_dir(&self.path)? {
            let entry = entry?;
            if entry.metadata()?.modified()? < before {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }

    /// The directory.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn file(&self, digest: &Digest32) -> PathBuf {
        self.path.join(digest.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_bytes_are_given() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = BlobDirectory::open(directory.path().join("a/b"), 0o700).unwrap();
        let digest = blobs.put(b"hello").unwrap();
        assert_eq!(digest, sha256(&[b"hello"]));
        assert_eq!(blobs.put(b"hello").unwrap(), digest);
        assert_eq!(blobs.get(&digest).unwrap(), b"hello");
        fs::write(blobs.path().join(digest.to_string()), b"hell").unwrap();
        assert_eq!(blobs.get(&digest), None);
        assert_eq!(blobs.get(&digest), None);
    }

    #[test]
    fn old_files_are_forgotten() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = BlobDirectory::open(directory.path().into(), 0o700).unwrap();
        let digest = blobs.put(b"hello").unwrap();
        blobs.forget(Duration::from_secs(3_600)).unwrap();
        assert!(blobs.get(&digest).is_some());
        blobs.forget(Duration::ZERO).unwrap();
        assert!(blobs.get(&digest).is_none());
    }
}
