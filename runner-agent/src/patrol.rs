//! Deadlines that no seat answers for: an own run whose runner has no agent, rounds in which every seat was given up, and
//! executions whose agents are gone. Who serves the service enforces them, so that every failure has an exit
//! (docs/mechanism.md, 2.4).

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use mesg_api::market::ExecutionResponse;
use mesg_chain_client::Error;
use mesg_protocol::clock::{Clock, Deadline};
use mesg_protocol::ids::{ExecutionId, ServiceId};
use tokio::time::Instant;

use crate::act::{Act, Due};
use crate::duty::deadline;
use crate::market::MarketClient;
use crate::seat::is_own_run;

/// Between two looks.
const PERIOD: Duration = Duration::from_secs(2);
/// Executions requested before the start that are looked at.
const BACKLOG: u64 = 500;
/// Seconds after a deadline that are left to the agents of the seats.
const GRACE: u64 = 20;
/// Seconds between two looks at an execution that waits for its committee: whoever serves the queue sees to it meanwhile.
const QUEUE_LOOK: u64 = 20;
/// The phase of an execution that waits for its committee.
const QUEUED: &str = "queued";
/// Phases after which nothing is owed.
const ENDS: [&str; 3] = ["finalized", "failed", "refunded"];

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
    /// It has ended.
    Over,
}

impl Patrol {
    /// What ends or moves on the executions of `services`, and those in which seats of this agent were `declined`, whose
    /// deadline has passed; each with the second from which it is this agent's to do, before its turn.
    ///
    /// # Errors
    /// Those of the queries.
    pub async fn overdue(
        &mut self,
        market: &MarketClient,
        services: &BTreeSet<ServiceId>,
        declined: Vec<ExecutionId>,
        (now, at_least): (Clock, u64),
    ) -> Result<Vec<(ExecutionId, Due)>, Error> {
        for service in services {
            self.see(market, *service, (now, at_least)).await?;
        }
        self.watched.retain(|execution, watch| *watch != Watch::Over || declined.contains(execution));
        for execution in &declined {
            self.watched.entry(*execution).or_insert(Watch::New);
        }
        let mut overdue = Vec::new();
        for (execution, watch) in &mut self.watched {
            if is_due(*watch, now) {
                let view = market.execution(*execution, at_least).await?;
                *watch = next(&view, now);
                overdue.extend(due(&view, now, declined.contains(execution)).map(|due| (*execution, due)));
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

    async fn see(
        &mut self,
        market: &MarketClient,
        service: ServiceId,
        (now, at_least): (Clock, u64),
    ) -> Result<(), Error> {
        let requested = market.config().executions.u64();
        let seen = self.seen.entry(service).or_insert(requested.saturating_sub(BACKLOG));
        loop {
            let page = market.executions_of(service, *seen, at_least).await?;
            let Some(last) = page.last() else { return Ok(()) };
            *seen = last.execution.u64();
            let open = page.iter().filter(|it| !ENDS.contains(&it.phase.as_str()));
            self.watched.extend(open.map(|it| {
                let watch = if it.phase == QUEUED { queue_look(now) } else { Watch::New };
                (ExecutionId(it.execution.u64()), watch)
            }));
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

fn next(view: &ExecutionResponse, now: Clock) -> Watch {
    match view.until {
        None => Watch::Over,
        Some(_) if view.phase == QUEUED => queue_look(now),
        Some(until) => Watch::Until(deadline(until)),
    }
}

/// When to look again at what waits for its committee.
fn queue_look(now: Clock) -> Watch {
    Watch::Until(Deadline { time: now.time.saturating_add(QUEUE_LOOK), height: now.height })
}

/// What is to be done once the deadline has passed. Nobody else answers for an own run, nor for what was given up.
fn due(view: &ExecutionResponse, now: Clock, declined: bool) -> Option<Due> {
    let Watch::Until(until) = next(view, now) else { return None };
    let execution = view.execution.u64();
    let (act, grace) = match view.phase.as_str() {
        "provisional" => (Act::Settle(execution), GRACE),
        _ if declined || is_own_run(view) => (Act::Poke(execution), 0),
        _ => (Act::Poke(execution), GRACE),
    };
    until.expired(now).then(|| Due { by: until.time.saturating_add(grace), act })
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::Uint64;
    use mesg_api::market::At;

    use super::*;
    use crate::seat::tests::execution;

    fn view(phase: &str) -> ExecutionResponse {
        let until = Some(At { time: Uint64::new(100), height: Uint64::new(10) });
        ExecutionResponse { phase: phase.into(), until, ..execution() }
    }

    #[test]
    fn every_deadline_is_waited_for() {
        let early = Clock { time: 99, height: 10 };
        let late = Clock { time: 100, height: 10 };
        let waited = Watch::Until(Deadline { time: 100, height: 10 });
        for phase in ["own_run", "working", "opening", "publishing", "provisional"] {
            assert_eq!(next(&view(phase), early), waited, "{phase}");
        }
        assert!(is_due(Watch::New, early) && !is_due(waited, early) && is_due(waited, late));
        let ended = ExecutionResponse { until: None, ..view("finalized") };
        assert_eq!(next(&ended, late), Watch::Over);
        assert!(!is_due(Watch::Over, late) && due(&ended, late, true).is_none());
    }

    #[test]
    fn the_queue_is_left_to_those_who_serve_it() {
        let late = Clock { time: 500, height: 50 };
        assert_eq!(next(&view("queued"), late), Watch::Until(Deadline { time: 520, height: 50 }));
        assert_eq!(due(&view("queued"), late, true), None);
    }

    #[test]
    fn seats_have_a_grace_unless_nobody_answers_for_them() {
        let id = execution().execution.u64();
        let late = Clock { time: 100, height: 10 };
        let poke = |by| Some(Due { by, act: Act::Poke(id) });
        for phase in ["working", "opening", "publishing"] {
            assert_eq!((due(&view(phase), late, false), due(&view(phase), late, true)), (poke(120), poke(100)));
        }
        assert_eq!(due(&view("own_run"), late, false), poke(100));
        assert_eq!(due(&view("provisional"), late, true), Some(Due { by: 120, act: Act::Settle(id) }));
        assert_eq!(due(&view("working"), Clock { time: 100, height: 9 }, true), None, "too few blocks");
    }
}
