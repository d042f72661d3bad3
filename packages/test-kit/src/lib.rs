//! The whole suite of contracts on cw-multi-test: a builder, named actors, a real BLS beacon, real seals, time travel
//! and an invariant checker. Usable by outsiders who test a contract that requests executions. With feature `node` the
//! same suite runs on a real node (`Node`).
//!
//! ```
//! use mesg_test_kit::Suite;
//!
//! let mut suite = Suite::builder().runners(12).build();
//! let execution = suite.request("alice");
//! suite.run_to_end(execution);
//! assert_eq!(suite.execution(execution).phase, "finalized");
//! suite.check_invariants();
//! ```
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    clippy::unwrap_used,
    reason = "test code: a panic is how it reports"
)]

mod actions;
mod beacon;
mod builder;
mod chain;
mod invariants;
#[cfg(feature = "node")]
mod node;
mod pool;
mod runner;
mod suite;
mod validators;

pub use beacon::Beacon;
pub use builder::{Contracts, RICH, SuiteBuilder};
pub use chain::{Chain, Contract, Receipt};
#[cfg(feature = "node")]
pub use node::{Network, Node};
pub use pool::{Leaves, Pool};
pub use runner::{Place, Runner, Work};
pub use suite::{Outcome, Suite, send, told};
