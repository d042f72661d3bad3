//! What cannot be waited for, put into the exported storage of the contracts: 10,000 finished executions, of which one is
//! the pattern of all, and records that are as old as notices, unbonding and jails are long.

use std::collections::BTreeMap;
use std::ops::{Range, RangeInclusive};

use cosmwasm_std::{Addr, Binary, HexBinary};
use mesg_api::market::{ConfigResponse, EXECUTIONS as RECORDS, ExecutionsResponse, PRUNE_AFTER, QueryMsg};
use mesg_api::record_map::{RecordKey, RecordMap};
use mesg_api::registry::SERVICES;
use mesg_api::staking::RUNNERS as STAKES;
use mesg_execution_market::state::{BONDS, BOOK, RANDS, RUNNERS, Rand, VERSIONS};
use mesg_protocol::clock::Deadline;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::digest::sha256;
use mesg_protocol::execution::{Execution, Seat};
use mesg_protocol::ids::{ExecutionId, RunnerId, ServiceId, VersionId};
use mesg_protocol::score::Exclusion;
use mesg_protocol::timelock::NOTICE;
use mesg_staking::state::UNBONDING;
use mesg_test_kit::{Node, Suite};
use serde_json::{Value, json};

use crate::acts::largest_text;
use crate::services::{PAUSED, UNBONDED};
use crate::state::State;

/// Finished executions in the grown market.
const EXECUTIONS: u64 = 10_000;
/// The one that is repeated: the first, which the warming up has finished.
const PATTERN: u64 = 1;
/// Prefixes of what an execution leaves for ever: its record, and its entries by requester and by service.
const REPEATED: [&str; 3] = ["e/", "q/", "x/"];
/// Executions that share a round of the beacon.
const OF_ONE_ROUND: u64 = 10;

/// The first of two executions that a contract has requested, the second with an output of 4 KiB.
pub const DELIVERED: u64 = 9_000;
/// Executions that ended so long ago that they can be pruned.
pub const PRUNED: Range<u64> = 8_000..8_033;
/// Seats of each of them, as many as a round 1 can have.
pub const SEATS: usize = 8;
/// A runner whose jail is over.
pub const JAILED: RunnerId = RunnerId(40);
/// Versions that have earned something; the services with the same numbers have different owners.
pub const CLAIMED_VERSIONS: RangeInclusive<u32> = 5..=36;
/// Runners that have earned all that was earned, each with its own owner.
const CLAIMED_RUNNERS: RangeInclusive<u32> = 1..=32;
/// Proposals that are pending, by prefix: parameters, beacon.
const PROPOSED: [RecordMap<(), Noticed>; 2] = [RecordMap::new("n/"), RecordMap::new("y/")];

type Storage = BTreeMap<Vec<u8>, Vec<u8>>;

/// A change under notice: when it may be applied, and what it is.
struct Noticed {
    eta: Deadline,
    change: Vec<u8>,
}

impl Record for Noticed {
    fn write(&self, out: &mut Writer) {
        self.eta.write(out);
        out.fixed(&self.change);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let eta = Deadline::read(input)?;
        let mut change = Vec::new();
        while !input.is_empty() {
            change.push(input.byte()?);
        }
        Ok(Self { eta, change })
    }
}

/// Reads a genesis from standard input and writes it with the grown and aged contracts to standard output.
pub fn grow(state: &State) {
    change_genesis(|genesis| {
        change_contract(genesis, &state.contracts.market, |storage| {
            repeat(storage);
            age_market(storage, &state.no_op);
        });
        change_contract(genesis, &state.contracts.staking, age_staking);
        change_contract(genesis, &state.contracts.registry, |storage| {
            for number in CLAIMED_VERSIONS {
                change_some(storage, &SERVICES, ServiceId(number), |row| {
                    row.owner = somebody(b"developer", number).into()
                });
            }
        });
    });
}

/// Reads a genesis from standard input and writes it with all codes pinned to standard output.
pub fn pin() {
    change_genesis(|genesis| {
        let codes = genesis["app_state"]["wasm"]["codes"].as_array_mut().expect("codes");
        codes.iter_mut().for_each(|code| code["pinned"] = true.into());
    });
}

fn change_genesis(change: impl FnOnce(&mut Value)) {
    let mut genesis: Value = serde_json::from_reader(std::io::stdin().lock()).expect("a genesis");
    change(&mut genesis);
    serde_json::to_writer(std::io::stdout().lock(), &genesis).expect("written");
}

fn change_contract(genesis: &mut Value, address: &Addr, change: impl FnOnce(&mut Storage)) {
    let contracts = genesis["app_state"]["wasm"]["contracts"].as_array_mut().expect("contracts");
    let contract = contracts.iter_mut().find(|contract| contract["contract_address"] == address.as_str());
    let contract = contract.expect("the contract");
    let mut storage = read(&contract["contract_state"]);
    change(&mut storage);
    contract["contract_state"] = write(&storage);
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
    change(storage, &VERSIONS, VersionId(1), |version| version.finalized += added);
    for runner in (1..=100).map(RunnerId) {
        change(storage, &RUNNERS, runner, |account| account.completed += added * 4 / 100);
    }
}

/// Whether an entry belongs to the repeated execution alone.
fn is_of_pattern(key: &[u8]) -> bool {
    REPEATED.iter().any(|prefix| key.starts_with(prefix.as_bytes())) && key.ends_with(&PATTERN.to_be_bytes())
}

fn clone((key, value): (&Vec<u8>, &Vec<u8>)) -> (Vec<u8>, Vec<u8>) {
    (key.clone(), value.clone())
}

