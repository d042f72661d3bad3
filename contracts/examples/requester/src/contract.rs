//! Entry points.

#[cfg(not(feature = "library"))]
use cosmwasm_std::entry_point;
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Env, MessageInfo, Response, StdResult, Uint128, WasmMsg, to_json_binary,
};
use cw_storage_plus::{Item, Map};
use mesg_api::market::{self, Input, RequestItem};
use mesg_protocol::ids::TermsId;

use crate::error::ContractError;
use crate::msg::{End, ExecuteMsg, InstantiateMsg, QueryMsg};

const MARKET: Item<Addr> = Item::new("market");
const TERMS: Item<TermsId> = Item::new("terms");
const ENDS: Map<u64, End> = Map::new("ends");

/// Remembers market and task.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn instantiate(deps: DepsMut, _: Env, _: MessageInfo, msg: InstantiateMsg) -> Result<Response, ContractError> {
    MARKET.save(deps.storage, &deps.api.addr_validate(&msg.market)?)?;
    TERMS.save(deps.storage, &msg.terms)?;
    Ok(Response::new())
}

/// Asks, or takes an end.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn execute(deps: DepsMut, _: Env, info: MessageInfo, msg: ExecuteMsg) -> Result<Response, ContractError> {
    match msg {
        ExecuteMsg::Ask { json, max_fee } => ask(deps.as_ref(), json, max_fee),
        ExecuteMsg::ReceiveExecution { execution, outcome, reason, output, .. } => {
            if info.sender != MARKET.load(deps.storage)? {
                return Err(ContractError::NotTheMarket);
            }
            ENDS.save(deps.storage, execution.u64(), &End { outcome, reason, output })?;
            Ok(Response::new())
        }
    }
}

fn ask(deps: Deps, json: String, max_fee: Uint128) -> Result<Response, ContractError> {
    let terms = TERMS.load(deps.storage)?;
    let item = RequestItem { terms, input: Input::Inline { json }, max_fee, validators: None, own_runner: None };
    let request = WasmMsg::Execute {
        contract_addr: MARKET.load(deps.storage)?.into_string(),
        msg: to_json_binary(&market::ExecuteMsg::Request { sub: 0, items: vec![item] })?,
        funds: Vec::new(),
    };
    Ok(Response::new().add_message(request))
}

/// Tells an end.
#[cfg_attr(not(feature = "library"), entry_point)]
pub fn query(deps: Deps, _: Env, msg: QueryMsg) -> StdResult<Binary> {
    let QueryMsg::End { execution } = msg;
    to_json_binary(&ENDS.may_load(deps.storage, execution.u64())?)
}
