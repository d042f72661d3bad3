//! What only months bring, in a market whose records were made older in a genesis (`genesis.rs`).

use mesg_api::market::{ChangeKind, ChangeRef, ExecuteMsg, MAX_ITEMS, MAX_WEIGHT, ServiceRef};
use mesg_api::staking;
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_test_kit::{Node, Suite};

use crate::acts::{ids, largest_text, market, text};
use crate::genesis::{CLAIMED_VERSIONS, DELIVERED, JAILED, PRUNED, SEATS};
use crate::services::{PAUSED, UNBONDED};
use crate::state::Gas;

/// Measures it.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    for (name, execution, output) in [("deliver", DELIVERED, text()), ("deliver_max", DELIVERED + 1, largest_text())] {
        let deliver = ExecuteMsg::Deliver { execution: execution.into(), output: Some(output) };
        table.note(name, market(suite, "crank", &deliver));
    }
    let pruned: Vec<_> = PRUNED.collect();
    table.note("prune", market(suite, "crank", &ExecuteMsg::Prune(ids(&pruned[..1]))));
    let most = MAX_ITEMS.min(MAX_WEIGHT / SEATS);
    table.note("prune_max", market(suite, "crank", &ExecuteMsg::Prune(ids(&pruned[1..=most]))));
    let claim = ExecuteMsg::Claim {
        runners: (1..=MAX_ITEMS as u32).map(RunnerId).collect(),
        versions: CLAIMED_VERSIONS.map(VersionId).collect(),
    };
    table.note("claim_max", market(suite, "crank", &claim));
    let withdraw = ExecuteMsg::WithdrawServiceBond(ServiceRef { service: UNBONDED });
    table.note("withdraw_service_bond", market(suite, "developer", &withdraw));
    let resume = ExecuteMsg::ResumeService(ServiceRef { service: PAUSED });
    table.note("resume_service", market(suite, "developer", &resume));
    staking(suite, table);
    for (name, change) in [("apply_params", ChangeKind::Params), ("apply_beacon", ChangeKind::Beacon)] {
        table.note(name, market(suite, "crank", &ExecuteMsg::Apply(ChangeRef { change })));
    }
}

fn staking(suite: &mut Suite<Node>, table: &mut Gas) {
    let staking = suite.staking.clone();
    let last = suite.runners.last().expect("a runner").id.0;
    let withdraw = |runner| staking::ExecuteMsg::Withdraw { runner: RunnerId(runner), to: None };
    suite.execute("bob", &staking, &withdraw(last + 1)).expect("withdrawn");
    table.note("staking_withdraw", suite.gas);
    suite.execute("mallory", &staking, &withdraw(last + 2)).expect("withdrawn");
    table.note("staking_withdraw_max", suite.gas);
    suite.execute("owner0", &staking, &staking::ExecuteMsg::Unjail { runner: JAILED }).expect("unjailed");
    table.note("unjail", suite.gas);
}
