//! The configuration file: TOML, unknown fields refused, no secrets in it (they come from the environment or from files).

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use mesg_chain_client::{ChainConfig, GasPrice, HeadsConfig, LaneConfig};
use mesg_protocol::ids::RunnerId;
use reqwest::Url;
use serde::{Deserialize, Deserializer, de};
use thiserror::Error;

use crate::secret::SecretSource;

/// Accounts whose attestation keys may be searched at most.
pub const MAX_ACCOUNTS: u32 = 1_000;
/// Turns into which work for tips may be spread at most.
pub const MAX_TURNS: u8 = 32;

/// Why a configuration cannot be used.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// Not TOML of the expected shape.
    #[error("{0}")]
    Parse(#[from] toml::de::Error),
    /// A value out of its bounds.
    #[error("{field}: {reason}")]
    Invalid {
        /// Path of the field.
        field: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// The whole file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Journal, caches and blobs; made with mode 0700. One agent at a time.
    pub data_dir: PathBuf,
    /// Which runners: `{ owners = […] }`, or a list of ids. May be empty for a mere relay.
    pub runners: Runners,
    /// The chain and the market on it.
    pub chain: ChainSection,
    /// The key that sends transactions.
    pub operator: OperatorSection,
    /// The keys that sign seals.
    #[serde(default)]
    pub attestation: AttestationSection,
    /// What this agent does.
    #[serde(default)]
    pub roles: RolesSection,
    /// How tasks are run and fetched.
    #[serde(default)]
    pub work: WorkSection,
    /// How outputs above 4 KiB are offered.
    #[serde(default)]
    pub blobs: BlobsSection,
    /// How seals are exchanged with other runners; without it they go on chain at once.
    #[serde(default)]
    pub exchange: Option<ExchangeSection>,
    /// Runners that misbehave on purpose.
    #[cfg(feature = "byzantine")]
    #[serde(default)]
    pub byzantine: Option<crate::byzantine::ByzantineSection>,
}

/// How seals are exchanged with other runners.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExchangeSection {
    /// Where this agent listens; reached at the endpoint that its runners are registered with.
    pub listen: SocketAddr,
}

/// Which runners are served. Anyone may register a runner that names this agent's key as its operator, so being named is
/// no reason to work for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Runners {
    /// All of these accounts that name this agent's key; new ones are found while it runs.
    OwnedBy(Vec<String>),
    /// These.
    Listed(Vec<RunnerId>),
}

impl<'de> Deserialize<'de> for Runners {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Owned {
            owners: Vec<String>,
        }
        #[derive(Deserialize)]
        #[serde(untagged, expecting = "runners is { owners = [\"address\", …] } or a list of ids")]
        enum Wire {
            Owned(Owned),
            List(Vec<u32>),
        }
        Ok(match Wire::deserialize(deserializer)? {
            Wire::Owned(Owned { owners }) => Self::OwnedBy(owners),
            Wire::List(ids) => Self::Listed(ids.into_iter().map(RunnerId).collect()),
        })
    }
}

/// The chain and the market on it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChainSection {
    /// Chain id.
    pub id: String,
    /// RPC addresses, best first; two or more in production.
    pub endpoints: Vec<String>,
    /// Bech32 prefix of addresses.
    pub prefix: String,
    /// Address of the market; registry and staking are read from it.
    pub market: String,
    /// Gas price to begin with, such as `0.025ucosm`.
    #[serde(deserialize_with = "from_text")]
    pub gas_price: GasPrice,
    /// Gas price that is never exceeded.
    #[serde(deserialize_with = "from_text")]
    pub max_gas_price: GasPrice,
    /// Gas of one transaction that is never exceeded; larger batches are split.
    #[serde(default = "default_max_gas")]
    pub max_gas: u64,
    /// Milliseconds between two polls of the height, 100 to 60,000.
    #[serde(default = "default_poll_ms")]
    pub poll_ms: u64,
    /// Whether new blocks are also announced by websocket.
    #[serde(default = "yes")]
    pub websocket: bool,
}

/// The key that sends transactions: account `m/44'/118'/0'/0/<account>`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OperatorSection {
    /// Where its mnemonic is.
    pub mnemonic: SecretSource,
    /// Account number.
    #[serde(default)]
    pub account: u32,
}

