//! Interfaces of the MESG Market contracts: messages, responses, typed events both ways and the storage keys that
//! others may read raw. No contract depends on another contract's crate, only on this one.

pub mod event;
pub mod market;
pub mod message;
pub mod migration;
pub mod named_market;
pub mod pause;
pub mod record_map;
pub mod registry;
pub mod staking;
pub mod token;
