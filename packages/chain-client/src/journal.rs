//! What must outlive the process: each transaction before it leaves, and how it ended.

use std::{future::Future, pin::Pin};

use crate::{Rejection, TxHash, TxResult};

/// Why a journal did not take a row.
pub type JournalError = Box<dyn std::error::Error + Send + Sync>;

/// Answer of a journal.
pub type JournalFuture<'a> = Pin<Box<dyn Future<Output = Result<(), JournalError>> + Send + 'a>>;

/// A signed transaction whose end is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PendingTx {
    /// SHA-256 of `raw`.
    pub hash: TxHash,
    /// The bytes that are broadcast, again and again: the same bytes are the same transaction.
    pub raw: Vec<u8>,
    /// Sequence that it uses.
    pub sequence: u64,
    /// Height at which it was made; it is in a later block, if in any.
    pub made_at: u64,
    /// Last height in which it can be included.
    pub timeout_height: u64,
    /// What it is meant to do, in the caller's own names.
    pub intents: Vec<String>,
}

/// How a transaction ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TxEnd {
    /// In a block; its messages took effect if `code` is 0.
    Included(TxResult),
    /// No node took it.
    Refused(Rejection),
    /// Its timeout height passed.
    Expired,
    /// Another transaction took its sequence (or its blocks are pruned on every endpoint: look at contract state).
    Replaced,
}

/// Where a lane writes before it acts.
///
/// [`TxJournal::record`] must be durable before it completes: nothing is broadcast before. After a crash the rows
/// without an end are given to [`crate::Lane::resume`]. A row whose transaction never left is harmless there.
pub trait TxJournal: Send + Sync {
    /// A transaction is about to leave. Its intents belong to it until it has ended.
    fn record<'a>(&'a self, tx: &'a PendingTx) -> JournalFuture<'a>;

    /// It has ended; its intents are free again unless it was included with code 0. May come twice.
    fn close<'a>(&'a self, hash: TxHash, end: &'a TxEnd) -> JournalFuture<'a>;
}
