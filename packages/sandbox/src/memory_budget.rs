//! How much memory one call may still take.

use crate::profile::{MAX_ITEMS, MEMORY_BYTES, TABLE_ELEMENT_BYTES};

/// What wasmtime 48 says when a memory is asked to grow past what its index type can address. It reports that like a
/// failure of the host, yet it is the component asking for more than the cap (`tests/limits.rs` holds the words to it).
const PAST_ADDRESS_SPACE: &str = "memory growth exceeds memory type's limits";

/// Why memory was refused; a refusal ends the call whatever the component would have made of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemoryRefusal {
    /// The component asked for more than [`MEMORY_BYTES`]: the agreed value MemoryLimit.
    Cap,
    /// The operating system had no more: this machine's fault.
    Host(String),
}

/// Counts the bytes of all memories and tables of a call down from [`MEMORY_BYTES`].
#[derive(Debug)]
pub struct MemoryBudget {
    left: usize,
    refusal: Option<MemoryRefusal>,
}

impl MemoryBudget {
    /// The full budget of one call.
    pub fn new() -> Self {
        Self { left: MEMORY_BYTES, refusal: None }
    }

    /// The refusal that ended the call, if one did.
    pub fn refusal(&self) -> Option<&MemoryRefusal> {
        self.refusal.as_ref()
    }

    /// Takes the growth `current` → `desired`; false where the declared `maximum` forbids it, which the component sees as -1.
    fn take(&mut self, current: usize, desired: usize, unit: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        let bytes = desired.saturating_sub(current).saturating_mul(unit);
        let Some(left) = self.left.checked_sub(bytes) else {
            return Err(self.refuse(MemoryRefusal::Cap));
        };
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        self.left = left;
        Ok(true)
    }

    fn refuse(&mut self, refusal: MemoryRefusal) -> wasmtime::Error {
        let error = wasmtime::Error::msg(format!("memory refused: {refusal:?}"));
        self.refusal = Some(refusal);
        error
    }
}

impl wasmtime::ResourceLimiter for MemoryBudget {
    fn memory_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.take(current, desired, 1, maximum)
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        let words = error.to_string();
        let refusal = if words == PAST_ADDRESS_SPACE { MemoryRefusal::Cap } else { MemoryRefusal::Host(words) };
        Err(self.refuse(refusal))
    }

    fn table_growing(&mut self, current: usize, desired: usize, maximum: Option<usize>) -> wasmtime::Result<bool> {
        self.take(current, desired, TABLE_ELEMENT_BYTES, maximum)
    }

    fn table_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        Err(self.refuse(MemoryRefusal::Host(error.to_string())))
    }

    fn instances(&self) -> usize {
        MAX_ITEMS
    }

    fn tables(&self) -> usize {
        MAX_ITEMS
    }

    fn memories(&self) -> usize {
        MAX_ITEMS
    }
}
