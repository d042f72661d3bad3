//! Interface of the registry contract: what is offered (docs/mechanism.md 2.2, 2.5, 4).
//!
//! A service has an owner and immutable versions; a version is identified by the digest of its manifest; each task of a
//! version has one numbered row of terms, which market and staking read raw.

mod client;
mod event;
mod inputs;
mod label;
mod locator;
mod manifest;
mod manifest_check;
mod msg;
mod response;
mod rows;
mod status;
mod tags;

pub use client::RegistryRows;
pub use event::RegistryEvent;
pub use inputs::{INPUTS, InputRows};
pub use label::is_dns_label;
pub use locator::is_locator;
pub use manifest::{Component, EventDefinition, Manifest, Policy, Prices, Task};
pub use manifest_check::{
    MAX_DESCRIPTION, MAX_EVENTS, MAX_MANIFEST, MAX_NAME, MAX_NOTES, MAX_SOURCE, MAX_SOURCES, MAX_TASKS, ManifestError,
    PROFILES, Place, SOURCE_SCHEMES,
};
pub use msg::{ExecuteMsg, InstantiateMsg, MigrateMsg, Permission, QueryMsg, ReceiveMsg};
pub use response::{
    AnnouncedPrice, ConfigResponse, PredictedVersion, ProposedOwner, ServiceResponse, ServicesResponse, TermsResponse,
    VersionResponse, VersionSummary, VersionsResponse,
};
pub use rows::{SERVICES, ServiceRow, TERMS, VERSIONS, VersionRow};
pub use status::{Status, UnknownStatus};
pub use tags::{MAX_TAG, MAX_TAGS, TagError, check_tags};
