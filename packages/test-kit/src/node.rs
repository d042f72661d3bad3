//! A real node with the contracts as wasm.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use cosmos_sdk_proto::cosmwasm::wasm::v1::{MsgInstantiateContract, MsgStoreCode};
use cosmwasm_std::{Addr, Attribute, Binary, Event};
use flate2::Compression;
use flate2::write::GzEncoder;
use mesg_chain_client::{
    ChainConfig, Coin, Error, JournalFuture, Lane, LaneConfig, Message, PendingTx, SigningKey, Status, TxEnd,
    TxJournal, TxRequest, TxResult,
};
use mesg_protocol::digest::{Digest32, sha256};
use prost::Message as _;
use secrecy::SecretString;
use tokio::runtime::Runtime;

use crate::chain::{Chain, Contract, Receipt};

const PREFIX: &str = "wasm";
const DENOM: &str = "ucosm";
const PRICE: &str = "0.025ucosm";
/// Coins that an account gets when it sends its first transaction.
const FUNDS: u128 = 10_000_000_000;
const POLL: Duration = Duration::from_millis(100);
/// Waiting fails when the chain is later than expected by more than this.
const PATIENCE: Duration = Duration::from_secs(120);

/// A node, the account that funds all others, and the code that is stored on it. Shared by all suites on the node.
pub struct Network {
    runtime: Runtime,
    chain: mesg_chain_client::Chain,
    mnemonic: SecretString,
    funder: Lane,
    wasm: PathBuf,
    codes: Mutex<BTreeMap<Digest32, u64>>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network").field("chain_id", &self.chain.chain_id()).finish_non_exhaustive()
    }
}

impl Network {
    /// The node that the environment names: `MESG_TEST_RPC` and `MESG_TEST_CHAIN_ID`; `MESG_TEST_MNEMONIC` is the path
    /// of a file with the mnemonic of an account that holds fee coins, `MESG_TEST_WASM` the directory of the contracts.
    pub fn from_env() -> Arc<Self> {
        let variable = |name: &str| std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"));
        let mnemonic = std::fs::read_to_string(variable("MESG_TEST_MNEMONIC")).expect("a mnemonic");
        let (chain_id, rpc) = (variable("MESG_TEST_CHAIN_ID"), variable("MESG_TEST_RPC"));
        Self::connect(&chain_id, &rpc, mnemonic.into(), variable("MESG_TEST_WASM").into())
    }

    fn connect(chain_id: &str, rpc: &str, mnemonic: SecretString, wasm: PathBuf) -> Arc<Self> {
        let runtime = Runtime::new().expect("a runtime");
        let chain =
            mesg_chain_client::Chain::new(&ChainConfig::new(chain_id, vec![rpc.to_owned()])).expect("an address");
        let key = SigningKey::account(&mnemonic, 0).expect("a mnemonic");
        let funder = lane(&chain, key);
        Arc::new(Self { runtime, chain, mnemonic, funder, wasm, codes: Mutex::default() })
    }

    /// Accounts of their own for a suite: names are different accounts under different labels.
    pub fn node(self: &Arc<Self>, label: &str) -> Node {
        Node {
            network: Arc::clone(self),
            label: label.to_owned(),
            accounts: Mutex::default(),
            adopted: BTreeMap::new(),
            height: 0,
        }
    }

    fn key(&self, label: &str, name: &str) -> SigningKey {
        let digest = sha256(&[label.as_bytes(), b"/", name.as_bytes()]).0;
        let index = u32::from_be_bytes([digest[0], digest[1], digest[2], digest[3]]) >> 1;
        SigningKey::account(&self.mnemonic, index).expect("a key")
    }

    fn send(&self, lane: &Lane, messages: Vec<Message>) -> Result<TxResult, String> {
        let request = TxRequest::new(messages, Vec::new());
        let sent = self.runtime.block_on(lane.send(&request));
        sent.map(|(_, result)| result).map_err(|error| error.to_string())
    }

    fn fund(&self, address: &str) {
        let coins = vec![Coin::new(FUNDS, DENOM)];
        self.send(&self.funder, vec![Message::Send { to: address.to_owned(), coins }]).expect("funded");
    }

