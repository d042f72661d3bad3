//! Who may send which message: each variant with each role.

use cosmwasm_std::Addr;
use mesg_api::market::{ExecuteMsg, Permission};
use mesg_test_kit::Suite;

use crate::golden::golden;
use crate::messages::{messages, name};
use crate::phases::{finalized, queued, suite};
use crate::snapshot::{json, send_json, snapshot};

/// Every kind of sender: people, peers, the market itself.
fn roles(suite: &Suite) -> Vec<(&'static str, Addr)> {
    vec![
        ("service owner", suite.account("developer")),
        ("runner's owner", suite.account("owner0")),
        ("runner's operator", suite.account("operator0")),
        ("requester", suite.account("alice")),
        ("owner", suite.account("governor")),
        ("offered owner", suite.account("heir")),
        ("pauser", suite.account("pauser")),
        ("stranger", suite.account("mallory")),
        ("token", suite.token.clone()),
        ("registry", suite.registry.clone()),
        ("staking", suite.staking.clone()),
        ("market", suite.market.clone()),
    ]
}

fn allowed(permission: Permission, role: &str) -> bool {
    match permission {
        Permission::Anyone => true,
        Permission::Token => role == "token",
        Permission::ServiceOwner => role == "service owner",
        Permission::Owner => role == "owner",
        Permission::OfferedOwner => role == "offered owner",
        Permission::Pauser => role == "pauser",
    }
}

fn ready() -> Suite {
    let mut suite = suite();
    finalized(&mut suite);
    queued(&mut suite);
    suite
}

#[test]
fn each_variant_with_each_role() {
    let mut suite = ready();
    for msg in messages(&suite) {
        for (role, sender) in roles(&suite) {
            let (before, market) = (snapshot(&suite), suite.market.clone());
            let result = send_json(&mut suite, &sender, &market, &json(&msg), &[]);
            let unauthorized = result.as_ref().is_err_and(|error| error.contains("sender must be"));
            let expected = !allowed(msg.permission(), role);
            assert_eq!(unauthorized, expected, "{} by {role}: {result:?}", name(&msg));
            if unauthorized {
                assert_eq!(snapshot(&suite), before);
            }
        }
    }
}

#[test]
fn golden_permissions() {
    let suite = suite();
    let line = |msg: &ExecuteMsg| format!("{} {:?}\n", name(msg), msg.permission());
    golden("permissions.txt", &messages(&suite).iter().map(line).collect::<String>());
}

#[test]
fn attack_40_nobody_has_a_way_to_the_money_of_others() {
    // Whoever instantiated the contracts or has a role in them sends every message there is, and some more.
    let mut suite = ready();
    let alice = suite.account("alice");
    let admins = ["developer", "governor", "heir", "pauser"].map(|name| suite.account(name));
    let purse = suite.purse(&alice);
    let ledger = suite.ledger();
    let market = suite.market.clone();
    let mut tried: Vec<_> = messages(&suite).iter().map(json).collect();
    for admin in ["update_owner", "update_config", "set_params", "set_beacon", "sweep", "migrate", "withdraw_all"] {
        tried.push(serde_json::json!({ admin: {} }));
    }
    for msg in tried {
        if msg.get("unbond_service").is_some() || msg.get("request").is_some() || msg.get("claim").is_some() {
            continue; // its own bond, its own purse, everybody's earnings to their own purses
        }
        for admin in &admins {
            drop(send_json(&mut suite, admin, &market, &msg, &[]));
        }
        assert_eq!(suite.purse(&alice), purse, "{msg}");
        assert_eq!(suite.ledger().escrow, ledger.escrow, "{msg}");
        assert_eq!(suite.ledger().runners, ledger.runners, "{msg}");
    }
    suite.check_invariants();
}

#[test]
fn attack_71_only_the_market_slashes_and_it_is_set_once() {
    use mesg_api::staking::{ExecuteMsg, SlashItem};
    let mut suite = suite();
    let staking = suite.staking.clone();
    let slash = ExecuteMsg::Slash { items: vec![SlashItem::new(mesg_protocol::ids::RunnerId(1), 1, None)] };
    let again = ExecuteMsg::SetMarket { market: suite.account("mallory").to_string() };
    for (role, sender) in roles(&suite) {
        if role != "market" {
            send_json(&mut suite, &sender, &staking, &json(&slash), &[]).unwrap_err();
        }
        send_json(&mut suite, &sender, &staking, &json(&again), &[]).unwrap_err();
    }
    suite.check_invariants();
}
