//! The input schemas that the market reads raw: public API, frozen by golden tests.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult, Storage, from_json};
use mesg_protocol::ids::TermsId;
use mesg_protocol::schema::Params;

use crate::record_map::RecordKey;

/// Input schema of each row of terms.
pub const INPUTS: InputRows = InputRows { prefix: "i/" };

/// Input schemas by row of terms, as compact JSON: what an inline input is checked against.
#[derive(Debug)]
pub struct InputRows {
    prefix: &'static str,
}

impl InputRows {
    /// The prefix.
    pub const fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// The storage key of a schema.
    pub fn key(&self, terms: TermsId) -> Vec<u8> {
        let mut key = self.prefix.as_bytes().to_vec();
        terms.append(&mut key);
        key
    }

    /// Writes a schema that is already JSON.
    pub fn save(&self, storage: &mut dyn Storage, terms: TermsId, json: &[u8]) {
        storage.set(&self.key(terms), json);
    }

    /// Reads a schema from the registry's storage by raw query.
    pub fn query(&self, querier: &QuerierWrapper, registry: &Addr, terms: TermsId) -> StdResult<Option<Params>> {
        let found = querier.query_wasm_raw(registry, self.key(terms))?;
        found.filter(|json| !json.is_empty()).map(from_json).transpose()
    }
}
