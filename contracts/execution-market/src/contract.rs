//! Entry points and dispatch.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{Api, Binary, Deps, DepsMut, Env, MessageInfo, Reply, Response, Storage};
use cw_utils::nonpayable;
use cw2::query_contract_info;
use mesg_api::market::{
    ChangeRef, ExecuteMsg, Executions, InstantiateMsg, MigrateMsg, PARAMS, Permission, QueryMsg, ServiceRef,
};
use mesg_api::message::Message;
use mesg_api::staking::StakingClient;
use mesg_api::{migration, registry};
use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::ids::ParamsId;
use mesg_protocol::params::Params;
use mesg_protocol::seal;

use crate::bounds::{check_params, first_beacon};
use crate::error::ContractError;
use crate::execute;
use crate::governance::Roles;
use crate::query;
use crate::session::Session;
use crate::state::{BEACONS, BOOK, Book, CONFIG, Config};
use crate::upgrade;

/// cw2 name.
pub const CONTRACT_NAME: &str = "mesg-execution-market";
const CONTRACT_VERSION: &str = env!("CARGO_PKG_VERSION");

/// Creates the market beside its peers, which it checks.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    Message(msg): Message<InstantiateMsg>,
) -> Result<Response, ContractError> {
    nonpayable(&info)?;
    cw2::set_contract_version(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    let params = Params::from(msg.params);
    let beacon = first_beacon(deps.api, msg.beacon, env.block.time.seconds())?;
    let config = config(deps.as_ref(), &env, &msg.registry, &msg.staking, beacon.schedule)?;
    check_params(&config, &deps.querier, &params)?;
    CONFIG.save(deps.storage, (), &config);
    BEACONS.save(deps.storage, 0, &beacon);
    name_roles(deps.api, deps.storage, msg.owner, msg.pauser)?;
    PARAMS.save(deps.storage, ParamsId(1), &params);
    BOOK.save(deps.storage, (), &Book { params: ParamsId(1), ..Book::default() });
    Ok(Response::new())
}

/// Who is named gets its role; with nobody named, nobody has one.
fn name_roles(
    api: &dyn Api,
    storage: &mut dyn Storage,
    owner: Option<String>,
    pauser: Option<String>,
) -> Result<(), ContractError> {
    let mut roles = Roles::load(storage)?;
    roles.name(api, owner.as_deref(), pauser.as_deref())?;
    roles.save(storage);
    Ok(())
}

/// The peers must be what they are called and agree on token and registry; the stakes must not be another market's.
fn config(deps: Deps, env: &Env, registry: &str, staking: &str, beacon: BeaconParams) -> Result<Config, ContractError> {
    let registry = deps.api.addr_validate(registry)?;
    let staking = deps.api.addr_validate(staking)?;
    check_peer(deps, "registry", registry.as_str(), "mesg-registry")?;
    check_peer(deps, "staking", staking.as_str(), "mesg-staking")?;
    let stakes = StakingClient { staking: &staking }.config(&deps.querier)?;
    let Message(services): Message<registry::ConfigResponse> =
        deps.querier.query_wasm_smart(&registry, &registry::QueryMsg::Config {})?;
    agree("token", stakes.token.as_str(), services.token.as_str())?;
    agree("registry", stakes.registry.as_str(), registry.as_str())?;
    if let Some(market) = &stakes.market {
        agree("market", market.as_str(), env.contract.address.as_str())?;
    }
    check_peer(deps, "token", stakes.token.as_str(), "mesg-token")?;
    let contract = deps.api.addr_canonicalize(env.contract.address.as_str())?;
    Ok(Config {
        token: stakes.token,
        registry,
        staking,
        beacon,
        epoch_secs: stakes.epoch_secs,
        unbonding_secs: stakes.unbonding_secs,
        domain: seal::domain(&env.block.chain_id, contract.as_slice())?,
    })
}

fn check_peer(deps: Deps, field: &'static str, address: &str, expected: &'static str) -> Result<(), ContractError> {
    let got = query_contract_info(&deps.querier, address)?.contract;
    if got == expected { Ok(()) } else { Err(ContractError::Peer { field, got, expected }) }
}

fn agree(field: &'static str, left: &str, right: &str) -> Result<(), ContractError> {
    let disagree = || ContractError::PeersDisagree { field, left: left.to_owned(), right: right.to_owned() };
    if left == right { Ok(()) } else { Err(disagree()) }
}

/// Works on one message.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(
    deps: DepsMut,
    env: Env,
    info: MessageInfo,
    Message(msg): Message<ExecuteMsg>,
) -> Result<Response, ContractError> {
    nonpayable(&info)?;
    let mut session = Session::begin(deps, &env, info.sender)?;
    check_permission(&session, &msg)?;
    match msg {
        ExecuteMsg::Receive(wrapped) => execute::receive(&mut session, &wrapped)?,
        ExecuteMsg::Request { sub, items } => drop(execute::request(&mut session, sub, items)?),
        ExecuteMsg::Tick {} => execute::tick(&mut session)?,
        ExecuteMsg::SubmitBeacon { round, signature, executions } => {
            execute::submit_beacon(&mut session, round.u64(), &signature, executions)?;
        }
        ExecuteMsg::Seat(Executions { executions }) => execute::seat(&mut session, executions)?,
        ExecuteMsg::Seal { items } => execute::seal(&mut session, items)?,
        ExecuteMsg::Open { items } => execute::open(&mut session, items)?,
        ExecuteMsg::Publish { items } => execute::publish(&mut session, items)?,
        ExecuteMsg::Certify { items, settle } => execute::certify(&mut session, items, settle)?,
        ExecuteMsg::PostResult { items } => execute::post_result(&mut session, items)?,
        ExecuteMsg::Decline { items } => execute::decline(&mut session, items)?,
        ExecuteMsg::ReportEquivocation { execution, runner, first, second } => {
            execute::report_equivocation(&mut session, execution, runner, [first, second])?;
        }
        ExecuteMsg::Challenge { execution } => execute::challenge(&mut session, execution)?,
        ExecuteMsg::Deliver { execution, output } => execute::deliver(&mut session, execution, output)?,
        ExecuteMsg::ResumeService(ServiceRef { service }) => execute::resume_service(&mut session, service)?,
        ExecuteMsg::Poke(Executions { executions }) => execute::poke(&mut session, executions)?,
        ExecuteMsg::Settle(Executions { executions }) => execute::settle(&mut session, executions)?,
        ExecuteMsg::Prune(Executions { executions }) => execute::prune(&mut session, executions)?,
        ExecuteMsg::Withdraw { sub, amount, to } => execute::withdraw(&mut session, sub, amount, to)?,
        ExecuteMsg::Claim { runners, versions } => execute::claim(&mut session, &runners, &versions)?,
        ExecuteMsg::UnbondService(ServiceRef { service }) => execute::unbond_service(&mut session, service)?,
        ExecuteMsg::WithdrawServiceBond(ServiceRef { service }) => {
            execute::withdraw_service_bond(&mut session, service)?;
        }
        ExecuteMsg::Burn {} => execute::burn(&mut session)?,
        ExecuteMsg::CloseEpoch {} => execute::close_epoch(&mut session)?,
        ExecuteMsg::Propose(change) => execute::propose(&mut session, change)?,
        ExecuteMsg::Revoke(ChangeRef { change }) => execute::revoke(&mut session, change)?,
        ExecuteMsg::Apply(ChangeRef { change }) => execute::apply(&mut session, change)?,
        ExecuteMsg::SetPauser { pauser } => execute::set_pauser(&mut session, pauser.as_deref())?,
        ExecuteMsg::OfferOwnership { to } => execute::offer_ownership(&mut session, to.as_deref())?,
        ExecuteMsg::AcceptOwnership {} => execute::accept_ownership(&mut session)?,
        ExecuteMsg::Pause {} => execute::pause(&mut session)?,
        ExecuteMsg::Unpause {} => execute::unpause(&mut session)?,
    }
    session.finish()
}

