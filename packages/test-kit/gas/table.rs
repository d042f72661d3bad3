//! The numbers for machines and for people.

use std::fmt::Write as _;

use crate::GROWN;
use crate::state::Gas;

const TWELVE: &str = "_12_runners";
const THOUSAND: &str = "_1000_runners";

/// Name, the most it may be, and what it contains.
type Row = (&'static str, Option<u64>, &'static str);

const PATH: [Row; 19] = [
    ("request_deposit", Some(200_000), "`Request` of one execution, paid from a purse; input of 256 bytes"),
    ("request_send", Some(300_000), "the same by CW20 `Send`: two contracts are loaded instead of one"),
    ("request_8_each", Some(70_000), "an eighth of a `Request` of eight"),
    ("tick", None, "`Tick` that records a block"),
    (
        "beacon_seat_1",
        None,
        "`SubmitBeacon`: signature verified, one committee of four with two spares drawn and seated",
    ),
    ("beacon_seat_8", Some(900_000), "the same for eight executions of one round"),
    ("seal", Some(180_000), "`Seal` of one seat, the dearest of four: the last begins the next phase"),
    ("seal_32_each", None, "a 32nd of a `Seal` of all seats of eight executions"),
    ("open", Some(180_000), "`Open` of one seat, the dearest of four: the last decides"),
    ("open_32_each", None, "a 32nd of an `Open` of all seats of eight executions"),
    ("publish", None, "`Publish` of an output of 256 bytes"),
    ("publish_8_each", None, "an eighth of a `Publish` of eight"),
    ("settle_1", Some(210_000), "`Settle`: the escrow is split, all are credited"),
    ("settle_8_each", Some(80_000), "an eighth of a `Settle` of eight"),
    (
        "onchain_path_4_seats",
        Some(2_200_000),
        "one execution on its own: request, tick, beacon and seats, four seals, four openings, publish, settle",
    ),
    (
        "certify_1",
        Some(175_000),
        "`Certify`: the salts and signed seals of four seats in place of all seals, openings and the publication",
    ),
    ("certify_8_each", Some(55_000), "an eighth of a `Certify` of eight"),
    ("lifecycle_1", Some(1_000_000), "one execution on its own: request, tick, beacon and seats, certificate, settle"),
    ("lifecycle_8_each", Some(430_000), "an eighth of eight executions, each of these five acts in one message"),
];

const REST: [Row; 19] = [
    ("no_op", None, "a contract that does nothing: the floor of every message"),
    ("cw20_transfer", None, "`Transfer` of the token"),
    ("deposit", None, "`Send` of tokens into a purse"),
    ("withdraw", None, "`Withdraw` from a purse"),
    ("claim", None, "`Claim` of one runner's earnings"),
    ("claim_8_each", None, "an eighth of a `Claim` of eight runners"),
    ("burn", None, "`Burn` of what rules have set aside"),
    ("close_epoch", None, "`CloseEpoch`: the block producers' pot goes to staking; one bonded validator"),
    ("claim_producer", None, "`ClaimProducer` of one epoch"),
    ("poke_refund", None, "`Poke` of a request whose round nobody showed: refunded"),
    ("poke_refill", None, "`Poke` of a silent seat: slashed in staking, a spare takes the seat"),
    ("register_service", None, "`Send` with a service's name, 256 bytes of description, URL"),
    ("publish_version", None, "`PublishVersion` with one task"),
    ("service_bond", None, "`Send` of a service bond"),
    ("register_runner", None, "`RegisterRunner`"),
    ("bond", None, "`Send` of a runner's stake"),
    ("opt_in", None, "`OptIn`: the runner's seats enter the pool's tree"),
    ("unbond", None, "`Unbond`: its seats change"),
    ("opt_out", None, "`OptOut`: its seats leave the tree"),
];

/// Measured in other circumstances too, and how much dearer they may be there, in percent: fewer runners, more runners,
/// more executions. A batch shares more in a pool of 12 than in one of 100, so it may only be cheaper there.
const FLAT: [(&str, u64, u64, u64); 11] = [
    ("request_deposit", 2, 2, 2),
    ("tick", 2, 2, 2),
    ("beacon_seat_8", 0, 45, 2),
    ("seal", 2, 2, 2),
    ("open", 2, 2, 2),
    ("publish", 2, 2, 2),
    ("settle_1", 2, 2, 2),
    ("settle_8_each", 0, 2, 2),
    ("onchain_path_4_seats", 2, 2, 2),
    ("certify_1", 2, 2, 2),
    ("certify_8_each", 0, 2, 2),
];

