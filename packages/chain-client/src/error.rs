//! What can go wrong, and what to do about it.

use std::time::Duration;

use crate::{JournalError, Rejection, TxHash};

/// What a caller does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Nothing is wrong with the request: ask again after this time.
    Retry(Duration),
    /// Look at the state again, then make a new transaction.
    Rebuild,
    /// The same request will fail again: park it with the reason.
    Permanent,
    /// An operator must act (no funds, wrong chain, journal broken): pause the lane and raise an alarm.
    Fatal,
}

/// An error of this crate.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No usable answer: connection, timeout, HTTP status, malformed JSON. The outcome is unknown.
    #[error("{endpoint}: {reason}")]
    Transport {
        /// `host:port`, without credentials.
        endpoint: String,
        /// As the transport said.
        reason: String,
    },
    /// The node understood and refused on the RPC level.
    #[error("{endpoint} refuses: {reason}")]
    Rpc {
        /// `host:port`, without credentials.
        endpoint: String,
        /// As the node said.
        reason: String,
    },
    /// Every answer was older than the height that the caller needs.
    #[error("the newest answer is of height {got}, needed {needed}")]
    Stale {
        /// Least height asked for.
        needed: u64,
        /// Height of the answer.
        got: u64,
    },
    /// The block is no longer kept by any endpoint: reconcile from contract state, then jump.
    #[error("block {height} is pruned, the earliest is {earliest}")]
    Pruned {
        /// Height asked for.
        height: u64,
        /// Earliest height that is still served.
        earliest: u64,
    },
    /// The endpoint serves another chain.
    #[error("{endpoint} serves chain {got}, expected {expected}")]
    WrongChain {
        /// `host:port`, without credentials.
        endpoint: String,
        /// Chain id in the configuration.
        expected: String,
        /// Chain id of the node.
        got: String,
    },
    /// The application refused a query (for contracts: the contract's own error in `log`).
    #[error("query {path} failed with {codespace} {code}: {log}")]
    Query {
        /// gRPC path of the query.
        path: &'static str,
        /// Module that refused.
        codespace: String,
        /// Its code.
        code: u32,
        /// Its text.
        log: String,
    },
    /// An answer of unexpected shape.
    #[error("cannot decode {what}: {reason}")]
    Decode {
        /// What was read.
        what: &'static str,
        /// Why it failed.
        reason: String,
    },
    /// A value of the caller that cannot be used.
    #[error("{field}: {reason}")]
    Invalid {
        /// Which value.
        field: &'static str,
        /// Why.
        reason: String,
    },
    /// Key or mnemonic unusable. Never contains the secret.
    #[error("signing key: {0}")]
    Key(&'static str),
    /// The account does not exist on chain: it was never funded.
    #[error("account {address} does not exist on chain")]
    AccountMissing {
        /// Address of the lane's key.
        address: String,
    },
    /// The node asks more than the configured maximum.
    #[error("gas price {needed} is above the maximum {max}")]
    FeeAboveMax {
        /// Price that would be accepted.
        needed: String,
        /// Configured maximum.
        max: String,
    },
    /// The transaction needs more gas than the configured maximum.
    #[error("gas {needed} is above the maximum {max}")]
    GasAboveMax {
        /// Gas after the multiplier.
        needed: u64,
        /// Configured maximum.
        max: u64,
    },
    /// Refused in simulation or by a node (`included` none), or failed in a block.
    #[error("transaction refused: {rejection}")]
    Rejected {
        /// Which row of the table.
        rejection: Rejection,
        /// Hash and height, when it was included in a block and failed there.
        included: Option<(TxHash, u64)>,
    },
    /// Neither found nor past its timeout height within the configured wait; it stays in flight.
    #[error("transaction {hash} is pending until height {timeout_height}")]
    Pending {
        /// The transaction.
        hash: TxHash,
        /// Last height in which it can be included.
        timeout_height: u64,
    },
    /// Its timeout height passed, or another transaction took its sequence: it never happened.
    #[error("transaction {hash} was dropped")]
    Dropped {
        /// The transaction.
        hash: TxHash,
    },
    /// The sequence, fee or gas could not be settled within the bounded number of attempts.
    #[error("gave up after {attempts} attempts: {last}")]
    Attempts {
        /// How many were made.
        attempts: u32,
        /// The last refusal.
        last: Rejection,
    },
    /// The journal did not take a row; nothing was broadcast after it.
    #[error("journal: {0}")]
    Journal(#[source] JournalError),
    /// The watcher of heights has ended.
    #[error("the watcher of heights has ended")]
    Ended,
}

impl Error {
    /// What to do about it.
    #[must_use]
    pub fn class(&self) -> Class {
        match self {
            Self::Transport { .. } | Self::Rpc { .. } | Self::Decode { .. } => Class::Retry(Duration::from_secs(2)),
            Self::Stale { .. } | Self::Pending { .. } => Class::Retry(Duration::from_secs(1)),
            Self::Attempts { .. } => Class::Retry(Duration::from_secs(5)),
            Self::FeeAboveMax { .. } => Class::Retry(Duration::from_secs(30)),
            Self::Dropped { .. } => Class::Rebuild,
            Self::Rejected { rejection, .. } => rejection.class(),
            Self::Pruned { .. } | Self::Query { .. } | Self::Invalid { .. } | Self::GasAboveMax { .. } => {
                Class::Permanent
            }
            Self::WrongChain { .. } | Self::Key(_) | Self::AccountMissing { .. } | Self::Journal(_) | Self::Ended => {
                Class::Fatal
            }
        }
    }

    /// Another endpoint may answer better.
    pub(crate) const fn elsewhere(&self) -> bool {
        self.weight().is_some()
    }

    /// The endpoint is at fault and loses score.
    pub(crate) const fn is_fault(&self) -> bool {
        matches!(self, Self::Transport { .. } | Self::Decode { .. } | Self::WrongChain { .. })
    }

    /// Of two failures of the same call, the one that leaves more open: "pruned" is only believed if all say so.
    pub(crate) fn or_weaker(self, other: Option<Self>) -> Self {
        match other {
            Some(other) if other.weight() > self.weight() => other,
            _ => self,
        }
    }

    const fn weight(&self) -> Option<u8> {
        match self {
            Self::Pruned { .. } => Some(0),
            Self::WrongChain { .. } => Some(1),
            Self::Rpc { .. } => Some(2),
            Self::Stale { .. } => Some(3),
            Self::Transport { .. } | Self::Decode { .. } => Some(4),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transport() -> Error {
        Error::Transport { endpoint: "a:1".into(), reason: "refused".into() }
    }

    #[test]
    fn pruned_is_believed_only_if_nobody_was_silent() {
        let pruned = || Error::Pruned { height: 1, earliest: 9 };
        assert!(matches!(pruned().or_weaker(Some(transport())), Error::Transport { .. }));
        assert!(matches!(transport().or_weaker(Some(pruned())), Error::Transport { .. }));
        assert!(matches!(pruned().or_weaker(Some(pruned())), Error::Pruned { .. }));
    }

    #[test]
    fn each_class_is_reached() {
        assert_eq!(transport().class(), Class::Retry(Duration::from_secs(2)));
        assert_eq!(Error::Dropped { hash: TxHash::of(b"x") }.class(), Class::Rebuild);
        assert_eq!(Error::GasAboveMax { needed: 2, max: 1 }.class(), Class::Permanent);
        assert_eq!(Error::Key("bad").class(), Class::Fatal);
    }

    #[test]
    fn only_faults_cost_score() {
        assert!(transport().is_fault() && transport().elsewhere());
        let stale = Error::Stale { needed: 2, got: 1 };
        assert!(!stale.is_fault() && stale.elsewhere());
        assert!(!Error::Key("bad").elsewhere());
    }
}
