//! Components: fetched once by digest, kept on disk, compiled once, and a few kept ready in memory.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use mesg_api::registry;
use mesg_protocol::digest::Digest32;
use mesg_sandbox::{Component, LoadError, MAX_COMPONENT_BYTES, Refusal, Sandbox};
use tokio::time::Instant;

use crate::abstain::Abstain;
use crate::blob::BlobDirectory;
use crate::fetch::Fetcher;

/// Components kept ready at most.
const READY: usize = 8;

/// A component that can be called, or the agreed reason why nobody can.
pub type Loaded = Result<Component, Refusal>;

/// Components of all versions.
#[derive(Clone)]
pub struct ComponentStore {
    sandbox: Sandbox,
    fetcher: Fetcher,
    blobs: BlobDirectory,
    ready: Arc<Mutex<VecDeque<(Digest32, Loaded)>>>,
    /// Held while a component is fetched and compiled, so that this is done once.
    loading: Arc<Mutex<HashMap<Digest32, Arc<tokio::sync::Mutex<()>>>>>,
}

impl ComponentStore {
    /// A store that keeps bytes in `blobs`.
    #[must_use]
    pub fn new(sandbox: Sandbox, fetcher: Fetcher, blobs: BlobDirectory) -> Self {
        Self { sandbox, fetcher, blobs, ready: Arc::default(), loading: Arc::default() }
    }

    /// The component, from memory, disk or its sources; these are asked until `until`. Compiling has no deadline.
    ///
    /// # Errors
    /// [`Abstain::Component`], [`Abstain::Machine`], [`Abstain::Io`].
    pub async fn get(&self, wanted: &registry::Component, until: Option<Instant>) -> Result<Loaded, Abstain> {
        if let Some(loaded) = self.ready(&wanted.sha256) {
            return Ok(loaded);
        }
        let alone = self.turn(wanted.sha256);
        let _turn = alone.lock().await;
        match self.ready(&wanted.sha256) {
            Some(loaded) => Ok(loaded),
            None => self.load(wanted, until).await,
        }
    }

    async fn load(&self, wanted: &registry::Component, until: Option<Instant>) -> Result<Loaded, Abstain> {
        let bytes = self.bytes(wanted, until).await?;
        let (sandbox, digest) = (self.sandbox.clone(), wanted.sha256);
        let load = tokio::task::spawn_blocking(move || sandbox.load(&bytes, digest.as_bytes()));
        let loaded = match load.await.map_err(|_| Abstain::Stopped)? {
            Ok(component) => Ok(component),
            Err(LoadError::Refused(refusal)) => Err(refusal),
            Err(LoadError::Decline(decline)) => return Err(decline.into()),
        };
        self.keep(digest, loaded.clone());
        Ok(loaded)
    }

    /// The lock of a component; locks that nobody waits for are dropped.
    fn turn(&self, digest: Digest32) -> Arc<tokio::sync::Mutex<()>> {
        let mut loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        loading.retain(|_, turn| Arc::strong_count(turn) > 1);
        Arc::clone(loading.entry(digest).or_default())
    }

    async fn bytes(&self, wanted: &registry::Component, until: Option<Instant>) -> Result<Vec<u8>, Abstain> {
        let (blobs, digest) = (self.blobs.clone(), wanted.sha256);
        let kept = tokio::task::spawn_blocking(move || blobs.get(&digest)).await.map_err(|_| Abstain::Stopped)?;
        if let Some(bytes) = kept {
            return Ok(bytes);
        }
        let size = usize::try_from(wanted.size).unwrap_or(usize::MAX).min(MAX_COMPONENT_BYTES);
        let bytes =
            self.fetcher.verified_until(&wanted.sources, size, &digest, until).await.map_err(Abstain::Component)?;
        let blobs = self.blobs.clone();
        let written = tokio::task::spawn_blocking(move || blobs.put(&bytes).map(|_| bytes));
        Ok(written.await.map_err(|_| Abstain::Stopped)??)
    }

    fn ready(&self, digest: &Digest32) -> Option<Loaded> {
        let ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.iter().find(|(of, _)| of == digest).map(|(_, loaded)| loaded.clone())
    }

    fn keep(&self, digest: Digest32, loaded: Loaded) {
        let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
        ready.retain(|(of, _)| *of != digest);
        ready.push_front((digest, loaded));
        ready.truncate(READY);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use mesg_protocol::digest::sha256;
    use mesg_sandbox::SandboxConfig;

    use super::*;
    use crate::config::WorkSection;
    use crate::fetch::FetchError;

    fn store(directory: &Path) -> ComponentStore {
        let sandbox = Sandbox::new(&SandboxConfig::new(directory.join("code"))).unwrap();
        let config = WorkSection { file_roots: vec![directory.into()], ..WorkSection::default() };
        let blobs = BlobDirectory::open(directory.join("components"), 0o700).unwrap();
        ComponentStore::new(sandbox, Fetcher::new(&config).unwrap(), blobs)
    }

    /// A component whose only source is a file in `directory`.
    fn component(directory: &Path, bytes: &[u8]) -> registry::Component {
        std::fs::write(directory.join("source"), bytes).unwrap();
        let source = format!("file://{}/source", directory.display());
        registry::Component {
            sha256: sha256(&[bytes]),
            size: u32::try_from(bytes.len()).unwrap(),
            sources: vec![source],
        }
    }

    #[tokio::test]
    async fn bytes_are_fetched_once() {
        let directory = tempfile::tempdir().unwrap();
        let wanted = component(directory.path(), include_bytes!("../../services/markdown/component.wasm"));
        let first = store(directory.path());
        let (one, two) = tokio::join!(first.get(&wanted, None), first.get(&wanted, None));
        assert!(one.unwrap().is_ok() && two.unwrap().is_ok());
        std::fs::remove_file(directory.path().join("source")).unwrap();
        assert!(first.get(&wanted, None).await.unwrap().is_ok(), "from memory");
        assert!(store(directory.path()).get(&wanted, None).await.unwrap().is_ok(), "from disk");
        std::fs::remove_dir_all(directory.path().join("components")).unwrap();
        let gone = store(directory.path()).get(&wanted, None).await.err().unwrap();
        assert!(matches!(gone, Abstain::Component(FetchError::File { .. })) && !gone.is_final());
    }

    #[tokio::test]
    async fn bytes_that_are_no_component_are_an_agreed_value() {
        let directory = tempfile::tempdir().unwrap();
        let wanted = component(directory.path(), b"no component");
        assert!(store(directory.path()).get(&wanted, None).await.unwrap().is_err());
        let longer = registry::Component { size: 3, ..wanted.clone() };
        std::fs::remove_dir_all(directory.path().join("components")).unwrap();
        let error = store(directory.path()).get(&longer, None).await.err().unwrap();
        assert!(matches!(error, Abstain::Component(FetchError::TooLarge { max: 3, .. })), "{error}");
    }
}
