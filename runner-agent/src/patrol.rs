//! Deadlines that no seat answers for: an own run whose runner has no agent, and rounds in which every seat was given up.
//! Who serves the service enforces them, so that every failure has an exit (docs/mechanism.md, 2.4).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mesg_api::market::ExecutionResponse;
use mesg_chain_client::Error;
use mesg_protocol::clock::{Clock, Deadline};
use mesg_protocol::ids::{ExecutionId, ServiceId};
use tokio::time::Instant;

use crate::duty::deadline;
use crate::market::MarketClient;

/// Between two looks.
const PERIOD: Duration = Duration::from_secs(2);
/// Executions requested before the start that are looked at.
const BACKLOG: u64 = 500;
/// The phase of an own run.
const OWN_RUN: &str = "own_run";

/// What is watched.
#[derive(Default)]
pub struct Patrol {
    /// The last execution of each service that was looked at.
    seen: BTreeMap<ServiceId, u64>,
    watched: BTreeMap<ExecutionId, Watch>,
    next: Option<Instant>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Watch {
    /// To be asked about now.
    New,
    /// Nothing can be done before this.
    Until(Deadline),
    /// Its seats answer for it, or it has ended.
    Over,
}

impl Patrol {
    /// Executions of `services`, and those in which seats of this agent were `declined`, whose deadline has passed, each
    /// with that deadline in unix seconds.
    ///
    /// # Errors
    /// Those of the queries.
    pub async fn overdue(
        &mut self,
        market: &MarketClient,
        services: &BTreeSet<ServiceId>,
        declined: Vec<ExecutionId>,
        (now, at_least): (Clock, u64),
    ) -> Result<Vec<(ExecutionId, u64)>, Error> {
        for service in services {
            self.see(market, *service, at_least).await?;
        }
        self.watched.retain(|execution, watch| *watch != Watch::Over || declined.contains(execution));
        for execution in declined {
            self.watched.entry(execution).or_insert(Watch::New);
        }
        let mut overdue = Vec::new();
        for (execution, watch) in &mut self.watched {
            if is_due(*watch, now) {
                *watch = next(&market.execution(*execution, at_least).await?);
                if let Watch::Until(until) = *watch
                    && until.expired(now)
                {
                    overdue.push((*execution, until.time));
                }
            }
        }
        Ok(overdue)
    }

    /// Whether it is time for a look.
    pub fn is_time(&mut self) -> bool {
        let due = self.next.is_none_or(|next| Instant::now() >= next);
        if due {
            self.next = Instant::now().checked_add(PERIOD);
        }
        due
    }

    async fn see(&mut self, market: &MarketClient, service: ServiceId, at_least: u64) -> Result<(), Error> {
        let requested = market.config().executions.u64();
        let seen = self.seen.entry(service).or_insert(requested.saturating_sub(BACKLOG));
        loop {
            let page = market.executions_of(service, *seen, at_least).await?;
            let Some(last) = page.last() else { return Ok(()) };
            *seen = last.execution.u64();
            let own_runs = page.iter().filter(|it| it.phase == OWN_RUN);
            self.watched.extend(own_runs.map(|it| (ExecutionId(it.execution.u64()), Watch::New)));
        }
    }
}

fn is_due(watch: Watch, now: Clock) -> bool {
    match watch {
        Watch::New => true,
        Watch::Until(until) => until.expired(now),
        Watch::Over => false,
    }
}

fn next(view: &ExecutionResponse) -> Watch {
    match view.until {
        Some(until) if view.phase == OWN_RUN || view.phase == "working" => Watch::Until(deadline(until)),
        _ => Watch::Over,
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint64;
    use mesg_api::market::At;

    use super::*;
    use crate::seat::tests::execution;

    #[test]
    fn only_own_runs_and_work_are_waited_for() {
        let until = Some(At { time: Uint64::new(100), height: Uint64::new(10) });
        let view = |phase: &str| ExecutionResponse { phase: phase.into(), until, ..execution() };
        let waited = Watch::Until(Deadline { time: 100, height: 10 });
        assert_eq!((next(&view("own_run")), next(&view("working"))), (waited, waited));
        assert_eq!((next(&view("queued")), next(&view("provisional"))), (Watch::Over, Watch::Over));
        let early = Clock { time: 99, height: 10 };
        let late = Clock { time: 100, height: 10 };
        assert!(is_due(Watch::New, early) && !is_due(waited, early) && is_due(waited, late));
        assert!(!is_due(Watch::Over, late));
    }
}
