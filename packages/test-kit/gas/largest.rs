//! Every message at its maximum size: committees 7 → 15 → 31, inputs and outputs of 4 KiB, as many items as there may be.

use mesg_api::market::{
    ExecuteMsg, MAX_CERTIFY, MAX_ITEMS, MAX_POKE, MAX_REQUESTS, MAX_RESULTS, MAX_SEAT, MAX_SETTLE, ReceiveMsg,
};
use mesg_protocol::terms::Committee;
use mesg_test_kit::{Node, Suite, Work};

use crate::acts::{
    Panel, certify, deposit, gas, item, largest_text, largest_work, last_ids, market, open_all, poke, publish,
    request_from, seal_all, seat, settle, tick, work,
};
use crate::state::Gas;

/// The largest committees that a version may have.
pub const COMMITTEE: Committee = Committee { k1: 7, k2: 15, k3: Some(31) };
/// The committee's two spares are gone with as many declines.
const SPARES: usize = 2;
/// Measures them.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    for name in ["alice", "bob", "mallory"] {
        deposit(suite, name);
    }
    let groups = (MAX_ITEMS + MAX_SETTLE) / MAX_REQUESTS + 1;
    let mut groups: Vec<Vec<u64>> = (0..groups).map(|_| requests(suite, table)).collect();
    let disputed = request_by_send(suite, table);
    let decided = requests_of(suite, "mallory", MAX_SEAT);
    let declined = requests_of(suite, "mallory", MAX_POKE);
    let silent = requests_of(suite, "bob", MAX_POKE);
    tick(suite);
    for group in &groups {
        let (_, gas) = seat(suite, group);
        table.note_largest("beacon_seat_max", gas);
    }
    seat(suite, &declined);
    declines(suite, table, &declined);
    for executions in [&silent, &disputed, &decided] {
        seat(suite, executions);
    }
    // Seven agree, the last seat of each does not.
    for executions in [&disputed, &decided] {
        disagree(suite, executions, |seat| if seat == 7 { Work::wrong() } else { work() });
    }

    let mut certified = groups.split_off(MAX_ITEMS / MAX_REQUESTS);
    let path: Vec<u64> = groups.concat();
    on_chain(suite, table, &path);
    round_2(suite, table, &disputed, &decided);
    let last = certified.pop().expect("a group");
    for group in &certified {
        table.note_largest("certify_max", certify(suite, group, &largest_work(), &[]));
    }
    let settled = certified.concat();
    assert_eq!((last.len(), settled.len()), (MAX_CERTIFY, MAX_SETTLE));
    suite.expire(settled[settled.len() - 1]);
    table.note("certify_settle_max", certify(suite, &last, &largest_work(), &settled));
    table.note("settle_max", settle(suite, &path[..MAX_SETTLE]));
    table.note("settle_round_2_1", settle(suite, &decided[..1]));
    table.note("settle_round_2_7", settle(suite, &decided[1..]));
    table.note("poke_max", poke(suite, &silent));
    round_3(suite, table, &disputed);
}

fn requests(suite: &mut Suite<Node>, table: &mut Gas) -> Vec<u64> {
    let executions = requests_of(suite, "alice", MAX_REQUESTS);
    table.note_largest("request_max", suite.gas);
    executions
}

fn requests_of(suite: &mut Suite<Node>, name: &str, count: usize) -> Vec<u64> {
    let items = (0..count).map(|_| item(suite, largest_text())).collect();
    request_from(suite, name, items)
}

fn request_by_send(suite: &mut Suite<Node>, table: &mut Gas) -> Vec<u64> {
    let items = (0..MAX_SEAT).map(|_| item(suite, largest_text())).collect();
    let market = suite.market.clone();
    let outcome = suite.send_token("bob", &market, 800_000_000, &ReceiveMsg::Request { items });
    table.note("request_send_max", gas(suite, outcome));
    last_ids(suite, MAX_SEAT as u64)
}

/// The last of them finds no spare: the draw is asked for more.
fn declines(suite: &mut Suite<Node>, table: &mut Gas, executions: &[u64]) {
    let panels = Panel::of_all(suite, executions);
    for seat in 0..=SPARES {
        let items = panels.iter().map(|panel| panel.seats[seat].decline(panel.place(), 2)).collect();
        table.note_largest("decline_max", market(suite, "relay", &ExecuteMsg::Decline { items }));
    }
}

/// All seats seal and open what `work` says by seat, until the next round is asked for.
fn disagree(suite: &mut Suite<Node>, executions: &[u64], work: impl Fn(usize) -> Work) -> (u64, u64) {
    let panels = Panel::of_all(suite, executions);
    let gas = (seal_all(suite, &panels, &work), open_all(suite, &panels, work));
    for execution in executions {
        assert_eq!(suite.execution(*execution).phase, "queued");
    }
    gas
}

/// Round 1 of as many executions as a message has items.
fn on_chain(suite: &mut Suite<Node>, table: &mut Gas, executions: &[u64]) {
    let panels = Panel::of_all(suite, executions);
    table.note("seal_max", seal_all(suite, &panels, |_| largest_work()));
    table.note("open_max", open_all(suite, &panels, |_| largest_work()));
    for executions in executions.chunks(MAX_RESULTS) {
        table.note_largest("publish_max", publish(suite, executions, &largest_work()));
    }
}

/// Round 2 of executions whose 15 jurors are of 15 opinions, and of others that they decide.
fn round_2(suite: &mut Suite<Node>, table: &mut Gas, disputed: &[u64], decided: &[u64]) {
    let (_, gas) = seat(suite, disputed);
    table.note("beacon_seat_round_2_max", gas);
    seat(suite, decided);
    let (seal, open) = disagree(suite, disputed, |seat| Work::Ok(format!(r#"{{"text":"{seat}"}}"#), 7));
    table.note("seal_round_2_max", seal);
    table.note("open_round_2_max", open);
    let panels = Panel::of_all(suite, decided);
    seal_all(suite, &panels, |_| largest_work());
    open_all(suite, &panels, |_| largest_work());
    publish(suite, decided, &largest_work());
}

/// Round 3: some executions end with a value, and the others because none of their 31 jurors seals.
fn round_3(suite: &mut Suite<Node>, table: &mut Gas, executions: &[u64]) {
    let (_, gas) = seat(suite, executions);
    table.note("beacon_seat_round_3_max", gas);
    let (decided, silent) = executions.split_at(executions.len() - MAX_POKE);
    for execution in decided {
        let panels = [Panel::of(suite, *execution)];
        seal_all(suite, &panels, |_| largest_work());
        table.note_largest("open_round_3_max", open_all(suite, &panels, |_| largest_work()));
    }
    table.note("publish_round_3_1", publish(suite, &decided[..1], &largest_work()));
    table.note("publish_round_3_3", publish(suite, &decided[1..], &largest_work()));
    assert_eq!(suite.execution(decided[0]).phase, "corrected");
    table.note("poke_round_3_max", poke(suite, silent));
}
