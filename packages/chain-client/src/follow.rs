//! Blocks in order, from a cursor, without skipping one.

use std::time::Duration;

use futures::{FutureExt as _, StreamExt as _, future::BoxFuture, stream::FuturesOrdered};
use tokio::{sync::watch, time::sleep};

use crate::{Block, Chain, Error, Head, Heads, head::reached};

/// Blocks that are fetched ahead.
const AHEAD: usize = 8;
/// A node reports a height a moment before it serves its results.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(300);

/// Gives the blocks from a height on, one after the other.
pub struct Follower {
    chain: Chain,
    heads: watch::Receiver<Option<Head>>,
    next: u64,
    fetch: u64,
    ahead: FuturesOrdered<BoxFuture<'static, Result<Block, Error>>>,
}

impl Follower {
    /// The first block will be `from`.
    #[must_use]
    pub fn new(chain: &Chain, heads: &Heads, from: u64) -> Self {
        Self { chain: chain.fork(), heads: heads.subscribe(), next: from, fetch: from, ahead: FuturesOrdered::new() }
    }

    /// Height of the block that comes next.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.next
    }

    /// Goes on at another height: after a gap was reconciled from contract state.
    pub fn jump(&mut self, to: u64) {
        self.next = to;
        self.restart();
    }

    /// The next block; waits for it. After an error the position is unchanged, so that calling again tries the
    /// same height. May be cancelled at any time.
    ///
    /// Errors: [`Error::Pruned`] when no endpoint keeps the block: reconcile, then [`Follower::jump`].
    pub async fn next(&mut self) -> Result<Block, Error> {
        let head = reached(&mut self.heads, self.next).await?;
        if self.next < head.earliest {
            return Err(Error::Pruned { height: self.next, earliest: head.earliest });
        }
        self.fill(head.height);
        match self.ahead.next().await {
            Some(Ok(block)) => {
                self.next = block.height.saturating_add(1);
                Ok(block)
            }
            Some(Err(error)) => {
                self.restart();
                Err(error)
            }
            None => Err(Error::Ended),
        }
    }

    fn fill(&mut self, head: u64) {
        while self.ahead.len() < AHEAD && self.fetch <= head {
            let (chain, height) = (self.chain.clone(), self.fetch);
            self.ahead.push_back(fetch(chain, height).boxed());
            self.fetch = self.fetch.saturating_add(1);
        }
    }

    fn restart(&mut self) {
        self.ahead = FuturesOrdered::new();
        self.fetch = self.next;
    }
}

async fn fetch(chain: Chain, height: u64) -> Result<Block, Error> {
    let mut tries = 1;
    loop {
        match chain.block(height).await {
            Err(Error::Rpc { .. } | Error::Stale { .. }) if tries < TRIES => sleep(PAUSE).await,
            answer => return answer,
        }
        tries = tries.saturating_add(1);
    }
}
