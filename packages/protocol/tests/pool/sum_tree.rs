//! The tree against a plain list of weights per epoch, and the sums that must agree (invariant 6).

use crate::memory_tree::MemoryTree;
use mesg_protocol::sum_tree::{CachedTree, ROOT, TreeError, set_weight, slot_is_free, total_at, weight_at};
use proptest::prelude::*;

/// Weights of every slot in every epoch so far; the last list is that of the epoch after `now`.
struct Model {
    now: u64,
    epochs: Vec<Vec<u64>>,
}

impl Model {
    fn new(slots: usize) -> Self {
        Self { now: 0, epochs: vec![vec![0; slots]; 2] }
    }

    fn advance(&mut self, epochs: u64) {
        for _ in 0..epochs {
            self.epochs.push(self.epochs.last().unwrap().clone());
        }
        self.now += epochs;
    }

    fn at(&self, epoch: u64) -> &[u64] {
        self.epochs.get(epoch as usize).or(self.epochs.last()).unwrap()
    }
}

/// Every inner slot is the sum of its child node, as of `epoch` (invariant 6).
fn assert_sums(tree: &MemoryTree, epoch: u64) {
    let mut cached = CachedTree::new(tree, epoch);
    for parent in ROOT..273 {
        for (child, sum) in (1..).zip(cached.children(parent).unwrap()) {
            let below = cached.children(16 * parent + child).unwrap();
            assert_eq!(sum, below.iter().sum::<u64>(), "child {child} of node {parent} in epoch {epoch}");
        }
    }
}

/// A later epoch by 0 to 4, a slot of 200 spread over the whole tree, a weight.
fn change() -> impl Strategy<Value = (u64, usize, u64)> {
    let later = prop_oneof![4 => Just(0), 2 => Just(1), 1 => 2..5_u64];
    (later, 0..200_usize, prop_oneof![1 => Just(0), 3 => 1..400_u64])
}

fn slot_of(position: usize) -> u32 {
    u32::try_from(position * 311 % 65_536).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn invariant_06_tree_equals_the_plain_list(changes in prop::collection::vec(change(), 1..80)) {
        let (mut tree, mut model) = (MemoryTree::default(), Model::new(200));
        for (later, position, weight) in changes {
            model.advance(later);
            let replaced = set_weight(&mut tree, model.now, slot_of(position), weight).unwrap();
            let next = model.epochs.last_mut().unwrap();
            prop_assert_eq!(replaced, std::mem::replace(&mut next[position], weight));
            for epoch in model.now.saturating_sub(1)..model.now + 4 {
                prop_assert_eq!(total_at(&tree, epoch).unwrap(), model.at(epoch).iter().sum::<u64>());
                prop_assert_eq!(weight_at(&tree, epoch, slot_of(position)).unwrap(), model.at(epoch)[position]);
            }
        }
        for epoch in model.now.saturating_sub(1)..model.now + 2 {
            assert_sums(&tree, epoch);
        }
        for position in 0..200 {
            let slot = slot_of(position);
            let weights = (model.now.saturating_sub(1)..model.now + 2).map(|epoch| model.at(epoch)[position]);
            prop_assert_eq!(slot_is_free(&tree, model.now, slot).unwrap(), weights.clone().all(|weight| weight == 0));
            for (epoch, weight) in (model.now.saturating_sub(1)..).zip(weights) {
                prop_assert_eq!(weight_at(&tree, epoch, slot).unwrap(), weight);
            }
        }
    }

    #[test]
    fn what_is_too_old_is_refused(last in 2..100_u64, slot in 0..65_536_u32, older in 2..100_u64) {
        let mut tree = MemoryTree::default();
        set_weight(&mut tree, last, slot, 1).unwrap();
        let asked = last.saturating_sub(older);
        prop_assert_eq!(total_at(&tree, asked), Err(TreeError::TooOld { asked, oldest: last - 1 }));
    }
}
