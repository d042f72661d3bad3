//! The execution-market: the executions and their money.
//!
//! `contract` has the entry points and the dispatch; `execute/` one file a message, `query/` one a query; the rules
//! are in `mesg-protocol`. [`session::Session`] is what one message works on: it loads what is touched, keeps it, and
//! writes it once at the end.

mod acts;
mod bench;
mod bounds;
pub mod contract;
mod ending;
pub mod error;
mod execute;
mod governance;
mod index;
mod ledger;
mod offer;
mod query;
mod results;
mod session;
mod slashing;
pub mod state;
mod upgrade;
