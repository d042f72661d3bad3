//! One query per file.

mod config;
mod draw_many;
mod pool;
mod pool_runners;
mod pool_security;
mod producers;
mod runner;
mod runners;

use cosmwasm_std::Deps;

pub use config::config;
pub use draw_many::draw_many;
pub use pool::pool;
pub use pool_runners::pool_runners;
pub use pool_security::pool_security;
pub use producers::{producer_claims, producer_members, producer_pot, producers};
pub use runner::runner;
pub use runners::{by_operator, by_owner, runners};

use crate::state::Config;

/// What a query sees.
pub struct View<'a> {
    pub deps: Deps<'a>,
    pub config: Config,
    /// The epoch of the block that answers.
    pub epoch: u64,
    /// The block producers' epoch of that block.
    pub producer_epoch: u64,
}

/// Entries of a page: 10 by default, 50 at most.
fn page(limit: Option<u32>) -> u32 {
    limit.unwrap_or(10).min(50)
}

/// Seats as messages have them.
fn seats(weight: u64) -> u32 {
    u32::try_from(weight).unwrap_or(u32::MAX)
}
