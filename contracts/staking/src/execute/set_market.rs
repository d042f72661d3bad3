//! Names the only slasher, once (docs/mechanism.md 3): a market that works with this contract, so that it can.

use mesg_api::named_market::{Peer, check_market};
use mesg_api::staking::StakingEvent;

use crate::call::Call;
use crate::error::ContractError;
use crate::state::MARKET;

pub fn set_market(call: &mut Call<'_>, market: &str) -> Result<(), ContractError> {
    if let Some(market) = MARKET.may_load(call.deps.storage)? {
        return Err(ContractError::MarketIsSet { market: market.into_string() });
    }
    let market = call.deps.api.addr_validate(market)?;
    check_market(&call.deps.querier, &market, Peer::Staking, &call.env.contract.address)?;
    MARKET.save(call.deps.storage, &market)?;
    call.emit(StakingEvent::MarketSet { market: market.into_string() });
    Ok(())
}