/// The keys that sign seals: `m/44'/118'/<1 + account>'/0/<key_no>`, one account for each runner.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttestationSection {
    /// Where their mnemonic is; the operator's if absent.
    pub mnemonic: Option<SecretSource>,
    /// Accounts 0 to `accounts` − 1 are searched for the public key that staking names.
    pub accounts: u32,
}

impl Default for AttestationSection {
    fn default() -> Self {
        Self { mnemonic: None, accounts: 16 }
    }
}

/// What this agent does.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct RolesSection {
    /// Seal, open, publish for the runners.
    pub execute: bool,
    /// Shows the beacon's signatures to the market and seats executions.
    pub relay: Option<RelaySection>,
    /// Confirms bindings that no other block has confirmed.
    pub tick: bool,
    /// Settles, enforces deadlines, and reports seats that signed two different acts.
    pub crank: bool,
    /// Lets the runners out of jail as soon as it is over.
    pub unjail: bool,
    /// Work that anyone may do for a tip is spread over this many turns of 2 s, so that not all agents pay for one tip;
    /// 1 for no delay.
    pub turns: u8,
}

impl Default for RolesSection {
    fn default() -> Self {
        Self { execute: true, relay: None, tick: false, crank: true, unjail: true, turns: 4 }
    }
}

/// Where beacon rounds come from.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RelaySection {
    /// Base addresses of drand-shaped HTTP relays, asked in order.
    #[serde(deserialize_with = "from_texts")]
    pub beacons: Vec<Url>,
    /// Hash of the beacon chain, put before the path if given.
    #[serde(default)]
    pub chain_hash: Option<String>,
}

/// How tasks are run and fetched.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct WorkSection {
    /// Runs at the same time, 1 to 256.
    pub workers: u16,
    /// Fetch from loopback and private addresses too: for a network on one machine only.
    pub allow_private_addresses: bool,
    /// Directories below which `file://` locators are read; none by default.
    pub file_roots: Vec<PathBuf>,
    /// Gateway for `ipfs://` locators, such as `https://ipfs.example`; refused without.
    #[serde(deserialize_with = "from_optional_text")]
    pub ipfs_gateway: Option<Url>,
    /// Seconds for one download, 1 to 3,600.
    pub fetch_timeout: u64,
}

impl Default for WorkSection {
    fn default() -> Self {
        Self {
            workers: 1,
            allow_private_addresses: false,
            file_roots: Vec::new(),
            ipfs_gateway: None,
            fetch_timeout: 60,
        }
    }
}

/// How outputs above 4 KiB are offered.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BlobsSection {
    /// Where they are written, by digest; `<data_dir>/blobs` if absent.
    pub directory: Option<PathBuf>,
    /// Address under which that directory is served, ending in `/`: the locator is this and the digest. Without it,
    /// outputs above 4 KiB are left to other seats to publish, and an executor that has one declines its seat.
    pub base_url: Option<String>,
}

const fn yes() -> bool {
    true
}

const fn default_max_gas() -> u64 {
    30_000_000
}

const fn default_poll_ms() -> u64 {
    1_000
}

fn from_text<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: fmt::Display>,
{
    String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
}

fn from_optional_text<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: fmt::Display>,
{
    from_text(deserializer).map(Some)
}

fn from_texts<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: std::str::FromStr<Err: fmt::Display>,
{
    let texts = Vec::<String>::deserialize(deserializer)?;
    texts.iter().map(|text| text.parse().map_err(de::Error::custom)).collect()
}

