//! New blocks by websocket, as a hint to look earlier. Nothing is read from them.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use futures::StreamExt as _;
use tendermint_rpc::{
    SubscriptionClient as _, WebSocketClient,
    client::CompatMode,
    query::{EventType, Query},
};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{sleep, timeout},
};

use crate::{Chain, Error, endpoint::Endpoint};

const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// A connection that is made again whenever it fails or falls silent; ends when dropped.
pub(crate) struct Wake {
    signal: Arc<Notify>,
    hints: Arc<AtomicU64>,
    _task: JoinSet<()>,
}

impl Wake {
    pub(crate) fn start(chain: Chain, silence: Duration) -> Self {
        let mut wake = Self::never();
        let (signal, hints) = (wake.signal(), Arc::clone(&wake.hints));
        wake._task.spawn(run(chain, silence, signal, hints));
        wake
    }

    pub(crate) fn never() -> Self {
        Self { signal: Arc::default(), hints: Arc::default(), _task: JoinSet::new() }
    }

    pub(crate) fn signal(&self) -> Arc<Notify> {
        Arc::clone(&self.signal)
    }

    pub(crate) fn hints(&self) -> u64 {
        self.hints.load(Ordering::Relaxed)
    }
}

async fn run(chain: Chain, silence: Duration, signal: Arc<Notify>, hints: Arc<AtomicU64>) {
    let mut failures = 0_u32;
    loop {
        // Another endpoint after each failure, in the order of their scores.
        let endpoints = chain.ordered();
        let turn = usize::try_from(failures).unwrap_or(0).checked_rem(endpoints.len());
        if let Some((_, endpoint)) = turn.and_then(|turn| endpoints.get(turn)) {
            let before = hints.load(Ordering::Relaxed);
            let end = listen(endpoint, silence, &signal, &hints).await;
            tracing::debug!(endpoint = endpoint.name(), ?end, "websocket ended");
            if hints.load(Ordering::Relaxed) > before {
                failures = 0;
            }
        }
        sleep(pause(failures)).await;
        failures = failures.saturating_add(1);
    }
}

/// 1, 2, 4 … at most 60 seconds.
fn pause(failures: u32) -> Duration {
    let seconds = 1_u64.checked_shl(failures.min(16)).unwrap_or(u64::MAX);
    Duration::from_secs(seconds).min(LONGEST_PAUSE)
}

/// Ends with the first error, or with none when the server closed or was silent for too long.
async fn listen(endpoint: &Endpoint, silence: Duration, signal: &Notify, hints: &AtomicU64) -> Result<(), Error> {
    let connecting = WebSocketClient::builder(endpoint.websocket()).compat_mode(CompatMode::V0_38).build();
    let Ok(connected) = timeout(silence, connecting).await else {
        return Ok(());
    };
    let (client, driver) = connected.map_err(|error| endpoint.error(&error))?;
    let mut tasks = JoinSet::new();
    tasks.spawn(driver.run());
    let query = Query::from(EventType::NewBlock);
    let Ok(subscribed) = timeout(silence, client.subscribe(query)).await else {
        return Ok(());
    };
    let mut blocks = subscribed.map_err(|error| endpoint.error(&error))?;
    while let Ok(Some(block)) = timeout(silence, blocks.next()).await {
        block.map_err(|error| endpoint.error(&error))?;
        hints.fetch_add(1, Ordering::Relaxed);
        signal.notify_one();
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_are_bounded() {
        let pauses: Vec<_> = (0..8).map(|failures| pause(failures).as_secs()).collect();
        assert_eq!(pauses, [1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
