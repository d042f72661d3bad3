//! The latest height on which the endpoints agree, strictly increasing.

use std::time::Duration;

use futures::future::join_all;
use tokio::{
    sync::watch,
    task::JoinSet,
    time::{Instant, sleep_until},
};

use crate::{Chain, Error, Status, query::status_of, wake::Wake};

/// How heights are watched.
#[derive(Debug, Clone, Copy)]
pub struct HeadsConfig {
    /// Time between two polls of `/status`.
    pub poll: Duration,
    /// Subscribe to new blocks as well, which shortens the wait.
    pub websocket: bool,
    /// Silence of the websocket after which it is connected again.
    pub silence: Duration,
}

impl Default for HeadsConfig {
    /// Poll each second, websocket with a watchdog of 30 seconds.
    fn default() -> Self {
        Self { poll: Duration::from_secs(1), websocket: true, silence: Duration::from_secs(30) }
    }
}

/// The head of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Head {
    /// Height that two endpoints have reached (or the only one that answers).
    pub height: u64,
    /// Nanoseconds of that block's time since 1970, or a little later.
    pub time_nanos: u64,
    /// Earliest block that some endpoint keeps.
    pub earliest: u64,
}

/// Watches the head; ends when dropped.
pub struct Heads {
    receiver: watch::Receiver<Option<Head>>,
    wake: Wake,
    _task: JoinSet<()>,
}

impl Heads {
    /// Starts to watch. Must be called inside a tokio runtime.
    #[must_use]
    pub fn start(chain: &Chain, config: HeadsConfig) -> Self {
        let wake = match config.websocket {
            true => Wake::start(chain.fork(), config.silence),
            false => Wake::never(),
        };
        let (sender, receiver) = watch::channel(None);
        let mut task = JoinSet::new();
        task.spawn(poll(chain.fork(), config.poll, wake.signal(), sender));
        Self { receiver, wake, _task: task }
    }

    /// The latest head; none until an endpoint has answered.
    #[must_use]
    pub fn latest(&self) -> Option<Head> {
        *self.receiver.borrow()
    }

    /// A receiver of heads, each higher than the one before; a slow reader sees only the newest.
    #[must_use]
    pub fn subscribe(&self) -> watch::Receiver<Option<Head>> {
        self.receiver.clone()
    }

    /// Hints that came by websocket so far.
    #[must_use]
    pub fn hints(&self) -> u64 {
        self.wake.hints()
    }
}

/// Waits until the head is at least `height`. Errors: [`Error::Ended`].
pub(crate) async fn reached(receiver: &mut watch::Receiver<Option<Head>>, height: u64) -> Result<Head, Error> {
    let high_enough = |head: &Option<Head>| head.is_some_and(|head| head.height >= height);
    let head = receiver.wait_for(high_enough).await;
    head.ok().and_then(|head| *head).ok_or(Error::Ended)
}

async fn poll(
    chain: Chain,
    every: Duration,
    hint: std::sync::Arc<tokio::sync::Notify>,
    sender: watch::Sender<Option<Head>>,
) {
    loop {
        let next = Instant::now().checked_add(every);
        if let Some(head) = agreed(&statuses(&chain).await, chain.max_lag()) {
            sender.send_if_modified(|last| {
                let higher = last.is_none_or(|last| head.height > last.height);
                if higher {
                    *last = Some(head);
                }
                higher
            });
        }
        tokio::select! {
            () = sleep_until(next.unwrap_or_else(Instant::now)) => {}
            () = hint.notified() => {}
            () = sender.closed() => return,
        }
    }
}

/// Statuses of all endpoints that answer and are not syncing.
async fn statuses(chain: &Chain) -> Vec<Status> {
    let asked = chain.all().iter().map(|endpoint| async move {
        let status = status_of(endpoint, chain.chain_id()).await;
        match status {
            Ok(status) if !status.catching_up => Some(status),
            Ok(_) => None,
            Err(error) => {
                tracing::debug!(%error, "no status");
                endpoint.failed();
                None
            }
        }
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// The second highest, unless everybody else is stuck far behind the highest.
fn agreed(statuses: &[Status], max_lag: u64) -> Option<Head> {
    let mut by_height: Vec<&Status> = statuses.iter().collect();
    by_height.sort_by_key(|status| std::cmp::Reverse(status.height));
    let highest = by_height.first()?;
    let second = by_height.get(1).unwrap_or(highest);
    let stuck = highest.height.saturating_sub(second.height) > max_lag;
    let chosen = if stuck { highest } else { second };
    Some(Head {
        height: chosen.height,
        time_nanos: chosen.time_nanos,
        earliest: statuses.iter().map(|s| s.earliest).min().unwrap_or(0),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(height: u64, earliest: u64) -> Status {
        Status { height, time_nanos: height, earliest, catching_up: false }
    }

    #[test]
    fn highest_that_two_have_reached() {
        let head = |heights: &[u64]| {
            let all: Vec<_> = heights.iter().map(|h| status(*h, 1)).collect();
            agreed(&all, 5).map(|head| head.height)
        };
        assert_eq!(head(&[]), None);
        assert_eq!(head(&[7]), Some(7));
        assert_eq!(head(&[7, 9]), Some(7));
        assert_eq!(head(&[7, 9, 8]), Some(8));
        // The others are stuck: they do not stop us.
        assert_eq!(head(&[7, 13]), Some(13));
    }

    #[test]
    fn earliest_of_any() {
        let head = agreed(&[status(9, 4), status(9, 2)], 5).unwrap();
        assert_eq!(head.earliest, 2);
    }

    #[tokio::test]
    async fn ended_watch_is_an_error() {
        let (sender, mut receiver) = watch::channel(None);
        drop(sender);
        assert!(matches!(reached(&mut receiver, 1).await, Err(Error::Ended)));
    }
}
