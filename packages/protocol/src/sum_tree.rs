//! Weights of a pool by epoch, in a tree of sums (1.3, 1.4).
//!
//! A pool has up to [`CAPACITY`] slots, one per runner; the weight of a slot is its whole seats. Four levels of nodes of
//! 16 children hold the sums: node 0 is the root, child c of node n is node 16·n + 1 + c, and the children of the nodes
//! 273 to 4,368 are the slots. Every node keeps three epochs, so a change asked for in epoch n is written for n + 1 at
//! once while draws of n and n − 1 still read what they were bound to.

use std::collections::BTreeMap;

use thiserror::Error;

use crate::codec::{CodecError, Reader, Record, Writer};
use crate::versioned::Versioned;

/// Children of a node.
pub const WIDTH: usize = 16;

/// Levels of nodes.
pub const DEPTH: usize = 4;

/// Slots of a pool.
pub const CAPACITY: u32 = 65_536;

/// Number of the root node.
pub const ROOT: u16 = 0;

/// Number of the node whose children are the slots 0 to 15.
const FIRST_LEAF_NODE: u16 = 273;

/// Sums below a node, or weights of slots.
pub type Children = [u64; WIDTH];

/// Why a tree cannot be read or written.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TreeError {
    /// No such slot.
    #[error("slot {got} of {CAPACITY}")]
    Slot {
        /// The slot asked for.
        got: u32,
    },
    /// The weights of that epoch are not kept any more.
    #[error("weights of epoch {asked} are gone, the oldest kept are of {oldest}")]
    TooOld {
        /// The epoch asked for.
        asked: u64,
        /// The oldest epoch that the node still has.
        oldest: u64,
    },
    /// A change is dated before the last one.
    #[error("change in epoch {now}, the last one was in {last}")]
    Backwards {
        /// Epoch of the change.
        now: u64,
        /// Epoch of the last change.
        last: u64,
    },
    /// The total of the weights exceeds u64.
    #[error("total weight exceeds 64 bits")]
    Overflow,
    /// The sums of a parent and a child disagree: the store is damaged.
    #[error("the sums of the tree disagree")]
    Inconsistent,
}

/// Three epochs of the sums below one node.
///
/// As a record: a byte `0001_00nc`, the tag, the previous children, the current ones if c is 1, the next ones if n is 1; what
/// is missing equals the version before it. Children are a u16 mask, child 0 in its lowest bit, and a LEB128 integer for
/// each bit: for the previous version the children that are not zero, for the others those that differ from the version
/// before. A node at rest with children below 128 so takes 3 bytes, one per child that is not zero, and its tag.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node(pub Versioned<Children>);

/// Where nodes are read from.
pub trait NodeSource {
    /// What a read or a write can end in.
    type Error: From<TreeError>;

    /// The node of that number, none if it was never written.
    ///
    /// # Errors
    /// As the store has them.
    fn node(&self, number: u16) -> Result<Option<Node>, Self::Error>;
}

/// Where nodes are kept.
pub trait NodeStore: NodeSource {
    /// Keeps the node under that number.
    ///
    /// # Errors
    /// As the store has them.
    fn set_node(&mut self, number: u16, node: &Node) -> Result<(), Self::Error>;
}

impl Node {
    /// The children as of `epoch`.
    fn at(&self, epoch: u64) -> Result<&Children, TreeError> {
        let oldest = self.0.tag.saturating_sub(1);
        self.0.at(epoch).ok_or(TreeError::TooOld { asked: epoch, oldest })
    }

    /// The children from the epoch after `now` on, to be changed.
    fn next_mut(&mut self, now: u64) -> Result<&mut Children, TreeError> {
        if now < self.0.tag {
            return Err(TreeError::Backwards { now, last: self.0.tag });
        }
        Ok(self.0.next_mut(now))
    }
}

/// Sets the weight of `slot` from the epoch after `now` on and gives the one that it replaces. Reads and writes four
/// nodes, none of them when nothing changes; writes nothing when it fails, unless the store itself does.
///
/// # Errors
/// [`TreeError::Slot`], [`TreeError::Backwards`], [`TreeError::Overflow`], and those of the store.
pub fn set_weight<S: NodeStore>(store: &mut S, now: u64, slot: u32, weight: u64) -> Result<u64, S::Error> {
    let (mut number, mut child) = leaf_of(slot)?;
    let mut node = store.node(number)?.unwrap_or_default();
    let replaced = replace(node.next_mut(now)?, child, weight)?;
    if replaced == weight {
        return Ok(replaced);
    }
    let mut changed = vec![(number, node)];
    while number != ROOT {
        let sum = total(node.next_mut(now)?)?;
        (number, child) = parent_of(number);
        node = store.node(number)?.unwrap_or_default();
        replace(node.next_mut(now)?, child, sum)?;
        changed.push((number, node));
    }
    total(node.next_mut(now)?)?;
    for (number, node) in &changed {
        store.set_node(*number, node)?;
    }
    Ok(replaced)
}

