//! Client of a Cosmos chain for a daemon that must not lose or double a transaction.
//!
//! | subject | start at |
//! |---|---|
//! | two or more nodes, one sticky, failover | [`Chain`] |
//! | contract, account and balance queries with a height check | [`Chain::smart`], [`Chain::raw`], [`Chain::account`] |
//! | keys from a mnemonic | [`SigningKey`] |
//! | one key = one writer: simulate, sign, journal, broadcast, wait | [`Lane`] |
//! | latest height, blocks in order, events of our contracts | [`Heads`], [`Follower`], [`Block::wasm_events`] |
//! | what to do about an error | [`Error::class`] |
//!
//! Everything goes over JSON-RPC of the node; the websocket only shortens the wait for a block.
//! Answers of nodes are not proven: the contracts' state is the truth, an event is a hint to look.

mod block;
mod broadcast;
mod chain;
mod coin;
mod endpoint;
mod error;
mod follow;
mod hash;
mod head;
mod journal;
mod key;
mod lane;
mod message;
mod probe;
mod query;
mod rejection;
mod score;
mod settle;
mod simulate;
mod tx;
mod wake;
mod wire;

pub use block::{Block, BlockTx, Event, TxResult, WasmEvent};
pub use chain::{Chain, ChainConfig};
pub use coin::{Coin, GasPrice};
pub use error::{Class, Error};
pub use follow::Follower;
pub use hash::TxHash;
pub use head::{Head, Heads, HeadsConfig};
pub use journal::{JournalError, JournalFuture, PendingTx, TxEnd, TxJournal};
pub use key::SigningKey;
pub use lane::{Lane, LaneConfig, TxRequest};
pub use message::Message;
pub use probe::Probe;
pub use query::{Account, Answer, Status};
pub use rejection::{Rejection, classify, parse_sequence};
