//! From a seat without an act to a journaled one. The journal is asked first: a task is run at most once while it lasts.
//!
//! What a task or a checker is given does not depend on the round, so one result serves the seats of all rounds.

use std::time::Duration;

use mesg_api::market::ExecutionResponse;
use mesg_protocol::execution::ROUND_0;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::Value;
use tokio::time::Instant;

use crate::abstain::Abstain;
use crate::clock::unix_seconds;
use crate::jobs::Failure;
use crate::journal::{Journal, Run, RunResult, SealRow};
use crate::keyring::Keyring;
use crate::market::MarketClient;
use crate::plan::is_large;
use crate::seat::{decline_seat, is_own_run, place_of, seal_value, sign_own_result};
use crate::window::Window;
use crate::work::Worker;

/// Seconds by which a seat must be younger than the journal for the journal to know all that it signed: the clocks of
/// chain and machine may differ.
const JOURNAL_MARGIN: u64 = 30;

/// What preparing needs.
pub struct Preparation {
    market: MarketClient,
    worker: Worker,
    keyring: Keyring,
    journal: Journal,
    serves_blobs: bool,
}

impl Preparation {
    /// Prepares with these; results above 4 KiB can be posted only by who `serves_blobs`.
    #[must_use]
    pub const fn new(
        market: MarketClient,
        worker: Worker,
        keyring: Keyring,
        journal: Journal,
        serves_blobs: bool,
    ) -> Self {
        Self { market, worker, keyring, journal, serves_blobs }
    }

    /// Runs the task, or checks the posted result, unless what came of it is journaled, and journals the seals of `runners`, which are all of one operator
    /// and therefore share the run; or journals their declines if that is the time for it. Gives the runners that have to
    /// abstain, and why.
    ///
    /// # Errors
    /// [`Failure`] when all of them have to.
    pub async fn prepare(
        &self,
        execution: ExecutionId,
        runners: &[RunnerId],
        at_least: u64,
    ) -> Result<Vec<(RunnerId, Abstain)>, Failure> {
        let view = self.market.execution(execution, at_least).await?;
        let run = run_of(&view);
        let window = self.window(&view).await?;
        match self.result(&view, run, window).await {
            Ok(result) => self.seal_all(&view, runners, &result, window).await,
            Err(reason) => self.give_up(&view, runners, reason, window).await,
        }
    }

    async fn window(&self, view: &ExecutionResponse) -> Result<Option<Window>, Abstain> {
        if view.phase != "working" {
            return Ok(None);
        }
        let terms = self.market.terms(view.terms).await?;
        let params = self.market.params(view.params).await?.params;
        Ok(Window::of(view, terms.t_run, params.work_slack))
    }

    async fn result(&self, view: &ExecutionResponse, run: Run, window: Option<Window>) -> Result<RunResult, Abstain> {
        let execution = ExecutionId(view.execution.u64());
        match self.journal.run(move |journal| journal.result(execution, run)).await? {
            Some(result) => Ok(result),
            None => {
                let patience = window.and_then(|window| window.patience(unix_seconds()));
                let until = patience.and_then(|seconds| Instant::now().checked_add(Duration::from_secs(seconds)));
                match run {
                    Run::Check => self.worker.check(view, until).await,
                    Run::Own | Run::Network => self.postable(view, self.worker.run(view, until).await?),
                }
            }
        }
    }

    /// A result of round 0 is posted by nobody else: it is not signed if it cannot be shown.
    fn postable(&self, view: &ExecutionResponse, result: RunResult) -> Result<RunResult, Abstain> {
        let must_be_served = view.escalation == ROUND_0 && is_large(&result);
        if must_be_served && !self.serves_blobs { Err(Abstain::Unserved) } else { Ok(result) }
    }

    /// Journals the seals of all; a seat whose value cannot be sealed is declined or abstains.
    async fn seal_all(
        &self,
        view: &ExecutionResponse,
        runners: &[RunnerId],
        result: &RunResult,
        window: Option<Window>,
    ) -> Result<Vec<(RunnerId, Abstain)>, Failure> {
        let mut abstentions = Vec::new();
        for runner in runners {
            let Err(reason) = self.seal(view, *runner, result).await else { continue };
            if !self.decline(view, *runner, &reason, window).await? {
                abstentions.push((*runner, reason));
            }
        }
        Ok(abstentions)
    }

