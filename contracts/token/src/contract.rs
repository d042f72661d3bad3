//! Entry points.

use std::collections::BTreeSet;

use cosmwasm_std::{Api, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult, Uint128};
use cw20::Cw20Coin;
use cw20_base::msg::QueryMsg;
use cw20_base::{allowances, contract as base};
use mesg_api::migration;
use mesg_api::token::{ExecuteMsg, InstantiateMsg, MAX_INITIAL_BALANCES, MigrateMsg};

use crate::ContractError;

/// Name under which cw2 knows this contract.
pub const CONTRACT_NAME: &str = "mesg-token";
/// Version of the code.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the token and its whole supply.
///
/// # Errors
/// Native coins, a name, symbol or number of decimals outside its bounds, and initial balances that are none, too many, zero,
/// repeated or too large together.
#[cfg_attr(not(feature = "library"), cosmwasm_std::entry_point)]
pub fn instantiate(deps: DepsMut, env: Env, info: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    check_balances(deps.api, &msg.initial_balances)?;
    let InstantiateMsg { name, symbol, decimals, initial_balances } = msg;
    let fixed =
        cw20_base::msg::InstantiateMsg { name, symbol, decimals, initial_balances, mint: None, marketing: None };
    let storage = deps.storage;
    let response = base::instantiate(DepsMut { storage, api: deps.api, querier: deps.querier }, env, info, fixed)?;
    cw2::set_contract_version(storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(response)
}

/// Executes a CW20 message with cw20-base.
///
/// # Errors
/// Native coins, and whatever cw20-base refuses.
#[cfg_attr(not(feature = "library"), cosmwasm_std::entry_point)]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    let response = match msg {
        ExecuteMsg::Transfer { recipient, amount } => base::execute_transfer(deps, env, info, recipient, amount),
        ExecuteMsg::Burn { amount } => base::execute_burn(deps, env, info, amount),
        ExecuteMsg::Send { contract, amount, msg } => base::execute_send(deps, env, info, contract, amount, msg),
        ExecuteMsg::IncreaseAllowance { spender, amount, expires } => {
            allowances::execute_increase_allowance(deps, env, info, spender, amount, expires)
        }
        ExecuteMsg::DecreaseAllowance { spender, amount, expires } => {
            allowances::execute_decrease_allowance(deps, env, info, spender, amount, expires)
        }
        ExecuteMsg::TransferFrom { owner, recipient, amount } => {
            allowances::execute_transfer_from(deps, env, info, owner, recipient, amount)
        }
        ExecuteMsg::SendFrom { owner, contract, amount, msg } => {
            allowances::execute_send_from(deps, env, info, owner, contract, amount, msg)
        }
        ExecuteMsg::BurnFrom { owner, amount } => allowances::execute_burn_from(deps, env, info, owner, amount),
    }?;
    Ok(response)
}

/// Answers a query with cw20-base.
///
/// # Errors
/// Whatever cw20-base refuses.
#[cfg_attr(not(feature = "library"), cosmwasm_std::entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> StdResult<Binary> {
    base::query(deps, env, msg)
}

/// Moves the stored contract to this version of the code.
///
/// # Errors
/// Another contract's state, and a version that is not older than this one.
#[cfg_attr(not(feature = "library"), cosmwasm_std::entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

/// What cw20-base leaves open: the number of entries, zero amounts, an address in two spellings, and the sum, which would panic.
fn check_balances(api: &dyn Api, balances: &[Cw20Coin]) -> Result<(), ContractError> {
    if balances.is_empty() || balances.len() > MAX_INITIAL_BALANCES {
        return Err(ContractError::InitialBalances { got: balances.len() });
    }
    let mut seen = BTreeSet::new();
    let mut supply = Uint128::zero();
    for (index, Cw20Coin { address, amount }) in balances.iter().enumerate() {
        if amount.is_zero() {
            return Err(ContractError::ZeroBalance { index });
        }
        supply = supply.checked_add(*amount).map_err(|_| ContractError::SupplyOverflow { index })?;
        if !seen.insert(api.addr_validate(address)?) {
            return Err(ContractError::DuplicateAddress { index, address: address.clone() });
        }
    }
    Ok(())
}
