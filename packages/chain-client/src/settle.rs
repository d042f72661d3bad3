//! How a transaction in flight ends: looked up, offered again, and searched for in blocks.

use tokio::time::{Instant, sleep};

use crate::{Error, Lane, PendingTx, TxEnd, TxResult, lane::State};

impl Lane {
    /// Waits for the end of the transaction in flight and tells the journal.
    ///
    /// Errors: [`Error::Pending`] after the configured wait; the transaction stays in flight.
    pub(crate) async fn settle(&self, state: &mut State) -> Result<TxEnd, Error> {
        let tx = state.in_flight.clone().ok_or(Error::Ended)?;
        let started = Instant::now();
        let mut height = 0;
        loop {
            match self.look(&tx, &mut height).await {
                Ok(Some(end)) => {
                    self.end(state, &end).await?;
                    return Ok(end);
                }
                Ok(None) => {}
                Err(error) => tracing::debug!(hash = %tx.hash, %error, "cannot look"),
            }
            if started.elapsed() >= self.config.wait {
                return Err(Error::Pending { hash: tx.hash, timeout_height: tx.timeout_height });
            }
            sleep(self.config.poll).await;
        }
    }

    /// One look: by hash; at each new height also by sequence, and the same bytes are offered again.
    async fn look(&self, tx: &PendingTx, height: &mut u64) -> Result<Option<TxEnd>, Error> {
        match self.chain.tx(tx.hash).await {
            Ok(Some(result)) => return Ok(Some(TxEnd::Included(result))),
            Ok(None) => {}
            // A node without index: the sequence and the blocks will tell.
            Err(error) => tracing::debug!(hash = %tx.hash, %error, "lookup"),
        }
        let now = self.chain.status().await?.height;
        if now <= *height {
            return Ok(None);
        }
        *height = now;
        let end = self.by_sequence(tx).await?;
        if end.is_none() {
            self.chain.broadcast(&tx.raw).await;
        }
        Ok(end)
    }

    /// Its sequence is used: it is in a block, or another one took it. Unused after the timeout height: never.
    async fn by_sequence(&self, tx: &PendingTx) -> Result<Option<TxEnd>, Error> {
        let answer = self.chain.account(&self.address, tx.made_at).await?;
        let used = answer.value.is_some_and(|a| a.sequence > tx.sequence);
        if used {
            let last = answer.height.min(tx.timeout_height);
            let found = self.in_blocks(tx, last).await?;
            return Ok(Some(found.map_or(TxEnd::Replaced, TxEnd::Included)));
        }
        // One block more than needed: by then nodes have thrown it out of their mempools, where it still
        // would count as used when the next one is checked.
        Ok((answer.height > tx.timeout_height).then_some(TxEnd::Expired))
    }

    /// Reads the few blocks in which it can be: needs no index, and an index may be late.
    async fn in_blocks(&self, tx: &PendingTx, last: u64) -> Result<Option<TxResult>, Error> {
        for height in tx.made_at.saturating_add(1)..=last {
            match self.chain.block(height).await {
                Ok(block) => {
                    if let Some(found) = block.txs.into_iter().find(|t| t.hash == tx.hash) {
                        return Ok(Some(found.result));
                    }
                }
                Err(Error::Pruned { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(None)
    }
}
