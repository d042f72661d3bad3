//! Running a task: from an execution to the value that its seats attest.

use mesg_api::market::ExecutionResponse;
use mesg_protocol::canonical_json::parse_canonical;
use mesg_protocol::digest::Digest32;
use mesg_protocol::schema::{Params, check_value};
use mesg_protocol::seal::{ErrorCode, Kind, Value};
use mesg_sandbox::{Component, Decline, Ending, Envelope, Limits, Outcome, Sandbox, Verdict};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;

use crate::abstain::Abstain;
use crate::component_store::ComponentStore;
use crate::fetch::Fetcher;
use crate::journal::RunResult;
use crate::market::MarketClient;
use crate::seat::is_own_run;
use crate::task::{Task, Tasks};

/// Inputs by digest that are fetched or held at the same time: they may have 64 MiB each.
const LARGE_INPUTS: usize = 8;

/// Runs tasks, a bounded number at a time.
pub struct Worker {
    pub(crate) market: MarketClient,
    pub(crate) fetcher: Fetcher,
    pub(crate) components: ComponentStore,
    sandbox: Sandbox,
    pub(crate) tasks: Tasks,
    slots: Semaphore,
    large: Semaphore,
}

impl Worker {
    /// A worker that runs at most `workers` tasks at once.
    #[must_use]
    pub fn new(
        market: MarketClient,
        fetcher: Fetcher,
        components: ComponentStore,
        sandbox: Sandbox,
        workers: u16,
    ) -> Self {
        let (slots, large) = (Semaphore::new(workers.into()), Semaphore::new(LARGE_INPUTS));
        Self { market, fetcher, components, sandbox, tasks: Tasks::default(), slots, large }
    }

    /// The result of an execution, which every honest runner shares, whatever its round; under `verify` what an executor
    /// posts, which the task's own checker accepts. What has to be fetched is waited for until `until`.
    ///
    /// # Errors
    /// [`Abstain`] when there is none here.
    pub async fn run(&self, execution: &ExecutionResponse, until: Option<Instant>) -> Result<RunResult, Abstain> {
        let task = self.tasks.get(&self.market, execution.terms).await?;
        let seed = task_seed(execution)?;
        let _held = self.held(execution.input.json.is_none()).await?;
        let input = self.input(execution, until).await?;
        let Some(envelope) = envelope(execution, &task, &seed, &input) else {
            return Ok(bad_input());
        };
        let outcome = match self.components.get(&task.component, until).await? {
            Ok(component) => self.call(component, envelope, task.limits, execution.verify).await?,
            Err(refusal) => refusal.outcome(),
        };
        let mut result = result(outcome, execution.execution.u64());
        if execution.verify {
            result.value.mfuel = 0; // A checker's word says nothing about fuel (2.3).
        }
        Ok(result)
    }

    /// Room for fetched bytes, if there are to be any.
    pub(crate) async fn held(&self, fetches: bool) -> Result<Option<SemaphorePermit<'_>>, Abstain> {
        if !fetches {
            return Ok(None);
        }
        Ok(Some(self.large.acquire().await.map_err(|_| Abstain::Stopped)?))
    }

    /// The bytes of the input.
    pub(crate) async fn input(
        &self,
        execution: &ExecutionResponse,
        until: Option<Instant>,
    ) -> Result<Vec<u8>, Abstain> {
        let view = &execution.input;
        match (&view.json, &view.locator) {
            (Some(json), _) => Ok(json.clone().into_bytes()),
            (None, Some(locator)) => {
                let len = usize::try_from(view.len).unwrap_or(usize::MAX);
                let fetched =
                    self.fetcher.verified_until(std::slice::from_ref(locator), len, &view.sha256, until).await;
                fetched.map_err(Abstain::Input)
            }
            (None, None) => Err(Abstain::Incomplete { what: "input" }),
        }
    }

    /// Runs the task; if it `is_checked`, its output must be one that its checker accepts.
    async fn call(
        &self,
        component: Component,
        envelope: String,
        limits: Limits,
        is_checked: bool,
    ) -> Result<Outcome, Abstain> {
        let (outcome, verdict) = self
            .in_slot(move |sandbox| {
                let outcome = sandbox.run(&component, &envelope, &limits)?;
                let verdict = match &outcome.ending {
                    Ending::Ok { output } if is_checked => {
                        Some(sandbox.verify(&component, &envelope, output.as_bytes(), &limits)?)
                    }
                    Ending::Ok { .. } | Ending::Err { .. } => None,
                };
                Ok((outcome, verdict))
            })
            .await?;
        match verdict {
            Some(Verdict::Invalid { reason }) => Err(Abstain::Refused { reason }),
            Some(Verdict::Valid { .. }) | None => Ok(outcome),
        }
    }

    /// Does blocking work when one of the worker's slots is free.
    pub(crate) async fn in_slot<T, F>(&self, work: F) -> Result<T, Abstain>
    where
        T: Send + 'static,
        F: FnOnce(&Sandbox) -> Result<T, Decline> + Send + 'static,
    {
        let slot = self.slots.acquire().await.map_err(|_| Abstain::Stopped)?;
        let sandbox = self.sandbox.clone();
        let done = tokio::task::spawn_blocking(move || work(&sandbox)).await.map_err(|_| Abstain::Stopped)?;
        drop(slot);
        Ok(done?)
    }
}

