//! Acts that were refused: not sent again before the chain has moved on, so that nothing is paid for in a loop.

use std::collections::HashMap;

/// Blocks that an act waits after its first refusal; doubled with each further one.
const FIRST: u64 = 2;
/// Doublings at most: 128 blocks.
const DOUBLINGS: u32 = 6;
/// Blocks after which a refusal is forgotten.
const FORGET: u64 = 2_000;

/// Refused acts by name.
#[derive(Debug, Default)]
pub struct Parked {
    by_name: HashMap<String, Entry>,
}

#[derive(Debug)]
struct Entry {
    refusals: u32,
    until: u64,
}

impl Parked {
    /// An act was refused at `height`.
    pub fn refuse(&mut self, name: String, height: u64) {
        let entry = self.by_name.entry(name).or_insert(Entry { refusals: 0, until: 0 });
        let blocks = FIRST.checked_shl(entry.refusals.min(DOUBLINGS)).unwrap_or(FIRST);
        entry.refusals = entry.refusals.saturating_add(1);
        entry.until = height.saturating_add(blocks);
    }

    /// Whether the act may be sent at `height`.
    #[must_use]
    pub fn allows(&self, name: &str, height: u64) -> bool {
        self.by_name.get(name).is_none_or(|entry| height >= entry.until)
    }

    /// Forgets what was refused long ago.
    pub fn forget(&mut self, height: u64) {
        self.by_name.retain(|_, entry| entry.until.saturating_add(FORGET) > height);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_double_and_end() {
        let mut parked = Parked::default();
        assert!(parked.allows("a", 10));
        let mut pauses = Vec::new();
        for _ in 0..9 {
            parked.refuse("a".into(), 10);
            pauses.push((10..).find(|height| parked.allows("a", *height)).unwrap() - 10);
        }
        assert_eq!(pauses, [2, 4, 8, 16, 32, 64, 128, 128, 128]);
        assert!(parked.allows("b", 10));
        parked.forget(10 + 128 + FORGET);
        assert!(parked.allows("a", 10));
    }
}