/// The weight of `slot` as of `epoch`.
///
/// # Errors
/// [`TreeError::Slot`], [`TreeError::TooOld`], and those of the store.
pub fn weight_at<S: NodeSource>(source: &S, epoch: u64, slot: u32) -> Result<u64, S::Error> {
    let (number, child) = leaf_of(slot)?;
    let Some(node) = source.node(number)? else { return Ok(0) };
    Ok(node.at(epoch)?.get(child).copied().unwrap_or_default())
}

/// The total weight of all slots as of `epoch`.
///
/// # Errors
/// [`TreeError::TooOld`], and those of the store.
pub fn total_at<S: NodeSource>(source: &S, epoch: u64) -> Result<u64, S::Error> {
    let Some(root) = source.node(ROOT)? else { return Ok(0) };
    Ok(total(root.at(epoch)?)?)
}

/// Whether `slot` may be given to another runner in epoch `now`: it weighs nothing in the epoch before, in `now` and after,
/// so no draw that can still happen reaches it.
///
/// # Errors
/// [`TreeError::Slot`], [`TreeError::TooOld`] when `now` lies before the last change, and those of the store.
pub fn slot_is_free<S: NodeSource>(source: &S, now: u64, slot: u32) -> Result<bool, S::Error> {
    let (number, child) = leaf_of(slot)?;
    let Some(node) = source.node(number)? else { return Ok(true) };
    for epoch in [now.saturating_sub(1), now, now.saturating_add(1)] {
        if node.at(epoch)?.get(child).copied() != Some(0) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// The sums of one tree as of one epoch. Several draws share it: each node is read at most once.
#[derive(Debug)]
pub struct CachedTree<'a, S> {
    source: &'a S,
    epoch: u64,
    nodes: BTreeMap<u16, Children>,
}

impl<'a, S: NodeSource> CachedTree<'a, S> {
    /// The tree of `source` as of `epoch`; reads nothing yet.
    pub const fn new(source: &'a S, epoch: u64) -> Self {
        Self { source, epoch, nodes: BTreeMap::new() }
    }

    /// The children of a node; all zero if it was never written.
    ///
    /// # Errors
    /// [`TreeError::TooOld`], and those of the store.
    pub fn children(&mut self, number: u16) -> Result<Children, S::Error> {
        if let Some(children) = self.nodes.get(&number) {
            return Ok(*children);
        }
        let children = match self.source.node(number)? {
            Some(node) => *node.at(self.epoch)?,
            None => Children::default(),
        };
        self.nodes.insert(number, children);
        Ok(children)
    }

    /// The weight of `slot`.
    ///
    /// # Errors
    /// [`TreeError::Slot`], [`TreeError::TooOld`], and those of the store.
    pub fn weight(&mut self, slot: u32) -> Result<u64, S::Error> {
        let (number, child) = leaf_of(slot)?;
        Ok(self.children(number)?.get(child).copied().unwrap_or_default())
    }

    /// At most `max` slots that weigh something. Nothing is read of branches
    /// without weight, and of several the heaviest is gone into first: at most four nodes for each slot, however many slots
    /// there are, and what is not reached lies in lighter branches than what is.
    ///
    /// # Errors
    /// [`TreeError::TooOld`], and those of the store.
    pub fn heaviest(&mut self, max: usize) -> Result<Heaviest, S::Error> {
        let mut slots = Vec::new();
        // The heaviest of a node is the last of its children here.
        let mut open = vec![Branch { weight: 0, level: 0, number: ROOT, slot: 0 }];
        while let Some(Branch { weight, level, number, slot }) = open.pop() {
            if slots.len() >= max {
                return Ok(Heaviest { slots, complete: false });
            }
            if level == DEPTH {
                slots.push((slot, weight));
                continue;
            }
            let below = |(child, weight): (u16, &u64)| Branch {
                weight: *weight,
                level: level.saturating_add(1),
                number: below(number, child),
                slot: (slot << 4) | u32::from(child),
            };
            let children = self.children(number)?;
            let mut branches: Vec<Branch> = (0_u16..).zip(&children).map(below).collect();
            branches.retain(|branch| branch.weight > 0);
            branches.sort_by_key(|branch| branch.weight);
            open.append(&mut branches);
        }
        Ok(Heaviest { slots, complete: true })
    }
}

/// Slots that weigh something.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Heaviest {
    /// Slots with their weights.
    pub slots: Vec<(u32, u64)>,
    /// Whether there are no others.
    pub complete: bool,
}

