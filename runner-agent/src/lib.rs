//! The daemon a runner runs: executes, validates, relays the beacon, turns the crank.
//!
//! [`agent::Agent`] is the loop; README.md has the picture and the configuration.

pub mod abstain;
pub mod act;
pub mod address;
pub mod agent;
pub mod attestation_key;
pub mod beacon;
pub mod blob;
#[cfg(feature = "byzantine")]
pub mod byzantine;
pub mod check;
pub mod clock;
pub mod component_store;
pub mod config;
pub mod duty;
pub mod equivocation;
pub mod exchange;
pub mod fetch;
pub mod jobs;
pub mod journal;
pub mod keyring;
pub mod market;
pub mod parked;
pub mod patrol;
pub mod plan;
pub mod post;
pub mod preparation;
pub mod publication;
pub mod queue;
pub mod relay;
pub mod seat;
pub mod secret;
pub mod task;
pub mod turn;
pub mod window;
pub mod work;
