//! Validators of the in-process chain. It bonds them for ever: what depends on leaving the bonded set is tested on wasmd.

use bech32::{Bech32, Hrp};
use cosmwasm_std::{Addr, Api, Decimal, Validator};
use cw_multi_test::App;

use crate::suite::Suite;

/// Bytes of the account of a key; accounts made from names have more.
const KEY_ACCOUNT: usize = 20;

impl Suite<App> {
    /// Bonds a validator and gives its account, which has 20 bytes.
    pub fn bond_validator(&mut self, name: &str) -> Addr {
        let whole = self.app.api().addr_canonicalize(self.account(name).as_str()).expect("an address");
        let bytes = &whole[..KEY_ACCOUNT];
        let prefix = Hrp::parse("cosmwasmvaloper").expect("a prefix");
        let operator = bech32::encode::<Bech32>(prefix, bytes).expect("an address");
        let (block, rate) = (self.app.block_info(), Decimal::percent(10));
        let validator = Validator::new(operator, rate, rate, rate);
        self.app.init_modules(|router, api, storage| {
            router.staking.add_validator(api, storage, &block, validator).expect("a new validator");
        });
        self.app.api().addr_humanize(&bytes.into()).expect("an address")
    }
}
