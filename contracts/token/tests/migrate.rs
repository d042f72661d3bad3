//! Only an older token can be migrated.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::testing::{mock_dependencies, mock_env};
use cw_multi_test::Executor;
use mesg_api::migration::MigrationError;
use mesg_api::token::MigrateMsg;
use mesg_token::{ContractError, contract};
use suite::Suite;

fn migrate_from(name: &str, version: &str) -> Result<String, ContractError> {
    let mut deps = mock_dependencies();
    cw2::set_contract_version(&mut deps.storage, name, version).unwrap();
    contract::migrate(deps.as_mut(), mock_env(), MigrateMsg {})?;
    Ok(cw2::get_contract_version(&deps.storage).unwrap().version)
}

#[test]
fn an_older_version_takes_the_new_one() {
    assert_eq!(migrate_from("mesg-token", "0.0.1").unwrap(), env!("CARGO_PKG_VERSION"));
}

#[test]
fn the_same_a_newer_version_and_other_contracts_are_refused() {
    let same = migrate_from("mesg-token", env!("CARGO_PKG_VERSION")).unwrap_err();
    assert!(matches!(same, ContractError::Migration(MigrationError::NotNewer { .. })));
    assert!(matches!(migrate_from("mesg-token", "99.0.0").unwrap_err(), ContractError::Migration(_)));
    assert!(matches!(migrate_from("crates.io:cw20-base", "0.0.1").unwrap_err(), ContractError::Migration(_)));
}

#[test]
fn a_stranger_cannot_migrate_and_the_same_code_is_not_newer() {
    let mut suite = Suite::new();
    let token = suite.token_of(&["alice"]);
    let (admin, stranger, code) = (suite.admin.clone(), suite.account("stranger"), suite.code);
    suite.app.migrate_contract(stranger, token.clone(), &MigrateMsg {}, code).unwrap_err();
    let error = suite.app.migrate_contract(admin, token, &MigrateMsg {}, code).unwrap_err();
    assert!(matches!(error.downcast().unwrap(), ContractError::Migration(MigrationError::NotNewer { .. })));
}
