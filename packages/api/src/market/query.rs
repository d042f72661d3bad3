//! What can be asked of the market. Lists give 10 entries by default and 50 at most.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Addr, Uint64, Uint128};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{KeyNo, ParamsId, RunnerId, ServiceId, TermsId, VersionId};

use super::msg::BeaconMsg;
use super::params::ParamsMsg;

/// Queries.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// Addresses, beacon, seal domain.
    #[returns(ConfigResponse)]
    Config {},
    /// A row of parameters.
    #[returns(ParamsResponse)]
    Params {
        /// Which; the present one if absent.
        #[serde(default)]
        params: Option<ParamsId>,
    },
    /// What an execution would cost now, part by part, and why it would be refused.
    #[returns(QuoteResponse)]
    Quote {
        /// The task.
        terms: TermsId,
        /// Length of the input in bytes; the task's maximum if absent.
        #[serde(default)]
        input_len: Option<u32>,
        /// Validators of round 1; the task's own number if absent.
        #[serde(default)]
        validators: Option<u8>,
    },
    /// One execution, whole.
    #[returns(ExecutionResponse)]
    Execution {
        /// Its id.
        execution: Uint64,
    },
    /// Executions of one account's purses in ascending id.
    #[returns(ExecutionsResponse)]
    ExecutionsByRequester {
        /// The account.
        requester: String,
        /// Only ids above this one.
        #[serde(default)]
        start_after: Option<Uint64>,
        /// Default 10, at most 50.
        #[serde(default)]
        limit: Option<u32>,
    },
    /// Executions of one service in ascending id.
    #[returns(ExecutionsResponse)]
    ExecutionsByService {
        /// The service.
        service: ServiceId,
        /// Only ids above this one.
        #[serde(default)]
        start_after: Option<Uint64>,
        /// Default 10, at most 50.
        #[serde(default)]
        limit: Option<u32>,
    },
    /// Open executions in which a runner has a seat, in ascending id.
    #[returns(ExecutionsResponse)]
    OpenByRunner(RunnerPage),
    /// What a runner must do now in each of its seats, in ascending id of execution.
    #[returns(WhatIOweResponse)]
    WhatIOwe(RunnerPage),
    /// Queued executions by round: what relay and tick have to do.
    #[returns(WaitingResponse)]
    Waiting {
        /// Only after this round and execution.
        #[serde(default)]
        start_after: Option<WaitingKey>,
        /// Default 10, at most 50.
        #[serde(default)]
        limit: Option<u32>,
    },
    /// A purse.
    #[returns(PurseResponse)]
    Purse {
        /// Whose.
        account: String,
        /// Sub-account; 0 if absent.
        #[serde(default)]
        sub: u32,
    },
    /// What the market knows of a runner.
    #[returns(RunnerAccountResponse)]
    RunnerAccount {
        /// The runner.
        runner: RunnerId,
    },
    /// Seats and statistics of a version.
    #[returns(VersionResponse)]
    Version {
        /// The version.
        version: VersionId,
    },
    /// A service bond.
    #[returns(ServiceBondResponse)]
    ServiceBond {
        /// The service.
        service: ServiceId,
    },
    /// The ledger: every bucket. Their sum never exceeds the market's token balance.
    #[returns(LedgerResponse)]
    Ledger {},
    /// The randomness of a round, if it was submitted.
    #[returns(RandResponse)]
    Rand {
        /// Number of the round's beacon; the first if absent.
        #[serde(default)]
        beacon: u8,
        /// The round.
        round: Uint64,
    },
    /// Owner, pauser, pause and pending proposals.
    #[returns(super::governance::GovernanceResponse)]
    Governance {},
}

/// A page of what belongs to a runner.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct RunnerPage {
    /// The runner.
    pub runner: RunnerId,
    /// Only executions above this one.
    #[serde(default)]
    pub start_after: Option<Uint64>,
    /// Default 10, at most 50.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Addresses, beacon, seal domain.
#[cw_serde]
pub struct ConfigResponse {
    /// The CW20 token.
    pub token: Addr,
    /// The registry.
    pub registry: Addr,
    /// The staking contract.
    pub staking: Addr,
    /// The beacon in force: new bindings are to its rounds.
    pub beacon: BeaconMsg,
    /// Its number among the market's beacons, from 0.
    #[serde(default)]
    pub beacon_no: u8,
    /// Length of an epoch in seconds, as staking has it.
    pub epoch_secs: u32,
    /// `domain32` of all digests and signatures (2.3).
    pub domain: Digest32,
    /// The present row of parameters.
    pub params: ParamsId,
    /// Executions requested so far.
    pub executions: Uint64,
    /// Number of the last event.
    pub seq: Uint64,
}

/// A row of parameters.
#[cw_serde]
pub struct ParamsResponse {
    /// Its number.
    pub id: ParamsId,
    /// The row.
    pub params: ParamsMsg,
}

