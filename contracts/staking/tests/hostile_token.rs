//! Tokens that misbehave: what the contract owes to others never depends on them more than it must.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Response, StdError, StdResult, Uint128, WasmMsg,
    to_json_binary,
};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{AppResponse, ContractWrapper, Executor};
use cw20::Cw20ReceiveMsg;
use mesg_api::staking::{ExecuteMsg, Permission, QueryMsg, ReceiveMsg, RunnerResponse};
use mesg_api::token;
use mesg_protocol::ids::RunnerId;
use mesg_staking::ContractError;
use suite::{BLOCK, Suite, UNBONDING, instantiate_msg, register_msg};

/// A token without balances: it claims whatever it is told to, and refuses transfers to `frozen`.
#[cw_serde]
enum HostileMsg {
    Claim { to: String, hook: Cw20ReceiveMsg },
    Transfer { recipient: String, amount: Uint128 },
}

fn execute(_deps: DepsMut, _env: Env, _info: MessageInfo, msg: HostileMsg) -> StdResult<Response> {
    match msg {
        HostileMsg::Claim { to, hook } => {
            let msg = to_json_binary(&ExecuteMsg::Receive(hook))?;
            Ok(Response::new().add_message(WasmMsg::Execute { contract_addr: to, msg, funds: vec![] }))
        }
        HostileMsg::Transfer { recipient, .. } if recipient == frozen().as_str() => {
            Err(StdError::generic_err("frozen"))
        }
        HostileMsg::Transfer { .. } => Ok(Response::new()),
    }
}

fn frozen() -> Addr {
    cw_multi_test::App::default().api().addr_make("frozen")
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Ok(Binary::default())
}

struct Hostile {
    suite: Suite,
    token: Addr,
    staking: Addr,
}

impl Hostile {
    fn new() -> Self {
        let mut suite = Suite::new();
        let deployer = suite.account("deployer");
        let code = suite.app.store_code(Box::new(ContractWrapper::new(execute, instantiate, query)));
        let token = suite.app.instantiate_contract(code, deployer.clone(), &Empty {}, &[], "hostile", None).unwrap();
        let code = suite.app.contract_data(&suite.staking).unwrap().code_id;
        let msg = instantiate_msg(&token, &suite.registry);
        let staking = suite.app.instantiate_contract(code, deployer, &msg, &[], "staking", None).unwrap();
        suite.market = suite.market_of(&staking);
        let market = suite.market.to_string();
        let mut hostile = Self { suite, token, staking };
        hostile.exec("deployer", &ExecuteMsg::SetMarket { market }).unwrap();
        for owner in ["frozen", "alice"] {
            let operator = hostile.suite.account(owner).to_string();
            hostile.exec(owner, &register_msg(hostile.suite.service, operator)).unwrap();
        }
        hostile
    }

    fn exec(&mut self, sender: &str, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        self.suite.app.execute_contract(self.suite.account(sender), self.staking.clone(), msg, &[])
    }

    fn claim(&mut self, owner: &str, runner: u32, amount: u128) -> AnyResult<AppResponse> {
        let msg = to_json_binary(&ReceiveMsg::Bond { runner: RunnerId(runner) }).unwrap();
        let sender = self.suite.account(owner).to_string();
        let hook = Cw20ReceiveMsg { sender, amount: Uint128::new(amount), msg };
        let claim = HostileMsg::Claim { to: self.staking.to_string(), hook };
        self.suite.app.execute_contract(self.suite.account("mallory"), self.token.clone(), &claim, &[])
    }

    fn get(&self, runner: u32) -> RunnerResponse {
        let query = QueryMsg::Runner { runner: RunnerId(runner) };
        self.suite.app.wrap().query_wasm_smart(&self.staking, &query).unwrap()
    }

    fn unbond_all(&mut self, owner: &str, runner: u32) {
        let amount = self.get(runner).active;
        self.exec(owner, &ExecuteMsg::Unbond { runner: RunnerId(runner), amount }).unwrap();
    }
}

#[test]
fn attack_34_a_transfer_that_reverts_loses_nothing() {
    let mut hostile = Hostile::new();
    hostile.claim("frozen", 1, 1_000).unwrap();
    hostile.unbond_all("frozen", 1);
    hostile.suite.advance(u64::from(UNBONDING), u64::from(UNBONDING / BLOCK));
    let before = hostile.get(1);
    hostile.exec("frozen", &ExecuteMsg::Withdraw { runner: RunnerId(1), to: None }).unwrap_err();
    assert_eq!(hostile.get(1), before);
    let to = Some(hostile.suite.account("elsewhere").to_string());
    hostile.exec("frozen", &ExecuteMsg::Withdraw { runner: RunnerId(1), to }).unwrap();
    assert_eq!(hostile.get(1).tokens, Uint128::zero());
}

#[test]
fn attack_37_a_recipient_that_always_fails_holds_up_nobody() {
    let mut hostile = Hostile::new();
    for (owner, runner) in [("frozen", 1), ("alice", 2)] {
        hostile.claim(owner, runner, 1_000).unwrap();
        hostile.unbond_all(owner, runner);
    }
    hostile.suite.advance(u64::from(UNBONDING), u64::from(UNBONDING / BLOCK));
    hostile.exec("frozen", &ExecuteMsg::Withdraw { runner: RunnerId(1), to: None }).unwrap_err();
    hostile.exec("alice", &ExecuteMsg::Withdraw { runner: RunnerId(2), to: None }).unwrap();
    hostile.exec("market", &suite::slash_msg(&[(RunnerId(1), 1_000)])).unwrap();
}

#[test]
fn attack_34_amounts_beyond_128_bits_are_refused() {
    let mut hostile = Hostile::new();
    hostile.claim("alice", 2, u128::MAX).unwrap();
    let refused = hostile.claim("alice", 2, 1).unwrap_err();
    assert!(matches!(refused.downcast().unwrap(), ContractError::Stake(_)));
    hostile.claim("frozen", 1, u128::MAX).unwrap();
    let both = suite::slash_msg(&[(RunnerId(1), u128::MAX), (RunnerId(2), 1)]);
    hostile.exec("market", &both).unwrap_err();
    assert_eq!(hostile.get(1).tokens, Uint128::MAX);
}

#[test]
fn attack_35_another_token_credits_nobody() {
    let mut suite = Suite::new();
    let runner = suite.register("mallory");
    let code = suite.app.contract_data(&suite.token).unwrap().code_id;
    let mallory = suite.account("mallory");
    let msg = token::InstantiateMsg {
        name: "Fake MESG".to_owned(),
        symbol: "MESG".to_owned(),
        decimals: 6,
        initial_balances: vec![cw20::Cw20Coin { address: mallory.to_string(), amount: Uint128::MAX }],
    };
    let fake = suite.app.instantiate_contract(code, mallory, &msg, &[], "fake", None).unwrap();
    suite.token = fake;
    let refused = suite.bond_refused("mallory", runner, 1_000);
    assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Token }));
}
