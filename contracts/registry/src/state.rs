//! What the registry stores beside the rows that others read ([`mesg_api::registry`]) and what is yanked
//! (`yanked.rs`); every other key is declared here.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, CanonicalAddr, Deps, Event, StdResult, Storage, Uint128};
use cw_storage_plus::{Item, Map};
use mesg_api::pause::is_paused;
use mesg_api::record_map::RecordMap;
use mesg_api::registry::{RegistryEvent, SERVICES, ServiceRow, Status, VERSIONS, VersionRow};
use mesg_protocol::clock::Deadline;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};

use crate::ContractError;

/// What was fixed at instantiation.
#[cw_serde]
pub struct Config {
    /// The owner.
    pub owner: Addr,
    /// The CW20 token of the fee.
    pub token: Addr,
    /// Fee of one registration in base units.
    pub registration_fee: Uint128,
}

/// Refuses while the market is paused; for what brings a service or version in, and for nothing else.
pub fn check_running(deps: Deps) -> Result<(), ContractError> {
    let Some(market) = MARKET.may_load(deps.storage)? else { return Ok(()) };
    if is_paused(&deps.querier, &market)? { Err(ContractError::Paused) } else { Ok(()) }
}

/// What a service says about itself; its hot part is [`ServiceRow`].
#[cw_serde]
pub struct Profile {
    /// Unique name.
    pub sid: String,
    /// Name for people.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Its home page.
    pub url: Option<String>,
    /// Its tags; there were none in 0.1.0.
    #[serde(default)]
    pub tags: Vec<String>,
}

/// The market whose pause counts here, once set.
pub const MARKET: Item<Addr> = Item::new("market");
/// The configuration.
pub const CONFIG: Item<Config> = Item::new("config");
/// What each service says about itself.
pub const PROFILES: Map<u32, Profile> = Map::new("profile");
/// Services by canonical address of their owner.
pub const BY_OWNER: Map<(&[u8], u32), ()> = Map::new("owner");
/// Versions by service.
pub const BY_SERVICE: Map<(u32, u32), ()> = Map::new("version");
/// The owner's warning of each version that has one.
pub const WARNINGS: Map<u32, String> = Map::new("warning");
/// Services by tag.
pub const BY_TAG: Map<(&str, u32), ()> = Map::new("tag");
/// Offers of services to other owners.
pub const PROPOSALS: RecordMap<ServiceId, Proposal> = RecordMap::new("o/");
/// Canonical JSON of each version's manifest.
pub const MANIFESTS: RecordMap<VersionId, Json> = RecordMap::new("m/");
/// Services by name.
pub const SIDS: RecordMap<&[u8], Number> = RecordMap::new("n/");
/// Versions by service and digest of the manifest.
pub const DIGESTS: RecordMap<(ServiceId, &[u8]), Number> = RecordMap::new("d/");
/// The counters.
const COUNTERS: RecordMap<(), Counters> = RecordMap::new("c/");

const LAYOUT: u8 = 1;

/// The number that an index leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub u32);

impl Record for Number {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self(input.int()?))
    }
}

/// JSON as it is; a map of cw-storage-plus would escape it once more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json(pub Vec<u8>);

impl Record for Json {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.bytes(&self.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self(input.bytes()?.to_vec()))
    }
}

/// The offer of a service to another owner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Canonical address of who may accept.
    pub owner: CanonicalAddr,
    /// When it ends.
    pub until: Deadline,
}

impl Record for Proposal {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.bytes(self.owner.as_slice());
        self.until.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self { owner: CanonicalAddr::from(input.bytes()?), until: Deadline::read(input)? })
    }
}

/// The highest numbers in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Events emitted.
    pub events: u64,
    /// Services registered.
    pub services: u32,
    /// Versions published.
    pub versions: u32,
    /// Rows of terms.
    pub terms: u32,
}

impl Record for Counters {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.events);
        out.int(self.services);
        out.int(self.versions);
        out.int(self.terms);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self { events: input.int()?, services: input.int()?, versions: input.int()?, terms: input.int()? })
    }
}

impl Counters {
    /// The counters as stored; all zero at first.
    pub fn load(storage: &dyn Storage) -> StdResult<Self> {
        Ok(COUNTERS.may_load(storage, ())?.unwrap_or_default())
    }

