//! `UnbondService`, `WithdrawServiceBond`: the bond that answers for a service leaves after notice.

use cosmwasm_std::CanonicalAddr;
use mesg_api::market::MarketEvent;
use mesg_api::registry::RegistryRows;
use mesg_api::staking::StakingClient;
use mesg_protocol::clock::Deadline;
use mesg_protocol::ids::ServiceId;

use crate::error::ContractError;
use crate::ledger::Bucket;
use crate::session::Session;
use crate::state::BONDS;

impl Session<'_> {
    /// Canonical owner of a service.
    pub fn service_owner(&self, service: ServiceId) -> Result<CanonicalAddr, ContractError> {
        let rows = RegistryRows { registry: &self.config.registry };
        let row = rows.service(&self.querier, service)?.ok_or(ContractError::UnknownService { service })?;
        Ok(row.owner)
    }
}

/// Gives notice: from now on requests are refused, so that every execution is over before the bond is free. The notice
/// takes the blocks of unbonding stake, which outlives executions under every row (`check_params`).
pub fn unbond_service(session: &mut Session<'_>, service: ServiceId) -> Result<(), ContractError> {
    let found = BONDS.may_load(session.storage, service)?;
    let mut bond = found.filter(|bond| bond.release.is_none()).ok_or(ContractError::Nothing)?;
    let stakes = StakingClient { staking: &session.config.staking }.config(&session.querier)?;
    let release = Deadline::after(session.now, stakes.unbonding_secs, stakes.block_max_avg);
    bond.release = Some(release);
    BONDS.save(session.storage, service, &bond);
    session.emit(MarketEvent::ServiceUnbonding { service: service.0, release: release.time });
    Ok(())
}

/// Takes requests again for a service that was paused. The count that paused it has begun anew.
pub fn resume_service(session: &mut Session<'_>, service: ServiceId) -> Result<(), ContractError> {
    let found = BONDS.may_load(session.storage, service)?;
    let mut bond = found.filter(|bond| bond.paused).ok_or(ContractError::Nothing)?;
    bond.paused = false;
    BONDS.save(session.storage, service, &bond);
    session.emit(MarketEvent::ServiceResumed { service: service.0 });
    Ok(())
}

/// Moves a bond whose notice is over into the purse of the sender, who is the owner: the dispatch has checked that.
pub fn withdraw_service_bond(session: &mut Session<'_>, service: ServiceId) -> Result<(), ContractError> {
    let bond = BONDS.may_load(session.storage, service)?.ok_or(ContractError::Nothing)?;
    if !bond.release.is_some_and(|release| release.expired(session.now)) {
        return Err(ContractError::BondHeld);
    }
    BONDS.remove(session.storage, service);
    let purse = session.sender_purse(0)?;
    session.credit_purse(&purse, Bucket::Bonds, bond.amount)?;
    session.emit(MarketEvent::ServiceUnbonded { service: service.0, amount: bond.amount });
    Ok(())
}
