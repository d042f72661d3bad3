//! Entry points and dispatch.

use cosmwasm_std::{Addr, Api, Binary, Deps, DepsMut, Env, MessageInfo, Response, Storage, to_json_binary};
use mesg_api::migration;
use mesg_api::registry::{ExecuteMsg, InstantiateMsg, MigrateMsg, Permission, QueryMsg};
use mesg_protocol::clock::Clock;

use crate::state::{self, CONFIG, Config};
use crate::{ContractError, execute, query};

/// Name under which cw2 knows this contract.
pub const CONTRACT_NAME: &str = "mesg-registry";
/// Version of the code.
pub const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates an empty registry.
///
/// # Errors
/// Native coins and invalid addresses.
#[cfg_attr(not(feature = "library"), cosmwasm_std::entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    let InstantiateMsg { owner, token, registration_fee } = msg;
    let config =
        Config { owner: deps.api.addr_validate(&owner)?, token: deps.api.addr_validate(&token)?, registration_fee };
    CONFIG.save(deps.storage, &config)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

/// Executes a message of who may send it.
///
/// # Errors
/// Native coins, another sender, and what the message says.
#[cfg_attr(not(feature = "library"), cosmwasm_std::entry_point)]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    check_permission(deps.storage, deps.api, &info.sender, msg.permission())?;
    let now = clock(&env);
    match msg {
        ExecuteMsg::Receive(received) => execute::receive(deps, received),
        ExecuteMsg::PublishVersion { service, manifest } => execute::publish_version(deps, service, &manifest),
        ExecuteMsg::SetStatus { service, status } => execute::set_status(deps, service, status),
        ExecuteMsg::SetTags { service, tags } => execute::set_tags(deps, service, tags),
        ExecuteMsg::ProposeOwner { service, owner } => execute::propose_owner(deps, service, &owner, now),
        ExecuteMsg::WithdrawOwner { service } => execute::withdraw_owner(deps, service),
        ExecuteMsg::AcceptOwner { service } => execute::accept_owner(deps, service, now),
        ExecuteMsg::AnnouncePrice { version, task, price } => execute::announce_price(deps, version, task, price, now),
        ExecuteMsg::WithdrawPrice { version, task } => execute::withdraw_price(deps, version, task, now),
        ExecuteMsg::Deprecate { version, message } => execute::deprecate(deps, version, message),
        ExecuteMsg::SetMarket { market } => execute::set_market(deps, &env.contract.address, &market),
        ExecuteMsg::SetYanked { version, yanked } => execute::set_yanked(deps, version, yanked),
    }
}

/// Answers a query.
///
/// # Errors
/// What is asked for does not exist.
#[cfg_attr(not(feature = "library"), cosmwasm_std::entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let now = clock(&env);
    let answer = match msg {
        QueryMsg::Config {} => to_json_binary(&query::config(deps)?),
        QueryMsg::Service { service } => to_json_binary(&query::service(deps, service)?),
        QueryMsg::ServiceBySid { sid } => to_json_binary(&query::service_by_sid(deps, sid)?),
        QueryMsg::Services { start_after, limit } => to_json_binary(&query::services(deps, start_after, limit)?),
        QueryMsg::ServicesByOwner { owner, start_after, limit } => {
            to_json_binary(&query::services_by_owner(deps, &owner, start_after, limit)?)
        }
        QueryMsg::ServicesByTag { tag, start_after, limit } => {
            to_json_binary(&query::services_by_tag(deps, &tag, start_after, limit)?)
        }
        QueryMsg::Version { version } => to_json_binary(&query::version(deps, version, now)?),
        QueryMsg::Versions { service, start_after, limit } => {
            to_json_binary(&query::versions(deps, service, start_after, limit, now)?)
        }
        QueryMsg::Terms { terms } => to_json_binary(&query::terms(deps, terms, now)?),
        QueryMsg::PredictVersion { service, manifest } => {
            to_json_binary(&query::predict_version(deps, service, &manifest)?)
        }
    }?;
    Ok(answer)
}

/// Moves the stored contract to this version of the code: the state of 0.1.0 is read as it is.
///
/// # Errors
/// Another contract's state, and a version that is not older than this one.
#[cfg_attr(not(feature = "library"), cosmwasm_std::entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

fn clock(env: &Env) -> Clock {
    Clock { time: env.block.time.seconds(), height: env.block.height }
}

fn check_permission(
    storage: &dyn Storage,
    api: &dyn Api,
    sender: &Addr,
    needed: Permission,
) -> Result<(), ContractError> {
    let canonical = api.addr_canonicalize(sender.as_str())?;
    let granted = match needed {
        Permission::Token => CONFIG.load(storage)?.token == *sender,
        Permission::Owner => CONFIG.load(storage)?.owner == *sender,
        Permission::ServiceOwner(service) => state::service(storage, service)?.owner == canonical,
        Permission::VersionOwner(version) => {
            let service = state::version(storage, version)?.service;
            state::service(storage, service)?.owner == canonical
        }
        Permission::ProposedOwner(service) => state::proposal(storage, service)?.owner == canonical,
    };
    if granted { Ok(()) } else { Err(ContractError::NotPermitted { sender: sender.to_string(), needed }) }
}
