//! One message per file. Permissions have been checked before.

mod claim_producer;
mod close_epoch;
mod opt_in;
mod opt_out;
mod receive;
mod register_runner;
mod rotate_key;
mod set_market;
mod slash;
mod sync;
mod unbond;
mod unjail;
mod update_runner;
mod withdraw;

pub use claim_producer::claim_producer;
pub use opt_in::opt_in;
pub use opt_out::opt_out;
pub use receive::receive;
pub use register_runner::register_runner;
pub use rotate_key::rotate_key;
pub use set_market::set_market;
pub use slash::slash;
pub use sync::sync;
pub use unbond::unbond;
pub use unjail::unjail;
pub use update_runner::update_runner;
pub use withdraw::withdraw;
