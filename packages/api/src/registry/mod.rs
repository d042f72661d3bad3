//! Interface of the registry contract: what is offered (docs/mechanism.md 2.2, 2.5, 4).
//!
//! A service has an owner and immutable versions; a version is identified by the digest of its manifest; each task of a
//! version has one numbered row of terms, which market and staking read raw.

mod event;
mod rows;
mod status;

pub use event::RegistryEvent;
pub use rows::{SERVICES, ServiceRow, TERMS, VERSIONS, VersionRow};
pub use status::{Status, UnknownStatus};
