//! What one message works on: records are loaded once, changed in memory and written once at the end, so that a
//! batch pays for each record once and an item that is refused leaves nothing behind.

use std::rc::Rc;

use cosmwasm_std::{Addr, CosmosMsg, Env, Event, QuerierWrapper, Response, StdError, StdResult, Storage, SubMsg};
use cosmwasm_std::{Api, CanonicalAddr, DepsMut};
use mesg_api::market::{EXECUTIONS, MAX_WEIGHT, MarketEvent, PARAMS, WEIGHT_BYTES};
use mesg_api::registry::RegistryRows;
use mesg_protocol::beacon::{BeaconParams, Round};
use mesg_protocol::clock::Clock;
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{Execution, Market, Rules};
use mesg_protocol::ids::{ExecutionId, ParamsId, RunnerId, TermsId, VersionId};
use mesg_protocol::params::Params;
use mesg_protocol::terms::Terms;

use crate::error::{ContractError, ItemError, Refusal};
use crate::ledger::Bucket;
use crate::slashing::Slashes;
use crate::state::{
    BEACONS, BOOK, Beacon, Book, CONFIG, Config, PURSES, Purse, PurseKey, RANDS, RUNNERS, RunnerAccount, VERSIONS,
    VersionAccount,
};

/// Records of one map as this message has them. A message touches few of each: a search along the list costs less gas
/// than one load, and a seventh of a tree's code.
struct Touched<K, V>(Vec<Slot<K, V>>);

/// A record, and whether the message has changed it.
struct Slot<K, V> {
    key: K,
    value: V,
    changed: bool,
}

impl<K: PartialEq + Clone, V> Touched<K, V> {
    const fn new() -> Self {
        Self(Vec::new())
    }

    fn slot<E: From<StdError>>(&mut self, key: &K, load: impl FnOnce() -> Result<V, E>) -> Result<&mut Slot<K, V>, E> {
        let known = self.0.iter().position(|slot| slot.key == *key);
        if known.is_none() {
            self.0.push(Slot { key: key.clone(), value: load()?, changed: false });
        }
        let slot = match known {
            Some(index) => self.0.get_mut(index),
            None => self.0.last_mut(),
        };
        slot.ok_or_else(|| StdError::not_found("record").into())
    }

    fn get<E: From<StdError>>(&mut self, key: &K, load: impl FnOnce() -> Result<V, E>) -> Result<&V, E> {
        self.slot(key, load).map(|slot| &slot.value)
    }

    fn get_mut<E: From<StdError>>(&mut self, key: &K, load: impl FnOnce() -> Result<V, E>) -> Result<&mut V, E> {
        let slot = self.slot(key, load)?;
        slot.changed = true;
        Ok(&mut slot.value)
    }

    fn put(&mut self, key: K, value: V) {
        let new = Slot { key, value, changed: true };
        match self.0.iter_mut().find(|slot| slot.key == new.key) {
            Some(slot) => *slot = new,
            None => self.0.push(new),
        }
    }

    fn changed(&self) -> impl Iterator<Item = (&K, &V)> {
        self.0.iter().filter(|slot| slot.changed).map(|slot| (&slot.key, &slot.value))
    }
}

/// The rows that an execution was requested under.
pub struct Rows {
    /// The terms.
    pub terms: Terms,
    /// The parameters.
    pub params: Params,
    domain: Digest32,
    beacon: BeaconParams,
}

impl Rows {
    /// The rules of an execution under these rows.
    pub fn rules(&self, id: ExecutionId, execution: &Execution) -> Rules<'_> {
        self.rules_with(id, execution.more_validators)
    }

    /// The rules of an execution with `more` validators than the task's own.
    pub fn rules_with(&self, id: ExecutionId, more: u8) -> Rules<'_> {
        Rules::new(&self.terms, &self.params, more, Market { domain: &self.domain, beacon: &self.beacon }, id)
    }
}

/// One message at work.
pub struct Session<'a> {
    /// Storage.
    pub storage: &'a mut dyn Storage,
    /// Addresses and signatures.
    pub api: &'a dyn Api,
    /// Other contracts.
    pub querier: QuerierWrapper<'a>,
    /// The block.
    pub now: Clock,
    /// This contract.
    pub contract: Addr,
    /// Who sent the message.
    pub sender: Addr,
    /// The configuration.
    pub config: Config,
    /// Counters and ledger.
    pub book: Book,
    /// Slashes to send at the end.
    pub slashes: Slashes,
    executions: Touched<ExecutionId, Execution>,
    runners: Touched<RunnerId, RunnerAccount>,
    versions: Touched<VersionId, VersionAccount>,
    purses: Touched<PurseKey, Purse>,
    rows: Vec<(TermsId, ParamsId, Rc<Rows>)>,
    rands: Vec<(Round, Option<Digest32>)>,
    messages: Vec<CosmosMsg>,
    callbacks: Vec<SubMsg>,
    events: Vec<Event>,
    room: usize,
    loaded: Vec<ExecutionId>,
}

