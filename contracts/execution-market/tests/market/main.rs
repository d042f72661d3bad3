//! The market from outside, one file a message, on the whole suite: real token, registry, staking, seals and BLS.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests: a panic is how they report"
)]

mod attacks;
mod bad_input;
mod burn;
mod certify;
mod challenge;
mod claim;
mod close_epoch;
mod crowd;
mod decline;
mod deliver;
mod disputes;
mod equivocation;
mod escalation;
mod forged;
mod golden;
mod hostile;
mod instantiate;
mod leaving;
mod messages;
mod open;
mod own_run;
mod ownership;
mod pause;
mod permissions;
mod phases;
mod poke;
mod proposal;
mod prune;
mod publish;
mod queries;
mod random;
mod receive;
mod request;
mod seal;
mod seat;
mod service_bond;
mod settle;
mod snapshot;
mod submit_beacon;
mod tick;
mod unsettled;
mod verify;
mod withdraw;
mod withheld;
