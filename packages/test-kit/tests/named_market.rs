//! Staking and registry take the market that works with them, which the suite did, and no real market of others.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests: a panic is how they report")]

use cosmwasm_std::Addr;
use cw_multi_test::Executor;
use mesg_api::registry::{self, ConfigResponse};
use mesg_api::staking;
use mesg_test_kit::Suite;
use serde::Serialize;

/// Another contract of the same code.
fn another(suite: &mut Suite, like: &Addr, msg: &impl Serialize) -> Addr {
    let code = suite.app.contract_data(like).unwrap().code_id;
    let msg = serde_json::to_value(msg).unwrap();
    suite.app.instantiate_contract(code, suite.account("developer"), &msg, &[], "another", None).unwrap()
}

#[test]
fn attack_71_the_market_of_other_contracts_is_not_taken() {
    let mut suite = Suite::builder().runners(0).build();
    let (registry, staking) = (suite.registry.clone(), suite.staking.clone());
    let found: ConfigResponse = suite.query(&registry, &registry::QueryMsg::Config {}).unwrap();
    assert_eq!(found.market, Some(suite.market.clone()));
    let msg = registry::InstantiateMsg {
        owner: found.owner.into_string(),
        token: found.token.into_string(),
        registration_fee: found.registration_fee,
    };
    let theirs = another(&mut suite, &registry, &msg);
    let market = suite.market.to_string();
    let set = registry::ExecuteMsg::SetMarket { market: market.clone() };
    let refused = suite.execute("developer", &theirs, &set).unwrap_err();
    assert!(refused.contains(&format!("the market's registry is {registry}, must be this contract")), "{refused}");

    let found: staking::ConfigResponse = suite.query(&staking, &staking::QueryMsg::Config {}).unwrap();
    let msg = staking::InstantiateMsg {
        token: found.token.into_string(),
        registry: found.registry.into_string(),
        epoch_secs: found.epoch_secs,
        unbonding_secs: found.unbonding_secs,
        block_max_avg: found.block_max_avg,
        min_stake: found.min_stake,
        capacity_bps: found.capacity_bps,
        producer_epoch_secs: found.producer_epoch_secs,
    };
    let theirs = another(&mut suite, &staking, &msg);
    let refused = suite.execute("developer", &theirs, &staking::ExecuteMsg::SetMarket { market }).unwrap_err();
    assert!(refused.contains(&format!("the market's staking is {staking}, must be this contract")), "{refused}");
}