const HEAD: &str = "# Gas

What each message costs on a real node (wasmd 0.61.14, contracts not pinned). Written by `make gas`; `gas.json` has the same numbers for
machines. A number is the `gas_used` of a whole transaction with one message and one signature; `…_each` is its share
per item. Inputs and outputs have 256 bytes, committees four seats (3→5), the pool 100 runners. Purses and balances exist already.

A contract that does nothing costs `no_op`: 60,000 of it is loading the contract, the rest signature, fee and bytes of the
transaction. A second contract in the same message costs another 60,000, so nothing can be below `no_op`, and no `Send` to a contract and no
payment by one below about `no_op` + 75,000. What is above the floor is storage: about 2,000 and 30 for each byte written, 1,000 and 3
for each byte read.
";

const FLATNESS: &str = "
## Flatness

The same messages in pools of 12 and of 1,000 runners, and in a market with 10,000 finished executions. The difference is against the
first column.
";

const NOTES: &str = "
Seating and settling of a batch grow with the pool, up to a bound, because fewer things are shared: in a pool of 100 some of the 32 seats of
eight executions belong to the same runner, whose record is read and written once, and draws descend through the same
tree nodes. `settle_8_each` is dearest when all 32 seats have different runners, which 1,000 runners nearly reach; that is
its bound, and below its limit. A single execution shares nothing and is flat. Who is drawn is random, so the numbers of batches differ by up
to 2 % between two runs.

The 10,000 executions were not run: the chain is stopped and exported, the records and index entries of one finished
execution are repeated under ids up to 10,000 in the exported genesis, the market's counter is set, and a chain is
started from it. Queries check that the market then lists them.
";

/// Writes both files.
pub fn write(gas: &Gas, json: &str, markdown: &str) {
    let numbers = serde_json::to_string_pretty(gas).expect("JSON");
    std::fs::write(json, numbers + "\n").expect("a file");
    std::fs::write(markdown, page(gas)).expect("a file");
}

fn page(gas: &Gas) -> String {
    let mut page = HEAD.to_owned();
    page += "\n## One execution\n\n| message | gas | limit | | what it is |\n|---|--:|--:|---|---|\n";
    for (name, limit, what) in PATH {
        let (used, limit) = (gas.of(name), limit.map(|limit| (limit, gas.of(name) <= limit)));
        let (limit, met) = limit.map_or_else(Default::default, |(limit, met)| (thousands(limit), said(met)));
        writeln!(page, "| `{name}` | {} | {limit} | {met} | {what} |", thousands(used)).expect("a string");
    }
    page += "\n## Everything else\n\n| message | gas | what it is |\n|---|--:|---|\n";
    for (name, _, what) in REST {
        writeln!(page, "| `{name}` | {} | {what} |", thousands(gas.of(name))).expect("a string");
    }
    page += FLATNESS;
    page += "\n| message | 100 runners | 12 runners | | allowed | | 1,000 runners | | allowed | | 10,000 executions | | allowed | |\n";
    page += "|---|--:|--:|--:|--:|---|--:|--:|--:|---|--:|--:|--:|---|\n";
    for (name, fewer, runners, executions) in FLAT {
        let base = gas.of(name);
        let fewer = compared(base, gas.of(&format!("{name}{TWELVE}")), fewer);
        let runners = compared(base, gas.of(&format!("{name}{THOUSAND}")), runners);
        let executions = compared(base, gas.of(&format!("{name}{GROWN}")), executions);
        writeln!(page, "| `{name}` | {} |{fewer}{runners}{executions}", thousands(base)).expect("a string");
    }
    page + NOTES
}

/// Cells: gas, change against the base, allowed change, met or not.
fn compared(base: u64, gas: u64, allowed: u64) -> String {
    let permille = gas.abs_diff(base) * 1_000 / base;
    let sign = if gas < base { "−" } else { "+" };
    let met = said(gas * 100 <= base * (100 + allowed));
    format!(" {} | {sign}{}.{} % | {allowed} % | {met} |", thousands(gas), permille / 10, permille % 10)
}

const fn said(met: bool) -> &'static str {
    if met { "met" } else { "**not met**" }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",")
}