/// Checks once who sends the message.
fn check_permission(session: &Session<'_>, msg: &ExecuteMsg) -> Result<(), ContractError> {
    let needed = msg.permission();
    let allowed = match (needed, msg) {
        (Permission::Anyone, _) => true,
        (Permission::Token, _) => session.sender == session.config.token,
        (
            Permission::ServiceOwner,
            ExecuteMsg::UnbondService(ServiceRef { service })
            | ExecuteMsg::WithdrawServiceBond(ServiceRef { service })
            | ExecuteMsg::ResumeService(ServiceRef { service }),
        ) => session.canonical(&session.sender)? == session.service_owner(*service)?,
        (Permission::ServiceOwner, _) => false,
        (Permission::Owner | Permission::OfferedOwner | Permission::Pauser, _) => {
            Roles::load(session.storage)?.has(needed, &session.sender, session.now.time)
        }
    };
    if allowed { Ok(()) } else { Err(ContractError::Unauthorized { needed }) }
}

/// Answers a callback that failed; nothing else asks for a reply.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn reply(deps: DepsMut, env: Env, reply: Reply) -> Result<Response, ContractError> {
    let contract = env.contract.address.clone();
    let mut session = Session::begin(deps, &env, contract)?;
    execute::callback_failed(&mut session, &reply)?;
    session.finish()
}

/// Answers a query.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, env: Env, Message(msg): Message<QueryMsg>) -> Result<Binary, ContractError> {
    query::answer(deps, &env, msg)
}

/// Migrates from an older version of this contract.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn migrate(deps: DepsMut, _env: Env, Message(msg): Message<MigrateMsg>) -> Result<Response, ContractError> {
    migration::migrate(deps.storage, CONTRACT_NAME, CONTRACT_VERSION)?;
    upgrade::number_beacon(deps.storage)?;
    name_roles(deps.api, deps.storage, msg.owner, msg.pauser)?;
    Ok(Response::new())
}
