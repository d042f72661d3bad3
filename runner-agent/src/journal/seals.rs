//! Results of runs and the seals of their seats.

use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ExecutionId, KeyNo, RunnerId};
use mesg_protocol::seal::{Kind, Value};
use rusqlite::{Connection, OptionalExtension as _, Row, params};

use super::{Journal, JournalError, digest, signed, unsigned};

/// What a run or a check gave: the value that seats attest, and the output whose digest is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunResult {
    /// The value.
    pub value: Value,
    /// Canonical JSON; none for errors, and for what a checker says.
    pub output: Option<String>,
}

/// Which run a result is of. What the task is given does not depend on the round, so all rounds share one result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// The requester's own: before anything was drawn.
    Own,
    /// The network's.
    Network,
    /// A check of the posted result.
    Check,
}

impl Run {
    const fn code(self) -> u8 {
        match self {
            Self::Own => 0,
            Self::Network => 1,
            Self::Check => 2,
        }
    }

    fn from_code(code: u8) -> Result<Self, JournalError> {
        match code {
            0 => Ok(Self::Own),
            1 => Ok(Self::Network),
            2 => Ok(Self::Check),
            _ => Err(JournalError::Row { what: "run" }),
        }
    }
}

/// A seat's seal with all that opens it; in round 0, a signed result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealRow {
    /// Round of the execution, 0 to 3.
    pub round: u8,
    /// Which run it is over.
    pub run: Run,
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
    /// C; in round 0 the round value.
    pub seal: Digest32,
    /// Signature over it: 64 bytes.
    pub signature: Vec<u8>,
}

impl Journal {
    /// Writes a result and a seal over it, durably, before the seal leaves. The same again changes nothing.
    ///
    /// # Errors
    /// [`JournalError::Bound`] if the seat has sealed something else or declined; nothing is written then.
    pub fn record_seal(
        &self,
        execution: ExecutionId,
        result: &RunResult,
        seal: &SealRow,
        now: u64,
    ) -> Result<(), JournalError> {
        self.with(|connection| {
            let tx = connection.transaction()?;
            insert_result(&tx, execution, seal.run, result, now)?;
            insert_seal(&tx, execution, seal, now)?;
            let written = select_seal(&tx, execution, seal.runner, seal.round == 0)?;
            if written.as_ref() != Some(seal) || select_result(&tx, execution, seal.run)?.as_ref() != Some(result) {
                return Err(JournalError::Bound { execution: execution.0, runner: seal.runner.0 });
            }
            Ok(tx.commit()?)
        })
    }

    /// The seal of a seat, if it has sealed; with `result` the signed result of round 0. A runner sits once in an
    /// execution, so the round need not be known.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`], [`JournalError::Row`].
    pub fn seal(
        &self,
        execution: ExecutionId,
        runner: RunnerId,
        result: bool,
    ) -> Result<Option<SealRow>, JournalError> {
        self.with(|connection| select_seal(connection, execution, runner, result))
    }

    /// The result of an execution that some seat of this agent has sealed.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`], [`JournalError::Row`].
    pub fn result(&self, execution: ExecutionId, run: Run) -> Result<Option<RunResult>, JournalError> {
        self.with(|connection| select_result(connection, execution, run))
    }
}