/// Lets notices pass, makes executions old and a contract's, and puts all earnings where one message claims them.
fn age_market(storage: &mut Storage, no_op: &Addr) {
    for proposed in &PROPOSED {
        let mut noticed = Noticed::decode(&storage[&proposed.key(())]).expect("a proposal");
        noticed.eta = Deadline { time: noticed.eta.time - NOTICE, height: 0 };
        storage.insert(proposed.key(()), noticed.encode());
    }
    let over = Some(Deadline { time: 0, height: 0 });
    change(storage, &BONDS, UNBONDED, |bond| bond.release = over);
    change(storage, &BONDS, PAUSED, |bond| bond.paused = true);
    for id in PRUNED {
        change_execution(storage, id, |execution| {
            execution.history.iter_mut().for_each(|mark| mark.at.time -= PRUNE_AFTER);
            execution.requested.time -= PRUNE_AFTER;
            grow_committee(execution);
        });
    }
    let requester = canonical(no_op);
    for id in [DELIVERED, DELIVERED + 1] {
        change_execution(storage, id, |execution| execution.requester.clone_from(&requester));
    }
    change_execution(storage, DELIVERED + 1, |execution| {
        let (value, text) = (execution.value.as_mut().expect("a value"), largest_text());
        (value.output, value.output_len) = (sha256(&[text.as_bytes()]), text.len() as u64);
    });
    earn(storage);
}

/// A seat of another runner for each that there is.
fn grow_committee(execution: &mut Execution) {
    let panel = execution.panels.first_mut().expect("a committee");
    let other = |seat: &Seat| Seat { runner: RunnerId(seat.runner.0 + 100), ..*seat };
    let others: Vec<_> = panel.seats.iter().map(other).collect();
    panel.asked += others.len() as u8;
    panel.seats.extend(others);
    assert_eq!((panel.seats.len(), usize::from(panel.asked)), (SEATS, SEATS));
}

/// What runners have earned is shared by some of them, and what version 1 has earned by others; the sums stay.
fn earn(storage: &mut Storage) {
    let mut earned = 0;
    for runner in (1..=100).map(RunnerId) {
        change(storage, &RUNNERS, runner, |account| earned += std::mem::take(&mut account.earned));
    }
    let parts = share(earned, CLAIMED_RUNNERS.count());
    for (runner, part) in CLAIMED_RUNNERS.map(RunnerId).zip(parts) {
        change(storage, &RUNNERS, runner, |account| account.earned = part);
    }
    change(storage, &VERSIONS, VersionId(1), |account| earned = std::mem::take(&mut account.earned));
    let parts = share(earned, CLAIMED_VERSIONS.count());
    for (version, part) in CLAIMED_VERSIONS.map(VersionId).zip(parts) {
        change(storage, &VERSIONS, version, |account| account.earned = part);
    }
}

/// Equal parts of a sum, the rest in the first.
fn share(sum: u128, count: usize) -> Vec<u128> {
    let part = sum / count as u128;
    let mut parts = vec![part; count];
    parts[0] += sum - part * count as u128;
    parts
}

/// Releases all that unbonds, lets a runner's jail end, and gives runners with earnings owners of their own.
fn age_staking(storage: &mut Storage) {
    let keys: Vec<_> = storage.keys().filter(|key| key.starts_with(UNBONDING.prefix().as_bytes())).cloned().collect();
    for key in keys {
        let id = key[UNBONDING.prefix().len()..].try_into().expect("a runner");
        change_some(storage, &UNBONDING, RunnerId(u32::from_be_bytes(id)), |entries| {
            entries.0.iter_mut().for_each(|entry| (entry.release_time, entry.release_height) = (0, 0));
        });
    }
    change_some(storage, &STAKES, JAILED, |row| row.exclusion = Some(Exclusion::Jail { until: 1 }));
    for number in CLAIMED_RUNNERS {
        change_some(storage, &STAKES, RunnerId(number), |row| row.owner = somebody(b"runner", number).into());
    }
}

/// A canonical address of nobody.
fn somebody(kind: &[u8], number: u32) -> Vec<u8> {
    sha256(&[kind, &number.to_be_bytes()]).0[..20].to_vec()
}

fn canonical(address: &Addr) -> Vec<u8> {
    bech32::decode(address.as_str()).expect("an address").1
}

/// A record; an empty one if there is none.
fn stored<K: RecordKey, V: Record + Default>(storage: &Storage, map: &RecordMap<K, V>, id: K) -> V {
    storage.get(&map.key(id)).map_or_else(V::default, |bytes| V::decode(bytes).expect("a record"))
}

/// Changes a record that is there or an empty one.
fn change<K: RecordKey, V: Record + Default>(
    storage: &mut Storage,
    map: &RecordMap<K, V>,
    id: K,
    change: impl FnOnce(&mut V),
) {
    let mut record = stored(storage, map, id);
    change(&mut record);
    storage.insert(map.key(id), record.encode());
}

/// Changes a record that is there.
fn change_some<K: RecordKey, V: Record>(
    storage: &mut Storage,
    map: &RecordMap<K, V>,
    id: K,
    change: impl FnOnce(&mut V),
) {
    let mut record = V::decode(&storage[&map.key(id)]).expect("a record");
    change(&mut record);
    storage.insert(map.key(id), record.encode());
}

fn change_execution(storage: &mut Storage, id: u64, change: impl FnOnce(&mut Execution)) {
    change_some(storage, &RECORDS, ExecutionId(id), change);
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
