//! The sandbox: one engine, its clock and its compile cache.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use wasmtime::Engine;

use crate::component::{self, Component, LoadError};
use crate::decline::Decline;
use crate::epoch::EpochClock;
use crate::outcome::Outcome;
use crate::verdict::Verdict;
use crate::{cache, call, profile, verdict};

/// Stack of the thread that compiles: the compiler recurses with the component's nesting.
const LOAD_STACK_BYTES: usize = 16 << 20;

/// Where the sandbox keeps what it may keep.
#[derive(Debug, Clone)]
pub struct SandboxConfig {
    /// Directory of compiled code; created with mode 0700, refused when others can write it.
    pub cache_dir: PathBuf,
}

impl SandboxConfig {
    /// Configuration with compiled code in `cache_dir`.
    pub fn new(cache_dir: impl Into<PathBuf>) -> Self {
        Self { cache_dir: cache_dir.into() }
    }
}

/// Limits of one call, of `run` and of `verify` alike. Fuel and output are the task's own and part of the agreed value; the wall clock is this machine's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Fuel; running out is Err(OutOfFuel), of the checker Invalid.
    pub max_fuel: u64,
    /// Bytes of output, as returned and in canonical form; more is Err(OutputTooLarge).
    pub max_output_bytes: usize,
    /// Time for the call; running out is [`Decline::WallClock`]. Round up from the task's t_run: fuel is to trip first.
    pub wall_clock: Duration,
}

/// Why there is no sandbox.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// Someone else could place machine code in the cache.
    #[error("compile cache {} {reason}", path.display())]
    CacheNotPrivate {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// The cache directory cannot be made or written.
    #[error("compile cache {}: {source}", path.display())]
    CacheIo {
        /// The directory.
        path: PathBuf,
        /// The operating system's error.
        source: std::io::Error,
    },
    /// The engine does not start on this machine.
    #[error("engine: {reason}")]
    Engine {
        /// The engine's words.
        reason: String,
    },
}

impl SandboxError {
    pub(crate) fn engine(error: wasmtime::Error) -> Self {
        Self::Engine { reason: format!("{error:#}") }
    }
}

/// Loads and runs components under profile [`crate::PROFILE`]. Cheap to clone; calls may run in parallel. Blocking.
#[derive(Clone)]
pub struct Sandbox {
    engine: Engine,
    _clock: Arc<EpochClock>,
}

impl std::fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sandbox").field("profile", &profile::PROFILE).finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Starts the engine and its clock.
    ///
    /// # Errors
    /// [`SandboxError`] when the cache directory is not private or the engine does not start.
    pub fn new(config: &SandboxConfig) -> Result<Self, SandboxError> {
        let cache = cache::open(&config.cache_dir)?;
        let engine = Engine::new(&profile::config(cache)).map_err(SandboxError::engine)?;
        let clock = EpochClock::start(&engine).map_err(|e| SandboxError::Engine { reason: e.to_string() })?;
        Ok(Self { engine, _clock: Arc::new(clock) })
    }

    /// Checks that `bytes` have digest `expected_sha256`, validates, compiles (or takes the compiled code from the cache)
    /// and links them. Seconds for components of megabytes, milliseconds from the cache.
    ///
    /// # Errors
    /// [`LoadError::Refused`] with the agreed value of such a component, [`LoadError::Decline`] for this machine's faults.
    pub fn load(&self, bytes: &[u8], expected_sha256: &[u8; 32]) -> Result<Component, LoadError> {
        on_own_stack(LOAD_STACK_BYTES, || component::load(&self.engine, bytes, expected_sha256))?
    }

    /// Calls `run(input)` in a fresh store: nothing is kept between calls.
    ///
    /// # Errors
    /// [`Decline`] for what is this machine's fault. Everything else is an [`Outcome`] that all honest seats share.
    pub fn run(&self, component: &Component, input: &str, limits: &Limits) -> Result<Outcome, Decline> {
        on_own_stack(call::STACK_BYTES, || call::run(&self.engine, component, input, limits))?
    }

    /// Calls `verify(input, output)` in a fresh store, under the limits of the task. `output` is what somebody posted, any
    /// bytes: what is longer than the task's limit or not canonical JSON is refused before the checker is asked, and so
    /// is everything if the component has no checker.
    ///
    /// # Errors
    /// [`Decline`] for what is this machine's fault. Everything else is a [`Verdict`] that all honest seats share.
    pub fn verify(
        &self,
        component: &Component,
        input: &str,
        output: &[u8],
        limits: &Limits,
    ) -> Result<Verdict, Decline> {
        match verdict::readable(output, limits.max_output_bytes) {
            Ok(output) => {
                on_own_stack(call::STACK_BYTES, || call::verify(&self.engine, component, (input, output), limits))?
            }
            Err(reason) => Ok(Verdict::invalid(reason)),
        }
    }
}

/// Runs `work` on a thread with a stack of known size, so that the component's stack limit trips before the host's and a
/// panic of the engine stays here.
fn on_own_stack<T: Send>(stack: usize, work: impl FnOnce() -> T + Send) -> Result<T, Decline> {
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new()
            .name("sandbox".to_owned())
            .stack_size(stack)
            .spawn_scoped(scope, work)
            .map_err(|e| Decline::Host { reason: e.to_string() })?;
        thread.join().map_err(|_| Decline::Panicked)
    })
}
