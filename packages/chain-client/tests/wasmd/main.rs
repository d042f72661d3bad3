//! Against a real node: `MESG_TEST_RPC` is its RPC address, `MESG_TEST_MNEMONIC` the path of a file with the
//! mnemonic of an account that holds coins of the fee denomination (`MESG_TEST_DENOM`, default `ucosm`, at 0.025).
//! Without them each test says that it did not run.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing
)]

mod bench;
mod blocks;
mod codes;
mod lane;
mod queries;
