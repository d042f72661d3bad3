//! Deterministic execution of WebAssembly components: limits, canonical output, compile cache.
//!
//! A service is one component of a world in `wit/task.wit`, pinned by its sha256. It imports nothing, so what it returns
//! depends on its input alone, and every runner that holds the same bytes and the same engine profile ([`PROFILE`]) seals the
//! same value (docs/mechanism.md 2.3). The component of a task with policy `verify` also checks results: a committee calls
//! [`Sandbox::verify`] on the posted output and seals the [`Verdict`]. What is a fault of the machine and not of the component is a [`Decline`], never a value.
//!
//! ```no_run
//! use std::time::Duration;
//! use mesg_sandbox::{Ending, Limits, Sandbox, SandboxConfig};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let (bytes, expected_sha256) = (Vec::<u8>::new(), [0u8; 32]);
//! let sandbox = Sandbox::new(&SandboxConfig::new("/var/cache/runner-agent/code"))?;
//! let component = sandbox.load(&bytes, &expected_sha256)?;
//! let limits = Limits { max_fuel: 200_000_000, max_output_bytes: 4096, wall_clock: Duration::from_secs(10) };
//! let outcome = sandbox.run(&component, r#"{"ctx":{},"input":{},"task":"report"}"#, &limits)?;
//! if let Ending::Ok { output } = outcome.ending { println!("{output} for {} mfuel", outcome.mfuel) }
//! # Ok(()) }
//! ```

mod cache;
mod call;
mod component;
mod decline;
mod envelope;
mod epoch;
mod memory_budget;
mod outcome;
mod profile;
mod sandbox;
mod verdict;

pub use component::{Component, LoadError, Refusal};
pub use decline::Decline;
pub use envelope::Envelope;
pub use outcome::{Ending, Outcome};
pub use profile::{MAX_COMPONENT_BYTES, MAX_WASM_STACK_BYTES, MAX_WITNESS_BYTES, MEMORY_BYTES, PROFILE};
pub use sandbox::{Limits, Sandbox, SandboxConfig, SandboxError};
pub use verdict::Verdict;
