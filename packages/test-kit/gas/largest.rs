//! Every message at its maximum size: committees 7 → 15 → 31, inputs and outputs of 4 KiB, as many items as there may be.

use cosmwasm_std::Uint64;
use mesg_api::market::{
    ExecuteMsg, MAX_CERTIFY, MAX_INLINE, MAX_ITEMS, MAX_POKE, MAX_REQUESTS, MAX_RESULTS, MAX_SEAT, MAX_SETTLE,
    MAX_WEIGHT, ReceiveMsg, WEIGHT_BYTES,
};
use mesg_api::staking::MAX_SLASH_ITEMS;
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
/// Weights of executions of 8, 15 and 31 seats, by the last round that they had, of a jury of 31 that is drawn with its
/// spares, and of the outputs that are shown.
const WEIGHTS: [usize; 3] = [8, 8 + 2 * 15, 8 + 2 * 15 + 2 * 31];
const DRAWN: usize = 2 * (31 + 11);
const LARGEST_OUTPUT: usize = MAX_INLINE.div_ceil(WEIGHT_BYTES);
const SMALL_OUTPUT: usize = 256usize.div_ceil(WEIGHT_BYTES);

/// Executions for which one message has room, by the last round that they had; and if their largest outputs are shown.
const ROUND_1: usize = least(MAX_WEIGHT / WEIGHTS[0], MAX_ITEMS);
const ROUND_2: usize = MAX_WEIGHT / WEIGHTS[1];
const ROUND_3: usize = MAX_WEIGHT / (WEIGHTS[2] + LARGEST_OUTPUT);
const SHOWN_1: usize = least(MAX_WEIGHT / (WEIGHTS[0] + LARGEST_OUTPUT), MAX_RESULTS);
const SHOWN_2: usize = MAX_WEIGHT / (WEIGHTS[1] + LARGEST_OUTPUT);
/// The same of executions that come from round 1 to round 3 by a challenge, and of juries of 31 that are seated.
const CHALLENGED: usize = MAX_WEIGHT / (8 + 2 * 31);
const SEATED: usize = MAX_WEIGHT / DRAWN;
/// Executions that a full `Certify` of largest outputs settles.
const SETTLED: usize = (MAX_WEIGHT - MAX_CERTIFY * (WEIGHTS[0] + LARGEST_OUTPUT)) / WEIGHTS[0];
/// Those that one of small outputs settles: as many of round 2 as need two messages to staking, 13 seats of each being
/// slashed, and of round 1 what fits beside them.
const LEFT: usize = MAX_WEIGHT - MAX_CERTIFY * (WEIGHTS[0] + SMALL_OUTPUT);
const SETTLED_2: usize = least(LEFT / WEIGHTS[1], MAX_SLASH_ITEMS / 13 + 1);
const SETTLED_1: usize = (LEFT - SETTLED_2 * WEIGHTS[1]) / WEIGHTS[0];
/// Executions of round 1 whose outputs are published with that of one which round 3 decides.
const BESIDE: usize =
    least((MAX_WEIGHT - WEIGHTS[2] - LARGEST_OUTPUT) / (WEIGHTS[0] + LARGEST_OUTPUT), MAX_RESULTS - 1);

/// Seats of round 2 and of round 3 that agree where as many differ as may: two thirds decide.
const AGREE: [usize; 2] = [10, 21];

const fn least(a: usize, b: usize) -> usize {
    if a < b { a } else { b }
}

/// Measures them.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    for name in ["alice", "bob", "mallory"] {
        deposit(suite, name);
    }
    let path = ROUND_1.next_multiple_of(MAX_REQUESTS);
    let groups = path / MAX_REQUESTS + SETTLED.div_ceil(MAX_REQUESTS) + 2;
    // No purse may have more than 64 of them open.
    let names = ["alice", "bob"].into_iter().cycle().take(groups);
    let mut groups: Vec<Vec<u64>> = names.map(|name| requests(suite, table, name)).collect();
    let disputed = request_by_send(suite, table);
    let declined = requests_of(suite, "mallory", MAX_POKE);
    let silent = requests_of(suite, "bob", MAX_POKE);
    tick(suite);
    for group in &groups {
        let (_, gas) = seat(suite, group);
        table.note_largest("beacon_seat_max", gas);
    }
    seat(suite, &declined);
    declines(suite, table, &declined);
    seat(suite, &silent);
    dispute(suite, &disputed);

    let mut certified = groups.split_off(path / MAX_REQUESTS);
    let path: Vec<u64> = groups.concat();
    on_chain(suite, table, &path[..ROUND_1]);
    let last = certified.pop().expect("a group");
    for group in &certified {
        table.note_largest("certify_max", certify(suite, group, &largest_work(), &[]));
    }
    let certified = certified.concat();
    let (settled, provisional) = certified.split_at(SETTLED);
    assert_eq!(last.len(), MAX_CERTIFY);
    suite.expire(certified[certified.len() - 1]);
    table.note("certify_settle_max", certify(suite, &last, &largest_work(), settled));
    challenges(suite, table, &last[..CHALLENGED]);
    table.note("settle_max", settle(suite, &path[..least(ROUND_1, MAX_SETTLE)]));
    round_2(suite, table, &provisional[..SETTLED_1]);
    table.note("poke_max", poke(suite, &silent));
    round_3(suite, table, &disputed);
}