impl Config {
    /// Reads and checks a file. Paths in it that are not absolute are taken from the file's directory.
    ///
    /// # Errors
    /// [`ConfigError`] with the field that is wrong.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        let read = |source| ConfigError::Read { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(read)?;
        let mut config = Self::parse(&text)?;
        config.rebase(path.parent().unwrap_or(Path::new("")));
        Ok(config)
    }

    /// Parses and checks the text of a file.
    ///
    /// # Errors
    /// [`ConfigError::Parse`], [`ConfigError::Invalid`].
    pub fn parse(text: &str) -> Result<Self, ConfigError> {
        let config: Self = toml::from_str(text)?;
        config.check()?;
        Ok(config)
    }

    fn rebase(&mut self, directory: &Path) {
        self.data_dir = directory.join(&self.data_dir);
        self.blobs.directory.iter_mut().for_each(|path| *path = directory.join(&*path));
        self.work.file_roots.iter_mut().for_each(|root| *root = directory.join(&*root));
        self.operator.mnemonic.rebase(directory);
        if let Some(source) = &mut self.attestation.mnemonic {
            source.rebase(directory);
        }
    }

    fn check(&self) -> Result<(), ConfigError> {
        bounded("chain.poll_ms", self.chain.poll_ms, 100, 60_000)?;
        bounded("attestation.accounts", self.attestation.accounts.into(), 1, MAX_ACCOUNTS.into())?;
        bounded("roles.turns", self.roles.turns.into(), 1, MAX_TURNS.into())?;
        bounded("work.workers", self.work.workers.into(), 1, 256)?;
        bounded("work.fetch_timeout", self.work.fetch_timeout, 1, 3_600)?;
        if self.chain.endpoints.is_empty() {
            return Err(invalid("chain.endpoints", "at least one"));
        }
        if self.roles.relay.as_ref().is_some_and(|relay| relay.beacons.is_empty()) {
            return Err(invalid("roles.relay.beacons", "at least one"));
        }
        match &self.blobs.base_url {
            Some(base) if !base.ends_with('/') => Err(invalid("blobs.base_url", "must end in /")),
            Some(base) if base.len() > MAX_BASE_URL => Err(invalid("blobs.base_url", "longer than 192 bytes")),
            _ => Ok(()),
        }
    }

    /// For the chain client.
    #[must_use]
    pub fn chain_config(&self) -> ChainConfig {
        ChainConfig::new(self.chain.id.clone(), self.chain.endpoints.clone())
    }

    /// For the watcher of heights.
    #[must_use]
    pub fn heads_config(&self) -> HeadsConfig {
        HeadsConfig {
            poll: Duration::from_millis(self.chain.poll_ms),
            websocket: self.chain.websocket,
            ..HeadsConfig::default()
        }
    }

    /// For the operator's lane.
    #[must_use]
    pub fn lane_config(&self) -> LaneConfig {
        let chain = &self.chain;
        let mut lane = LaneConfig::new(chain.prefix.clone(), chain.gas_price.clone(), chain.max_gas_price.clone());
        lane.max_gas = chain.max_gas;
        lane.poll = Duration::from_millis(chain.poll_ms.min(500));
        lane
    }

    /// Where outputs above 4 KiB are written.
    #[must_use]
    pub fn blob_directory(&self) -> PathBuf {
        self.blobs.directory.clone().unwrap_or_else(|| self.data_dir.join("blobs"))
    }

    /// Where the attestation keys' mnemonic is.
    #[must_use]
    pub const fn attestation_mnemonic(&self) -> &SecretSource {
        match &self.attestation.mnemonic {
            Some(source) => source,
            None => &self.operator.mnemonic,
        }
    }
}

/// A locator is at most 256 bytes, 64 of which are the digest.
const MAX_BASE_URL: usize = mesg_api::market::MAX_LOCATOR - 64;

fn bounded(field: &'static str, got: u64, min: u64, max: u64) -> Result<(), ConfigError> {
    if (min..=max).contains(&got) {
        return Ok(());
    }
    Err(ConfigError::Invalid { field, reason: format!("{got} is not in {min} to {max}") })
}

