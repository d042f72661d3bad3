//! Draws against vectors that an independent program computed.

use crate::draw::draw;
use crate::memory_tree::MemoryTree;
use mesg_protocol::digest::Digest32;
use mesg_protocol::draw::Draw;
use mesg_protocol::sum_tree::CachedTree;
use serde::Deserialize;

#[derive(Deserialize)]
struct Vector {
    leaves: Vec<u64>,
    seed: Digest32,
    want: u32,
    attempts: u32,
    slots: Vec<u32>,
}

#[test]
fn slots_in_order() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../vectors/draw.json")).unwrap();
    assert!(vectors.iter().any(|vector| vector.leaves.len() > 1_000));
    for vector in vectors {
        assert_eq!(vector.attempts, 4 * vector.want);
        let tree = MemoryTree::of(&vector.leaves);
        let picks = draw(&mut CachedTree::new(&tree, 1), vector.seed, vector.want).unwrap();
        assert_eq!(picks.iter().map(|pick| pick.slot).collect::<Vec<_>>(), vector.slots);
        for pick in picks {
            assert_eq!(pick.weight, vector.leaves[pick.slot as usize]);
        }
    }
}

#[test]
fn going_on_gives_the_same_order_up_to_four_attempts_each() {
    let vectors: Vec<Vector> = serde_json::from_str(include_str!("../vectors/draw.json")).unwrap();
    for vector in vectors {
        let tree = MemoryTree::of(&vector.leaves);
        let mut cached = CachedTree::new(&tree, 1);
        let mut going_on = Draw::new(vector.seed, vector.want);
        let mut slots = Vec::new();
        while let Some(pick) = going_on.pick(&mut cached).unwrap() {
            slots.push(pick.slot);
        }
        assert!(slots.starts_with(&vector.slots));
        let eligible = vector.leaves.iter().filter(|leaf| **leaf > 0).count();
        assert_eq!(slots.len(), eligible.min(vector.attempts as usize));
    }
}
