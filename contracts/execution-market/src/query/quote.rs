//! `Quote`: the exact escrow of a request, part by part, and why it would be refused now.

use cosmwasm_std::{Deps, Env, StdError};
use mesg_api::market::{PARAMS, QuoteResponse};
use mesg_api::registry::RegistryRows;
use mesg_protocol::clock::Clock;
use mesg_protocol::execution::{Market, Rules};
use mesg_protocol::ids::{ExecutionId, TermsId};

use super::{load_book, load_config};
use crate::error::ContractError;
use crate::execute::more_validators;
use crate::offer::{Offer, within};

pub fn quote(
    deps: Deps,
    env: &Env,
    id: TermsId,
    input_len: Option<u32>,
    validators: Option<u8>,
) -> Result<QuoteResponse, ContractError> {
    let (config, book) = (load_config(deps)?, load_book(deps)?);
    let rows = RegistryRows { registry: &config.registry };
    let terms = rows.terms(&deps.querier, id)?.ok_or(ContractError::UnknownTerms { terms: id })?;
    let params = PARAMS.may_load(deps.storage, book.params)?.ok_or_else(|| StdError::not_found("params"))?;
    let more = more_validators(&terms, validators)?;
    let market = Market { domain: &config.domain, beacon: &config.beacon };
    let rules = Rules::new(&terms, &params, more, market, ExecutionId(0));
    let offer = Offer {
        storage: deps.storage,
        querier: deps.querier,
        config: &config,
        id,
        terms: &terms,
        params: &params,
        committee: rules.committee,
    };
    let input_len = input_len.unwrap_or(terms.max_input);
    let escrow = offer.escrow(input_len)?;
    let now = Clock { time: env.block.time.seconds(), height: env.block.height };
    let mut refusals = offer.refusals(now)?;
    let len = usize::try_from(input_len).unwrap_or(usize::MAX);
    refusals.extend(within("input", len, 2, terms.max_input).err());
    Ok(QuoteResponse {
        escrow: escrow.total.into(),
        executor: escrow.fees.executor.into(),
        validator: escrow.fees.validator.into(),
        validators: rules.committee.k1,
        challenge_bond: rules.committee.k3.map(|_| rules.challenge_bond(input_len)).transpose()?.map(Into::into),
        developer: escrow.developer.into(),
        producers: escrow.producers.into(),
        burn: escrow.burn.into(),
        tips: params.tips.kappa().into(),
        refusals: refusals.iter().map(ToString::to_string).collect(),
    })
}