fn invalid(field: &'static str, reason: &str) -> ConfigError {
    ConfigError::Invalid { field, reason: reason.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../config.example.toml");
    const LEAST: &str = r#"
        data_dir = "d"
        runners = [3, 7]
        operator = { mnemonic = { env = "M" } }
        [chain]
        id = "c-1"
        endpoints = ["http://127.0.0.1:26657"]
        prefix = "wasm"
        market = "wasm1market"
        gas_price = "0.025ucosm"
        max_gas_price = "0.1ucosm"
    "#;

    fn field(text: &str) -> &'static str {
        match Config::parse(text) {
            Err(ConfigError::Invalid { field, .. }) => field,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_example_is_whole_and_has_the_defaults() {
        let example = Config::parse(EXAMPLE).unwrap();
        assert_eq!(example.runners, Runners::OwnedBy(vec!["wasm1...".into()]));
        assert_eq!(example.operator.mnemonic, SecretSource::Env("RUNNER_AGENT_MNEMONIC".into()));
        assert_eq!(example.roles.relay.unwrap().beacons.len(), 2);
        assert_eq!(format!("{:?}", example.work), format!("{:?}", WorkSection::default()));
        let roles = RolesSection::default();
        let said = (example.roles.execute, example.roles.crank, example.roles.unjail, example.roles.turns);
        assert_eq!(said, (roles.execute, roles.crank, roles.unjail, roles.turns));
        assert_eq!(example.attestation.accounts, AttestationSection::default().accounts);
    }

    #[test]
    fn what_is_left_out_has_defaults() {
        let config = Config::parse(LEAST).unwrap();
        assert_eq!(config.runners, Runners::Listed(vec![RunnerId(3), RunnerId(7)]));
        assert_eq!(config.attestation_mnemonic(), &SecretSource::Env("M".into()));
        assert_eq!(config.blob_directory(), Path::new("d/blobs"));
        assert!(config.roles.execute && config.roles.crank && !config.roles.tick && config.roles.relay.is_none());
        assert!(!config.work.allow_private_addresses);
        assert_eq!(config.lane_config().max_gas, 30_000_000);
        assert_eq!(config.chain_config().chain_id, "c-1");
        assert!(config.heads_config().websocket);
    }

    #[test]
    fn paths_are_taken_from_the_files_directory() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("agent.toml");
        std::fs::write(&file, LEAST).unwrap();
        assert_eq!(Config::load(&file).unwrap().data_dir, directory.path().join("d"));
        let missing = Config::load(&directory.path().join("none")).unwrap_err();
        assert!(matches!(missing, ConfigError::Read { .. }));
    }

    #[test]
    fn unknown_fields_are_refused_everywhere() {
        for section in ["", "[roles]", "[work]", "[blobs]", "[attestation]", "[exchange]"] {
            let text = format!("{LEAST}\n{section}\nunheard_of = 1");
            let error = Config::parse(&text).unwrap_err();
            assert!(error.to_string().contains("unheard_of"), "{section}: {error}");
        }
        for wrong in [
            "runners = \"all\"",
            "runners = { owner = [] }",
            "gas_price = \"free\"",
            "operator = { mnemonic = \"words\" }",
        ] {
            let key = wrong.split(' ').next().unwrap();
            let lines = LEAST.lines().filter(|line| !line.trim_start().starts_with(key));
            let text: String = lines.map(|line| format!("{line}\n")).collect();
            let text = if key == "gas_price" { format!("{text}{wrong}") } else { format!("{wrong}\n{text}") };
            assert!(matches!(Config::parse(&text), Err(ConfigError::Parse(_))), "{wrong}");
        }
    }

    #[test]
    fn bounds_are_kept() {
        let with = |more: &str| format!("{LEAST}\n{more}");
        assert_eq!(field(&with("poll_ms = 10")), "chain.poll_ms");
        assert_eq!(field(&with("[attestation]\naccounts = 0")), "attestation.accounts");
        assert_eq!(field(&with("[roles]\nturns = 33")), "roles.turns");
        assert_eq!(field(&with("[roles]\nrelay = { beacons = [] }")), "roles.relay.beacons");
        assert_eq!(field(&with("[work]\nworkers = 0")), "work.workers");
        assert_eq!(field(&with("[work]\nfetch_timeout = 0")), "work.fetch_timeout");
        assert_eq!(field(&with("[blobs]\nbase_url = \"http://x\"")), "blobs.base_url");
        assert_eq!(field(&with(&format!("[blobs]\nbase_url = \"http://{}/\"", "x".repeat(200)))), "blobs.base_url");
        let none = LEAST.replace("[\"http://127.0.0.1:26657\"]", "[]");
        assert_eq!(field(&none), "chain.endpoints");
    }
}
