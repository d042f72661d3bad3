//! Tokens that lie, refuse and call back: what the market owes to others does not depend on them.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint128, WasmMsg,
    to_json_binary,
};
use cw_multi_test::{App, ContractWrapper, Executor};
use cw_storage_plus::Item;
use cw20::Cw20ReceiveMsg;
use mesg_api::market::{ExecuteMsg, InstantiateMsg, PurseResponse, QueryMsg, ReceiveMsg};
use mesg_api::{registry, staking};
use mesg_protocol::bps::Bps;
use mesg_test_kit::{Beacon, Suite};

use crate::messages::{messages, name};
use crate::phases::suite;

/// A token without balances. It claims whatever it is told to, and while it transfers it lets a puppet speak.
#[cw_serde]
enum TokenMsg {
    Claim { to: String, hook: Cw20ReceiveMsg },
    CallBack { puppet: String, to: String, msg: Option<Binary> },
    Transfer { recipient: String, amount: Uint128 },
    Burn { amount: Uint128 },
}

/// An account with code: sends what it is told to.
#[cw_serde]
enum PuppetMsg {
    Send { to: String, msg: Binary },
}

const CALL_BACK: Item<(String, PuppetMsg)> = Item::new("call_back");

fn token(deps: DepsMut, _: Env, _: MessageInfo, msg: TokenMsg) -> StdResult<Response> {
    match msg {
        TokenMsg::Claim { to, hook } => {
            let msg = to_json_binary(&ExecuteMsg::Receive(hook))?;
            Ok(Response::new().add_message(WasmMsg::Execute { contract_addr: to, msg, funds: vec![] }))
        }
        TokenMsg::CallBack { puppet, to, msg } => {
            match msg {
                Some(msg) => CALL_BACK.save(deps.storage, &(puppet, PuppetMsg::Send { to, msg }))?,
                None => CALL_BACK.remove(deps.storage),
            }
            Ok(Response::new())
        }
        TokenMsg::Transfer { recipient, .. } if recipient == address("frozen") => Err(StdError::generic_err("frozen")),
        TokenMsg::Transfer { .. } | TokenMsg::Burn { .. } => {
            let Some((contract_addr, msg)) = CALL_BACK.may_load(deps.storage)? else { return Ok(Response::new()) };
            CALL_BACK.remove(deps.storage);
            let msg = to_json_binary(&msg)?;
            Ok(Response::new().add_message(WasmMsg::Execute { contract_addr, msg, funds: vec![] }))
        }
    }
}

fn puppet(_: DepsMut, _: Env, _: MessageInfo, msg: PuppetMsg) -> StdResult<Response> {
    let PuppetMsg::Send { to, msg } = msg;
    Ok(Response::new().add_message(WasmMsg::Execute { contract_addr: to, msg, funds: vec![] }))
}

fn instantiate_token(deps: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    cw2::set_contract_version(deps.storage, "mesg-token", "0.1.0")?;
    Ok(Response::new())
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Ok(Binary::default())
}

fn address(name: &str) -> String {
    App::default().api().addr_make(name).into_string()
}

/// A market on a hostile token.
struct Hostile {
    suite: Suite,
    puppet: Addr,
}

impl Hostile {
    fn new() -> Self {
        let mut suite = suite();
        let sender = suite.account("developer");
        let codes =
            [&suite.registry, &suite.staking, &suite.market].map(|of| suite.app.contract_data(of).unwrap().code_id);
        let code = suite.app.store_code(Box::new(ContractWrapper::new(token, instantiate_token, query)));
        let token = suite.app.instantiate_contract(code, sender.clone(), &Empty {}, &[], "token", None).unwrap();
        let code = suite.app.store_code(Box::new(ContractWrapper::new(puppet, instantiate, query)));
        let puppet = suite.app.instantiate_contract(code, sender.clone(), &Empty {}, &[], "puppet", None).unwrap();
        let msg = registry::InstantiateMsg {
            owner: sender.to_string(),
            token: token.to_string(),
            registration_fee: 1u128.into(),
        };
        let registry = suite.app.instantiate_contract(codes[0], sender.clone(), &msg, &[], "registry", None).unwrap();
        let msg = staking::InstantiateMsg {
            token: token.to_string(),
            registry: registry.to_string(),
            epoch_secs: 1_200,
            unbonding_secs: 14 * 86_400,
            block_max_avg: 10,
            min_stake: 1u128.into(),
            capacity_bps: Bps::saturating(4_000),
            producer_epoch_secs: staking::msg::producer_epoch_secs(),
        };
        let staking = suite.app.instantiate_contract(codes[1], sender.clone(), &msg, &[], "staking", None).unwrap();
        let beacon = mesg_api::market::BeaconMsg {
            public_key: Beacon::new(5).public_key(),
            genesis: 0u64.into(),
            period: 3u64.into(),
        };
        let msg = InstantiateMsg {
            registry: registry.to_string(),
            staking: staking.to_string(),
            beacon,
            params: suite.params.clone(),
            owner: None,
            pauser: None,
        };
        let market = suite.app.instantiate_contract(codes[2], sender, &msg, &[], "market", None).unwrap();
        (suite.token, suite.registry, suite.staking, suite.market) = (token, registry, staking, market);
        Self { suite, puppet }
    }

