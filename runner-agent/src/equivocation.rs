//! Two different acts that one seat signed: from where they were seen to the report (docs/mechanism.md, 2.3).
//!
//! A proof is journaled before anything else, so that it outlives the process, and reported once: by this agent, unless the
//! chain says that somebody was first. Runners of this agent are no exception: whoever showed it the second act has shown
//! it to others.

use mesg_api::market::{ExecutionResponse, SignedAct};
use mesg_protocol::ids::{ExecutionId, RunnerId};

use crate::act::{Act, Due};
use crate::agent::AgentError;
use crate::clock::unix_seconds;
use crate::journal::Journal;
use crate::market::MarketClient;
use crate::turn::delay;

/// What names of [`Act::Report`] begin with.
pub const REPORT: &str = "report/";

/// Two acts of one seat that contradict each other, both signed by its key.
#[derive(Clone, Debug, PartialEq)]
pub struct Equivocation {
    /// The execution.
    pub execution: ExecutionId,
    /// Holder of the seat.
    pub runner: RunnerId,
    /// The act that was seen first, and the other one.
    pub acts: [SignedAct; 2],
}

/// The execution and the runner of a report with this name; none for other acts.
#[must_use]
pub fn reported(name: &str) -> Option<(ExecutionId, RunnerId)> {
    let (execution, runner) = name.strip_prefix(REPORT)?.split_once('/')?;
    Some((ExecutionId(execution.parse().ok()?), RunnerId(runner.parse().ok()?)))
}

/// Journals what was found, and gives the reports that are due from an agent whose turns are those of `runners` among
/// `turns`. Those that the chain has already are closed.
///
/// # Errors
/// Those of the journal and of the query.
pub async fn reports(
    journal: &Journal,
    market: &MarketClient,
    found: Vec<Equivocation>,
    (runners, turns): (&[RunnerId], u8),
    at_least: u64,
) -> Result<Vec<Due>, AgentError> {
    let open = journal.run(move |journal| journal.equivocations(&found, unix_seconds())).await?;
    let mut due = Vec::new();
    for (equivocation, made_at) in open {
        let Equivocation { execution, runner, .. } = equivocation;
        let by = made_at.saturating_add(delay(execution.0, runners, turns));
        if unix_seconds() < by {
            continue;
        }
        if is_reported(&market.execution(execution, at_least).await?, runner) {
            journal.run(move |journal| journal.close_equivocation(execution, runner)).await?;
        } else {
            due.push(Due { by, act: Act::Report(equivocation) });
        }
    }
    Ok(due)
}

fn is_reported(execution: &ExecutionResponse, runner: RunnerId) -> bool {
    let mut seats = execution.panels.iter().flat_map(|panel| &panel.seats);
    seats.any(|seat| seat.runner == runner && seat.equivocated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::seat::tests::execution;

    #[test]
    fn reports_are_known_by_their_names() {
        let act = |execution| SignedAct::Decline { code: execution, signature: Default::default() };
        let (execution, runner, acts) = (ExecutionId(u64::MAX), RunnerId(7), [act(1), act(2)]);
        let name = Act::Report(Equivocation { execution, runner, acts }).name();
        assert_eq!(reported(&name), Some((execution, runner)));
        assert_eq!(reported("poke/9"), None);
    }

    #[test]
    fn the_chain_says_what_is_reported() {
        let mut view = execution();
        assert!(!is_reported(&view, RunnerId(5)));
        view.panels[0].seats[0].equivocated = true;
        assert!(is_reported(&view, RunnerId(5)) && !is_reported(&view, RunnerId(6)));
    }
}
