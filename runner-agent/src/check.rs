//! Judging a posted result: what a committee of `verify` seals (docs/mechanism.md, 2.2 and 2.3).
//!
//! The market keeps the result's digest only; the result itself, or its locator, is in the event of the block that took it.

use mesg_api::market::{ExecutionResponse, HistoryItem, ValueView};
use mesg_chain_client::Error;
use mesg_protocol::digest::sha256;
use mesg_protocol::execution::ROUND_1;
use mesg_protocol::ids::ExecutionId;
use mesg_sandbox::Verdict;
use tokio::time::Instant;

use crate::abstain::Abstain;
use crate::fetch::FetchError;
use crate::journal::RunResult;
use crate::task::Task;
use crate::work::{Worker, envelope, task_seed};

/// What an executor showed, as the chain tells it.
enum Posted {
    /// The output itself.
    Inline(Vec<u8>),
    /// Where it is.
    Locator(String),
}

impl Worker {
    /// What every honest judge of the posted result finds, whatever its round. What has to be fetched is waited for until
    /// `until`.
    ///
    /// # Errors
    /// [`Abstain`] when nothing can be found here.
    pub async fn check(&self, execution: &ExecutionResponse, until: Option<Instant>) -> Result<RunResult, Abstain> {
        let verdict = self.verdict(execution, until).await?;
        match &verdict {
            Verdict::Valid { fuel, .. } => tracing::info!(execution = execution.execution.u64(), fuel, "valid"),
            Verdict::Invalid { reason } => tracing::warn!(execution = execution.execution.u64(), reason, "invalid"),
        }
        Ok(RunResult { value: verdict.value(), output: None })
    }

    async fn verdict(&self, execution: &ExecutionResponse, until: Option<Instant>) -> Result<Verdict, Abstain> {
        let task = self.tasks.get(&self.market, execution.terms).await?;
        let seed = task_seed(execution)?;
        let shown = execution.result.as_ref().ok_or(Abstain::Incomplete { what: "posted result" })?;
        if let Some(reason) = too_long(shown, &task) {
            return Ok(Verdict::invalid(reason));
        }
        let posted = self.posted(execution, shown).await?;
        let _held = self.held(execution.input.json.is_none() || matches!(posted, Posted::Locator(_))).await?;
        let output = self.output(posted, shown, &task, until).await?;
        if let Some(reason) = mislabelled(&output, shown) {
            return Ok(Verdict::invalid(reason));
        }
        let input = self.input(execution, until).await?;
        let Some(envelope) = envelope(execution, &task, &seed, &input) else {
            return Ok(Verdict::invalid("a bad input has no output"));
        };
        let limits = task.limits;
        match self.components.get(&task.component, until).await? {
            Ok(component) => self.in_slot(move |sandbox| sandbox.verify(&component, &envelope, &output, &limits)).await,
            Err(refusal) => Ok(refusal.verdict()),
        }
    }

    /// Finds the result in the block in which the execution began to wait for its first committee.
    async fn posted(&self, execution: &ExecutionResponse, shown: &ValueView) -> Result<Posted, Abstain> {
        let height = posted_at(execution).ok_or(Abstain::Incomplete { what: "block of its result" })?;
        let content = match self.market.posted(ExecutionId(execution.execution.u64()), height).await {
            Ok(content) => content,
            Err(Error::Pruned { .. }) => None,
            Err(error) => return Err(error.into()),
        };
        let content = content.ok_or(Abstain::Posted(FetchError::NoSource))?;
        Ok(posted(content, shown))
    }

    async fn output(
        &self,
        posted: Posted,
        shown: &ValueView,
        task: &Task,
        until: Option<Instant>,
    ) -> Result<Vec<u8>, Abstain> {
        match posted {
            Posted::Inline(output) => Ok(output),
            Posted::Locator(locator) => {
                let (locators, max) = ([locator], task.limits.max_output_bytes);
                let fetched = self.fetcher.verified_until(&locators, max, &shown.output, until).await;
                fetched.map_err(Abstain::Posted)
            }
        }
    }
}

