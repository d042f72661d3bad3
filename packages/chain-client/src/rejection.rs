//! Why a transaction was refused: the table from codes and texts to what a lane does.

use std::{fmt, time::Duration};

use crate::{Class, Coin};

/// A refusal, as a lane acts on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rejection {
    /// sdk 32. `expected > got`: we are stale. `expected < got`: an earlier transaction vanished, or the node lags.
    Sequence {
        /// Sequence that the node wants.
        expected: u64,
        /// Sequence that was signed.
        got: u64,
    },
    /// sdk 19, or the mempool's "already in cache": the same bytes are known. Not an error.
    InCache,
    /// sdk 13: the fee is below what the node asks.
    InsufficientFee {
        /// List of coins that would do, as the node wrote it; empty if it did not say.
        required: String,
    },
    /// sdk 11: out of gas.
    OutOfGas,
    /// sdk 20, or the mempool's own text.
    MempoolFull,
    /// sdk 30: the timeout height has passed.
    TimeoutHeight,
    /// sdk 5 outside of a message: the fee cannot be paid.
    InsufficientFunds,
    /// A message was refused: by the contract (wasm 5), or by a module that a message called.
    Message {
        /// Module that refused; empty when known from simulation only.
        codespace: String,
        /// Its code; 0 when known from simulation only.
        code: u32,
        /// Its text, with the contract's own error.
        log: String,
    },
    /// Anything else.
    Other {
        /// Module that refused.
        codespace: String,
        /// Its code.
        code: u32,
        /// Its text.
        log: String,
    },
}

impl Rejection {
    /// What a caller does about it, when the lane itself could not.
    #[must_use]
    pub const fn class(&self) -> Class {
        match self {
            Self::InCache => Class::Retry(Duration::from_secs(1)),
            Self::MempoolFull => Class::Retry(Duration::from_secs(3)),
            Self::Sequence { .. } | Self::InsufficientFee { .. } | Self::OutOfGas | Self::TimeoutHeight => {
                Class::Rebuild
            }
            Self::InsufficientFunds => Class::Fatal,
            Self::Message { .. } | Self::Other { .. } => Class::Permanent,
        }
    }

    /// Fee that the node asks in `denom`, if it said so.
    pub(crate) fn required_fee(&self, denom: &str) -> Option<u128> {
        match self {
            Self::InsufficientFee { required } => Coin::find(required, denom).map(|c| c.amount),
            _ => None,
        }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sequence { expected, got } => {
                write!(f, "sequence: expected {expected}, got {got}")
            }
            Self::InCache => f.write_str("already in the mempool"),
            Self::InsufficientFee { required } => write!(f, "fee too low, required {required:?}"),
            Self::OutOfGas => f.write_str("out of gas"),
            Self::MempoolFull => f.write_str("mempool is full"),
            Self::TimeoutHeight => f.write_str("timeout height has passed"),
            Self::InsufficientFunds => f.write_str("not enough funds for the fee"),
            Self::Message { codespace, code, log } | Self::Other { codespace, code, log } => {
                write!(f, "{codespace} {code}: {log}")
            }
        }
    }
}

/// What a code (of CheckTx, of a delivered transaction, or of a simulation) means; none for code 0.
///
/// Simulation answers with the generic sdk 6 or 18 whatever the cause, so the text decides where the code does not.
#[must_use]
pub fn classify(codespace: &str, code: u32, log: &str) -> Option<Rejection> {
    if code == 0 {
        return None;
    }
    let by_code = match (codespace, code) {
        ("sdk", 11) => Some(Rejection::OutOfGas),
        ("sdk", 13) => Some(fee(log)),
        ("sdk", 19) => Some(Rejection::InCache),
        ("sdk", 20) => Some(Rejection::MempoolFull),
        ("sdk", 30) => Some(Rejection::TimeoutHeight),
        ("sdk", 32) => sequence(log),
        ("sdk", 5) if !in_message(log) => Some(Rejection::InsufficientFunds),
        ("sdk", 6 | 18) => by_text(log),
        _ if codespace.is_empty() => by_text(log),
        _ => None,
    };
    Some(by_code.unwrap_or_else(|| refused(codespace, code, log)))
}

/// What the text of a JSON-RPC error of `broadcast_tx_sync` means, if it speaks about the transaction.
pub(crate) fn classify_rpc(text: &str) -> Option<Rejection> {
    if text.contains("tx already exists in cache") {
        Some(Rejection::InCache)
    } else if text.contains("mempool is full") {
        Some(Rejection::MempoolFull)
    } else {
        None
    }
}

/// `(expected, got)` of "account sequence mismatch, expected E, got G".
#[must_use]
pub fn parse_sequence(log: &str) -> Option<(u64, u64)> {
    let (_, rest) = log.split_once("account sequence mismatch, expected ")?;
    let (expected, rest) = rest.split_once(", got ")?;
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (got, _) = rest.split_at_checked(end)?;
    Some((expected.parse().ok()?, got.parse().ok()?))
}

