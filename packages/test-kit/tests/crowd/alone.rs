//! One contract of the suite, run by itself on a copy of what it stores. The others answer it; what it sends to them is
//! not sent.

use std::fmt::Debug;

use cosmwasm_std::testing::message_info;
use cosmwasm_std::{
    Addr, Binary, ContractInfo, Deps, DepsMut, Env, MessageInfo, Order, Record, Response, Storage, from_json,
};
use mesg_test_kit::Suite;
use serde::de::DeserializeOwned;

use crate::meter::{Cost, Meter};

/// A contract with messages `M`, queries `Q` and errors `E`.
pub struct Alone<M, Q, E> {
    pub suite: Suite,
    contract: Addr,
    stored: Meter,
    execute: fn(DepsMut<'_>, Env, MessageInfo, M) -> Result<Response, E>,
    query: fn(Deps<'_>, Env, Q) -> Result<Binary, E>,
}

impl<M, Q, E: Debug> Alone<M, Q, E> {
    pub fn new(
        suite: Suite,
        contract: Addr,
        execute: fn(DepsMut<'_>, Env, MessageInfo, M) -> Result<Response, E>,
        query: fn(Deps<'_>, Env, Q) -> Result<Binary, E>,
    ) -> Self {
        let stored = Meter::new(suite.app.dump_wasm_raw(&contract));
        Self { suite, contract, stored, execute, query }
    }

    /// The same contract with other records.
    pub fn holding(self, records: Vec<Record>) -> Self {
        Self { stored: Meter::new(records), ..self }
    }

    /// What it stores.
    pub fn stored(&self) -> Vec<Record> {
        self.stored.range(None, None, Order::Ascending).collect()
    }

    /// Executes a message, which must be taken, and gives its cost.
    pub fn run(&mut self, sender: &Addr, msg: M) -> Cost {
        self.stored.take();
        let env = self.env();
        let app = &self.suite.app;
        let deps = DepsMut { storage: &mut self.stored, api: app.api(), querier: app.wrap() };
        (self.execute)(deps, env, message_info(sender, &[]), msg).unwrap();
        self.stored.take()
    }

    /// Answers a query: the answer, its cost and its bytes.
    pub fn ask<T: DeserializeOwned>(&self, msg: Q) -> (T, Cost, usize) {
        self.stored.take();
        let app = &self.suite.app;
        let deps = Deps { storage: &self.stored, api: app.api(), querier: app.wrap() };
        let answer = (self.query)(deps, self.env(), msg).unwrap();
        (from_json(&answer).unwrap(), self.stored.take(), answer.len())
    }

    fn env(&self) -> Env {
        let contract = ContractInfo { address: self.contract.clone() };
        Env { block: self.suite.app.block_info(), transaction: None, contract }
    }
}