/// The height at which the result was posted: its execution was queued for round 1 there, and nowhere else.
fn posted_at(execution: &ExecutionResponse) -> Option<u64> {
    let queued = |item: &&HistoryItem| item.phase == "queued" && item.escalation == ROUND_1;
    execution.history.iter().find(queued).map(|item| item.at.height.u64())
}

/// The event does not say which of both it tells; the digest does.
fn posted(content: String, shown: &ValueView) -> Posted {
    if sha256(&[content.as_bytes()]) == shown.output {
        Posted::Inline(content.into_bytes())
    } else {
        Posted::Locator(content)
    }
}

/// An output that the task does not allow is refused unseen: its bytes need not be served.
fn too_long(shown: &ValueView, task: &Task) -> Option<String> {
    let max = u64::try_from(task.limits.max_output_bytes).unwrap_or(u64::MAX);
    (shown.output_len.u64() > max).then(|| format!("{} bytes of output, at most {max}", shown.output_len))
}

/// An output of another length than was posted is refused: its executor would be paid by that length.
fn mislabelled(output: &[u8], shown: &ValueView) -> Option<String> {
    let differs = u64::try_from(output.len()) != Ok(shown.output_len.u64());
    differs.then(|| format!("{} bytes of output, {} posted", output.len(), shown.output_len))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use cosmwasm_std::Uint64;
    use mesg_api::market::At;
    use mesg_api::registry::Component;
    use mesg_protocol::digest::Digest32;
    use mesg_sandbox::Limits;

    use super::*;
    use crate::seat::tests::execution;

    fn shown(output: &str, len: u64) -> ValueView {
        let (kind, code, output) = (0, 0, sha256(&[output.as_bytes()]));
        ValueView { kind, code, output, output_len: Uint64::new(len), mfuel: Uint64::zero() }
    }

    #[test]
    fn the_result_is_in_the_block_that_queued_the_committee() {
        let mark = |phase: &str, escalation, height| {
            let at = At { time: Uint64::new(9), height: Uint64::new(height) };
            HistoryItem { phase: phase.into(), escalation, at }
        };
        let fallen_back = vec![mark("queued", 0, 3), mark("working", 0, 4), mark("queued", 1, 5), mark("queued", 2, 6)];
        let mut execution = ExecutionResponse { history: fallen_back, ..execution() };
        assert_eq!(posted_at(&execution), Some(5));
        execution.history.truncate(2);
        assert_eq!(posted_at(&execution), None);
    }

    #[test]
    fn the_digest_tells_an_output_from_a_locator() {
        assert!(matches!(posted("{}".into(), &shown("{}", 2)), Posted::Inline(output) if output == b"{}"));
        let elsewhere = posted("http://x/1".into(), &shown("{}", 2));
        assert!(matches!(elsewhere, Posted::Locator(locator) if locator == "http://x/1"));
    }

    #[test]
    fn a_length_that_is_not_the_outputs_is_refused() {
        assert_eq!(mislabelled(b"{}", &shown("{}", 2)), None);
        for wrong in [0, 1, 3, u64::MAX] {
            assert_eq!(mislabelled(b"{}", &shown("{}", wrong)), Some(format!("2 bytes of output, {wrong} posted")));
        }
    }

    #[test]
    fn what_the_task_does_not_allow_is_not_fetched() {
        let limits = Limits { max_fuel: 1, max_output_bytes: 2, wall_clock: Duration::from_secs(1) };
        let component = Component { sha256: Digest32::ZERO, size: 1, sources: Vec::new() };
        let task = Task { name: "t".into(), inputs: [].into(), component, limits };
        assert_eq!(too_long(&shown("{}", 2), &task), None);
        assert_eq!(too_long(&shown("{}", 3), &task).as_deref(), Some("3 bytes of output, at most 2"));
    }
}
