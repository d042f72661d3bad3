//! `RegisterRunner`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use mesg_api::staking::{AttestationKey, ExecuteMsg, KEYS, QueryMsg, RunnerRow, RunnersResponse};
use mesg_protocol::ids::{RunnerId, ServiceId};
use mesg_protocol::stake::Stake;
use mesg_staking::ContractError;
use suite::{KEY, Suite, register_msg};

/// A registration that passes until it is changed.
struct Given {
    service: ServiceId,
    operator: String,
    key: Vec<u8>,
    endpoint: String,
}

fn message(suite: &Suite, change: impl FnOnce(&mut Given)) -> ExecuteMsg {
    let operator = suite.account("op").to_string();
    let mut given = Given { service: suite.service, operator, key: KEY.to_vec(), endpoint: String::new() };
    change(&mut given);
    let Given { service, operator, key, endpoint } = given;
    ExecuteMsg::RegisterRunner { service, operator, attestation_key: key.into(), endpoint }
}

fn refused(change: impl FnOnce(&mut Given)) -> ContractError {
    let mut suite = Suite::new();
    let msg = message(&suite, change);
    suite.refused("alice", &msg)
}

#[test]
fn anyone_becomes_the_owner_of_a_new_runner() {
    let mut suite = Suite::new();
    assert_eq!((suite.register("alice"), suite.register("bob")), (RunnerId(1), RunnerId(2)));
    let found = suite.get(RunnerId(2));
    assert_eq!((found.owner, found.operator), (suite.account("bob"), suite.account("bob-op")));
    assert_eq!((found.key_no, found.attestation_key.as_slice()), (0, &KEY[..]));
    assert_eq!((found.service, found.endpoint.as_str()), (suite.service, "https://runner.example:8443"));
}

#[test]
fn rows_can_be_read_raw() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    let canonical = |name: &str| {
        let address = suite.account(name);
        cosmwasm_std::Api::addr_canonicalize(suite.app.api(), address.as_str()).unwrap()
    };
    let (owner, operator) = (canonical("alice"), canonical("alice-op"));
    let stake = Stake::default();
    let expected =
        RunnerRow { service: suite.service, owner, operator, key_no: 0, stake, versions: vec![], exclusion: None };
    assert_eq!(suite.row(runner), expected);
    let key = KEYS.query(&suite.app.wrap(), &suite.staking, (runner, 0)).unwrap();
    assert_eq!(key, Some(AttestationKey(KEY)));
}

#[test]
fn the_service_must_exist_and_not_be_retired() {
    assert!(matches!(
        refused(|given| given.service = ServiceId(9)),
        ContractError::UnknownService { service: ServiceId(9) }
    ));
    let mut suite = Suite::new();
    suite.retire(suite.service);
    let operator = suite.account("op").to_string();
    let refused = suite.refused("alice", &register_msg(suite.service, operator));
    assert!(matches!(refused, ContractError::ServiceRetired { service: ServiceId(1) }));
}

#[test]
fn the_attestation_key_is_a_compressed_point() {
    for (key, length) in [(vec![], 0), (KEY[..32].to_vec(), 32), ([&KEY[..], &[0; 32]].concat(), 65)] {
        let got = refused(|given| given.key = key);
        assert!(matches!(got, ContractError::AttestationKey { got } if got == length), "{length} bytes");
    }
    let wrong_prefix = refused(|given| given.key[0] = 0x05);
    assert!(matches!(wrong_prefix, ContractError::AttestationKey { got: 33 }));
    // x = 5 is on no point: 5^3 + 7 = 132 is no square.
    let no_point = refused(|given| given.key = [&[2][..], &[0; 31], &[5]].concat());
    assert!(matches!(no_point, ContractError::AttestationKey { got: 33 }));
}

#[test]
fn the_endpoint_is_short_and_printable() {
    let too_long = refused(|given| given.endpoint = "x".repeat(257));
    assert!(matches!(too_long, ContractError::Endpoint { got: 257, max: 256 }));
    for bad in ["with space", "line\n", "é"] {
        assert!(matches!(refused(|given| given.endpoint = bad.to_owned()), ContractError::Endpoint { .. }), "{bad:?}");
    }
    let mut suite = Suite::new();
    let longest = message(&suite, |given| given.endpoint = "x".repeat(256));
    suite.exec("alice", &longest).unwrap();
}

#[test]
fn attack_39_addresses_are_taken_in_one_spelling() {
    let upper = refused(|given| given.operator = given.operator.to_uppercase());
    assert!(matches!(upper, ContractError::Std(_)));
    assert!(matches!(refused(|given| given.operator = "nobody".to_owned()), ContractError::Std(_)));
}

#[test]
fn runners_are_found_by_service_owner_and_operator() {
    let mut suite = Suite::new();
    let other = suite.publish_service("other");
    for owner in ["alice", "bob", "alice"] {
        suite.register(owner);
    }
    let operator = suite.account("alice-op").to_string();
    suite.exec("carol", &register_msg(other, operator.clone())).unwrap();
    let ids = |msg: QueryMsg| -> Vec<u32> {
        suite.query::<RunnersResponse>(&msg).runners.iter().map(|found| found.runner.0).collect()
    };
    let owner = suite.account("alice").to_string();
    let all = |service, start_after, limit| QueryMsg::Runners { service, start_after, limit };
    assert_eq!(ids(all(None, None, None)), [1, 2, 3, 4]);
    assert_eq!(ids(all(None, Some(RunnerId(1)), Some(2))), [2, 3]);
    assert_eq!(ids(all(Some(suite.service), Some(RunnerId(1)), None)), [2, 3]);
    assert_eq!(ids(all(Some(other), None, None)), [4]);
    assert_eq!(ids(QueryMsg::RunnersByOwner { owner: owner.clone(), start_after: None, limit: None }), [1, 3]);
    assert_eq!(ids(QueryMsg::RunnersByOwner { owner, start_after: Some(RunnerId(1)), limit: Some(1) }), [3]);
    assert_eq!(ids(QueryMsg::RunnersByOperator { operator, start_after: None, limit: None }), [1, 3, 4]);
}

#[test]
fn pages_have_ten_entries_by_default_and_fifty_at_most() {
    let mut suite = Suite::new();
    for _ in 0..60 {
        suite.register("alice");
    }
    let count = |limit| {
        suite.query::<RunnersResponse>(&QueryMsg::Runners { service: None, start_after: None, limit }).runners.len()
    };
    assert_eq!([None, Some(3), Some(1_000)].map(count), [10, 3, 50]);
}