/// What an execution would cost now.
#[cw_serde]
pub struct QuoteResponse {
    /// E: what is set aside; what is not used returns.
    pub escrow: Uint128,
    /// a: the executor's fee at most.
    pub executor: Uint128,
    /// b: each validator's fee at most.
    pub validator: Uint128,
    /// k1.
    pub validators: u8,
    /// What a challenge would cost; nothing where there is no round 3.
    pub challenge_bond: Option<Uint128>,
    /// d: the developer's share at most.
    pub developer: Uint128,
    /// To the block producers at most.
    pub producers: Uint128,
    /// Burned at most.
    pub burn: Uint128,
    /// κ: tips at most.
    pub tips: Uint128,
    /// Why a request would be refused now; empty if it would be taken.
    pub refusals: Vec<String>,
}

/// A block.
#[cw_serde]
#[derive(Copy)]
pub struct At {
    /// Unix seconds.
    pub time: Uint64,
    /// Height.
    pub height: Uint64,
}

/// One execution, whole.
#[cw_serde]
pub struct ExecutionResponse {
    /// Its id.
    pub execution: Uint64,
    /// Whose purse paid.
    pub requester: Addr,
    /// Its sub-account.
    pub sub: u32,
    /// The service.
    pub service: ServiceId,
    /// The version.
    pub version: VersionId,
    /// The terms.
    pub terms: TermsId,
    /// The parameters in force at the request.
    pub params: ParamsId,
    /// When it was requested.
    pub requested: At,
    /// The input.
    pub input: InputView,
    /// E.
    pub escrow: Uint128,
    /// Tips paid from κ.
    pub tips_paid: Uint128,
    /// Penalty pot W.
    pub pot: Uint128,
    /// `queued`, `working`, `opening`, `publishing`, `provisional`, `finalized`, `failed` or `refunded`.
    pub phase: String,
    /// Reason of a refund or name of the error.
    pub reason: Option<String>,
    /// From then on the phase's deadline may be enforced; nothing after the end.
    pub until: Option<At>,
    /// The beacon of `round`, see `ConfigResponse`.
    pub beacon: u8,
    /// The beacon round that draws or drew the committee.
    pub round: Uint64,
    /// The round of the execution that the phase belongs to; 0 for the executor of `Verify` and where it has none.
    pub escalation: u8,
    /// Validators of round 1.
    pub validators: u8,
    /// Whether a checker judges the executor's result.
    pub verify: bool,
    /// The drawn seats of each round so far.
    pub panels: Vec<PanelView>,
    /// The requester's own runner.
    pub own_runner: Option<RunnerId>,
    /// The result of an own run: nobody attested it.
    pub unattested: bool,
    /// What the executor of `Verify` or the own runner posted.
    pub result: Option<ValueView>,
    /// The published value.
    pub value: Option<ValueView>,
    /// The round whose verdict stands; 0 before any.
    pub decided: u8,
    /// The challenge, if there is one.
    pub challenge: Option<ChallengeView>,
    /// Entries into phases after the request.
    pub history: Vec<HistoryItem>,
}

/// The drawn seats of one round.
#[cw_serde]
pub struct PanelView {
    /// 0 for the executor of `Verify`, 1 to 3 for committees.
    pub escalation: u8,
    /// Number of the beacon of `round`.
    pub beacon: u8,
    /// The beacon round that drew it.
    pub round: Uint64,
    /// Seed of the draw: signs seals; the first one goes into `ctx.seed`.
    pub seed: Option<Digest32>,
    /// The seats in draw order.
    pub seats: Vec<SeatView>,
    /// Runners that may take vacant seats.
    pub spares: Vec<RunnerId>,
    /// Runners that declined.
    pub declined: Vec<RunnerId>,
}

/// A challenge.
#[cw_serde]
pub struct ChallengeView {
    /// Who doubts the value.
    pub challenger: Addr,
    /// The bond.
    pub bond: Uint128,
    /// Whether it was right, once that is decided.
    pub right: Option<bool>,
}

/// An input.
#[cw_serde]
pub struct InputView {
    /// SHA-256 of the canonical JSON text.
    pub sha256: Digest32,
    /// Its length.
    pub len: u32,
    /// The text, if inline and not ended yet.
    pub json: Option<String>,
    /// Where it is, if not inline and not ended yet.
    pub locator: Option<String>,
}

/// A seat.
#[cw_serde]
pub struct SeatView {
    /// Who holds it.
    pub runner: RunnerId,
    /// The attestation key that signs for it.
    pub key_no: KeyNo,
    /// `seated`, `sealed`, `opened`, `missed`, `declined` or `unopened`.
    pub progress: String,
    /// C, once sealed and before it is opened.
    pub seal: Option<Digest32>,
    /// h, once opened.
    pub value: Option<Digest32>,
    /// It let its publishing slot pass.
    pub passed_slot: bool,
    /// It signed two different acts.
    pub equivocated: bool,
}

/// A published value.
#[cw_serde]
pub struct ValueView {
    /// 0 Ok, 1 Err.
    pub kind: u8,
    /// Error code, 0 for Ok.
    pub code: u16,
    /// SHA-256 of the output.
    pub output: Digest32,
    /// Its length.
    pub output_len: Uint64,
    /// Attested fuel in started millions.
    pub mfuel: Uint64,
}

