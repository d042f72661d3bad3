//! The whole suite of contracts on cw-multi-test: a builder, named actors, a real BLS beacon, real seals, time travel
//! and an invariant checker. Usable by outsiders who test a contract that requests executions.
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
mod invariants;
mod runner;
mod suite;

pub use beacon::Beacon;
pub use builder::SuiteBuilder;
pub use runner::{Runner, Work};
pub use suite::{Outcome, Suite};
