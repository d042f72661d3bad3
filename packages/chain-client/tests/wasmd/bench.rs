//! A funded key of its own for each test, and transactions made by hand outside of a lane.

use std::{
    io::Write as _,
    sync::{Arc, Mutex},
};

use cosmos_sdk_proto::{
    Any,
    cosmos::{
        bank::v1beta1::MsgSend,
        crypto::secp256k1::PubKey,
        tx::v1beta1::{
            AuthInfo, Fee, ModeInfo, SignDoc, SignerInfo, TxBody, TxRaw,
            mode_info::{Single, Sum},
        },
    },
};
use mesg_chain_client::{
    Account, Chain, ChainConfig, Coin, GasPrice, JournalFuture, Lane, LaneConfig, Message, PendingTx, SigningKey,
    Status, TxEnd, TxHash, TxJournal, TxRequest,
};
use prost::Message as _;
use secrecy::SecretString;
use tendermint_rpc::{Client as _, HttpClient, client::CompatMode};

/// One after the other, since all tests are funded by one account.
static FUNDING: tokio::sync::Mutex<u32> = tokio::sync::Mutex::const_new(0);

/// Nothing listens on the discard port.
pub const DEAD: &str = "http://127.0.0.1:9";
pub const PREFIX: &str = "wasm";
pub const PRICE: &str = "0.025";

pub struct Bench {
    pub url: String,
    pub chain: Chain,
    pub denom: String,
    pub journal: Arc<Journal>,
    mnemonic: SecretString,
    index: u32,
}

/// What a journal on disk would hold.
#[derive(Default)]
pub struct Journal {
    pub pending: Mutex<Vec<PendingTx>>,
    pub ends: Mutex<Vec<(TxHash, TxEnd)>>,
    /// The disk is full after the row was taken: nothing may be broadcast.
    pub broken: std::sync::atomic::AtomicBool,
}

impl TxJournal for Journal {
    fn record<'a>(&'a self, tx: &'a PendingTx) -> JournalFuture<'a> {
        self.pending.lock().unwrap().push(tx.clone());
        let broken = self.broken.load(std::sync::atomic::Ordering::SeqCst);
        Box::pin(async move { if broken { Err("disk full".into()) } else { Ok(()) } })
    }

    fn close<'a>(&'a self, hash: TxHash, end: &'a TxEnd) -> JournalFuture<'a> {
        self.ends.lock().unwrap().push((hash, end.clone()));
        self.pending.lock().unwrap().retain(|tx| tx.hash != hash);
        Box::pin(async { Ok(()) })
    }
}

