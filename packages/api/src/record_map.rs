//! Binary hot records in contract storage, readable raw by other contracts.
//!
//! A key is an ASCII prefix ending in `/` and the big-endian bytes of the id. Maps of cw-storage-plus start with a
//! zero byte and items have names without `/`, so keys never meet.

use std::marker::PhantomData;

use cosmwasm_std::{Addr, QuerierWrapper, StdError, StdResult, Storage};
use mesg_protocol::codec::Record;
use mesg_protocol::ids::{ExecutionId, ParamsId, RunnerId, ServiceId, TermsId, VersionId};

/// An id usable in a key: its big-endian bytes.
pub trait RecordKey: Copy {
    /// Appends the bytes of the key.
    fn append(self, key: &mut Vec<u8>);
}

macro_rules! keys {
    ($($id:ty),*) => {$(
        impl RecordKey for $id {
            fn append(self, key: &mut Vec<u8>) {
                key.extend_from_slice(&self.to_be_bytes());
            }
        }
    )*};
}
keys!(u8, u16, u32, u64, ServiceId, VersionId, TermsId, RunnerId, ParamsId, ExecutionId);

impl RecordKey for () {
    fn append(self, _key: &mut Vec<u8>) {}
}

impl RecordKey for &[u8] {
    fn append(self, key: &mut Vec<u8>) {
        key.extend_from_slice(self);
    }
}

impl<A: RecordKey, B: RecordKey> RecordKey for (A, B) {
    fn append(self, key: &mut Vec<u8>) {
        self.0.append(key);
        self.1.append(key);
    }
}

impl<A: RecordKey, B: RecordKey, C: RecordKey> RecordKey for (A, B, C) {
    fn append(self, key: &mut Vec<u8>) {
        self.0.append(key);
        self.1.append(key);
        self.2.append(key);
    }
}

/// A map from ids to binary records under one prefix.
#[derive(Debug)]
pub struct RecordMap<K, V> {
    prefix: &'static str,
    of: PhantomData<(K, V)>,
}

impl<K: RecordKey, V: Record> RecordMap<K, V> {
    /// A map under `prefix`, which must end in `/`.
    pub const fn new(prefix: &'static str) -> Self {
        Self { prefix, of: PhantomData }
    }

    /// The prefix.
    pub const fn prefix(&self) -> &'static str {
        self.prefix
    }

    /// The storage key of a record.
    pub fn key(&self, id: K) -> Vec<u8> {
        let mut key = self.prefix.as_bytes().to_vec();
        id.append(&mut key);
        key
    }

    /// The record, if there is one.
    pub fn may_load(&self, storage: &dyn Storage, id: K) -> StdResult<Option<V>> {
        storage.get(&self.key(id)).map(|bytes| self.decode(&bytes)).transpose()
    }

    /// Whether there is a record.
    pub fn has(&self, storage: &dyn Storage, id: K) -> bool {
        storage.get(&self.key(id)).is_some()
    }

    /// Writes the record.
    pub fn save(&self, storage: &mut dyn Storage, id: K, record: &V) {
        storage.set(&self.key(id), &record.encode());
    }

    /// Removes the record.
    pub fn remove(&self, storage: &mut dyn Storage, id: K) {
        storage.remove(&self.key(id));
    }

    /// Reads the record from another contract's storage by raw query.
    pub fn query(&self, querier: &QuerierWrapper, contract: &Addr, id: K) -> StdResult<Option<V>> {
        let found = querier.query_wasm_raw(contract, self.key(id))?;
        found.filter(|bytes| !bytes.is_empty()).map(|bytes| self.decode(&bytes)).transpose()
    }

    fn decode(&self, bytes: &[u8]) -> StdResult<V> {
        V::decode(bytes).map_err(|error| StdError::parse_err(self.prefix, error))
    }
}
