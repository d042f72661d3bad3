//! What is this machine's fault.

/// A call that gives no value: the runner declines the seat (docs/mechanism.md 2.3) and says nothing about the result.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Decline {
    /// The bytes are not the ones that the version names.
    #[error("component has sha256 {got}, expected {expected}")]
    DigestMismatch {
        /// Lower-case hex of the digest on chain.
        expected: String,
        /// Lower-case hex of the digest of the bytes.
        got: String,
    },
    /// The component is larger than this profile loads.
    #[error("component has {got} bytes, at most {max} are loaded")]
    ComponentTooLarge {
        /// Size of the component, in bytes.
        got: usize,
        /// [`crate::MAX_COMPONENT_BYTES`].
        max: usize,
    },
    /// The component is valid, but this machine's compiler could not translate it or the engine could not link it.
    #[error("component does not compile here: {reason}")]
    Compile {
        /// The compiler's words, for the log.
        reason: String,
    },
    /// The wall clock ran out before the fuel.
    #[error("wall clock of {limit_ms} ms ran out before the fuel")]
    WallClock {
        /// The limit, in milliseconds.
        limit_ms: u128,
    },
    /// The component recursed deeper than [`crate::MAX_WASM_STACK_BYTES`].
    #[error("component exhausted its stack of {limit} bytes")]
    StackExhausted {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The operating system refused memory, a thread or an instance.
    #[error("host refused: {reason}")]
    Host {
        /// The operating system's or engine's words, for the log.
        reason: String,
    },
    /// The engine itself panicked.
    #[error("engine panicked")]
    Panicked,
}
