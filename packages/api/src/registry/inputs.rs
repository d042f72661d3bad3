//! The input schemas that the market reads raw: public API, frozen by golden tests.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult, Storage, from_json, to_json_vec};
use mesg_protocol::ids::TermsId;
use mesg_protocol::schema::{Param, Params};

use crate::message::Message;
use crate::record_map::RecordKey;

/// Input schema of each row of terms.
pub const INPUTS: InputRows = InputRows { prefix: "i/" };

/// Input schemas by row of terms, as JSON without descriptions: what an inline input is checked against.
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

    /// Writes a schema without its descriptions.
    pub fn save(&self, storage: &mut dyn Storage, terms: TermsId, inputs: &Params) -> StdResult<()> {
        storage.set(&self.key(terms), &to_json_vec(&undescribed(inputs))?);
        Ok(())
    }

    /// Writes the schema of `from` for `to` too.
    pub fn copy(&self, storage: &mut dyn Storage, from: TermsId, to: TermsId) {
        if let Some(json) = storage.get(&self.key(from)) {
            storage.set(&self.key(to), &json);
        }
    }

    /// Reads a schema from the registry's storage by raw query.
    pub fn query(&self, querier: &QuerierWrapper, registry: &Addr, terms: TermsId) -> StdResult<Option<Params>> {
        let found = querier.query_wasm_raw(registry, self.key(terms))?;
        let read = |json| from_json(json).map(|Message(params)| params);
        found.filter(|json: &Vec<u8>| !json.is_empty()).map(read).transpose()
    }
}

/// The same definition without what is for people only.
fn undescribed(params: &Params) -> Params {
    let strip = |param: &Param| Param { description: None, object: undescribed(&param.object), ..param.clone() };
    params.iter().map(|(name, param)| (name.clone(), strip(param))).collect()
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;
    use mesg_protocol::schema::ParamType;

    use super::*;

    #[test]
    fn key_and_value_are_frozen() {
        let inner = Param { description: Some("inner".into()), optional: true, ..Param::new(ParamType::Number) };
        let rows = Param {
            description: Some("outer".into()),
            repeated: true,
            object: Params::from([("n".into(), inner)]),
            ..Param::new(ParamType::Object)
        };
        let inputs = Params::from([("rows".into(), rows), ("csv".into(), Param::new(ParamType::String))]);
        let mut storage = MockStorage::new();
        INPUTS.save(&mut storage, TermsId(0x0102_0304), &inputs).unwrap();
        let json = br#"{"csv":{"type":"String"},"rows":{"type":"Object","repeated":true,"object":{"n":{"type":"Number","optional":true}}}}"#;
        assert_eq!(storage.get(b"i/\x01\x02\x03\x04").as_deref(), Some(&json[..]));
        INPUTS.copy(&mut storage, TermsId(0x0102_0304), TermsId(7));
        assert_eq!(storage.get(b"i/\0\0\0\x07").as_deref(), Some(&json[..]));
        assert_eq!(from_json::<Params>(json).unwrap(), undescribed(&inputs));
    }
}
