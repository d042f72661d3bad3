//! What seats of one panel tell each other. Nothing in it needs to be believed: seals are signed, and salts open them.

use cosmwasm_std::{Binary, Uint64};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::RunnerId;
use serde::{Deserialize, Serialize};

/// Bytes of one message at most: 62 seats of round 3 have about 30 KiB.
pub const MAX_BYTES: usize = 64 << 10;
/// Path of the one request, a POST that gives and takes: below the endpoint that the runner is registered with.
pub const PATH: &str = "/v1/exchange";

/// What the sender holds of one round of an execution.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Shown {
    /// The execution.
    pub execution: Uint64,
    /// Its round, 1 to 3.
    pub round: u8,
    /// Signed seals, of the sender and of others.
    pub seals: Vec<SignedSeal>,
    /// Salts that their seats have shown.
    pub openings: Vec<Opening>,
}

/// A seat's signed seal.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SignedSeal {
    /// Holder of the seat.
    pub runner: RunnerId,
    /// C.
    pub seal: Digest32,
    /// Signature of the seat's attestation key: 64 bytes r|s, low s.
    pub signature: Binary,
}

/// A seat's opening. Who agrees knows the value.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// Holder of the seat.
    pub runner: RunnerId,
    /// Its salt.
    pub salt: Digest32,
}
