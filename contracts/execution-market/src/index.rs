//! Sets of executions by something else, in ascending id: one key each, with a value of one byte.

use cosmwasm_std::{Order, Storage};
use mesg_api::record_map::RecordKey;
use mesg_protocol::ids::ExecutionId;

/// A set of executions for each group.
pub struct Index {
    prefix: &'static str,
}

impl Index {
    /// An index under `prefix`, which must end in `/`.
    pub const fn new(prefix: &'static str) -> Self {
        Self { prefix }
    }

    fn group(&self, group: impl RecordKey) -> Vec<u8> {
        let mut key = self.prefix.as_bytes().to_vec();
        group.append(&mut key);
        key
    }

    fn key(&self, group: impl RecordKey, id: ExecutionId) -> Vec<u8> {
        let mut key = self.group(group);
        id.append(&mut key);
        key
    }

    /// Adds an execution to a group.
    pub fn insert(&self, storage: &mut dyn Storage, group: impl RecordKey, id: ExecutionId) {
        storage.set(&self.key(group, id), &[1]);
    }

    /// Removes an execution from a group.
    pub fn remove(&self, storage: &mut dyn Storage, group: impl RecordKey, id: ExecutionId) {
        storage.remove(&self.key(group, id));
    }

    /// Up to `limit` executions of a group above `after`, ascending.
    pub fn page(
        &self,
        storage: &dyn Storage,
        group: impl RecordKey,
        after: Option<ExecutionId>,
        limit: usize,
    ) -> Vec<ExecutionId> {
        let group = self.group(group);
        keys(storage, &group, after.map(|id| id.to_be_bytes()).as_ref().map(<[u8; 8]>::as_slice), limit)
            .iter()
            .filter_map(|key| key.get(group.len()..).and_then(id))
            .collect()
    }

    /// Up to `limit` (group, execution) of an index grouped by a u64, above `after`, ascending.
    pub fn page_by_u64(
        &self,
        storage: &dyn Storage,
        after: Option<(u64, ExecutionId)>,
        limit: usize,
    ) -> Vec<(u64, ExecutionId)> {
        let all = self.prefix.as_bytes();
        let after = after.map(|(group, id)| [group.to_be_bytes(), id.to_be_bytes()].concat());
        keys(storage, all, after.as_deref(), limit)
            .iter()
            .filter_map(|key| {
                let (group, rest) = key.get(all.len()..)?.split_first_chunk::<8>()?;
                Some((u64::from_be_bytes(*group), id(rest)?))
            })
            .collect()
    }
}

fn id(bytes: &[u8]) -> Option<ExecutionId> {
    Some(ExecutionId(u64::from_be_bytes(bytes.try_into().ok()?)))
}

/// Keys that start with `prefix`, above `prefix | after`.
fn keys(storage: &dyn Storage, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Vec<Vec<u8>> {
    // A trailing zero makes the bound exclusive: it is the next key after the given one.
    let start = after.map_or_else(|| prefix.to_vec(), |after| [prefix, after, &[0]].concat());
    let end = successor(prefix);
    storage.range_keys(Some(&start), end.as_deref(), Order::Ascending).take(limit).collect()
}

/// The first key after all those that start with `prefix`.
fn successor(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if let Some(next) = last.checked_add(1) {
            end.push(next);
            return Some(end);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockStorage;

    use super::*;

    #[test]
    fn pages_are_ascending_and_stay_in_their_group() {
        let (index, mut storage) = (Index::new("x/"), MockStorage::new());
        for (group, execution) in [(1u32, 7), (1, 300), (2, 8), (u32::MAX, 9)] {
            index.insert(&mut storage, group, ExecutionId(execution));
        }
        let page = |group: u32, after: Option<u64>, limit| {
            index.page(&storage, group, after.map(ExecutionId), limit).iter().map(|id| id.0).collect::<Vec<_>>()
        };
        assert_eq!(page(1, None, 10), [7, 300]);
        assert_eq!(page(1, Some(7), 10), [300]);
        assert_eq!(page(1, None, 1), [7]);
        assert_eq!(page(u32::MAX, None, 10), [9], "the last group has an end, too");
        assert_eq!(page(3, None, 10), Vec::<u64>::new());
        index.remove(&mut storage, 1u32, ExecutionId(7));
        assert_eq!(index.page(&storage, 1u32, None, 10), [ExecutionId(300)]);
    }

    #[test]
    fn pages_across_groups() {
        let (index, mut storage) = (Index::new("w/"), MockStorage::new());
        for (round, execution) in [(5u64, 2), (5, 3), (9, 1)] {
            index.insert(&mut storage, round, ExecutionId(execution));
        }
        let all = [(5, ExecutionId(2)), (5, ExecutionId(3)), (9, ExecutionId(1))];
        assert_eq!(index.page_by_u64(&storage, None, 10), all);
        assert_eq!(index.page_by_u64(&storage, Some(all[0]), 1), all[1..2]);
        assert_eq!(index.page_by_u64(&storage, Some(all[2]), 10), []);
    }
}
