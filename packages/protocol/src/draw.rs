//! The draw of a committee: by weight, without replacement, in an order that the seed fixes (1.4, 2.6).
//!
//! A draw is a pure function of the seed, the weights as of one epoch and the number wanted. It writes nothing: what is
//! drawn is taken out of a copy of the nodes on its path.

use std::collections::BTreeMap;

use crate::digest::{Digest32, sha256};
use crate::sum_tree::{CachedTree, Children, DEPTH, NodeSource, ROOT, TreeError, below, total};

/// Attempts of a draw for each one wanted.
const ATTEMPTS: u32 = 4;

/// A slot that was drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pick {
    /// The slot, 0 to 65,535.
    pub slot: u32,
    /// Its weight, in whole seats, as of the epoch of the tree.
    pub weight: u64,
}

/// A draw in progress: [`Draw::pick`] gives the next slot in order.
#[derive(Clone, Debug)]
pub struct Draw {
    seed: Digest32,
    attempt: u32,
    attempts: u32,
    /// What is left in the nodes from which something was taken.
    left: BTreeMap<u16, Children>,
}

impl Draw {
    /// A draw with this seed that makes at most 4 · `wanted` attempts, so that up to 3 · `wanted` picks may be skipped.
    #[must_use]
    pub const fn new(seed: Digest32, wanted: u32) -> Self {
        Self { seed, attempt: 0, attempts: wanted.saturating_mul(ATTEMPTS), left: BTreeMap::new() }
    }

    /// The next slot; none when all with weight are drawn or the attempts are used up. All picks of one draw must be made
    /// from the same tree and epoch.
    ///
    /// # Errors
    /// [`TreeError::TooOld`], [`TreeError::Inconsistent`], and those of the store.
    pub fn pick<S: NodeSource>(&mut self, tree: &mut CachedTree<'_, S>) -> Result<Option<Pick>, S::Error> {
        let remaining = total(&self.children(tree, ROOT)?)?;
        if remaining == 0 || self.attempt >= self.attempts {
            return Ok(None);
        }
        let mut offset = scaled(self.prf(), remaining);
        self.attempt = self.attempt.saturating_add(1);
        let (mut number, mut slot, mut weight) = (ROOT, 0_u32, 0);
        let mut path = [(ROOT, 0); DEPTH];
        for step in &mut path {
            let found = find(&self.children(tree, number)?, offset).ok_or(TreeError::Inconsistent)?;
            *step = (number, found.child);
            slot = (slot << 4) | u32::from(found.child);
            number = below(number, found.child);
            (offset, weight) = (found.offset, found.weight);
        }
        for (number, child) in path {
            self.take(tree, number, child, weight)?;
        }
        Ok(Some(Pick { slot, weight }))
    }

    /// Pseudo-random number of this attempt: the first 16 bytes of a digest.
    fn prf(&self) -> u128 {
        let digest = sha256(&[b"mesg/prf/v1", &self.seed.0, &self.attempt.to_be_bytes()]);
        digest.0.first_chunk().map_or(0, |first| u128::from_be_bytes(*first))
    }

    /// What is left below a node.
    fn children<S: NodeSource>(&self, tree: &mut CachedTree<'_, S>, number: u16) -> Result<Children, S::Error> {
        match self.left.get(&number) {
            Some(children) => Ok(*children),
            None => tree.children(number),
        }
    }

    /// Takes `weight` out of one child of a node.
    fn take<S: NodeSource>(
        &mut self,
        tree: &mut CachedTree<'_, S>,
        number: u16,
        child: u16,
        weight: u64,
    ) -> Result<(), S::Error> {
        let mut children = self.children(tree, number)?;
        let place = children.get_mut(usize::from(child)).ok_or(TreeError::Inconsistent)?;
        *place = place.checked_sub(weight).ok_or(TreeError::Inconsistent)?;
        self.left.insert(number, children);
        Ok(())
    }
}

/// `floor(prf · total / 2^128)`, which is below `total`.
fn scaled(prf: u128, total: u64) -> u64 {
    let total = u128::from(total);
    let (high, low) = (prf >> 64, prf & u128::from(u64::MAX));
    // Both products are below 2^128 − 2^64 and the carry below 2^64: nothing wraps, and the result is below 2^64.
    let carry = low.wrapping_mul(total) >> 64;
    u64::try_from(high.wrapping_mul(total).wrapping_add(carry) >> 64).unwrap_or(u64::MAX)
}

/// Where an offset falls among children.
struct Found {
    /// Which child.
    child: u16,
    /// The offset inside of it.
    offset: u64,
    /// Its weight.
    weight: u64,
}

/// The child in which `offset` falls when the children stand in a row.
fn find(children: &Children, mut offset: u64) -> Option<Found> {
    for (child, weight) in (0_u16..).zip(children) {
        match offset.checked_sub(*weight) {
            Some(rest) => offset = rest,
            None => return Some(Found { child, offset, weight: *weight }),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sum_tree::Node;
    use crate::versioned::Versioned;

    /// A tree of which only the root was written.
    struct RootOnly(Children);

    impl NodeSource for RootOnly {
        type Error = TreeError;

        fn node(&self, number: u16) -> Result<Option<Node>, TreeError> {
            let root = Node(Versioned { tag: 0, previous: self.0, current: self.0, next: self.0 });
            Ok((number == ROOT).then_some(root))
        }
    }

    #[test]
    fn scaling_is_exact_at_the_edges() {
        assert_eq!(scaled(0, u64::MAX), 0);
        assert_eq!(scaled(u128::MAX, 1), 0);
        assert_eq!(scaled(u128::MAX, u64::MAX), u64::MAX - 1);
        assert_eq!(scaled(1 << 127, 7), 3);
        assert_eq!(scaled((1 << 127) - 1, 8), 3);
    }

    #[test]
    fn a_damaged_tree_is_an_error() {
        let damaged = |root| Draw::new(Digest32::ZERO, 1).pick(&mut CachedTree::new(&RootOnly(root), 0));
        assert_eq!(damaged([0; 16]), Ok(None));
        assert_eq!(damaged([1; 16]), Err(TreeError::Inconsistent));
        assert_eq!(damaged([u64::MAX; 16]), Err(TreeError::Overflow));
    }
}
