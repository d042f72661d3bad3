//! What a version is: its component, its tasks with typed inputs and outputs, its prices and policy.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Uint64, Uint128};
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ServiceId, VersionId};
use mesg_protocol::schema::Params;
use mesg_protocol::terms::{Committee, Price, Terms};

/// An immutable version of a service, identified by the SHA-256 of its canonical JSON; at most 16 KiB of it.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The WebAssembly component that runs every task.
    pub component: Component,
    /// The engine profile that it is run with, one of [`super::PROFILES`].
    pub profile: String,
    /// How results are agreed on.
    pub policy: Policy,
    /// Validators of round 1 that a requester may ask and pay for, from the policy's k1 to 7; k1 if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_validators: Option<u8>,
    /// Seat bond B in base units, fixed for the version: at least what one seat of its dearest task can be slashed (3).
    pub seat_bond: Uint128,
    /// Its tasks: 1 to 16, with different names.
    pub tasks: Vec<Task>,
    /// Events that its emitters may report: 0 to 16, with different names.
    pub events: Vec<EventDefinition>,
    /// Release notes for people, 1 to 1,024 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub notes: Option<String>,
}

/// A WebAssembly component by content.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Component {
    /// SHA-256 of its bytes.
    pub sha256: Digest32,
    /// Its length in bytes, 1 to 64 MiB.
    pub size: u32,
    /// Where its bytes are found: 1 to 8 locators of at most 256 bytes, `http://`, `https://`, `ipfs://` or `file://`.
    pub sources: Vec<String>,
}

/// How results are agreed on (2.2).
#[cw_serde]
#[derive(Copy)]
#[serde(deny_unknown_fields)]
pub enum Policy {
    /// Deterministic tasks: every seat runs the task blind and results must be equal.
    Replicate(Committee),
    /// Other tasks: an executor posts its result, and a committee drawn afterwards runs the component's checker on it.
    Verify(Committee),
}

impl Policy {
    /// The sizes of its committees.
    pub const fn committee(self) -> Committee {
        match self {
            Self::Replicate(committee) | Self::Verify(committee) => committee,
        }
    }

    /// The policy of terms.
    pub const fn of(rule: mesg_protocol::terms::Policy, committee: Committee) -> Self {
        match rule {
            mesg_protocol::terms::Policy::Replicate => Self::Replicate(committee),
            mesg_protocol::terms::Policy::Verify => Self::Verify(committee),
        }
    }

    /// How results are checked.
    pub const fn rule(self) -> mesg_protocol::terms::Policy {
        match self {
            Self::Replicate(_) => mesg_protocol::terms::Policy::Replicate,
            Self::Verify(_) => mesg_protocol::terms::Policy::Verify,
        }
    }
}

/// One task of a version. The export of the component is the same for all tasks; the name tells them apart.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct Task {
    /// Its name: `[a-z][a-z0-9_-]*`, at most 63 bytes, unique in the version.
    pub name: String,
    /// What it does, for people: at most 256 bytes, may be empty.
    pub description: String,
    /// What it takes.
    pub inputs: Params,
    /// What it gives.
    pub outputs: Params,
    /// Longest run in seconds, 1 to 21,600.
    pub t_run: u32,
    /// Challenge window in seconds, 0 to 86,400.
    pub t_challenge: u32,
    /// Largest input in bytes, 2 to 64 MiB.
    pub max_input: u32,
    /// Largest output in bytes, 2 to 64 MiB.
    pub max_output: u32,
    /// Most fuel of one run, 1 to t_run · 2·10^8.
    pub max_fuel: Uint64,
    /// Prices of the executor.
    pub price: Prices,
    /// Fee of a validator in basis points of the executor's, 1,000 to 10,000.
    pub validator_bps: Bps,
    /// The developer's share in basis points of a + k1·b, 0 to 3,000.
    pub developer_bps: Bps,
}

/// Metered prices in base units (2.5).
#[cw_serde]
#[derive(Copy)]
#[serde(deny_unknown_fields)]
pub struct Prices {
    /// For each call, at least 1.
    pub per_call: Uint128,
    /// For each started 1,000 bytes of input and output together.
    pub per_kb: Uint128,
    /// For each started million of fuel.
    pub per_mfuel: Uint128,
}

impl From<Prices> for Price {
    fn from(prices: Prices) -> Self {
        let Prices { per_call, per_kb, per_mfuel } = prices;
        Self { per_call: per_call.u128(), per_kb: per_kb.u128(), per_mfuel: per_mfuel.u128() }
    }
}

impl From<Price> for Prices {
    fn from(price: Price) -> Self {
        let Price { per_call, per_kb, per_mfuel } = price;
        Self { per_call: per_call.into(), per_kb: per_kb.into(), per_mfuel: per_mfuel.into() }
    }
}

/// An event that emitters of a service may report (5).
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct EventDefinition {
    /// Its name: `[a-z][a-z0-9_-]*`, at most 63 bytes, unique in the version.
    pub name: String,
    /// What comes with it.
    pub data: Params,
}