/// Entry into a phase.
#[cw_serde]
pub struct HistoryItem {
    /// The phase.
    pub phase: String,
    /// Round of the execution; 0 where the phase has none.
    pub escalation: u8,
    /// When.
    pub at: At,
}

/// A page of executions.
#[cw_serde]
pub struct ExecutionsResponse {
    /// The executions.
    pub executions: Vec<ExecutionSummary>,
}

/// An execution in a list.
#[cw_serde]
pub struct ExecutionSummary {
    /// Its id.
    pub execution: Uint64,
    /// The service.
    pub service: ServiceId,
    /// The terms.
    pub terms: TermsId,
    /// Its phase.
    pub phase: String,
    /// When it was requested.
    pub requested: At,
    /// E.
    pub escrow: Uint128,
}

/// What a runner must do.
#[cw_serde]
pub struct WhatIOweResponse {
    /// By execution.
    pub duties: Vec<DutyView>,
    /// Last execution looked at: `start_after` of the next page; nothing if this is the last one.
    pub next: Option<Uint64>,
}

/// Kinds of duties.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum DutyName {
    /// Run the task and post the result.
    Result,
    /// Run the task, or the checker, and seal the value.
    Seal,
    /// Open the seal.
    Open,
    /// Publish the agreed value.
    Publish,
    /// Enforce the deadline once it has passed.
    Poke,
    /// End the execution once the challenge window is over.
    Settle,
}

/// One duty.
#[cw_serde]
pub struct DutyView {
    /// The execution.
    pub execution: Uint64,
    /// What.
    pub duty: DutyName,
    /// Seal, Open, Publish: until here. Poke, Settle: from here on.
    pub at: At,
}

/// Place in the list of waiting executions.
#[cw_serde]
pub struct WaitingKey {
    /// The round's beacon.
    #[serde(default)]
    pub beacon: u8,
    /// The round.
    pub round: Uint64,
    /// The execution.
    pub execution: Uint64,
}

/// A page of waiting executions, by beacon, round and id.
#[cw_serde]
pub struct WaitingResponse {
    /// The executions.
    pub waiting: Vec<WaitingItem>,
}

/// A queued execution.
#[cw_serde]
pub struct WaitingItem {
    /// The execution.
    pub execution: Uint64,
    /// Number of the round's beacon.
    pub beacon: u8,
    /// The round it is bound to.
    pub round: Uint64,
    /// When the round is published, unix seconds.
    pub round_time: Uint64,
    /// The block of the binding.
    pub bound: At,
    /// A later block has confirmed the binding.
    pub confirmed: bool,
    /// The round's signature is known.
    pub has_rand: bool,
    /// From then on the queue's deadline may be enforced.
    pub until: At,
}

/// A purse.
#[cw_serde]
pub struct PurseResponse {
    /// What may be spent or withdrawn.
    pub balance: Uint128,
    /// Its open executions.
    pub open: u16,
}

/// What the market knows of a runner.
#[cw_serde]
pub struct RunnerAccountResponse {
    /// Seats in open executions.
    pub open: u32,
    /// Earned and not yet claimed.
    pub earned: Uint128,
    /// Seats completed.
    pub completed: u64,
    /// Seats missed.
    pub missed: u64,
    /// Points of its score in thousandths; it is jailed at 10,000.
    pub points: u16,
    /// End of its last jail, unix seconds.
    pub jailed_until: Option<Uint64>,
    /// Excluded for ever.
    pub tombstoned: bool,
}

/// Seats and statistics of a version.
#[cw_serde]
pub struct VersionResponse {
    /// Seats reserved or open.
    pub taken: u32,
    /// Developer's earnings not yet claimed.
    pub earned: Uint128,
    /// Executions that ended with a result.
    pub finalized: u64,
    /// Executions that ended with an agreed error.
    pub failed: u64,
    /// Executions that were refunded.
    pub refunded: u64,
    /// Executions that went to a larger committee.
    pub escalated: u64,
    /// Seats missed.
    pub missed: u64,
}

/// A service bond.
#[cw_serde]
pub struct ServiceBondResponse {
    /// The bond.
    pub bond: Uint128,
    /// Under notice: withdrawable from then on.
    pub release: Option<At>,
    /// Its executions could not be agreed on: no requests until the owner resumes it.
    pub paused: bool,
}

/// Every bucket of the ledger.
#[cw_serde]
pub struct LedgerResponse {
    /// Purses.
    pub purses: Uint128,
    /// Escrow of open executions, less tips paid.
    pub escrow: Uint128,
    /// Penalty pots of open executions.
    pub pots: Uint128,
    /// Earned by runners, not yet claimed.
    pub runners: Uint128,
    /// Earned by developers, not yet claimed.
    pub developers: Uint128,
    /// Service bonds.
    pub bonds: Uint128,
    /// Block producers' pot.
    pub producers: Uint128,
    /// To be burned.
    pub burn: Uint128,
    /// Bonds of challenges.
    pub challenges: Uint128,
}

/// The randomness of a round.
#[cw_serde]
pub struct RandResponse {
    /// SHA-256 of its signature.
    pub rand: Option<Digest32>,
}
