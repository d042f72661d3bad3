//! Reads of the registry by other contracts.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_protocol::schema::Params;
use mesg_protocol::terms::Terms;

use super::inputs::INPUTS;
use super::rows::{SERVICES, ServiceRow, TERMS, VERSIONS, VersionRow};

/// The rows of one registry, read raw: 1,000 gas and 3 gas a byte each instead of loading the contract.
#[derive(Clone, Debug)]
pub struct RegistryRows<'a> {
    /// Address of the registry.
    pub registry: &'a Addr,
}

impl RegistryRows<'_> {
    /// Terms by number.
    pub fn terms(&self, querier: &QuerierWrapper, terms: TermsId) -> StdResult<Option<Terms>> {
        TERMS.query(querier, self.registry, terms)
    }

    /// A service by number.
    pub fn service(&self, querier: &QuerierWrapper, service: ServiceId) -> StdResult<Option<ServiceRow>> {
        SERVICES.query(querier, self.registry, service)
    }

    /// A version by number.
    pub fn version(&self, querier: &QuerierWrapper, version: VersionId) -> StdResult<Option<VersionRow>> {
        VERSIONS.query(querier, self.registry, version)
    }

    /// The input schema of the task that `terms` belong to.
    pub fn inputs(&self, querier: &QuerierWrapper, terms: TermsId) -> StdResult<Option<Params>> {
        INPUTS.query(querier, self.registry, terms)
    }
}
