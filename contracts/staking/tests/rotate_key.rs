//! `RotateKey`.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

mod suite;

use cosmwasm_std::Uint128;
use mesg_api::staking::msg::MAX_KEYS;
use mesg_api::staking::{AttestationKey, ExecuteMsg, KEYS, Permission};
use mesg_protocol::ids::{KeyNo, RunnerId};
use mesg_staking::ContractError;
use suite::{KEY, OTHER_KEY, Suite};

fn rotate(runner: RunnerId, key: &[u8]) -> ExecuteMsg {
    ExecuteMsg::RotateKey { runner, attestation_key: key.into() }
}

fn key(suite: &Suite, runner: RunnerId, number: KeyNo) -> Option<AttestationKey> {
    KEYS.query(&suite.app.wrap(), &suite.staking, (runner, number)).unwrap()
}

#[test]
fn every_key_stays_readable_by_its_number() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    let response = suite.exec("alice", &rotate(runner, &OTHER_KEY)).unwrap();
    let told = response.events.iter().find(|event| event.ty == "wasm-staking_key_rotated").unwrap();
    assert!(told.attributes.iter().any(|attribute| attribute.key == "key_no" && attribute.value == "1"));
    suite.exec("alice", &rotate(runner, &KEY)).unwrap();
    assert_eq!([0, 1, 2].map(|number| key(&suite, runner, number).unwrap().0), [KEY, OTHER_KEY, KEY]);
    assert_eq!(key(&suite, runner, 3), None);
    let found = suite.get(runner);
    assert_eq!((found.key_no, found.attestation_key.as_slice()), (2, KEY.as_slice()));
}

#[test]
fn draws_hand_out_the_newest_key_also_to_slots_that_were_left() {
    let mut suite = Suite::new();
    let versions = [suite.publish(100), suite.publish(100)];
    let runner = suite.runner("alice", 1_000, &versions);
    suite.next_epoch();
    suite.exec("alice", &ExecuteMsg::OptOut { runner, version: versions[1] }).unwrap();
    suite.exec("alice", &rotate(runner, &OTHER_KEY)).unwrap();
    for version in versions {
        let drawn = suite.draw(version, suite.epoch(), "seed", 6);
        assert_eq!(drawn.iter().map(|found| (found.runner, found.key_no)).collect::<Vec<_>>(), [(runner, 1)]);
    }
}

#[test]
fn refusals() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    assert!(matches!(suite.refused("alice", &rotate(runner, &KEY)), ContractError::SameKey { key_no: 0 }));
    for bad in [&[][..], &KEY[1..], &[5; 33], &[KEY.as_slice(), &[0]].concat()] {
        let refused = suite.refused("alice", &rotate(runner, bad));
        assert!(matches!(refused, ContractError::AttestationKey { got } if got == bad.len()), "{bad:?}");
    }
    let refused = suite.refused("alice", &rotate(RunnerId(9), &OTHER_KEY));
    assert!(matches!(refused, ContractError::UnknownRunner { runner: RunnerId(9) }));
}

#[test]
fn the_number_of_keys_has_an_end() {
    let mut suite = Suite::new();
    let runner = suite.register("alice");
    for number in 1..MAX_KEYS {
        suite.exec("alice", &rotate(runner, if number % 2 == 0 { &KEY } else { &OTHER_KEY })).unwrap();
    }
    assert_eq!(suite.get(runner).key_no, 255);
    let refused = suite.refused("alice", &rotate(runner, &KEY));
    assert!(matches!(refused, ContractError::TooManyKeys { max: 256 }));
}

#[test]
fn attack_51_a_stolen_operator_reaches_no_stake_and_rotation_ends_it() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runner = suite.runner("alice", 1_000, &[version]);
    suite.next_epoch();
    let thief = suite.account("mallory").to_string();
    let amount = Uint128::new(1);
    for msg in [
        ExecuteMsg::Unbond { runner, amount },
        ExecuteMsg::Withdraw { runner, to: Some(thief.clone()) },
        rotate(runner, &OTHER_KEY),
        ExecuteMsg::UpdateRunner { runner, operator: Some(thief), endpoint: None },
    ] {
        let refused = suite.refused("alice-op", &msg);
        assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Owner }), "{msg:?}");
    }
    // A committee is drawn, then the owner replaces both hot keys: the operator has no right left, the next seats come
    // with the new key, and the seats of before are still checked against the old one.
    let seated = suite.draw(version, suite.epoch(), "before", 1)[0].clone();
    let operator = Some(suite.account("new-op").to_string());
    suite.exec("alice", &ExecuteMsg::UpdateRunner { runner, operator, endpoint: None }).unwrap();
    suite.exec("alice", &rotate(runner, &OTHER_KEY)).unwrap();
    for msg in [
        ExecuteMsg::OptOut { runner, version },
        ExecuteMsg::Unjail { runner },
        ExecuteMsg::UpdateRunner { runner, operator: None, endpoint: Some(String::new()) },
    ] {
        let refused = suite.refused("alice-op", &msg);
        assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::OwnerOrOperator }), "{msg:?}");
    }
    assert_eq!(key(&suite, runner, seated.key_no), Some(AttestationKey(KEY)));
    let next = &suite.draw(version, suite.epoch(), "after", 1)[0];
    assert_eq!((next.key_no, key(&suite, runner, next.key_no)), (1, Some(AttestationKey(OTHER_KEY))));
}
