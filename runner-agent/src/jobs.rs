//! Executions that are being worked on, and those that failed and are tried again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use mesg_protocol::ids::{ExecutionId, RunnerId};
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::abstain::Abstain;
use crate::preparation::Preparation;

/// Pauses between two tries: 2, 4, 8, 16, 30, 30 … seconds.
const FIRST_PAUSE: u64 = 2;
const LONGEST_PAUSE: u64 = 30;

/// Jobs of one agent.
pub struct Jobs {
    preparation: Arc<Preparation>,
    tasks: JoinSet<Finished>,
    entries: HashMap<ExecutionId, Entry>,
    given_up: BTreeSet<(ExecutionId, RunnerId)>,
}

/// What a job ended with.
pub struct Finished {
    execution: ExecutionId,
    outcome: Result<Vec<(RunnerId, Abstain)>, Failure>,
}

/// Why nothing came of a job.
#[derive(Debug)]
pub struct Failure {
    /// The reason.
    pub reason: Abstain,
    /// It must be tried again within this time, because a decline would be due then.
    pub within: Option<Duration>,
}

impl<E: Into<Abstain>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self { reason: error.into(), within: None }
    }
}

#[derive(Default)]
struct Entry {
    running: bool,
    failures: u32,
    not_before: Option<Instant>,
}

impl Jobs {
    /// No jobs yet.
    #[must_use]
    pub fn new(preparation: Arc<Preparation>) -> Self {
        let (tasks, entries, given_up) = (JoinSet::new(), HashMap::new(), BTreeSet::new());
        Self { preparation, tasks, entries, given_up }
    }

    /// Starts what is wanted and neither runs, nor rests after a failure, nor was given up.
    pub fn start(&mut self, wanted: BTreeMap<ExecutionId, Vec<RunnerId>>, at_least: u64) {
        for (execution, mut runners) in wanted {
            runners.retain(|runner| !self.given_up.contains(&(execution, *runner)));
            let entry = self.entries.entry(execution).or_default();
            let rests = entry.not_before.is_some_and(|until| Instant::now() < until);
            if runners.is_empty() || entry.running || rests {
                continue;
            }
            entry.running = true;
            let preparation = Arc::clone(&self.preparation);
            self.tasks.spawn(async move {
                let outcome = preparation.prepare(execution, &runners, at_least).await;
                Finished { execution, outcome }
            });
        }
    }

    /// Waits until a job has ended; for ever if there is none.
    pub async fn next(&mut self) {
        let Some(finished) = self.tasks.join_next().await else { return std::future::pending().await };
        match finished {
            Ok(finished) => self.finish(finished),
            Err(error) => {
                tracing::error!(%error, "a job was lost");
                // Which one is unknown: all that do not run any more may start again.
                self.entries.values_mut().for_each(|entry| entry.running = false);
            }
        }
    }

    fn finish(&mut self, Finished { execution, outcome }: Finished) {
        let mut within = None;
        let failed = match outcome {
            Ok(abstentions) => {
                for (runner, reason) in &abstentions {
                    tracing::warn!(%execution, %runner, %reason, "abstained");
                    if reason.is_final() {
                        self.given_up.insert((execution, *runner));
                    }
                }
                !abstentions.is_empty()
            }
            Err(failure) => {
                tracing::warn!(%execution, reason = %failure.reason, "abstained");
                within = failure.within;
                true
            }
        };
        let entry = self.entries.entry(execution).or_default();
        entry.running = false;
        entry.failures = if failed { entry.failures.saturating_add(1) } else { 0 };
        let pause = pause(entry.failures).min(within.unwrap_or(Duration::MAX));
        entry.not_before = if failed { Instant::now().checked_add(pause) } else { None };
    }

    /// Whether a job for the execution runs.
    #[must_use]
    pub fn running(&self, execution: ExecutionId) -> bool {
        self.entries.get(&execution).is_some_and(|entry| entry.running)
    }

    /// Whether nothing runs.
    #[must_use]
    pub fn idle(&self) -> bool {
        self.tasks.is_empty()
    }

    /// Forgets executions in which nothing is owed any more.
    pub fn keep(&mut self, open: &BTreeSet<ExecutionId>) {
        self.entries.retain(|execution, entry| entry.running || open.contains(execution));
        self.given_up.retain(|(execution, _)| open.contains(execution));
    }
}

fn pause(failures: u32) -> Duration {
    let doubled = FIRST_PAUSE.checked_shl(failures.saturating_sub(1).min(16)).unwrap_or(LONGEST_PAUSE);
    Duration::from_secs(doubled.min(LONGEST_PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        let pauses: Vec<_> = [0, 1, 2, 3, 4, 5, 99].map(|failures| pause(failures).as_secs()).into();
        assert_eq!(pauses, [2, 2, 4, 8, 16, 30, 30]);
    }
}
