//! What governance may change, in messages and responses (docs/mechanism.md, 6).

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Addr, Uint64};

use super::msg::BeaconMsg;
use super::params::ParamsMsg;

/// A change that the owner proposes. It comes into force after a notice of 7 days, for what is requested or bound from
/// then on; whatever is open keeps what it was made under.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum Change {
    /// Another row of parameters, within the coded bounds.
    Params(ParamsMsg),
    /// Another beacon, whose first round is before the end of the notice.
    Beacon(BeaconMsg),
}

/// What is changed. One proposal of each may be pending.
#[cw_serde]
#[derive(Copy)]
pub enum ChangeKind {
    /// The row of parameters.
    Params,
    /// The beacon.
    Beacon,
}

impl ChangeKind {
    /// Its name, as carried by events.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Params => "params",
            Self::Beacon => "beacon",
        }
    }
}

/// A pending proposal, named by what it changes.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct ChangeRef {
    /// What it changes.
    pub change: ChangeKind,
}

/// Roles, switch and what is pending.
#[cw_serde]
pub struct GovernanceResponse {
    /// Who may propose changes and name the pauser; nobody if absent.
    pub owner: Option<Addr>,
    /// To whom the owner has offered its role.
    pub offer: Option<OwnershipOffer>,
    /// Who may pause and unpause; nobody if absent.
    pub pauser: Option<Addr>,
    /// Since when the system is paused, unix seconds; absent while it is not.
    pub paused: Option<Uint64>,
    /// Pending proposals.
    pub proposals: Vec<Proposal>,
}

/// An offer of the owner's role.
#[cw_serde]
pub struct OwnershipOffer {
    /// Who may take it.
    pub to: Addr,
    /// Until when, unix seconds.
    pub until: Uint64,
}

/// A pending proposal.
#[cw_serde]
pub struct Proposal {
    /// What would change.
    pub change: Change,
    /// From when on anyone may apply it, unix seconds.
    pub eta: Uint64,
    /// From which height on anyone may apply it: both must be reached.
    pub height: Uint64,
    /// From when on it has lapsed, unix seconds.
    pub until: Uint64,
}
