//! Declines of seats. The key of the table of acts is the seat, so a seat has either a seal or a decline, whatever crashes.

use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ExecutionId, KeyNo, RunnerId};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Journal, JournalError, digest, signed, unsigned};

/// A seat's decline.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclineRow {
    /// Round of the execution, 0 to 3.
    pub round: u8,
    /// Holder of the seat.
    pub runner: RunnerId,
    /// Number of the key that signed.
    pub key_no: KeyNo,
    /// Seed of the round that drew it.
    pub seed: Digest32,
    /// Why, as on chain.
    pub code: u16,
    /// Unix seconds until which the chain takes it.
    pub last: u64,
    /// Signature of the decline: 64 bytes.
    pub signature: Vec<u8>,
}

impl Journal {
    /// Writes a decline, durably, before it leaves. The first one of a seat stays.
    ///
    /// # Errors
    /// [`JournalError::Bound`] if the seat has sealed; nothing is written then.
    pub fn record_decline(&self, execution: ExecutionId, row: &DeclineRow, now: u64) -> Result<(), JournalError> {
        self.with(|connection| {
            let tx = connection.transaction()?;
            insert(&tx, execution, row, now)?;
            match select(&tx, execution, row.runner, row.round == 0)? {
                Some(_) => Ok(tx.commit()?),
                None => Err(JournalError::Bound { execution: execution.0, runner: row.runner.0 }),
            }
        })
    }

    /// Executions in which seats were declined at or after `since`, unix seconds.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`].
    pub fn declined(&self, since: u64) -> Result<Vec<ExecutionId>, JournalError> {
        self.with(|connection| {
            let mut select = connection
                .prepare_cached("SELECT DISTINCT execution FROM act WHERE code IS NOT NULL AND made_at >= ?1")?;
            let rows = select.query_map([signed(since)], |row| Ok(ExecutionId(unsigned(row.get(0)?))))?;
            Ok(rows.collect::<Result<_, _>>()?)
        })
    }

    /// The decline of a seat; with `result` of a seat of round 0.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`], [`JournalError::Row`].
    pub fn decline(
        &self,
        execution: ExecutionId,
        runner: RunnerId,
        result: bool,
    ) -> Result<Option<DeclineRow>, JournalError> {
        self.with(|connection| select(connection, execution, runner, result))
    }
}

fn insert(connection: &Connection, execution: ExecutionId, row: &DeclineRow, now: u64) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO act (execution, round, runner, key_no, seed, code, last, signature, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![
        signed(execution.0),
        row.round,
        row.runner.0,
        row.key_no,
        row.seed.as_bytes(),
        row.code,
        signed(row.last),
        row.signature,
        signed(now),
    ])?;
    Ok(())
}

fn select(
    connection: &Connection,
    execution: ExecutionId,
    runner: RunnerId,
    result: bool,
) -> Result<Option<DeclineRow>, JournalError> {
    let mut select = connection.prepare_cached(
        "SELECT round, key_no, seed, code, last, signature FROM act
         WHERE execution = ?1 AND runner = ?2 AND (round = 0) = ?3 AND code IS NOT NULL ORDER BY round DESC LIMIT 1",
    )?;
    let found = select.query_row(params![signed(execution.0), runner.0, result], |row| Ok(read(runner, row)));
    found.optional()?.transpose()
}

fn read(runner: RunnerId, row: &Row<'_>) -> Result<DeclineRow, JournalError> {
    Ok(DeclineRow {
        round: row.get(0)?,
        runner,
        key_no: row.get(1)?,
        seed: digest(&row.get::<_, Vec<u8>>(2)?, "seed")?,
        code: row.get(3)?,
        last: unsigned(row.get(4)?),
        signature: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use mesg_protocol::digest::sha256;
    use mesg_protocol::seal::{Kind, Value};

    use super::*;
    use crate::journal::{Run, RunResult, SealRow};

    const EXECUTION: ExecutionId = ExecutionId(7);
    const ME: RunnerId = RunnerId(3);

    fn decline(round: u8) -> DeclineRow {
        let (seed, signature) = (Digest32([1; 32]), vec![2; 64]);
        DeclineRow { round, runner: ME, key_no: 4, seed, code: 1, last: u64::MAX, signature }
    }

    fn seal(round: u8) -> SealRow {
        let (seed, value, salt) = (Digest32([1; 32]), Digest32([2; 32]), Digest32([3; 32]));
        let (key_no, signature) = (4, vec![5; 64]);
        SealRow { round, run: Run::Network, runner: ME, key_no, seed, value, salt, seal: value, signature }
    }

    fn result() -> RunResult {
        let value = Value { kind: Kind::Ok, output: sha256(&[b"{}"]), output_len: 2, mfuel: 1 };
        RunResult { value, output: Some("{}".into()) }
    }

    fn bound<T: std::fmt::Debug>(outcome: Result<T, JournalError>) -> bool {
        matches!(outcome, Err(JournalError::Bound { execution: 7, runner: 3 }))
    }

    #[test]
    fn attack_70_a_seat_declines_or_seals_but_never_both() {
        for seals_first in [true, false] {
            let directory = tempfile::tempdir().unwrap();
            let open = || Journal::open(&directory.path().join("data")).unwrap();
            // Each act may be the last one before the process dies: the next one works on what the disk has.
            if seals_first {
                open().record_seal(EXECUTION, &result(), &seal(1), 9).unwrap();
                assert!(bound(open().record_decline(EXECUTION, &decline(1), 9)));
                assert_eq!(open().decline(EXECUTION, ME, false).unwrap(), None);
                assert!(open().seal(EXECUTION, ME, false).unwrap().is_some());
            } else {
                open().record_decline(EXECUTION, &decline(1), 9).unwrap();
                assert!(bound(open().record_seal(EXECUTION, &result(), &seal(1), 9)));
                assert_eq!(open().seal(EXECUTION, ME, false).unwrap(), None);
                assert_eq!(open().decline(EXECUTION, ME, false).unwrap(), Some(decline(1)));
            }
        }
    }

    #[test]
    fn the_first_decline_stays() {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::open(&directory.path().join("data")).unwrap();
        journal.record_decline(EXECUTION, &decline(2), 9).unwrap();
        journal.record_decline(EXECUTION, &DeclineRow { code: 2, ..decline(2) }, 10).unwrap();
        assert_eq!(journal.decline(EXECUTION, ME, false).unwrap(), Some(decline(2)));
        assert_eq!(journal.decline(EXECUTION, ME, true).unwrap(), None);
        assert_eq!(journal.declined(9).unwrap(), [EXECUTION]);
        assert_eq!(journal.declined(10).unwrap(), []);
        journal.forget(10).unwrap();
        assert_eq!(journal.decline(EXECUTION, ME, false).unwrap(), None);
    }
}
