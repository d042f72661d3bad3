//! A tree in memory that keeps its nodes as a contract does, in bytes, and counts reads.

use std::cell::RefCell;
use std::collections::BTreeMap;

use mesg_protocol::codec::Record;
use mesg_protocol::sum_tree::{Node, NodeSource, NodeStore, TreeError, set_weight};

#[derive(Default)]
pub struct MemoryTree {
    nodes: BTreeMap<u16, Vec<u8>>,
    pub reads: RefCell<BTreeMap<u16, u32>>,
}

impl MemoryTree {
    /// A tree whose slots weigh `weights` from epoch 1 on.
    pub fn of(weights: &[u64]) -> Self {
        let mut tree = Self::default();
        for (slot, weight) in (0..).zip(weights) {
            set_weight(&mut tree, 0, slot, *weight).unwrap();
        }
        tree.reads.borrow_mut().clear();
        tree
    }
}

impl NodeSource for MemoryTree {
    type Error = TreeError;

    fn node(&self, number: u16) -> Result<Option<Node>, TreeError> {
        *self.reads.borrow_mut().entry(number).or_default() += 1;
        Ok(self.nodes.get(&number).map(|bytes| Node::decode(bytes).unwrap()))
    }
}

impl NodeStore for MemoryTree {
    fn set_node(&mut self, number: u16, node: &Node) -> Result<(), TreeError> {
        self.nodes.insert(number, node.encode());
        Ok(())
    }
}
