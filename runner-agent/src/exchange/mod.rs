//! The fast path: seats exchange signed seals and openings, and one certificate takes the place of all their messages
//! (docs/mechanism.md, 2.3). Whatever fails in here, seals go on chain in time.
//!
//! Runners of one process meet in the same rooms as those of others; only the network is left out between them.

mod hub;
mod inquest;
mod meeting;
pub mod message;
pub mod room;
mod server;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::SocketAddr;
use std::sync::Arc;

use mesg_protocol::ids::ExecutionId;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::task::AbortOnDropHandle;

pub use hub::{Hub, Standing};
use meeting::Meeting;

use crate::equivocation::Equivocation;
use crate::fetch::Fetcher;
use crate::journal::SealRow;
use crate::market::MarketClient;

/// The exchange of one process.
pub struct Exchange {
    hub: Arc<Hub>,
    market: MarketClient,
    peers: Fetcher,
    meetings: HashMap<ExecutionId, AbortOnDropHandle<()>>,
    inquests: JoinSet<()>,
    _server: AbortOnDropHandle<()>,
}

impl Exchange {
    /// Listens for other seats at `listen`, and speaks to them through `peers`.
    ///
    /// # Errors
    /// The operating system's, when the address cannot be listened at.
    pub async fn start(listen: SocketAddr, market: MarketClient, peers: Fetcher) -> std::io::Result<Self> {
        let (hub, listener) = (Arc::new(Hub::default()), TcpListener::bind(listen).await?);
        let server = tokio::spawn(server::serve(listener, Arc::clone(&hub)));
        let (meetings, inquests) = (HashMap::new(), JoinSet::new());
        Ok(Self { hub, market, peers, meetings, inquests, _server: AbortOnDropHandle::new(server) })
    }

    /// Meets in these executions, with the acts of this process that wait in them, and in no others.
    pub fn attend(&mut self, waiting: &BTreeMap<ExecutionId, Vec<SealRow>>) {
        self.meetings.retain(|execution, _| waiting.contains_key(execution));
        self.hub.keep(|execution| waiting.contains_key(&execution));
        for (execution, own) in waiting {
            self.hub.bind(*execution, own);
            self.meetings.entry(*execution).or_insert_with(|| {
                let (market, peers, hub) = (self.market.clone(), self.peers.clone(), Arc::clone(&self.hub));
                let meeting = Meeting { execution: *execution, market, peers, hub };
                AbortOnDropHandle::new(tokio::spawn(meeting.run()))
            });
        }
        while self.inquests.try_join_next().is_some() {}
        for room in self.hub.over() {
            self.inquests.spawn(inquest::hold(self.market.clone(), Arc::clone(&self.hub), room));
        }
    }

    /// Executions whose certificate is to be posted at `now`, unix seconds.
    #[must_use]
    pub fn whole(&self, now: u64) -> BTreeSet<ExecutionId> {
        self.hub.whole(now)
    }

    /// What is to be done about an execution at `now`, unix seconds.
    #[must_use]
    pub fn standing(&self, execution: ExecutionId, now: u64) -> Standing {
        self.hub.standing(execution, now)
    }

    /// Takes the proofs against seats that signed two different acts.
    #[must_use]
    pub fn proofs(&self) -> Vec<Equivocation> {
        self.hub.proofs()
    }

    /// Waits until a certificate may have become whole, or a seat was caught with two acts.
    pub async fn changed(&self) {
        self.hub.changed().await;
    }
}

#[cfg(test)]
mod tests {
    use super::message::{MAX_BYTES, PATH, Shown};
    use super::room::tests::{EXECUTION, agenda, row};
    use super::*;
    use crate::config::WorkSection;

