//! Components: fetched once by digest, kept on disk, compiled once, and a few kept ready in memory.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use mesg_api::registry;
use mesg_protocol::digest::Digest32;
use mesg_sandbox::{Component, LoadError, MAX_COMPONENT_BYTES, Refusal, Sandbox};

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
}

impl ComponentStore {
    /// A store that keeps bytes in `blobs`.
    #[must_use]
    pub fn new(sandbox: Sandbox, fetcher: Fetcher, blobs: BlobDirectory) -> Self {
        Self { sandbox, fetcher, blobs, ready: Arc::default() }
    }

    /// The component, from memory, disk or its sources.
    ///
    /// # Errors
    /// [`Abstain::Unavailable`], [`Abstain::Machine`], [`Abstain::Io`].
    pub async fn get(&self, wanted: &registry::Component) -> Result<Loaded, Abstain> {
        if let Some(loaded) = self.ready(&wanted.sha256) {
            return Ok(loaded);
        }
        let bytes = self.bytes(wanted).await?;
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

    async fn bytes(&self, wanted: &registry::Component) -> Result<Vec<u8>, Abstain> {
        let (blobs, digest) = (self.blobs.clone(), wanted.sha256);
        let kept = tokio::task::spawn_blocking(move || blobs.get(&digest)).await.map_err(|_| Abstain::Stopped)?;
        if let Some(bytes) = kept {
            return Ok(bytes);
        }
        let size = usize::try_from(wanted.size).unwrap_or(usize::MAX).min(MAX_COMPONENT_BYTES);
        let bytes = self.fetcher.verified(&wanted.sources, size, &digest).await?;
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
