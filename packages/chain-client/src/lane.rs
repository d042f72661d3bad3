//! One key = one writer: simulate, sign, journal, broadcast, wait; one transaction in flight.

use std::{sync::Arc, time::Duration};

use tokio::sync::Mutex;

use crate::{
    Account, Chain, Error, GasPrice, Message, PendingTx, Rejection, SigningKey, TxEnd, TxHash, TxJournal, TxResult,
    broadcast::Broadcast,
    tx::{Content, Signer},
};

/// Refusals that one transaction may answer by being made again.
const ATTEMPTS: u32 = 6;
/// The gas multiplier grows by 30 % after "out of gas".
const GROWTH: (u64, u64) = (13, 10);

/// How a lane pays and waits.
#[derive(Debug, Clone)]
pub struct LaneConfig {
    /// Bech32 prefix of addresses.
    pub prefix: String,
    /// Price to begin with.
    pub gas_price: GasPrice,
    /// Price that is never exceeded; same denomination.
    pub max_gas_price: GasPrice,
    /// Gas limit over simulated gas, in thousandths.
    pub gas_multiplier: u64,
    /// Multiplier that is never exceeded.
    pub max_gas_multiplier: u64,
    /// Gas limit that is never exceeded.
    pub max_gas: u64,
    /// Blocks in which a transaction must be included.
    pub timeout_blocks: u64,
    /// Time between two lookups.
    pub poll: Duration,
    /// Time after which waiting ends with [`Error::Pending`].
    pub wait: Duration,
}

impl LaneConfig {
    /// Gas ×1.4 (at most ×3), at most 50M; 20 blocks; lookups each half second, for at most two minutes.
    pub fn new(prefix: impl Into<String>, gas_price: GasPrice, max_gas_price: GasPrice) -> Self {
        Self {
            prefix: prefix.into(),
            gas_price,
            max_gas_price,
            gas_multiplier: 1_400,
            max_gas_multiplier: 3_000,
            max_gas: 50_000_000,
            timeout_blocks: 20,
            poll: Duration::from_millis(500),
            wait: Duration::from_secs(120),
        }
    }

    fn check(&self) -> Result<(), Error> {
        let reason = if self.gas_price.denom() != self.max_gas_price.denom() {
            "denominations differ"
        } else if self.gas_price.exceeds(&self.max_gas_price) {
            "above the maximum"
        } else {
            return Ok(());
        };
        Err(Error::Invalid { field: "gas price", reason: reason.into() })
    }
}

/// What to send in one transaction.
#[derive(Debug, Clone, Default)]
pub struct TxRequest {
    /// In order; all take effect or none.
    pub messages: Vec<Message>,
    /// What it is meant to do, in the caller's own names; goes to the journal.
    pub intents: Vec<String>,
    /// Public text.
    pub memo: String,
    /// Gas limit without simulation, for a message that cannot be simulated.
    pub gas_limit: Option<u64>,
    /// Blocks in which it must be included, if not the lane's default.
    pub timeout_blocks: Option<u64>,
}

impl TxRequest {
    /// Messages with their intents.
    #[must_use]
    pub fn new(messages: Vec<Message>, intents: Vec<String>) -> Self {
        Self { messages, intents, ..Self::default() }
    }
}

/// The only writer of one key.
pub struct Lane {
    pub(crate) chain: Chain,
    pub(crate) config: LaneConfig,
    pub(crate) journal: Arc<dyn TxJournal>,
    pub(crate) address: String,
    key: SigningKey,
    state: Mutex<State>,
}

/// What the lane knows between two transactions.
pub(crate) struct State {
    /// A transaction whose end is not known; nothing else is sent before it has ended.
    pub(crate) in_flight: Option<PendingTx>,
    /// Height of the last transaction that was included: older answers are refused.
    pub(crate) height: u64,
    /// Sequence that a node asked for, ahead of committed state.
    sequence: Option<u64>,
    price: GasPrice,
    multiplier: u64,
}

impl Lane {
    /// A lane with a sticky endpoint of its own.
    pub fn new(chain: &Chain, key: SigningKey, config: LaneConfig, journal: Arc<dyn TxJournal>) -> Result<Self, Error> {
        config.check()?;
        let state = State {
            in_flight: None,
            height: 0,
            sequence: None,
            price: config.gas_price.clone(),
            multiplier: config.gas_multiplier,
        };
        Ok(Self {
            chain: chain.fork(),
            address: key.address(&config.prefix)?,
            key,
            config,
            journal,
            state: Mutex::new(state),
        })
    }

    /// Address of the key.
    #[must_use]
    pub fn address(&self) -> &str {
        &self.address
    }

    /// The lane's view on the chain: the same sticky endpoint.
    #[must_use]
    pub const fn chain(&self) -> &Chain {
        &self.chain
    }

