//! `UnbondService`, `WithdrawServiceBond`: a bond leaves after notice, to the service's owner.

use mesg_api::market::{ExecuteMsg, MarketEvent, QueryMsg, ReceiveMsg, ServiceBondResponse, ServiceRef};
use mesg_protocol::ids::ServiceId;
use mesg_test_kit::Suite;

use crate::phases::{block, suite};
use crate::snapshot::{moved, refused};

const UNBONDING: u64 = 14 * 86_400;

fn unbond(service: ServiceId) -> ExecuteMsg {
    ExecuteMsg::UnbondService(ServiceRef { service })
}

fn withdraw(service: ServiceId) -> ExecuteMsg {
    ExecuteMsg::WithdrawServiceBond(ServiceRef { service })
}

fn bond(suite: &Suite) -> ServiceBondResponse {
    suite.ask(&QueryMsg::ServiceBond { service: suite.service })
}

#[test]
fn notice_then_out() {
    let mut suite = suite();
    let service = suite.service;
    let before = suite.ledger();
    refused(&mut suite, "developer", &withdraw(service), "service bond is not released yet");
    let events = suite.market("developer", &unbond(service)).unwrap();
    let release = suite.now() + UNBONDING;
    assert_eq!(events, [MarketEvent::ServiceUnbonding { service: 1, release }]);
    refused(&mut suite, "developer", &unbond(service), "nothing to do");
    let until = bond(&suite).release.unwrap();
    assert_eq!(until.time.u64(), release);
    for (time, height) in [(release - 1, until.height.u64()), (release, until.height.u64() - 1)] {
        block(&mut suite, time, height);
        refused(&mut suite, "developer", &withdraw(service), "service bond is not released yet");
    }
    block(&mut suite, release, until.height.u64());
    let events = suite.market("developer", &withdraw(service)).unwrap();
    assert_eq!(events, [MarketEvent::ServiceUnbonded { service: 1, amount: 1_000_000_000 }]);
    let b = 1_000_000_000;
    assert_eq!(moved(&suite, &before), [b, 0, 0, 0, 0, -b, 0, 0]);
    assert_eq!(suite.purse(&suite.account("developer")).balance.u128(), 1_000_000_000);
    refused(&mut suite, "developer", &withdraw(service), "nothing to do");
    refused(&mut suite, "developer", &unbond(service), "nothing to do");
    suite.check_invariants();
}

#[test]
fn a_further_bond_ends_the_notice() {
    let mut suite = suite();
    let (service, market) = (suite.service, suite.market.clone());
    suite.market("developer", &unbond(service)).unwrap();
    suite.send_token("developer", &market, 1, &ReceiveMsg::BondService { service }).unwrap();
    assert_eq!(bond(&suite), ServiceBondResponse { bond: 1_000_000_001u128.into(), release: None, paused: false });
    suite.advance(UNBONDING * 2);
    refused(&mut suite, "developer", &withdraw(service), "service bond is not released yet");
}

#[test]
fn a_stranger_cannot_hold_a_bond_hostage() {
    let mut suite = suite();
    let (service, market) = (suite.service, suite.market.clone());
    suite.market("developer", &unbond(service)).unwrap();
    let msg = ReceiveMsg::BondService { service };
    suite.send_token("mallory", &market, 1, &msg).unwrap_err();
    suite.advance(UNBONDING * 2);
    suite.market("developer", &withdraw(service)).unwrap();
}

#[test]
fn only_of_the_owners_own_service() {
    let mut suite = suite();
    let service = suite.service;
    for msg in [unbond(service), withdraw(service)] {
        for sender in ["mallory", "alice", "owner0", "operator0"] {
            refused(&mut suite, sender, &msg, "sender must be ServiceOwner");
        }
    }
    for msg in [unbond(ServiceId(9)), withdraw(ServiceId(9))] {
        refused(&mut suite, "developer", &msg, "service 9 does not exist");
    }
}