impl<'a> Session<'a> {
    /// Begins: loads configuration and book.
    pub fn begin(deps: DepsMut<'a>, env: &Env, sender: Addr) -> Result<Self, ContractError> {
        let config = CONFIG.may_load(deps.storage, ())?.ok_or_else(|| StdError::not_found("config"))?;
        let book = BOOK.may_load(deps.storage, ())?.ok_or_else(|| StdError::not_found("book"))?;
        Ok(Self {
            storage: deps.storage,
            api: deps.api,
            querier: deps.querier,
            now: Clock { time: env.block.time.seconds(), height: env.block.height },
            contract: env.contract.address.clone(),
            sender,
            config,
            book,
            slashes: Slashes::default(),
            executions: Touched::new(),
            runners: Touched::new(),
            versions: Touched::new(),
            purses: Touched::new(),
            rows: Vec::new(),
            rands: Vec::new(),
            messages: Vec::new(),
            callbacks: Vec::new(),
            events: Vec::new(),
            room: MAX_WEIGHT,
            loaded: Vec::new(),
        })
    }

    /// Writes everything and answers; slashes go out last, with amounts that the written state already has.
    pub fn finish(mut self) -> Result<Response, ContractError> {
        for (id, execution) in self.executions.changed() {
            EXECUTIONS.save(self.storage, *id, execution);
        }
        for (id, runner) in self.runners.changed() {
            RUNNERS.save(self.storage, *id, runner);
        }
        for (id, version) in self.versions.changed() {
            VERSIONS.save(self.storage, *id, version);
        }
        for (key, purse) in self.purses.changed() {
            PURSES.save(self.storage, key, purse);
        }
        BOOK.save(self.storage, (), &self.book);
        let slashes = std::mem::take(&mut self.slashes).into_messages(&self.config.staking)?;
        let messages = self.messages.into_iter().chain(slashes).map(SubMsg::new).chain(self.callbacks);
        Ok(Response::new().add_submessages(messages).add_events(self.events))
    }

    /// Emits an event.
    pub fn emit(&mut self, event: MarketEvent) {
        self.book.seq = self.book.seq.saturating_add(1);
        self.events.push(event.into_event(self.book.seq));
    }

    /// Sends a message when this one is done.
    pub fn send(&mut self, message: impl Into<CosmosMsg>) {
        self.messages.push(message.into());
    }

    /// Calls a stranger when everything else is done.
    pub fn call_last(&mut self, callback: SubMsg) {
        self.callbacks.push(callback);
    }

    /// The sender's purse `sub`.
    pub fn sender_purse(&self, sub: u32) -> StdResult<PurseKey> {
        let account = self.api.addr_canonicalize(self.sender.as_str())?;
        Ok(PurseKey { account: account.to_vec(), sub })
    }

    /// An execution.
    pub fn execution(&mut self, id: ExecutionId) -> Result<&Execution, ItemError> {
        let storage = &*self.storage;
        self.executions.get(&id, || EXECUTIONS.may_load(storage, id)?.ok_or_else(|| Refusal::Unknown.into()))
    }

    /// Takes room in this message for an execution, once.
    pub fn load(&mut self, id: ExecutionId, weight: usize) -> Result<(), Refusal> {
        if !self.loaded.contains(&id) {
            self.take_room(weight)?;
            self.loaded.push(id);
        }
        Ok(())
    }

    /// Takes room in this message for an output, or its locator.
    pub fn load_output(&mut self, content: &str) -> Result<(), Refusal> {
        self.take_room(content.len().div_ceil(WEIGHT_BYTES))
    }

    fn take_room(&mut self, weight: usize) -> Result<(), Refusal> {
        self.room = self.room.checked_sub(weight).ok_or(Refusal::Full)?;
        Ok(())
    }

    /// Keeps a new or changed execution.
    pub fn put_execution(&mut self, id: ExecutionId, execution: Execution) {
        self.executions.put(id, execution);
    }

    /// The market's account of a runner.
    pub fn runner(&mut self, id: RunnerId) -> StdResult<&RunnerAccount> {
        let storage = &*self.storage;
        self.runners.get(&id, || Ok(RUNNERS.may_load(storage, id)?.unwrap_or_default()))
    }

