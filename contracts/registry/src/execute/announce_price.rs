//! `AnnouncePrice`: another price of one task, in force after the notice (4).

use cosmwasm_std::{DepsMut, Response};
use mesg_api::registry::{INPUTS, Prices, RegistryEvent, TERMS, VERSIONS};
use mesg_protocol::clock::Clock;
use mesg_protocol::ids::VersionId;
use mesg_protocol::price_change::reprice;

use crate::ContractError;
use crate::state::{self, Counters};

/// Writes a new row of terms, which comes into force 24 h later.
pub(crate) fn announce_price(
    deps: DepsMut,
    version: VersionId,
    task: u8,
    price: Prices,
    now: Clock,
) -> Result<Response, ContractError> {
    let mut row = state::version(deps.storage, version)?;
    state::unretired(deps.storage, row.service)?;
    let mut of_task = row.task(task).ok_or(ContractError::UnknownTask { version, task })?;
    let present = of_task.at(now);
    let terms = TERMS.may_load(deps.storage, present)?.ok_or(ContractError::UnknownTerms { terms: present })?;
    let mut counters = Counters::load(deps.storage)?;
    let announced = counters.next_terms(1)?;
    let from = of_task.announce(announced, now)?;
    TERMS.save(deps.storage, announced, &reprice(&terms, price.into())?);
    INPUTS.copy(deps.storage, present, announced);
    row.set_task(task, of_task);
    VERSIONS.save(deps.storage, version, &row);
    let event = counters.event(RegistryEvent::PriceAnnounced {
        service: row.service.0,
        version: version.0,
        task,
        terms: announced.0,
        per_call: price.per_call.u128(),
        per_kb: price.per_kb.u128(),
        per_mfuel: price.per_mfuel.u128(),
        time: from.time,
        height: from.height,
    });
    counters.save(deps.storage);
    Ok(Response::new().add_event(event))
}
