//! What is sent to the market. No message takes native coins; amounts are in base units of the token.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint64, Uint128};
use cw20::Cw20ReceiveMsg;
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::HEAVIEST;
use mesg_protocol::ids::{RunnerId, ServiceId, TermsId, VersionId};
pub use mesg_protocol::seal::MAX_INLINE;

use super::governance::{Change, ChangeRef};
use super::params::ParamsMsg;

/// Longest locator, in bytes.
pub const MAX_LOCATOR: usize = 256;
/// Requests of one message at most.
pub const MAX_REQUESTS: usize = 8;
/// Executions seated by one message at most.
pub const MAX_SEAT: usize = 8;
/// Executions of one `Poke` at most: each may slash a whole committee and ask the draw for another.
pub const MAX_POKE: usize = 4;
/// Items of any other batch message at most.
pub const MAX_ITEMS: usize = 32;
/// Results of one message at most: each may have an output of 4 KiB.
pub const MAX_RESULTS: usize = 16;
/// Executions settled by one message at most: with 8 certificates of largest size beside them it stays below 3 million gas.
pub const MAX_SETTLE: usize = 24;
/// What the executions of one message weigh at most ([`mesg_protocol::execution::weight`]), with the outputs that it shows.
/// With it every message at its largest stays below 3 million gas.
pub const MAX_WEIGHT: usize = 256;
/// Bytes of an output, or of its locator, that weigh 1.
pub const WEIGHT_BYTES: usize = 256;
/// Code of the refusal of an item for which a message has no room: it goes into another one.
pub const FULL: &str = "full";
/// There is room for any single execution and the largest output: whatever happened to it, it can go on.
const _: () = assert!(HEAVIEST + MAX_INLINE.div_ceil(WEIGHT_BYTES) <= MAX_WEIGHT);
/// Bytes that a certificate carries for each seat: salt and signature.
pub const CERTIFICATE_SEAT: usize = 96;
/// Certificates of one message at most.
pub const MAX_CERTIFY: usize = 8;
/// Gas that the callback of a `Deliver` may use.
pub const DELIVER_GAS: u64 = 500_000;
/// Executions that one purse may have open at once.
pub const MAX_OPEN: u16 = 64;
/// Seconds after its end from which an execution's details may be pruned.
pub const PRUNE_AFTER: u64 = 30 * 86_400;

/// Instantiates the market. The token is the one that registry and staking both name.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Address of the registry; fixed for ever.
    pub registry: String,
    /// Address of the staking contract; fixed for ever.
    pub staking: String,
    /// The randomness beacon.
    pub beacon: BeaconMsg,
    /// The first row of parameters.
    pub params: ParamsMsg,
    /// Who may propose changes and name the pauser; nobody, for ever, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// Who may pause requests, registrations and bonds; nobody, unless the owner names somebody, if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pauser: Option<String>,
}

/// A drand-compatible beacon: unchained, BLS12-381, signatures in G1.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct BeaconMsg {
    /// Public key: a compressed point of G2, 96 bytes.
    pub public_key: Binary,
    /// Unix seconds of round 1.
    pub genesis: Uint64,
    /// Seconds between rounds, 1 to 60.
    pub period: Uint64,
}

