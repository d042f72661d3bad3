//! Interface of the execution-market: the executions and their money.

mod event;
mod governance;
mod msg;
mod params;
mod permission;
mod query;
mod rows;

pub use event::MarketEvent;
pub use governance::{Change, ChangeKind, ChangeRef, GovernanceResponse, OwnershipOffer, Proposal};
pub use msg::*;
pub use params::{ParamsMsg, TipsMsg};
pub use permission::Permission;
pub use query::*;
pub use rows::*;
