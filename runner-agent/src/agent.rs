//! The loop: at each block what is owed is read from the chain, and what is owed is done.
//!
//! The chain is the truth and a block is a hint to look; the journal only keeps what must not be lost. So the loop has no
//! memory of its own that matters: a process that was killed does the same as one that goes on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use mesg_api::staking::RunnerResponse;
use mesg_chain_client::{Chain, Class, Error as ChainError, Head, Heads, Lane, SigningKey};
use mesg_protocol::clock::Clock;
use mesg_protocol::ids::{ExecutionId, RunnerId, ServiceId};
use mesg_sandbox::{Sandbox, SandboxConfig, SandboxError};
use thiserror::Error;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep};
use tokio_util::sync::CancellationToken;

use crate::act::{Act, Due, UNJAIL, next_batch};
use crate::attestation_key::{AttestationSeed, KeyError};
use crate::beacon::{Beacon, BeaconError};
use crate::blob::BlobDirectory;
use crate::clock::unix_seconds;
use crate::component_store::ComponentStore;
use crate::config::{Config, Runners};
use crate::equivocation::{reported, reports};
use crate::exchange::{Exchange, Standing};
use crate::fetch::{FetchError, Fetcher};
use crate::jobs::Jobs;
use crate::journal::{Journal, JournalError};
use crate::keyring::Keyring;
use crate::market::MarketClient;
use crate::parked::Parked;
use crate::patrol::Patrol;
use crate::plan::{Plan, Planner, look_up, meeting};
use crate::post::{Report, send};
use crate::preparation::Preparation;
use crate::publication::Publication;
use crate::relay::Relay;
use crate::secret::SecretError;
use crate::turn::stand_in;
use crate::work::Worker;

/// Seconds after which journaled results, ended transactions and blobs are forgotten: executions are pruned as late.
const KEEP: u64 = 30 * 86_400;
/// Look again although no block has come.
const SILENCE: Duration = Duration::from_secs(5);
/// Between two looks for new runners of the operator.
const REFRESH: Duration = Duration::from_secs(60);
/// The same while there are none.
const REFRESH_EMPTY: Duration = Duration::from_secs(5);
/// Between two times of forgetting what is old.
const DAY: Duration = Duration::from_secs(86_400);
/// What is under way may end within this time after a stop.
const GRACE: Duration = Duration::from_secs(10);
/// Pause before the start is tried again while the chain does not answer.
const START_PAUSE: Duration = Duration::from_secs(2);