    /// Gas that these messages would use now, before the multiplier.
    pub async fn simulate(&self, messages: &[Message]) -> Result<u64, Error> {
        let at_least = self.state.lock().await.height;
        let account = self.account(at_least).await?;
        self.simulate_as(account, messages, "", at_least).await
    }

    /// Sends one transaction and waits for its end. A transaction of an earlier call that was cancelled or ended
    /// with [`Error::Pending`] is brought to its end first.
    ///
    /// What the lane cures itself, within bounds: stale sequence, fee below the node's price, out of gas.
    /// Errors: [`Error::Rejected`] when simulation, node or block refused it; [`Error::Dropped`] when it never
    /// happened; [`Error::Pending`] when that is not known yet; see [`Error::class`].
    pub async fn send(&self, request: &TxRequest) -> Result<(TxHash, TxResult), Error> {
        let mut state = self.state.lock().await;
        if state.in_flight.is_some() {
            self.settle(&mut state).await?;
        }
        let mut out_of_gas = None;
        for _ in 0..ATTEMPTS {
            let hash = self.submit(&mut state, request).await?;
            match self.settle(&mut state).await? {
                TxEnd::Included(result) => match result.rejection() {
                    None => {
                        state.price = state.price.relaxed(&self.config.gas_price);
                        return Ok((hash, result));
                    }
                    Some(rejection) => {
                        let included = Some((hash, result.height));
                        self.cure_included(&mut state, request, rejection, included)?;
                        out_of_gas = included;
                    }
                },
                TxEnd::Refused(_) | TxEnd::Expired | TxEnd::Replaced => {
                    self.raise_price(&mut state);
                    return Err(Error::Dropped { hash });
                }
            }
        }
        Err(Error::Rejected { rejection: Rejection::OutOfGas, included: out_of_gas })
    }

    /// Brings transactions of an earlier process to their end, in order of their sequences, before anything else is
    /// sent. The journal hears each end.
    pub async fn resume(&self, mut pending: Vec<PendingTx>) -> Result<Vec<(TxHash, TxEnd)>, Error> {
        let mut state = self.state.lock().await;
        pending.sort_by_key(|tx| tx.sequence);
        let mut ends = Vec::new();
        for tx in pending {
            let hash = tx.hash;
            state.in_flight = Some(tx);
            ends.push((hash, self.settle(&mut state).await?));
        }
        Ok(ends)
    }

    /// Makes, journals and broadcasts; leaves it in flight.
    async fn submit(&self, state: &mut State, request: &TxRequest) -> Result<TxHash, Error> {
        let mut last = Rejection::InCache;
        for _ in 0..ATTEMPTS {
            let rejection = match self.make(state, request).await {
                Ok((tx, gas)) => match self.offer(state, tx).await? {
                    Ok(hash) => return Ok(hash),
                    Err(rejection) => (rejection, gas),
                },
                Err(Error::Rejected { rejection, included: None }) => (rejection, 0),
                Err(error) => return Err(error),
            };
            let (rejection, gas) = rejection;
            tracing::debug!(lane = self.address, %rejection, "refused");
            self.cure(state, request, &rejection, gas).await?;
            last = rejection;
        }
        Err(Error::Attempts { attempts: ATTEMPTS, last })
    }

    /// A signed transaction and its gas limit.
    async fn make(&self, state: &State, request: &TxRequest) -> Result<(PendingTx, u64), Error> {
        let mut account = self.account(state.height).await?;
        account.sequence = account.sequence.max(state.sequence.unwrap_or(0));
        let gas_limit = self.gas_limit(state, account, request).await?;
        let fee =
            state.price.fee(gas_limit).ok_or(Error::GasAboveMax { needed: gas_limit, max: self.config.max_gas })?;
        let made_at = self.chain.status().await?.height;
        let blocks = request.timeout_blocks.unwrap_or(self.config.timeout_blocks);
        let timeout_height = made_at.saturating_add(blocks);
        let raw = self.signer(account).sign(&Content {
            messages: &request.messages,
            memo: &request.memo,
            timeout_height,
            gas_limit,
            fee: Some(fee),
        })?;
        let tx = PendingTx {
            hash: TxHash::of(&raw),
            raw,
            sequence: account.sequence,
            made_at,
            timeout_height,
            intents: request.intents.clone(),
        };
        Ok((tx, gas_limit))
    }

    async fn gas_limit(&self, state: &State, account: Account, request: &TxRequest) -> Result<u64, Error> {
        let needed = match request.gas_limit {
            Some(gas_limit) => gas_limit,
            None => {
                let (messages, memo) = (&request.messages, &request.memo);
                let used = self.simulate_as(account, messages, memo, state.height).await?;
                used.saturating_mul(state.multiplier).div_ceil(1_000)
            }
        };
        if needed > self.config.max_gas {
            return Err(Error::GasAboveMax { needed, max: self.config.max_gas });
        }
        Ok(needed)
    }

