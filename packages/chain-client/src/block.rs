//! A block as a follower needs it: its transactions with results and events.

use crate::{
    Chain, Error, Rejection, TxHash, classify,
    endpoint::Endpoint,
    message::EXECUTE,
    wire::{BlockRequest, BlockResultsRequest, EventWire, ResultWire},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use cosmos_sdk_proto::{
    cosmos::tx::v1beta1::{TxBody, TxRaw},
    cosmwasm::wasm::v1::MsgExecuteContract,
};
use prost::Message as _;

/// A block and the results of its transactions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Height.
    pub height: u64,
    /// In block order; failed ones too.
    pub txs: Vec<BlockTx>,
}

/// A transaction in a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockTx {
    /// Position in the block.
    pub index: u32,
    /// Hash of its bytes.
    pub hash: TxHash,
    /// Its bytes.
    pub raw: Vec<u8>,
    /// What it did.
    pub result: TxResult,
}

/// What a delivered transaction did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TxResult {
    /// Height of its block.
    pub height: u64,
    /// Zero for success.
    pub code: u32,
    /// Module that refused.
    pub codespace: String,
    /// Text of the refusal.
    pub log: String,
    /// Gas limit.
    pub gas_wanted: u64,
    /// Gas used.
    pub gas_used: u64,
    /// Events in order; those of a failed transaction are the ante handler's only.
    pub events: Vec<Event>,
}

/// An event; attribute order is kept, keys may repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Type, for contracts `wasm` or `wasm-<name>`.
    pub kind: String,
    /// Keys and values.
    pub attributes: Vec<(String, String)>,
}

/// An event that a contract emitted in a successful transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WasmEvent {
    /// The contract that emitted it, as the chain says.
    pub contract: String,
    /// `wasm` or `wasm-<name>`.
    pub kind: String,
    /// Keys and values as in the block, `_contract_address` and the chain's `msg_index` among them.
    pub attributes: Vec<(String, String)>,
    /// Height of the block.
    pub height: u64,
    /// Position of the transaction in the block.
    pub tx_index: u32,
    /// Position of the event in the transaction.
    pub event_index: u32,
    /// The transaction.
    pub tx_hash: TxHash,
}

impl Event {
    /// First value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(k, _)| k == key);
        found.map(|(_, value)| value.as_str())
    }

    /// The contract that emitted it. The chain refuses attributes of contracts that begin with `_`, so this is not forged.
    fn contract(&self) -> Option<&str> {
        let from_contract = self.kind == "wasm" || self.kind.starts_with("wasm-");
        from_contract.then(|| self.get("_contract_address"))?
    }
}

impl TxResult {
    /// None for success.
    #[must_use]
    pub fn rejection(&self) -> Option<Rejection> {
        classify(&self.codespace, self.code, &self.log)
    }

    pub(crate) fn from_wire(height: u64, wire: ResultWire) -> Self {
        Self {
            height,
            code: wire.code,
            codespace: wire.codespace,
            log: wire.log,
            gas_wanted: wire.gas_wanted,
            gas_used: wire.gas_used,
            events: wire.events.into_iter().map(event).collect(),
        }
    }
}

impl Block {
    /// JSON of the messages that successful transactions carried to this contract, in order. Those that another message
    /// wraps, and those of other contracts, are not among them.
    #[must_use]
    pub fn executed(&self, contract: &str) -> Vec<Vec<u8>> {
        let successful = self.txs.iter().filter(|tx| tx.result.code == 0);
        successful.flat_map(|tx| executed(&tx.raw, contract)).collect()
    }

    /// Events of these contracts in successful transactions, in order.
    pub fn wasm_events<S: AsRef<str>>(&self, contracts: &[S]) -> Vec<WasmEvent> {
        let successful = self.txs.iter().filter(|tx| tx.result.code == 0);
        successful.flat_map(|tx| wasm_events_of(tx, contracts)).collect()
    }
}

/// What cannot be decoded is not a message to a contract.
fn executed(raw: &[u8], contract: &str) -> Vec<Vec<u8>> {
    let body = TxRaw::decode(raw).ok().and_then(|tx| TxBody::decode(tx.body_bytes.as_slice()).ok());
    let messages = body.map(|body| body.messages).unwrap_or_default();
    let executes = messages.into_iter().filter(|any| any.type_url == EXECUTE);
    let decoded = executes.filter_map(|any| MsgExecuteContract::decode(any.value.as_slice()).ok());
    decoded.filter(|message| message.contract == contract).map(|message| message.msg).collect()
}

fn wasm_events_of<S: AsRef<str>>(tx: &BlockTx, contracts: &[S]) -> Vec<WasmEvent> {
    (0_u32..)
        .zip(&tx.result.events)
        .filter_map(|(event_index, event)| {
            let contract = event.contract()?;
            contracts.iter().find(|ours| ours.as_ref() == contract)?;
            Some(WasmEvent {
                contract: contract.to_owned(),
                kind: event.kind.clone(),
                attributes: event.attributes.clone(),
                height: tx.result.height,
                tx_index: tx.index,
                event_index,
                tx_hash: tx.hash,
            })
        })
        .collect()
}

fn event(wire: EventWire) -> Event {
    let attributes = wire.attributes.into_iter().map(|a| (a.key, a.value));
    Event { kind: wire.kind, attributes: attributes.collect() }
}

impl Chain {
    /// The block of a height with its results. Errors: [`Error::Pruned`] when no endpoint keeps it any more.
    pub async fn block(&self, height: u64) -> Result<Block, Error> {
        self.call(move |endpoint| async move { fetch(&endpoint, height).await }).await
    }
}

