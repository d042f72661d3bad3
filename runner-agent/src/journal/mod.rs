//! What must outlive the process: seals before they leave, and transactions before they are broadcast.
//!
//! One SQLite file in WAL mode with `synchronous = FULL`: when a call returns, what it wrote survives a power cut. Every
//! call is one transaction. Executions are kept as their 64 bits in SQLite's signed integers.

mod lock;
mod seals;
mod txs;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use thiserror::Error;

use lock::DirectoryLock;
pub use lock::LockError;
pub use seals::{RunResult, SealRow};

/// Name of the database in the data directory.
pub const FILE: &str = "journal.sqlite";

/// The tables, version by version; never change one that was released.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE result (
        execution  INTEGER PRIMARY KEY,
        kind       INTEGER NOT NULL,
        code       INTEGER NOT NULL,
        digest     BLOB NOT NULL,
        len        INTEGER NOT NULL,
        mfuel      INTEGER NOT NULL,
        output     TEXT,
        made_at    INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE seal (
        execution  INTEGER NOT NULL REFERENCES result(execution) ON DELETE CASCADE,
        runner     INTEGER NOT NULL,
        key_no     INTEGER NOT NULL,
        seed       BLOB NOT NULL,
        value      BLOB NOT NULL,
        salt       BLOB NOT NULL,
        seal       BLOB NOT NULL,
        signature  BLOB NOT NULL,
        PRIMARY KEY (execution, runner)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE tx (
        hash           BLOB PRIMARY KEY,
        raw            BLOB NOT NULL,
        sequence       INTEGER NOT NULL,
        made_at        INTEGER NOT NULL,
        timeout_height INTEGER NOT NULL,
        intents        TEXT NOT NULL,
        state          TEXT NOT NULL CHECK (state IN ('pending', 'included', 'failed', 'refused', 'expired', 'replaced')),
        height         INTEGER,
        recorded       INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX tx_pending ON tx(sequence) WHERE state = 'pending';
"];

/// Why the journal cannot be used.
#[derive(Debug, Error)]
pub enum JournalError {
    /// The data directory is in use or cannot be locked.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// SQLite refused.
    #[error("journal: {0}")]
    Sqlite(#[from] rusqlite::Error),
    /// The tables are of a newer agent, or cannot be made.
    #[error("journal tables: {0}")]
    Migration(#[from] rusqlite_migration::Error),
    /// A row that this agent did not write.
    #[error("journal row: {what} is malformed")]
    Row {
        /// Which part.
        what: &'static str,
    },
    /// Another seal of the same seat is journaled already.
    #[error("execution {execution}: runner {runner} is bound to another seal")]
    Bound {
        /// The execution.
        execution: u64,
        /// The runner.
        runner: u32,
    },
    /// The thread that wrote was stopped.
    #[error("journal writer was stopped")]
    Stopped,
}

/// The journal of one data directory; clones share it. Blocking: async callers use [`Journal::run`].
#[derive(Clone)]
pub struct Journal {
    connection: Arc<Mutex<Connection>>,
    _lock: Arc<DirectoryLock>,
}

impl Journal {
    /// Opens, or makes, the journal in `directory`, and holds the directory until the last clone is dropped.
    ///
    /// # Errors
    /// [`JournalError::Lock`] when another agent holds it; [`JournalError::Migration`] when it is newer than this agent.
    pub fn open(directory: &Path) -> Result<Self, JournalError> {
        let lock = DirectoryLock::take(directory)?;
        let mut connection = Connection::open(directory.join(FILE))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.busy_timeout(Duration::from_secs(10))?;
        let steps = MIGRATIONS.iter().map(|step| M::up(step)).collect();
        Migrations::new(steps).to_latest(&mut connection)?;
        Ok(Self { connection: Arc::new(Mutex::new(connection)), _lock: Arc::new(lock) })
    }

    /// Runs blocking `work` on the journal away from the async threads.
    ///
    /// # Errors
    /// Those of `work`, and [`JournalError::Stopped`].
    pub async fn run<T, F>(&self, work: F) -> Result<T, JournalError>
    where
        T: Send + 'static,
        F: FnOnce(&Self) -> Result<T, JournalError> + Send + 'static,
    {
        let journal = self.clone();
        tokio::task::spawn_blocking(move || work(&journal)).await.map_err(|_| JournalError::Stopped)?
    }

    /// Deletes results, seals and ended transactions that were written before `before`, unix seconds.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`].
    pub fn forget(&self, before: u64) -> Result<(), JournalError> {
        let before = signed(before);
        self.with(|connection| {
            connection.execute("DELETE FROM result WHERE made_at < ?1", [before])?;
            connection.execute("DELETE FROM tx WHERE recorded < ?1 AND state != 'pending'", [before])?;
            Ok(())
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Connection) -> Result<T, JournalError>) -> Result<T, JournalError> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        work(&mut connection)
    }
}

/// The same 64 bits as SQLite keeps them.
const fn signed(bits: u64) -> i64 {
    bits.cast_signed()
}

const fn unsigned(bits: i64) -> u64 {
    bits.cast_unsigned()
}

fn digest(bytes: &[u8], what: &'static str) -> Result<mesg_protocol::digest::Digest32, JournalError> {
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| JournalError::Row { what })?;
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_valid_and_reopened() {
        let directory = tempfile::tempdir().unwrap();
        drop(Journal::open(&directory.path().join("data")).unwrap());
        let journal = Journal::open(&directory.path().join("data")).unwrap();
        journal
            .with(|connection| {
                let mode: String = connection.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
                let synchronous: i64 = connection.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
                assert_eq!((mode.as_str(), synchronous), ("wal", 2));
                Ok(())
            })
            .unwrap();
    }

    #[test]
    fn a_second_agent_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let first = Journal::open(&directory.path().join("data")).unwrap();
        let second = Journal::open(&directory.path().join("data")).err().unwrap();
        assert!(matches!(second, JournalError::Lock(LockError::InUse { .. })), "{second}");
        drop(first);
        assert!(Journal::open(&directory.path().join("data")).is_ok());
    }

    #[test]
    fn a_newer_journal_is_refused() {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::open(&directory.path().join("data")).unwrap();
        journal.with(|connection| Ok(connection.pragma_update(None, "user_version", 99)?)).unwrap();
        drop(journal);
        assert!(matches!(Journal::open(&directory.path().join("data")), Err(JournalError::Migration(_))));
    }
}