    async fn simulate_as(
        &self,
        account: Account,
        messages: &[Message],
        memo: &str,
        at_least: u64,
    ) -> Result<u64, Error> {
        let bytes =
            self.signer(account).simulated(&Content { messages, memo, timeout_height: 0, gas_limit: 0, fee: None })?;
        self.chain.simulate(bytes, at_least).await
    }

    /// Writes to the journal, then broadcasts. The inner error is a refusal: then no node has it.
    async fn offer(&self, state: &mut State, tx: PendingTx) -> Result<Result<TxHash, Rejection>, Error> {
        let hash = tx.hash;
        self.journal.record(&tx).await.map_err(Error::Journal)?;
        let tx = state.in_flight.insert(tx);
        match self.chain.broadcast(&tx.raw).await {
            Broadcast::Accepted | Broadcast::Unknown => Ok(Ok(hash)),
            Broadcast::Refused(rejection) => {
                self.end(state, &TxEnd::Refused(rejection.clone())).await?;
                Ok(Err(rejection))
            }
        }
    }

    /// Tells the journal, then frees the lane.
    pub(crate) async fn end(&self, state: &mut State, end: &TxEnd) -> Result<(), Error> {
        if let Some(tx) = &state.in_flight {
            let closed = self.journal.close(tx.hash, end).await;
            closed.map_err(Error::Journal)?;
        }
        state.in_flight = None;
        if let TxEnd::Included(result) = end {
            state.height = state.height.max(result.height);
            state.sequence = None;
        }
        Ok(())
    }

    /// Changes what made a node refuse, or gives the refusal to the caller.
    async fn cure(&self, state: &mut State, request: &TxRequest, rejection: &Rejection, gas: u64) -> Result<(), Error> {
        match rejection {
            Rejection::Sequence { expected, got } => {
                self.step_sequence(state, *expected, *got).await?;
                Ok(())
            }
            Rejection::InsufficientFee { .. } => {
                let asked = rejection.required_fee(state.price.denom());
                self.meet_price(state, asked, gas)
            }
            Rejection::OutOfGas => self.cure_included(state, request, rejection.clone(), None),
            Rejection::TimeoutHeight => Ok(()),
            other => Err(Error::Rejected { rejection: other.clone(), included: None }),
        }
    }

    /// Behind: go on at what the node wants. Ahead: nothing of ours is in flight, so either the node lags behind
    /// committed state (ask another one), or something that was pending vanished (step back).
    async fn step_sequence(&self, state: &mut State, expected: u64, got: u64) -> Result<(), Error> {
        if expected > got {
            state.sequence = Some(expected);
            return Ok(());
        }
        let committed = self.account(state.height).await?.sequence;
        if committed > expected {
            self.chain.avoid_sticky();
        }
        state.sequence = None;
        Ok(())
    }

    fn cure_included(
        &self,
        state: &mut State,
        request: &TxRequest,
        rejection: Rejection,
        included: Option<(TxHash, u64)>,
    ) -> Result<(), Error> {
        let (times, over) = GROWTH;
        let grown = state.multiplier.saturating_mul(times).div_ceil(over);
        let multiplier = grown.min(self.config.max_gas_multiplier);
        let curable = rejection == Rejection::OutOfGas && request.gas_limit.is_none() && multiplier > state.multiplier;
        if !curable {
            return Err(Error::Rejected { rejection, included });
        }
        state.multiplier = multiplier;
        Ok(())
    }

    /// Takes the price that the node asks, or a quarter more if it did not say.
    fn meet_price(&self, state: &mut State, asked: Option<u128>, gas: u64) -> Result<(), Error> {
        let asked = asked.and_then(|fee| state.price.for_fee(fee, gas));
        let needed = asked.filter(|price| price.exceeds(&state.price)).unwrap_or_else(|| state.price.raised());
        if needed.exceeds(&self.config.max_gas_price) {
            return Err(Error::FeeAboveMax { needed: needed.to_string(), max: self.config.max_gas_price.to_string() });
        }
        state.price = needed;
        Ok(())
    }

    /// It was not included in time: the next one pays more, up to the maximum.
    fn raise_price(&self, state: &mut State) {
        let raised = state.price.raised();
        if !raised.exceeds(&self.config.max_gas_price) {
            state.price = raised;
        }
    }

    async fn account(&self, at_least: u64) -> Result<Account, Error> {
        let answer = self.chain.account(&self.address, at_least).await?;
        answer.value.ok_or_else(|| Error::AccountMissing { address: self.address.clone() })
    }

    fn signer(&self, account: Account) -> Signer<'_> {
        Signer { key: &self.key, address: &self.address, chain_id: self.chain.chain_id(), account }
    }
}
