//! `Terms`.

use cosmwasm_std::{Deps, Storage};
use mesg_api::registry::{Policy, TERMS, TermsResponse};
use mesg_protocol::clock::Clock;
use mesg_protocol::ids::TermsId;
use mesg_protocol::price_change::Standing;
use mesg_protocol::terms::Terms;

use super::at;
use crate::ContractError;
use crate::state;

/// One row of terms, and whether it is in force.
pub(crate) fn terms(deps: Deps, terms: TermsId, now: Clock) -> Result<TermsResponse, ContractError> {
    let row = load(deps.storage, terms)?;
    let (version, task) = (row.version, row.task);
    let of_task = state::version(deps.storage, version)?.task(task);
    let of_task = of_task.ok_or(ContractError::UnknownTask { version, task })?;
    let from = match of_task.standing(terms, now) {
        Standing::Announced { from } => Some(at(from)),
        Standing::InForce | Standing::Replaced { .. } => None,
    };
    Ok(TermsResponse {
        terms,
        service: row.service,
        version,
        task,
        price: row.price.into(),
        validator_bps: row.validator,
        developer_bps: row.developer,
        policy: Policy::of(row.policy, row.committee),
        max_validators: row.max_k1,
        seat_bond: row.seat_bond.into(),
        t_run: row.t_run,
        t_challenge: row.t_challenge,
        max_input: row.max_input,
        max_output: row.max_output,
        max_fuel: row.max_fuel.into(),
        in_force: of_task.at(now),
        from,
    })
}

/// A row of terms that must exist.
pub(super) fn load(storage: &dyn Storage, terms: TermsId) -> Result<Terms, ContractError> {
    TERMS.may_load(storage, terms)?.ok_or(ContractError::UnknownTerms { terms })
}
