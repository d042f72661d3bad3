//! The rules of the market: pure, no storage, no clock, no chain types.
//!
//! Sections in parentheses, as in (1.2), are those of `docs/mechanism.md`.

pub mod beacon;
pub mod bps;
pub mod canonical_json;
pub mod capacity;
pub mod clock;
pub mod codec;
pub mod digest;
pub mod draw;
pub mod execution;
pub mod ids;
pub mod money;
pub mod offence;
pub mod params;
pub mod price_change;
pub mod producers;
pub mod schema;
pub mod score;
pub mod seal;
pub mod signature;
pub mod stake;
pub mod sum_tree;
pub mod terms;
pub mod timelock;
pub mod unbonding;
pub mod versioned;
