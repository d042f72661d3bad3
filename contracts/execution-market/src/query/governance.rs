//! `Governance`: roles, pause and pending proposals.

use cosmwasm_std::{Deps, StdResult};
use mesg_api::market::{Change, GovernanceResponse, OwnershipOffer, Proposal};
use mesg_api::pause::PAUSE;
use mesg_protocol::clock::Deadline;
use mesg_protocol::timelock;

use super::config::beacon_view;
use crate::governance::{PROPOSED_BEACON, PROPOSED_PARAMS, Roles};

pub fn governance(deps: Deps) -> StdResult<GovernanceResponse> {
    let Roles { owner, offer, pauser } = Roles::load(deps.storage)?;
    let offer = offer.map(|(to, until)| OwnershipOffer { to, until: until.into() });
    let paused = PAUSE.may_load(deps.storage, ())?.map(|pause| pause.since.into());
    let mut proposals = Vec::new();
    if let Some(proposed) = PROPOSED_PARAMS.may_load(deps.storage, ())? {
        proposals.push(proposal(Change::Params(proposed.change.into()), proposed.eta));
    }
    if let Some(proposed) = PROPOSED_BEACON.may_load(deps.storage, ())? {
        proposals.push(proposal(Change::Beacon(beacon_view(proposed.change)), proposed.eta));
    }
    Ok(GovernanceResponse { owner, offer, pauser, paused, proposals })
}

fn proposal(change: Change, eta: Deadline) -> Proposal {
    let until = timelock::until(eta).into();
    Proposal { change, eta: eta.time.into(), height: eta.height.into(), until }
}
