//! 10,000 finished executions without running them: one of them is repeated in the market's exported storage.

use std::collections::BTreeMap;

use cosmwasm_std::{Binary, HexBinary};
use mesg_api::market::{ConfigResponse, ExecutionsResponse, QueryMsg};
use mesg_api::record_map::{RecordKey, RecordMap};
use mesg_execution_market::state::{BOOK, RANDS, RUNNERS, Rand, VERSIONS};
use mesg_protocol::codec::Record;
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_test_kit::{Node, Suite};
use serde_json::{Value, json};

use crate::state::State;

/// Finished executions in the grown market.
const EXECUTIONS: u64 = 10_000;
/// The one that is repeated: the first, which the warming up has finished.
const PATTERN: u64 = 1;
/// Prefixes of what an execution leaves for ever: its record, and its entries by requester and by service.
const REPEATED: [&str; 3] = ["e/", "q/", "x/"];
/// Executions that share a round of the beacon.
const OF_ONE_ROUND: u64 = 10;

type Storage = BTreeMap<Vec<u8>, Vec<u8>>;

/// Reads a genesis from standard input and writes it with the grown market to standard output.
pub fn grow(state: &State) {
    let mut genesis: Value = serde_json::from_reader(std::io::stdin().lock()).expect("a genesis");
    let contracts = genesis["app_state"]["wasm"]["contracts"].as_array_mut().expect("contracts");
    let market = contracts.iter_mut().find(|contract| contract["contract_address"] == state.contracts.market.as_str());
    let market = market.expect("the market");
    let mut storage = read(&market["contract_state"]);
    repeat(&mut storage);
    market["contract_state"] = write(&storage);
    serde_json::to_writer(std::io::stdout().lock(), &genesis).expect("written");
}

fn read(models: &Value) -> Storage {
    let models = models.as_array().expect("models").iter();
    let text = |model: &Value, field: &str| model[field].as_str().expect("text").to_owned();
    let read = models.map(|model| {
        let key = HexBinary::from_hex(&text(model, "key")).expect("a key");
        (key.into(), Binary::from_base64(&text(model, "value")).expect("a value").into())
    });
    read.collect()
}

fn write(storage: &Storage) -> Value {
    let model = |(key, value): (&Vec<u8>, &Vec<u8>)| json!({ "key": HexBinary::from(key.as_slice()).to_hex(), "value": Binary::from(value.as_slice()).to_base64() });
    storage.iter().map(model).collect()
}

/// Repeats the pattern under all ids that are free: its record and index entries, a round for every few, and the
/// counters that have grown meanwhile. What was earned is as if it had been claimed.
fn repeat(storage: &mut Storage) {
    let mut book = stored(storage, &BOOK, ());
    let present = book.executions;
    let pattern: Vec<_> = storage.iter().filter(|(key, _)| is_of_pattern(key)).map(clone).collect();
    assert_eq!(pattern.len(), 3, "a record and two index entries");
    for id in present + 1..=EXECUTIONS {
        for (key, value) in &pattern {
            storage.insert([&key[..key.len() - 8], &id.to_be_bytes()].concat(), value.clone());
        }
    }
    let added = EXECUTIONS - present;
    let first = storage.keys().find_map(|key| key.strip_prefix(RANDS.prefix().as_bytes())).expect("a round");
    let first = u64::from_be_bytes(first.try_into().expect("a round"));
    for round in first - added / OF_ONE_ROUND..first {
        storage.insert(RANDS.key(round), Rand(sha256(&[&round.to_be_bytes()])).encode());
    }
    let events = book.seq / present;
    book.executions = EXECUTIONS;
    book.seq += events * added;
    storage.insert(BOOK.key(()), book.encode());
    let mut version = stored(storage, &VERSIONS, VersionId(1));
    version.finalized += added;
    storage.insert(VERSIONS.key(VersionId(1)), version.encode());
    for runner in (1..=100).map(RunnerId) {
        let mut account = stored(storage, &RUNNERS, runner);
        account.completed += added * 4 / 100;
        storage.insert(RUNNERS.key(runner), account.encode());
    }
}

/// Whether an entry belongs to the repeated execution alone.
fn is_of_pattern(key: &[u8]) -> bool {
    REPEATED.iter().any(|prefix| key.starts_with(prefix.as_bytes())) && key.ends_with(&PATTERN.to_be_bytes())
}

fn clone((key, value): (&Vec<u8>, &Vec<u8>)) -> (Vec<u8>, Vec<u8>) {
    (key.clone(), value.clone())
}

/// A record; an empty one if there is none.
fn stored<K: RecordKey, V: Record + Default>(storage: &Storage, map: &RecordMap<K, V>, id: K) -> V {
    storage.get(&map.key(id)).map_or_else(V::default, |bytes| V::decode(bytes).expect("a record"))
}

/// The market lists the executions that were put into its storage.
pub fn check(suite: &Suite<Node>) {
    let config: ConfigResponse = suite.ask(&QueryMsg::Config {});
    assert_eq!(config.executions.u64(), EXECUTIONS);
    assert_eq!(suite.execution(EXECUTIONS).phase, "finalized");
    let last = QueryMsg::ExecutionsByRequester {
        requester: suite.account("alice").into_string(),
        start_after: Some((EXECUTIONS - 10).into()),
        limit: Some(50),
    };
    assert_eq!(suite.ask::<ExecutionsResponse>(&last).executions.len(), 10);
}