fn insert_result(
    connection: &Connection,
    execution: ExecutionId,
    run: Run,
    result: &RunResult,
    now: u64,
) -> Result<(), JournalError> {
    let Value { kind, output, output_len, mfuel } = result.value;
    let mut insert = connection.prepare_cached(
        "INSERT INTO run_result (execution, run, kind, code, digest, len, mfuel, output, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![
        signed(execution.0),
        run.code(),
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

fn insert_seal(connection: &Connection, execution: ExecutionId, row: &SealRow, now: u64) -> Result<(), JournalError> {
    let mut insert = connection.prepare_cached(
        "INSERT INTO act (execution, round, runner, key_no, seed, run, value, salt, seal, signature, made_at)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![
        signed(execution.0),
        row.round,
        row.runner.0,
        row.key_no,
        row.seed.as_bytes(),
        row.run.code(),
        row.value.as_bytes(),
        row.salt.as_bytes(),
        row.seal.as_bytes(),
        row.signature,
        signed(now),
    ])?;
    Ok(())
}

fn select_result(connection: &Connection, execution: ExecutionId, run: Run) -> Result<Option<RunResult>, JournalError> {
    let mut select = connection.prepare_cached(
        "SELECT kind, code, digest, len, mfuel, output FROM run_result WHERE execution = ?1 AND run = ?2",
    )?;
    let found = select.query_row(params![signed(execution.0), run.code()], |row| Ok(read_result(row))).optional()?;
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
    result: bool,
) -> Result<Option<SealRow>, JournalError> {
    let mut select = connection.prepare_cached(
        "SELECT round, run, key_no, seed, value, salt, seal, signature FROM act
         WHERE execution = ?1 AND runner = ?2 AND (round = 0) = ?3 AND seal IS NOT NULL ORDER BY round DESC LIMIT 1",
    )?;
    let found = select.query_row(params![signed(execution.0), runner.0, result], |row| Ok(read_seal(runner, row)));
    found.optional()?.transpose()
}

fn read_seal(runner: RunnerId, row: &Row<'_>) -> Result<SealRow, JournalError> {
    let column = |index: usize, what| digest(&row.get::<_, Vec<u8>>(index)?, what);
    Ok(SealRow {
        round: row.get(0)?,
        run: Run::from_code(row.get(1)?)?,
        runner,
        key_no: row.get(2)?,
        seed: column(3, "seed")?,
        value: column(4, "value")?,
        salt: column(5, "salt")?,
        seal: column(6, "seal")?,
        signature: row.get(7)?,
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
            round: 1,
            run: Run::Network,
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
        assert_eq!(journal.seal(EXECUTION, RunnerId(2), false).unwrap(), Some(seal(2, 4)));
        assert_eq!(journal.result(EXECUTION, Run::Network).unwrap(), Some(result("{}")));
        assert_eq!(journal.seal(EXECUTION, RunnerId(3), false).unwrap(), None);
        assert_eq!(journal.result(ExecutionId(1), Run::Network).unwrap(), None);
    }

    #[test]
    fn a_seat_seals_once() {
        let (_directory, journal) = journal();
        journal.record_seal(EXECUTION, &result("{}"), &seal(1, 3), 9).unwrap();
        let other_salt = journal.record_seal(EXECUTION, &result("{}"), &seal(1, 4), 9);
        assert!(matches!(other_salt, Err(JournalError::Bound { runner: 1, .. })));
        let other_value = journal.record_seal(EXECUTION, &result("[]"), &seal(2, 4), 9);
        assert!(matches!(other_value, Err(JournalError::Bound { runner: 2, .. })));
        assert_eq!(journal.seal(EXECUTION, RunnerId(2), false).unwrap(), None, "nothing was written");
    }

    #[test]
    fn errors_have_no_output_and_old_rows_are_forgotten() {
        let (_directory, journal) = journal();
        let kind = Kind::Err(ErrorCode::OutputTooLarge);
        let value = Value { kind, output: Digest32::ZERO, output_len: 0, mfuel: 3 };
        let failed = RunResult { value, output: None };
        journal.record_seal(EXECUTION, &failed, &seal(1, 3), 9).unwrap();
        assert_eq!(journal.result(EXECUTION, Run::Network).unwrap(), Some(failed));
        journal.forget(9).unwrap();
        assert!(journal.seal(EXECUTION, RunnerId(1), false).unwrap().is_some());
        journal.forget(10).unwrap();
        assert_eq!(journal.seal(EXECUTION, RunnerId(1), false).unwrap(), None);
        assert_eq!(journal.result(EXECUTION, Run::Network).unwrap(), None);
    }
    #[test]
    fn rounds_and_runs_are_kept_apart() {
        let (_directory, journal) = journal();
        let own = SealRow { round: 0, run: Run::Own, ..seal(1, 3) };
        let later = SealRow { round: 2, ..seal(2, 4) };
        journal.record_seal(EXECUTION, &result("[]"), &own, 9).unwrap();
        journal.record_seal(EXECUTION, &result("{}"), &seal(1, 3), 9).unwrap();
        journal.record_seal(EXECUTION, &result("{}"), &later, 9).unwrap();
        let valid = Value { kind: Kind::Valid, output: Digest32([6; 32]), output_len: 9, mfuel: 0 };
        let checked = RunResult { value: valid, output: None };
        let judge = SealRow { run: Run::Check, ..seal(3, 5) };
        journal.record_seal(EXECUTION, &checked, &judge, 9).unwrap();
        assert_eq!(journal.seal(EXECUTION, RunnerId(3), false).unwrap(), Some(judge));
        assert_eq!(journal.result(EXECUTION, Run::Check).unwrap(), Some(checked));
        assert_eq!(journal.seal(EXECUTION, RunnerId(1), true).unwrap(), Some(own));
        assert_eq!(journal.seal(EXECUTION, RunnerId(1), false).unwrap(), Some(seal(1, 3)));
        assert_eq!(journal.seal(EXECUTION, RunnerId(2), false).unwrap(), Some(later));
        assert_eq!(journal.seal(EXECUTION, RunnerId(2), true).unwrap(), None);
        assert_eq!(journal.result(EXECUTION, Run::Own).unwrap(), Some(result("[]")));
        assert_eq!(journal.result(EXECUTION, Run::Network).unwrap(), Some(result("{}")));
    }
}
