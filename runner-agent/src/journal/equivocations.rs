//! Proofs that a seat signed two different acts, until they are reported.

use mesg_api::market::SignedAct;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use rusqlite::{Connection, Row, params};

use super::{Journal, JournalError, signed, unsigned};
use crate::equivocation::Equivocation;

impl Journal {
    /// Writes down what was `found`, durably: the first proof about a seat stays. Gives all that is not closed, each with
    /// the time when it was written, in unix seconds.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`], [`JournalError::Row`].
    pub fn equivocations(&self, found: &[Equivocation], now: u64) -> Result<Vec<(Equivocation, u64)>, JournalError> {
        self.with(|connection| {
            if !found.is_empty() {
                let tx = connection.transaction()?;
                found.iter().try_for_each(|equivocation| insert(&tx, equivocation, now))?;
                tx.commit()?;
            }
            open(connection)
        })
    }

    /// There is nothing to be reported about a seat any more.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`].
    pub fn close_equivocation(&self, execution: ExecutionId, runner: RunnerId) -> Result<(), JournalError> {
        self.with(|connection| {
            let close = "UPDATE equivocation SET closed = 1 WHERE execution = ?1 AND runner = ?2";
            connection.execute(close, params![signed(execution.0), runner.0])?;
            Ok(())
        })
    }
}

fn insert(connection: &Connection, equivocation: &Equivocation, now: u64) -> Result<(), JournalError> {
    let Equivocation { execution, runner, acts } = equivocation;
    let acts = serde_json::to_string(acts).map_err(|_| JournalError::Row { what: "acts" })?;
    let mut insert = connection.prepare_cached(
        "INSERT INTO equivocation (execution, runner, acts, closed, made_at) VALUES (?1, ?2, ?3, 0, ?4)
         ON CONFLICT DO NOTHING",
    )?;
    insert.execute(params![signed(execution.0), runner.0, acts, signed(now)])?;
    Ok(())
}

fn open(connection: &Connection) -> Result<Vec<(Equivocation, u64)>, JournalError> {
    let mut select = connection.prepare_cached(
        "SELECT execution, runner, acts, made_at FROM equivocation WHERE closed = 0 ORDER BY execution, runner",
    )?;
    let rows = select.query_map([], |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

fn read(row: &Row<'_>) -> Result<(Equivocation, u64), JournalError> {
    let acts: [SignedAct; 2] =
        serde_json::from_str(&row.get::<_, String>(2)?).map_err(|_| JournalError::Row { what: "acts" })?;
    let (execution, runner) = (ExecutionId(unsigned(row.get(0)?)), RunnerId(row.get(1)?));
    Ok((Equivocation { execution, runner, acts }, unsigned(row.get(3)?)))
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Binary;
    use mesg_protocol::digest::Digest32;

    use super::*;

    fn proof(runner: u32, code: u16) -> Equivocation {
        let seal = SignedAct::Seal { seal: Digest32([1; 32]), signature: Binary::from(vec![2; 64]) };
        let decline = SignedAct::Decline { code, signature: Binary::from(vec![3; 64]) };
        Equivocation { execution: ExecutionId(u64::MAX), runner: RunnerId(runner), acts: [seal, decline] }
    }

    #[test]
    fn a_proof_outlives_the_process_and_is_reported_once() {
        let directory = tempfile::tempdir().unwrap();
        let open = || Journal::open(&directory.path().join("data")).unwrap();
        assert_eq!(open().equivocations(&[proof(2, 1), proof(1, 1)], 9).unwrap().len(), 2);
        let again = open().equivocations(&[proof(1, 2)], 10).unwrap();
        assert_eq!(again, [(proof(1, 1), 9), (proof(2, 1), 9)], "the first proof stays");
        open().close_equivocation(ExecutionId(u64::MAX), RunnerId(1)).unwrap();
        assert_eq!(open().equivocations(&[proof(1, 1)], 11).unwrap(), [(proof(2, 1), 9)]);
        open().forget(10).unwrap();
        assert_eq!(open().equivocations(&[], 11).unwrap(), []);
    }
}
