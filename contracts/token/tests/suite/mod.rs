//! A chain with the token's code.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::panic, reason = "every test file uses a part of this")]

use cosmwasm_std::{Addr, StdResult, Uint128, from_json};
use cw_multi_test::error::AnyResult;
use cw_multi_test::{App, AppResponse, ContractWrapper, Executor};
use cw20::{BalanceResponse, Cw20Coin, TokenInfoResponse};
use cw20_base::msg::QueryMsg;
use mesg_api::token::{ExecuteMsg, InstantiateMsg};
use mesg_token::contract;

pub struct Suite {
    pub app: App,
    pub code: u64,
    pub admin: Addr,
}

impl Suite {
    pub fn new() -> Self {
        let mut app = App::default();
        let admin = app.api().addr_make("admin");
        let wrapper = ContractWrapper::new(contract::execute, contract::instantiate, contract::query)
            .with_migrate(contract::migrate);
        let code = app.store_code(Box::new(wrapper));
        Self { app, code, admin }
    }

    pub fn account(&self, name: &str) -> Addr {
        self.app.api().addr_make(name)
    }

    pub fn instantiate(&mut self, msg: &InstantiateMsg) -> AnyResult<Addr> {
        let admin = self.admin.clone();
        self.app.instantiate_contract(self.code, admin.clone(), msg, &[], "token", Some(admin.into()))
    }

    /// A token owned by `names`, 1,000 base units each.
    pub fn token_of(&mut self, names: &[&str]) -> Addr {
        let msg = token(names.iter().map(|name| coin(self.account(name), 1_000)).collect());
        self.instantiate(&msg).unwrap()
    }

    pub fn execute(&mut self, token: &Addr, sender: &Addr, msg: &ExecuteMsg) -> AnyResult<AppResponse> {
        self.app.execute_contract(sender.clone(), token.clone(), msg, &[])
    }

    pub fn balance(&self, token: &Addr, of: &Addr) -> u128 {
        let query = QueryMsg::Balance { address: of.to_string() };
        let found: BalanceResponse = self.app.wrap().query_wasm_smart(token, &query).unwrap();
        found.balance.u128()
    }

    pub fn info(&self, token: &Addr) -> TokenInfoResponse {
        self.app.wrap().query_wasm_smart(token, &QueryMsg::TokenInfo {}).unwrap()
    }

    pub fn cw2(&self, token: &Addr) -> StdResult<cw2::ContractVersion> {
        from_json(self.app.wrap().query_wasm_raw(token, b"contract_info")?.unwrap())
    }
}

pub fn coin(address: impl Into<String>, amount: u128) -> Cw20Coin {
    Cw20Coin { address: address.into(), amount: Uint128::new(amount) }
}

pub fn token(initial_balances: Vec<Cw20Coin>) -> InstantiateMsg {
    InstantiateMsg { name: "MESG".to_owned(), symbol: "MESG".to_owned(), decimals: 6, initial_balances }
}
