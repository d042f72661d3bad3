//! Why a seat has no value: the machine's or the network's fault, never a statement about the task (docs/mechanism.md, 2.3).

use mesg_sandbox::Decline;
use thiserror::Error;

use crate::attestation_key::KeyError;
use crate::fetch::FetchError;
use crate::journal::JournalError;

/// A reason to abstain for now. All are tried again until the seat's deadline, except [`Abstain::is_final`].
#[derive(Debug, Error)]
pub enum Abstain {
    /// Component or input cannot be had.
    #[error("unavailable: {0}")]
    Unavailable(#[from] FetchError),
    /// The machine failed.
    #[error("machine: {0}")]
    Machine(#[from] Decline),
    /// The version wants an engine that this agent does not have.
    #[error("engine profile {got} is not served here")]
    Profile {
        /// The profile wanted.
        got: String,
    },
    /// The chain did not answer.
    #[error("chain: {0}")]
    Chain(#[from] mesg_chain_client::Error),
    /// The journal did not take the seal, or the seat is bound to another one.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The seat's key cannot sign.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// No account of the attestation mnemonic has the seat's key.
    #[error("no attestation key of runner {runner} number {key_no} among the configured accounts")]
    NoKey {
        /// The runner.
        runner: u32,
        /// Number of its key.
        key_no: u16,
    },
    /// The seat's seal on chain was made over another value than this run's.
    #[error("runner {runner} has sealed another value than this run gives")]
    OtherSeal {
        /// The runner.
        runner: u32,
    },
    /// The chain's answer lacks what a seated execution must have.
    #[error("the execution has no {what}")]
    Incomplete {
        /// What is missing.
        what: &'static str,
    },
    /// A blob cannot be kept.
    #[error("cannot keep a blob: {0}")]
    Io(#[from] std::io::Error),
    /// The agent is stopping.
    #[error("the agent is stopping")]
    Stopped,
}

impl Abstain {
    /// Trying again cannot help.
    #[must_use]
    pub const fn is_final(&self) -> bool {
        matches!(self, Self::OtherSeal { .. } | Self::Profile { .. } | Self::Journal(JournalError::Bound { .. }))
    }
}
