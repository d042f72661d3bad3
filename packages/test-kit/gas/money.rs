//! Purses, earnings, and deadlines that somebody enforces.

use cosmwasm_std::Uint128;
use cw20::Cw20ExecuteMsg;
use mesg_api::market::{ExecuteMsg, QueryMsg, RunnerAccountResponse};
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Node, Suite};

use crate::acts::{MONEY, Panel, deposit, market, poke, request, seal, seat, work};
use crate::path::request_by_send;
use crate::state::Gas;

/// Measures them.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    let token = suite.token.clone();
    let transfer = Cw20ExecuteMsg::Transfer { recipient: suite.account("bob").to_string(), amount: MONEY.into() };
    for _ in 0..2 {
        suite.execute("alice", &token, &transfer).expect("transferred");
    }
    table.note("cw20_transfer", suite.gas);
    table.note("deposit", deposit(suite, "alice"));
    let withdraw = ExecuteMsg::Withdraw { sub: 0, amount: Some(Uint128::new(1_000_000)), to: None };
    table.note("withdraw", market(suite, "alice", &withdraw));
    let earned = suite.runners.iter().map(|runner| runner.id);
    let earned: Vec<_> = earned.filter(|runner| has_earned(suite, *runner)).take(9).collect();
    table.note("claim", claim(suite, &earned[..1]));
    table.note("claim_8_each", claim(suite, &earned[1..]) / (earned.len() as u64 - 1));
    table.note("burn", market(suite, "crank", &ExecuteMsg::Burn {}));
    late(suite, table);
}

fn has_earned(suite: &Suite<Node>, runner: RunnerId) -> bool {
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner });
    !account.earned.is_zero()
}

fn claim(suite: &mut Suite<Node>, runners: &[RunnerId]) -> u64 {
    market(suite, "crank", &ExecuteMsg::Claim { runners: runners.to_vec(), versions: Vec::new() })
}

/// Enforced deadlines: of a round that nobody showed, and of a seat that did nothing.
fn late(suite: &mut Suite<Node>, table: &mut Gas) {
    let unseated = request_by_send(suite, table, "");
    let silent = request(suite, 1);
    seat(suite, &silent);
    let panel = Panel::of(suite, silent[0]);
    let items = (1..panel.seats.len()).map(|number| panel.seal(number, &work())).collect();
    seal(suite, items);
    table.note("poke_refund", poke(suite, &[unseated]));
    table.note("poke_refill", poke(suite, &silent));
}
