//! What a task costs now, and whether a request for it would be taken (1.5, 2.5, 4).

use mesg_api::market::{Input, MAX_INLINE, MAX_LOCATOR};
use mesg_api::registry::{RegistryRows, Status};
use mesg_api::staking::{POOLS, PoolTotals};
use mesg_protocol::canonical_json;
use mesg_protocol::clock::Clock;
use mesg_protocol::digest::sha256;
use mesg_protocol::execution::{Execution, InputRef, ROUND_2, ROUND_3, Rules, rates};
use mesg_protocol::ids::{TermsId, VersionId};
use mesg_protocol::money::Escrow;
use mesg_protocol::params::Params;
use mesg_protocol::price_change::Standing;
use mesg_protocol::schema;
use mesg_protocol::terms::{Committee, Terms};

use crate::error::ContractError;
use crate::governance::check_running;
use crate::session::{Rows, Session};
use crate::state::{BONDS, Config, VERSIONS};
use cosmwasm_std::{QuerierWrapper, StdError, StdResult, Storage};

/// A task on offer under the present parameters.
pub struct Offer<'a> {
    pub storage: &'a dyn Storage,
    pub querier: QuerierWrapper<'a>,
    pub config: &'a Config,
    pub id: TermsId,
    pub terms: &'a Terms,
    pub params: &'a Params,
    /// The task's committee, grown to what is asked for.
    pub committee: Committee,
}

impl Offer<'_> {
    /// The escrow for an input of `input_len` bytes.
    pub fn escrow(&self, input_len: u32) -> Result<Escrow, ContractError> {
        Ok(Escrow::of(&rates(self.terms, self.params, self.committee.k1), self.terms.max_usage_for(input_len.into()))?)
    }

    /// Refuses while the task takes no requests. `taken` seats of its version are reserved or open.
    pub fn check_open(&self, taken: u32, now: Clock) -> Result<(), ContractError> {
        self.check_price()?;
        self.check_service()?;
        self.check_terms(now)?;
        self.check_bond()?;
        self.check_pool(taken, now.time)
    }

    /// Every reason why a request would be refused now.
    pub fn refusals(&self, now: Clock) -> Result<Vec<ContractError>, StdError> {
        let taken = VERSIONS.may_load(self.storage, self.terms.version)?.map_or(0, |version| version.taken);
        let checks = [
            check_running(self.storage),
            self.check_price(),
            self.check_service(),
            self.check_terms(now),
            self.check_bond(),
            self.check_pool(taken, now.time),
        ];
        Ok(checks.into_iter().filter_map(Result::err).collect())
    }

    fn check_price(&self) -> Result<(), ContractError> {
        let (got, min) = (self.terms.price.per_call, self.params.gas_floor);
        let bad = ContractError::OutOfBounds { field: "per_call", got, min, max: u128::MAX };
        if got < min { Err(bad) } else { Ok(()) }
    }

    fn check_service(&self) -> Result<(), ContractError> {
        let service = self.terms.service;
        let rows = RegistryRows { registry: &self.config.registry };
        let row = rows.service(&self.querier, service)?.ok_or(ContractError::UnknownService { service })?;
        match row.status {
            Status::Active => Ok(()),
            status => Err(ContractError::ServiceClosed { service, status: status.to_string() }),
        }
    }

    /// The version is not yanked, and these terms of its task are in force (4): one raw read for both.
    fn check_terms(&self, now: Clock) -> Result<(), ContractError> {
        let (terms, version) = (self.id, self.terms.version);
        let rows = RegistryRows { registry: &self.config.registry };
        let row = rows.version(&self.querier, version)?;
        if row.as_ref().is_some_and(|row| row.yanked) {
            return Err(ContractError::VersionYanked { version });
        }
        let task = row.and_then(|row| row.task(self.terms.task)).ok_or(ContractError::UnknownTerms { terms })?;
        match task.standing(terms, now) {
            Standing::InForce => Ok(()),
            Standing::Announced { from } => {
                Err(ContractError::TermsAnnounced { terms, time: from.time, height: from.height })
            }
            Standing::Replaced { by } => Err(ContractError::TermsReplaced { terms, by }),
        }
    }

    fn check_bond(&self) -> Result<(), ContractError> {
        let service = self.terms.service;
        let bond = BONDS.may_load(self.storage, service)?.filter(|bond| bond.release.is_none());
        if bond.as_ref().is_some_and(|bond| bond.paused) {
            return Err(ContractError::ServiceUnsettled { service });
        }
        let (got, needed) = (bond.map_or(0, |bond| bond.amount), self.terms.service_bond_needed()?);
        if got < needed { Err(ContractError::ServiceBond { service, got, needed }) } else { Ok(()) }
    }

    fn check_pool(&self, taken: u32, now: u64) -> Result<(), ContractError> {
        let totals = pool_totals(&self.querier, self.config, self.terms.version, now)?;
        let needed = self.committee.pool_needed();
        if totals.runners < needed {
            return Err(ContractError::PoolTooSmall { got: totals.runners, needed });
        }
        self.check_room(taken, totals.seats)
    }

    /// Reserved and open seats stay within the gate's share of all seats (1.5).
    fn check_room(&self, taken: u32, all: u64) -> Result<(), ContractError> {
        let needed = self.committee.seats();
        let gate = u64::try_from(self.params.gate.of(all.into())).unwrap_or(u64::MAX);
        if u64::from(taken).saturating_add(needed.into()) > gate {
            return Err(ContractError::PoolFull { taken, gate, needed });
        }
        Ok(())
    }

    /// Checks an input and gives its reference and what is kept of it: the text or the locator.
    pub fn check_input(&self, input: &Input) -> Result<(InputRef, Vec<u8>), ContractError> {
        match input {
            Input::Inline { json } => {
                let max = self.terms.max_input.min(u32::try_from(MAX_INLINE).unwrap_or(u32::MAX));
                let len = within("input", json.len(), 2, max)?;
                let rows = RegistryRows { registry: &self.config.registry };
                let types =
                    rows.inputs(&self.querier, self.id)?.ok_or(ContractError::UnknownTerms { terms: self.id })?;
                schema::check_value(&types, &canonical_json::parse_canonical(json)?)?;
                let digest = sha256(&[json.as_bytes()]);
                Ok((InputRef { digest, len, inline: true }, json.clone().into_bytes()))
            }
            Input::Digest { sha256, len, locator } => {
                within("input", usize::try_from(*len).unwrap_or(usize::MAX), 2, self.terms.max_input)?;
                within("locator", locator.len(), 1, u32::try_from(MAX_LOCATOR).unwrap_or(u32::MAX))?;
                Ok((InputRef { digest: *sha256, len: *len, inline: false }, locator.clone().into_bytes()))
            }
        }
    }
}

