//! Measures the rules of the market (docs/mechanism.md 2.1, 1.5, 3).
//!
//! Committees are drawn by the real draw from real sum trees, executions are decided and paid by the state machine of
//! `mesg-protocol`: nothing of the rules is written here again but the formula that they are compared with.

pub mod coalition;
pub mod court;
pub mod declines;
pub mod document;
pub mod error;
pub mod formula;
pub mod griefing;
pub mod interval;
pub mod jobs;
pub mod lazy;
pub mod patient;
pub mod plot;
pub mod pool;
pub mod report;
pub mod rows;
pub mod saturation;
pub mod sybil;
pub mod wrong_results;
