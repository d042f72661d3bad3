//! Pages of runners: all, of a service, of an owner, of an operator.

use cosmwasm_std::{Binary, Order, StdResult, to_json_binary};
use cw_storage_plus::Bound;
use mesg_api::staking::RunnersResponse;
use mesg_protocol::ids::{RunnerId, ServiceId};

use super::{View, page, runner};
use crate::error::ContractError;
use crate::state::{BY_OPERATOR, BY_OWNER, BY_SERVICE, RUNNER_COUNT};

pub fn runners(
    view: &View<'_>,
    service: Option<ServiceId>,
    start_after: Option<RunnerId>,
    limit: Option<u32>,
) -> Result<Binary, ContractError> {
    if let Some(service) = service {
        return answer(
            view,
            limit,
            BY_SERVICE.prefix(service.0).keys(view.deps.storage, above(start_after), None, Order::Ascending),
        );
    }
    let last = RUNNER_COUNT.may_load(view.deps.storage)?.unwrap_or(0);
    let first = start_after.unwrap_or_default().0.saturating_add(1);
    answer(view, limit, (first..=last).map(Ok))
}

pub fn by_owner(
    view: &View<'_>,
    owner: &str,
    start_after: Option<RunnerId>,
    limit: Option<u32>,
) -> Result<Binary, ContractError> {
    let owner = view.deps.api.addr_validate(owner)?;
    answer(view, limit, BY_OWNER.prefix(&owner).keys(view.deps.storage, above(start_after), None, Order::Ascending))
}

pub fn by_operator(
    view: &View<'_>,
    operator: &str,
    start_after: Option<RunnerId>,
    limit: Option<u32>,
) -> Result<Binary, ContractError> {
    let operator = view.deps.api.addr_validate(operator)?;
    answer(
        view,
        limit,
        BY_OPERATOR.prefix(&operator).keys(view.deps.storage, above(start_after), None, Order::Ascending),
    )
}

fn above(start_after: Option<RunnerId>) -> Option<Bound<'static, u32>> {
    start_after.map(|runner| Bound::exclusive(runner.0))
}

fn answer(
    view: &View<'_>,
    limit: Option<u32>,
    ids: impl Iterator<Item = StdResult<u32>>,
) -> Result<Binary, ContractError> {
    let limit = usize::try_from(page(limit)).unwrap_or(0);
    let runners = ids.take(limit).map(|id| runner::response(view, RunnerId(id?))).collect::<Result<_, _>>()?;
    Ok(to_json_binary(&RunnersResponse { runners })?)
}
