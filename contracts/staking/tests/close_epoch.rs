//! The hook message `CloseEpoch`: who shares the block producers' pot, and what rolls over.
#![allow(missing_docs, clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::panic)]

mod suite;

use cosmwasm_std::{Addr, Uint64};
use cw_multi_test::Executor;
use cw20::Cw20ExecuteMsg;
use mesg_api::staking::{Permission, ProducerMembersResponse, ProducerPotResponse, QueryMsg, ReceiveMsg};
use mesg_protocol::producers::ProducersError;
use mesg_staking::ContractError;
use suite::{PRODUCER_EPOCH, Suite, operator_address};

fn ready() -> Suite {
    let mut suite = Suite::new();
    suite.bond_validators(&["ann", "ben", "cat"]);
    suite
}

fn pot(suite: &Suite, epoch: u64) -> ProducerPotResponse {
    suite.query(&QueryMsg::ProducerPot { epoch: Uint64::new(epoch) })
}

/// Pots and what is carried.
fn held(suite: &Suite) -> (u128, u128) {
    let producers = suite.producers();
    (producers.pots.u128(), producers.carried.u128())
}

#[test]
fn the_bonded_share_the_pot_equally() {
    let mut suite = ready();
    let epoch = suite.producer_epoch() - 1;
    let response = suite.close_epoch(100).unwrap();
    let closed = response.events.iter().find(|event| event.ty == "wasm-staking_epoch_closed").unwrap();
    let told: Vec<_> = closed.attributes.iter().skip(2).map(|pair| format!("{}={}", pair.key, pair.value)).collect();
    let epoch_told = format!("epoch={epoch}");
    assert_eq!(told, [&epoch_told, "received=100", "rolled=0", "members=3", "share=33", "carried=1"]);
    let until = Uint64::new((epoch + 61) * u64::from(PRODUCER_EPOCH));
    let expected = ProducerPotResponse {
        epoch: Uint64::new(epoch),
        share: 33u128.into(),
        members: 3,
        claims: 0,
        left: 99u128.into(),
        until,
    };
    assert_eq!(pot(&suite, epoch), expected);
    let producers = suite.producers();
    assert_eq!((producers.epoch_secs, producers.epoch.u64()), (PRODUCER_EPOCH, epoch + 1));
    assert_eq!((producers.next.u64(), producers.claimable), (epoch + 1, vec![Uint64::new(epoch)]));
    assert_eq!(held(&suite), (99, 1));
    assert_eq!(suite.balance(&suite.staking.clone()), 100);
}

#[test]
fn once_an_epoch() {
    let mut suite = ready();
    let epoch = suite.producer_epoch();
    suite.close_epoch(100).unwrap();
    let again = suite.close_refused(100);
    assert!(matches!(again, ContractError::Producers(ProducersError::NotEnded { epoch: next }) if next == epoch));
    assert_eq!(again.to_string(), format!("epoch {epoch} has not ended"));
    suite.advance(u64::from(PRODUCER_EPOCH) - suite.app.block_info().time.seconds() % u64::from(PRODUCER_EPOCH) - 1, 1);
    suite.close_refused(100);
    suite.advance(1, 1);
    suite.close_epoch(200).unwrap();
    assert_eq!(pot(&suite, epoch).share.u128(), 67, "200 and the 1 that was left over");
    suite.next_producer_epoch();
    suite.next_producer_epoch();
    suite.close_epoch(300).unwrap();
    assert_eq!(pot(&suite, epoch + 2).share.u128(), 100);
    let skipped = suite.query_error(&QueryMsg::ProducerPot { epoch: Uint64::new(epoch + 1) });
    assert!(skipped.contains("has no pot"), "{skipped}");
}

#[test]
fn only_the_market_by_way_of_the_token() {
    let mut suite = ready();
    let staking = suite.staking.clone();
    for sender in ["alice", "mallory", "developer"] {
        let refused = suite.send_to(&staking, sender, 100, &ReceiveMsg::CloseEpoch {}).unwrap_err();
        let refused: ContractError = refused.downcast().unwrap();
        assert!(matches!(refused, ContractError::Unauthorized { needed: Permission::Market }));
    }
    let hook = cw20::Cw20ReceiveMsg {
        sender: suite.market.to_string(),
        amount: 100u128.into(),
        msg: cosmwasm_std::to_json_binary(&ReceiveMsg::CloseEpoch {}).unwrap(),
    };
    let forged = suite.refused("mallory", &mesg_api::staking::ExecuteMsg::Receive(hook));
    assert!(matches!(forged, ContractError::Unauthorized { needed: Permission::Token }));
    let mut early = Suite::without_market();
    assert!(matches!(early.close_refused(1), ContractError::Unauthorized { needed: Permission::Market }));
}

