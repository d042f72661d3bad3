//! Why a seat has no value: the machine's or the network's fault, never a statement about the task (docs/mechanism.md, 2.3).

use mesg_protocol::execution::DeclineCode;
use mesg_sandbox::Decline;
use thiserror::Error;

use crate::attestation_key::KeyError;
use crate::fetch::FetchError;
use crate::journal::JournalError;
use crate::window::Window;

/// A reason to abstain for now. All are tried again until the seat's deadline, except [`Abstain::is_final`]; those with a
/// [`Abstain::decline`] give the seat up while there is time.
#[derive(Debug, Error)]
pub enum Abstain {
    /// The input cannot be had.
    #[error("input unavailable: {0}")]
    Input(FetchError),
    /// The result that is to be judged cannot be had.
    #[error("posted result unavailable: {0}")]
    Posted(FetchError),
    /// The component cannot be had.
    #[error("component unavailable: {0}")]
    Component(FetchError),
    /// The machine failed.
    #[error("machine: {0}")]
    Machine(#[from] Decline),
    /// The version wants an engine that this agent does not have.
    #[error("engine profile {got} is not served here")]
    Profile {
        /// The profile wanted.
        got: String,
    },
    /// The task's own checker refuses the output of the task: posting it would cost the seat bond.
    #[error("the task's checker refuses its output: {reason}")]
    Refused {
        /// The checker's words.
        reason: String,
    },
    /// The output does not fit into a message and cannot be served from here.
    #[error("the output is above 4 KiB and blobs.base_url is not configured")]
    Unserved,
    /// A result must be an output, and the task ended in an error.
    #[error("the task gave no output")]
    NoOutput,
    /// The chain did not answer.
    #[error("chain: {0}")]
    Chain(#[from] mesg_chain_client::Error),
    /// The journal did not take the act, or the seat is bound to another one.
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
        matches!(
            self,
            Self::OtherSeal { .. }
                | Self::Profile { .. }
                | Self::Refused { .. }
                | Self::Unserved
                | Self::NoOutput
                | Self::Journal(JournalError::Bound { .. })
        )
    }

    /// The code under which the seat is given up for this reason; none where nothing is known about the seat's value.
    #[must_use]
    pub const fn decline(&self) -> Option<DeclineCode> {
        match self {
            Self::Input(_) | Self::Posted(_) => Some(DeclineCode::Unavailable),
            Self::Component(_)
            | Self::Machine(_)
            | Self::Profile { .. }
            | Self::Refused { .. }
            | Self::Unserved
            | Self::NoOutput
            | Self::Io(_) => Some(DeclineCode::Machine),
            _ => None,
        }
    }

    /// The code of the decline to be made at `now`, block time. What may pass is waited for until a sixth of the window
    /// is over; what cannot get better is declined at once.
    #[must_use]
    pub fn decline_at(&self, window: Window, now: u64) -> Option<DeclineCode> {
        let passing = matches!(
            self,
            Self::Input(_)
                | Self::Posted(_)
                | Self::Component(_)
                | Self::Io(_)
                | Self::Machine(Decline::Host { .. } | Decline::Panicked)
        );
        let from = if passing { window.give_up() } else { window.start };
        self.decline().filter(|_| (from..=window.last_decline()).contains(&now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOW: Window = Window { start: 1_000, length: 120 };

    #[test]
    fn what_may_pass_is_waited_for() {
        for (reason, code) in [
            (Abstain::Input(FetchError::NoSource), DeclineCode::Unavailable),
            (Abstain::Posted(FetchError::NoSource), DeclineCode::Unavailable),
            (Abstain::Component(FetchError::NoSource), DeclineCode::Machine),
            (Abstain::Machine(Decline::Panicked), DeclineCode::Machine),
        ] {
            assert_eq!(reason.decline_at(WINDOW, 1_019), None, "{reason}");
            assert_eq!(reason.decline_at(WINDOW, 1_020), Some(code), "{reason}");
            assert_eq!(reason.decline_at(WINDOW, 1_030), Some(code), "{reason}");
            assert_eq!(reason.decline_at(WINDOW, 1_031), None, "{reason}: it would come too late");
        }
    }

    #[test]
    fn what_cannot_get_better_is_declined_at_once() {
        let stack = Abstain::Machine(Decline::StackExhausted { limit: 1 });
        let refused = Abstain::Refused { reason: "x".into() };
        for reason in [stack, Abstain::Profile { got: "x".into() }, refused, Abstain::Unserved, Abstain::NoOutput] {
            assert_eq!(reason.decline_at(WINDOW, 1_000), Some(DeclineCode::Machine), "{reason}");
            assert_eq!(reason.decline_at(WINDOW, 1_031), None);
        }
        for silent in [Abstain::Stopped, Abstain::OtherSeal { runner: 1 }, Abstain::Incomplete { what: "seed" }] {
            assert_eq!(silent.decline_at(WINDOW, 1_025), None, "{silent}");
        }
    }
}