    /// The id of wasm code, which is stored once.
    fn code(&self, wasm: Vec<u8>) -> u64 {
        let mut codes = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        *codes.entry(sha256(&[&wasm])).or_insert_with(|| {
            let sender = self.funder.address().to_owned();
            let wasm_byte_code = zipped(&wasm);
            let store = MsgStoreCode { sender, wasm_byte_code, instantiate_permission: None };
            let type_url = "/cosmwasm.wasm.v1.MsgStoreCode".to_owned();
            let store = Message::Any { type_url, value: store.encode_to_vec() };
            let stored = self.send(&self.funder, vec![store]).expect("stored");
            attribute(&stored, "store_code", "code_id").parse().expect("a code id")
        })
    }

    fn status(&self) -> Status {
        self.runtime.block_on(self.chain.status()).expect("a status")
    }
}

/// Chains take zipped code; a node's largest request is smaller than a simulation of the plain one.
fn zipped(wasm: &[u8]) -> Vec<u8> {
    let mut zip = GzEncoder::new(Vec::new(), Compression::best());
    zip.write_all(wasm).expect("into memory");
    zip.finish().expect("into memory")
}

/// A suite's accounts on a node.
#[derive(Debug)]
pub struct Node {
    network: Arc<Network>,
    label: String,
    accounts: Mutex<BTreeMap<String, Account>>,
    /// Names of accounts that have keys of their own: mnemonic and address index.
    adopted: BTreeMap<String, (SecretString, u32)>,
    /// Of the last transaction: no answer may be older.
    height: u64,
}

struct Account {
    address: Addr,
    /// Once it has sent something.
    lane: Option<Arc<Lane>>,
}

impl std::fmt::Debug for Account {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.address.fmt(f)
    }
}

impl Node {
    /// Names an account of another mnemonic, before the name is used.
    pub fn adopt(&mut self, name: &str, mnemonic: &SecretString, index: u32) {
        self.adopted.insert(name.to_owned(), (mnemonic.clone(), index));
    }

    fn key(&self, name: &str) -> SigningKey {
        match self.adopted.get(name) {
            Some((mnemonic, index)) => SigningKey::account(mnemonic, *index).expect("a key"),
            None => self.network.key(&self.label, name),
        }
    }

    /// The account's lane; it gets coins first.
    fn lane(&self, name: &str) -> Arc<Lane> {
        let address = self.address(name);
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.get_mut(name).expect("an address was made");
        let lane = account.lane.get_or_insert_with(|| {
            self.network.fund(address.as_str());
            Arc::new(lane(&self.network.chain, self.key(name)))
        });
        Arc::clone(lane)
    }

    fn send(&mut self, name: &str, messages: Vec<Message>) -> Result<TxResult, String> {
        let result = self.network.send(&self.lane(name), messages)?;
        self.height = result.height;
        Ok(result)
    }

    /// Stores wasm code and instantiates it; `msg` is JSON.
    pub fn deploy_wasm(&mut self, wasm: Vec<u8>, sender: &str, label: &str, msg: &[u8]) -> Addr {
        let instantiate = MsgInstantiateContract {
            sender: self.address(sender).into_string(),
            admin: String::new(),
            code_id: self.network.code(wasm),
            label: label.to_owned(),
            msg: msg.to_vec(),
            funds: Vec::new(),
        };
        let type_url = "/cosmwasm.wasm.v1.MsgInstantiateContract".to_owned();
        let message = Message::Any { type_url, value: instantiate.encode_to_vec() };
        let made = self.send(sender, vec![message]).expect("instantiated");
        Addr::unchecked(attribute(&made, "instantiate", "_contract_address"))
    }

    /// Asks until the node has the block of our last transaction.
    fn ask<T>(&self, ask: impl AsyncFn(u64) -> Result<T, Error>) -> Result<T, Error> {
        let started = Instant::now();
        loop {
            match self.network.runtime.block_on(ask(self.height)) {
                Err(Error::Stale { .. }) if started.elapsed() < PATIENCE => std::thread::sleep(POLL),
                answer => return answer,
            }
        }
    }
}

