//! One call of a component.

use wasmtime::component::{ComponentNamedList, Lower};
use wasmtime::{Engine, Store, Trap};

use crate::component::{CHECKER, Component, ENTRY_POINT};
use crate::decline::Decline;
use crate::epoch::EpochClock;
use crate::memory_budget::{MemoryBudget, MemoryRefusal};
use crate::outcome::Outcome;
use crate::profile::{MAX_WASM_STACK_BYTES, MEMORY_BYTES};
use crate::sandbox::Limits;
use crate::verdict::Verdict;

/// Stack of the thread that calls: the component's, and room for the host's own frames below it.
pub const STACK_BYTES: usize = MAX_WASM_STACK_BYTES + (3 << 20);

/// What both exports return: an output or a witness, or the words of a failure or a refusal.
type Returned = Result<String, String>;

/// The part of a call in which an error arose.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Making the instance: besides the component's start functions, this maps memory.
    Instantiate,
    /// Passing the arguments, running, taking the result.
    Run,
}

/// How a call ended that is not this machine's fault.
enum Ended {
    /// It returned, with so much fuel used.
    Returned(Returned, u64),
    OutOfFuel,
    MemoryLimit,
    Trapped(String),
}

/// Calls `run`; every ending is either a value or a decline.
pub fn run(engine: &Engine, component: &Component, input: &str, limits: &Limits) -> Result<Outcome, Decline> {
    Ok(match perform(engine, component, ENTRY_POINT, (input,), limits)? {
        Ended::Returned(returned, fuel) => Outcome::returned(returned, limits, fuel),
        Ended::OutOfFuel => Outcome::out_of_fuel(limits),
        Ended::MemoryLimit => Outcome::memory_limit(),
        Ended::Trapped(detail) => Outcome::trap(detail),
    })
}

/// Calls `verify`; every ending is either a verdict or a decline. Only what the checker accepts is valid: an output on
/// which it fails for everybody alike is refused, whoever's fault that is.
pub fn verify(
    engine: &Engine,
    component: &Component,
    (input, output): (&str, &str),
    limits: &Limits,
) -> Result<Verdict, Decline> {
    if !component.has_checker() {
        return Ok(Verdict::no_checker());
    }
    Ok(match perform(engine, component, CHECKER, (input, output), limits)? {
        Ended::Returned(Ok(witness), fuel) => Verdict::accepted(witness, fuel),
        Ended::Returned(Err(reason), _) => Verdict::invalid(reason),
        Ended::OutOfFuel => Verdict::invalid(format!("checker: more than {} fuel", limits.max_fuel)),
        Ended::MemoryLimit => Verdict::invalid(format!("checker: more than {MEMORY_BYTES} bytes of memory")),
        Ended::Trapped(detail) => Verdict::invalid(format!("checker: {detail}")),
    })
}

/// Instantiates `component` and calls its export `name`.
fn perform<P>(engine: &Engine, component: &Component, name: &str, params: P, limits: &Limits) -> Result<Ended, Decline>
where
    P: ComponentNamedList + Lower,
{
    let mut store = store(engine, limits)?;
    match call(&mut store, component, name, params) {
        Ok(returned) => {
            let left = store.get_fuel().map_err(host)?;
            Ok(Ended::Returned(returned, limits.max_fuel.saturating_sub(left)))
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

fn call<P>(
    store: &mut Store<MemoryBudget>,
    component: &Component,
    name: &str,
    params: P,
) -> Result<Returned, (Phase, wasmtime::Error)>
where
    P: ComponentNamedList + Lower,
{
    let instance = component.linked.instantiate(&mut *store).map_err(|e| (Phase::Instantiate, e))?;
    let entry = instance.get_typed_func::<P, (Returned,)>(&mut *store, name).map_err(|e| (Phase::Instantiate, e))?;
    let (returned,) = entry.call(&mut *store, params).map_err(|e| (Phase::Run, e))?;
    Ok(returned)
}

/// Sorts what ended a call early (docs/mechanism.md 2.3). A refused memory counts before the trap that it caused. What is not
/// a trap is the component breaking the canonical ABI when it came from the call, and the host's when from making the instance.
fn classify(
    phase: Phase,
    error: &wasmtime::Error,
    refusal: Option<&MemoryRefusal>,
    limits: &Limits,
) -> Result<Ended, Decline> {
    match (refusal, error.downcast_ref::<Trap>()) {
        (Some(MemoryRefusal::Cap), _) => Ok(Ended::MemoryLimit),
        (Some(MemoryRefusal::Host(reason)), _) => Err(Decline::Host { reason: reason.clone() }),
        (None, Some(Trap::OutOfFuel)) => Ok(Ended::OutOfFuel),
        (None, Some(Trap::Interrupt)) => Err(Decline::WallClock { limit_ms: limits.wall_clock.as_millis() }),
        (None, Some(Trap::StackOverflow)) => Err(Decline::StackExhausted { limit: MAX_WASM_STACK_BYTES }),
        (None, None) if phase == Phase::Instantiate => Err(Decline::Host { reason: format!("{error:#}") }),
        (None, _) => Ok(Ended::Trapped(format!("{error:#}"))),
    }
}

fn host(error: wasmtime::Error) -> Decline {
    Decline::Host { reason: format!("{error:#}") }
}
