//! `ClaimProducer`: each member of a pot takes its share once.
#![allow(missing_docs, clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::{Addr, Uint64};
use mesg_api::staking::{ExecuteMsg, ProducerClaimsResponse, ProducerMembersResponse, ProducerPotResponse, QueryMsg};
use mesg_protocol::producers::ProducersError;
use mesg_staking::ContractError;
use proptest::prelude::*;
use suite::Suite;

/// Three validators and one closed epoch with 300.
fn ready() -> (Suite, u64) {
    let mut suite = Suite::new();
    suite.bond_validators(&["ann", "ben", "cat"]);
    suite.close_epoch(300).unwrap();
    let epoch = suite.producer_epoch() - 1;
    (suite, epoch)
}

fn claims(suite: &Suite, account: &Addr) -> (Vec<u64>, u128) {
    let found: ProducerClaimsResponse = suite.query(&QueryMsg::ProducerClaims { account: account.to_string() });
    (found.claims.iter().map(|claim| claim.epoch.u64()).collect(), found.total.u128())
}

#[test]
fn a_share_of_each_epoch_in_one_transfer() {
    let (mut suite, epoch) = ready();
    suite.next_producer_epoch();
    suite.close_epoch(30).unwrap();
    let ann = suite.producer("ann");
    assert_eq!(claims(&suite, &ann), (vec![epoch, epoch + 1], 110));
    let response = suite.claim("ann", &[epoch + 1, epoch]).unwrap();
    assert_eq!(suite.balance(&ann), 110);
    assert_eq!(claims(&suite, &ann), (vec![], 0));
    let transfers = |event: &&cosmwasm_std::Event| event.attributes.iter().any(|pair| pair.value == "transfer");
    assert_eq!(response.events.iter().filter(transfers).count(), 1);
    let paid: Vec<_> = response.events.iter().filter(|event| event.ty == "wasm-staking_producer_paid").collect();
    assert_eq!(paid.len(), 2);
    let told: Vec<_> = paid[0].attributes[2..].iter().map(|pair| (pair.key.as_str(), pair.value.as_str())).collect();
    let (number, address) = ((epoch + 1).to_string(), ann.to_string());
    assert_eq!(told, [("epoch", number.as_str()), ("account", &address), ("to", &address), ("amount", "10")]);
    let producers = suite.producers();
    assert_eq!((producers.pots.u128(), suite.balance(&suite.staking.clone())), (220, 220));
    let of_first = QueryMsg::ProducerMembers { epoch: Uint64::new(epoch), start_after: None, limit: None };
    let members: ProducerMembersResponse = suite.query(&of_first);
    let claimed: Vec<_> = members.members.iter().filter(|row| row.claimed).map(|row| &row.account).collect();
    assert_eq!(claimed, [&ann]);
}

#[test]
fn to_another_address() {
    let (mut suite, epoch) = ready();
    let cold = suite.account("cold");
    suite.claim_to("ben", &[epoch], Some(cold.to_string())).unwrap();
    assert_eq!((suite.balance(&cold), suite.balance(&suite.producer("ben"))), (100, 0));
    let twin = suite.account("cold").to_string().to_uppercase();
    let refused = suite.claim_to("ann", &[epoch], Some(twin)).unwrap_err().downcast().unwrap();
    assert!(matches!(refused, ContractError::Std(_)));
    let itself = suite.staking.to_string();
    let refused = suite.claim_to("ann", &[epoch], Some(itself)).unwrap_err().downcast().unwrap();
    assert!(matches!(refused, ContractError::ToStaking));
}

#[test]
fn attack_54_only_members_claim_and_each_once() {
    let (mut suite, epoch) = ready();
    for stranger in ["mallory", "alice", "market", "deployer"] {
        let refused = suite.claim_refused(stranger, &[epoch]);
        assert!(matches!(refused, ContractError::Producers(ProducersError::NotMember { epoch: of }) if of == epoch));
    }
    // An account of 32 bytes, as contracts have, that begins with the 20 of a validator.
    let msg = ExecuteMsg::ClaimProducer { epochs: vec![Uint64::new(epoch)], to: None };
    let refused = suite.refused("ann", &msg);
    assert!(matches!(refused, ContractError::Producers(ProducersError::NotMember { .. })));

    let twice = suite.claim_refused("ann", &[epoch, epoch]);
    assert!(matches!(twice, ContractError::Producers(ProducersError::Claimed { epoch: of }) if of == epoch));
    assert_eq!(suite.balance(&suite.producer("ann")), 0, "all or nothing");
    suite.claim("ann", &[epoch]).unwrap();
    let again = suite.claim_refused("ann", &[epoch]);
    assert!(matches!(again, ContractError::Producers(ProducersError::Claimed { .. })));
    // Whoever is bonded later has no share in what was closed before.
    suite.bond_validators(&["dan"]);
    let late = suite.claim_refused("dan", &[epoch]);
    assert!(matches!(late, ContractError::Producers(ProducersError::NotMember { .. })));
    suite.next_producer_epoch();
    suite.close_epoch(400).unwrap();
    suite.claim("dan", &[epoch + 1]).unwrap();
    assert_eq!(suite.balance(&suite.producer("dan")), 100);
}

