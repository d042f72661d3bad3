//! Answers of the registry.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint64, Uint128};
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};

use super::manifest::{Manifest, Policy, Prices};
use super::status::Status;

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
}

/// Answer of `Services` and `ServicesByOwner`.
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
    /// Terms of each task, in the manifest's order.
    pub terms: Vec<TermsId>,
    /// What was published.
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
    /// Terms of each task, in the manifest's order.
    pub terms: Vec<TermsId>,
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
}
