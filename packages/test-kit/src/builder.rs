//! Deploys the contracts, publishes a service and bonds runners.

use std::collections::BTreeMap;

use cosmwasm_std::{Addr, Uint128, to_json_binary};
use cw_multi_test::{App, ContractWrapper, Executor};
use cw20::{Cw20Coin, Cw20ExecuteMsg};
use k256::ecdsa::SigningKey;
use mesg_api::market::{BeaconMsg, ParamsMsg, TipsMsg};
use mesg_api::registry::{Component, Manifest, Policy, Prices, Task};
use mesg_api::{market, registry, staking, token};
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::{RunnerId, ServiceId, TermsId, VersionId};
use mesg_protocol::schema::Params;
use mesg_protocol::terms::Committee;

use crate::beacon::Beacon;
use crate::runner::Runner;
use crate::suite::Suite;

/// Tokens of each named account at the start, in base units.
pub const RICH: u128 = 1_000_000_000_000;
const NAMES: [&str; 6] = ["developer", "alice", "bob", "mallory", "relay", "crank"];

/// How a suite is to be built.
#[derive(Clone, Debug)]
pub struct SuiteBuilder {
    runners: u32,
    stake: u128,
    committee: Committee,
    epoch_secs: u32,
    params: ParamsMsg,
    t_challenge: u32,
}

impl Default for SuiteBuilder {
    fn default() -> Self {
        Self {
            runners: 12,
            stake: 1_000_000_000,
            committee: Committee { k1: 3, k2: 5, k3: None },
            epoch_secs: 1_200,
            t_challenge: 600,
            params: ParamsMsg {
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
                    settle: Uint128::new(4_000),
                },
            },
        }
    }
}

