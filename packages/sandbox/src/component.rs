//! From bytes to something that can be called.

use sha2::{Digest, Sha256};
use wasmtime::Engine;
use wasmtime::component::types::{ComponentFunc, ComponentItem};
use wasmtime::component::{InstancePre, Linker, Type};
use wasmtime::wasmparser::{Parser, Payload, Validator};

use crate::decline::Decline;
use crate::memory_budget::MemoryBudget;
use crate::outcome::Outcome;
use crate::profile::{self, MAX_COMPONENT_BYTES};
use crate::verdict::Verdict;

/// Name of the export that runs a task.
pub(crate) const ENTRY_POINT: &str = "run";
/// Name of the export that checks a result.
pub(crate) const CHECKER: &str = "verify";

/// A component that was checked, compiled and linked; cheap to clone, callable from many threads at once.
#[derive(Clone)]
pub struct Component {
    pub(crate) linked: InstancePre<MemoryBudget>,
    has_checker: bool,
    sha256: [u8; 32],
}

impl Component {
    /// sha256 of the component's bytes.
    pub fn sha256(&self) -> &[u8; 32] {
        &self.sha256
    }

    /// Whether it is of the world `verified-task`. An export `verify` of another type is none.
    pub const fn has_checker(&self) -> bool {
        self.has_checker
    }
}

impl std::fmt::Debug for Component {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Component").field(&hex::encode(self.sha256)).finish()
    }
}

/// Why a component was not loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LoadError {
    /// Every runner of this profile refuses it: an agreed value, see [`Refusal::outcome`].
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// This machine could not load it.
    #[error(transparent)]
    Decline(#[from] Decline),
}

/// Why no runner of this profile can run these bytes, although their digest is the one that was published.
///
/// Decided by the pinned validator and the component's own interface alone, before anything is compiled, so all honest
/// seats see the same. Compiler and linker failures are [`Decline::Compile`] instead, since they may differ between machines.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A core module, or no WebAssembly at all.
    #[error("not a WebAssembly component")]
    NotAComponent,
    /// Malformed, or uses a feature that the profile leaves out.
    #[error("invalid component for {}: {reason}", profile::PROFILE)]
    Invalid {
        /// The validator's words and the offset, for people.
        reason: String,
    },
    /// A component may import nothing.
    #[error("component imports {}", names.join(", "))]
    HasImports {
        /// Names of the imports, in order.
        names: Vec<String>,
    },
    /// The world's function is missing or has another type.
    #[error("component exports no `run: func(input: string) -> result<string, string>`")]
    NoEntryPoint,
}

impl Refusal {
    /// The value that an execution of such a component has: Err(Trap), mfuel 0. Sealing it, rather than declining, ends
    /// the execution at once and leaves the cost with whoever published the bytes, not with the seats.
    pub fn outcome(&self) -> Outcome {
        Outcome::trap(self.to_string())
    }

    /// What it says about a result that is to be checked with such a component: what nobody can check is not accepted.
    pub fn verdict(&self) -> Verdict {
        Verdict::invalid(self.to_string())
    }
}

/// Checks, compiles and links `bytes`.
pub(crate) fn load(engine: &Engine, bytes: &[u8], expected_sha256: &[u8; 32]) -> Result<Component, LoadError> {
    let sha256 = check_digest(bytes, expected_sha256)?;
    validate(bytes)?;
    refuse_imports(bytes)?;
    let compile = |e: wasmtime::Error| Decline::Compile { reason: format!("{e:#}") };
    let component = wasmtime::component::Component::new(engine, bytes).map_err(compile)?;
    let exports = component.component_type();
    let exports_func = |name, texts| match exports.get_export(engine, name).map(|export| export.ty) {
        Some(ComponentItem::ComponentFunc(func)) => is_of_texts(&func, texts),
        _ => false,
    };
    if !exports_func(ENTRY_POINT, 1) {
        return Err(Refusal::NoEntryPoint.into());
    }
    let linked = Linker::new(engine).instantiate_pre(&component).map_err(compile)?;
    Ok(Component { linked, has_checker: exports_func(CHECKER, 2), sha256 })
}

fn check_digest(bytes: &[u8], expected: &[u8; 32]) -> Result<[u8; 32], Decline> {
    if bytes.len() > MAX_COMPONENT_BYTES {
        return Err(Decline::ComponentTooLarge { got: bytes.len(), max: MAX_COMPONENT_BYTES });
    }
    let got: [u8; 32] = Sha256::digest(bytes).into();
    if got != *expected {
        return Err(Decline::DigestMismatch { expected: hex::encode(expected), got: hex::encode(got) });
    }
    Ok(got)
}

fn validate(bytes: &[u8]) -> Result<(), Refusal> {
    if !Parser::is_component(bytes) {
        return Err(Refusal::NotAComponent);
    }
    match Validator::new_with_features(profile::features()).validate_all(bytes) {
        Ok(_) => Ok(()),
        Err(e) => Err(Refusal::Invalid { reason: e.to_string() }),
    }
}

/// Names every import of the outermost component.
fn refuse_imports(bytes: &[u8]) -> Result<(), Refusal> {
    let invalid = |e: wasmtime::wasmparser::BinaryReaderError| Refusal::Invalid { reason: e.to_string() };
    let (mut depth, mut names) = (0usize, Vec::new());
    for payload in Parser::new(0).parse_all(bytes) {
        match payload.map_err(invalid)? {
            Payload::ModuleSection { .. } | Payload::ComponentSection { .. } => depth = depth.saturating_add(1),
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(imports) if depth == 0 => {
                for import in imports {
                    names.push(import.map_err(invalid)?.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    if names.is_empty() { Ok(()) } else { Err(Refusal::HasImports { names }) }
}

/// Whether it takes `count` strings and gives `result<string, string>`.
fn is_of_texts(func: &ComponentFunc, count: usize) -> bool {
    let mut params = func.params().map(|(_, ty)| ty);
    let results: Vec<Type> = func.results().collect();
    let result_of_strings = match results.as_slice() {
        [Type::Result(result)] => result.ok() == Some(Type::String) && result.err() == Some(Type::String),
        _ => false,
    };
    params.len() == count && params.all(|ty| ty == Type::String) && result_of_strings
}