#[test]
fn epochs_without_a_pot() {
    let (mut suite, epoch) = ready();
    for other in [epoch + 1, epoch - 1, u64::MAX] {
        let refused = suite.claim_refused("ann", &[other]);
        assert!(matches!(refused, ContractError::Producers(ProducersError::NoPot { epoch: of }) if of == other));
    }
    let old = suite.claim_refused("ann", &[0]);
    assert!(matches!(old, ContractError::Producers(ProducersError::Expired { epoch: 0, until: 60 })));
    let mut fresh = Suite::new();
    fresh.bond_validators(&["ann"]);
    let epoch = fresh.producer_epoch() - 1;
    assert!(matches!(fresh.claim_refused("ann", &[epoch]), ContractError::Producers(ProducersError::NoPot { .. })));
    assert_eq!(claims(&fresh, &fresh.producer("ann")), (vec![], 0));
}

#[test]
fn one_to_thirty_epochs() {
    let (mut suite, epoch) = ready();
    for count in [0, 31] {
        let refused = suite.claim_refused("ann", &vec![epoch; count]);
        assert!(matches!(refused, ContractError::OutOfBounds { field: "epochs", min: 1, max: 30, .. }), "{count}");
    }
    (0..29).for_each(|_| {
        suite.next_producer_epoch();
        suite.close_epoch(300).unwrap();
    });
    suite.claim("ann", &(epoch..epoch + 30).collect::<Vec<_>>()).unwrap();
    assert_eq!(suite.balance(&suite.producer("ann")), 3_000);
}

#[test]
fn queries_refuse_what_is_no_address() {
    let (suite, _) = ready();
    let error = suite.query_error(&QueryMsg::ProducerClaims { account: "nobody".to_owned() });
    assert!(error.contains("Error"), "{error}");
    assert_eq!(claims(&suite, &suite.staking), (vec![], 0), "32 bytes are never a member");
}

/// What may happen in one step.
#[derive(Clone, Copy, Debug)]
enum Step {
    Bond(usize),
    Wait(u64),
    Close(u128),
    Claim { who: usize, back: u64 },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (0..NAMES.len()).prop_map(Step::Bond),
        4 => Just(Step::Wait(1)),
        1 => (2u64..65).prop_map(Step::Wait),
        4 => (0u128..500).prop_map(Step::Close),
        8 => (0..NAMES.len(), 1u64..63).prop_map(|(who, back)| Step::Claim { who, back }),
        8 => (0..NAMES.len(), 1u64..4).prop_map(|(who, back)| Step::Claim { who, back }),
    ]
}

const NAMES: [&str; 5] = ["ann", "ben", "cat", "dan", "eve"];

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// Σ claims of an epoch ≤ its pot, each member once, nobody else; staking holds exactly its pots and what it carries.
    #[test]
    fn invariant_23_claims_never_exceed_the_pots(steps in prop::collection::vec(step(), 1..60)) {
        let mut suite = Suite::new();
        let (mut bonded, mut members) = (Vec::new(), std::collections::BTreeMap::<u64, (Vec<usize>, u128)>::new());
        for step in steps {
            let now = suite.producer_epoch();
            match step {
                Step::Bond(who) if !bonded.contains(&who) => {
                    suite.bond_validators(&[NAMES[who]]);
                    bonded.push(who);
                }
                Step::Bond(_) => {}
                Step::Wait(epochs) => (0..epochs).for_each(|_| suite.next_producer_epoch()),
                Step::Close(amount) => {
                    let carried = suite.producers().carried.u128();
                    if suite.close_epoch(amount).is_ok() && suite.producers().claimable.contains(&Uint64::new(now - 1)) {
                        let pot: ProducerPotResponse = suite.query(&QueryMsg::ProducerPot { epoch: Uint64::new(now - 1) });
                        let all = pot.share.u128() * bonded.len() as u128;
                        prop_assert_eq!(usize::from(pot.members), bonded.len());
                        prop_assert!(all + suite.producers().carried.u128() >= amount + carried);
                        members.insert(now - 1, (bonded.clone(), pot.share.u128()));
                    }
                }
                Step::Claim { who, back } => {
                    let (epoch, account) = (now - back, suite.producer(NAMES[who]));
                    let before = suite.balance(&account);
                    let due = members.get_mut(&epoch).filter(|_| back <= 60);
                    let due = due.and_then(|(left, share)| {
                        let place = left.iter().position(|member| *member == who)?;
                        left.remove(place);
                        Some(*share)
                    });
                    prop_assert_eq!(suite.claim(NAMES[who], &[epoch]).is_ok(), due.is_some());
                    prop_assert_eq!(suite.balance(&account), before + due.unwrap_or(0));
                }
            }
            let producers = suite.producers();
            let held = producers.pots.u128() + producers.carried.u128();
            prop_assert_eq!(held, suite.balance(&suite.staking.clone()), "invariant 1");
        }
    }
}