    /// The market's account of a runner, to be changed.
    pub fn runner_mut(&mut self, id: RunnerId) -> StdResult<&mut RunnerAccount> {
        let storage = &*self.storage;
        self.runners.get_mut(&id, || Ok(RUNNERS.may_load(storage, id)?.unwrap_or_default()))
    }

    /// The market's account of a version.
    pub fn version(&mut self, id: VersionId) -> StdResult<&VersionAccount> {
        let storage = &*self.storage;
        self.versions.get(&id, || Ok(VERSIONS.may_load(storage, id)?.unwrap_or_default()))
    }

    /// The market's account of a version, to be changed.
    pub fn version_mut(&mut self, id: VersionId) -> StdResult<&mut VersionAccount> {
        let storage = &*self.storage;
        self.versions.get_mut(&id, || Ok(VERSIONS.may_load(storage, id)?.unwrap_or_default()))
    }

    /// A purse, to be changed. Its balance moves only together with [`Bucket::Purses`].
    pub fn purse_mut(&mut self, key: &PurseKey) -> StdResult<&mut Purse> {
        let storage = &*self.storage;
        self.purses.get_mut(key, || Ok(PURSES.may_load(storage, key)?.unwrap_or_default()))
    }

    /// Adds to a purse what leaves another bucket.
    pub fn credit_purse(&mut self, key: &PurseKey, from: Bucket, amount: u128) -> Result<(), ContractError> {
        self.book.ledger.transfer(from, Bucket::Purses, amount)?;
        self.fill_purse(key, amount)
    }

    /// Adds to a purse what came in by CW20.
    pub fn deposit(&mut self, key: &PurseKey, amount: u128) -> Result<(), ContractError> {
        self.book.ledger.receive(Bucket::Purses, amount)?;
        self.fill_purse(key, amount)
    }

    fn fill_purse(&mut self, key: &PurseKey, amount: u128) -> Result<(), ContractError> {
        let purse = self.purse_mut(key)?;
        purse.balance = mesg_protocol::money::add(purse.balance, amount)?;
        Ok(())
    }

    /// Takes from a purse; the caller moves the amount out of [`Bucket::Purses`].
    pub fn debit_purse(&mut self, key: &PurseKey, amount: u128) -> Result<(), ContractError> {
        let purse = self.purse_mut(key)?;
        purse.balance = mesg_protocol::money::sub(purse.balance, amount)?;
        Ok(())
    }

    /// Terms, read raw from the registry.
    pub fn terms(&self, terms: TermsId) -> Result<Terms, ContractError> {
        let rows = RegistryRows { registry: &self.config.registry };
        rows.terms(&self.querier, terms)?.ok_or(ContractError::UnknownTerms { terms })
    }

    /// The rows that an execution was requested under.
    pub fn rows(&mut self, terms: TermsId, params: ParamsId) -> Result<Rc<Rows>, ContractError> {
        if let Some((.., rows)) = self.rows.iter().find(|row| (row.0, row.1) == (terms, params)) {
            return Ok(rows.clone());
        }
        let found = PARAMS.may_load(self.storage, params)?.ok_or_else(|| StdError::not_found("params"))?;
        let (domain, beacon) = (self.config.domain, self.config.beacon);
        let rows = Rc::new(Rows { terms: self.terms(terms)?, params: found, domain, beacon });
        self.rows.push((terms, params, rows.clone()));
        Ok(rows)
    }

    /// A beacon of the market, in force or replaced.
    pub fn beacon(&self, no: u8) -> StdResult<Beacon> {
        BEACONS.may_load(self.storage, no)?.ok_or_else(|| StdError::not_found("beacon"))
    }

    /// Schedule of the beacon of `round`: most often the one in force, which is at hand.
    pub fn schedule(&self, round: Round) -> StdResult<BeaconParams> {
        if round.beacon() == self.config.beacon.no {
            return Ok(self.config.beacon);
        }
        Ok(self.beacon(round.beacon())?.schedule)
    }

    /// Randomness of a round, if known.
    pub fn rand(&mut self, round: Round) -> StdResult<Option<Digest32>> {
        if let Some((_, rand)) = self.rands.iter().find(|(known, _)| *known == round) {
            return Ok(*rand);
        }
        let rand = RANDS.may_load(self.storage, round.to_u64())?.map(|rand| rand.0);
        self.rands.push((round, rand));
        Ok(rand)
    }

    /// Keeps the randomness of a round that was just stored.
    pub fn learn_rand(&mut self, round: Round, rand: Digest32) {
        self.rands.retain(|(known, _)| *known != round);
        self.rands.push((round, Some(rand)));
    }

    /// The canonical form of an address.
    pub fn canonical(&self, address: &Addr) -> StdResult<CanonicalAddr> {
        self.api.addr_canonicalize(address.as_str())
    }
}
