//! The pool of the suite's version as staking stores it, and what must hold of it (docs/mechanism.md 1.3 to 1.5).

use std::collections::BTreeMap;

use mesg_api::staking::{POOLS, PoolHeader, RUNNERS, RunnerRow};
use mesg_protocol::ids::RunnerId;
use mesg_protocol::sum_tree::{CAPACITY, CachedTree, DEPTH, Node, NodeSource, TreeError, WIDTH};
use mesg_staking::state::{NODES, SLOTS};

use crate::chain::Chain;
use crate::suite::Suite;

/// Slots of a leaf node, and of a record of slots.
const BLOCK: u32 = WIDTH as u32;

/// Weights of slots that are not 0.
pub type Leaves = BTreeMap<u32, u64>;

/// The sum tree of a pool, with its totals.
#[derive(Debug)]
pub struct Pool {
    header: PoolHeader,
    nodes: BTreeMap<u16, Node>,
}

impl<C: Chain> Suite<C> {
    /// The epoch of the latest block.
    pub fn epoch(&self) -> u64 {
        self.app.now() / u64::from(self.epoch_secs)
    }

    /// The rows of the suite's runners in staking, of those that are registered.
    pub fn runner_rows(&self) -> Vec<(RunnerId, RunnerRow)> {
        let ids = self.runners.iter().map(|runner| runner.id);
        ids.filter_map(|id| Some((id, self.record(&self.staking, &RUNNERS, id)?))).collect()
    }

    /// The pool of the suite's version.
    pub fn pool(&self) -> Pool {
        let header = self.record(&self.staking, &POOLS, self.version).unwrap_or_default();
        let mut nodes = BTreeMap::new();
        // The nodes above the slots that were ever given to somebody, level by level.
        let (mut first, mut width) = (0, CAPACITY);
        for _ in 0..DEPTH {
            for number in (first..).take(header.slots.div_ceil(width) as usize) {
                let node = self.record(&self.staking, &NODES, (self.version, number));
                nodes.extend(node.map(|node| (number, node)));
            }
            (first, width) = (first * 16 + 1, width / BLOCK);
        }
        Pool { header, nodes }
    }

    /// 6: in all three epochs each sum of the tree is that of what is below it; from the next epoch on only runners that
    /// serve the version weigh something, each in a slot of its own, which tells draws its key and whether to look at it.
    pub(crate) fn pool_adds_up(&self, rows: &[(RunnerId, RunnerRow)]) {
        let (pool, now) = (self.pool(), self.epoch());
        for epoch in [now.saturating_sub(1), now] {
            pool.leaves(epoch);
        }
        let (mut next, mut blocks) = (pool.leaves(now + 1), BTreeMap::new());
        for (runner, row) in rows {
            for (_, slot) in row.versions.iter().filter(|(version, _)| *version == self.version) {
                next.remove(slot);
                let block = slot / BLOCK;
                let read = || self.record(&self.staking, &SLOTS, (self.version, block as u16)).expect("its slots");
                let seated = blocks.entry(block).or_insert_with(read).get((slot % BLOCK) as usize);
                let seated = seated.map(|seated| (seated.runner, seated.key_no, seated.look));
                assert_eq!(seated, Some((*runner, row.key_no, row.is_excluded())), "slot {slot} of {runner}");
            }
        }
        assert_eq!(next, Leaves::new(), "invariant 6: leaves of nobody who serves the version");
    }
}

impl NodeSource for Pool {
    type Error = TreeError;

    fn node(&self, number: u16) -> Result<Option<Node>, TreeError> {
        Ok(self.nodes.get(&number).copied())
    }
}

impl Pool {
    /// The leaves as of `epoch`, from the one before the present on. Panics where a sum of the tree, or the total in its
    /// header, is not that of its leaves.
    pub fn leaves(&self, epoch: u64) -> Leaves {
        let (mut tree, mut leaves) = (CachedTree::new(self, epoch), Leaves::new());
        let total = self.below(&mut tree, &mut leaves, Place { number: 0, level: 1, first: 0, width: CAPACITY });
        let totals = self.header.at(epoch).expect("an epoch that is kept");
        let found = (total, leaves.len() as u32);
        assert_eq!((totals.seats, totals.runners), found, "invariant 6: totals of epoch {epoch}");
        leaves
    }

    /// The sum of what is below a node.
    fn below(&self, tree: &mut CachedTree<'_, Self>, leaves: &mut Leaves, node: Place) -> u64 {
        let children = tree.children(node.number).expect("an epoch that is kept");
        for (child, sum) in (0..).zip(children) {
            let place = node.child(child);
            assert!(sum == 0 || place.first < self.header.slots, "invariant 6: slot {} is nobody's", place.first);
            if node.level == DEPTH && sum > 0 {
                leaves.insert(place.first, sum);
            }
            if node.level < DEPTH && place.first < self.header.slots {
                let found = self.below(tree, leaves, place);
                assert_eq!(sum, found, "invariant 6: child {child} of node {} as of {tree:?}", node.number);
            }
        }
        children.iter().sum()
    }
}

/// A node, or a slot.
#[derive(Clone, Copy)]
struct Place {
    number: u16,
    /// The root has 1.
    level: usize,
    /// Its first slot, and how many it covers.
    first: u32,
    width: u32,
}

impl Place {
    const fn child(self, child: u16) -> Self {
        let width = self.width / BLOCK;
        Self {
            number: self.number.wrapping_mul(16).wrapping_add(1).wrapping_add(child),
            level: self.level + 1,
            first: self.first + child as u32 * width,
            width,
        }
    }
}
