//! From a seat without a seal to a journaled seal. The journal is asked first: a task is run at most once while it lasts.

use mesg_api::market::ExecutionResponse;
use mesg_protocol::ids::{ExecutionId, RunnerId};

use crate::abstain::Abstain;
use crate::clock::unix_seconds;
use crate::journal::{Journal, RunResult};
use crate::keyring::Keyring;
use crate::market::MarketClient;
use crate::seat::{seal_value, seat_of};
use crate::work::Worker;

/// What preparing needs.
pub struct Preparation {
    market: MarketClient,
    worker: Worker,
    keyring: Keyring,
    journal: Journal,
}

impl Preparation {
    /// Prepares with these.
    #[must_use]
    pub const fn new(market: MarketClient, worker: Worker, keyring: Keyring, journal: Journal) -> Self {
        Self { market, worker, keyring, journal }
    }

    /// Runs the task, unless its result is journaled, and journals the seals of `runners`, which are all of one operator
    /// and therefore share the run. Gives the runners that have to abstain, and why.
    ///
    /// # Errors
    /// [`Abstain`] when all of them have to.
    pub async fn prepare(
        &self,
        execution: ExecutionId,
        runners: &[RunnerId],
        at_least: u64,
    ) -> Result<Vec<(RunnerId, Abstain)>, Abstain> {
        let view = self.market.execution(execution, at_least).await?;
        let known = self.journal.run(move |journal| journal.result(execution)).await?;
        let result = match known {
            Some(result) => result,
            None => self.worker.run(&view).await?,
        };
        let mut abstentions = Vec::new();
        for runner in runners {
            if let Err(reason) = self.seal(&view, *runner, &result).await {
                abstentions.push((*runner, reason));
            }
        }
        Ok(abstentions)
    }

    /// Journals the seal of one seat; nothing if the seat is gone meanwhile.
    async fn seal(&self, view: &ExecutionResponse, runner: RunnerId, result: &RunResult) -> Result<(), Abstain> {
        let Some(seat) = seat_of(view, runner) else { return Ok(()) };
        let key = self.keyring.key(runner, seat.key_no).await?;
        let row = seal_value(&self.market.config().domain, view, seat, &key, &result.value)?;
        tracing::info!(
            execution = view.execution.u64(), %runner, seal = %row.seal, kind = ?result.value.kind,
            mfuel = result.value.mfuel, "sealed"
        );
        let (execution, result) = (ExecutionId(view.execution.u64()), result.clone());
        Ok(self.journal.run(move |journal| journal.record_seal(execution, &result, &row, unix_seconds())).await?)
    }
}
