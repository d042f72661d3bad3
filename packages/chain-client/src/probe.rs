//! What an endpoint can do, asked at start and said in plain words.

use crate::{
    Chain, Error,
    endpoint::Endpoint,
    query::{ask, status_of},
    simulate::SIMULATE,
    wire::{BlockResultsRequest, TxRequest},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures::future::join_all;

/// What one endpoint can do.
#[derive(Debug)]
pub struct Probe {
    /// `host:port`, without credentials.
    pub endpoint: String,
    /// Its latest height, or why it is not usable at all (silent, other chain).
    pub height: Result<u64, Error>,
    /// Keeps block results: following needs it (`discard_abci_responses = false` in the node's configuration).
    pub block_results: bool,
    /// Indexes transactions by hash: lookups are slower without (`indexer = "kv"` in the node's configuration).
    pub tx_index: bool,
    /// Simulates: sending without a fixed gas limit needs one endpoint that does (gRPC or API of the node enabled).
    pub simulation: bool,
}

impl Chain {
    /// Asks every endpoint what it can do; scores those that fail.
    pub async fn probe(&self) -> Vec<Probe> {
        let all = self.all().iter();
        join_all(all.map(|endpoint| probe(endpoint, self.chain_id()))).await
    }
}

async fn probe(endpoint: &Endpoint, chain_id: &str) -> Probe {
    let height = status_of(endpoint, chain_id).await.map(|s| s.height);
    let (mut block_results, mut tx_index, mut simulation) = (false, false, false);
    match &height {
        Ok(height) => {
            // The latest block's results may not be written yet.
            let height = height.saturating_sub(1).max(1).to_string();
            block_results = endpoint.perform(BlockResultsRequest { height }).await.is_ok();
            tx_index = indexes(endpoint).await;
            simulation = simulates(endpoint, chain_id).await;
        }
        Err(_) => endpoint.failed(),
    }
    Probe { endpoint: endpoint.name().to_owned(), height, block_results, tx_index, simulation }
}

/// An empty transaction is refused by a node that simulates; one that does not knows no such path.
async fn simulates(endpoint: &Endpoint, chain_id: &str) -> bool {
    let answer = ask(endpoint, chain_id, SIMULATE, Vec::new(), 0).await;
    matches!(answer, Err(Error::Query { .. }))
}

/// A hash that nothing has: an index says "not found", a node without index says that it has none.
async fn indexes(endpoint: &Endpoint) -> bool {
    let request = TxRequest { hash: STANDARD.encode([0; 32]), prove: false };
    matches!(endpoint.perform(request).await,
        Err(Error::Rpc { reason, .. }) if reason.contains("not found"))
}
