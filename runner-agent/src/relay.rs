//! Signatures of the rounds that executions wait for, fetched while everything else goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use cosmwasm_std::Binary;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::beacon::{Beacon, BeaconError};

/// Pause after a round could not be had.
const RETRY: Duration = Duration::from_secs(1);

/// Rounds known, asked for, and failed.
pub struct Relay {
    beacon: Beacon,
    known: BTreeMap<u64, Binary>,
    asked: BTreeSet<u64>,
    retry: BTreeMap<u64, Instant>,
    tasks: JoinSet<(u64, Result<Binary, BeaconError>)>,
}

impl Relay {
    /// A relay that knows nothing yet.
    #[must_use]
    pub fn new(beacon: Beacon) -> Self {
        Self { beacon, known: BTreeMap::new(), asked: BTreeSet::new(), retry: BTreeMap::new(), tasks: JoinSet::new() }
    }

    /// The signature of a round that is published; none until it was fetched, which this starts.
    pub fn signature(&mut self, round: u64) -> Option<Binary> {
        if let Some(signature) = self.known.get(&round) {
            return Some(signature.clone());
        }
        let rests = self.retry.get(&round).is_some_and(|until| Instant::now() < *until);
        if !rests && self.asked.insert(round) {
            let beacon = self.beacon.clone();
            self.tasks.spawn(async move { (round, beacon.signature(round).await) });
        }
        None
    }

    /// Waits for an answer; for ever if nothing is asked.
    pub async fn fetched(&mut self) {
        let Some(answer) = self.tasks.join_next().await else { return std::future::pending().await };
        let Ok((round, answer)) = answer else { return };
        self.asked.remove(&round);
        match answer {
            Ok(signature) => {
                self.known.insert(round, signature);
            }
            Err(error) => {
                tracing::debug!(round, %error, "no beacon round");
                if let Some(until) = Instant::now().checked_add(RETRY) {
                    self.retry.insert(round, until);
                }
            }
        }
    }

    /// Forgets the rounds that nobody waits for.
    pub fn keep(&mut self, rounds: &BTreeSet<u64>) {
        self.known.retain(|round, _| rounds.contains(round));
        self.retry.retain(|round, _| rounds.contains(round));
    }

    /// Forgets what the market did not take: it may be a relay's fault.
    pub fn distrust(&mut self) {
        self.known.clear();
    }
}
