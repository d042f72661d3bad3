//! How a result is shown: inline, or by digest with a locator of this agent's blob directory.

use mesg_api::market::PublishItem;

use crate::blob::BlobDirectory;
use crate::journal::RunResult;
use crate::plan::is_large;
use crate::seat::publish_item;

/// The directory of large outputs and the address under which others find it.
#[derive(Clone, Debug)]
pub struct Publication {
    blobs: BlobDirectory,
    base_url: Option<String>,
}

impl Publication {
    /// Publishes below `base_url`, which serves the directory of `blobs` and ends in `/`.
    #[must_use]
    pub const fn new(blobs: BlobDirectory, base_url: Option<String>) -> Self {
        Self { blobs, base_url }
    }

    /// Removes outputs written longer ago than `age`.
    ///
    /// # Errors
    /// The operating system's.
    pub fn forget(&self, age: std::time::Duration) -> std::io::Result<()> {
        self.blobs.forget(age)
    }

    /// The item that shows a result; none for a large output without an address to serve it from.
    ///
    /// # Errors
    /// The operating system's, when the output cannot be written.
    pub fn item(&self, execution: u64, result: RunResult) -> std::io::Result<Option<PublishItem>> {
        if !is_large(&result) {
            return Ok(Some(publish_item(execution, result, None)));
        }
        let Some(base_url) = &self.base_url else {
            tracing::warn!(execution, "output above 4 KiB, but blobs.base_url is not configured: not published");
            return Ok(None);
        };
        let digest = result.value.output;
        if !self.blobs.has(&digest) {
            self.blobs.put(result.output.as_deref().unwrap_or_default().as_bytes())?;
        }
        Ok(Some(publish_item(execution, result, Some(format!("{base_url}{digest}")))))
    }
}

#[cfg(test)]
mod tests {
    use mesg_api::market::ResultItem;
    use mesg_protocol::digest::sha256;
    use mesg_protocol::seal::{Kind, Value};

    use super::*;

    fn result(len: usize) -> RunResult {
        let output = "x".repeat(len);
        let output_len = u64::try_from(len).unwrap();
        let value = Value { kind: Kind::Ok, output: sha256(&[output.as_bytes()]), output_len, mfuel: 1 };
        RunResult { value, output: Some(output) }
    }

    #[test]
    fn large_outputs_go_by_digest() {
        let directory = tempfile::tempdir().unwrap();
        let blobs = BlobDirectory::open(directory.path().into(), 0o755).unwrap();
        let publication = Publication::new(blobs.clone(), Some("http://x/".into()));
        let small = publication.item(1, result(4_096)).unwrap().unwrap();
        assert!(matches!(small.result, ResultItem::Inline { .. }));
        let digest = result(4_097).value.output;
        for _ in 0..2 {
            let large = publication.item(1, result(4_097)).unwrap().unwrap();
            let locator = format!("http://x/{digest}");
            assert_eq!(large.result, ResultItem::Digest { sha256: digest, len: 4_097, locator });
        }
        assert_eq!(blobs.get(&digest).unwrap().len(), 4_097);
        let without = Publication::new(blobs, None);
        assert_eq!(without.item(1, result(4_097)).unwrap(), None);
    }
}
