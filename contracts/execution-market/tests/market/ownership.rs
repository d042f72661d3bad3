//! `SetPauser`, `OfferOwnership`, `AcceptOwnership`: roles pass on, and only by whom they belong to.

use mesg_api::market::{Change, ExecuteMsg, GovernanceResponse, MarketEvent, QueryMsg};
use mesg_test_kit::Suite;

use crate::phases::suite;
use crate::snapshot::refused;

fn governance(suite: &Suite) -> GovernanceResponse {
    suite.ask(&QueryMsg::Governance {})
}

fn offer(suite: &Suite, to: &str) -> ExecuteMsg {
    ExecuteMsg::OfferOwnership { to: Some(suite.account(to).to_string()) }
}

#[test]
fn the_owner_role_changes_hands_in_two_steps() {
    let mut suite = suite();
    let [governor, heir] = ["governor", "heir"].map(|name| suite.account(name));
    assert_eq!(governance(&suite).owner, Some(governor.clone()));
    refused(&mut suite, "heir", &ExecuteMsg::AcceptOwnership {}, "sender must be OfferedOwner");
    let msg = offer(&suite, "heir");
    let events = suite.market("governor", &msg).unwrap();
    let until = suite.now() + 14 * 86_400;
    assert_eq!(events, [MarketEvent::OwnershipOffered { to: heir.to_string(), until }]);
    let found = governance(&suite);
    assert_eq!(found.owner, Some(governor), "an offer is not a transfer");
    let open = found.offer.unwrap();
    assert_eq!((open.to, open.until.u64()), (heir.clone(), until));
    refused(&mut suite, "mallory", &ExecuteMsg::AcceptOwnership {}, "sender must be OfferedOwner");
    let events = suite.market("heir", &ExecuteMsg::AcceptOwnership {}).unwrap();
    assert_eq!(events, [MarketEvent::OwnerSet { owner: heir.to_string() }]);
    let found = governance(&suite);
    assert_eq!((found.owner, found.offer), (Some(heir), None));
    refused(&mut suite, "heir", &ExecuteMsg::AcceptOwnership {}, "sender must be OfferedOwner");
    let change = ExecuteMsg::Propose(Change::Params(suite.params.clone()));
    refused(&mut suite, "governor", &change, "sender must be Owner");
    suite.market("heir", &change).unwrap();
}

#[test]
fn an_offer_ends_with_time_with_another_or_with_none() {
    let mut suite = suite();
    let accept = ExecuteMsg::AcceptOwnership {};
    let msg = offer(&suite, "heir");
    suite.market("governor", &msg).unwrap();
    suite.advance(14 * 86_400);
    refused(&mut suite, "heir", &accept, "sender must be OfferedOwner");
    suite.market("governor", &msg).unwrap();
    let other = offer(&suite, "bob");
    suite.market("governor", &other).unwrap();
    refused(&mut suite, "heir", &accept, "sender must be OfferedOwner");
    suite.market("governor", &ExecuteMsg::OfferOwnership { to: None }).unwrap();
    refused(&mut suite, "bob", &accept, "sender must be OfferedOwner");
    assert_eq!(governance(&suite).offer, None);
}

#[test]
fn the_owner_replaces_the_pauser_at_once() {
    let mut suite = suite();
    suite.market("pauser", &ExecuteMsg::Pause {}).unwrap();
    let bob = suite.account("bob").to_string();
    let events = suite.market("governor", &ExecuteMsg::SetPauser { pauser: Some(bob.clone()) }).unwrap();
    assert_eq!(events, [MarketEvent::PauserSet { pauser: bob }]);
    refused(&mut suite, "pauser", &ExecuteMsg::Unpause {}, "sender must be Pauser");
    suite.market("bob", &ExecuteMsg::Unpause {}).unwrap();
    suite.market("governor", &ExecuteMsg::SetPauser { pauser: None }).unwrap();
    refused(&mut suite, "bob", &ExecuteMsg::Pause {}, "sender must be Pauser");
    refused(&mut suite, "governor", &ExecuteMsg::Pause {}, "sender must be Pauser");
}

#[test]
fn roles_are_addresses_in_their_one_form() {
    let mut suite = suite();
    let shouted = suite.account("bob").as_str().to_uppercase();
    for bad in [shouted.as_str(), "bob", ""] {
        let to = Some(bad.to_owned());
        refused(&mut suite, "governor", &ExecuteMsg::OfferOwnership { to: to.clone() }, "");
        refused(&mut suite, "governor", &ExecuteMsg::SetPauser { pauser: to }, "");
    }
}

#[test]
fn without_an_owner_nobody_governs() {
    let mut suite = Suite::builder().ungoverned().build();
    let found = governance(&suite);
    assert_eq!((found.owner, found.offer, found.pauser, found.paused), (None, None, None, None));
    let params = ExecuteMsg::Propose(Change::Params(suite.params.clone()));
    for name in ["developer", "governor", "pauser", "mallory"] {
        refused(&mut suite, name, &params, "sender must be Owner");
        refused(&mut suite, name, &ExecuteMsg::Pause {}, "sender must be Pauser");
        refused(&mut suite, name, &ExecuteMsg::AcceptOwnership {}, "sender must be OfferedOwner");
    }
}
