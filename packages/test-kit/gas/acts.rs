//! What the measurements are made of: requests, committees, seals, openings, ends.

use cosmwasm_std::{Uint64, Uint128};
use mesg_api::market::{
    ConfigResponse, ExecuteMsg, Executions, Input, MAX_ITEMS, MarketEvent, OpenItem, PublishItem, QueryMsg,
    RequestItem, SealItem,
};
use mesg_test_kit::{Node, Outcome, Place, Runner, Suite, Work};

/// What is put into a purse at once, in base units.
pub const MONEY: u128 = 10_000_000_000;
/// Executions of the measured batches.
pub const BATCH: u64 = 8;
/// How often a committee is asked for again: on a busy machine a tick comes too late for its round.
const SEATINGS: u32 = 5;

/// 256 bytes of canonical JSON.
pub fn text() -> String {
    let json = format!(r#"{{"text":"{}"}}"#, "m".repeat(245));
    assert_eq!(json.len(), 256);
    json
}

/// The largest inline text, and the longest in a message: nearly all of it is escaped there once more.
pub fn largest_text() -> String {
    let json = format!(r#"{{"text":"m{}"}}"#, r"\\".repeat(2_042));
    assert_eq!(json.len(), mesg_api::market::MAX_INLINE);
    json
}

/// The output of 256 bytes.
pub fn work() -> Work {
    Work::Ok(text(), 7)
}

/// The largest output.
pub fn largest_work() -> Work {
    Work::Ok(largest_text(), 7)
}

/// A request with an input.
pub fn item(suite: &Suite<Node>, json: String) -> RequestItem {
    RequestItem {
        terms: suite.terms,
        input: Input::Inline { json },
        max_fee: Uint128::new(100_000_000),
        validators: None,
        own_runner: None,
    }
}

/// Requests from a purse; the ids.
pub fn request_from(suite: &mut Suite<Node>, name: &str, items: Vec<RequestItem>) -> Vec<u64> {
    let count = items.len() as u64;
    suite.market(name, &ExecuteMsg::Request { sub: 0, items }).expect("requested");
    last_ids(suite, count)
}

/// Requests with inputs of 256 bytes from alice's purse; the ids.
pub fn request(suite: &mut Suite<Node>, count: u64) -> Vec<u64> {
    let items = (0..count).map(|_| item(suite, text())).collect();
    request_from(suite, "alice", items)
}

/// The ids of the latest executions.
pub fn last_ids(suite: &Suite<Node>, count: u64) -> Vec<u64> {
    let last = suite.ask::<ConfigResponse>(&QueryMsg::Config {}).executions.u64();
    (last - count + 1..=last).collect()
}

/// Gas of what was done, which must have refused nothing.
pub fn gas(suite: &Suite<Node>, outcome: Outcome) -> u64 {
    let events = outcome.expect("done");
    let refused: Vec<_> = events.iter().filter(|event| matches!(event, MarketEvent::ItemRefused { .. })).collect();
    assert!(refused.is_empty(), "{refused:?}");
    suite.gas
}

/// Gas of a message to the market.
pub fn market(suite: &mut Suite<Node>, name: &str, msg: &ExecuteMsg) -> u64 {
    let outcome = suite.market(name, msg);
    gas(suite, outcome)
}

/// Gas of a `Tick` in a later block.
pub fn tick(suite: &mut Suite<Node>) -> u64 {
    suite.tick();
    suite.gas
}

/// Gas of the tick that confirms executions of one round, and of the beacon that seats them all.
pub fn seat(suite: &mut Suite<Node>, executions: &[u64]) -> (u64, u64) {
    for _ in 0..SEATINGS {
        let tick = tick(suite);
        let outcome = suite.submit_beacon_for(executions);
        let seated = |execution: &u64| suite.execution(*execution).phase == "working";
        if outcome.is_ok() && executions.iter().all(seated) {
            return (tick, gas(suite, outcome));
        }
        eprintln!("gas: {executions:?} are bound again: {:?}", outcome.err());
    }
    panic!("{executions:?} are not seated");
}

/// The seats of an execution's latest round.
pub struct Panel {
    place: Place,
    /// Their holders in draw order.
    pub seats: Vec<Runner>,
}

impl Panel {
    /// Of an execution.
    pub fn of(suite: &Suite<Node>, execution: u64) -> Self {
        let seats = suite.seats(execution).into_iter().map(|runner| suite.runner(runner)).collect();
        Self { place: suite.place(execution), seats }
    }

    /// Of executions.
    pub fn of_all(suite: &Suite<Node>, executions: &[u64]) -> Vec<Self> {
        executions.iter().map(|execution| Self::of(suite, *execution)).collect()
    }

    /// Where its seats act.
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// The seal of a seat.
    pub fn seal(&self, seat: usize, work: &Work) -> SealItem {
        self.seats[seat].seal(&self.place, work)
    }

    /// The opening of a seat.
    pub fn open(&self, seat: usize, work: &Work) -> OpenItem {
        self.seats[seat].open(&self.place, work)
    }
}

/// Each seat's act, seat by seat through all panels, so that a message has an act for each of many executions.
fn each_seat<T>(panels: &[Panel], act: impl Fn(&Panel, usize) -> T) -> Vec<T> {
    let most = panels.iter().map(|panel| panel.seats.len()).max().unwrap_or(0);
    let of = |seat| panels.iter().filter(move |panel| seat < panel.seats.len()).map(move |panel| (panel, seat));
    (0..most).flat_map(of).map(|(panel, seat)| act(panel, seat)).collect()
}

/// All seats seal what `work` says by seat, in full messages; the dearest message.
pub fn seal_all(suite: &mut Suite<Node>, panels: &[Panel], work: impl Fn(usize) -> Work) -> u64 {
    let items = each_seat(panels, |panel, seat| panel.seal(seat, &work(seat)));
    let gas = items.chunks(MAX_ITEMS).map(|items| seal(suite, items.to_vec()));
    gas.max().expect("a seal")
}

/// All seats open what `work` says by seat, in full messages; the dearest message.
pub fn open_all(suite: &mut Suite<Node>, panels: &[Panel], work: impl Fn(usize) -> Work) -> u64 {
    let items = each_seat(panels, |panel, seat| panel.open(seat, &work(seat)));
    let gas = items.chunks(MAX_ITEMS).map(|items| open(suite, items.to_vec()));
    gas.max().expect("an opening")
}

/// Seals and opens.
pub fn play(suite: &mut Suite<Node>, execution: u64, work: impl Fn(usize) -> Work) -> u64 {
    let panels = [Panel::of(suite, execution)];
    seal_all(suite, &panels, &work);
    open_all(suite, &panels, work)
}

/// Gas of a `Seal`.
pub fn seal(suite: &mut Suite<Node>, items: Vec<SealItem>) -> u64 {
    market(suite, "relay", &ExecuteMsg::Seal { items })
}

/// Gas of an `Open`.
pub fn open(suite: &mut Suite<Node>, items: Vec<OpenItem>) -> u64 {
    market(suite, "relay", &ExecuteMsg::Open { items })
}

/// Gas of a `Publish` of one value for all.
pub fn publish(suite: &mut Suite<Node>, executions: &[u64], work: &Work) -> u64 {
    let items: Vec<PublishItem> = executions.iter().map(|execution| work.publish(*execution)).collect();
    market(suite, "relay", &ExecuteMsg::Publish { items })
}

/// Gas of a `Certify` of one value for all, which settles others.
pub fn certify(suite: &mut Suite<Node>, executions: &[u64], work: &Work, settled: &[u64]) -> u64 {
    let items = executions.iter().map(|execution| suite.certificate(*execution, work)).collect();
    let settle = settled.iter().map(|execution| Uint64::new(*execution)).collect();
    market(suite, "relay", &ExecuteMsg::Certify { items, settle })
}

/// Gas of a `Settle`, once the last of them may be settled.
pub fn settle(suite: &mut Suite<Node>, executions: &[u64]) -> u64 {
    suite.expire(executions[executions.len() - 1]);
    market(suite, "crank", &ExecuteMsg::Settle(ids(executions)))
}

/// Gas of a `Poke`, once the last of them is late.
pub fn poke(suite: &mut Suite<Node>, executions: &[u64]) -> u64 {
    suite.expire(executions[executions.len() - 1]);
    market(suite, "crank", &ExecuteMsg::Poke(ids(executions)))
}

/// The body of messages for executions.
pub fn ids(executions: &[u64]) -> Executions {
    executions.iter().copied().collect()
}

/// Gas of a deposit into a named account's purse.
pub fn deposit(suite: &mut Suite<Node>, name: &str) -> u64 {
    let outcome = suite.deposit(name, MONEY);
    gas(suite, outcome)
}