/// `ctx.seed`: the seed of the first panel that was drawn, for the seats of every round; zeros for an own run, for which
/// nothing is drawn.
pub(crate) fn task_seed(execution: &ExecutionResponse) -> Result<Digest32, Abstain> {
    match execution.panels.first() {
        Some(panel) => panel.seed.ok_or(Abstain::Incomplete { what: "seed" }),
        None if is_own_run(execution) => Ok(Digest32::ZERO),
        None => Err(Abstain::Incomplete { what: "panel" }),
    }
}

/// What the component is given; none if the input is bad: not of its declared length, not canonical JSON, not of the
/// declared types.
pub(crate) fn envelope(execution: &ExecutionResponse, task: &Task, seed: &Digest32, input: &[u8]) -> Option<String> {
    let input = good_input(&task.inputs, input, execution.input.len)?;
    let envelope = Envelope {
        execution: execution.execution.u64(),
        time_seconds: execution.requested.time.u64(),
        seed: seed.as_bytes(),
        task: &task.name,
        input,
    };
    envelope.to_json().ok()
}

fn good_input<'a>(inputs: &Params, input: &'a [u8], len: u32) -> Option<&'a str> {
    let text = std::str::from_utf8(input).ok().filter(|_| u32::try_from(input.len()) == Ok(len))?;
    let json = parse_canonical(text).ok()?;
    check_value(inputs, &json).is_ok().then_some(text)
}

fn bad_input() -> RunResult {
    let kind = Kind::Err(ErrorCode::BadInput);
    RunResult { value: Value { kind, output: Digest32::ZERO, output_len: 0, mfuel: 0 }, output: None }
}

fn result(outcome: Outcome, execution: u64) -> RunResult {
    let value = outcome.value();
    let output = match outcome.ending {
        Ending::Ok { output } => Some(output),
        Ending::Err { code, detail } => {
            tracing::info!(execution, ?code, detail, "the task ended in an error");
            None
        }
    };
    RunResult { value, output }
}

#[cfg(test)]
mod tests {
    use mesg_protocol::schema::{Param, ParamType};

    use super::*;

    fn inputs() -> Params {
        [("n".to_owned(), Param::new(ParamType::Boolean))].into()
    }

    fn good(text: &[u8]) -> bool {
        good_input(&inputs(), text, u32::try_from(text.len()).unwrap()).is_some()
    }

    #[test]
    fn bad_inputs_are_found() {
        assert!(good(br#"{"n":true}"#));
        assert!(!good(br#"{"n": true}"#), "not canonical");
        assert!(!good(br#"{"n":"x"}"#), "wrong type");
        assert!(!good(b"{\"n\":\xff}"), "not text");
        assert!(good_input(&inputs(), br#"{"n":true}"#, 11).is_none(), "another length");
        assert_eq!(bad_input().value.check(), Ok(()));
    }
}