/// What is below one child of a node: a node, or on the last level a slot.
struct Branch {
    weight: u64,
    /// Nodes above it.
    level: usize,
    /// Its number, of no meaning on the last level.
    number: u16,
    /// Its slot there; above, the first bits of the slots below it.
    slot: u32,
}

/// The sum of children.
pub(crate) fn total(children: &Children) -> Result<u64, TreeError> {
    children.iter().try_fold(0_u64, |sum, child| sum.checked_add(*child)).ok_or(TreeError::Overflow)
}

/// Number of the node below child `child` of node `number`; of no meaning below the last level.
pub(crate) const fn below(number: u16, child: u16) -> u16 {
    number.wrapping_mul(16).wrapping_add(1).wrapping_add(child)
}

/// The node that has `slot` as a child, and which child.
fn leaf_of(slot: u32) -> Result<(u16, usize), TreeError> {
    let slot = u16::try_from(slot).map_err(|_| TreeError::Slot { got: slot })?;
    Ok(((slot / 16).saturating_add(FIRST_LEAF_NODE), usize::from(slot % 16)))
}

/// The node above a node that is not the root, and which child of it that is.
fn parent_of(number: u16) -> (u16, usize) {
    let place = number.saturating_sub(1);
    (place / 16, usize::from(place % 16))
}

/// Replaces one child and gives what it was.
fn replace(children: &mut Children, child: usize, value: u64) -> Result<u64, TreeError> {
    let place = children.get_mut(child).ok_or(TreeError::Inconsistent)?;
    Ok(core::mem::replace(place, value))
}

/// Layout version of a node's record, in the upper half of its first byte.
const LAYOUT: u8 = 1;
/// Flag: the current children differ from the previous ones and follow.
const CURRENT: u8 = 1;
/// Flag: the next children differ from the current ones and follow.
const NEXT: u8 = 2;