/// Messages. Who may send which is [`ExecuteMsg::permission`]. In batch messages each item is taken or refused by
/// itself: a refused one changes nothing and emits `item_refused`.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// Hook of the token: carries a [`ReceiveMsg`]. From the token contract only.
    Receive(Cw20ReceiveMsg),
    /// Requests 1 to 8 executions, paid from the sender's purse; all or none. From anyone.
    Request {
        /// Sub-account of the purse; 0 if absent.
        #[serde(default)]
        sub: u32,
        /// What is requested.
        items: Vec<RequestItem>,
    },
    /// Records the block in the ring that confirms bindings; tipped if it confirms one. From anyone.
    Tick {},
    /// Shows the signature of a round that an execution waits for, then seats up to 8 executions bound to it. From
    /// anyone.
    SubmitBeacon {
        /// The round.
        round: Uint64,
        /// Its signature: a compressed point of G1, 48 bytes.
        signature: Binary,
        /// Executions to seat, 1 to 8, of which at least one is bound to the round.
        executions: Vec<Uint64>,
    },
    /// Seats up to 8 queued executions whose rounds are known, or binds them again. From anyone.
    Seat(Executions),
    /// Posts seals, signed by the seats' attestation keys. From anyone.
    Seal {
        /// Seals, 1 to 32.
        items: Vec<SealItem>,
    },
    /// Posts openings, which prove themselves. From anyone.
    Open {
        /// Openings, 1 to 32.
        items: Vec<OpenItem>,
    },
    /// Posts preimages of agreed values, which prove themselves. From anyone.
    Publish {
        /// Preimages, 1 to 16.
        items: Vec<PublishItem>,
    },
    /// Posts certificates, which take the place of all seals, openings and the publication of a round, then ends and
    /// pays executions. From anyone.
    Certify {
        /// Certificates, 1 to 8.
        items: Vec<CertifyItem>,
        /// Executions to settle in the same message, 0 to 24.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        settle: Vec<Uint64>,
    },
    /// Posts results of `Verify`'s executors and of own runners, signed by their attestation keys. From anyone.
    PostResult {
        /// Results, 1 to 16.
        items: Vec<PostResultItem>,
    },
    /// Gives seats up, signed by their attestation keys, in the first third of the window of work. From anyone.
    Decline {
        /// Declines, 1 to 4.
        items: Vec<DeclineItem>,
    },
    /// Shows two different acts that one seat signed: what is left of its seat bond is slashed, a fifth to the sender.
    /// From anyone.
    ReportEquivocation {
        /// The execution.
        execution: Uint64,
        /// Holder of the seat.
        runner: RunnerId,
        /// One act.
        first: SignedAct,
        /// Another act.
        second: SignedAct,
    },
    /// Doubts a provisional value: the bond, see `Quote`, comes from purse 0 of the sender. From anyone.
    Challenge {
        /// The execution.
        execution: Uint64,
    },
    /// Calls the requester of an ended execution, if that is a contract, with a [`RequesterMsg`]; its failure is told
    /// by an event and changes nothing. Once, unless it failed. From anyone.
    Deliver {
        /// The execution.
        execution: Uint64,
        /// The output's canonical JSON text, checked against its digest; absent where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        output: Option<String>,
    },
    /// Takes requests again for a service that was paused because its executions could not be agreed on. From the
    /// service's owner.
    ResumeService(ServiceRef),
    /// Enforces passed deadlines of 1 to 4 executions: slashes who is missing, refills, ends. From anyone.
    Poke(Executions),
    /// Ends and pays executions whose challenge window is over. From anyone.
    Settle(Executions),
    /// Deletes the details of executions that ended 30 days ago; record and digests stay. From anyone.
    Prune(Executions),
    /// Pays out of the sender's purse by CW20 transfer. From anyone.
    Withdraw {
        /// Sub-account of the purse; 0 if absent.
        #[serde(default)]
        sub: u32,
        /// How much; all if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Uint128>,
        /// Receiver; the sender if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// Moves what runners and versions have earned into purse 0 of their owners. From anyone.
    Claim {
        /// Runners, up to 32.
        #[serde(default)]
        runners: Vec<RunnerId>,
        /// Versions, up to 32.
        #[serde(default)]
        versions: Vec<VersionId>,
    },
    /// Starts the notice after which a service bond may be withdrawn; requests are refused from now on. From the
    /// service's owner.
    UnbondService(ServiceRef),
    /// Moves a service bond whose notice is over into purse 0 of the service's owner. From the service's owner.
    WithdrawServiceBond(ServiceRef),
    /// Burns the tokens that rules have set aside for burning. From anyone.
    Burn {},
    /// Sends the block producers' pot to staking, which closes the last of their epochs that has ended and fixes who
    /// shares it. Once an epoch: staking refuses a second time. From anyone.
    CloseEpoch {},
    /// Proposes a change, in the place of a pending one of the same kind. It may be applied after 7 days, for 14 days.
    /// From the owner.
    Propose(Change),
    /// Takes a pending proposal back. From the owner.
    Revoke(ChangeRef),
    /// Brings a proposal into force whose notice is over. From anyone.
    Apply(ChangeRef),
    /// Names who may pause and unpause. From the owner.
    SetPauser {
        /// Its address; nobody if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pauser: Option<String>,
    },
    /// Offers the owner's role, for 14 days, in the place of an earlier offer. From the owner.
    OfferOwnership {
        /// Who may take it; nobody if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        to: Option<String>,
    },
    /// Takes the owner's role. From whom it is offered to.
    AcceptOwnership {},
    /// Stops new requests, service bonds, registrations, versions, stakes and opt-ins, and nothing else. From the
    /// pauser.
    Pause {},
    /// Ends the pause. From the pauser.
    Unpause {},
}

/// Executions to work on: 1 to 8 for `Seat`, to 4 for `Poke`, to 24 for `Settle`, to 32 for `Prune`. One body for four
/// messages keeps the wasm small.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Executions {
    /// Their ids.
    pub executions: Vec<Uint64>,
}

impl<T: Into<Uint64>> FromIterator<T> for Executions {
    fn from_iter<I: IntoIterator<Item = T>>(ids: I) -> Self {
        Self { executions: ids.into_iter().map(Into::into).collect() }
    }
}

/// A service to work on.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct ServiceRef {
    /// Its id.
    pub service: ServiceId,
}

/// What comes with a CW20 `Send` to the market.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ReceiveMsg {
    /// Requests 1 to 8 executions, all or none, paid from the amount; what is left goes to the sender's purse 0.
    Request {
        /// What is requested.
        items: Vec<RequestItem>,
    },
    /// Adds the amount to a purse.
    Deposit {
        /// Whose; the sender's if absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        account: Option<String>,
        /// Sub-account; 0 if absent.
        #[serde(default)]
        sub: u32,
    },
    /// Doubts a provisional value; what is sent beyond the bond goes to the sender's purse 0.
    Challenge {
        /// The execution.
        execution: Uint64,
    },
    /// Adds the amount to a service's bond and ends a running notice. From the service's owner.
    BondService {
        /// The service.
        service: ServiceId,
    },
}

