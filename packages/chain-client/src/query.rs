//! Queries through `abci_query`, each refused when its answer is older than the caller's height.

use cosmos_sdk_proto::cosmos::{
    auth::v1beta1::{QueryAccountInfoRequest, QueryAccountInfoResponse},
    bank::v1beta1::{QueryAllBalancesRequest, QueryAllBalancesResponse, QueryBalanceRequest, QueryBalanceResponse},
    base::query::v1beta1::PageRequest,
};
use cosmos_sdk_proto::cosmwasm::wasm::v1::{
    QueryRawContractStateRequest, QueryRawContractStateResponse, QuerySmartContractStateRequest,
    QuerySmartContractStateResponse,
};
use prost::Message;
use serde::{Serialize, de::DeserializeOwned};
use tendermint_rpc::endpoint::abci_query::Request as AbciRequest;

use crate::{
    Chain, Coin, Error, TxHash, TxResult,
    endpoint::Endpoint,
    wire::{StatusRequest, TxRequest},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};

const ACCOUNT: &str = "/cosmos.auth.v1beta1.Query/AccountInfo";
const BALANCE: &str = "/cosmos.bank.v1beta1.Query/Balance";
const BALANCES: &str = "/cosmos.bank.v1beta1.Query/AllBalances";
const SMART: &str = "/cosmwasm.wasm.v1.Query/SmartContractState";
const RAW: &str = "/cosmwasm.wasm.v1.Query/RawContractState";

/// Balances on one page.
const PAGE: u64 = 100;
/// Pages of balances that are read: an account can be spammed with denominations.
const PAGES: usize = 10;
/// "key not found" of the SDK.
const NOT_FOUND: (&str, u32) = ("sdk", 22);
/// This endpoint does not serve the path: simulation needs its gRPC or API switched on. The code says nothing.
const NO_SUCH_PATH: &str = "unknown query path";

/// A value and the height of the state that it was read from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer<T> {
    /// Height of the state.
    pub height: u64,
    /// The value.
    pub value: T,
}

impl<T> Answer<T> {
    pub(crate) fn try_map<U>(self, map: impl FnOnce(T) -> Result<U, Error>) -> Result<Answer<U>, Error> {
        Ok(Answer { height: self.height, value: map(self.value)? })
    }
}

/// Number and sequence of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// Fixed for the life of the account.
    pub number: u64,
    /// Sequence of the next transaction, by committed state.
    pub sequence: u64,
}

/// Where a node stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// Latest height.
    pub height: u64,
    /// Nanoseconds of the latest block's time since 1970.
    pub time_nanos: u64,
    /// Earliest block that the node keeps.
    pub earliest: u64,
    /// The node is still syncing.
    pub catching_up: bool,
}

impl Chain {
    /// Smart query of a contract. `at_least`: least height of the answer, 0 for any.
    pub async fn smart<Q, R>(&self, contract: &str, query: &Q, at_least: u64) -> Result<Answer<R>, Error>
    where
        Q: Serialize + ?Sized,
        R: DeserializeOwned,
    {
        let query_data =
            serde_json::to_vec(query).map_err(|error| Error::Invalid { field: "query", reason: error.to_string() })?;
        let request = QuerySmartContractStateRequest { address: contract.to_owned(), query_data };
        let answer = self.abci(SMART, &request, at_least).await?;
        answer.try_map(|response: QuerySmartContractStateResponse| {
            serde_json::from_slice(&response.data).map_err(|error| decode("contract answer", error))
        })
    }

    /// Raw value under a contract's storage key; none if there is nothing.
    pub async fn raw(&self, contract: &str, key: &[u8], at_least: u64) -> Result<Answer<Option<Vec<u8>>>, Error> {
        let request = QueryRawContractStateRequest { address: contract.to_owned(), query_data: key.to_vec() };
        let answer = self.abci(RAW, &request, at_least).await?;
        // A contract cannot store an empty value.
        answer
            .try_map(|response: QueryRawContractStateResponse| Ok(Some(response.data).filter(|data| !data.is_empty())))
    }

    /// Number and sequence; none for an account that never received anything.
    pub async fn account(&self, address: &str, at_least: u64) -> Result<Answer<Option<Account>>, Error> {
        let request = QueryAccountInfoRequest { address: address.to_owned() };
        let answer = match self.abci(ACCOUNT, &request, at_least).await {
            Err(Error::Query { codespace, code, .. }) if (codespace.as_str(), code) == NOT_FOUND => {
                return Ok(Answer { height: at_least, value: None });
            }
            answer => answer?,
        };
        answer.try_map(|response: QueryAccountInfoResponse| {
            Ok(response.info.map(|info| Account { number: info.account_number, sequence: info.sequence }))
        })
    }

    /// Native balance of one denomination, in base units.
    pub async fn balance(&self, address: &str, denom: &str, at_least: u64) -> Result<Answer<u128>, Error> {
        let request = QueryBalanceRequest { address: address.to_owned(), denom: denom.to_owned() };
        let answer = self.abci(BALANCE, &request, at_least).await?;
        answer.try_map(|response: QueryBalanceResponse| match response.balance {
            Some(coin) => Ok(Coin::from_proto(coin)?.amount),
            None => Ok(0),
        })
    }

