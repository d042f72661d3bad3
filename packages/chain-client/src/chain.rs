//! A view on the chain through two or more endpoints: one is sticky, the others stand in.

use std::{
    collections::HashSet,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::{Error, endpoint::Endpoint, score};

/// Where the chain is.
#[derive(Debug, Clone)]
pub struct ChainConfig {
    /// Chain id that every endpoint must serve.
    pub chain_id: String,
    /// RPC addresses, best first; two or more in production.
    pub endpoints: Vec<String>,
    /// Limit of one request.
    pub timeout: Duration,
    /// Blocks that an endpoint may be behind the newest before others are preferred.
    pub max_lag: u64,
}

impl ChainConfig {
    /// With a timeout of 10 seconds and a lag of 5 blocks.
    pub fn new(chain_id: impl Into<String>, endpoints: Vec<String>) -> Self {
        Self { chain_id: chain_id.into(), endpoints, timeout: Duration::from_secs(10), max_lag: 5 }
    }
}

/// A view on the chain. Clones share the sticky endpoint; [`Chain::fork`] gives a view with its own.
#[derive(Clone)]
pub struct Chain {
    pool: Arc<Pool>,
    sticky: Arc<AtomicUsize>,
}

struct Pool {
    chain_id: String,
    max_lag: u64,
    endpoints: Vec<Arc<Endpoint>>,
}

impl Chain {
    /// Checks the addresses; connects to nothing yet (see [`Chain::probe`]).
    pub fn new(config: &ChainConfig) -> Result<Self, Error> {
        let endpoints = config.endpoints.iter();
        let endpoints =
            endpoints.map(|url| Endpoint::new(url, config.timeout).map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
        let names: HashSet<_> = endpoints.iter().map(|e| e.name().to_owned()).collect();
        if endpoints.is_empty() || names.len() != endpoints.len() {
            return Err(Error::Invalid { field: "endpoints", reason: "at least one, and each once".into() });
        }
        let pool = Pool { chain_id: config.chain_id.clone(), max_lag: config.max_lag, endpoints };
        Ok(Self { pool: Arc::new(pool), sticky: Arc::default() })
    }

    /// The same endpoints and scores with a sticky endpoint of its own: one for each lane.
    #[must_use]
    pub fn fork(&self) -> Self {
        let sticky = AtomicUsize::new(self.sticky.load(Ordering::Relaxed));
        Self { pool: Arc::clone(&self.pool), sticky: Arc::new(sticky) }
    }

    /// The chain id of the configuration.
    #[must_use]
    pub fn chain_id(&self) -> &str {
        &self.pool.chain_id
    }

    /// `host:port` of the endpoint that is asked first.
    #[must_use]
    pub fn sticky(&self) -> &str {
        let index = self.sticky.load(Ordering::Relaxed);
        self.pool.endpoints.get(index).map_or("", |e| e.name())
    }

    pub(crate) fn max_lag(&self) -> u64 {
        self.pool.max_lag
    }

    pub(crate) fn all(&self) -> &[Arc<Endpoint>] {
        &self.pool.endpoints
    }

    /// Endpoints in the order in which they are asked now.
    pub(crate) fn ordered(&self) -> Vec<(usize, Arc<Endpoint>)> {
        let scores: Vec<_> = self.all().iter().map(|e| e.score().clone()).collect();
        let sticky = self.sticky.load(Ordering::Relaxed);
        let order = score::order(&scores, sticky, self.pool.max_lag, Instant::now());
        let with_index = |index| Some((index, Arc::clone(self.all().get(index)?)));
        order.into_iter().filter_map(with_index).collect()
    }

    /// Marks the sticky endpoint as failed, so that the next call goes elsewhere for a while.
    pub(crate) fn avoid_sticky(&self) {
        let index = self.sticky.load(Ordering::Relaxed);
        if let Some(endpoint) = self.all().get(index) {
            endpoint.failed();
        }
    }

    /// Asks one endpoint after another until one answers; an answer that is an application error is an answer.
    pub(crate) async fn call<T, F, Fut>(&self, ask: F) -> Result<T, Error>
    where
        F: Fn(Arc<Endpoint>) -> Fut,
        Fut: Future<Output = Result<T, Error>>,
    {
        let mut weakest = None;
        for (index, endpoint) in self.ordered() {
            match ask(Arc::clone(&endpoint)).await {
                Err(error) if error.elsewhere() => {
                    tracing::debug!(endpoint = endpoint.name(), %error, "endpoint did not answer");
                    if error.is_fault() {
                        endpoint.failed();
                    }
                    weakest = Some(error.or_weaker(weakest));
                }
                answer => {
                    endpoint.score().succeeded();
                    self.sticky.store(index, Ordering::Relaxed);
                    return answer;
                }
            }
        }
        Err(weakest.unwrap_or(Error::Ended))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain() -> Chain {
        let urls = vec!["http://127.0.0.1:1".into(), "http://127.0.0.1:2".into()];
        Chain::new(&ChainConfig::new("c-1", urls)).unwrap()
    }

    fn transport(endpoint: &Endpoint) -> Error {
        Error::Transport { endpoint: endpoint.name().into(), reason: "down".into() }
    }

    #[test]
    fn endpoints_are_checked() {
        for urls in [vec![], vec!["http://a:1".to_owned(), "http://a:1".to_owned()]] {
            let chain = Chain::new(&ChainConfig::new("c-1", urls));
            assert!(matches!(chain.err(), Some(Error::Invalid { field: "endpoints", .. })));
        }
    }

    #[tokio::test]
    async fn fails_over_and_sticks() {
        let chain = chain();
        let other = chain.fork();
        let first_down = |e: Arc<Endpoint>| async move {
            if e.name().ends_with(":1") { Err(transport(&e)) } else { Ok(e.name().to_owned()) }
        };
        assert_eq!(chain.call(first_down).await.unwrap(), "127.0.0.1:2");
        assert_eq!(chain.sticky(), "127.0.0.1:2");
        assert_eq!(other.sticky(), "127.0.0.1:1");
        // The fork shares scores: the failed one is blocked for it too.
        assert_eq!(other.ordered()[0].0, 1);
    }

    #[tokio::test]
    async fn an_application_error_is_an_answer() {
        let chain = chain();
        let asked = AtomicUsize::new(0);
        let answer: Result<(), _> = chain
            .call(|_| async {
                asked.fetch_add(1, Ordering::Relaxed);
                Err(Error::Invalid { field: "x", reason: String::new() })
            })
            .await;
        assert!(matches!(answer, Err(Error::Invalid { .. })));
        assert_eq!(asked.load(Ordering::Relaxed), 1);
    }

    #[tokio::test]
    async fn all_down_is_a_transport_error_and_nobody_is_lost() {
        let chain = chain();
        for _ in 0..3 {
            let answer: Result<(), _> = chain.call(|e| async move { Err(transport(&e)) }).await;
            assert!(matches!(answer, Err(Error::Transport { .. })));
            assert_eq!(chain.ordered().len(), 2);
        }
    }
}
