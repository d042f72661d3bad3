//! Deploys the contracts, publishes a service and bonds runners.

use cosmwasm_std::{Addr, Binary, Empty, Uint128, to_json_binary, to_json_vec};
use cw_multi_test::{App, Contract as Code, Executor};
use cw20::Cw20Coin;
use k256::ecdsa::SigningKey;
use mesg_api::market::{BeaconMsg, ConfigResponse, ParamsMsg, QueryMsg, TipsMsg};
use mesg_api::registry::{Component, Manifest, Policy, Prices, Task};
use mesg_api::{market, registry, staking, token};
use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::{RunnerId, ServiceId, TermsId, VersionId};
use mesg_protocol::schema::Params;
use mesg_protocol::terms::Committee;
use serde::{Deserialize, Serialize};

use crate::beacon::Beacon;
use crate::chain::{Chain, Contract};
use crate::runner::Runner;
use crate::suite::{Suite, send};

/// Tokens of each named account at the start, in base units.
pub const RICH: u128 = 1_000_000_000_000;
const NAMES: [&str; 6] = ["developer", "alice", "bob", "mallory", "relay", "crank"];
/// Secret of the suite's beacon.
const BEACON: u64 = 0x6d65_7367;
/// Runners whose three messages go into one transaction, where one account owns several.
const RUNNERS_OF_ONE_TX: usize = 32;

/// Where the contracts are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Contracts {
    /// Token.
    pub token: Addr,
    /// Registry.
    pub registry: Addr,
    /// Staking.
    pub staking: Addr,
    /// Market.
    pub market: Addr,
}

/// How a suite is to be built.
#[derive(Clone, Debug)]
pub struct SuiteBuilder {
    runners: u32,
    owners: Option<u32>,
    stake: u128,
    committee: Committee,
    verify: bool,
    max_validators: Option<u8>,
    epoch_secs: u32,
    producer_epoch_secs: u32,
    params: ParamsMsg,
    governed: bool,
    task: Task,
}

impl Default for SuiteBuilder {
    fn default() -> Self {
        Self {
            runners: 12,
            owners: None,
            stake: 1_000_000_000,
            committee: Committee { k1: 3, k2: 5, k3: None },
            verify: false,
            max_validators: None,
            epoch_secs: 1_200,
            producer_epoch_secs: staking::msg::producer_epoch_secs(),
            params: params(),
            governed: true,
            task: task(),
        }
    }
}

fn params() -> ParamsMsg {
    ParamsMsg {
        margin: 24,
        t_queue: 900,
        t_open: 300,
        t_publish: 120,
        work_slack: 60,
        block_max_avg: 10,
        producers_bps: Bps::saturating(500),
        burn_bps: Bps::saturating(300),
        pot_burn_bps: Bps::saturating(2_000),
        gate_bps: Bps::saturating(5_000),
        gas_floor: Uint128::new(1),
        tips: TipsMsg {
            tick: Uint128::new(1_000),
            beacon: Uint128::new(2_000),
            seat: Uint128::new(3_000),
            certify: Uint128::zero(),
            settle: Uint128::new(4_000),
        },
    }
}

