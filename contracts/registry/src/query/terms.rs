//! `Terms`.

use cosmwasm_std::Deps;
use mesg_api::registry::{Policy, TERMS, TermsResponse};
use mesg_protocol::ids::TermsId;

use crate::ContractError;

/// One row of terms.
pub(crate) fn terms(deps: Deps, terms: TermsId) -> Result<TermsResponse, ContractError> {
    let row = TERMS.may_load(deps.storage, terms)?.ok_or(ContractError::UnknownTerms { terms })?;
    Ok(TermsResponse {
        terms,
        service: row.service,
        version: row.version,
        task: row.task,
        price: row.price.into(),
        validator_bps: row.validator,
        developer_bps: row.developer,
        policy: Policy::Replicate(row.committee),
        seat_bond: row.seat_bond.into(),
        t_run: row.t_run,
        t_challenge: row.t_challenge,
        max_input: row.max_input,
        max_output: row.max_output,
        max_fuel: row.max_fuel.into(),
    })
}