impl SuiteBuilder {
    /// Runners of different owners, each with the same stake.
    pub const fn runners(mut self, runners: u32) -> Self {
        self.runners = runners;
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

    /// Changes the market parameters.
    pub fn params(mut self, change: impl FnOnce(&mut ParamsMsg)) -> Self {
        change(&mut self.params);
        self
    }

    /// The manifest of the suite's service: one task `add`, `{"numbers": [Number, …]}` → `{"sum": Number}`.
    fn manifest(&self) -> Manifest {
        let params = |json: &str| -> Params { serde_json::from_str(json).expect("a parameter schema") };
        Manifest {
            component: Component {
                sha256: sha256(&[b"component"]),
                size: 9,
                sources: vec!["https://example.org/component.wasm".to_owned()],
            },
            profile: "wt48-1".to_owned(),
            policy: Policy::Replicate(self.committee),
            seat_bond: Uint128::new(30_000_000),
            tasks: vec![Task {
                name: "add".to_owned(),
                description: String::new(),
                inputs: params(r#"{"numbers":{"type":"Number","repeated":true}}"#),
                outputs: params(r#"{"sum":{"type":"Number"}}"#),
                t_run: 10,
                t_challenge: self.t_challenge,
                max_input: 100_000,
                max_output: 4_096,
                max_fuel: 2_000_000_000u64.into(),
                price: Prices {
                    per_call: Uint128::new(1_000_000),
                    per_kb: Uint128::new(1_000),
                    per_mfuel: Uint128::new(10),
                },
                validator_bps: Bps::saturating(8_000),
                developer_bps: Bps::saturating(1_000),
            }],
            events: Vec::new(),
            notes: None,
        }
    }

    /// Builds it, one epoch after the last runner bonded, so that all have weight.
    pub fn build(self) -> Suite {
        let mut app = App::default();
        let accounts: BTreeMap<_, _> =
            NAMES.iter().map(|name| ((*name).to_owned(), app.api().addr_make(name))).collect();
        let bank = app.api().addr_make("bank");
        let mut balances: Vec<_> = accounts.values().map(|account| coin(account, RICH)).collect();
        balances.push(coin(&bank, self.stake * u128::from(self.runners) + 1));
        let deployer = accounts["developer"].clone();
        let token = app.store_code(Box::new(ContractWrapper::new_with_empty(
            mesg_token::contract::execute,
            mesg_token::contract::instantiate,
            mesg_token::contract::query,
        )));
        let registry = app.store_code(Box::new(
            ContractWrapper::new_with_empty(
                mesg_registry::contract::execute,
                mesg_registry::contract::instantiate,
                mesg_registry::contract::query,
            )
            .with_migrate_empty(mesg_registry::contract::migrate),
        ));
        let staking = app.store_code(Box::new(ContractWrapper::new_with_empty(
            mesg_staking::contract::execute,
            mesg_staking::contract::instantiate,
            mesg_staking::contract::query,
        )));
        let market = app.store_code(Box::new(ContractWrapper::new_with_empty(
            mesg_execution_market::contract::execute,
            mesg_execution_market::contract::instantiate,
            mesg_execution_market::contract::query,
        )));
        let genesis = app.block_info().time.seconds() - 3_000;
        let mut make = |code, msg: cosmwasm_std::Binary, label: &str| {
            let msg: serde_json::Value = cosmwasm_std::from_json(&msg).expect("JSON");
            app.instantiate_contract(code, deployer.clone(), &msg, &[], label, None).expect(label)
        };
        let json = |msg: Result<cosmwasm_std::Binary, _>| -> cosmwasm_std::Binary { msg.expect("JSON") };
        let token = make(
            token,
            json(to_json_binary(&token::InstantiateMsg {
                name: "MESG".to_owned(),
                symbol: "MESG".to_owned(),
                decimals: 6,
                initial_balances: balances,
            })),
            "token",
        );
        let registry = make(
            registry,
            json(to_json_binary(&registry::InstantiateMsg {
                owner: deployer.to_string(),
                token: token.to_string(),
                registration_fee: Uint128::new(5_000_000),
            })),
            "registry",
        );
        let staking = make(
            staking,
            json(to_json_binary(&staking::InstantiateMsg {
                token: token.to_string(),
                registry: registry.to_string(),
                epoch_secs: self.epoch_secs,
                unbonding_secs: 14 * 86_400,
                block_max_avg: 10,
                min_stake: Uint128::new(1_000_000),
                capacity_bps: Bps::saturating(4_000),
            })),
            "staking",
        );
        let beacon = Beacon::new(0x6d65_7367);
        let market = make(
            market,
            json(to_json_binary(&market::InstantiateMsg {
                registry: registry.to_string(),
                staking: staking.to_string(),
                beacon: BeaconMsg { public_key: beacon.public_key(), genesis: genesis.into(), period: 3u64.into() },
                params: self.params.clone(),
            })),
            "execution-market",
        );
        let mut suite = Suite {
            app,
            token,
            registry,
            staking,
            market,
            accounts,
            beacon,
            beacon_schedule: mesg_protocol::beacon::BeaconParams { genesis, period: 3 },
            runners: Vec::new(),
            service: ServiceId(1),
            version: VersionId(1),
            terms: TermsId(1),
            epoch_secs: self.epoch_secs,
        };
        suite.set_market();
        self.publish(&mut suite);
        for number in 0..self.runners {
            self.add_runner(&mut suite, &bank, number);
        }
        suite.advance(u64::from(self.epoch_secs) + 1);
        suite
    }

    fn publish(&self, suite: &mut Suite) {
        let register =
            registry::ReceiveMsg::RegisterService { sid: "sum".to_owned(), name: None, description: None, url: None };
        let registry = suite.registry.clone();
        suite.send_token("developer", &registry, 5_000_000, &register).expect("registered");
        let publish = registry::ExecuteMsg::PublishVersion { service: ServiceId(1), manifest: self.manifest() };
        suite.execute("developer", &registry, &publish).expect("published");
        let bond = market::ReceiveMsg::BondService { service: ServiceId(1) };
        let market = suite.market.clone();
        suite.send_token("developer", &market, 1_000_000_000, &bond).expect("service bonded");
    }

    fn add_runner(&self, suite: &mut Suite, bank: &Addr, number: u32) {
        let owner = suite.app.api().addr_make(&format!("owner{number}"));
        let operator = suite.app.api().addr_make(&format!("operator{number}"));
        let attestation = SigningKey::from_slice(&sha256(&[b"test attestation", &number.to_be_bytes()]).0)
            .expect("a scalar below the order");
        let register = staking::ExecuteMsg::RegisterRunner {
            service: suite.service,
            operator: operator.to_string(),
            attestation_key: Runner::public_key(&attestation),
            endpoint: String::new(),
        };
        let (staking, token) = (suite.staking.clone(), suite.token.clone());
        let id = RunnerId(number + 1);
        suite.app.execute_contract(owner.clone(), staking.clone(), &register, &[]).expect("registered");
        let fund = Cw20ExecuteMsg::Transfer { recipient: owner.to_string(), amount: self.stake.into() };
        suite.app.execute_contract(bank.clone(), token.clone(), &fund, &[]).expect("funded");
        let bond = Cw20ExecuteMsg::Send {
            contract: staking.to_string(),
            amount: self.stake.into(),
            msg: to_json_binary(&staking::ReceiveMsg::Bond { runner: id }).expect("JSON"),
        };
        suite.app.execute_contract(owner.clone(), token, &bond, &[]).expect("bonded");
        let opt_in = staking::ExecuteMsg::OptIn { runner: id, version: suite.version };
        suite.app.execute_contract(owner.clone(), staking, &opt_in, &[]).expect("opted in");
        suite.runners.push(Runner { id, owner, operator, attestation });
    }
}

fn coin(account: &Addr, amount: u128) -> Cw20Coin {
    Cw20Coin { address: account.to_string(), amount: amount.into() }
}
