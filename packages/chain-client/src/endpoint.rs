//! One RPC endpoint and its score.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tendermint_rpc::{
    Client as _, HttpClient, HttpClientUrl, SimpleRequest, Url, WebSocketClientUrl, client::CompatMode,
    error::ErrorDetail,
};

use crate::{Error, score::Score};

/// One RPC endpoint.
pub(crate) struct Endpoint {
    name: String,
    http: HttpClient,
    websocket: WebSocketClientUrl,
    score: Mutex<Score>,
}

impl Endpoint {
    /// `url` is `http://` or `https://`, may carry `user:password@` and a path.
    pub(crate) fn new(url: &str, timeout: Duration) -> Result<Self, Error> {
        if !url.starts_with("http://") && !url.starts_with("https://") {
            return Err(invalid(url, "not an http:// or https:// address"));
        }
        let parsed: Url = url.parse().map_err(|_| invalid(url, "not an address"))?;
        let name = format!("{}:{}", parsed.host(), parsed.port());
        let http_url = HttpClientUrl::try_from(parsed).map_err(|error| invalid(&name, error))?;
        let http = HttpClient::builder(http_url)
            .compat_mode(CompatMode::V0_38)
            .timeout(timeout)
            .build()
            .map_err(|error| invalid(&name, error))?;
        let websocket = websocket_url(url).map_err(|error| invalid(&name, error))?;
        Ok(Self { name, http, websocket, score: Mutex::default() })
    }

    /// `host:port`, without credentials.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn websocket(&self) -> WebSocketClientUrl {
        self.websocket.clone()
    }

    pub(crate) fn score(&self) -> MutexGuard<'_, Score> {
        self.score.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn failed(&self) {
        self.score().failed(Instant::now());
    }

    /// One JSON-RPC call.
    pub(crate) async fn perform<R: SimpleRequest>(&self, request: R) -> Result<R::Output, Error> {
        let answer = self.http.perform(request).await;
        answer.map_err(|error| self.error(&error))
    }

    /// A JSON-RPC error is the node's answer; everything else is no answer.
    pub(crate) fn error(&self, error: &tendermint_rpc::Error) -> Error {
        let endpoint = self.name.clone();
        match error.detail() {
            ErrorDetail::Response(response) => Error::Rpc { endpoint, reason: response.source.to_string() },
            detail => Error::Transport { endpoint, reason: detail.to_string() },
        }
    }
}

fn websocket_url(http: &str) -> Result<WebSocketClientUrl, tendermint_rpc::Error> {
    let rest = http.strip_prefix("http").unwrap_or(http);
    let url: Url = format!("ws{}/websocket", rest.trim_end_matches('/')).parse()?;
    WebSocketClientUrl::try_from(url)
}

fn invalid(name: &str, error: impl std::fmt::Display) -> Error {
    // The text of a URL that does not parse may hold a password: only what follows the last `@` is shown.
    let shown = name.rsplit('@').next().unwrap_or_default();
    Error::Invalid { field: "endpoint", reason: format!("{shown}: {error}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn url_forms() {
        let second = Duration::from_secs(1);
        let endpoint = Endpoint::new("https://user:secret@node.example:443/rpc/", second).unwrap();
        assert_eq!(endpoint.name(), "node.example:443");
        assert!(Endpoint::new("ftp://node.example", second).is_err());
        assert!(Endpoint::new("node", second).is_err());
    }

    #[test]
    fn password_is_not_shown() {
        let error = Endpoint::new("http//user:secret@node", Duration::from_secs(1)).err().unwrap();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
