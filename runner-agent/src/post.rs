//! One transaction of acts: sent, split when a part sinks the whole, and read back.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use mesg_api::event::RawEvent;
use mesg_api::market::{FULL, MarketEvent};
use mesg_chain_client::{Class, Error, Event, Lane, Message, Rejection, TxRequest, TxResult};

use crate::act::{Act, Content, Post, messages};
use crate::market::MarketClient;

/// Pause after an error that an operator must cure.
const FATAL_PAUSE: Duration = Duration::from_secs(30);

/// What became of acts.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Height of the last transaction that was included: state before it is not to be acted on.
    pub height: u64,
    /// Acts that the market took.
    pub taken: Vec<String>,
    /// Acts that the market refused, and the code of its reason; also acts that sank a transaction by themselves. Not those
    /// for which a message had no room: they are due as before.
    pub refused: Vec<(String, String)>,
    /// Nothing is to be sent for so long.
    pub pause: Option<Duration>,
}

/// Sends acts in one transaction. If it is refused as a whole, it is halved until the acts at fault stand alone.
pub fn send<'a>(
    lane: &'a Lane,
    market: &'a MarketClient,
    acts: &'a [Act],
) -> Pin<Box<dyn Future<Output = Report> + Send + 'a>> {
    Box::pin(async move {
        let posts = messages(acts);
        let sent = match request(market, &posts) {
            Ok(request) => lane.send(&request).await,
            Err(error) => Err(error),
        };
        match sent {
            Ok((hash, result)) => {
                let report = read(market.address(), &posts, &result);
                tracing::info!(
                    tx = %hash, height = result.height, gas = result.gas_used,
                    taken = ?report.taken, refused = ?report.refused, "posted"
                );
                report
            }
            Err(error) if splits(&error) && acts.len() > 1 => {
                tracing::info!(%error, acts = acts.len(), "split");
                let (first, second) = acts.split_at(acts.len().div_ceil(2));
                let mut report = send(lane, market, first).await;
                if report.pause.is_none() {
                    report.add(send(lane, market, second).await);
                }
                report
            }
            Err(error) => failed(acts, &error),
        }
    })
}

impl Report {
    fn add(&mut self, other: Self) {
        self.height = self.height.max(other.height);
        self.taken.extend(other.taken);
        self.refused.extend(other.refused);
        self.pause = other.pause;
    }
}

fn request(market: &MarketClient, posts: &[Post]) -> Result<TxRequest, Error> {
    let message = |post: &Post| match &post.message {
        Content::Market(message) => Message::execute(market.address(), message),
        Content::Staking(message) => Message::execute(market.config().staking.as_str(), message),
    };
    let messages = posts.iter().map(message).collect::<Result<_, _>>()?;
    let intents = posts.iter().flat_map(|post| post.names.iter().cloned()).collect();
    Ok(TxRequest::new(messages, intents))
}

/// Whether a part may be at fault rather than the whole.
const fn splits(error: &Error) -> bool {
    matches!(
        error,
        Error::GasAboveMax { .. }
            | Error::Rejected {
                rejection: Rejection::Message { .. } | Rejection::OutOfGas | Rejection::Other { .. },
                ..
            }
    )
}

/// Nothing was posted. What is at fault by itself is refused; the rest is looked at again after a pause.
fn failed(acts: &[Act], error: &Error) -> Report {
    let class = error.class();
    tracing::warn!(%error, ?class, acts = acts.len(), "not posted");
    let mut report = Report::default();
    match class {
        Class::Retry(pause) => report.pause = Some(pause),
        Class::Rebuild => {}
        Class::Permanent => {
            report.refused = acts.iter().map(|act| (act.name(), error.to_string())).collect();
        }
        Class::Fatal => report.pause = Some(FATAL_PAUSE),
    }
    if let Error::Rejected { included: Some((_, height)), .. } = error {
        report.height = *height;
    }
    report
}