    /// All native balances, at most 1,000 denominations.
    pub async fn balances(&self, address: &str, at_least: u64) -> Result<Answer<Vec<Coin>>, Error> {
        let mut request = QueryAllBalancesRequest {
            address: address.to_owned(),
            pagination: Some(page(Vec::new())),
            resolve_denom: false,
        };
        let (mut height, mut value) = (at_least, Vec::new());
        for _ in 0..PAGES {
            let answer = self.abci(BALANCES, &request, height).await?;
            let response: QueryAllBalancesResponse = answer.value;
            height = answer.height;
            for coin in response.balances {
                value.push(Coin::from_proto(coin)?);
            }
            match response.pagination.map(|p| p.next_key) {
                Some(key) if !key.is_empty() => request.pagination = Some(page(key)),
                _ => break,
            }
        }
        Ok(Answer { height, value })
    }

    /// Where the sticky endpoint stands.
    pub async fn status(&self) -> Result<Status, Error> {
        let chain_id = self.chain_id();
        self.call(move |endpoint| async move { status_of(&endpoint, chain_id).await }).await
    }

    /// A delivered transaction; none if this endpoint's indexer does not know it (yet).
    pub async fn tx(&self, hash: TxHash) -> Result<Option<TxResult>, Error> {
        self.call(move |endpoint| async move { tx_of(&endpoint, hash).await }).await
    }

    /// One gRPC query through `abci_query`.
    pub(crate) async fn abci<Q, R>(&self, path: &'static str, request: &Q, at_least: u64) -> Result<Answer<R>, Error>
    where
        Q: Message,
        R: Message + Default,
    {
        let data = request.encode_to_vec();
        let answer = self
            .call(|endpoint| {
                let data = data.clone();
                let chain_id = self.chain_id();
                async move { ask(&endpoint, chain_id, path, data, at_least).await }
            })
            .await?;
        answer.try_map(|bytes| R::decode(bytes.as_slice()).map_err(|e| decode("query answer", e)))
    }
}

/// One gRPC query to one endpoint.
pub(crate) async fn ask(
    endpoint: &Endpoint,
    chain_id: &str,
    path: &'static str,
    data: Vec<u8>,
    at_least: u64,
) -> Result<Answer<Vec<u8>>, Error> {
    let request = AbciRequest::new(Some(path.to_owned()), data, None, false);
    let response = endpoint.perform(request).await?.response;
    let height = response.height.value();
    if response.code.is_err() {
        // A refusal carries no height, and a node that lags refuses what it does not know yet.
        if at_least > 0 {
            let reached = status_of(endpoint, chain_id).await?.height;
            fresh(reached, at_least)?;
        }
        if response.log.contains(NO_SUCH_PATH) {
            return Err(Error::Rpc {
                endpoint: endpoint.name().to_owned(),
                reason: format!("{path}: {}", response.log),
            });
        }
        return Err(Error::Query {
            path,
            codespace: response.codespace,
            code: response.code.value(),
            log: response.log,
        });
    }
    fresh(height, at_least)?;
    Ok(Answer { height, value: response.value })
}

const fn fresh(got: u64, needed: u64) -> Result<(), Error> {
    if got < needed {
        return Err(Error::Stale { needed, got });
    }
    Ok(())
}

/// Status of one endpoint; its height is remembered in the score.
pub(crate) async fn status_of(endpoint: &Endpoint, chain_id: &str) -> Result<Status, Error> {
    let wire = endpoint.perform(StatusRequest {}).await?;
    if wire.node_info.network != chain_id {
        return Err(Error::WrongChain {
            endpoint: endpoint.name().to_owned(),
            expected: chain_id.to_owned(),
            got: wire.node_info.network,
        });
    }
    let sync = wire.sync_info;
    endpoint.score().seen(sync.latest_block_height);
    Ok(Status {
        height: sync.latest_block_height,
        time_nanos: time_nanos(&sync.latest_block_time)?,
        earliest: sync.earliest_block_height,
        catching_up: sync.catching_up,
    })
}

async fn tx_of(endpoint: &Endpoint, hash: TxHash) -> Result<Option<TxResult>, Error> {
    let request = TxRequest { hash: STANDARD.encode(hash.0), prove: false };
    match endpoint.perform(request).await {
        Ok(wire) => Ok(Some(TxResult::from_wire(wire.height, wire.tx_result))),
        Err(Error::Rpc { reason, .. }) if reason.contains("not found") => Ok(None),
        Err(error) => Err(error),
    }
}

fn time_nanos(text: &str) -> Result<u64, Error> {
    let time = tendermint::Time::parse_from_rfc3339(text).map_err(|e| decode("block time", e))?;
    u64::try_from(time.unix_timestamp_nanos()).map_err(|e| decode("block time", e))
}

const fn page(key: Vec<u8>) -> PageRequest {
    PageRequest { key, offset: 0, limit: PAGE, count_total: false, reverse: false }
}

fn decode(what: &'static str, error: impl std::fmt::Display) -> Error {
    Error::Decode { what, reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_answer_is_refused() {
        assert!(fresh(5, 5).is_ok());
        assert!(matches!(fresh(4, 5), Err(Error::Stale { needed: 5, got: 4 })));
    }

    #[test]
    fn block_time_to_nanoseconds() {
        assert_eq!(time_nanos("1970-01-01T00:00:01.5Z").unwrap(), 1_500_000_000);
        assert!(time_nanos("").is_err());
        assert!(time_nanos("1969-01-01T00:00:00Z").is_err());
    }
}