fn requests(suite: &mut Suite<Node>, table: &mut Gas, name: &str) -> Vec<u64> {
    let executions = requests_of(suite, name, MAX_REQUESTS);
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
    for executions in executions.chunks(SHOWN_1) {
        table.note_largest("publish_max", publish(suite, executions, &largest_work()));
    }
}

/// All but the last seat of each committee agree, so round 2 is asked for.
fn dispute(suite: &mut Suite<Node>, executions: &[u64]) {
    seat(suite, executions);
    disagree(suite, executions, |seat| if seat == 7 { Work::wrong() } else { work() });
}

/// New executions for which round 2 is asked for.
fn disputes(suite: &mut Suite<Node>) -> Vec<u64> {
    let executions = requests_of(suite, "mallory", ROUND_2);
    dispute(suite, &executions);
    executions
}

/// As few seats as can agree on the largest output, the others do not.
fn divided(agree: usize) -> impl Fn(usize) -> Work {
    move |seat| if seat < agree { largest_work() } else { Work::wrong() }
}

/// Round 3 of challenged executions, which confirms their value, so that the last openings end them.
fn challenges(suite: &mut Suite<Node>, table: &mut Gas, executions: &[u64]) {
    for execution in executions {
        let execution = Uint64::new(*execution);
        market(suite, "bob", &ExecuteMsg::Challenge { execution });
    }
    for execution in executions {
        seat(suite, &[*execution]);
    }
    let panels = Panel::of_all(suite, executions);
    seal_all(suite, &panels, divided(AGREE[1]));
    table.note("open_challenged_max", open_all(suite, &panels, divided(AGREE[1])));
    assert_eq!(suite.execution(executions[0]).phase, "finalized");
}

/// Round 2: certificates, and publications where the committee is divided, which are settled. All eight seats of round 1
/// are wrong in the end, and five of the jurors where they are divided.
/// `provisional` ones had no round 2.
fn round_2(suite: &mut Suite<Node>, table: &mut Gas, provisional: &[u64]) {
    let agreed = disputes(suite);
    seat(suite, &agreed);
    for executions in agreed.chunks(SHOWN_2) {
        table.note_largest("certify_round_2_max", certify(suite, executions, &largest_work(), &[]));
    }
    let [first, second] = [(); 2].map(|()| {
        let executions = disputes(suite);
        seat(suite, &executions);
        let panels = Panel::of_all(suite, &executions);
        seal_all(suite, &panels, divided(AGREE[0]));
        open_all(suite, &panels, divided(AGREE[0]));
        for executions in executions.chunks(SHOWN_2) {
            publish(suite, executions, &largest_work());
        }
        executions
    });
    let (one, others) = first.split_first().expect("executions");
    table.note("settle_round_2_1", settle(suite, &[*one]));
    table.note("settle_round_2_max", settle(suite, &second));
    let new = requests_of(suite, "alice", MAX_CERTIFY);
    seat(suite, &new);
    suite.expire(others[others.len() - 1]);
    let settled = [&others[..SETTLED_2], provisional].concat();
    table.note("certify_settle_mixed_max", certify(suite, &new, &work(), &settled));
}

/// Rounds 2 and 3 of executions of which 54 seats are judged and paid in the end: by a certificate, by a publication, and
/// because no juror seals. All 15 jurors of round 2 are of different opinions.
fn round_3(suite: &mut Suite<Node>, table: &mut Gas, executions: &[u64]) {
    let (full, rest) = executions.split_at(ROUND_2);
    let opinion = |seat| Work::Ok(format!(r#"{{"text":"{seat}"}}"#), 7);
    let (_, gas) = seat(suite, full);
    table.note("beacon_seat_round_2_max", gas);
    let (seal, open) = disagree(suite, full, opinion);
    table.note("seal_round_2_max", seal);
    table.note("open_round_2_max", open);
    seat(suite, rest);
    disagree(suite, rest, opinion);
    // New ones that publish with one of round 3.
    let mut publishing = Vec::new();
    while publishing.len() < BESIDE {
        let count = MAX_REQUESTS.min(BESIDE - publishing.len());
        let executions = requests_of(suite, "alice", count);
        seat(suite, &executions);
        let panels = Panel::of_all(suite, &executions);
        seal_all(suite, &panels, |_| largest_work());
        open_all(suite, &panels, |_| largest_work());
        publishing.extend(executions);
    }
    for group in full.chunks(SEATED).chain(rest.chunks(SEATED)) {
        let (_, gas) = seat(suite, group);
        table.note_largest("beacon_seat_round_3_max", gas);
    }
    let mut groups = executions.chunks_exact(ROUND_3);
    let mut next = || groups.next().expect("executions in round 3");
    let (certified, published, mixed, silent) = (next(), next(), next()[0], next());
    table.note("certify_round_3_max", certify(suite, certified, &largest_work(), &[]));
    for group in [published, &[mixed]] {
        let panels = Panel::of_all(suite, group);
        table.note_largest("seal_round_3_max", seal_all(suite, &panels, divided(AGREE[1])));
        table.note_largest("open_round_3_max", open_all(suite, &panels, divided(AGREE[1])));
    }
    table.note("publish_round_3_max", publish(suite, published, &largest_work()));
    publishing.push(mixed);
    table.note("publish_mixed_max", publish(suite, &publishing, &largest_work()));
    table.note("poke_round_3_max", poke(suite, silent));
    for execution in [certified[0], published[0], mixed] {
        assert_eq!(suite.execution(execution).phase, "corrected");
    }
}
