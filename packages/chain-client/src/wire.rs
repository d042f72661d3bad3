//! Answers of a node as it really sends them: every field may be absent or null.
//!
//! The typed answers of tendermint-rpc refuse a whole block for one event without attributes, which any module
//! of a chain may emit (informalsystems/tendermint-rs#1490); these never refuse what a node may legally leave out.

use serde::{Deserialize, Deserializer, Serialize};
use tendermint_rpc::{Method, Request, Response, SimpleRequest, request::RequestMessage};

/// `/status`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct StatusRequest {}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct StatusWire {
    pub node_info: NodeInfo,
    pub sync_info: SyncInfo,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct NodeInfo {
    pub network: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct SyncInfo {
    #[serde(deserialize_with = "number")]
    pub latest_block_height: u64,
    #[serde(deserialize_with = "or_default")]
    pub latest_block_time: String,
    #[serde(deserialize_with = "number")]
    pub earliest_block_height: u64,
    pub catching_up: bool,
}

/// `/block`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BlockRequest {
    pub height: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BlockWire {
    pub block: BlockBody,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BlockBody {
    pub data: BlockData,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BlockData {
    /// Raw transactions in base64.
    #[serde(deserialize_with = "or_default")]
    pub txs: Vec<String>,
}

/// `/block_results`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct BlockResultsRequest {
    pub height: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct BlockResultsWire {
    #[serde(deserialize_with = "number")]
    pub height: u64,
    #[serde(deserialize_with = "or_default")]
    pub txs_results: Vec<ResultWire>,
}

/// `/tx`.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct TxRequest {
    /// Base64.
    pub hash: String,
    pub prove: bool,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct TxWire {
    #[serde(deserialize_with = "number")]
    pub height: u64,
    pub index: u32,
    pub tx_result: ResultWire,
}

/// Result of one transaction.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct ResultWire {
    pub code: u32,
    #[serde(deserialize_with = "or_default")]
    pub codespace: String,
    #[serde(deserialize_with = "or_default")]
    pub log: String,
    #[serde(deserialize_with = "number")]
    pub gas_wanted: u64,
    #[serde(deserialize_with = "number")]
    pub gas_used: u64,
    #[serde(deserialize_with = "or_default")]
    pub events: Vec<EventWire>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EventWire {
    #[serde(rename = "type")]
    pub kind: String,
    #[serde(deserialize_with = "or_default")]
    pub attributes: Vec<AttributeWire>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct AttributeWire {
    #[serde(deserialize_with = "or_default")]
    pub key: String,
    #[serde(deserialize_with = "or_default")]
    pub value: String,
}

fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// A number, or a number as text (64-bit integers), or nothing. Negative numbers become 0.
fn number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Form {
        Number(i64),
        Text(String),
    }
    let value = match Option::<Form>::deserialize(deserializer)? {
        None => 0,
        Some(Form::Number(value)) => value,
        Some(Form::Text(text)) => text.parse().map_err(serde::de::Error::custom)?,
    };
    Ok(u64::try_from(value).unwrap_or(0))
}

macro_rules! call {
    ($request:ty, $method:ident, $answer:ty) => {
        impl RequestMessage for $request {
            fn method(&self) -> Method {
                Method::$method
            }
        }
        impl Request for $request {
            type Response = $answer;
        }
        impl SimpleRequest for $request {
            type Output = $answer;
        }
        impl Response for $answer {}
    };
}

call!(StatusRequest, Status, StatusWire);
call!(BlockRequest, Block, BlockWire);
call!(BlockResultsRequest, BlockResults, BlockResultsWire);
call!(TxRequest, Tx, TxWire);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_without_attributes_do_not_lose_the_block() {
        let json = r#"{"height":"7","txs_results":[{"code":0,"data":null,"log":"","info":"","gas_wanted":"100",
            "gas_used":"-1","events":[{"type":"oracle_prices"},{"type":"x","attributes":null},
            {"type":"y","attributes":[{"key":"k","value":null,"index":true},{"key":"k"}]}],"codespace":""},
            {"code":5,"events":null},{}],"finalize_block_events":[{"type":"z"}],"validator_updates":null}"#;
        let block: BlockResultsWire = serde_json::from_str(json).unwrap();
        assert_eq!(block.height, 7);
        assert_eq!(block.txs_results.len(), 3);
        assert_eq!(block.txs_results[0].events.len(), 3);
        assert_eq!(block.txs_results[0].gas_wanted, 100);
        assert_eq!(block.txs_results[0].gas_used, 0);
        assert_eq!(block.txs_results[1].code, 5);
    }

    #[test]
    fn empty_blocks_have_null_lists() {
        let block: BlockResultsWire = serde_json::from_str(r#"{"height":"3","txs_results":null}"#).unwrap();
        assert!(block.txs_results.is_empty());
        let block: BlockWire = serde_json::from_str(r#"{"block":{"data":{"txs":null}}}"#).unwrap();
        assert!(block.block.data.txs.is_empty());
    }

    #[test]
    fn status_of_a_node() {
        let json = r#"{"node_info":{"network":"mesg-local-1","x":1},"sync_info":{"latest_block_height":"12",
            "latest_block_time":"2026-11-23T17:26:41.5Z","earliest_block_height":"1","catching_up":false},"validator_info":{}}"#;
        let status: StatusWire = serde_json::from_str(json).unwrap();
        assert_eq!(status.sync_info.latest_block_height, 12);
        assert_eq!(status.node_info.network, "mesg-local-1");
    }

    #[test]
    fn a_height_that_is_no_number_is_refused() {
        assert!(serde_json::from_str::<BlockResultsWire>(r#"{"height":"seven"}"#).is_err());
    }
}
