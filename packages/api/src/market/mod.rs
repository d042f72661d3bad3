//! Interface of the execution-market: the executions and their money.

mod event;
mod msg;
mod params;
mod permission;
mod query;
mod rows;

pub use event::MarketEvent;
pub use msg::*;
pub use params::{ParamsMsg, TipsMsg};
pub use permission::Permission;
pub use query::*;
pub use rows::*;
