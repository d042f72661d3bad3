//! Contracts of strangers: a token that cheats when it is told to, and a requester that takes calls as it likes.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{
    Addr, Binary, Deps, DepsMut, Empty, Env, MessageInfo, Reply, Response, StdError, StdResult, SubMsg, Uint64,
    Uint128, WasmMsg, to_json_binary,
};
use cw_multi_test::{App, Contract, ContractWrapper};
use cw_storage_plus::Item;
use mesg_api::token::ExecuteMsg;

/// How a token behaves. Whatever it does, its balances are those that it tells.
#[cw_serde]
pub enum Token {
    /// Like the real one.
    Honest,
    /// Nothing moves.
    Fails,
    /// Half of what is sent with a message is burned on the way, and the receiver is told of the other half.
    Takes,
    /// As much as is sent with a message comes from this account on top, and the receiver is told of both.
    Adds(Addr),
    /// During a transfer the puppet speaks.
    CallsBack(Addr, Calls),
}

/// How a requester takes the end of its execution.
#[cw_serde]
pub enum Requester {
    /// It does nothing.
    Quiet,
    /// It fails.
    Fails,
    /// It calls back.
    CallsBack(Calls),
}

/// Messages for a contract.
#[cw_serde]
pub struct Calls {
    pub to: Addr,
    pub messages: Vec<Binary>,
    /// Whether all fail if one does.
    pub strict: bool,
}

/// What the puppet is told.
#[cw_serde]
pub enum PuppetMsg {
    /// To send messages.
    Send(Calls),
    /// The market's `RequesterMsg`.
    ReceiveExecution { execution: Uint64, sub: u32, outcome: String, reason: String, output: Option<String> },
}

const TOKEN: Item<Token> = Item::new("behaviour of the token");
const REQUESTER: Item<Requester> = Item::new("behaviour of the requester");

/// Tells the token how to behave from now on.
pub fn token_behaves(app: &mut App, token: &Addr, behaviour: &Token) {
    TOKEN.save(&mut *app.contract_storage_mut(token), behaviour).expect("stored");
}

/// Tells the puppet how to behave from now on.
pub fn requester_behaves(app: &mut App, puppet: &Addr, behaviour: &Requester) {
    REQUESTER.save(&mut *app.contract_storage_mut(puppet), behaviour).expect("stored");
}

/// The real token around which the behaviour is.
pub fn token() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(move_tokens, mesg_token::contract::instantiate, mesg_token::contract::query))
}

/// An account with code.
pub fn puppet() -> Box<dyn Contract<Empty>> {
    Box::new(ContractWrapper::new(speak, instantiate, query).with_reply(ignore))
}

fn real(deps: DepsMut, env: &Env, sender: &Addr, msg: ExecuteMsg) -> StdResult<Response> {
    let info = MessageInfo { sender: sender.clone(), funds: Vec::new() };
    let done = mesg_token::contract::execute(deps, env.clone(), info, msg);
    done.map_err(|error| StdError::generic_err(error.to_string()))
}

fn move_tokens(mut deps: DepsMut, env: Env, info: MessageInfo, msg: ExecuteMsg) -> StdResult<Response> {
    let behaviour = TOKEN.may_load(deps.storage)?.unwrap_or(Token::Honest);
    let moves = matches!(msg, ExecuteMsg::Transfer { .. } | ExecuteMsg::Send { .. } | ExecuteMsg::Burn { .. });
    let sender = &info.sender;
    match (behaviour, msg) {
        (Token::Fails, _) if moves => Err(StdError::generic_err("frozen")),
        (Token::Takes, ExecuteMsg::Send { contract, amount, msg }) => {
            let half = Uint128::new(amount.u128() / 2);
            real(deps.branch(), &env, sender, ExecuteMsg::Burn { amount: half })?;
            real(deps, &env, sender, ExecuteMsg::Send { contract, amount: amount - half, msg })
        }
        (Token::Adds(hoard), ExecuteMsg::Send { contract, amount, msg }) => {
            let gift = ExecuteMsg::Transfer { recipient: sender.to_string(), amount };
            real(deps.branch(), &env, &hoard, gift)?;
            real(deps, &env, sender, ExecuteMsg::Send { contract, amount: amount + amount, msg })
        }
        (Token::CallsBack(puppet, calls), msg @ ExecuteMsg::Transfer { .. }) => {
            // Once, or the calls' own transfers would call back for ever.
            TOKEN.save(deps.storage, &Token::Honest)?;
            let done = real(deps, &env, sender, msg)?;
            let msg = to_json_binary(&PuppetMsg::Send(calls))?;
            Ok(done.add_message(WasmMsg::Execute { contract_addr: puppet.into_string(), msg, funds: Vec::new() }))
        }
        (_, msg) => real(deps, &env, sender, msg),
    }
}

fn speak(deps: DepsMut, _: Env, _: MessageInfo, msg: PuppetMsg) -> StdResult<Response> {
    let behaviour = match msg {
        PuppetMsg::Send(calls) => Requester::CallsBack(calls),
        PuppetMsg::ReceiveExecution { .. } => REQUESTER.may_load(deps.storage)?.unwrap_or(Requester::Quiet),
    };
    match behaviour {
        Requester::Quiet => Ok(Response::new()),
        Requester::Fails => Err(StdError::generic_err("no")),
        Requester::CallsBack(Calls { to, messages, strict }) => {
            let call = |msg: Binary| {
                let call = WasmMsg::Execute { contract_addr: to.to_string(), msg, funds: Vec::new() };
                if strict { SubMsg::new(call) } else { SubMsg::reply_on_error(call, 0) }
            };
            Ok(Response::new().add_submessages(messages.into_iter().map(call)))
        }
    }
}

fn instantiate(_: DepsMut, _: Env, _: MessageInfo, _: Empty) -> StdResult<Response> {
    Ok(Response::new())
}

fn query(_: Deps, _: Env, _: Empty) -> StdResult<Binary> {
    Ok(Binary::default())
}

fn ignore(_: DepsMut, _: Env, _: Reply) -> StdResult<Response> {
    Ok(Response::new())
}
