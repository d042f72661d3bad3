//! Ten thousand items in every list of registry and staking: pages stay pages, and no message gets dearer. The market's
//! lists have the same test beside its own.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    missing_docs,
    reason = "tests: a panic is how they report"
)]

mod alone;
mod meter;
mod registry;
mod staking;

use meter::Cost;

/// Items of a crowded list.
const MANY: u32 = 10_000;
/// Items of a list that is not crowded: full records of sixteen, as in a crowded one, and more than one message names.
const FEW: u32 = 64;
/// Entries of a page at most.
const PAGE: u32 = 50;

/// A page of a list.
struct Page {
    /// Numbers of its entries.
    numbers: Vec<u32>,
    /// What it read.
    cost: Cost,
    /// Bytes of the answer.
    size: usize,
}

/// Asks for all pages of a list, one after the other; `page` gives the entries after a number. They are the numbers of
/// the range, each once and in order, and the last full page reads as much as the first.
fn walk(all: std::ops::RangeInclusive<u32>, page: impl Fn(Option<u32>) -> Page) {
    let (mut expected, mut last, mut first) = (all.clone(), None, None::<Page>);
    loop {
        let page = page(last);
        let full = page.numbers.len() == PAGE as usize;
        assert!(page.numbers.len() <= PAGE as usize, "{} entries", page.numbers.len());
        assert!(page.numbers.iter().copied().eq(expected.by_ref().take(page.numbers.len())), "{:?}", page.numbers);
        let Some(end) = page.numbers.last() else { break };
        last = Some(*end);
        let first = first.get_or_insert_with(|| Page { numbers: vec![], ..page });
        if full {
            page.cost.must_be(first.cost, "a page");
            assert!(page.size <= first.size * 5 / 4, "{} bytes, the first page has {}", page.size, first.size);
        }
    }
    assert_eq!((last, expected.next()), (Some(*all.end()), None));
}

/// The same messages in the same order have cost the same.
fn no_dearer(many: &[(&str, Cost)], few: &[(&str, Cost)]) {
    assert_eq!(many.len(), few.len());
    for ((what, many), (_, few)) in many.iter().zip(few) {
        many.must_be(*few, what);
    }
}