/// `add`: `{"numbers": [Number, …]}` → `{"sum": Number}`.
fn task() -> Task {
    let params = |json: &str| -> Params { serde_json::from_str(json).expect("a parameter schema") };
    Task {
        name: "add".to_owned(),
        description: String::new(),
        inputs: params(r#"{"numbers":{"type":"Number","repeated":true}}"#),
        outputs: params(r#"{"sum":{"type":"Number"}}"#),
        t_run: 10,
        t_challenge: 600,
        max_input: 100_000,
        max_output: 4_096,
        max_fuel: 2_000_000_000u64.into(),
        price: Prices { per_call: Uint128::new(1_000_000), per_kb: Uint128::new(1_000), per_mfuel: Uint128::new(10) },
        validator_bps: Bps::saturating(8_000),
        developer_bps: Bps::saturating(1_000),
    }
}

impl SuiteBuilder {
    /// Runners, each with the same stake.
    pub const fn runners(mut self, runners: u32) -> Self {
        self.runners = runners;
        self
    }

    /// Owners among whom the runners are dealt out in turn; by default each runner has its own.
    pub const fn owners(mut self, owners: u32) -> Self {
        self.owners = Some(owners);
        self
    }

    /// Stake of each runner in base units.
    pub const fn stake(mut self, stake: u128) -> Self {
        self.stake = stake;
        self
    }

    /// Committee of the service.
    pub const fn committee(mut self, committee: Committee) -> Self {
        self.committee = committee;
        self
    }

    /// The service's results are judged by a checker; its task charges no fuel.
    pub fn verify(mut self) -> Self {
        self.verify = true;
        self.task.price.per_mfuel = Uint128::zero();
        self
    }

    /// Validators that a requester may ask for.
    pub const fn max_validators(mut self, max: u8) -> Self {
        self.max_validators = Some(max);
        self
    }

    /// Length of an epoch in seconds.
    pub const fn epoch_secs(mut self, epoch_secs: u32) -> Self {
        self.epoch_secs = epoch_secs;
        self
    }

    /// Length of an epoch of the block producers in seconds.
    pub const fn producer_epoch_secs(mut self, producer_epoch_secs: u32) -> Self {
        self.producer_epoch_secs = producer_epoch_secs;
        self
    }

    /// A market without owner and pauser; else they are the accounts `governor` and `pauser`.
    pub const fn ungoverned(mut self) -> Self {
        self.governed = false;
        self
    }

    /// Changes the market parameters.
    pub fn params(mut self, change: impl FnOnce(&mut ParamsMsg)) -> Self {
        change(&mut self.params);
        self
    }

    /// Changes the service's task.
    pub fn task(mut self, change: impl FnOnce(&mut Task)) -> Self {
        change(&mut self.task);
        self
    }

    /// Periods that a test on a real node can wait for: seconds where they are minutes by default.
    pub fn short(mut self) -> Self {
        self.epoch_secs = 54;
        self = self.params(|params| {
            params.block_max_avg = 1;
            params.margin = 12;
            params.t_queue = 36;
            params.t_open = 12;
            params.t_publish = 12;
            params.work_slack = 5;
        });
        self.task(|task| {
            task.t_run = 1;
            task.max_fuel = 200_000_000u64.into();
            task.t_challenge = 3;
        })
    }

    fn manifest(&self) -> Manifest {
        Manifest {
            component: Component {
                sha256: sha256(&[b"component"]),
                size: 9,
                sources: vec!["https://example.org/component.wasm".to_owned()],
            },
            profile: "wt48-1".to_owned(),
            policy: if self.verify { Policy::Verify(self.committee) } else { Policy::Replicate(self.committee) },
            max_validators: self.max_validators,
            seat_bond: Uint128::new(30_000_000),
            tasks: vec![self.task.clone()],
            events: Vec::new(),
            notes: None,
        }
    }

    /// Builds it on the in-process chain, one epoch after the last runner bonded, so that all have weight.
    pub fn build(self) -> Suite {
        self.build_on(App::default())
    }

    /// Like [`Self::build`], with other code for the token, which is instantiated as the real one would be.
    pub fn build_with_token(self, token: Box<dyn Code<Empty>>) -> Suite {
        let mut app = App::default();
        let (code, msg, sender) = (app.store_code(token), self.token(&app), app.address("developer"));
        let token = app.instantiate_contract(code, sender, &msg, &[], "token", None).expect("instantiated");
        self.build_around(app, token)
    }

    /// Builds it on a chain, until all runners have weight.
    pub fn build_on<C: Chain>(self, mut chain: C) -> Suite<C> {
        let token = self.token(&chain);
        let token = make(&mut chain, Contract::Token, &token);
        self.build_around(chain, token)
    }

    fn build_around<C: Chain>(self, mut chain: C, token: Addr) -> Suite<C> {
        let contracts = self.deploy(&mut chain, token);
        let mut suite = self.suite(chain, contracts);
        suite.set_market();
        self.publish(&mut suite);
        self.bond(&mut suite);
        let epoch = u64::from(self.epoch_secs);
        suite.app.wait((suite.now() / epoch + 1) * epoch, 0);
        suite
    }

    /// The suite that an earlier [`Self::build_on`] of the same builder has left on this chain.
    pub fn find_on<C: Chain>(self, chain: C, contracts: Contracts) -> Suite<C> {
        self.suite(chain, contracts)
    }

    fn token<C: Chain>(&self, chain: &C) -> token::InstantiateMsg {
        token::InstantiateMsg {
            name: "MESG".to_owned(),
            symbol: "MESG".to_owned(),
            decimals: 6,
            initial_balances: self.balances(chain),
        }
    }

    fn deploy<C: Chain>(&self, chain: &mut C, token: Addr) -> Contracts {
        let genesis = chain.now() - 3_000;
        let registry = make(
            chain,
            Contract::Registry,
            &registry::InstantiateMsg {
                owner: chain.address("developer").to_string(),
                token: token.to_string(),
                registration_fee: Uint128::new(5_000_000),
            },
        );
        let staking = make(
            chain,
            Contract::Staking,
            &staking::InstantiateMsg {
                token: token.to_string(),
                registry: registry.to_string(),
                epoch_secs: self.epoch_secs,
                unbonding_secs: 14 * 86_400,
                block_max_avg: self.params.block_max_avg,
                min_stake: Uint128::new(1_000_000),
                capacity_bps: Bps::saturating(4_000),
                producer_epoch_secs: self.producer_epoch_secs,
            },
        );
        let beacon =
            BeaconMsg { public_key: Beacon::new(BEACON).public_key(), genesis: genesis.into(), period: 3u64.into() };
        let market = make(
            chain,
            Contract::Market,
            &market::InstantiateMsg {
                registry: registry.to_string(),
                staking: staking.to_string(),
                beacon,
                params: self.params.clone(),
                owner: self.governed.then(|| chain.address("governor").to_string()),
                pauser: self.governed.then(|| chain.address("pauser").to_string()),
            },
        );
        Contracts { token, registry, staking, market }
    }

    fn balances<C: Chain>(&self, chain: &C) -> Vec<Cw20Coin> {
        let named = NAMES.iter().map(|name| coin(chain, name, RICH));
        let owned = |owner: &u32| self.owned_by(*owner).count() as u128;
        let owners = (0..self.owner_count()).filter(|owner| owned(owner) > 0);
        named.chain(owners.map(|owner| coin(chain, &owner_name(owner), self.stake * owned(&owner)))).collect()
    }

    fn owner_count(&self) -> u32 {
        self.owners.unwrap_or(self.runners).max(1)
    }

    fn owned_by(&self, owner: u32) -> impl Iterator<Item = u32> + use<> {
        (0..self.runners).skip(owner as usize).step_by(self.owner_count() as usize)
    }

    fn suite<C: Chain>(&self, app: C, contracts: Contracts) -> Suite<C> {
        let Contracts { token, registry, staking, market } = contracts;
        let runners = (0..self.runners).map(|number| self.runner(&app, number)).collect();
        let mut suite = Suite {
            app,
            token,
            registry,
            staking,
            market,
            beacon: Beacon::new(BEACON),
            beacon_schedule: BeaconParams { no: 0, genesis: 0, period: 3 },
            runners,
            service: ServiceId(1),
            version: VersionId(1),
            terms: TermsId(1),
            manifest: self.manifest(),
            committee: self.committee,
            params: self.params.clone(),
            epoch_secs: self.epoch_secs,
            gas: 0,
        };
        suite.beacon_schedule.genesis = suite.ask::<ConfigResponse>(&QueryMsg::Config {}).beacon.genesis.u64();
        suite
    }

    fn publish<C: Chain>(&self, suite: &mut Suite<C>) {
        let register = registry::ReceiveMsg::RegisterService {
            sid: "sum".to_owned(),
            name: None,
            description: None,
            url: None,
            tags: vec![],
        };
        let registry = suite.registry.clone();
        suite.send_token("developer", &registry, 5_000_000, &register).expect("registered");
        let publish = registry::ExecuteMsg::PublishVersion { service: ServiceId(1), manifest: self.manifest() };
        suite.execute("developer", &registry, &publish).expect("published");
        let bond = market::ReceiveMsg::BondService { service: ServiceId(1) };
        let market = suite.market.clone();
        suite.send_token("developer", &market, 1_000_000_000, &bond).expect("service bonded");
    }

    fn runner<C: Chain>(&self, chain: &C, number: u32) -> Runner {
        let secret = sha256(&[b"test attestation", &number.to_be_bytes()]);
        Runner {
            id: RunnerId(number + 1),
            owner: chain.address(&owner_name(number % self.owner_count())),
            operator: chain.address(&format!("operator{number}")),
            attestation: SigningKey::from_slice(&secret.0).expect("a scalar below the order"),
        }
    }

    /// Registers, bonds and opts in, in ascending id.
    fn bond<C: Chain>(&self, suite: &mut Suite<C>) {
        let of_one_tx = if self.owner_count() == 1 { RUNNERS_OF_ONE_TX } else { 1 };
        for runners in suite.runners.clone().chunks(of_one_tx) {
            let messages = runners.iter().flat_map(|runner| self.join(suite, runner)).collect();
            let owner = owner_name((runners[0].id.0 - 1) % self.owner_count());
            suite.execute_all(&owner, messages).expect("bonded");
        }
    }

    fn join<C: Chain>(&self, suite: &Suite<C>, runner: &Runner) -> Vec<(Addr, Binary)> {
        let register = staking::ExecuteMsg::RegisterRunner {
            service: suite.service,
            operator: runner.operator.to_string(),
            attestation_key: Runner::public_key(&runner.attestation),
            endpoint: String::new(),
        };
        let bond = send(&suite.staking, self.stake, &staking::ReceiveMsg::Bond { runner: runner.id });
        let opt_in = staking::ExecuteMsg::OptIn { runner: runner.id, version: suite.version };
        vec![
            (suite.staking.clone(), to_json_binary(&register).expect("JSON")),
            (suite.token.clone(), to_json_binary(&bond).expect("JSON")),
            (suite.staking.clone(), to_json_binary(&opt_in).expect("JSON")),
        ]
    }
}

fn make<C: Chain>(chain: &mut C, contract: Contract, msg: &impl Serialize) -> Addr {
    chain.deploy(contract, "developer", &to_json_vec(msg).expect("JSON"))
}

fn owner_name(owner: u32) -> String {
    format!("owner{owner}")
}

fn coin<C: Chain>(chain: &C, name: &str, amount: u128) -> Cw20Coin {
    Cw20Coin { address: chain.address(name).to_string(), amount: amount.into() }
}
