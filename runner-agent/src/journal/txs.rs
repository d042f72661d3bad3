//! Transactions of the operator's lane: written before they leave, closed by what the chain says.

use mesg_chain_client::{JournalFuture, PendingTx, TxEnd, TxHash, TxJournal};
use rusqlite::{Row, params};

use super::{Journal, JournalError, signed, unsigned};
use crate::clock::unix_seconds;

impl Journal {
    /// Writes a transaction that is about to leave.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`].
    pub fn record_tx(&self, tx: &PendingTx, now: u64) -> Result<(), JournalError> {
        self.with(|connection| {
            let mut insert = connection.prepare_cached(
                "INSERT INTO tx (hash, raw, sequence, made_at, timeout_height, intents, state, recorded)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'pending', ?7) ON CONFLICT DO NOTHING",
            )?;
            insert.execute(params![
                tx.hash.0,
                tx.raw,
                signed(tx.sequence),
                signed(tx.made_at),
                signed(tx.timeout_height),
                tx.intents.join("\n"),
                signed(now),
            ])?;
            Ok(())
        })
    }

    /// Writes how a transaction ended.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`].
    pub fn close_tx(&self, hash: TxHash, state: &str, height: Option<u64>) -> Result<(), JournalError> {
        self.with(|connection| {
            let mut update = connection.prepare_cached("UPDATE tx SET state = ?2, height = ?3 WHERE hash = ?1")?;
            update.execute(params![hash.0, state, height.map(signed)])?;
            Ok(())
        })
    }

    /// Transactions whose end is not known, by sequence: what a new process asks the chain about first.
    ///
    /// # Errors
    /// [`JournalError::Sqlite`], [`JournalError::Row`].
    pub fn pending_txs(&self) -> Result<Vec<PendingTx>, JournalError> {
        self.with(|connection| {
            let mut select = connection.prepare_cached(
                "SELECT hash, raw, sequence, made_at, timeout_height, intents
                 FROM tx WHERE state = 'pending' ORDER BY sequence",
            )?;
            let rows = select.query_map([], |row| Ok(read(row)))?;
            rows.map(|row| row?).collect()
        })
    }
}

fn read(row: &Row<'_>) -> Result<PendingTx, JournalError> {
    let hash: Vec<u8> = row.get(0)?;
    let intents: String = row.get(5)?;
    Ok(PendingTx {
        hash: TxHash(hash.try_into().map_err(|_| JournalError::Row { what: "hash" })?),
        raw: row.get(1)?,
        sequence: unsigned(row.get(2)?),
        made_at: unsigned(row.get(3)?),
        timeout_height: unsigned(row.get(4)?),
        intents: intents.lines().map(str::to_owned).collect(),
    })
}

/// State and height of a transaction that has ended.
fn ended(end: &TxEnd) -> (&'static str, Option<u64>) {
    match end {
        TxEnd::Included(result) if result.code == 0 => ("included", Some(result.height)),
        TxEnd::Included(result) => ("failed", Some(result.height)),
        TxEnd::Refused(_) => ("refused", None),
        TxEnd::Expired => ("expired", None),
        TxEnd::Replaced => ("replaced", None),
    }
}

impl TxJournal for Journal {
    fn record<'a>(&'a self, tx: &'a PendingTx) -> JournalFuture<'a> {
        let tx = tx.clone();
        Box::pin(async move { Ok(self.run(move |journal| journal.record_tx(&tx, unix_seconds())).await?) })
    }

    fn close<'a>(&'a self, hash: TxHash, end: &'a TxEnd) -> JournalFuture<'a> {
        let (state, height) = ended(end);
        Box::pin(async move { Ok(self.run(move |journal| journal.close_tx(hash, state, height)).await?) })
    }
}

#[cfg(test)]
mod tests {
    use mesg_chain_client::{Rejection, TxResult};

    use super::*;

    fn tx(sequence: u64) -> PendingTx {
        let raw = sequence.to_be_bytes().to_vec();
        PendingTx {
            hash: TxHash::of(&raw),
            raw,
            sequence,
            made_at: 10,
            timeout_height: 30,
            intents: vec!["seal/1/2".into(), "tick".into()],
        }
    }

    #[tokio::test]
    async fn pending_until_closed() {
        let directory = tempfile::tempdir().unwrap();
        let journal = Journal::open(&directory.path().join("data")).unwrap();
        for sequence in [8, 7, 9] {
            journal.record(&tx(sequence)).await.unwrap();
        }
        journal.record(&tx(7)).await.unwrap();
        assert_eq!(journal.pending_txs().unwrap(), [tx(7), tx(8), tx(9)]);
        journal.close(tx(8).hash, &TxEnd::Expired).await.unwrap();
        journal.close(tx(8).hash, &TxEnd::Expired).await.unwrap();
        assert_eq!(journal.pending_txs().unwrap(), [tx(7), tx(9)]);
        journal.forget(u64::MAX >> 1).unwrap();
        assert_eq!(journal.pending_txs().unwrap(), [tx(7), tx(9)], "what is pending is never forgotten");
    }

    #[test]
    fn ends_have_states() {
        let result = |code| TxResult {
            height: 5,
            code,
            codespace: String::new(),
            log: String::new(),
            gas_wanted: 1,
            gas_used: 1,
            events: Vec::new(),
        };
        assert_eq!(ended(&TxEnd::Included(result(0))), ("included", Some(5)));
        assert_eq!(ended(&TxEnd::Included(result(5))), ("failed", Some(5)));
        assert_eq!(ended(&TxEnd::Refused(Rejection::MempoolFull)), ("refused", None));
        assert_eq!(ended(&TxEnd::Replaced), ("replaced", None));
    }
}