    /// Stores the counters.
    pub fn save(&self, storage: &mut dyn Storage) {
        COUNTERS.save(storage, (), self);
    }

    /// The number of a new service.
    pub fn next_service(&mut self) -> Result<ServiceId, ContractError> {
        self.services = next(self.services, 1, "service")?;
        Ok(ServiceId(self.services))
    }

    /// The number of a new version.
    pub fn next_version(&mut self) -> Result<VersionId, ContractError> {
        self.versions = next(self.versions, 1, "version")?;
        Ok(VersionId(self.versions))
    }

    /// The first of `count` consecutive numbers of new terms.
    pub fn next_terms(&mut self, count: u8) -> Result<TermsId, ContractError> {
        let first = next(self.terms, 1, "terms")?;
        self.terms = next(self.terms, count.into(), "terms")?;
        Ok(TermsId(first))
    }

    /// The event with its number.
    pub fn event(&mut self, event: RegistryEvent) -> Event {
        // one a message: 2^64 of them cannot be sent
        self.events = self.events.saturating_add(1);
        event.into_event(self.events)
    }
}

fn next(last: u32, count: u32, what: &'static str) -> Result<u32, ContractError> {
    last.checked_add(count).ok_or(ContractError::NoNumberLeft { what })
}

/// The row of a service that must exist.
pub fn service(storage: &dyn Storage, service: ServiceId) -> Result<ServiceRow, ContractError> {
    SERVICES.may_load(storage, service)?.ok_or(ContractError::UnknownService { service })
}

/// The row of a service that must exist and not be retired.
pub fn unretired(storage: &dyn Storage, of: ServiceId) -> Result<ServiceRow, ContractError> {
    match service(storage, of)? {
        row if row.status == Status::Retired => Err(ContractError::Retired { service: of }),
        row => Ok(row),
    }
}

/// The row of a version that must exist.
pub fn version(storage: &dyn Storage, version: VersionId) -> Result<VersionRow, ContractError> {
    VERSIONS.may_load(storage, version)?.ok_or(ContractError::UnknownVersion { version })
}

/// The offer of a service that must be offered.
pub fn proposal(storage: &dyn Storage, service: ServiceId) -> Result<Proposal, ContractError> {
    PROPOSALS.may_load(storage, service)?.ok_or(ContractError::NotProposed { service })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cosmwasm_std::testing::MockStorage;
    use mesg_api::registry::{INPUTS, TERMS};

    use super::*;

    #[test]
    fn no_two_keys_share_a_namespace() {
        let others = [SERVICES.prefix(), TERMS.prefix(), VERSIONS.prefix(), INPUTS.prefix()];
        let own = [SIDS.prefix(), DIGESTS.prefix(), MANIFESTS.prefix(), COUNTERS.prefix(), PROPOSALS.prefix()];
        assert!(others.iter().chain(&own).all(|prefix| prefix.ends_with('/')));
        let names = ["config", "contract_info", "profile", "owner", "version", "yanked", "warning", "tag"];
        let all: BTreeSet<&str> = others.into_iter().chain(own).chain(names).collect();
        assert_eq!(all.len(), 4 + 5 + 8);
    }

    #[test]
    fn counters_are_stored_and_end() {
        let mut storage = MockStorage::new();
        let mut counters = Counters::load(&storage).unwrap();
        assert_eq!(counters.next_service().unwrap(), ServiceId(1));
        assert_eq!(counters.next_version().unwrap(), VersionId(1));
        assert_eq!(counters.next_terms(3).unwrap(), TermsId(1));
        assert_eq!(counters.next_terms(2).unwrap(), TermsId(4));
        counters.save(&mut storage);
        assert_eq!(Counters::load(&storage).unwrap(), Counters { events: 0, services: 1, versions: 1, terms: 5 });

        let mut full = Counters { services: u32::MAX, versions: u32::MAX, terms: u32::MAX - 1, ..counters };
        assert!(matches!(full.next_service(), Err(ContractError::NoNumberLeft { what: "service" })));
        assert!(matches!(full.next_version(), Err(ContractError::NoNumberLeft { what: "version" })));
        assert!(matches!(full.next_terms(2), Err(ContractError::NoNumberLeft { what: "terms" })));
        assert_eq!(full.next_terms(1).unwrap(), TermsId(u32::MAX));
    }
}
