//! The engine profile: everything that decides what a component computes and how much fuel it burns.
//!
//! Changing any constant or setting here, or the wasmtime version, is a new profile name: runners of different profiles
//! could seal different values for one execution.

use wasmtime::wasmparser::WasmFeatures;
use wasmtime::{Cache, Config, OptLevel, Strategy};

/// Name of this profile, as service versions declare it (docs/mechanism.md 2.2): wasmtime 48, first configuration.
pub const PROFILE: &str = "wt48-1";

/// Most memory one call may hold, in bytes: all linear memories together plus [`TABLE_ELEMENT_BYTES`] per table element.
/// Part of the profile and not a limit of the caller, because MemoryLimit is a sealed value.
pub const MEMORY_BYTES: usize = 256 << 20;

/// What one table element counts against [`MEMORY_BYTES`].
pub(crate) const TABLE_ELEMENT_BYTES: usize = 8;

/// Stack of the component, in bytes. A deeper recursion is a [`crate::Decline`]: frame sizes differ between machines.
pub const MAX_WASM_STACK_BYTES: usize = 1 << 20;

/// Largest component that is loaded, in bytes; a larger one is declined.
pub const MAX_COMPONENT_BYTES: usize = 64 << 20;

/// Longest witness that a checker may give, in bytes; a longer one refuses the output.
pub const MAX_WITNESS_BYTES: usize = 1024;

/// Instances, memories and tables that one component may create; more is declined.
pub(crate) const MAX_ITEMS: usize = 1_000;

/// The WebAssembly features of the profile, named one by one so that neither wasmtime's defaults nor its cargo features
/// decide: 2.0 plus what compilers emit by default. No threads, relaxed SIMD, 64-bit memory, GC, exceptions or async.
pub(crate) fn features() -> WasmFeatures {
    WasmFeatures::WASM2
        .union(WasmFeatures::EXTENDED_CONST)
        .union(WasmFeatures::TAIL_CALL)
        .union(WasmFeatures::MULTI_MEMORY)
        .union(WasmFeatures::COMPONENT_MODEL)
        // Part of 1.0 by wasmparser's count: references other than to functions.
        .difference(WasmFeatures::GC_TYPES)
}

/// The engine's configuration for this profile, with the given compile cache.
pub(crate) fn config(cache: Cache) -> Config {
    let mut config = Config::new();
    config
        .wasm_features(WasmFeatures::all().difference(features()), false)
        .wasm_features(features(), true)
        .strategy(Strategy::Cranelift)
        .cranelift_opt_level(OptLevel::Speed)
        .cranelift_nan_canonicalization(true)
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(MAX_WASM_STACK_BYTES)
        .cache(Some(cache));
    config
}
