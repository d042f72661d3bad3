//! Results of runs and the seals of their seats.

use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ExecutionId, KeyNo, RunnerId};
use mesg_protocol::seal::{Kind, Value};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Journal, JournalError, digest, signed, unsigned};

/// What a run gave: the value that seats attest, and the output whose digest is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunResult {
    /// The value.
    pub value: Value,
    /// Canonical JSON; none for errors.
    pub output: Option<String>,
}

/// A seat's seal with all that opens it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealRow {
    /// Holder of the seat.
    pub runner: RunnerId,
    /// Number of the key that signed.
    pub key_no: KeyNo,
    /// Seed of the round that drew it.
    pub seed: Digest32,
    /// Round value h.
    pub value: Digest32,
    /// The salt.
    pub salt: Digest32,
    /// C.
    pub seal: Digest32,
    /// Signature over it: 64 bytes.
    pub signature: Vec<u8>,
}

impl Journal {
    /// Writes a result and a seal over it, durably, before the seal leaves. The same again changes nothing.
    ///
    /// # Errors
    /// [`JournalError::Bound`] if the seat has sealed something else; nothing is written then.
    pub fn record_seal(
        &self,
        execution: ExecutionId,
        result: &RunResult,
        seal: &SealRow,
        now: u64,
    ) -> Result<(), JournalError> {
        self.with(|connection| {
            let tx = connection.transaction()?;
            insert_result(&tx, execution, result, now)?;
            insert_seal(&tx, execution, seal)?;
            let written = select_seal(&tx, execution, seal.runner)?;
            if written.as_ref() != Some(seal) || select_result(&tx, execution)?.as_ref() != Some(result) {
                return Err(JournalError::Bound { execution: execution.0, runner: seal.runner.0 });
            }
            Ok(tx.commit()?)
        })
    }

    /// The seal of a seat, if it has sealed.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`], [`JournalError::Row`].
    pub fn seal(&self, execution: ExecutionId, runner: RunnerId) -> Result<Option<SealRow>, JournalError> {
        self.with(|connection| select_seal(connection, execution, runner))
    }

    /// The result of an execution that some seat of this agent has sealed.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`], [`JournalError::Row`].
    pub fn result(&self, execution: ExecutionId) -> Result<Option<RunResult>, JournalError> {
        self.with(|connection| select_result(connection, execution))
    }
}

fn insert_result(
    connection: &Connection,
    execution: ExecutionId,
    result: &RunResult,
    now: u64,
) -> Result<(), JournalError> {
    let Value { kind, output, output_len, mfuel } = result.value;
    let mut insert = connection.prepare_cached(
        "INSERT INTO result (execution, kind, code, digest, len, mfuel, output, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![
        signed(execution.0),
        kind.code(),
        kind.error_code(),
        output.as_bytes(),
        signed(output_len),
        signed(mfuel),
        result.output,
        signed(now),
    ])?;
    Ok(())
}

fn insert_seal(connection: &Connection, execution: ExecutionId, row: &SealRow) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO seal (execution, runner, key_no, seed, value, salt, seal, signature)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![
        signed(execution.0),
        row.runner.0,
        row.key_no,
        row.seed.as_bytes(),
        row.value.as_bytes(),
        row.salt.as_bytes(),
        row.seal.as_bytes(),
        row.signature,
    ])?;
    Ok(())
}

fn select_result(connection: &Connection, execution: ExecutionId) -> Result<Option<RunResult>, JournalError> {
    let mut select =
        connection.prepare_cached("SELECT kind, code, digest, len, mfuel, output FROM result WHERE execution = ?1")?;
    let found = select.query_row([signed(execution.0)], |row| Ok(read_result(row))).optional()?;
    found.transpose()
}

fn read_result(row: &Row<'_>) -> Result<RunResult, JournalError> {
    let kind = Kind::from_codes(row.get(0)?, row.get(1)?).ok_or(JournalError::Row { what: "kind" })?;
    let value = Value {
        kind,
        output: digest(&row.get::<_, Vec<u8>>(2)?, "digest")?,
        output_len: unsigned(row.get(3)?),
        mfuel: unsigned(row.get(4)?),
    };
    Ok(RunResult { value, output: row.get(5)? })
}