impl Chain for Node {
    fn address(&self, name: &str) -> Addr {
        let mut accounts = self.accounts.lock().unwrap_or_else(PoisonError::into_inner);
        let account = accounts.entry(name.to_owned()).or_insert_with(|| {
            let address = self.key(name).address(PREFIX).expect("an address");
            Account { address: Addr::unchecked(address), lane: None }
        });
        account.address.clone()
    }

    fn now(&self) -> u64 {
        seconds(&self.network.status())
    }

    fn height(&self) -> u64 {
        self.network.status().height
    }

    fn wait(&mut self, time: u64, height: u64) {
        let started = Instant::now();
        let mut status = self.network.status();
        let due = Duration::from_secs(time.saturating_sub(seconds(&status)) + height.saturating_sub(status.height));
        while seconds(&status) < time || status.height < height {
            assert!(started.elapsed() < due + PATIENCE, "the chain is late: {status:?}, awaited {time} and {height}");
            std::thread::sleep(POLL);
            status = self.network.status();
        }
    }

    fn next_block(&mut self) {
        self.wait(0, self.height() + 1);
    }

    fn deploy(&mut self, contract: Contract, sender: &str, msg: &[u8]) -> Addr {
        let file = format!("mesg_{}.wasm", contract.name().replace('-', "_"));
        let wasm = std::fs::read(self.network.wasm.join(file)).expect("a contract");
        self.deploy_wasm(wasm, sender, contract.name(), msg)
    }

    fn execute(&mut self, sender: &str, messages: Vec<(Addr, Binary)>) -> Result<Receipt, String> {
        let execute = |(contract, msg): (Addr, Binary)| Message::Execute {
            contract: contract.into_string(),
            msg: msg.into(),
            funds: Vec::new(),
        };
        let result = self.send(sender, messages.into_iter().map(execute).collect())?;
        let events = result.events.into_iter().map(event).collect();
        Ok(Receipt { height: result.height, gas: result.gas_used, events })
    }

    fn smart(&self, contract: &Addr, msg: &[u8]) -> Result<Vec<u8>, String> {
        let msg: serde_json::Value = serde_json::from_slice(msg).map_err(|error| error.to_string())?;
        let ask = async |height| self.network.chain.smart(contract.as_str(), &msg, height).await;
        let answer: serde_json::Value = self.ask(ask).map_err(|error| error.to_string())?.value;
        serde_json::to_vec(&answer).map_err(|error| error.to_string())
    }

    fn raw(&self, contract: &Addr, key: &[u8]) -> Option<Vec<u8>> {
        self.ask(async |height| self.network.chain.raw(contract.as_str(), key, height).await).expect("an answer").value
    }
}

/// Nothing outlives a test.
struct NoJournal;

impl TxJournal for NoJournal {
    fn record<'a>(&'a self, _: &'a PendingTx) -> JournalFuture<'a> {
        Box::pin(async { Ok(()) })
    }

    fn close<'a>(&'a self, _: mesg_chain_client::TxHash, _: &'a TxEnd) -> JournalFuture<'a> {
        Box::pin(async { Ok(()) })
    }
}

fn lane(chain: &mesg_chain_client::Chain, key: SigningKey) -> Lane {
    let price = || PRICE.parse().expect("a gas price");
    let mut config = LaneConfig::new(PREFIX, price(), price());
    config.poll = POLL;
    Lane::new(chain, key, config, Arc::new(NoJournal)).expect("a lane")
}

/// Attributes that the chain adds begin with `_`, which `Event` refuses from contracts.
fn event(event: mesg_chain_client::Event) -> Event {
    let mut made = Event::new(event.kind);
    made.attributes = event.attributes.into_iter().map(|(key, value)| Attribute { key, value }).collect();
    made
}

const fn seconds(status: &Status) -> u64 {
    status.time_nanos / 1_000_000_000
}

fn attribute(result: &TxResult, kind: &str, key: &str) -> String {
    let event = result.events.iter().find(|event| event.kind == kind).expect("an event");
    event.get(key).expect("an attribute").to_owned()
}