async fn fetch(endpoint: &Endpoint, height: u64) -> Result<Block, Error> {
    let text = height.to_string();
    let results = BlockResultsRequest { height: text.clone() };
    let results = endpoint.perform(results).await.map_err(|e| pruned(e, height))?;
    if results.height != height {
        return Err(Error::Stale { needed: height, got: results.height });
    }
    if results.txs_results.is_empty() {
        return Ok(Block { height, txs: Vec::new() });
    }
    let block = endpoint.perform(BlockRequest { height: text }).await;
    let raw = block.map_err(|e| pruned(e, height))?.block.data.txs;
    join(height, &raw, results.txs_results)
}

fn join(height: u64, raw: &[String], results: Vec<ResultWire>) -> Result<Block, Error> {
    if raw.len() != results.len() {
        return Err(Error::Decode {
            what: "block",
            reason: format!("{} transactions, {} results", raw.len(), results.len()),
        });
    }
    let txs = (0_u32..).zip(raw.iter().zip(results));
    let txs = txs.map(|(index, (raw, result))| {
        let bytes = STANDARD
            .decode(raw)
            .map_err(|error| Error::Decode { what: "transaction in a block", reason: error.to_string() })?;
        Ok(BlockTx { index, hash: TxHash::of(&bytes), raw: bytes, result: TxResult::from_wire(height, result) })
    });
    Ok(Block { height, txs: txs.collect::<Result<_, Error>>()? })
}

/// "height 3 is not available, lowest height is 90" of a pruned node.
fn pruned(error: Error, height: u64) -> Error {
    let Error::Rpc { reason, .. } = &error else {
        return error;
    };
    let Some((_, rest)) = reason.split_once("lowest height is ") else {
        return error;
    };
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    match digits.parse() {
        Ok(earliest) => Error::Pruned { height, earliest },
        Err(_) => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wire::BlockResultsWire;

    const RESULTS: &str = r#"{"height":"7","txs_results":[
        {"code":0,"events":[{"type":"tx"},
            {"type":"wasm","attributes":[{"key":"_contract_address","value":"market"},{"key":"a","value":"1"}]},
            {"type":"wasm-requested","attributes":[{"key":"_contract_address","value":"market"},{"key":"id","value":"9"}]},
            {"type":"wasm-requested","attributes":[{"key":"_contract_address","value":"impostor"}]},
            {"type":"wasmfake","attributes":[{"key":"_contract_address","value":"market"}]},
            {"type":"wasm-empty"}]},
        {"code":5,"codespace":"wasm","log":"no",
            "events":[{"type":"wasm","attributes":[{"key":"_contract_address","value":"market"}]}]}]}"#;

    fn block() -> Block {
        let wire: BlockResultsWire = serde_json::from_str(RESULTS).unwrap();
        let raw = vec![STANDARD.encode("one"), STANDARD.encode("two")];
        join(7, &raw, wire.txs_results).unwrap()
    }

    #[test]
    fn messages_to_our_contract_are_read_from_successful_transactions() {
        let tx = |contract: &str, msg: &str| {
            let message = crate::Message::Execute { contract: contract.into(), msg: msg.into(), funds: Vec::new() };
            let send = crate::Message::Send { to: "you".into(), coins: Vec::new() };
            let messages = vec![send.to_any("me"), message.to_any("me")];
            let body_bytes = TxBody { messages, ..TxBody::default() }.encode_to_vec();
            TxRaw { body_bytes, ..TxRaw::default() }.encode_to_vec()
        };
        let mut block = block();
        block.txs[0].raw = tx("market", "one");
        block.txs[1].raw = tx("market", "it failed");
        assert_eq!(block.executed("market"), [b"one"]);
        assert!(block.executed("impostor").is_empty());
        block.txs[0].raw = b"no transaction".into();
        assert!(block.executed("market").is_empty());
    }

    #[test]
    fn only_our_contracts_in_successful_transactions() {
        let events = block().wasm_events(&["market"]);
        let seen: Vec<_> = events.iter().map(|e| (e.kind.as_str(), e.event_index)).collect();
        assert_eq!(seen, [("wasm", 1), ("wasm-requested", 2)]);
        assert_eq!(events[1].attributes[1], ("id".into(), "9".into()));
        assert_eq!(events[0].tx_hash, TxHash::of(b"one"));
        assert_eq!((events[0].height, events[0].tx_index), (7, 0));
        assert!(block().wasm_events::<&str>(&[]).is_empty());
    }

    #[test]
    fn rejection_of_a_failed_transaction() {
        let block = block();
        assert_eq!(block.txs[0].result.rejection(), None);
        assert!(matches!(block.txs[1].result.rejection(), Some(Rejection::Message { code: 5, .. })));
    }

    #[test]
    fn results_must_fit_the_block() {
        assert!(matches!(join(7, &["AA==".into()], vec![]), Err(Error::Decode { .. })));
        assert!(matches!(join(7, &["!".into()], vec![ResultWire::default()]), Err(Error::Decode { .. })));
    }

    #[test]
    fn pruned_is_read_from_the_text() {
        let rpc = |reason: &str| Error::Rpc { endpoint: "a:1".into(), reason: reason.into() };
        let text = "Internal error: height 3 is not available, lowest height is 90 (code: -32603)";
        assert!(matches!(pruned(rpc(text), 3), Error::Pruned { height: 3, earliest: 90 }));
        assert!(matches!(pruned(rpc("other"), 3), Error::Rpc { .. }));
    }
}
