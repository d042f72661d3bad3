//! `CloseEpoch`: the block producers' pot goes to staking, where the bonded validators claim it.

use cosmwasm_std::Uint64;
use mesg_api::market::{ExecuteMsg, MarketEvent};
use mesg_api::staking::{self, ProducerClaimsResponse, ProducersResponse};
use mesg_test_kit::Suite;

use crate::phases::{finalized, suite};
use crate::snapshot::{json, moved, refused, send_json};

fn producers(suite: &Suite) -> ProducersResponse {
    suite.query(&suite.staking, &staking::QueryMsg::Producers {}).unwrap()
}

#[test]
fn fees_become_shares() {
    let mut suite = suite();
    let validators = ["ann", "ben", "cat"].map(|name| suite.bond_validator(name));
    finalized(&mut suite);
    let (before, pot) = (suite.ledger(), suite.ledger().producers.u128());
    assert!(pot > 0);
    let sent = suite.market("mallory", &ExecuteMsg::CloseEpoch {}).unwrap();
    assert_eq!(sent, [MarketEvent::ProducersSent { amount: pot }]);
    let pot = i128::try_from(pot).unwrap();
    assert_eq!(moved(&suite, &before), [0, 0, 0, 0, 0, 0, -pot, 0]);
    suite.check_invariants();

    let staking = suite.staking.clone();
    for account in validators {
        let query = staking::QueryMsg::ProducerClaims { account: account.to_string() };
        let due: ProducerClaimsResponse = suite.query(&staking, &query).unwrap();
        assert_eq!(due.total.u128() as i128, pot / 3);
        let epochs: Vec<Uint64> = due.claims.iter().map(|claim| claim.epoch).collect();
        let claim = json(&staking::ExecuteMsg::ClaimProducer { epochs, to: None });
        send_json(&mut suite, &account, &staking, &claim, &[]).unwrap();
        assert_eq!(suite.balance(&account) as i128, pot / 3);
        suite.check_invariants();
    }
    assert_eq!(producers(&suite).carried.u128() as i128, pot % 3);
}

#[test]
fn once_an_epoch_whatever_came_in() {
    let mut suite = suite();
    suite.bond_validator("ann");
    suite.market("mallory", &ExecuteMsg::CloseEpoch {}).unwrap();
    finalized(&mut suite);
    let next = producers(&suite).next;
    refused(&mut suite, "mallory", &ExecuteMsg::CloseEpoch {}, &format!("epoch {next} has not ended"));
    let pot = suite.ledger().producers;
    suite.advance(86_400);
    suite.market("mallory", &ExecuteMsg::CloseEpoch {}).unwrap();
    assert_eq!(producers(&suite).pots, pot);
    suite.check_invariants();
}
