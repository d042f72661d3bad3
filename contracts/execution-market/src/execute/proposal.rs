//! `Propose`, `Revoke`, `Apply`: rows of parameters and beacons change after a notice, for what comes later (1.1, 6).

use mesg_api::market::{Change, ChangeKind, MarketEvent, PARAMS};
use mesg_api::record_map::RecordMap;
use mesg_protocol::codec::Record;
use mesg_protocol::ids::ParamsId;
use mesg_protocol::params::Params;
use mesg_protocol::timelock;

use crate::bounds::{check_beacon, check_params, check_period};
use crate::error::ContractError;
use crate::governance::{PROPOSED_BEACON, PROPOSED_PARAMS, Proposed};
use crate::session::Session;
use crate::state::{BEACONS, CONFIG};

/// Announces a change that is within its bounds; its notice begins now.
pub fn propose(session: &mut Session<'_>, change: Change) -> Result<(), ContractError> {
    let eta = timelock::eta(session.now);
    let kind = match change {
        Change::Params(msg) => {
            let params = Params::from(msg);
            check_params(&session.config, &session.querier, &params)?;
            PROPOSED_PARAMS.save(session.storage, (), &Proposed { eta, change: params });
            ChangeKind::Params
        }
        Change::Beacon(msg) => {
            let beacon = check_beacon(session.api, msg, eta.time)?;
            check_period(session, beacon.schedule.period)?;
            PROPOSED_BEACON.save(session.storage, (), &Proposed { eta, change: beacon });
            ChangeKind::Beacon
        }
    };
    let (change, until) = (kind.name().to_owned(), timelock::until(eta));
    session.emit(MarketEvent::ChangeProposed { change, eta: eta.time, height: eta.height, until });
    Ok(())
}

/// Takes a pending proposal back, lapsed or not.
pub fn revoke(session: &mut Session<'_>, change: ChangeKind) -> Result<(), ContractError> {
    match change {
        ChangeKind::Params => {
            take(session, &PROPOSED_PARAMS)?;
        }
        ChangeKind::Beacon => {
            take(session, &PROPOSED_BEACON)?;
        }
    }
    session.emit(MarketEvent::ChangeRevoked { change: change.name().to_owned() });
    Ok(())
}

/// Brings a proposal into force whose notice is over: for executions requested, and bindings made, from now on.
pub fn apply(session: &mut Session<'_>, change: ChangeKind) -> Result<(), ContractError> {
    let number = match change {
        ChangeKind::Params => apply_params(session)?,
        ChangeKind::Beacon => apply_beacon(session)?,
    };
    session.emit(MarketEvent::ChangeApplied { change: change.name().to_owned(), number });
    Ok(())
}

/// The bounds are checked again: another beacon or a migration may have moved them since.
fn apply_params(session: &mut Session<'_>) -> Result<u16, ContractError> {
    let params = due(session, &PROPOSED_PARAMS)?;
    check_params(&session.config, &session.querier, &params)?;
    let next = session.book.params.0.checked_add(1).ok_or(ContractError::NoNumberLeft)?;
    PARAMS.save(session.storage, ParamsId(next), &params);
    session.book.params = ParamsId(next);
    Ok(next)
}

/// Another row of parameters may leave its rounds no room.
fn apply_beacon(session: &mut Session<'_>) -> Result<u16, ContractError> {
    let mut beacon = due(session, &PROPOSED_BEACON)?;
    check_period(session, beacon.schedule.period)?;
    beacon.schedule.no = session.config.beacon.no.checked_add(1).ok_or(ContractError::NoNumberLeft)?;
    session.config.beacon = beacon.schedule;
    BEACONS.save(session.storage, beacon.schedule.no, &beacon);
    CONFIG.save(session.storage, (), &session.config);
    Ok(beacon.schedule.no.into())
}

/// Takes a proposal that may be applied now.
fn due<T: Record>(session: &mut Session<'_>, from: &RecordMap<(), Proposed<T>>) -> Result<T, ContractError> {
    let proposed = take(session, from)?;
    timelock::check(proposed.eta, session.now)?;
    Ok(proposed.change)
}

fn take<T: Record>(session: &mut Session<'_>, from: &RecordMap<(), Proposed<T>>) -> Result<Proposed<T>, ContractError> {
    let proposed = from.may_load(session.storage, ())?.ok_or(ContractError::Nothing)?;
    from.remove(session.storage, ());
    Ok(proposed)
}
