//! Contract staking of MESG Market: who may be drawn and what they can lose.
//!
//! Rules: docs/mechanism.md 1.3 (weights by epoch), 1.4 (draw), 1.5 (seats), 3 (stake), 4 (block producers). Share
//! accounting, seats, sum tree, draw and producers' pots are pure and live in `mesg-protocol`; this crate loads, calls,
//! saves and tells.

mod access;
mod bonded;
mod call;
pub mod contract;
mod error;
mod execute;
mod pool;
mod query;
mod seats;
mod slots;
pub mod state;

pub use error::ContractError;
