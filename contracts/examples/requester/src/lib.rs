//! A contract that requests executions of one task and keeps how they ended.

pub mod contract;
mod error;
pub mod msg;

pub use error::ContractError;