fn select_seal(
    connection: &Connection,
    execution: ExecutionId,
    runner: RunnerId,
) -> Result<Option<SealRow>, JournalError> {
    let mut select = connection.prepare_cached(
        "SELECT key_no, seed, value, salt, seal, signature FROM seal WHERE execution = ?1 AND runner = ?2",
    )?;
    let found = select.query_row(params![signed(execution.0), runner.0], |row| Ok(read_seal(runner, row)));
    found.optional()?.transpose()
}

fn read_seal(runner: RunnerId, row: &Row<'_>) -> Result<SealRow, JournalError> {
    let column = |index: usize, what| digest(&row.get::<_, Vec<u8>>(index)?, what);
    Ok(SealRow {
        runner,
        key_no: row.get(0)?,
        seed: column(1, "seed")?,
        value: column(2, "value")?,
        salt: column(3, "salt")?,
        seal: column(4, "seal")?,
        signature: row.get(5)?,
    })
}

#[cfg(test)]
mod tests {
    use mesg_protocol::digest::sha256;
    use mesg_protocol::seal::ErrorCode;

    use super::*;

    const EXECUTION: ExecutionId = ExecutionId(u64::MAX);

    fn journal() -> (tempfile::TempDir, Journal) {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::open(&directory.path().join("data")).unwrap();
        (directory, journal)
    }

    fn result(output: &str) -> RunResult {
        let digest = sha256(&[output.as_bytes()]);
        let value = Value { kind: Kind::Ok, output: digest, output_len: u64::MAX, mfuel: 7 };
        RunResult { value, output: Some(output.to_owned()) }
    }

    fn seal(runner: u32, salt: u8) -> SealRow {
        SealRow {
            runner: RunnerId(runner),
            key_no: 2,
            seed: Digest32([1; 32]),
            value: Digest32([2; 32]),
            salt: Digest32([salt; 32]),
            seal: Digest32([4; 32]),
            signature: vec![5; 64],
        }
    }

    #[test]
    fn what_was_sealed_is_read_back() {
        let (_directory, journal) = journal();
        journal.record_seal(EXECUTION, &result("{}"), &seal(1, 3), 9).unwrap();
        journal.record_seal(EXECUTION, &result("{}"), &seal(2, 4), 9).unwrap();
        journal.record_seal(EXECUTION, &result("{}"), &seal(2, 4), 10).unwrap();
        assert_eq!(journal.seal(EXECUTION, RunnerId(2)).unwrap(), Some(seal(2, 4)));
        assert_eq!(journal.result(EXECUTION).unwrap(), Some(result("{}")));
        assert_eq!(journal.seal(EXECUTION, RunnerId(3)).unwrap(), None);
        assert_eq!(journal.result(ExecutionId(1)).unwrap(), None);
    }

    #[test]
    fn a_seat_seals_once() {
        let (_directory, journal) = journal();
        journal.record_seal(EXECUTION, &result("{}"), &seal(1, 3), 9).unwrap();
        let other_salt = journal.record_seal(EXECUTION, &result("{}"), &seal(1, 4), 9);
        assert!(matches!(other_salt, Err(JournalError::Bound { runner: 1, .. })));
        let other_value = journal.record_seal(EXECUTION, &result("[]"), &seal(2, 4), 9);
        assert!(matches!(other_value, Err(JournalError::Bound { runner: 2, .. })));
        assert_eq!(journal.seal(EXECUTION, RunnerId(2)).unwrap(), None, "nothing was written");
    }

    #[test]
    fn errors_have_no_output_and_old_rows_are_forgotten() {
        let (_directory, journal) = journal();
        let kind = Kind::Err(ErrorCode::OutputTooLarge);
        let value = Value { kind, output: Digest32::ZERO, output_len: 0, mfuel: 3 };
        let failed = RunResult { value, output: None };
        journal.record_seal(EXECUTION, &failed, &seal(1, 3), 9).unwrap();
        assert_eq!(journal.result(EXECUTION).unwrap(), Some(failed));
        journal.forget(9).unwrap();
        assert!(journal.seal(EXECUTION, RunnerId(1)).unwrap().is_some());
        journal.forget(10).unwrap();
        assert_eq!(journal.seal(EXECUTION, RunnerId(1)).unwrap(), None);
        assert_eq!(journal.result(EXECUTION).unwrap(), None);
    }
}
