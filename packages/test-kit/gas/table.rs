//! The numbers for machines and for people.

use std::fmt::Write as _;

use crate::rows::{DISPUTES, FLAT, LARGEST, LARGEST_ELSEWHERE, ONE_VALIDATOR_MORE, PATH, REST, Row};
use crate::state::Gas;
use crate::{GROWN, PINNED, SERVICES, THOUSAND, TWELVE};

const HEAD: &str = "# Gas

What each message costs on a real node (wasmd 0.61.14, contracts not pinned unless the table says so). Written by `make gas`;
`gas.json` has the same numbers for machines. A number is the `gas_used` of a whole transaction with one message and one
signature; `…_each` is its share per item. Inputs and outputs have 256 bytes, committees four seats (3→5), the pool 100
runners, the registry 10 services, unless the row says otherwise. Purses and balances exist already.

A contract that does nothing costs `no_op`: 60,000 of it is loading the contract, the rest signature, fee and bytes of the
transaction. A second contract in the same message costs another 60,000, so nothing can be below `no_op`, and no `Send` to a
contract and no payment by one below about `no_op` + 75,000. What is above the floor is storage: about 2,000 and 30 for each
byte written, 1,000 and 3 for each byte read; and 10 for each byte of the transaction.
";

const ONE_MORE: &str = "
## One more validator

The same execution with four validators instead of three. Which runners are drawn is random, so a single difference moves by
a few thousand between two runs.
";

const PINNED_CODES: &str = "
## With all codes pinned

A chain's governance may keep codes in memory. Loading a pinned contract costs 2,000 instead of 60,000. The codes are
pinned in the genesis from which the chain is started again.

| message | not pinned | all pinned |
|---|--:|--:|
";

const DISPUTED: &str = "
## Other courses

Committees 3→5→11 where there are rounds 2 and 3.
";

const MAXIMA: &str = "
## Messages at their maximum size

Committees 7→15→31 in a pool of 1,000 runners, so that few sit twice in the executions of one message; as many items as the
message may have. Texts of 4 KiB are nearly all escaped characters, so they are twice as long in a message, which is the
longest that they can be.
";

const BOUND: &str = "
Where a row does not say how many executions there are, there are as many as fit: those of one message have a largest weight
together ([decision 0026](decisions/0026-weight-of-a-message.md)). Where a round is divided, as few agree as can decide, and
the others are slashed.
";

const FLATNESS: &str = "
## Flatness

The same messages in pools of 12 and of 1,000 runners, beside 1,000 services, and in a market with 10,000 finished executions.
The difference is against the first column.
";

const NOTES: &str = "
Seating and settling of a batch grow with the pool, up to a bound, because fewer things are shared: in a pool of 100 some of
the 32 seats of eight executions belong to the same runner, whose record is read and written once, and draws descend through
the same tree nodes. So `settle_8_each`, of eight executions as they are drawn, differs by some percent with the pool, and
from one run to the next. `settle_8_apart_each`, of eight chosen because they have no runner in common, is its bound, and
flat. There are no eight such in a pool of 12. A single execution shares nothing and is flat.

The 1,000 services were registered, each with a version. The 10,000 executions were not run: the chain is stopped and exported,
the records and index entries of one finished execution are repeated under ids up to 10,000 in the exported genesis, the
market's counter is set, and a chain is started from it. Queries check that the market then lists them. In the same genesis
the records are made older whose time nobody can wait for: notices of proposals and service bonds, unbonding, jails, executions
to be pruned; and the requester of two executions is made a contract. `Apply`, `WithdrawServiceBond`, `ResumeService`, staking's
`Withdraw`, `Unjail`, `Prune`, `Deliver` and the largest `Claim` are measured on them.
";

/// Writes both files. Panics if a limit is not met.
pub fn write(gas: &Gas, json: &str, markdown: &str) {
    let numbers = serde_json::to_string_pretty(gas).expect("JSON");
    std::fs::write(json, numbers + "\n").expect("a file");
    std::fs::write(markdown, page(gas)).expect("a file");
    assert_eq!(unmet(gas), Vec::<String>::new(), "these limits are not met");
}

/// What is above its limit, or dearer elsewhere than it may be.
fn unmet(gas: &Gas) -> Vec<String> {
    let limited = PATH.iter().chain(&ONE_VALIDATOR_MORE).chain(&LARGEST).chain(&LARGEST_ELSEWHERE);
    let above = limited.filter(|(name, limit, _)| limit.is_some_and(|limit| gas.of(name) > limit));
    let above = above.map(|(name, _, _)| (*name).to_owned());
    let dearer = FLAT.iter().flat_map(|(name, allowed)| {
        let allowed = columns().into_iter().zip(allowed).filter_map(|((_, suffix), most)| Some((suffix, (*most)?)));
        let elsewhere = allowed.map(move |(suffix, most)| (format!("{name}{suffix}"), most));
        elsewhere.filter(move |(other, most)| !flat(gas.of(name), gas.of(other), *most)).map(|(other, _)| other)
    });
    above.chain(dearer).collect()
}