impl Record for Node {
    fn write(&self, out: &mut Writer) {
        let Versioned { tag, previous, current, next } = &self.0;
        let current_flag = if current == previous { 0 } else { CURRENT };
        let next_flag = if next == current { 0 } else { NEXT };
        out.byte((LAYOUT << 4) | current_flag | next_flag);
        out.int(*tag);
        write_changes(&Children::default(), previous, out);
        if current_flag != 0 {
            write_changes(previous, current, out);
        }
        if next_flag != 0 {
            write_changes(current, next, out);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let first = input.byte()?;
        if first >> 4 != LAYOUT {
            return Err(CodecError::Version { expected: LAYOUT, got: first >> 4 });
        }
        let flags = first & 0x0f;
        if flags > (CURRENT | NEXT) {
            return Err(CodecError::Tag { got: first });
        }
        let tag = input.int()?;
        let previous = read_changes(&Children::default(), false, input)?;
        let current = if flags & CURRENT == 0 { previous } else { read_changes(&previous, true, input)? };
        let next = if flags & NEXT == 0 { current } else { read_changes(&current, true, input)? };
        Ok(Self(Versioned { tag, previous, current, next }))
    }
}

/// Writes the mask of the children that differ from `base`, and those.
fn write_changes(base: &Children, children: &Children, out: &mut Writer) {
    let pairs = || base.iter().zip(children);
    let mask = pairs().rev().fold(0_u16, |mask, (old, new)| (mask << 1) | u16::from(old != new));
    out.fixed(&mask.to_be_bytes());
    for (_, new) in pairs().filter(|(old, new)| old != new) {
        out.int(*new);
    }
}

/// Reads what [`write_changes`] wrote, and only that: a child in the mask must differ from `base`, and there must be one if
/// `some`.
fn read_changes(base: &Children, some: bool, input: &mut Reader<'_>) -> Result<Children, CodecError> {
    let mut mask = u16::from_be_bytes([input.byte()?, input.byte()?]);
    if some && mask == 0 {
        return Err(CodecError::Integer);
    }
    let mut children = *base;
    for child in &mut children {
        if mask & 1 == 1 {
            let value = input.int()?;
            if value == *child {
                return Err(CodecError::Integer);
            }
            *child = value;
        }
        mask >>= 1;
    }
    Ok(children)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[derive(Default)]
    struct Memory(BTreeMap<u16, Vec<u8>>);

    #[derive(Debug, Error, PartialEq)]
    enum MemoryError {
        #[error(transparent)]
        Tree(#[from] TreeError),
        #[error(transparent)]
        Codec(#[from] CodecError),
    }

    impl NodeSource for Memory {
        type Error = MemoryError;

        fn node(&self, number: u16) -> Result<Option<Node>, MemoryError> {
            Ok(self.0.get(&number).map(|bytes| Node::decode(bytes)).transpose()?)
        }
    }

    impl NodeStore for Memory {
        fn set_node(&mut self, number: u16, node: &Node) -> Result<(), MemoryError> {
            self.0.insert(number, node.encode());
            Ok(())
        }
    }

    #[test]
    fn a_change_counts_from_the_next_epoch_on() {
        let mut tree = Memory::default();
        assert_eq!(set_weight(&mut tree, 7, 40_000, 5), Ok(0));
        assert_eq!([6, 7, 8, 100].map(|epoch| weight_at(&tree, epoch, 40_000).unwrap()), [0, 0, 5, 5]);
        assert_eq!([6, 7, 8, 100].map(|epoch| total_at(&tree, epoch).unwrap()), [0, 0, 5, 5]);
        assert_eq!(set_weight(&mut tree, 8, 40_000, 9), Ok(5));
        assert_eq!([7, 8, 9].map(|epoch| total_at(&tree, epoch).unwrap()), [0, 5, 9]);
        assert_eq!(weight_at(&tree, 8, 3), Ok(0));
        let mut cached = CachedTree::new(&tree, 8);
        assert_eq!([40_000, 3].map(|slot| cached.weight(slot).unwrap()), [5, 0]);
        assert_eq!(tree.0.len(), DEPTH);
    }

    #[test]
    fn nothing_is_written_when_nothing_changes_or_it_fails() {
        let mut tree = Memory::default();
        assert_eq!(set_weight(&mut tree, 7, 0, 0), Ok(0));
        assert!(tree.0.is_empty());
        set_weight(&mut tree, 7, 0, u64::MAX).unwrap();
        let before = tree.0.clone();
        assert_eq!(set_weight(&mut tree, 8, 0, u64::MAX), Ok(u64::MAX));
        assert_eq!(set_weight(&mut tree, 8, 1, 1), Err(TreeError::Overflow.into()));
        assert_eq!(set_weight(&mut tree, 8, 65_535, 1), Err(TreeError::Overflow.into()));
        assert_eq!(tree.0, before);
    }

    #[test]
    fn refusals() {
        let mut tree = Memory::default();
        let slot = TreeError::Slot { got: CAPACITY };
        assert_eq!(set_weight(&mut tree, 1, CAPACITY, 1), Err(slot.into()));
        assert_eq!(weight_at(&tree, 1, CAPACITY), Err(slot.into()));
        assert_eq!(slot_is_free(&tree, 1, CAPACITY), Err(slot.into()));
        set_weight(&mut tree, 10, 1, 1).unwrap();
        assert_eq!(set_weight(&mut tree, 9, 1, 2), Err(TreeError::Backwards { now: 9, last: 10 }.into()));
        assert_eq!(weight_at(&tree, 8, 1), Err(TreeError::TooOld { asked: 8, oldest: 9 }.into()));
        assert_eq!(total_at(&tree, 8), Err(TreeError::TooOld { asked: 8, oldest: 9 }.into()));
        let mut cached = CachedTree::new(&tree, 8);
        assert_eq!(cached.children(ROOT), Err(TreeError::TooOld { asked: 8, oldest: 9 }.into()));
    }

    #[test]
    fn a_slot_is_free_when_no_draw_can_reach_it() {
        let mut tree = Memory::default();
        assert_eq!(slot_is_free(&tree, 10, 1), Ok(true));
        set_weight(&mut tree, 10, 1, 1).unwrap();
        assert_eq!(slot_is_free(&tree, 10, 1), Ok(false));
        set_weight(&mut tree, 12, 1, 0).unwrap();
        assert_eq!([12, 13, 14].map(|now| slot_is_free(&tree, now, 1).unwrap()), [false, false, true]);
        set_weight(&mut tree, 12, 2, 1).unwrap();
        assert_eq!(slot_is_free(&tree, 14, 1), Ok(true), "a neighbour's weight does not count");
        assert_eq!(slot_is_free(&tree, 0, 1), Err(TreeError::TooOld { asked: 0, oldest: 11 }.into()));
    }

    #[test]
    fn the_heaviest_branches_are_gone_into_first() {
        let mut tree = Memory::default();
        assert_eq!(CachedTree::new(&tree, 2).heaviest(9), Ok(Heaviest { slots: vec![], complete: true }));
        for (slot, weight) in [(3, 5), (4, 7), (300, 9), (65_535, 11), (65_534, 2)] {
            set_weight(&mut tree, 1, slot, weight).unwrap();
        }
        // 21 below child 0 of the root, 13 below child 15.
        let all = vec![(4, 7), (3, 5), (300, 9), (65_535, 11), (65_534, 2)];
        let heaviest = |max| CachedTree::new(&tree, 2).heaviest(max).unwrap();
        assert_eq!(heaviest(5), Heaviest { slots: all.clone(), complete: true });
        for max in 0..5 {
            assert_eq!(heaviest(max), Heaviest { slots: all[..max].to_vec(), complete: false });
        }
        let mut cached = CachedTree::new(&tree, 2);
        cached.heaviest(2).unwrap();
        assert_eq!(cached.nodes.len(), DEPTH);
    }

    #[test]
    fn slots_and_nodes() {
        assert_eq!(leaf_of(0), Ok((273, 0)));
        assert_eq!(leaf_of(65_535), Ok((4_368, 15)));
        for slot in [0, 15, 16, 255, 4_096, 40_001, 65_535] {
            let (mut number, _) = leaf_of(slot).unwrap();
            for _ in 1..DEPTH {
                let (parent, child) = parent_of(number);
                assert_eq!(below(parent, child as u16), number);
                number = parent;
            }
            assert_eq!(number, ROOT);
        }
    }

    #[test]
    fn bytes_of_a_node() {
        let mut node = Node::default();
        assert_eq!(node.encode(), [0x10, 0, 0, 0]);
        node.next_mut(5).unwrap()[0] = 3;
        node.next_mut(5).unwrap()[15] = 300;
        assert_eq!(node.encode(), [0x12, 5, 0, 0, 0x80, 0x01, 3, 0xac, 0x02]);
        node.next_mut(6).unwrap()[15] = 2;
        assert_eq!(node.encode(), [0x13, 6, 0, 0, 0x80, 0x01, 3, 0xac, 0x02, 0x80, 0x00, 2]);
        node.next_mut(9).unwrap();
        assert_eq!(node.encode(), [0x10, 9, 0x80, 0x01, 3, 2]);
    }

    #[test]
    fn malformed_nodes_are_refused() {
        for (bytes, error) in [
            (&[][..], CodecError::Truncated),
            (&[0x20, 0, 0, 0], CodecError::Version { expected: 1, got: 2 }),
            (&[0x14, 0, 0, 0], CodecError::Tag { got: 0x14 }),
            (&[0x10, 0, 0], CodecError::Truncated),
            (&[0x10, 0, 0, 1], CodecError::Truncated),
            (&[0x10, 0, 0, 1, 0], CodecError::Integer),
            (&[0x10, 0, 0, 0, 0], CodecError::Trailing { extra: 1 }),
            (&[0x11, 0, 0, 0, 0, 0], CodecError::Integer),
            (&[0x12, 0, 0, 1, 4, 0, 1, 4], CodecError::Integer),
            (&[0x10, 0x80, 0, 0, 0], CodecError::Integer),
        ] {
            assert_eq!(Node::decode(bytes), Err(error), "{bytes:?}");
        }
    }

    fn arbitrary_children() -> impl Strategy<Value = Children> {
        prop::array::uniform16(prop_oneof![3 => Just(0), 3 => 1..300_u64, 1 => any::<u64>()])
    }

    proptest! {
        #[test]
        fn nodes_come_back(
            tag: u64, previous in arbitrary_children(), current in arbitrary_children(), same in 0..4_u8, child in 0..16_usize,
        ) {
            let current = if same & 1 == 0 { current } else { previous };
            let mut next = current;
            next[child] ^= u64::from(same >> 1);
            let node = Node(Versioned { tag, previous, current, next });
            prop_assert_eq!(Node::decode(&node.encode()), Ok(node));
        }

        #[test]
        fn what_decodes_encodes_to_the_same_bytes(
            first in 0x10..0x14_u8, rest in prop::collection::vec(prop_oneof![Just(0), 0..4_u8, any::<u8>()], 0..20),
        ) {
            let bytes = [vec![first], rest].concat();
            if let Ok(node) = Node::decode(&bytes) {
                prop_assert_eq!(node.encode(), bytes);
            }
        }
    }
}
