//! The registry: what is offered (docs/mechanism.md 2.2, 2.5, 4).
//!
//! - **Definitions**: a service is a name with an owner and a status; a version is an immutable manifest, identified by the
//!   SHA-256 of its canonical JSON; a row of terms belongs to one task of one version.
//! - **State**: see [`state`]; services, versions and terms are numbered from 1 without gaps.
//! - **Invariants**: a number and what it stands for never change; a name is taken once and for ever; a service has each
//!   manifest once; a retired service gets no version, price, tag or status any more; the registry never holds money.
//! - **Transitions**: register (fee burned), publish, set status and tags, announce and withdraw prices, deprecate, yank,
//!   hand over to another owner.

pub mod contract;
mod error;
mod execute;
mod query;
pub mod state;
mod yanked;

pub use error::ContractError;
