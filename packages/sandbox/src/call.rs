//! One call of a component.

use wasmtime::{Engine, Store, Trap};

use crate::component::{Component, ENTRY_POINT};
use crate::decline::Decline;
use crate::epoch::EpochClock;
use crate::memory_budget::{MemoryBudget, MemoryRefusal};
use crate::outcome::Outcome;
use crate::profile::{MAX_WASM_STACK_BYTES, MEMORY_BYTES};
use crate::sandbox::Limits;

/// Stack of the thread that calls: the component's, and room for the host's own frames below it.
pub const STACK_BYTES: usize = MAX_WASM_STACK_BYTES + (3 << 20);

/// What `run` returns: the output or the task's own error, both as text.
type Returned = Result<String, String>;

/// The part of a call in which an error arose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Making the instance: besides the component's start functions, this maps memory.
    Instantiate,
    /// Passing the input, running, taking the result.
    Run,
}

/// Instantiates and calls `component`; every ending is either a value or a decline.
pub fn run(engine: &Engine, component: &Component, input: &str, limits: &Limits) -> Result<Outcome, Decline> {
    let mut store = store(engine, limits)?;
    match call(&mut store, component, input) {
        Ok(returned) => {
            let left = store.get_fuel().map_err(host)?;
            Ok(Outcome::returned(returned, limits, limits.max_fuel.saturating_sub(left)))
        }
        Err((phase, error)) => classify(phase, &error, store.data().refusal(), limits),
    }
}

fn store(engine: &Engine, limits: &Limits) -> Result<Store<MemoryBudget>, Decline> {
    let mut store = Store::new(engine, MemoryBudget::new());
    store.limiter(|budget| budget);
    store.set_fuel(limits.max_fuel).map_err(host)?;
    store.set_epoch_deadline(EpochClock::epochs(limits.wall_clock));
    // The result is at most the memory that it lies in; the size limit of the task is applied to what was taken.
    store.set_hostcall_fuel(MEMORY_BYTES.saturating_mul(2));
    Ok(store)
}

fn call(
    store: &mut Store<MemoryBudget>,
    component: &Component,
    input: &str,
) -> Result<Returned, (Phase, wasmtime::Error)> {
    let instance = component.linked.instantiate(&mut *store).map_err(|e| (Phase::Instantiate, e))?;
    let entry = instance
        .get_typed_func::<(&str,), (Returned,)>(&mut *store, ENTRY_POINT)
        .map_err(|e| (Phase::Instantiate, e))?;
    let (returned,) = entry.call(&mut *store, (input,)).map_err(|e| (Phase::Run, e))?;
    Ok(returned)
}

/// Sorts what ended a call early (docs/mechanism.md 2.3). A refused memory counts before the trap that it caused. What is not
/// a trap is the component breaking the canonical ABI when it came from the call, and the host's when from making the instance.
fn classify(
    phase: Phase,
    error: &wasmtime::Error,
    refusal: Option<&MemoryRefusal>,
    limits: &Limits,
) -> Result<Outcome, Decline> {
    match (refusal, error.downcast_ref::<Trap>()) {
        (Some(MemoryRefusal::Cap), _) => Ok(Outcome::memory_limit()),
        (Some(MemoryRefusal::Host(reason)), _) => Err(Decline::Host { reason: reason.clone() }),
        (None, Some(Trap::OutOfFuel)) => Ok(Outcome::out_of_fuel(limits)),
        (None, Some(Trap::Interrupt)) => Err(Decline::WallClock { limit_ms: limits.wall_clock.as_millis() }),
        (None, Some(Trap::StackOverflow)) => Err(Decline::StackExhausted { limit: MAX_WASM_STACK_BYTES }),
        (None, None) if phase == Phase::Instantiate => Err(Decline::Host { reason: format!("{error:#}") }),
        (None, _) => Ok(Outcome::trap(format!("{error:#}"))),
    }
}

fn host(error: wasmtime::Error) -> Decline {
    Decline::Host { reason: format!("{error:#}") }
}
