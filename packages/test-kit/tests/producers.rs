//! The block producers' share on a real network of four validators, of which one is jailed (tools/test-producers).
#![allow(clippy::arithmetic_side_effects, clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

use std::env::var;
use std::process::Command;

use cosmwasm_std::Uint64;
use mesg_api::market::{ExecuteMsg, MarketEvent};
use mesg_api::staking::{self, ProducerClaimsResponse, ProducerPotResponse, ProducersResponse};
use mesg_test_kit::{Chain, Network, Node, Suite};

const VALIDATORS: u32 = 4;
const EPOCH: u32 = 20;

fn validator(number: u32) -> String {
    format!("validator{number}")
}

fn suite() -> Suite<Node> {
    let mut node = Network::from_env().node("producers");
    let mnemonic = std::fs::read_to_string(var("MESG_TEST_VALIDATORS").unwrap()).unwrap().into();
    (0..VALIDATORS).for_each(|number| node.adopt(&validator(number), &mnemonic, number));
    Suite::builder().owners(1).short().producer_epoch_secs(EPOCH).build_on(node)
}

fn producers(suite: &Suite<Node>) -> ProducersResponse {
    suite.query(&suite.staking, &staking::QueryMsg::Producers {}).unwrap()
}

/// Fees come in, the epoch ends, and anybody closes it: its pot, which has this many members.
fn close(suite: &mut Suite<Node>, members: u16) -> ProducerPotResponse {
    let execution = suite.request("alice");
    suite.run_to_end(execution);
    suite.app.wait(producers(suite).next.u64() * u64::from(EPOCH) + u64::from(EPOCH), 0);
    let (fees, carried) = (suite.ledger().producers.u128(), producers(suite).carried.u128());
    let sent = suite.market("mallory", &ExecuteMsg::CloseEpoch {}).unwrap();
    assert_eq!(sent, [MarketEvent::ProducersSent { amount: fees }]);
    let gas = suite.gas;
    suite.check_invariants();
    let epoch = *producers(suite).claimable.last().unwrap();
    let pot: ProducerPotResponse = suite.query(&suite.staking, &staking::QueryMsg::ProducerPot { epoch }).unwrap();
    assert_eq!((pot.members, pot.claims), (members, 0));
    assert_eq!(pot.share.u128(), (fees + carried) / u128::from(members));
    println!("epoch {epoch}: {} of fees closed, {members} share {} each ({gas} gas)", fees + carried, pot.share);
    pot
}

fn claim(suite: &mut Suite<Node>, number: u32, epochs: &[Uint64]) -> Result<u128, String> {
    let (staking, account) = (suite.staking.clone(), suite.account(&validator(number)));
    let before = suite.balance(&account);
    let msg = staking::ExecuteMsg::ClaimProducer { epochs: epochs.to_vec(), to: None };
    suite.execute(&validator(number), &staking, &msg)?;
    suite.check_invariants();
    let paid = suite.balance(&account) - before;
    println!("validator {number} claims {} epochs and gets {paid} ({} gas)", epochs.len(), suite.gas);
    Ok(paid)
}

/// Where `mesg` finds the contracts.
fn write_deployment(suite: &Suite<Node>) {
    let contract = |address: &cosmwasm_std::Addr| serde_json::json!({ "address": address });
    let deployment = serde_json::json!({
        "chain_id": var("MESG_TEST_CHAIN_ID").unwrap(),
        "contracts": {
            "token": contract(&suite.token),
            "registry": contract(&suite.registry),
            "staking": contract(&suite.staking),
            "execution-market": contract(&suite.market),
        },
        "toolchain": {},
    });
    std::fs::write(var("MESG_TEST_DEPLOYMENT").unwrap(), deployment.to_string()).unwrap();
}

#[test]
fn a_jailed_validator_gets_no_share() {
    let mut suite = suite();
    write_deployment(&suite);
    let first = close(&mut suite, 4);
    assert_eq!(claim(&mut suite, 0, &[first.epoch]), Ok(first.share.u128()));
    assert!(claim(&mut suite, 0, &[first.epoch]).unwrap_err().contains("was claimed already"));
    let again = suite.market("mallory", &ExecuteMsg::CloseEpoch {}).unwrap_err();
    assert!(again.contains("has not ended"), "{again}");

    // Stops the node of validator 3 and returns when the chain has jailed it.
    assert!(Command::new(var("MESG_TEST_JAIL").unwrap()).arg("node3").status().unwrap().success());

    let second = close(&mut suite, 3);
    let refused = claim(&mut suite, 3, &[second.epoch]).unwrap_err();
    assert!(refused.contains(&format!("no share in epoch {}", second.epoch)), "{refused}");
    println!("validator 3, stopped and jailed, is refused: no share in epoch {}", second.epoch);
    for number in 1..3 {
        let shares = first.share + second.share;
        assert_eq!(claim(&mut suite, number, &[first.epoch, second.epoch]), Ok(shares.u128()));
    }
    assert_eq!(claim(&mut suite, 3, &[first.epoch]), Ok(first.share.u128()), "what it has earned before stays its own");
    assert!(claim(&mut suite, 3, &[first.epoch, second.epoch]).is_err());
    let stranger = staking::ExecuteMsg::ClaimProducer { epochs: vec![second.epoch], to: None };
    let staking = suite.staking.clone();
    assert!(suite.execute("mallory", &staking, &stranger).unwrap_err().contains("no share"));

    let account = suite.account(&validator(0)).into_string();
    let due: ProducerClaimsResponse = suite.query(&staking, &staking::QueryMsg::ProducerClaims { account }).unwrap();
    assert_eq!((due.claims.len(), due.total), (1, second.share), "left for `mesg producer claim`");
    assert_eq!(producers(&suite).pots, second.share);
}