#[test]
fn without_validators_everything_rolls_over() {
    let mut suite = Suite::new();
    suite.close_epoch(100).unwrap();
    assert_eq!(held(&suite), (0, 100));
    assert!(suite.producers().claimable.is_empty());
    suite.bond_validators(&["ann"]);
    suite.next_producer_epoch();
    suite.close_epoch(0).unwrap();
    assert_eq!(held(&suite), (100, 0), "also with nothing new");
}

#[test]
fn what_nobody_claims_in_sixty_epochs_rolls_over() {
    let mut suite = ready();
    let first = suite.producer_epoch() - 1;
    suite.close_epoch(300).unwrap();
    suite.claim("ann", &[first]).unwrap();
    (0..59).for_each(|_| suite.next_producer_epoch());
    suite.close_epoch(30).unwrap();
    assert_eq!(held(&suite), (230, 0), "it can still be claimed");
    suite.next_producer_epoch();
    let late = suite.claim_refused("ben", &[first]);
    assert!(matches!(late, ContractError::Producers(ProducersError::Expired { epoch, until })
        if epoch == first && until == first + 60));
    suite.close_epoch(10).unwrap();
    assert_eq!(pot(&suite, first + 60).share.u128(), 70, "two shares of 100 and 10");
    assert_eq!(held(&suite), (240, 0));
}

#[test]
fn attack_54_the_chain_decides_who_is_a_validator() {
    let mut suite = Suite::new();
    // Addresses that are not operators of this chain are nobody's: neither theirs nor counted.
    for prefix in ["cosmwasm", "cosmwasmvalcons", "wasmvaloper"] {
        suite.bond_validator(&operator_address(prefix, &[7; 20]));
    }
    suite.bond_validator(&operator_address("cosmwasmvaloper", &[7; 32]));
    suite.bond_validator("cosmwasmvaloper1nonsense");
    suite.bond_validators(&["ann", "ben"]);
    suite.close_epoch(100).unwrap();
    assert_eq!(pot(&suite, suite.producer_epoch() - 1).members, 2);
}

#[test]
fn three_hundred_count() {
    let mut suite = Suite::new();
    for number in 0..305u16 {
        suite.bond_validator(&operator_address("cosmwasmvaloper", &[number.to_be_bytes(); 10].concat()));
    }
    suite.close_epoch(1_000).unwrap();
    let epoch = Uint64::new(suite.producer_epoch() - 1);
    assert_eq!((pot(&suite, epoch.u64()).members, pot(&suite, epoch.u64()).share.u128()), (300, 3));
    let page = |start_after, limit| {
        suite.query::<ProducerMembersResponse>(&QueryMsg::ProducerMembers { epoch, start_after, limit }).members
    };
    let numbers = |start_after, limit| page(start_after, limit).iter().map(|row| row.number).collect::<Vec<_>>();
    assert_eq!(numbers(None, None), (0..10).collect::<Vec<_>>());
    assert_eq!(numbers(Some(9), Some(1_000)), (10..60).collect::<Vec<_>>());
    assert_eq!(numbers(Some(298), None), [299]);
    assert!(numbers(Some(299), None).is_empty() && numbers(Some(u16::MAX), None).is_empty());
    let accounts: Vec<Addr> = page(None, None).into_iter().map(|row| row.account).collect();
    assert_eq!(accounts[1].as_str(), operator_address("cosmwasm", &[1u16.to_be_bytes(); 10].concat()));
}

#[test]
fn a_gift_is_no_pot() {
    let mut suite = ready();
    let gift = Cw20ExecuteMsg::Transfer { recipient: suite.staking.to_string(), amount: 50u128.into() };
    suite.app.execute_contract(suite.account("alice"), suite.token.clone(), &gift, &[]).unwrap();
    suite.close_epoch(9).unwrap();
    assert_eq!(held(&suite), (9, 0));
}
