//! A pool of runners: its sum tree in memory, and committees drawn from it as staking and market draw them (1.3 to 1.5).

use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::draw::Draw;
use mesg_protocol::execution::Candidate;
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::seed;
use mesg_protocol::sum_tree::{CachedTree, Node, NodeSource, NodeStore, TreeError, set_weight};

/// Nodes of a full tree.
const NODES: usize = 4_369;

/// Epoch whose weights are drawn from.
const EPOCH: u64 = 1;

/// Runners of one pool; runner n stands in slot n.
#[derive(Clone, Debug)]
pub struct Pool {
    nodes: Vec<Option<Node>>,
}

impl Pool {
    /// A pool whose runner n has `seats[n]` seats.
    ///
    /// # Errors
    /// [`TreeError::Slot`] with more runners than the tree has slots.
    pub fn of(seats: impl IntoIterator<Item = u32>) -> Result<Self, TreeError> {
        let mut pool = Self { nodes: vec![None; NODES] };
        for (slot, seats) in (0..).zip(seats) {
            set_weight(&mut pool, EPOCH.saturating_sub(1), slot, seats.into())?;
        }
        Ok(pool)
    }

    /// Its tree, as of the epoch that requests are bound in.
    #[must_use]
    pub const fn tree(&self) -> CachedTree<'_, Self> {
        CachedTree::new(self, EPOCH)
    }
}

impl NodeSource for Pool {
    type Error = TreeError;

    fn node(&self, number: u16) -> Result<Option<Node>, TreeError> {
        self.nodes.get(usize::from(number)).copied().ok_or(TreeError::Inconsistent)
    }
}

impl NodeStore for Pool {
    fn set_node(&mut self, number: u16, node: &Node) -> Result<(), TreeError> {
        let place = self.nodes.get_mut(usize::from(number)).ok_or(TreeError::Inconsistent)?;
        *place = Some(*node);
        Ok(())
    }
}

/// The randomness of a simulation: beacon values and seeds are digests of its number and of what they are for.
#[derive(Clone, Copy, Debug)]
pub struct Randomness {
    domain: Digest32,
}

impl Randomness {
    /// Randomness of experiment `name` with number `seed`.
    #[must_use]
    pub fn of(name: &str, seed: u64) -> Self {
        Self { domain: sha256(&[b"mesg-simulation", &seed.to_be_bytes(), name.as_bytes()]) }
    }

    /// The market's domain in seals and seeds.
    #[must_use]
    pub const fn domain(&self) -> Digest32 {
        self.domain
    }

    /// Seed of a round's draw; every execution has a beacon value of its own.
    #[must_use]
    pub fn seed(&self, execution: ExecutionId, round: u8) -> Digest32 {
        let rand = sha256(&[b"beacon", &execution.to_be_bytes()]);
        seed(&self.domain, &rand, execution, round)
    }

    /// A number from 0 to 1, for what is not a rule: who arrives, who leaves.
    #[must_use]
    pub fn unit(&self, purpose: &str, number: u64) -> f64 {
        let digest = sha256(&[&self.domain.0, purpose.as_bytes(), &number.to_be_bytes()]);
        let number = digest.0.first_chunk().map_or(0, |bytes| u32::from_be_bytes(*bytes));
        f64::from(number) / (f64::from(u32::MAX) + 1.0)
    }
}

/// The first `wanted` runners in the order of the draw that are `free`: fewer when the draw ends before.
///
/// # Errors
/// Those of the tree.
pub fn candidates(
    tree: &mut CachedTree<'_, Pool>,
    seed: Digest32,
    wanted: u32,
    free: impl Fn(RunnerId) -> bool,
) -> Result<Vec<Candidate>, TreeError> {
    let mut draw = Draw::new(seed, wanted);
    let mut found = Vec::with_capacity(usize::try_from(wanted).unwrap_or_default());
    while u32::try_from(found.len()).unwrap_or(u32::MAX) < wanted {
        let Some(pick) = draw.pick(tree)? else { break };
        let runner = RunnerId(pick.slot);
        if free(runner) {
            found.push(Candidate { runner, key_no: 0, seats: u32::try_from(pick.weight).unwrap_or(u32::MAX) });
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_each_runner_once_and_skips_the_busy() {
        let pool = Pool::of([2, 0, 2, 5, 1]).unwrap();
        let seed = Randomness::of("test", 1).seed(ExecutionId(3), 1);
        let drawn = |free: fn(RunnerId) -> bool| -> Vec<_> {
            candidates(&mut pool.tree(), seed, 4, free).unwrap().iter().map(|one| (one.runner.0, one.seats)).collect()
        };
        let all = drawn(|_| true);
        let mut sorted = all.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, [(0, 2), (2, 2), (3, 5), (4, 1)]);
        let without: Vec<_> = all.into_iter().filter(|(runner, _)| *runner != 3).collect();
        assert_eq!(drawn(|runner| runner.0 != 3), without, "a skip does not reorder the others");
    }

    #[test]
    fn randomness_depends_on_experiment_seed_execution_and_round() {
        let (one, other) = (Randomness::of("a", 1), Randomness::of("a", 2));
        let seeds = [one.seed(ExecutionId(1), 1), one.seed(ExecutionId(1), 2), one.seed(ExecutionId(2), 1)];
        assert!(seeds.iter().all(|seed| seeds.iter().filter(|same| *same == seed).count() == 1));
        assert_ne!(one.seed(ExecutionId(1), 1), other.seed(ExecutionId(1), 1));
        let mean = (0..1_000).map(|number| one.unit("x", number)).sum::<f64>() / 1_000.0;
        assert!((0.45..0.55).contains(&mean));
    }
}