    /// The token says that `account` has sent it `amount`.
    fn claim(&mut self, account: &str, amount: u128) -> Result<(), String> {
        let msg = to_json_binary(&ReceiveMsg::Deposit { account: None, sub: 0 }).unwrap();
        let hook = Cw20ReceiveMsg { sender: account.to_owned(), amount: amount.into(), msg };
        let claim = TokenMsg::Claim { to: self.suite.market.to_string(), hook };
        let token = self.suite.token.clone();
        self.suite.execute("mallory", &token, &claim).map(drop)
    }

    /// While the token transfers next, the puppet sends `msg` to `to`.
    fn call_back(&mut self, to: &Addr, msg: Option<Binary>) {
        let (token, puppet) = (self.suite.token.clone(), self.puppet.to_string());
        let arm = TokenMsg::CallBack { puppet, to: to.to_string(), msg };
        self.suite.execute("mallory", &token, &arm).unwrap();
    }

    fn balance(&self, account: &str) -> u128 {
        let query = QueryMsg::Purse { account: account.to_owned(), sub: 0 };
        self.suite.ask::<PurseResponse>(&query).balance.u128()
    }

    /// Σ of the ledger.
    fn sum(&self) -> u128 {
        crate::snapshot::buckets(&self.suite.ledger()).iter().sum()
    }

    /// The puppet withdraws `amount` of its purse.
    fn withdraw(&mut self, amount: u128, to: Option<String>) -> Result<(), String> {
        let msg = ExecuteMsg::Withdraw { sub: 0, amount: Some(amount.into()), to };
        let send = PuppetMsg::Send { to: self.suite.market.to_string(), msg: to_json_binary(&msg).unwrap() };
        let puppet = self.puppet.clone();
        self.suite.execute("mallory", &puppet, &send).map(drop)
    }
}

#[test]
fn attack_34_a_lying_token_fills_purses_but_not_beyond_128_bits() {
    let mut hostile = Hostile::new();
    let alice = address("alice");
    hostile.claim(&alice, u128::MAX).unwrap();
    for account in [&alice, &address("bob")] {
        let error = hostile.claim(account, 1).unwrap_err();
        assert!(error.contains("amount does not fit 128 bits"), "{error}");
    }
    assert_eq!((hostile.balance(&alice), hostile.sum()), (u128::MAX, u128::MAX));
}

#[test]
fn attack_34_a_transfer_that_reverts_loses_nothing() {
    let mut hostile = Hostile::new();
    let puppet = hostile.puppet.to_string();
    hostile.claim(&puppet, 1_000).unwrap();
    hostile.withdraw(400, Some(address("frozen"))).unwrap_err();
    assert_eq!((hostile.balance(&puppet), hostile.sum()), (1_000, 1_000));
}

#[test]
fn attack_37_a_receiver_that_always_fails_holds_up_nobody() {
    let mut hostile = Hostile::new();
    let (frozen, puppet) = (address("frozen"), hostile.puppet.to_string());
    hostile.claim(&frozen, 500).unwrap();
    hostile.claim(&puppet, 1_000).unwrap();
    let withdraw = ExecuteMsg::Withdraw { sub: 0, amount: None, to: None };
    hostile.suite.market("frozen", &withdraw).unwrap_err();
    hostile.withdraw(1_000, None).unwrap();
    assert_eq!((hostile.balance(&frozen), hostile.balance(&puppet), hostile.sum()), (500, 0, 500));
    let elsewhere = ExecuteMsg::Withdraw { sub: 0, amount: None, to: Some(address("bob")) };
    hostile.suite.market("frozen", &elsewhere).unwrap();
    assert_eq!(hostile.sum(), 0);
}

#[test]
fn attack_36_withdrawing_again_inside_a_withdrawal_pays_once() {
    let mut hostile = Hostile::new();
    let (puppet, market) = (hostile.puppet.to_string(), hostile.suite.market.clone());
    hostile.claim(&puppet, 1_000).unwrap();
    hostile.claim(&address("alice"), 9_000).unwrap();
    for (first, second, left) in [(600, 600, 1_000), (600, 400, 0)] {
        let again = ExecuteMsg::Withdraw { sub: 0, amount: Some(Uint128::new(second)), to: None };
        hostile.call_back(&market, Some(to_json_binary(&again).unwrap()));
        let result = hostile.withdraw(first, None);
        assert_eq!(result.is_err(), left == 1_000, "{result:?}");
        assert_eq!((hostile.balance(&puppet), hostile.sum()), (left, 9_000 + left));
    }
}

#[test]
fn attack_36_no_message_inside_a_withdrawal_finds_half_a_state() {
    let mut hostile = Hostile::new();
    let (puppet, market) = (hostile.puppet.to_string(), hostile.suite.market.clone());
    for msg in messages(&hostile.suite) {
        hostile.claim(&puppet, 1_000).unwrap();
        let (had, sum) = (hostile.balance(&puppet), hostile.sum());
        hostile.call_back(&market, Some(to_json_binary(&msg).unwrap()));
        let result = hostile.withdraw(10, None);
        // A withdrawal of 1 inside takes 1 more; all others move nothing, or fail with the whole.
        let inner = if matches!(msg, ExecuteMsg::Withdraw { .. }) { 1 } else { 0 };
        let taken = if result.is_ok() { 10 + inner } else { 0 };
        assert_eq!(hostile.balance(&puppet), had - taken, "{}: {result:?}", name(&msg));
        assert_eq!(hostile.sum(), sum - taken, "{}", name(&msg));
        hostile.call_back(&market, None);
    }
}
