//! Entry points and dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Binary, Deps, DepsMut, Env, MessageInfo, Response};
use mesg_api::migration;
use mesg_api::staking::msg::{BLOCK_MAX_AVG_SECS, CAPACITY_BPS, MAX_EPOCH_SECS, MAX_UNBONDING_SECS};
use mesg_api::staking::{CONTRACT_NAME, ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};
use mesg_protocol::producers::{self, EPOCH_SECS_BOUNDS};

use crate::access;
use crate::call::Call;
use crate::error::ContractError;
use crate::state::{CONFIG, Config};
use crate::{execute as run, query as ask};

const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Stores the configuration. The market is named later, once.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    _env: Env,
    info: MessageInfo,
    msg: InstantiateMsg,
) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    within("epoch_secs", msg.epoch_secs, 1, MAX_EPOCH_SECS)?;
    within("unbonding_secs", msg.unbonding_secs, 1, MAX_UNBONDING_SECS)?;
    within("block_max_avg", msg.block_max_avg, BLOCK_MAX_AVG_SECS.0, BLOCK_MAX_AVG_SECS.1)?;
    within("min_stake", msg.min_stake.u128(), 1, u128::MAX)?;
    within("capacity_bps", msg.capacity_bps.get(), CAPACITY_BPS.0, CAPACITY_BPS.1)?;
    within("producer_epoch_secs", msg.producer_epoch_secs, EPOCH_SECS_BOUNDS.0, EPOCH_SECS_BOUNDS.1)?;
    let config = Config {
        token: deps.api.addr_validate(&msg.token)?,
        registry: deps.api.addr_validate(&msg.registry)?,
        instantiator: info.sender,
        epoch_secs: msg.epoch_secs,
        unbonding_secs: msg.unbonding_secs,
        block_max_avg: msg.block_max_avg,
        min_stake: msg.min_stake.u128(),
        capacity: msg.capacity_bps,
        producer_epoch_secs: msg.producer_epoch_secs,
    };
    CONFIG.save(deps.storage, &config)?;
    Ok(Response::new())
}

/// Checks the permission, then runs the message.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    cw_utils::nonpayable(&info)?;
    let mut call = Call::new(deps, env, info.sender)?;
    access::check(&call, &msg)?;
    match msg {
        ExecuteMsg::SetMarket { market } => run::set_market(&mut call, &market),
        ExecuteMsg::Receive(hook) => run::receive(&mut call, &hook),
        ExecuteMsg::RegisterRunner { service, operator, attestation_key, endpoint } => {
            run::register_runner(&mut call, service, &operator, &attestation_key, endpoint)
        }
        ExecuteMsg::UpdateRunner { runner, operator, endpoint } => {
            run::update_runner(&mut call, runner, operator.as_deref(), endpoint)
        }
        ExecuteMsg::OptIn { runner, version } => run::opt_in(&mut call, runner, version),
        ExecuteMsg::OptOut { runner, version } => run::opt_out(&mut call, runner, version),
        ExecuteMsg::Unbond { runner, amount } => run::unbond(&mut call, runner, amount.u128()),
        ExecuteMsg::Withdraw { runner, to } => run::withdraw(&mut call, runner, to.as_deref()),
        ExecuteMsg::Slash { items } => run::slash(&mut call, &items),
        ExecuteMsg::RotateKey { runner, attestation_key } => run::rotate_key(&mut call, runner, &attestation_key),
        ExecuteMsg::Unjail { runner } => run::unjail(&mut call, runner),
        ExecuteMsg::Sync { runner } => run::sync(&mut call, runner),
        ExecuteMsg::ClaimProducer { epochs, to } => run::claim_producer(&mut call, &epochs, to.as_deref()),
    }?;
    call.finish()
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, msg: QueryMsg) -> Result<Binary, ContractError> {
    let config = CONFIG.load(deps.storage)?;
    let producer_epoch = producers::epoch_of(env.block.time.seconds(), config.producer_epoch_secs);
    let view = ask::View { deps, epoch: config.epoch(env.block.time), producer_epoch, config };
    match msg {
        QueryMsg::Config {} => ask::config(&view),
        QueryMsg::Runner { runner } => ask::runner(&view, runner),
        QueryMsg::Runners { service, start_after, limit } => ask::runners(&view, service, start_after, limit),
        QueryMsg::RunnersByOwner { owner, start_after, limit } => ask::by_owner(&view, &owner, start_after, limit),
        QueryMsg::RunnersByOperator { operator, start_after, limit } => {
            ask::by_operator(&view, &operator, start_after, limit)
        }
        QueryMsg::Pool { version, epoch } => ask::pool(&view, version, epoch),
        QueryMsg::PoolRunners { version, start_after, limit } => ask::pool_runners(&view, version, start_after, limit),
        QueryMsg::PoolSecurity { version, k1 } => ask::pool_security(&view, version, k1),
        QueryMsg::DrawMany { draws } => ask::draw_many(&view, &draws),
        QueryMsg::Producers {} => ask::producers(&view),
        QueryMsg::ProducerPot { epoch } => ask::producer_pot(&view, epoch),
        QueryMsg::ProducerMembers { epoch, start_after, limit } => {
            ask::producer_members(&view, epoch, start_after, limit)
        }
        QueryMsg::ProducerClaims { account } => ask::producer_claims(&view, &account),
    }
}

/// Accepts an older version of this contract only.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, _msg: MigrateMsg) -> Result<Response, ContractError> {
    migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    Ok(Response::new())
}

fn within<T: Into<u128>>(field: &'static str, got: T, min: T, max: T) -> Result<(), ContractError> {
    let (got, min, max) = (got.into(), min.into(), max.into());
    if got < min || got > max { Err(ContractError::OutOfBounds { field, got, min, max }) } else { Ok(()) }
}
