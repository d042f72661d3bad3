//! After a round: whether a seat did something else on chain than what it had shown here; both together are a proof
//! (docs/mechanism.md, 2.3). State keeps no signatures, so the transactions of the round are read.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use mesg_api::market::{ExecuteMsg, ExecutionResponse, SignedAct};
use mesg_chain_client::Error;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use tokio::time::sleep;

use super::hub::Hub;
use super::room::Room;
use crate::market::MarketClient;

/// Tries while the chain does not answer, and the pause between two of them.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_secs(10);

/// Looks into one round that is over, and hands what it finds to the hub.
pub async fn hold(market: MarketClient, hub: Arc<Hub>, mut room: Room) {
    for _ in 0..TRIES {
        match look(&market, &hub, &mut room).await {
            Ok(()) => return,
            Err(error @ Error::Pruned { .. }) => {
                tracing::warn!(execution = %room.execution(), %error, "the round's transactions are gone");
                return;
            }
            Err(error) => tracing::debug!(execution = %room.execution(), %error, "inquest"),
        }
        sleep(PAUSE).await;
    }
}

/// A proof is handed over as soon as it is found: the room gives each once.
async fn look(market: &MarketClient, hub: &Hub, room: &mut Room) -> Result<(), Error> {
    let view = market.execution(room.execution(), 0).await?;
    for height in blocks(&view, room.round()).into_iter().flatten() {
        for message in market.executed(height).await? {
            let acts = acts(message, room.execution());
            hub.accuse(acts.into_iter().filter_map(|(runner, act)| room.contradict(runner, act)).collect());
        }
    }
    Ok(())
}

/// The blocks in which seats of a round sealed or declined on chain; none if all of them were certified.
fn blocks(view: &ExecutionResponse, round: u8) -> Option<RangeInclusive<u64>> {
    let begin = view.history.iter().position(|item| item.phase == "working" && item.escalation == round)?;
    let (first, next) = (view.history.get(begin)?, view.history.get(begin.checked_add(1)?)?);
    let declined = view.panels.iter().any(|panel| panel.escalation == round && !panel.declined.is_empty());
    let on_chain = next.phase == "opening" || declined;
    on_chain.then(|| first.at.height.u64()..=next.at.height.u64())
}

/// The acts of seats of an execution that a message carries.
fn acts(message: ExecuteMsg, execution: ExecutionId) -> Vec<(RunnerId, SignedAct)> {
    match message {
        ExecuteMsg::Seal { items } => {
            let items = items.into_iter().filter(|item| item.execution.u64() == execution.0);
            items.map(|it| (it.runner, SignedAct::Seal { seal: it.seal, signature: it.signature })).collect()
        }
        ExecuteMsg::Decline { items } => {
            let items = items.into_iter().filter(|item| item.execution.u64() == execution.0);
            items.map(|it| (it.runner, SignedAct::Decline { code: it.code, signature: it.signature })).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Binary, Uint64};
    use mesg_api::market::{At, DeclineItem, HistoryItem, SealItem};
    use mesg_protocol::digest::Digest32;

    use super::*;
    use crate::seat::tests::execution;

    fn view(phases: &[(&str, u8)]) -> ExecutionResponse {
        let item = |(height, (phase, escalation)): (u64, &(&str, u8))| {
            let at = At { time: Uint64::new(1), height: Uint64::new(height) };
            HistoryItem { phase: (*phase).into(), escalation: *escalation, at }
        };
        ExecutionResponse { history: (10..).zip(phases).map(item).collect(), ..execution() }
    }

    #[test]
    fn the_blocks_of_a_round_that_went_over_the_chain() {
        let over = view(&[("queued", 1), ("working", 1), ("opening", 1), ("queued", 2), ("working", 2)]);
        assert_eq!(blocks(&over, 1), Some(11..=12));
        assert_eq!(blocks(&over, 2), None, "not over");
        assert_eq!(blocks(&over, 3), None);
        let mut certified = view(&[("working", 1), ("provisional", 0)]);
        assert_eq!(blocks(&certified, 1), None);
        certified.panels[0].declined = vec![RunnerId(9)];
        assert_eq!(blocks(&certified, 1), Some(10..=11), "it may have shown a seal before");
    }

    #[test]
    fn seals_and_declines_are_acts() {
        let (runner, seal, signature) = (RunnerId(1), Digest32::ZERO, Binary::from(vec![1; 64]));
        let item = |execution| SealItem { execution, runner, seal, signature: signature.clone() };
        let sealed = ExecuteMsg::Seal { items: vec![item(Uint64::new(8)), item(Uint64::new(9))] };
        assert_eq!(acts(sealed, ExecutionId(9)), [(runner, SignedAct::Seal { seal, signature: signature.clone() })]);
        let declined = DeclineItem { execution: Uint64::new(9), runner, code: 1, signature: signature.clone() };
        let declined = ExecuteMsg::Decline { items: vec![declined] };
        assert_eq!(acts(declined, ExecutionId(9)), [(runner, SignedAct::Decline { code: 1, signature })]);
        assert_eq!(acts(ExecuteMsg::Tick {}, ExecutionId(9)), []);
    }
}
