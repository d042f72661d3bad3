//! What must outlive the process: seals before they leave, and transactions before they are broadcast.
//!
//! One SQLite file in WAL mode with `synchronous = FULL`: when a call returns, what it wrote survives a power cut. Every
//! call is one transaction. Executions are kept as their 64 bits in SQLite's signed integers.

mod declines;
mod equivocations;
mod lock;
mod seals;
mod txs;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::Connection;
use rusqlite_migration::{M, Migrations};
use thiserror::Error;

pub use declines::DeclineRow;
use lock::DirectoryLock;
pub use lock::LockError;
pub use seals::{Run, RunResult, SealRow};

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
", "
    CREATE TABLE journal (made_at INTEGER NOT NULL) STRICT;
    INSERT INTO journal VALUES (unixepoch());
    CREATE TABLE run_result (
        execution  INTEGER NOT NULL,
        run        INTEGER NOT NULL,
        kind       INTEGER NOT NULL,
        code       INTEGER NOT NULL,
        digest     BLOB NOT NULL,
        len        INTEGER NOT NULL,
        mfuel      INTEGER NOT NULL,
        output     TEXT,
        made_at    INTEGER NOT NULL,
        PRIMARY KEY (execution, run)
    ) STRICT;
    INSERT INTO run_result SELECT execution, 1, kind, code, digest, len, mfuel, output, made_at FROM result;
    CREATE TABLE act (
        execution  INTEGER NOT NULL,
        round      INTEGER NOT NULL,
        runner     INTEGER NOT NULL,
        key_no     INTEGER NOT NULL,
        seed       BLOB NOT NULL,
        run        INTEGER,
        value      BLOB,
        salt       BLOB,
        seal       BLOB,
        code       INTEGER,
        last       INTEGER,
        signature  BLOB NOT NULL,
        made_at    INTEGER NOT NULL,
        PRIMARY KEY (execution, round, runner),
        CHECK ((seal IS NULL) != (code IS NULL)),
        FOREIGN KEY (execution, run) REFERENCES run_result(execution, run)
    ) STRICT, WITHOUT ROWID;
    INSERT INTO act SELECT execution, 1, runner, key_no, seed, 1, value, salt, seal, NULL, NULL, signature, made_at
        FROM seal JOIN result USING (execution);
    CREATE INDEX act_runner ON act(execution, runner);
    DROP TABLE seal;
    DROP TABLE result;
", "
    CREATE TABLE equivocation (
        execution  INTEGER NOT NULL,
        runner     INTEGER NOT NULL,
        acts       TEXT NOT NULL,
        closed     INTEGER NOT NULL,
        made_at    INTEGER NOT NULL,
        PRIMARY KEY (execution, runner)
    ) STRICT, WITHOUT ROWID;
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
    /// Another act of the same seat is journaled already.
    #[error("execution {execution}: runner {runner} is bound to another act")]
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

    /// When these tables were made, unix seconds: what a seat signed earlier may be forgotten.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`].
    pub fn made_at(&self) -> Result<u64, JournalError> {
        self.with(|connection| Ok(unsigned(connection.query_row("SELECT made_at FROM journal", [], |row| row.get(0))?)))
    }

    /// Deletes results, acts of seats, proofs about them and ended transactions that were written before `before`, unix seconds.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`].
    pub fn forget(&self, before: u64) -> Result<(), JournalError> {
        let before = signed(before);
        self.with(|connection| {
            let tx = connection.transaction()?;
            tx.execute("DELETE FROM act WHERE made_at < ?1", [before])?;
            tx.execute(
                "DELETE FROM run_result WHERE made_at < ?1
                 AND NOT EXISTS (SELECT 1 FROM act WHERE (act.execution, act.run) = (run_result.execution, run_result.run))",
                [before],
            )?;
            tx.execute("DELETE FROM equivocation WHERE made_at < ?1", [before])?;
            tx.execute("DELETE FROM tx WHERE recorded < ?1 AND state != 'pending'", [before])?;
            Ok(tx.commit()?)
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
    use mesg_protocol::ids::{ExecutionId, RunnerId};

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

    /// The tables of 0.1.0 with one sealed seat.
    fn journal_of_0_1_0(directory: &Path) {
        drop(DirectoryLock::take(directory).unwrap());
        let mut connection = Connection::open(directory.join(FILE)).unwrap();
        Migrations::new(vec![M::up(MIGRATIONS[0])]).to_latest(&mut connection).unwrap();
        let digest = [1u8; 32];
        connection.execute("INSERT INTO result VALUES (9, 0, 0, ?1, 2, 7, '{}', 50)", [digest]).unwrap();
        connection.execute("INSERT INTO seal VALUES (9, 5, 2, ?1, ?1, ?1, ?1, ?2)", (digest, [3u8; 64])).unwrap();
    }

    #[test]
    fn seals_of_0_1_0_are_seals_of_round_1() {
        let directory = tempfile::tempdir().unwrap();
        journal_of_0_1_0(&directory.path().join("data"));
        let journal = Journal::open(&directory.path().join("data")).unwrap();
        let seal = journal.seal(ExecutionId(9), RunnerId(5), false).unwrap().unwrap();
        assert_eq!((seal.round, seal.key_no, seal.run, seal.signature.len()), (1, 2, Run::Network, 64));
        let result = journal.result(ExecutionId(9), Run::Network).unwrap().unwrap();
        assert_eq!((result.value.mfuel, result.output.as_deref()), (7, Some("{}")));
        assert!(journal.made_at().unwrap() > 1_700_000_000);
        journal.forget(51).unwrap();
        assert_eq!(journal.seal(ExecutionId(9), RunnerId(5), false).unwrap(), None);
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
