//! What one step of the measurement leaves for the next.

use cosmwasm_std::Addr;
use mesg_test_kit::{Chain, Contracts, Suite};
use serde::{Deserialize, Serialize};

/// Gas by name.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Gas(pub std::collections::BTreeMap<String, u64>);

impl Gas {
    /// A number that was noted.
    pub fn of(&self, name: &str) -> u64 {
        *self.0.get(name).unwrap_or_else(|| panic!("{name} was not measured"))
    }

    /// Notes a number.
    pub fn note(&mut self, name: &str, gas: u64) {
        eprintln!("gas: {name} {gas}");
        self.0.insert(name.to_owned(), gas);
    }

    /// Notes a number, unless a larger one is noted already.
    pub fn note_largest(&mut self, name: &str, gas: u64) {
        let known = self.0.get(name).copied().unwrap_or(0);
        self.note(name, gas.max(known));
    }
}

/// Numbers so far, and where the contracts of the first pool are.
#[derive(Debug, Serialize, Deserialize)]
pub struct State {
    /// The contracts.
    pub contracts: Contracts,
    /// The contract that does nothing.
    pub no_op: Addr,
    /// The numbers.
    pub gas: Gas,
}

impl State {
    /// Of a new suite.
    pub fn new<C: Chain>(suite: &Suite<C>, no_op: Addr) -> Self {
        let contracts = Contracts {
            token: suite.token.clone(),
            registry: suite.registry.clone(),
            staking: suite.staking.clone(),
            market: suite.market.clone(),
        };
        Self { contracts, no_op, gas: Gas::default() }
    }

    /// From a file.
    pub fn load(path: &str) -> Self {
        serde_json::from_slice(&std::fs::read(path).expect("a state")).expect("a state")
    }

    /// To a file.
    pub fn save(&self, path: &str) {
        std::fs::write(path, serde_json::to_vec(self).expect("JSON")).expect("a file");
    }
}
