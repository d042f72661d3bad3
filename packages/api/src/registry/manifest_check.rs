//! What a manifest must satisfy before it is published. The contract asks the same questions as a developer's tools.

use std::fmt;

use mesg_protocol::canonical_json;
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::ids::{ServiceId, VersionId};
use mesg_protocol::schema::{Params, check_definition};
use mesg_protocol::terms::{MAX_PAYLOAD, TermsError};
use thiserror::Error;

use super::manifest::{Component, EventDefinition, Manifest, Task};

/// Engine profiles that a version may name.
pub const PROFILES: [&str; 1] = ["wt48-1"];
/// Schemes of a component's sources.
pub const SOURCE_SCHEMES: [&str; 4] = ["http", "https", "ipfs", "file"];
/// Sources of a component at most.
pub const MAX_SOURCES: usize = 8;
/// Bytes of one source at most.
pub const MAX_SOURCE: usize = 256;
/// Tasks of a version at most.
pub const MAX_TASKS: usize = 16;
/// Events of a version at most.
pub const MAX_EVENTS: usize = 16;
/// Bytes of the name of a task or event at most.
pub const MAX_NAME: usize = 63;
/// Bytes of a task's description at most.
pub const MAX_DESCRIPTION: usize = 256;
/// Bytes of the release notes at most.
pub const MAX_NOTES: usize = 1024;
/// Bytes of the manifest's canonical JSON at most.
pub const MAX_MANIFEST: usize = 16 * 1024;