/// Reads from the events of an included transaction which items the market refused.
fn read(market: &str, posts: &[Post], result: &TxResult) -> Report {
    let mut report = Report { height: result.height, ..Report::default() };
    report.refused = result.events.iter().filter_map(|event| refused(market, posts, event)).collect();
    let names = posts.iter().flat_map(|post| &post.names);
    let taken = names.filter(|name| report.refused.iter().all(|(refused, _)| refused != *name));
    report.taken = taken.cloned().collect();
    report.refused.retain(|(_, code)| code != FULL);
    report
}

/// Name and code of a refused item. The chain says which message (`msg_index`), the market which item of it.
fn refused(market: &str, posts: &[Post], event: &Event) -> Option<(String, String)> {
    if event.get("_contract_address") != Some(market) {
        return None;
    }
    let raw = RawEvent { name: event.kind.strip_prefix("wasm-")?, attributes: &event.attributes };
    let (_, MarketEvent::ItemRefused { index, code, .. }) = MarketEvent::parse(&raw).ok()? else { return None };
    let message: usize = event.get("msg_index")?.parse().ok()?;
    let name = posts.get(message)?.names.get(usize::try_from(index).ok()?)?;
    Some((name.clone(), code))
}

#[cfg(test)]
mod tests {
    use mesg_chain_client::TxHash;

    use super::*;

    fn event(contract: &str, message: &str, index: u32, code: &str) -> Event {
        let refused = MarketEvent::ItemRefused { index, execution: 9, code: code.into() }.into_event(3);
        let mut attributes: Vec<_> = refused.attributes.into_iter().map(|a| (a.key, a.value)).collect();
        attributes.push(("_contract_address".into(), contract.into()));
        attributes.push(("msg_index".into(), message.into()));
        Event { kind: format!("wasm-{}", refused.ty), attributes }
    }

    fn result(events: Vec<Event>) -> TxResult {
        TxResult {
            height: 7,
            code: 0,
            codespace: String::new(),
            log: String::new(),
            gas_wanted: 2,
            gas_used: 1,
            events,
        }
    }

    #[test]
    fn refused_items_are_found_by_message_and_index() {
        let posts = messages(&[Act::Settle(1), Act::Settle(9), Act::Poke(3)]);
        let report = read("market", &posts, &result(vec![event("market", "0", 1, "already")]));
        assert_eq!(report.refused, [("settle/9".to_owned(), "already".to_owned())]);
        assert_eq!(report.taken, ["settle/1", "poke/3"]);
        assert_eq!(report.height, 7);
        for (contract, message, index) in [("impostor", "0", 1), ("market", "5", 0), ("market", "0", 9)] {
            let ignored = event(contract, message, index, "already");
            assert!(read("market", &posts, &result(vec![ignored])).refused.is_empty());
        }
    }

    #[test]
    fn an_act_without_room_is_neither_taken_nor_refused() {
        let posts = messages(&[Act::Settle(1), Act::Settle(9), Act::Settle(3)]);
        let events = vec![event("market", "0", 1, FULL), event("market", "0", 2, "already")];
        let report = read("market", &posts, &result(events));
        assert_eq!(report.taken, ["settle/1"]);
        assert_eq!(report.refused, [("settle/3".to_owned(), "already".to_owned())]);
    }

    #[test]
    fn errors_pause_or_refuse() {
        let acts = [Act::Settle(1)];
        let message = Rejection::Message { codespace: "wasm".into(), code: 5, log: "no".into() };
        let rejected = Error::Rejected { rejection: message, included: Some((TxHash([0; 32]), 8)) };
        assert!(splits(&rejected) && splits(&Error::GasAboveMax { needed: 2, max: 1 }));
        let report = failed(&acts, &rejected);
        assert_eq!((report.refused.len(), report.pause, report.height), (1, None, 8));
        let stale = Error::Stale { needed: 2, got: 1 };
        assert!(!splits(&stale));
        assert_eq!(failed(&acts, &stale).pause, Some(Duration::from_secs(1)));
        assert_eq!(failed(&acts, &Error::Key("bad")).pause, Some(FATAL_PAUSE));
        let dropped = failed(&acts, &Error::Dropped { hash: TxHash([0; 32]) });
        assert_eq!(dropped, Report::default());
    }
}