    /// A process that hosts `runners`, and its address.
    async fn process(runners: &[u32]) -> (Arc<Hub>, String) {
        let hub = Arc::new(Hub::default());
        let own: Vec<_> = runners.iter().map(|runner| row(*runner, 1)).collect();
        hub.bind(EXECUTION, &own);
        assert!(hub.standing(EXECUTION, 100).hold, "nothing is known yet");
        hub.meet(agenda(3), 100);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}{PATH}", listener.local_addr().unwrap());
        tokio::spawn(server::serve(listener, Arc::clone(&hub)));
        (hub, address)
    }

    fn peers(allow_private_addresses: bool) -> Fetcher {
        Fetcher::new(&WorkSection { allow_private_addresses, ..WorkSection::default() }).unwrap()
    }

    async fn speak(from: &Hub, to: &str) {
        let answer = meeting::ask(&peers(true), to, &from.shown(EXECUTION).unwrap()).await;
        assert!(from.answer(answer.unwrap(), 100).is_some());
    }

    #[tokio::test]
    async fn two_processes_make_a_certificate_over_the_network() {
        let (first, _) = process(&[0, 2]).await;
        let (second, address) = process(&[1]).await;
        // Everything but the clock is as in a meeting; the server opens by its own, which is long past these times.
        speak(&first, &address).await;
        assert_eq!(first.standing(EXECUTION, 100).certificate, None, "the second has not opened");
        let shown = first.shown(EXECUTION).unwrap();
        assert_eq!((shown.seals.len(), shown.openings.len()), (3, 2));
        assert_eq!(second.answer(shown, 100).unwrap().openings.len(), 3);
        speak(&first, &address).await;
        assert_eq!(first.standing(EXECUTION, 100).certificate.unwrap().len(), 3 * 96);
        assert!(first.standing(EXECUTION, 100).hold && !first.standing(EXECUTION, 130).hold);
        tokio::time::timeout(std::time::Duration::from_secs(1), first.changed()).await.unwrap();
    }

    #[tokio::test]
    async fn a_second_seal_is_a_proof_that_outlives_the_round() {
        let (hub, address) = process(&[0]).await;
        for output in [1, 2] {
            let other = Hub::default();
            other.bind(EXECUTION, &[row(1, output)]);
            other.meet(agenda(3), 100);
            speak(&other, &address).await;
        }
        tokio::time::timeout(std::time::Duration::from_secs(1), hub.changed()).await.unwrap();
        hub.close(EXECUTION);
        hub.keep(|_| false);
        assert_eq!(hub.over().len(), 1, "to be looked into once");
        assert_eq!(hub.proofs()[0].runner.0, 1);
        assert_eq!(hub.proofs(), []);
    }

    #[tokio::test]
    async fn attack_64_strangers_get_nothing() {
        let (hub, address) = process(&[0]).await;
        let shown = hub.shown(EXECUTION).unwrap();
        let unknown = Shown { execution: 5u64.into(), ..shown.clone() };
        assert_eq!(meeting::ask(&peers(true), &address, &unknown).await, None);
        let other_round = Shown { round: 3, ..shown.clone() };
        assert_eq!(meeting::ask(&peers(true), &address, &other_round).await, None);
        assert_eq!(meeting::ask(&peers(false), &address, &shown).await, None, "not a public address");
        let elsewhere = address.replace(PATH, "/other");
        assert_eq!(meeting::ask(&peers(true), &elsewhere, &shown).await, None);
        let many = vec![shown.seals[0].clone(); MAX_BYTES / 100];
        let large = Shown { seals: many, ..shown.clone() };
        assert_eq!(meeting::ask(&peers(true), &address, &large).await, None);
        assert!(meeting::ask(&peers(true), &address, &shown).await.is_some());
    }

    #[tokio::test]
    async fn without_endpoints_seals_go_on_chain_at_once() {
        let (hub, _) = process(&[0]).await;
        assert!(hub.standing(EXECUTION, 100).hold);
        hub.use_chain(EXECUTION);
        assert!(hub.standing(EXECUTION, 100).hold, "its seats may have opened");
        hub.close(EXECUTION);
        assert_eq!(hub.standing(EXECUTION, 100), Standing::default());
        assert_eq!(hub.shown(EXECUTION), None);
        hub.keep(|_| false);
        hub.bind(EXECUTION, &[row(0, 1)]);
        hub.use_chain(EXECUTION);
        assert_eq!(hub.standing(EXECUTION, 100), Standing::default());
        assert!(hub.whole(100).is_empty());
    }
}