impl Manifest {
    /// The terms of each task, in order; a 257th task, which [`Self::check`] excludes, and what follows are left out.
    pub fn terms(&self, service: ServiceId, version: VersionId) -> impl Iterator<Item = Terms> + '_ {
        self.tasks.iter().zip(0_u8..=u8::MAX).map(move |(task, position)| Terms {
            service,
            version,
            task: position,
            price: task.price.into(),
            validator: task.validator_bps,
            developer: task.developer_bps,
            policy: self.policy.rule(),
            committee: self.policy.committee(),
            max_k1: self.max_validators.unwrap_or(self.policy.committee().k1),
            seat_bond: self.seat_bond.u128(),
            t_run: task.t_run,
            t_challenge: task.t_challenge,
            max_input: task.max_input,
            max_output: task.max_output,
            max_fuel: task.max_fuel.u64(),
        })
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use cosmwasm_std::from_json;
    use mesg_protocol::digest::sha256;
    use mesg_protocol::schema::{Param, ParamType};

    use super::*;

    /// A manifest with one task whose terms just pass.
    pub(crate) fn manifest() -> Manifest {
        let report = Task {
            name: "report".to_owned(),
            description: "Statistics of a table".to_owned(),
            inputs: Params::from([("csv".to_owned(), Param::new(ParamType::String))]),
            outputs: Params::from([("rows".to_owned(), Param::new(ParamType::Number))]),
            t_run: 10,
            t_challenge: 600,
            max_input: 4_000,
            max_output: 1_000,
            max_fuel: Uint64::new(1_000_000_000),
            price: Prices { per_call: 1_000_u128.into(), per_kb: 10_u128.into(), per_mfuel: 1_u128.into() },
            validator_bps: Bps::saturating(8_000),
            developer_bps: Bps::saturating(1_000),
        };
        Manifest {
            component: Component { sha256: sha256(&[b"component"]), size: 1, sources: vec!["ipfs://bafy".to_owned()] },
            profile: "wt48-1".to_owned(),
            policy: Policy::Replicate(Committee { k1: 3, k2: 5, k3: None }),
            max_validators: None,
            // a = 1,000 + 5·10 + 1,000·1 = 2,050; 20a
            seat_bond: 41_000_u128.into(),
            tasks: vec![report],
            events: Vec::new(),
            notes: None,
        }
    }

    const CANONICAL: &str = concat!(
        r#"{"component":{"sha256":"6985ca1f4daa5a584a28eae043a239cb96689af1337ea13afb63e00c2bf512fa","size":1,"#,
        r#""sources":["ipfs://bafy"]},"events":[],"policy":{"replicate":{"k1":3,"k2":5}},"profile":"wt48-1","#,
        r#""seat_bond":"41000","tasks":[{"description":"Statistics of a table","developer_bps":1000,"#,
        r#""inputs":{"csv":{"type":"String"}},"max_fuel":"1000000000","max_input":4000,"max_output":1000,"#,
        r#""name":"report","outputs":{"rows":{"type":"Number"}},"price":{"per_call":"1000","per_kb":"10","#,
        r#""per_mfuel":"1"},"t_challenge":600,"t_run":10,"validator_bps":8000}]}"#,
    );

    #[test]
    fn canonical_json_is_frozen() {
        let (json, digest) = manifest().check().unwrap();
        assert_eq!(json, CANONICAL);
        assert_eq!(digest, sha256(&[CANONICAL.as_bytes()]));
        assert_eq!(from_json::<Manifest>(&json).unwrap(), manifest());
    }

    #[test]
    fn unknown_fields_are_refused_at_every_level() {
        for (from, to) in [
            ("\"size\":1", "\"size\":1,\"x\":1"),
            ("\"k1\":3", "\"k1\":3,\"x\":1"),
            ("\"type\":\"String\"", "\"type\":\"String\",\"x\":1"),
            ("\"per_kb\":\"10\"", "\"per_kb\":\"10\",\"x\":1"),
            ("\"t_run\":10", "\"t_run\":10,\"x\":1"),
            ("\"events\":[]", "\"events\":[],\"x\":1"),
            ("\"events\":[]", "\"events\":[{\"name\":\"e\",\"data\":{},\"x\":1}]"),
        ] {
            let changed = CANONICAL.replacen(from, to, 1);
            assert_ne!(changed, CANONICAL);
            let error = from_json::<Manifest>(&changed).unwrap_err().to_string();
            assert!(error.contains("unknown field"), "{changed}: {error}");
        }
    }

    #[test]
    fn each_task_has_its_terms() {
        let mut manifest = manifest();
        let mut second = manifest.tasks[0].clone();
        second.t_run = 20;
        manifest.tasks.push(second);
        let rows: Vec<Terms> = manifest.terms(ServiceId(3), VersionId(4)).collect();
        let expected = Terms {
            service: ServiceId(3),
            version: VersionId(4),
            task: 1,
            price: Price { per_call: 1_000, per_kb: 10, per_mfuel: 1 },
            validator: Bps::saturating(8_000),
            developer: Bps::saturating(1_000),
            policy: mesg_protocol::terms::Policy::Replicate,
            committee: Committee { k1: 3, k2: 5, k3: None },
            max_k1: 3,
            seat_bond: 41_000,
            t_run: 20,
            t_challenge: 600,
            max_input: 4_000,
            max_output: 1_000,
            max_fuel: 1_000_000_000,
        };
        assert_eq!((rows.len(), &rows[0].task, &rows[1]), (2, &0, &expected));
        assert_eq!(Prices::from(rows[0].price), manifest.tasks[0].price);
    }
}