fn page(gas: &Gas) -> String {
    let mut page = HEAD.to_owned() + "\n## One execution\n" + &limited(gas, &PATH);
    page += ONE_MORE;
    page += &limited(gas, &ONE_VALIDATOR_MORE);
    page += PINNED_CODES;
    for name in std::iter::once("no_op").chain(PATH.map(|(name, _, _)| name)) {
        let (loaded, pinned) = (gas.of(name), gas.of(&format!("{name}{PINNED}")));
        writeln!(page, "| `{name}` | {} | {} |", thousands(loaded), thousands(pinned)).expect("a string");
    }
    page += DISPUTED;
    page += &unlimited(gas, &DISPUTES);
    page += "\n## Everything else\n";
    page += &unlimited(gas, &REST);
    page += MAXIMA;
    page += &limited(gas, &[&LARGEST[..], &LARGEST_ELSEWHERE].concat());
    page += BOUND;
    page + FLATNESS + &flatness(gas) + NOTES
}

fn limited(gas: &Gas, rows: &[Row]) -> String {
    let mut table = "\n| message | gas | limit | | what it is |\n|---|--:|--:|---|---|\n".to_owned();
    for (name, limit, what) in rows {
        let (used, limit) = (gas.of(name), limit.map(|limit| (limit, gas.of(name) <= limit)));
        let (limit, met) = limit.map_or_else(Default::default, |(limit, met)| (thousands(limit), said(met)));
        writeln!(table, "| `{name}` | {} | {limit} | {met} | {what} |", thousands(used)).expect("a string");
    }
    table
}

fn unlimited(gas: &Gas, rows: &[Row]) -> String {
    let mut table = "\n| message | gas | what it is |\n|---|--:|---|\n".to_owned();
    for (name, _, what) in rows {
        writeln!(table, "| `{name}` | {} | {what} |", thousands(gas.of(name))).expect("a string");
    }
    table
}

const fn columns() -> [(&'static str, &'static str); 4] {
    [("12 runners", TWELVE), ("1,000 runners", THOUSAND), ("1,000 services", SERVICES), ("10,000 executions", GROWN)]
}

fn flatness(gas: &Gas) -> String {
    let heads = columns().map(|(head, _)| format!(" {head} | | allowed | |")).concat();
    let rules = columns().map(|_| "--:|--:|--:|---|").concat();
    let mut table = format!("\n| message | 100 runners |{heads}\n|---|--:|{rules}\n");
    for (name, allowed) in FLAT {
        let cell = |((_, suffix), allowed): (&(_, &str), _)| match gas.0.get(&format!("{name}{suffix}")) {
            Some(other) => compared(gas.of(name), *other, allowed),
            None => " – | | | |".to_owned(),
        };
        let cells: String = columns().iter().zip(allowed).map(cell).collect();
        writeln!(table, "| `{name}` | {} |{cells}", thousands(gas.of(name))).expect("a string");
    }
    table
}

/// Cells: gas, change against the base, allowed change, met or not.
fn compared(base: u64, gas: u64, allowed: Option<u64>) -> String {
    let permille = gas.abs_diff(base) * 1_000 / base;
    let sign = if gas < base { "−" } else { "+" };
    let (most, met) = allowed.map_or_else(Default::default, |most| (format!("{most} %"), said(flat(base, gas, most))));
    format!(" {} | {sign}{}.{} % | {most} | {met} |", thousands(gas), permille / 10, permille % 10)
}

const fn flat(base: u64, gas: u64, allowed: u64) -> bool {
    gas * 100 <= base * (100 + allowed)
}

const fn said(met: bool) -> &'static str {
    if met { "met" } else { "**not met**" }
}

fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn docs(name: &str) -> String {
        std::fs::read_to_string(format!("{}/../../docs/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
    }

    /// Of the last measurement: what `make gas` wrote.
    #[test]
    fn every_limit_is_met() {
        let mut gas: Gas = serde_json::from_str(&docs("gas.json")).unwrap();
        assert_eq!(unmet(&gas), Vec::<String>::new());
        assert_eq!(page(&gas), docs("gas.md"), "written by hand");
        gas.note("certify_1", 175_001);
        gas.note("tick_1000_runners", gas.of("tick") * 103 / 100);
        assert_eq!(unmet(&gas), ["certify_1", "tick_1000_runners"]);
    }
}
