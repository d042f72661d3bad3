//! Storage that counts what is read and written.

use std::cell::Cell;

use cosmwasm_std::{MemoryStorage, Order, Record, Storage};

/// Bytes by which records and keys may grow with the numbers in them, and nodes of a tree with their sixteen children.
const GROWTH: usize = 768;

/// What was done to a storage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// Values read by key.
    pub reads: usize,
    /// Entries that iterators went over.
    pub steps: usize,
    /// Values written or removed.
    pub writes: usize,
    /// Bytes of all these.
    pub bytes: usize,
}

impl Cost {
    /// Panics unless it is what `other` was but for the length of numbers.
    pub fn must_be(self, other: Self, what: &str) {
        let counts = |cost: Self| (cost.reads, cost.steps, cost.writes);
        assert_eq!(counts(self), counts(other), "{what}: reads, steps and writes");
        assert!(self.bytes <= other.bytes + GROWTH, "{what}: {} bytes, {} before", self.bytes, other.bytes);
    }
}

/// A copy of what a contract stores.
#[derive(Default)]
pub struct Meter {
    storage: MemoryStorage,
    cost: Cell<Cost>,
}

impl Meter {
    pub fn new(records: Vec<Record>) -> Self {
        let mut storage = MemoryStorage::default();
        for (key, value) in records {
            storage.set(&key, &value);
        }
        Self { storage, cost: Cell::default() }
    }

    /// What was done since the last time.
    pub fn take(&self) -> Cost {
        self.cost.take()
    }

    fn count(&self, change: impl FnOnce(&mut Cost)) {
        let mut cost = self.cost.get();
        change(&mut cost);
        self.cost.set(cost);
    }
}

impl Storage for Meter {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.storage.get(key);
        self.count(|cost| {
            cost.reads += 1;
            cost.bytes += key.len() + value.as_ref().map_or(0, Vec::len);
        });
        value
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        Box::new(self.storage.range(start, end, order).inspect(|(key, value)| {
            self.count(|cost| {
                cost.steps += 1;
                cost.bytes += key.len() + value.len();
            });
        }))
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        self.count(|cost| {
            cost.writes += 1;
            cost.bytes += key.len() + value.len();
        });
        self.storage.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.count(|cost| {
            cost.writes += 1;
            cost.bytes += key.len();
        });
        self.storage.remove(key);
    }
}
