//! `Receive`: registration of a service, paid with the token.

use cosmwasm_std::{DepsMut, Response, Uint128, WasmMsg, from_json, to_json_binary};
use cw20::{Cw20ExecuteMsg, Cw20ReceiveMsg};
use mesg_api::registry::{
    ReceiveMsg, RegistryEvent, SERVICES, ServiceRow, Status, check_tags, is_dns_label, is_locator,
};
use mesg_protocol::ids::ServiceId;

use crate::ContractError;
use crate::state::{BY_OWNER, BY_TAG, CONFIG, Config, Counters, Number, PROFILES, Profile, SIDS, check_running};

/// Most bytes of a service's name for people.
const MAX_NAME: usize = 64;
/// Most bytes of a service's description.
const MAX_DESCRIPTION: usize = 1024;
/// Most bytes of a service's home page.
const MAX_URL: usize = 256;
/// Most bytes of a DNS label.
const MAX_SID: usize = 63;

/// Takes a CW20 `Send`; the sender of the message was checked to be the token, so `received.sender` paid.
pub(crate) fn receive(deps: DepsMut, received: Cw20ReceiveMsg) -> Result<Response, ContractError> {
    let Cw20ReceiveMsg { sender, amount, msg } = received;
    let ReceiveMsg::RegisterService { sid, name, description, url, tags } = from_json(msg)?;
    register_service(deps, &sender, amount, Profile { sid, name, description, url, tags })
}

fn register_service(deps: DepsMut, owner: &str, amount: Uint128, profile: Profile) -> Result<Response, ContractError> {
    check_running(deps.as_ref())?;
    let Config { token, registration_fee: fee, .. } = CONFIG.load(deps.storage)?;
    if amount != fee {
        return Err(ContractError::WrongFee { got: amount, fee });
    }
    check_profile(&profile)?;
    if let Some(Number(taken)) = SIDS.may_load(deps.storage, profile.sid.as_bytes())? {
        return Err(ContractError::SidTaken { sid: profile.sid, service: ServiceId(taken) });
    }
    let owner = deps.api.addr_validate(owner)?;
    let canonical = deps.api.addr_canonicalize(owner.as_str())?;
    let mut counters = Counters::load(deps.storage)?;
    let service = counters.next_service()?;
    BY_OWNER.save(deps.storage, (canonical.as_slice(), service.0), &())?;
    SIDS.save(deps.storage, profile.sid.as_bytes(), &Number(service.0));
    for tag in &profile.tags {
        BY_TAG.save(deps.storage, (tag, service.0), &())?;
    }
    PROFILES.save(deps.storage, service.0, &profile)?;
    SERVICES.save(deps.storage, service, &ServiceRow { owner: canonical, status: Status::Active, latest: None });
    let event = counters.event(RegistryEvent::ServiceRegistered {
        service: service.0,
        sid: profile.sid,
        owner: owner.into_string(),
        fee: fee.u128(),
    });
    counters.save(deps.storage);
    let burn = WasmMsg::Execute {
        contract_addr: token.into_string(),
        msg: to_json_binary(&Cw20ExecuteMsg::Burn { amount })?,
        funds: vec![],
    };
    Ok(Response::new().add_event(event).add_message(burn))
}

fn check_profile(profile: &Profile) -> Result<(), ContractError> {
    let Profile { sid, name, description, url, tags } = profile;
    check_length("sid", sid, MAX_SID)?;
    if !is_dns_label(sid) {
        return Err(ContractError::Sid { got: sid.clone() });
    }
    for (field, text, max) in
        [("name", name, MAX_NAME), ("description", description, MAX_DESCRIPTION), ("url", url, MAX_URL)]
    {
        text.as_ref().map_or(Ok(()), |text| check_length(field, text, max))?;
    }
    check_tags(tags)?;
    match url {
        Some(url) if !is_locator(url, &["http", "https"]) => Err(ContractError::Url { got: url.clone() }),
        _ => Ok(()),
    }
}

pub(super) fn check_length(field: &'static str, text: &str, max: usize) -> Result<(), ContractError> {
    let (got, min) = (text.len(), 1);
    if got < min || got > max { Err(ContractError::Length { field, got, min, max }) } else { Ok(()) }
}