impl Bench {
    /// None when no node is named; says so past the capture of the test harness.
    pub async fn new(test: &str, funds: u128) -> Option<Self> {
        let url = std::env::var("MESG_TEST_RPC");
        let (Ok(url), Ok(path)) = (url, std::env::var("MESG_TEST_MNEMONIC")) else {
            let line = format!("{test}: not run, MESG_TEST_RPC and MESG_TEST_MNEMONIC are not set\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
            return None;
        };
        let denom = std::env::var("MESG_TEST_DENOM").unwrap_or_else(|_| "ucosm".into());
        let mnemonic = SecretString::from(std::fs::read_to_string(path).unwrap());
        let chain_id = chain_id(&url).await;
        let chain = Chain::new(&ChainConfig::new(chain_id, vec![url.clone()])).unwrap();
        let mut bench = Self { url, chain, denom, journal: Arc::default(), mnemonic, index: 0 };
        bench.fund(funds).await;
        Some(bench)
    }

    /// A path that no earlier run has used: the latest block's time in milliseconds.
    async fn fund(&mut self, funds: u128) {
        let mut used = FUNDING.lock().await;
        let funder = self.lane();
        let now = self.status().await.time_nanos / 1_000_000;
        self.index = u32::try_from(now % 2_000_000_000).unwrap().max(*used + 1);
        *used = self.index;
        let coins = vec![Coin::new(funds, &self.denom)];
        let to = self.key().address(PREFIX).unwrap();
        let request = TxRequest::new(vec![Message::Send { to, coins }], vec![]);
        funder.send(&request).await.unwrap();
        self.journal = Arc::default();
    }

    pub fn key(&self) -> SigningKey {
        SigningKey::account(&self.mnemonic, self.index).unwrap()
    }

    pub fn address(&self) -> String {
        self.key().address(PREFIX).unwrap()
    }

    pub fn config(&self) -> LaneConfig {
        let price = |number: &str| -> GasPrice { format!("{number}{}", self.denom).parse().unwrap() };
        LaneConfig::new(PREFIX, price(PRICE), price("0.1"))
    }

    pub fn lane(&self) -> Lane {
        self.lane_on(&self.chain, self.config())
    }

    pub fn lane_on(&self, chain: &Chain, config: LaneConfig) -> Lane {
        Lane::new(chain, self.key(), config, self.journal.clone()).unwrap()
    }

    pub fn chain_on(&self, urls: &[&str]) -> Chain {
        let urls = urls.iter().map(|url| (*url).to_owned()).collect();
        Chain::new(&ChainConfig::new(self.chain.chain_id(), urls)).unwrap()
    }

    pub async fn status(&self) -> Status {
        self.chain.status().await.unwrap()
    }

    pub async fn account(&self) -> Account {
        let answer = self.chain.account(&self.address(), 0).await.unwrap();
        answer.value.unwrap()
    }

    /// One unit to itself.
    pub fn to_self(&self) -> TxRequest {
        let (to, coins) = (self.address(), vec![Coin::new(1, &self.denom)]);
        TxRequest::new(vec![Message::Send { to, coins }], vec!["one".into()])
    }

    /// A signed transfer of one unit to itself, made without a lane.
    pub async fn raw(&self, sequence: u64, timeout_height: u64, gas_limit: u64, fee: u128) -> Vec<u8> {
        let send = MsgSend { from_address: self.address(), to_address: self.address(), amount: vec![self.coin(1)] };
        let body =
            TxBody { messages: vec![any("/cosmos.bank.v1beta1.MsgSend", &send)], timeout_height, ..Default::default() };
        let key = PubKey { key: self.key().public_key() };
        let mode = ModeInfo { sum: Some(Sum::Single(Single { mode: 1 })) };
        let signer = SignerInfo {
            public_key: Some(any("/cosmos.crypto.secp256k1.PubKey", &key)),
            mode_info: Some(mode),
            sequence,
        };
        let fee = Fee { amount: vec![self.coin(fee)], gas_limit, ..Default::default() };
        let auth = AuthInfo { signer_infos: vec![signer], fee: Some(fee), ..Default::default() };
        let doc = SignDoc {
            body_bytes: body.encode_to_vec(),
            auth_info_bytes: auth.encode_to_vec(),
            chain_id: self.chain.chain_id().to_owned(),
            account_number: self.account().await.number,
        };
        let signature = self.key().sign(&doc.encode_to_vec()).unwrap().to_vec();
        TxRaw { body_bytes: doc.body_bytes, auth_info_bytes: doc.auth_info_bytes, signatures: vec![signature] }
            .encode_to_vec()
    }

    /// `(codespace, code, log)` of CheckTx, or the text of a JSON-RPC error.
    pub async fn broadcast(&self, raw: Vec<u8>) -> Result<(String, u32, String), String> {
        let answer = http(&self.url).broadcast_tx_sync(raw).await;
        answer.map(|a| (a.codespace, a.code.value(), a.log)).map_err(|error| error.to_string())
    }

    fn coin(&self, amount: u128) -> cosmos_sdk_proto::cosmos::base::v1beta1::Coin {
        cosmos_sdk_proto::cosmos::base::v1beta1::Coin { denom: self.denom.clone(), amount: amount.to_string() }
    }
}

pub fn any(type_url: &str, message: &impl prost::Message) -> Any {
    Any { type_url: type_url.to_owned(), value: message.encode_to_vec() }
}

fn http(url: &str) -> HttpClient {
    let url = url.parse::<tendermint_rpc::HttpClientUrl>().unwrap();
    let builder = HttpClient::builder(url).compat_mode(CompatMode::V0_38);
    builder.build().unwrap()
}

async fn chain_id(url: &str) -> String {
    let status = http(url).status().await.unwrap();
    status.node_info.network.to_string()
}
