//! `instantiate`, `migrate`, and native coins with any message.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cosmwasm_std::{Uint128, coins};
use cw_multi_test::Executor;
use cw_utils::PaymentError;
use cw20::Cw20ReceiveMsg;
use mesg_api::migration::MigrationError;
use mesg_api::registry::{ConfigResponse, ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg, Status};
use mesg_protocol::ids::{ServiceId, VersionId};
use mesg_registry::{ContractError, contract};
use suite::{FEE, Suite, manifest, refusal};

#[test]
fn the_configuration_and_the_counts_are_shown() {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    suite.publish("alice", 1, manifest(&["one", "two"])).unwrap();
    let found: ConfigResponse = suite.query(&QueryMsg::Config {});
    let expected = ConfigResponse {
        owner: suite.admin.clone(),
        token: suite.token.clone(),
        registration_fee: Uint128::new(FEE),
        services: 1,
        versions: 1,
        terms: 2,
        market: None,
    };
    assert_eq!(found, expected);
}

#[test]
fn addresses_are_checked_and_upper_case_is_refused() {
    let mut suite = Suite::new();
    let (admin, token, code) = (suite.admin.to_string(), suite.token.to_string(), suite.code);
    let sender = suite.admin.clone();
    for (owner, token) in
        [(admin.to_uppercase(), token.clone()), (admin.clone(), token.to_uppercase()), (admin, "x".into())]
    {
        let msg = InstantiateMsg { owner, token, registration_fee: Uint128::zero() };
        let error = suite.app.instantiate_contract(code, sender.clone(), &msg, &[], "registry", None).unwrap_err();
        assert!(matches!(error.downcast().unwrap(), ContractError::Std(_)));
    }
}

#[test]
fn native_coins_are_refused_by_every_message() {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    let (alice, registry, funds) = (suite.account("alice"), suite.registry.clone(), coins(7, "stake"));
    suite.fund(&alice, funds.clone());
    let (service, version) = (ServiceId(1), VersionId(1));
    let received = Cw20ReceiveMsg { sender: alice.to_string(), amount: Uint128::new(FEE), msg: b"{}".into() };
    for msg in [
        ExecuteMsg::Receive(received),
        ExecuteMsg::PublishVersion { service, manifest: manifest(&["a"]) },
        ExecuteMsg::SetStatus { service, status: Status::Paused },
        ExecuteMsg::SetTags { service, tags: Vec::new() },
        ExecuteMsg::ProposeOwner { service, owner: alice.to_string() },
        ExecuteMsg::WithdrawOwner { service },
        ExecuteMsg::AcceptOwner { service },
        ExecuteMsg::AnnouncePrice { version, task: 0, price: manifest(&["a"]).tasks[0].price },
        ExecuteMsg::WithdrawPrice { version, task: 0 },
        ExecuteMsg::Deprecate { version, message: None },
        ExecuteMsg::SetYanked { version, yanked: true },
    ] {
        let error = refusal(suite.app.execute_contract(alice.clone(), registry.clone(), &msg, &funds));
        assert!(matches!(error, ContractError::Payment(PaymentError::NonPayable {})), "{error}");
    }
    let msg =
        InstantiateMsg { owner: alice.to_string(), token: suite.token.to_string(), registration_fee: Uint128::zero() };
    let error = suite.app.instantiate_contract(suite.code, alice, &msg, &funds, "registry", None).unwrap_err();
    assert!(matches!(error.downcast().unwrap(), ContractError::Payment(PaymentError::NonPayable {})));
}

fn migrate_from(name: &str, version: &str) -> Result<String, ContractError> {
    let mut deps = mock_dependencies();
    cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
    contract::migrate(deps.as_mut(), mock_env(), MigrateMsg {})?;
    Ok(cw2::get_contract_version(&deps.storage).unwrap().version)
}

#[test]
fn only_an_older_registry_is_migrated() {
    assert_eq!(migrate_from("mesg-registry", "0.0.1").unwrap(), env!("CARGO_PKG_VERSION"));
    let same = migrate_from("mesg-registry", env!("CARGO_PKG_VERSION")).unwrap_err();
    assert!(matches!(same, ContractError::Migration(MigrationError::NotNewer { .. })));
    assert!(matches!(migrate_from("mesg-registry", "99.0.0").unwrap_err(), ContractError::Migration(_)));
    assert!(matches!(migrate_from("mesg-token", "0.0.1").unwrap_err(), ContractError::Migration(_)));
}