fn by_text(log: &str) -> Option<Rejection> {
    if in_message(log) && !log.contains("out of gas") {
        return None;
    }
    sequence(log).or_else(|| {
        if log.contains("out of gas") {
            Some(Rejection::OutOfGas)
        } else if log.contains("insufficient fee") {
            Some(fee(log))
        } else if log.contains("tx timeout height") {
            Some(Rejection::TimeoutHeight)
        } else if log.contains("insufficient funds") {
            Some(Rejection::InsufficientFunds)
        } else {
            None
        }
    })
}

fn in_message(log: &str) -> bool {
    log.contains("failed to execute message")
}

fn sequence(log: &str) -> Option<Rejection> {
    parse_sequence(log).map(|(expected, got)| Rejection::Sequence { expected, got })
}

fn fee(log: &str) -> Rejection {
    let required = log.split_once("required: ").map_or("", |(_, rest)| rest.split(':').next().unwrap_or(""));
    Rejection::InsufficientFee { required: required.trim().to_owned() }
}

fn refused(codespace: &str, code: u32, log: &str) -> Rejection {
    let (codespace, log) = (codespace.to_owned(), log.to_owned());
    if codespace == "wasm" || in_message(&log) {
        Rejection::Message { codespace, code, log }
    } else {
        Rejection::Other { codespace, code, log }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MISMATCH: &str = "account sequence mismatch, expected 7, got 5: incorrect account sequence";

    #[test]
    fn table_by_code() {
        let sequence = Rejection::Sequence { expected: 7, got: 5 };
        let fee = Rejection::InsufficientFee { required: "2500ucosm".into() };
        let fee_log = "insufficient fees; got: 1ucosm required: 2500ucosm: insufficient fee";
        for (code, log, expected) in [
            (5, "spendable balance 0ucosm is smaller than 1ucosm: insufficient funds", Rejection::InsufficientFunds),
            (11, "out of gas in location: ReadFlat", Rejection::OutOfGas),
            (13, fee_log, fee),
            (19, "tx already in mempool", Rejection::InCache),
            (20, "mempool is full", Rejection::MempoolFull),
            (30, "block height: 9, timeout height: 4: tx timeout height", Rejection::TimeoutHeight),
            (32, MISMATCH, sequence),
        ] {
            assert_eq!(classify("sdk", code, log), Some(expected), "{code}");
        }
        assert_eq!(classify("", 0, ""), None);
        assert_eq!(classify("sdk", 0, "anything"), None);
    }

    #[test]
    fn text_decides_for_simulation() {
        let text = |log| {
            assert_eq!(classify("sdk", 6, log).map(|r| r.class()), classify("sdk", 18, log).map(|r| r.class()));
            classify("sdk", 18, log).unwrap()
        };
        assert_eq!(text(MISMATCH), Rejection::Sequence { expected: 7, got: 5 });
        assert_eq!(text("out of gas in location: X"), Rejection::OutOfGas);
        assert_eq!(text("0ucosm < 1ucosm: insufficient funds"), Rejection::InsufficientFunds);
        assert!(matches!(text("invalid request"), Rejection::Other { code: 18, .. }));
    }

    #[test]
    fn a_message_that_lacks_funds_does_not_stop_the_lane() {
        let log = "failed to execute message; message index: 0: 0ucosm < 1ucosm: insufficient funds";
        for code in [5, 6, 18] {
            let rejection = classify("sdk", code, log).unwrap();
            assert!(matches!(rejection, Rejection::Message { .. }));
            assert_eq!(rejection.class(), Class::Permanent);
        }
    }

    #[test]
    fn the_contract_said_no() {
        let log = "failed to execute message; message index: 0: Unauthorized: execute wasm contract failed";
        assert!(matches!(classify("wasm", 5, log), Some(Rejection::Message { code: 5, .. })));
        // A contract cannot pose as the ante handler with its own text.
        let forged = format!("failed to execute message; message index: 0: {MISMATCH}: execute wasm contract failed");
        assert!(matches!(classify("sdk", 18, &forged), Some(Rejection::Message { .. })));
    }

    #[test]
    fn broadcast_errors_of_the_mempool() {
        assert_eq!(classify_rpc("Internal error: tx already exists in cache (code: -32603)"), Some(Rejection::InCache));
        assert_eq!(classify_rpc("mempool is full: number of txs 5000"), Some(Rejection::MempoolFull));
        assert_eq!(classify_rpc("Internal error"), None);
    }

    #[test]
    fn sequence_parser() {
        assert_eq!(parse_sequence(MISMATCH), Some((7, 5)));
        assert_eq!(parse_sequence("account sequence mismatch, expected 7, got 5"), Some((7, 5)));
        for bad in [
            "",
            "expected 7, got 5",
            "account sequence mismatch, expected x, got 5",
            "account sequence mismatch, expected 7, got ",
        ] {
            assert_eq!(parse_sequence(bad), None, "{bad}");
        }
    }

    #[test]
    fn required_fee_in_our_denomination() {
        let fee = |required: &str| Rejection::InsufficientFee { required: required.into() };
        assert_eq!(fee("10ustake,2500ucosm").required_fee("ucosm"), Some(2500));
        assert_eq!(fee("").required_fee("ucosm"), None);
        assert_eq!(Rejection::OutOfGas.required_fee("ucosm"), None);
    }
}