    /// Declines the seats of all if that is the time for it.
    async fn give_up(
        &self,
        view: &ExecutionResponse,
        runners: &[RunnerId],
        reason: Abstain,
        window: Option<Window>,
    ) -> Result<Vec<(RunnerId, Abstain)>, Failure> {
        let mut declined = false;
        for runner in runners {
            declined |= self.decline(view, *runner, &reason, window).await?;
        }
        if declined {
            return Ok(Vec::new());
        }
        let give_up = window.filter(|_| reason.decline().is_some()).map(Window::give_up);
        let within = give_up.and_then(|at| at.checked_sub(unix_seconds())).map(Duration::from_secs);
        Err(Failure { reason, within })
    }

    /// Journals the seal of one seat; nothing if the seat is gone meanwhile.
    async fn seal(&self, view: &ExecutionResponse, runner: RunnerId, result: &RunResult) -> Result<(), Abstain> {
        let (execution, domain) = (ExecutionId(view.execution.u64()), self.market.config().domain);
        let row = if is_own_run(view) {
            let key_no = self.market.runner(runner).await?.key_no;
            let key = self.keyring.key(runner, key_no).await?;
            sign_own_result(&domain, execution, (runner, key_no), &key, &result.value)?
        } else {
            let Some(place) = place_of(view, runner) else { return Ok(()) };
            let key = self.keyring.key(runner, place.seat.key_no).await?;
            seal_value(&domain, view, place, &key, &result.value)?
        };
        self.record(execution, result, row).await
    }

    async fn record(&self, execution: ExecutionId, result: &RunResult, row: SealRow) -> Result<(), Abstain> {
        let Value { kind, mfuel, .. } = result.value;
        tracing::info!(%execution, runner = %row.runner, round = row.round, seal = %row.seal, ?kind, mfuel, "sealed");
        let result = result.clone();
        Ok(self.journal.run(move |journal| journal.record_seal(execution, &result, &row, unix_seconds())).await?)
    }

    /// Journals the decline of one seat, if `reason` gives it up now; says whether it did. A seat that may be older than
    /// the journal is not declined: it may have sealed.
    async fn decline(
        &self,
        view: &ExecutionResponse,
        runner: RunnerId,
        reason: &Abstain,
        window: Option<Window>,
    ) -> Result<bool, Abstain> {
        let now = unix_seconds();
        let Some(window) = window else { return Ok(false) };
        let Some(code) = reason.decline_at(window, now) else { return Ok(false) };
        let Some(place) = place_of(view, runner).filter(|place| place.seat.progress == "seated") else {
            return Ok(false);
        };
        let made_at = self.journal.run(Journal::made_at).await?;
        if window.start < made_at.saturating_add(JOURNAL_MARGIN) {
            return Ok(false);
        }
        let key = self.keyring.key(runner, place.seat.key_no).await?;
        let execution = ExecutionId(view.execution.u64());
        let row = decline_seat(&self.market.config().domain, execution, place, &key, (code, window.last_taken()))?;
        self.journal.run(move |journal| journal.record_decline(execution, &row, now)).await?;
        tracing::warn!(%execution, %runner, %reason, code = code.to_u16(), "declined");
        Ok(true)
    }
}

/// What is to be done for the seats of the present round: their requester's own run, a check of the posted result, or the
/// task itself.
fn run_of(view: &ExecutionResponse) -> Run {
    match view.escalation {
        _ if is_own_run(view) => Run::Own,
        ROUND_0 => Run::Network,
        _ if view.verify => Run::Check,
        _ => Run::Network,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seat::tests::execution;

    #[test]
    fn judges_check_and_everybody_else_runs() {
        let view = |verify, phase: &str, escalation| ExecutionResponse {
            verify,
            phase: phase.into(),
            escalation,
            ..execution()
        };
        for round in 1..=3 {
            assert_eq!(run_of(&view(false, "working", round)), Run::Network);
            assert_eq!(run_of(&view(true, "working", round)), Run::Check);
        }
        assert_eq!(run_of(&view(true, "working", 0)), Run::Network, "the executor");
        assert_eq!(run_of(&view(true, "own_run", 0)), Run::Own);
        assert_eq!(run_of(&view(false, "own_run", 0)), Run::Own);
    }
}