/// One requested execution.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct RequestItem {
    /// The task, as a row of terms.
    pub terms: TermsId,
    /// The input.
    pub input: Input,
    /// Refused if the escrow were more.
    pub max_fee: Uint128,
    /// Validators of round 1, up to the task's maximum; the task's own number if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validators: Option<u8>,
    /// A runner of the purse's account that executes directly; if it is late, the network does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_runner: Option<RunnerId>,
}

/// An input: a JSON object in canonical form (RFC 8785 without floats), public to everyone.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Input {
    /// On chain, at most 4 KiB, checked against the task's types.
    Inline {
        /// The canonical JSON text.
        json: String,
    },
    /// Elsewhere; checked by the committee.
    Digest {
        /// SHA-256 of the canonical JSON text.
        sha256: Digest32,
        /// Its length in bytes.
        len: u32,
        /// Where it is, 1 to 256 bytes.
        locator: String,
    },
}

/// A signed seal of one seat.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct SealItem {
    /// The execution.
    pub execution: Uint64,
    /// Holder of the seat.
    pub runner: RunnerId,
    /// C.
    pub seal: Digest32,
    /// Signature of the seat's attestation key: 64 bytes r|s, low s.
    pub signature: Binary,
}

/// The opening of one seat's seal.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct OpenItem {
    /// The execution.
    pub execution: Uint64,
    /// Holder of the seat.
    pub runner: RunnerId,
    /// Round value h.
    pub value: Digest32,
    /// Salt of the seal.
    pub salt: Digest32,
}

/// The preimage of an agreed value.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct PublishItem {
    /// The execution.
    pub execution: Uint64,
    /// The attested fuel in started millions.
    pub mfuel: Uint64,
    /// The result.
    pub result: ResultItem,
}

/// A certificate: one value, and the salt and signed seal of every seat of the present round.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct CertifyItem {
    /// The execution.
    pub execution: Uint64,
    /// The attested fuel in started millions.
    pub mfuel: Uint64,
    /// The result.
    pub result: ResultItem,
    /// For each seat in order: its salt (32 bytes) and its attestation key's signature of the seal (64 bytes r|s).
    pub seats: Binary,
}

/// The signed result of one executor.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct PostResultItem {
    /// The execution.
    pub execution: Uint64,
    /// The executor, or the own runner.
    pub runner: RunnerId,
    /// Fuel used in started millions; 0 under `Verify`.
    pub mfuel: Uint64,
    /// The output.
    pub result: ResultItem,
    /// Signature of the attestation key over the round value of round 0 in place of a seal: 64 bytes r|s, low s.
    pub signature: Binary,
}

/// A signed decline.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct DeclineItem {
    /// The execution.
    pub execution: Uint64,
    /// Holder of the seat.
    pub runner: RunnerId,
    /// 1 Unavailable, 2 Machine, 3 Stopping.
    pub code: u16,
    /// Signature of the seat's attestation key: 64 bytes r|s, low s.
    pub signature: Binary,
}

/// What a seat signed.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum SignedAct {
    /// A seal; in round 0 the round value.
    Seal {
        /// C.
        seal: Digest32,
        /// 64 bytes r|s, low s.
        signature: Binary,
    },
    /// A decline.
    Decline {
        /// Its code.
        code: u16,
        /// 64 bytes r|s, low s.
        signature: Binary,
    },
}

/// What `Deliver` executes on a requester that is a contract.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum RequesterMsg {
    /// An execution that the contract requested has ended.
    ReceiveExecution {
        /// The execution.
        execution: Uint64,
        /// Sub-account of the purse that paid.
        sub: u32,
        /// `finalized`, `corrected`, `failed` or `refunded`.
        outcome: String,
        /// Error name or reason of the refund; empty with a result.
        reason: String,
        /// Canonical JSON text of the output, if there is one and it was given.
        output: Option<String>,
    },
}

/// A result.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ResultItem {
    /// An output of at most 4 KiB.
    Inline {
        /// The canonical JSON text.
        json: String,
    },
    /// A larger output, served by the seats until the challenge window closes.
    Digest {
        /// SHA-256 of the canonical JSON text.
        sha256: Digest32,
        /// Its length in bytes.
        len: u32,
        /// Where it is, 1 to 256 bytes.
        locator: String,
    },
    /// An error value.
    Error {
        /// 1 BadInput, 2 OutOfFuel, 3 TaskError, 4 Trap, 5 MemoryLimit, 6 OutputTooLarge.
        code: u16,
    },
    /// The checker of a `Verify` task accepts the result.
    Valid {
        /// SHA-256 of its witness.
        witness: Digest32,
        /// Length of the witness.
        len: u32,
    },
    /// The checker of a `Verify` task refuses the result.
    Invalid {},
}

/// Migrates to a newer version of the same contract.
#[cw_serde]
#[derive(Default)]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {
    /// New owner. A market of version 0.1.0 has none, and none after the migration if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// New pauser, as with the owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pauser: Option<String>,
}
