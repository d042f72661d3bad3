//! Runners, their stake and their keys.

use cosmwasm_std::Uint128;
use k256::ecdsa::SigningKey;
use mesg_api::registry;
use mesg_api::staking::msg::{MAX_ENDPOINT_BYTES, MAX_UNBONDING_ENTRIES};
use mesg_api::staking::{ExecuteMsg, ReceiveMsg};
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_test_kit::{Node, Runner, Suite};

use crate::state::Gas;

/// Stake of a new runner in base units, and what it unbonds at once.
const STAKE: u128 = 1_000_000_000;
const PART: u128 = 100_000_000;

/// Measures them. Leaves two runners that unbond, one with a single entry and one with as many as there may be.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    let last = suite.runners.last().expect("a runner").id.0;
    let (runner, other) = (RunnerId(last + 1), RunnerId(last + 2));
    let endpoint = "https://runner.example.org:8443".to_owned();
    note(suite, table, "register_runner", "bob", &register(suite, 1, endpoint));
    bond(suite, "bob", runner);
    table.note("bond", suite.gas);
    note(suite, table, "opt_in", "bob", &ExecuteMsg::OptIn { runner, version: VersionId(1) });
    let unbond = |runner| ExecuteMsg::Unbond { runner, amount: Uint128::new(PART) };
    note(suite, table, "unbond", "bob", &unbond(runner));
    note(suite, table, "opt_out", "bob", &ExecuteMsg::OptOut { runner, version: VersionId(1) });
    let attestation_key = Runner::public_key(&key(3));
    note(suite, table, "rotate_key", "bob", &ExecuteMsg::RotateKey { runner, attestation_key });
    let operator = Some(suite.account("crank").into_string());
    note(suite, table, "update_runner", "bob", &ExecuteMsg::UpdateRunner { runner, operator, endpoint: None });

    let endpoint = "m".repeat(MAX_ENDPOINT_BYTES);
    note(suite, table, "register_runner_max", "mallory", &register(suite, 2, endpoint));
    bond(suite, "mallory", other);
    let version = second_version(suite);
    for (name, version) in [("opt_in", VersionId(1)), ("opt_in_max", version)] {
        let opt_in = ExecuteMsg::OptIn { runner: other, version };
        let staking = suite.staking.clone();
        suite.execute("mallory", &staking, &opt_in).expect(name);
    }
    table.note("opt_in_max", suite.gas);
    for _ in 0..MAX_UNBONDING_ENTRIES {
        let staking = suite.staking.clone();
        suite.execute("mallory", &staking, &unbond(other)).expect("unbonding");
    }
    table.note("unbond_max", suite.gas);
    // It must not be drawn: nobody has its key.
    let staking = suite.staking.clone();
    let opt_out = ExecuteMsg::OptOut { runner: other, version: VersionId(1) };
    suite.execute("mallory", &staking, &opt_out).expect("opted out");
}

fn note(suite: &mut Suite<Node>, table: &mut Gas, name: &str, sender: &str, msg: &ExecuteMsg) {
    let staking = suite.staking.clone();
    suite.execute(sender, &staking, msg).unwrap_or_else(|error| panic!("{name}: {error}"));
    table.note(name, suite.gas);
}

fn register(suite: &Suite<Node>, secret: u8, endpoint: String) -> ExecuteMsg {
    ExecuteMsg::RegisterRunner {
        service: suite.service,
        operator: suite.account("relay").to_string(),
        attestation_key: Runner::public_key(&key(secret)),
        endpoint,
    }
}

fn key(secret: u8) -> SigningKey {
    SigningKey::from_slice(&[secret; 32]).expect("a scalar")
}

fn bond(suite: &mut Suite<Node>, name: &str, runner: RunnerId) {
    let staking = suite.staking.clone();
    suite.send_token(name, &staking, STAKE, &ReceiveMsg::Bond { runner }).expect("bonded");
}

/// Another version of the service; its number.
fn second_version(suite: &mut Suite<Node>) -> VersionId {
    let registry = suite.registry.clone();
    let mut manifest = suite.manifest.clone();
    manifest.notes = Some("The second one".to_owned());
    let publish = registry::ExecuteMsg::PublishVersion { service: suite.service, manifest };
    suite.execute("developer", &registry, &publish).expect("published");
    let config = registry::QueryMsg::Config {};
    VersionId(suite.query::<registry::ConfigResponse>(&registry, &config).expect("an answer").versions)
}
