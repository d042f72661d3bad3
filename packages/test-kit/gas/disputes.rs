//! What happens when a committee does not agree, a seat gives up or cheats, or somebody doubts a value.

use cosmwasm_std::Uint64;
use mesg_api::market::{ExecuteMsg, QueryMsg, QuoteResponse, ReceiveMsg, SignedAct};
use mesg_api::staking;
use mesg_test_kit::{Node, Suite, Work};

use crate::acts::{
    Panel, certify, deposit, gas, market, open, open_all, play, poke, publish, request, seal_all, seat, settle, text,
    work,
};
use crate::state::Gas;

/// Another output than the honest one for each number.
fn wrong(number: usize) -> Work {
    Work::Ok(format!(r#"{{"text":"{number}"}}"#), 7)
}

/// Seats that give up or sign twice, in the first pool.
pub fn seats(suite: &mut Suite<Node>, table: &mut Gas) {
    let executions = request(suite, 1);
    seat(suite, &executions);
    let panel = Panel::of(suite, executions[0]);
    let items = vec![panel.seats[0].decline(panel.place(), 2)];
    table.note("decline", market(suite, "relay", &ExecuteMsg::Decline { items }));
    let cheat = panel.seats[1].id;
    let act = |work: &Work| {
        let item = panel.seal(1, work);
        SignedAct::Seal { seal: item.seal, signature: item.signature }
    };
    let report = ExecuteMsg::ReportEquivocation {
        execution: Uint64::new(executions[0]),
        runner: cheat,
        first: act(&work()),
        second: act(&wrong(0)),
    };
    table.note("report_equivocation", market(suite, "relay", &report));
    let staking = suite.staking.clone();
    suite.execute("crank", &staking, &staking::ExecuteMsg::Sync { runner: cheat }).expect("synchronised");
    table.note("sync", suite.gas);
}

/// Rounds 2 and 3 of committees 3 → 5 → 11.
pub fn rounds(suite: &mut Suite<Node>, table: &mut Gas) {
    deposit(suite, "alice");
    deposit(suite, "bob");
    let bond: QuoteResponse =
        suite.ask(&QueryMsg::Quote { terms: suite.terms, input_len: Some(256), validators: None });
    let bond = bond.challenge_bond.expect("round 3").u128();
    let executions = request(suite, 6);
    seat(suite, &executions);
    let [doubted, sent, unseated, liar, silent, unpublished] = executions[..] else { panic!("six") };

    certify(suite, &[doubted, sent, unseated], &work(), &[]);
    let challenge = |execution: u64| ExecuteMsg::Challenge { execution: execution.into() };
    table.note("challenge", market(suite, "bob", &challenge(doubted)));
    let contract = suite.market.clone();
    let by_send = ReceiveMsg::Challenge { execution: sent.into() };
    let outcome = suite.send_token("bob", &contract, bond, &by_send);
    table.note("challenge_send", gas(suite, outcome));
    market(suite, "bob", &challenge(unseated));

    // One liar sends round 1 to round 2.
    table.note("open_to_round_2", play(suite, liar, |seat| if seat == 2 { wrong(0) } else { work() }));
    for execution in [silent, unpublished] {
        let panels = [Panel::of(suite, execution)];
        seal_all(suite, &panels, |_| work());
    }
    let panel = Panel::of(suite, silent);
    let items = (0..3).map(|seat| panel.open(seat, &work())).collect();
    open(suite, items);
    let panels = [Panel::of(suite, unpublished)];
    open_all(suite, &panels, |_| work());
    table.note("poke_to_round_2", poke(suite, &[silent]));
    table.note("poke_publishing_slot", poke(suite, &[unpublished]));
    publish(suite, &[unpublished], &work());

    // Round 2 agrees in one case, and does not in the other.
    let (_, gas) = seat(suite, &[liar]);
    table.note("beacon_seat_round_2", gas);
    play(suite, liar, |_| work());
    table.note("publish_round_2", publish(suite, &[liar], &work()));
    table.note("settle_after_round_2", settle(suite, &[liar]));
    seat(suite, &[silent]);
    table.note("open_to_round_3", play(suite, silent, wrong));

    // Round 3: after a challenge the value is known, so the last opening ends it; after round 2 it is published.
    let (_, gas) = seat(suite, &[doubted]);
    table.note("beacon_seat_round_3", gas);
    table.note("open_round_3_ends", play(suite, doubted, |_| work()));
    seat(suite, &[silent]);
    play(suite, silent, |_| work());
    table.note("publish_round_3_ends", publish(suite, &[silent], &work()));
    table.note("poke_unseated_challenge", poke(suite, &[unseated]));
    assert_eq!(suite.execution(sent).phase, "queued");
}

/// The executor of `Verify` posts, and its committee accepts.
pub fn verify(suite: &mut Suite<Node>, table: &mut Gas) {
    deposit(suite, "alice");
    let executions = request(suite, 1);
    seat(suite, &executions);
    let panel = Panel::of(suite, executions[0]);
    let items = vec![panel.seats[0].result(panel.place(), &Work::Ok(text(), 0))];
    table.note("post_result_verify", market(suite, "relay", &ExecuteMsg::PostResult { items }));
    let (_, gas) = seat(suite, &executions);
    table.note("beacon_seat_verify", gas);
    let witness = Work::Valid(text());
    table.note("certify_verify", certify(suite, &executions, &witness, &[]));
    table.note("settle_verify", settle(suite, &executions));
}