impl Session<'_> {
    /// The task of `rules` on offer.
    pub fn offer<'o>(&'o self, id: TermsId, rules: Rules<'o>) -> Offer<'o> {
        Offer {
            storage: self.storage,
            querier: self.querier,
            config: &self.config,
            id,
            terms: rules.terms,
            params: rules.params,
            committee: rules.committee,
        }
    }

    /// Reserves the seats of the executor and of round 1 for an own run that falls back, if there is room.
    pub fn reserve(&mut self, rows: &Rows, rules: Rules<'_>) -> Result<(), ContractError> {
        let taken = self.version(rows.terms.version)?.taken;
        self.offer(TermsId(0), rules).check_pool(taken, self.now.time)?;
        self.take(rows, rules.committee.seats())
    }

    /// Counts the seats of a later round; those of the first are reserved since the request.
    pub fn hold_seats(&mut self, rows: &Rows, rules: Rules<'_>, round: u8) -> Result<(), ContractError> {
        if round < ROUND_2 { Ok(()) } else { self.take(rows, rules.seats(round)) }
    }

    /// Counts seats of a version as taken; the end of their execution frees them.
    pub fn take(&mut self, rows: &Rows, seats: u8) -> Result<(), ContractError> {
        let version = self.version_mut(rows.terms.version)?;
        version.taken = version.taken.saturating_add(seats.into());
        Ok(())
    }
}

/// Runners and seats of a version's pool in the epoch of `now`.
fn pool_totals(querier: &QuerierWrapper, config: &Config, version: VersionId, now: u64) -> StdResult<PoolTotals> {
    let epoch = now.checked_div(config.epoch_secs.into()).unwrap_or(0);
    let pool = POOLS.query(querier, &config.staking, version)?;
    Ok(pool.and_then(|pool| pool.at(epoch)).unwrap_or_default())
}

/// Refuses a challenge where the pool has no runners left for round 3.
pub fn check_unused_runners(
    session: &Session<'_>,
    execution: &Execution,
    rules: Rules<'_>,
) -> Result<(), ContractError> {
    let totals = pool_totals(&session.querier, &session.config, execution.version, session.now.time)?;
    let used = u32::try_from(execution.all_seats().count()).unwrap_or(u32::MAX);
    let needed = used.saturating_add(rules.seats(ROUND_3).into());
    if totals.runners < needed {
        return Err(ContractError::PoolTooSmall { got: totals.runners, needed });
    }
    Ok(())
}

/// Refuses a length outside its bounds, named like its field.
pub fn within(field: &'static str, got: usize, min: u32, max: u32) -> Result<u32, ContractError> {
    let bad = ContractError::OutOfBounds {
        field,
        got: u128::try_from(got).unwrap_or(u128::MAX),
        min: min.into(),
        max: max.into(),
    };
    u32::try_from(got).ok().filter(|got| *got >= min && *got <= max).ok_or(bad)
}
