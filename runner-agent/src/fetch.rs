//! Bytes behind a locator: `http://`, `https://`, `ipfs://` through a gateway, `file://` below allowed directories.
//!
//! Everything is bounded in size and time, redirects are not followed, and nothing is believed before its digest is checked.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mesg_protocol::digest::{Digest32, sha256};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Url};
use serde::Serialize;
use thiserror::Error;
use tokio::time::{Instant, timeout_at};

use crate::address::{PublicResolver, is_public};
use crate::config::WorkSection;

/// Time for one small request to another runner.
const POST_TIMEOUT: Duration = Duration::from_secs(5);

/// Why bytes cannot be had. None of these says anything about the task: the runner abstains and tries again.
#[derive(Debug, Error)]
pub enum FetchError {
    /// Not an address, or one of a scheme that is not served here.
    #[error("cannot use locator {locator}: {reason}")]
    Locator {
        /// As given.
        locator: String,
        /// Why.
        reason: &'static str,
    },
    /// The locator leads into this machine's own network.
    #[error("{host} is not a public address")]
    Private {
        /// Host of the locator.
        host: String,
    },
    /// No answer, or not in time.
    #[error("cannot fetch {locator}: {reason}")]
    Http {
        /// As given.
        locator: String,
        /// As the transport or the status line said.
        reason: String,
    },
    /// A file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// More bytes than declared.
    #[error("{locator} has more than {max} bytes")]
    TooLarge {
        /// As given.
        locator: String,
        /// Bytes declared.
        max: usize,
    },
    /// Other bytes than asked for.
    #[error("{locator} has digest {got}")]
    Digest {
        /// As given.
        locator: String,
        /// Digest of what came.
        got: Digest32,
    },
    /// There is nothing to ask.
    #[error("no locator")]
    NoSource,
    /// Not in the time that there is.
    #[error("not within the time for it")]
    Late,
    /// The thread that read was stopped.
    #[error("reader was stopped")]
    Stopped,
}

/// Fetches by locator; clones share connections.
#[derive(Clone)]
pub struct Fetcher {
    client: Client,
    allow_private: bool,
    file_roots: Vec<PathBuf>,
    ipfs_gateway: Option<Url>,
}

