//! Answers of the registry.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint64, Uint128};
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};

use super::manifest::{Manifest, Policy, Prices};
use super::status::Status;
use crate::market::At;

/// Answer of `Config`.
#[cw_serde]
pub struct ConfigResponse {
    /// The owner.
    pub owner: Addr,
    /// The CW20 token of the fee.
    pub token: Addr,
    /// Fee of one registration in base units, burned.
    pub registration_fee: Uint128,
    /// Services registered so far: the highest number.
    pub services: u32,
    /// Versions published so far: the highest number.
    pub versions: u32,
    /// Rows of terms so far: the highest number.
    pub terms: u32,
    /// The market whose pause stops registrations and versions, once set.
    #[serde(default)]
    pub market: Option<Addr>,
}

/// Answer of `Service` and `ServiceBySid`.
#[cw_serde]
pub struct ServiceResponse {
    /// Its number.
    pub service: ServiceId,
    /// Its unique name.
    pub sid: String,
    /// Its owner.
    pub owner: Addr,
    /// Whether it takes requests.
    pub status: Status,
    /// Its latest version; null before the first.
    pub latest: Option<VersionId>,
    /// Name for people.
    pub name: Option<String>,
    /// What it does.
    pub description: Option<String>,
    /// Its home page.
    pub url: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// To whom it is offered, if it is.
    pub proposed_owner: Option<ProposedOwner>,
}

/// The offer of a service to another owner.
#[cw_serde]
pub struct ProposedOwner {
    /// Who may accept.
    pub owner: Addr,
    /// When the offer ends: once both are reached.
    pub until: At,
}

/// An announced price of one task.
#[cw_serde]
pub struct AnnouncedPrice {
    /// Position of the task in the version, from 0.
    pub task: u8,
    /// The terms that come into force.
    pub terms: TermsId,
    /// Their prices.
    pub price: Prices,
    /// When they replace the present ones: once both are reached.
    pub from: At,
}

/// Answer of `Services`, `ServicesByOwner` and `ServicesByTag`.
#[cw_serde]
pub struct ServicesResponse {
    /// Services by ascending number.
    pub services: Vec<ServiceResponse>,
}

/// Answer of `Version`.
#[cw_serde]
pub struct VersionResponse {
    /// Its number.
    pub version: VersionId,
    /// The service.
    pub service: ServiceId,
    /// SHA-256 of the manifest's canonical JSON.
    pub digest: Digest32,
    /// Terms in force of each task, in the manifest's order.
    pub terms: Vec<TermsId>,
    /// Prices in force of each task, in the manifest's order.
    pub prices: Vec<Prices>,
    /// Prices that are announced.
    pub announced: Vec<AnnouncedPrice>,
    /// Whether it takes no new requests and runners.
    pub yanked: bool,
    /// The owner's warning, which every front end shows.
    pub deprecated: Option<String>,
    /// What was published; prices may have changed since.
    pub manifest: Manifest,
}

/// One entry of `Versions`.
#[cw_serde]
pub struct VersionSummary {
    /// Its number.
    pub version: VersionId,
    /// SHA-256 of the manifest's canonical JSON.
    pub digest: Digest32,
    /// Seat bond B in base units.
    pub seat_bond: Uint128,
    /// Terms in force of each task, in the manifest's order.
    pub terms: Vec<TermsId>,
    /// Whether it takes no new requests and runners.
    pub yanked: bool,
    /// The owner's warning, which every front end shows.
    pub deprecated: Option<String>,
}

/// Answer of `Versions`.
#[cw_serde]
pub struct VersionsResponse {
    /// Versions by ascending number.
    pub versions: Vec<VersionSummary>,
}

/// Answer of `Terms`: a row of [`mesg_protocol::terms::Terms`] in JSON.
#[cw_serde]
pub struct TermsResponse {
    /// Its number.
    pub terms: TermsId,
    /// The service.
    pub service: ServiceId,
    /// Its version.
    pub version: VersionId,
    /// Position of the task in the version, from 0.
    pub task: u8,
    /// Prices of the executor.
    pub price: Prices,
    /// Fee of a validator as a share of the executor's.
    pub validator_bps: Bps,
    /// The developer's share of a + k1·b.
    pub developer_bps: Bps,
    /// How results are agreed on.
    pub policy: Policy,
    /// Validators of round 1 that a requester may ask for.
    pub max_validators: u8,
    /// Seat bond B in base units.
    pub seat_bond: Uint128,
    /// Longest run in seconds.
    pub t_run: u32,
    /// Challenge window in seconds.
    pub t_challenge: u32,
    /// Largest input in bytes.
    pub max_input: u32,
    /// Largest output in bytes.
    pub max_output: u32,
    /// Most fuel of one run.
    pub max_fuel: Uint64,
    /// Terms in force of the task; requests must name these.
    pub in_force: TermsId,
    /// When these terms come into force, if they are announced.
    pub from: Option<At>,
}

/// Answer of `PredictVersion`.
#[cw_serde]
pub struct PredictedVersion {
    /// SHA-256 of the manifest's canonical JSON; null if it has none.
    pub digest: Option<Digest32>,
    /// Bytes of the canonical JSON.
    pub bytes: u32,
    /// The number it would have if it were published next; null if it is refused.
    pub version: Option<VersionId>,
    /// The terms its tasks would have; empty if it is refused.
    pub terms: Vec<TermsId>,
    /// The version that has this manifest already, if one does.
    pub published: Option<VersionId>,
    /// Seat bond B that the manifest declares.
    pub seat_bond: Uint128,
    /// Least seat bond for its dearest task; null if the fees do not fit 128 bits.
    pub seat_bond_needed: Option<Uint128>,
    /// Least service bond for requests of its dearest task; null if it does not fit 128 bits.
    pub service_bond_needed: Option<Uint128>,
    /// Why `PublishVersion` would be refused now; empty if it would not be.
    pub refusals: Vec<String>,
}
