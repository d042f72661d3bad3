//! The draw against a naive one over a plain list, its uniformity, and that nothing later changes it.

use crate::memory_tree::MemoryTree;
use bnum::types::U256;
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::draw::{Draw, Pick};
use mesg_protocol::sum_tree::{CachedTree, TreeError, set_weight};
use proptest::prelude::*;

/// The first `wanted` slots in order, fewer if fewer have weight.
pub fn draw(tree: &mut CachedTree<'_, MemoryTree>, seed: Digest32, wanted: u32) -> Result<Vec<Pick>, TreeError> {
    let mut draw = Draw::new(seed, wanted);
    (0..wanted).map_while(|_| draw.pick(tree).transpose()).collect()
}

/// The draw as its definition says, over a plain list of weights.
fn naive(weights: &[u64], seed: Digest32, wanted: u32) -> Vec<Pick> {
    let (mut left, mut picks) = (weights.to_vec(), Vec::new());
    for attempt in 0..wanted {
        let total = left.iter().sum::<u64>();
        if total == 0 {
            break;
        }
        let digest = sha256(&[b"mesg/prf/v1", &seed.0, &attempt.to_be_bytes()]);
        let prf = u128::from_be_bytes(digest.0[..16].try_into().unwrap());
        let mut offset = u64::try_from((U256::from(prf) * U256::from(total)) >> 128_u32).unwrap();
        let mut slot = 0;
        while offset >= left[slot] {
            offset -= left[slot];
            slot += 1;
        }
        picks.push(Pick { slot: slot as u32, weight: left[slot] });
        left[slot] = 0;
    }
    picks
}

fn seed(number: u32) -> Digest32 {
    sha256(&[b"test seed", &number.to_be_bytes()])
}

fn weights() -> impl Strategy<Value = Vec<u64>> {
    let weight = prop_oneof![1 => Just(0), 4 => 1..50_u64, 1 => 1..1_u64 << 40];
    prop_oneof![
        prop::collection::vec(weight.clone(), 1..40),
        prop::collection::vec(weight.clone(), 200..600),
        prop::collection::vec(weight, 4_990..5_001),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn draws_as_the_definition_says(weights in weights(), seeds: [u32; 3], wanted in 0..90_u32) {
        let tree = MemoryTree::of(&weights);
        let mut cached = CachedTree::new(&tree, 1);
        for number in seeds {
            prop_assert_eq!(draw(&mut cached, seed(number), wanted).unwrap(), naive(&weights, seed(number), wanted));
        }
        prop_assert!(tree.reads.borrow().values().all(|reads| *reads == 1), "no node is read twice for a batch");
    }

    /// Attack 6, invariant 7: whoever moves stake after the binding, in its epoch or the one after, changes nothing.
    #[test]
    fn attack_06_later_changes_leave_the_order(
        before in prop::collection::vec(0..20_u64, 1..60),
        changes in prop::collection::vec((0..64_u32, 0..1_000_u64), 0..40),
        in_next in prop::collection::vec((0..64_u32, 0..1_000_u64), 0..40),
        bound in 1..50_u64,
        number: u32,
    ) {
        let mut tree = MemoryTree::of(&before);
        let first = draw(&mut CachedTree::new(&tree, bound), seed(number), 12).unwrap();
        for (epoch, changes) in [(bound, changes), (bound + 1, in_next)] {
            for (slot, weight) in changes {
                set_weight(&mut tree, epoch, slot, weight).unwrap();
                prop_assert_eq!(&draw(&mut CachedTree::new(&tree, bound), seed(number), 12).unwrap(), &first);
            }
        }
    }
}

/// Σ (observed − expected)² / expected.
fn chi_square(observed: &[u32], expected: &[f64]) -> f64 {
    observed.iter().zip(expected).map(|(o, e)| (f64::from(*o) - e).powi(2) / e).sum()
}

/// Upper 0.1 % point of chi-square with 39 degrees of freedom. The seeds are fixed: the tests give the same every time.
const CRITICAL_39: f64 = 72.06;

#[test]
fn first_picks_are_proportional_to_weight() {
    const DRAWS: u32 = 40_000;
    let weights: Vec<u64> = (0..40).map(|slot| 1 + slot % 7).collect();
    let total = weights.iter().sum::<u64>() as f64;
    let tree = MemoryTree::of(&weights);
    let mut cached = CachedTree::new(&tree, 1);
    let mut observed = [0; 40];
    for number in 0..DRAWS {
        observed[draw(&mut cached, seed(number), 1).unwrap()[0].slot as usize] += 1;
    }
    let expected: Vec<_> = weights.iter().map(|weight| f64::from(DRAWS) * *weight as f64 / total).collect();
    let statistic = chi_square(&observed, &expected);
    assert!(statistic < CRITICAL_39, "{statistic}");
}

/// Equal weights: each is included equally often. Inclusions of one draw exclude each other, which shrinks the variance by
/// (n − k)/(n − 1); the statistic is scaled up by as much.
#[test]
fn inclusion_is_uniform() {
    const DRAWS: u32 = 20_000;
    let tree = MemoryTree::of(&[3; 40]);
    let mut cached = CachedTree::new(&tree, 1);
    let mut observed = [0; 40];
    for number in 0..DRAWS {
        for pick in draw(&mut cached, seed(number), 6).unwrap() {
            observed[pick.slot as usize] += 1;
        }
    }
    let statistic = chi_square(&observed, &[f64::from(DRAWS) * 6.0 / 40.0; 40]) * 39.0 / 34.0;
    assert!(statistic < CRITICAL_39, "{statistic}");
}

/// Second picks against the exact probabilities of a draw without replacement.
#[test]
fn second_picks_follow_what_is_left() {
    const DRAWS: u32 = 40_000;
    let weights = [1_u64, 2, 3, 4, 10];
    let tree = MemoryTree::of(&weights);
    let mut cached = CachedTree::new(&tree, 1);
    let mut observed = [0; 20];
    for number in 0..DRAWS {
        let picks = draw(&mut cached, seed(number), 2).unwrap();
        let (first, second) = (picks[0].slot as usize, picks[1].slot as usize);
        observed[first * 4 + second - usize::from(second > first)] += 1;
    }
    let mut expected = Vec::new();
    for (first, weight) in weights.iter().enumerate() {
        for (_, second) in weights.iter().enumerate().filter(|(slot, _)| *slot != first) {
            let probability = (*weight as f64 / 20.0) * (*second as f64 / (20 - weight) as f64);
            expected.push(f64::from(DRAWS) * probability);
        }
    }
    let statistic = chi_square(&observed, &expected);
    // Upper 0.1 % point with 19 degrees of freedom.
    assert!(statistic < 43.82, "{statistic}");
}