/// Why the agent does not start or go on.
#[derive(Debug, Error)]
pub enum AgentError {
    /// A secret cannot be read.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The attestation mnemonic cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The journal cannot be used.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The engine does not start.
    #[error(transparent)]
    Sandbox(#[from] SandboxError),
    /// The downloader does not start.
    #[error(transparent)]
    Fetch(#[from] FetchError),
    /// The beacon's client does not start.
    #[error(transparent)]
    Beacon(#[from] BeaconError),
    /// A directory cannot be made or written.
    #[error("data directory: {0}")]
    Io(#[from] std::io::Error),
    /// The chain cannot be used.
    #[error("chain: {0}")]
    Chain(#[from] ChainError),
    /// The agent was stopped before it had started.
    #[error("stopped")]
    Stopped,
}

/// One operator's agent.
pub struct Agent {
    config: Config,
    journal: Journal,
    market: MarketClient,
    lane: Arc<Lane>,
    heads: Heads,
    publication: Publication,
    jobs: Jobs,
    relay: Option<Relay>,
    exchange: Option<Exchange>,
    parked: Parked,
    runners: Vec<RunnerId>,
    /// Ends of jails of the runners, unix seconds.
    jails: Vec<(RunnerId, u64)>,
    services: BTreeSet<ServiceId>,
    patrol: Patrol,
    refresh_at: Instant,
    tidy_at: Instant,
    sends: JoinSet<Report>,
    quiet_until: Instant,
    /// Height of our last transaction: older state is not acted on.
    floor: u64,
}

impl Agent {
    /// Opens the journal, reads the secrets, connects, and brings transactions of an earlier process to their end.
    ///
    /// # Errors
    /// [`AgentError`]; a chain that does not answer is waited for until `stop`.
    pub async fn start(config: Config, stop: &CancellationToken) -> Result<Self, AgentError> {
        let journal = Journal::open(&config.data_dir)?;
        let operator = SigningKey::account(&config.operator.mnemonic.read()?, config.operator.account)?;
        let seed = AttestationSeed::new(&config.attestation_mnemonic().read()?)?;
        let chain = Chain::new(&config.chain_config())?;
        let lane = Lane::new(&chain, operator, config.lane_config(), Arc::new(journal.clone()))?;
        let market = until(stop, || MarketClient::connect(&chain, &config.chain.market)).await?;
        let pending = journal.pending_txs()?;
        let ends = until(stop, || lane.resume(pending.clone())).await?;
        #[cfg(feature = "byzantine")]
        crate::byzantine::begin(&config, market.config().domain);
        tracing::info!(operator = lane.address(), market = market.address(), resumed = ends.len(), "started");
        let worker = worker(&config, &market)?;
        let exchange = match &config.exchange {
            Some(section) => Some(Exchange::start(section.listen, market.clone(), Fetcher::new(&config.work)?).await?),
            None => None,
        };
        let keyring = Keyring::new(seed, config.attestation.accounts, market.clone());
        let serves_blobs = config.blobs.base_url.is_some();
        let preparation = Preparation::new(market.clone(), worker, keyring, journal.clone(), serves_blobs);
        let outputs = BlobDirectory::open(config.blob_directory(), 0o755)?;
        Ok(Self {
            heads: Heads::start(&chain, config.heads_config()),
            publication: Publication::new(outputs, config.blobs.base_url.clone()),
            jobs: Jobs::new(Arc::new(preparation)),
            relay: config.roles.relay.as_ref().map(Beacon::new).transpose()?.map(Relay::new),
            exchange,
            parked: Parked::default(),
            runners: Vec::new(),
            jails: Vec::new(),
            services: BTreeSet::new(),
            patrol: Patrol::default(),
            refresh_at: Instant::now(),
            tidy_at: Instant::now(),
            sends: JoinSet::new(),
            quiet_until: Instant::now(),
            floor: 0,
            lane: Arc::new(lane),
            config,
            journal,
            market,
        })
    }

    /// Works until `stop`; then lets what is under way end, at most 10 seconds.
    ///
    /// # Errors
    /// [`AgentError::Chain`] when the watcher of heights has ended.
    pub async fn run(mut self, stop: CancellationToken) -> Result<(), AgentError> {
        let mut heads = self.heads.subscribe();
        let mut end = None;
        loop {
            let head = *heads.borrow_and_update();
            let posted = match head {
                Some(head) => self.turn(head, end.is_some()).await,
                None => false,
            };
            let idle = !posted && self.sends.is_empty() && self.jobs.idle();
            if end.is_some_and(|end| idle || Instant::now() >= end) {
                tracing::info!(idle, "stopped");
                return Ok(());
            }
            tokio::select! {
                changed = heads.changed() => changed.map_err(|_| ChainError::Ended)?,
                () = self.jobs.next() => {}
                Some(report) = self.sends.join_next() => self.posted(report.unwrap_or_default()).await,
                () = fetched(self.relay.as_mut()) => {}
                () = exchanged(self.exchange.as_ref()) => {}
                () = stop.cancelled(), if end.is_none() => end = Instant::now().checked_add(GRACE),
                () = sleep(SILENCE) => {}
            }
        }
    }

    /// One look at the chain; says whether something was sent.
    async fn turn(&mut self, head: Head, ending: bool) -> bool {
        match self.look(head, ending).await {
            Ok(due) => self.post(due, head.height),
            Err(error) => {
                tracing::warn!(%error, height = head.height, "cannot look");
                false
            }
        }
    }

    /// Reads what is due at `head` and starts the work that it needs, unless the agent is ending.
    async fn look(&mut self, head: Head, ending: bool) -> Result<Vec<Due>, AgentError> {
        self.tidy().await?;
        self.refresh().await?;
        let mut owed = Vec::new();
        let whole = self.exchange.as_ref().map(|exchange| exchange.whole(unix_seconds())).unwrap_or_default();
        for runner in self.runners.clone() {
            let duties = self.market.what_i_owe(runner, self.floor).await?;
            let whole = whole.clone();
            owed.extend(self.journal.run(move |journal| look_up(journal, runner, duties, &whole)).await?);
        }
        if let Some(exchange) = self.exchange.as_mut() {
            let waiting = meeting(&owed);
            #[cfg(feature = "byzantine")]
            let waiting = crate::byzantine::attending(waiting);
            exchange.attend(&waiting);
        }
        let waiting = match self.serves_queue() {
            true => self.market.waiting(self.floor).await?,
            false => Vec::new(),
        };
        let now = Clock { time: head.time_nanos / 1_000_000_000, height: head.height };
        let overdue = self.overdue(now).await?;
        let turns_of = self.turns_of();
        let (roles, publication) = (&self.config.roles, &self.publication);
        let exchange = self.exchange.as_ref();
        let standing = &|execution| match exchange {
            Some(exchange) => exchange.standing(execution, unix_seconds()),
            None => Standing::default(),
        };
        let planner = Planner { now, roles, runners: &turns_of, publication, standing };
        let mut plan = Plan::default();
        planner.duties(&mut plan, owed, |execution| self.jobs.running(execution))?;
        planner.queue(&mut plan, &waiting, self.market.config().epoch_secs, self.relay.as_mut());
        for (execution, due) in overdue {
            planner.crank(&mut plan, due.act, execution.0, due.by);
        }
        plan.due.extend(self.reports(&turns_of).await?);
        plan.due.extend(self.unjails(now.time));
        #[cfg(feature = "byzantine")]
        crate::byzantine::forbear(&mut plan.due);
        self.jobs.keep(&plan.open);
        let work = if ending { BTreeMap::new() } else { plan.work };
        self.jobs.start(work, self.floor);
        Ok(plan.due)
    }

    /// What is to be reported of the seats that signed two different acts.
    async fn reports(&self, turns_of: &[RunnerId]) -> Result<Vec<Due>, AgentError> {
        let found = self.exchange.as_ref().map(Exchange::proofs).unwrap_or_default();
        let due = reports(&self.journal, &self.market, found, (turns_of, self.config.roles.turns), self.floor).await?;
        Ok(if self.config.roles.crank { due } else { Vec::new() })
    }

    /// What has passed its deadline and no seat answers for, by execution.
    async fn overdue(&mut self, now: Clock) -> Result<Vec<(ExecutionId, Due)>, AgentError> {
        if !self.config.roles.crank || !self.patrol.is_time() {
            return Ok(Vec::new());
        }
        let since = now.time.saturating_sub(DAY.as_secs());
        let declined = self.journal.run(move |journal| journal.declined(since)).await?;
        let at = (now, self.floor);
        Ok(self.patrol.overdue(&self.market, &self.services, declined, at).await?)
    }

    /// Jails that are over at `now`, unix seconds.
    fn unjails(&self, now: u64) -> impl Iterator<Item = Due> {
        let over = self.jails.iter().filter(move |(_, end)| self.config.roles.unjail && now >= *end);
        over.map(|(runner, end)| Due { by: *end, act: Act::Unjail(*runner) })
    }

    /// Forgets what is old: at the start, and once a day.
    async fn tidy(&mut self) -> Result<(), AgentError> {
        if Instant::now() < self.tidy_at {
            return Ok(());
        }
        self.tidy_at = Instant::now().checked_add(DAY).unwrap_or(self.tidy_at);
        let before = unix_seconds().saturating_sub(KEEP);
        self.journal.run(move |journal| journal.forget(before)).await?;
        Ok(self.publication.forget(Duration::from_secs(KEEP))?)
    }

    fn serves_queue(&self) -> bool {
        let roles = &self.config.roles;
        roles.tick || roles.crank || roles.relay.is_some()
    }

    /// Whose turns count: the runners', or a stand-in for an operator without any.
    fn turns_of(&self) -> Vec<RunnerId> {
        match self.runners.is_empty() {
            true => vec![stand_in(self.lane.address())],
            false => self.runners.clone(),
        }
    }

    /// Finds the runners to serve, and their jails: at the start, and new ones later.
    async fn refresh(&mut self) -> Result<(), ChainError> {
        if Instant::now() < self.refresh_at {
            return Ok(());
        }
        let (runners, found) = match &self.config.runners {
            Runners::Listed(runners) => (runners.clone(), self.found(runners).await),
            Runners::OwnedBy(owners) => {
                let found = self.owned_by(owners).await?;
                (found.iter().map(|runner| runner.runner).collect(), found)
            }
        };
        self.jails = found.iter().filter_map(jail).collect();
        self.services = found.iter().map(|runner| runner.service).collect();
        if runners != self.runners {
            tracing::info!(?runners, "serving");
            self.runners = runners;
        }
        let pause = if self.runners.is_empty() { REFRESH_EMPTY } else { REFRESH };
        self.refresh_at = Instant::now().checked_add(pause).unwrap_or(self.refresh_at);
        Ok(())
    }

    /// The runners of these accounts whose operator is this agent's key.
    async fn owned_by(&self, owners: &[String]) -> Result<Vec<RunnerResponse>, ChainError> {
        let mut found = Vec::new();
        for owner in owners {
            found.extend(self.market.runners_of(owner).await?);
        }
        found.retain(|runner| runner.operator.as_str() == self.lane.address());
        Ok(found)
    }

    /// Those of the listed runners that the chain tells about.
    async fn found(&self, listed: &[RunnerId]) -> Vec<RunnerResponse> {
        let mut found = Vec::new();
        for runner in listed {
            found.extend(self.market.runner(*runner).await);
        }
        found
    }

    /// Sends the most urgent acts, unless a transaction is under way.
    fn post(&mut self, mut due: Vec<Due>, height: u64) -> bool {
        self.parked.forget(height);
        due.retain(|due| self.parked.allows(&due.act.name(), height));
        if due.is_empty() || !self.sends.is_empty() || Instant::now() < self.quiet_until {
            return false;
        }
        let (lane, market) = (Arc::clone(&self.lane), self.market.clone());
        let batch = next_batch(due);
        self.sends.spawn(async move { send(&lane, &market, &batch).await });
        true
    }

    async fn posted(&mut self, report: Report) {
        for (execution, runner) in report.taken.iter().filter_map(|name| reported(name)) {
            let closed = self.journal.run(move |journal| journal.close_equivocation(execution, runner)).await;
            if let Err(error) = closed {
                tracing::warn!(%execution, %runner, %error, "cannot close a report");
            }
        }
        self.floor = self.floor.max(report.height);
        let height = self.floor.max(self.heads.latest().map_or(0, |head| head.height));
        if report.taken.iter().any(|name| name.starts_with(UNJAIL)) {
            self.refresh_at = Instant::now();
        }
        if !report.refused.is_empty() {
            self.relay.iter_mut().for_each(Relay::distrust);
        }
        for (name, reason) in report.refused {
            tracing::info!(act = name, reason, "refused");
            self.parked.refuse(name, height);
        }
        if let Some(until) = report.pause.and_then(|pause| Instant::now().checked_add(pause)) {
            self.quiet_until = until;
        }
    }
}

/// End of a runner's jail, if it is in one that it can leave.
fn jail(runner: &RunnerResponse) -> Option<(RunnerId, u64)> {
    Some((runner.runner, runner.jailed_until?.u64())).filter(|_| !runner.tombstoned)
}

async fn exchanged(exchange: Option<&Exchange>) {
    match exchange {
        Some(exchange) => exchange.changed().await,
        None => std::future::pending().await,
    }
}

async fn fetched(relay: Option<&mut Relay>) {
    match relay {
        Some(relay) => relay.fetched().await,
        None => std::future::pending().await,
    }
}

fn worker(config: &Config, market: &MarketClient) -> Result<Worker, AgentError> {
    let sandbox = Sandbox::new(&SandboxConfig::new(config.data_dir.join("code")))?;
    let fetcher = Fetcher::new(&config.work)?;
    let kept = BlobDirectory::open(config.data_dir.join("components"), 0o700)?;
    kept.forget(Duration::from_secs(KEEP))?;
    let components = ComponentStore::new(sandbox.clone(), fetcher.clone(), kept);
    Ok(Worker::new(market.clone(), fetcher, components, sandbox, config.work.workers))
}

/// Repeats what failed only because the chain did not answer.
async fn until<T, F, Fut>(stop: &CancellationToken, work: F) -> Result<T, AgentError>
where
    F: Fn() -> Fut,
    Fut: Future<Output = Result<T, ChainError>>,
{
    loop {
        let answer = tokio::select! {
            answer = work() => answer,
            () = stop.cancelled() => return Err(AgentError::Stopped),
        };
        match answer {
            Ok(value) => return Ok(value),
            Err(error) if matches!(error.class(), Class::Retry(_)) => {
                tracing::warn!(%error, "waiting for the chain");
                tokio::select! {
                    () = sleep(START_PAUSE) => {}
                    () = stop.cancelled() => return Err(AgentError::Stopped),
                }
            }
            Err(error) => return Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn runner(jailed_until: Option<&str>, tombstoned: bool) -> RunnerResponse {
        let runner = serde_json::json!({
            "runner": 3, "service": 1, "owner": "owner", "operator": "operator", "key_no": 0, "attestation_key": "",
            "endpoint": "", "tokens": "0", "active": "0", "active_shares": "0", "dead": false,
            "jailed_until": jailed_until, "tombstoned": tombstoned, "unbonding": [], "versions": [],
        });
        serde_json::from_value(runner).unwrap()
    }

    #[test]
    fn only_a_jail_is_left() {
        assert_eq!(jail(&runner(Some("9"), false)), Some((RunnerId(3), 9)));
        assert_eq!(jail(&runner(None, false)), None);
        assert_eq!(jail(&runner(Some("9"), true)), None);
    }
}
