//! The MESG token: cw20-base with a fixed supply.
//!
//! Balances, allowances and queries are cw20-base's; this crate adds the checks of the initial balances, an own contract name
//! for migrations and the refusal of native coins, and leaves minting and marketing out.

pub mod contract;
mod error;

pub use error::ContractError;