impl Fetcher {
    /// A fetcher within the limits of the configuration.
    ///
    /// # Errors
    /// [`FetchError::Http`] when the TLS library does not start.
    pub fn new(config: &WorkSection) -> Result<Self, FetchError> {
        let mut builder = Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(config.fetch_timeout));
        if !config.allow_private_addresses {
            builder = builder.dns_resolver(std::sync::Arc::new(PublicResolver));
        }
        Ok(Self {
            client: builder.build().map_err(|error| http("", &error))?,
            allow_private: config.allow_private_addresses,
            file_roots: config.file_roots.clone(),
            ipfs_gateway: config.ipfs_gateway.clone(),
        })
    }

    /// The bytes with digest `expected`, at most `max` of them, from the first locator that has them.
    ///
    /// # Errors
    /// The error of the last locator.
    pub async fn verified(&self, locators: &[String], max: usize, expected: &Digest32) -> Result<Vec<u8>, FetchError> {
        let mut last = FetchError::NoSource;
        for locator in locators {
            match self.get(locator, max).await {
                Ok(bytes) => match sha256(&[&bytes]) {
                    got if got == *expected => return Ok(bytes),
                    got => last = FetchError::Digest { locator: locator.clone(), got },
                },
                Err(error) => last = error,
            }
            tracing::debug!(error = %last, "locator failed");
        }
        Err(last)
    }

    /// As [`Fetcher::verified`], but not later than `until`.
    ///
    /// # Errors
    /// [`FetchError::Late`] beside the others.
    pub async fn verified_until(
        &self,
        locators: &[String],
        max: usize,
        expected: &Digest32,
        until: Option<Instant>,
    ) -> Result<Vec<u8>, FetchError> {
        let fetch = self.verified(locators, max, expected);
        match until {
            Some(until) => timeout_at(until, fetch).await.map_err(|_| FetchError::Late)?,
            None => fetch.await,
        }
    }

    /// At most `max` bytes behind a locator, whatever they are.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn get(&self, locator: &str, max: usize) -> Result<Vec<u8>, FetchError> {
        let url: Url = locator.parse().map_err(|_| unusable(locator, "not an address"))?;
        match url.scheme() {
            "http" | "https" => {
                self.check_host(&url)?;
                self.download(locator, url, max).await
            }
            "ipfs" => {
                let url = self.through_gateway(&url).ok_or_else(|| unusable(locator, "no ipfs gateway"))?;
                self.download(locator, url, max).await
            }
            "file" => {
                let path = url.to_file_path().map_err(|()| unusable(locator, "not a path"))?;
                let path = self.allowed(locator, &path)?;
                let locator = locator.to_owned();
                let read = tokio::task::spawn_blocking(move || read(&locator, path, max));
                read.await.map_err(|_| FetchError::Stopped)?
            }
            _ => Err(unusable(locator, "scheme is not served")),
        }
    }

    /// Posts `body` as JSON to an address that a stranger has named, and gives at most `max` bytes of the answer.
    ///
    /// # Errors
    /// [`FetchError`].
    pub async fn post<T: Serialize + Sync>(&self, address: &str, body: &T, max: usize) -> Result<Vec<u8>, FetchError> {
        let url: Url = address.parse().map_err(|_| unusable(address, "not an address"))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(unusable(address, "scheme is not served"));
        }
        self.check_host(&url)?;
        let request = self.client.post(url).json(body).timeout(POST_TIMEOUT);
        self.receive(address, request, max).await
    }

    /// Hosts given as numbers do not pass the resolver, so they are checked here.
    fn check_host(&self, url: &Url) -> Result<(), FetchError> {
        let host = url.host_str().unwrap_or_default();
        let number = host.trim_start_matches('[').trim_end_matches(']').parse();
        match number {
            Ok(address) if !self.allow_private && !is_public(address) => {
                Err(FetchError::Private { host: host.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// `ipfs://<cid>/<path>` as `<gateway>/ipfs/<cid>/<path>`.
    fn through_gateway(&self, url: &Url) -> Option<Url> {
        let gateway = self.ipfs_gateway.as_ref()?.as_str().trim_end_matches('/');
        format!("{gateway}/ipfs/{}{}", url.host_str()?, url.path()).parse().ok()
    }

    async fn download(&self, locator: &str, url: Url, max: usize) -> Result<Vec<u8>, FetchError> {
        self.receive(locator, self.client.get(url), max).await
    }

    async fn receive(&self, locator: &str, request: RequestBuilder, max: usize) -> Result<Vec<u8>, FetchError> {
        let failed = |error: reqwest::Error| http(locator, &error);
        let mut response = request.send().await.map_err(failed)?;
        if !response.status().is_success() {
            return Err(FetchError::Http { locator: locator.to_owned(), reason: response.status().to_string() });
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if bytes.len().saturating_add(chunk.len()) > max {
                return Err(FetchError::TooLarge { locator: locator.to_owned(), max });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// The path without links, if it lies below an allowed directory.
    fn allowed(&self, locator: &str, path: &Path) -> Result<PathBuf, FetchError> {
        let real = |path: &Path| path.canonicalize();
        let path = real(path).map_err(|source| FetchError::File { path: path.to_owned(), source })?;
        let below = self.file_roots.iter().any(|root| real(root).is_ok_and(|root| path.starts_with(root)));
        if below { Ok(path) } else { Err(unusable(locator, "not below an allowed directory")) }
    }
}

fn read(locator: &str, path: PathBuf, max: usize) -> Result<Vec<u8>, FetchError> {
    let failed = |source| FetchError::File { path: path.clone(), source };
    if !std::fs::metadata(&path).map_err(failed)?.is_file() {
        return Err(unusable(locator, "not a regular file"));
    }
    let file = std::fs::File::open(&path).map_err(failed)?;
    let limit = u64::try_from(max).unwrap_or(u64::MAX).saturating_add(1);
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(failed)?;
    if bytes.len() > max {
        return Err(FetchError::TooLarge { locator: locator.to_owned(), max });
    }
    Ok(bytes)
}

fn unusable(locator: &str, reason: &'static str) -> FetchError {
    FetchError::Locator { locator: locator.to_owned(), reason }
}

/// With the chain of causes, which reqwest leaves out of its text.
fn http(locator: &str, error: &reqwest::Error) -> FetchError {
    let mut reason = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        reason.push_str(": ");
        reason.push_str(&inner.to_string());
        cause = inner.source();
    }
    FetchError::Http { locator: locator.to_owned(), reason }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::net::TcpListener;

    use super::*;

    /// A stranger's web server: answers every request with `answer`.
    async fn serve(answer: &'static str) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut request = [0; 1024];
                let _ = stream.read(&mut request).await;
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        format!("http://{address}/x")
    }

    fn fetcher(change: impl FnOnce(&mut WorkSection)) -> Fetcher {
        let mut config = WorkSection { allow_private_addresses: true, fetch_timeout: 5, ..WorkSection::default() };
        change(&mut config);
        Fetcher::new(&config).unwrap()
    }

    const HELLO: &str = "HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\nhello";

    #[tokio::test]
    async fn right_bytes_of_a_later_locator_are_found() {
        let wrong = serve("HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nno").await;
        let gone = serve("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").await;
        let right = serve(HELLO).await;
        let digest = sha256(&[b"hello"]);
        let fetcher = fetcher(|_| {});
        let bytes = fetcher.verified(&[gone.clone(), wrong.clone(), right], 5, &digest).await.unwrap();
        assert_eq!(bytes, b"hello");
        let error = fetcher.verified(&[wrong], 5, &digest).await.unwrap_err();
        assert!(matches!(error, FetchError::Digest { .. }));
        let error = fetcher.verified(&[gone], 5, &digest).await.unwrap_err();
        assert!(matches!(error, FetchError::Http { .. }));
        let error = fetcher.verified(&[], 5, &digest).await.unwrap_err();
        assert!(matches!(error, FetchError::NoSource));
    }

    #[tokio::test]
    async fn size_is_bounded() {
        let endless = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n5\r\nhello\r\n0\r\n\r\n";
        for answer in [HELLO, endless] {
            let url = serve(answer).await;
            let error = fetcher(|_| {}).get(&url, 4).await.unwrap_err();
            assert!(matches!(error, FetchError::TooLarge { max: 4, .. }), "{error}");
        }
    }

    #[tokio::test]
    async fn private_addresses_are_refused() {
        let fetcher = fetcher(|config| config.allow_private_addresses = false);
        for url in ["http://127.0.0.1:1/x", "http://[::1]:1/x", "http://2130706433/x", "http://0x7f.1/x"] {
            let error = fetcher.get(url, 9).await.unwrap_err();
            assert!(matches!(error, FetchError::Private { .. }), "{url}: {error}");
        }
        let error = fetcher.get("http://localhost:1/x", 9).await.unwrap_err();
        assert!(error.to_string().contains("no public address"), "{error}");
    }

    #[tokio::test]
    async fn redirects_are_not_followed() {
        let url = serve("HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n").await;
        let error = fetcher(|_| {}).get(&url, 9).await.unwrap_err();
        assert!(error.to_string().contains("302"), "{error}");
    }

    #[tokio::test]
    async fn files_only_below_allowed_directories() {
        let (inside, outside) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::fs::write(inside.path().join("a"), "hello").unwrap();
        std::fs::write(outside.path().join("b"), "hello").unwrap();
        std::os::unix::fs::symlink(outside.path().join("b"), inside.path().join("link")).unwrap();
        let fetcher = fetcher(|config| config.file_roots = vec![inside.path().into()]);
        let url = |directory: &Path, name: &str| format!("file://{}/{name}", directory.display());
        assert_eq!(fetcher.get(&url(inside.path(), "a"), 5).await.unwrap(), b"hello");
        let error = fetcher.get(&url(inside.path(), "a"), 4).await.unwrap_err();
        assert!(matches!(error, FetchError::TooLarge { .. }));
        for (directory, name) in [(outside.path(), "b"), (inside.path(), "link"), (inside.path(), "")] {
            let error = fetcher.get(&url(directory, name), 9).await.unwrap_err();
            assert!(matches!(error, FetchError::Locator { .. }), "{error}");
        }
        let error = fetcher.get(&url(inside.path(), "none"), 9).await.unwrap_err();
        assert!(matches!(error, FetchError::File { .. }));
    }

    #[tokio::test]
    async fn ipfs_goes_through_the_gateway() {
        let server = serve(HELLO).await;
        let gateway = server.trim_end_matches("/x").parse().unwrap();
        let with = fetcher(|config| config.ipfs_gateway = Some(gateway));
        assert_eq!(with.get("ipfs://bafkqaaa/x", 5).await.unwrap(), b"hello");
        for locator in ["ipfs://bafkqaaa", "ftp://host/x", "nothing"] {
            let error = fetcher(|_| {}).get(locator, 5).await.unwrap_err();
            assert!(matches!(error, FetchError::Locator { .. }), "{error}");
        }
    }
}
