//! Interface of the token contract: a CW20 token of fixed supply.
//!
//! Its queries are those of cw20-base ([`cw20::Cw20QueryMsg`] in the same shape); its messages are CW20's without minting
//! and marketing, so any CW20 client works.

mod msg;

pub use msg::{ExecuteMsg, InstantiateMsg, MAX_DECIMALS, MAX_INITIAL_BALANCES, MigrateMsg};
