//! One execution's exchange: asks the chain who sits, shows the other seats what is held, and takes what they show.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::Duration;

use k256::ecdsa::VerifyingKey;
use mesg_api::market::{ExecutionResponse, PanelView, SeatView};
use mesg_chain_client::Error;
use mesg_protocol::ids::{ExecutionId, KeyNo, RunnerId};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::hub::Hub;
use super::message::{MAX_BYTES, PATH, Shown};
use super::room::{Agenda, Member};
use crate::clock::unix_seconds;
use crate::fetch::Fetcher;
use crate::journal::SealRow;
use crate::market::MarketClient;
use crate::window::Window;

/// Between two rounds of asking.
const PAUSE: Duration = Duration::from_secs(2);

/// What a meeting needs.
pub struct Meeting {
    /// The execution.
    pub execution: ExecutionId,
    /// The chain.
    pub market: MarketClient,
    /// Speaks to the other endpoints.
    pub peers: Fetcher,
    /// Where what is learnt goes.
    pub hub: Arc<Hub>,
}

/// What does not change about runners.
#[derive(Default)]
struct Known {
    keys: HashMap<(RunnerId, KeyNo), VerifyingKey>,
    endpoints: HashMap<RunnerId, String>,
}

impl Meeting {
    /// Goes on until it is dropped, or until it is clear that the exchange cannot come together.
    pub async fn run(self) {
        let mut known = Known::default();
        loop {
            match self.once(&mut known).await {
                Ok(Some(peers)) => self.converse(peers).await,
                Ok(None) => return self.hub.use_chain(self.execution),
                Err(error) => tracing::debug!(execution = %self.execution, %error, "exchange"),
            }
            sleep(PAUSE).await;
        }
    }

    /// Reads the round from the chain; gives the addresses of the other seats, none if one of them has none.
    async fn once(&self, known: &mut Known) -> Result<Option<BTreeSet<String>>, Error> {
        let view = self.market.execution(self.execution, 0).await?;
        if view.phase != "working" {
            self.hub.close(self.execution);
            return Ok(Some(BTreeSet::new()));
        }
        let own = self.hub.own(self.execution);
        let Some(panel) = view.panels.iter().find(|panel| panel.escalation == view.escalation) else {
            return Ok(Some(BTreeSet::new()));
        };
        let Some(peers) = self.addresses(known, panel, &own).await? else { return Ok(None) };
        let Some(agenda) = self.agenda(known, &view, panel).await? else { return Ok(None) };
        self.hub.meet(agenda, unix_seconds());
        Ok(Some(peers))
    }

    async fn addresses(
        &self,
        known: &mut Known,
        panel: &PanelView,
        own: &[SealRow],
    ) -> Result<Option<BTreeSet<String>>, Error> {
        let is_own = |runner| own.iter().any(|row| row.runner == runner);
        let mut addresses = BTreeSet::new();
        if panel.seats.iter().all(|seat| is_own(seat.runner)) {
            return Ok(Some(addresses));
        }
        for SeatView { runner, .. } in &panel.seats {
            if !known.endpoints.contains_key(runner) {
                known.endpoints.insert(*runner, self.market.runner(*runner).await?.endpoint);
            }
            match known.endpoints.get(runner) {
                Some(endpoint) if endpoint.starts_with("http") => {
                    if !is_own(*runner) {
                        addresses.insert(format!("{}{PATH}", endpoint.trim_end_matches('/')));
                    }
                }
                _ => return Ok(None),
            }
        }
        Ok(Some(addresses))
    }

    /// None if a key or the window cannot be had: the round has no fast path.
    async fn agenda(
        &self,
        known: &mut Known,
        view: &ExecutionResponse,
        panel: &PanelView,
    ) -> Result<Option<Agenda>, Error> {
        let terms = self.market.terms(view.terms).await?;
        let params = self.market.params(view.params).await?.params;
        let (window, seed) = (Window::of(view, terms.t_run, params.work_slack), panel.seed);
        let (Some(window), Some(seed)) = (window, seed) else { return Ok(None) };
        let mut members = Vec::new();
        for SeatView { runner, key_no, seal, value, .. } in &panel.seats {
            let Some(key) = self.key(known, *runner, *key_no).await? else { return Ok(None) };
            members.push(Member { runner: *runner, key, unsealed: seal.is_none() && value.is_none() });
        }
        Ok(Some(Agenda {
            domain: self.market.config().domain,
            execution: self.execution,
            round: panel.escalation,
            seed,
            members,
            open_until: window.open_until(),
            switch: window.switch(terms.t_run, params.work_slack),
            until: window.until(),
        }))
    }

    async fn key(&self, known: &mut Known, runner: RunnerId, key_no: KeyNo) -> Result<Option<VerifyingKey>, Error> {
        if let Some(key) = known.keys.get(&(runner, key_no)) {
            return Ok(Some(*key));
        }
        let bytes = self.market.attestation_key(runner, key_no).await?.unwrap_or_default();
        let key = VerifyingKey::from_sec1_bytes(&bytes).ok();
        known.keys.extend(key.map(|key| ((runner, key_no), key)));
        Ok(key)
    }

    /// Shows every address what is held and takes the answers; who does not answer is asked again later.
    async fn converse(&self, addresses: BTreeSet<String>) {
        let Some(shown) = self.hub.shown(self.execution) else { return };
        let mut answers = JoinSet::new();
        for address in addresses {
            let (peers, shown) = (self.peers.clone(), shown.clone());
            answers.spawn(async move { ask(&peers, &address, &shown).await });
        }
        while let Some(answer) = answers.join_next().await {
            if let Ok(Some(theirs)) = answer {
                let _ = self.hub.answer(theirs, unix_seconds());
            }
        }
    }
}

/// What another endpoint answers; none if it does not know the round yet, or cannot be reached.
pub async fn ask(peers: &Fetcher, address: &str, shown: &Shown) -> Option<Shown> {
    match peers.post(address, shown, MAX_BYTES).await {
        Ok(bytes) => serde_json::from_slice(&bytes).ok(),
        Err(error) => {
            tracing::debug!(%error, "exchange");
            None
        }
    }
}
