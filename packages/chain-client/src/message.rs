//! Messages that a transaction carries.

use cosmos_sdk_proto::{Any, cosmos::bank::v1beta1::MsgSend, cosmwasm::wasm::v1::MsgExecuteContract};
use prost::Message as _;
use serde::Serialize;

use crate::{Coin, Error};

/// Type of the messages that execute a contract.
pub(crate) const EXECUTE: &str = "/cosmwasm.wasm.v1.MsgExecuteContract";

/// One message; the lane's address is its sender.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// Executes a contract.
    Execute {
        /// Address of the contract.
        contract: String,
        /// JSON.
        msg: Vec<u8>,
        /// Native coins that go with it, sorted by denomination; mostly none.
        funds: Vec<Coin>,
    },
    /// Sends native coins.
    Send {
        /// Receiver.
        to: String,
        /// Sorted by denomination.
        coins: Vec<Coin>,
    },
    /// Anything else, already encoded.
    Any {
        /// For example `/cosmwasm.wasm.v1.MsgStoreCode`.
        type_url: String,
        /// Protobuf, with the sender in it.
        value: Vec<u8>,
    },
}

impl Message {
    /// Executes a contract with a serialisable message and no coins.
    pub fn execute(contract: impl Into<String>, msg: &impl Serialize) -> Result<Self, Error> {
        let msg =
            serde_json::to_vec(msg).map_err(|error| Error::Invalid { field: "message", reason: error.to_string() })?;
        Ok(Self::Execute { contract: contract.into(), msg, funds: Vec::new() })
    }

    pub(crate) fn to_any(&self, sender: &str) -> Any {
        let (type_url, value) = match self {
            Self::Execute { contract, msg, funds } => {
                let message = MsgExecuteContract {
                    sender: sender.to_owned(),
                    contract: contract.clone(),
                    msg: msg.clone(),
                    funds: funds.iter().map(Coin::to_proto).collect(),
                };
                (EXECUTE, message.encode_to_vec())
            }
            Self::Send { to, coins } => {
                let message = MsgSend {
                    from_address: sender.to_owned(),
                    to_address: to.clone(),
                    amount: coins.iter().map(Coin::to_proto).collect(),
                };
                ("/cosmos.bank.v1beta1.MsgSend", message.encode_to_vec())
            }
            Self::Any { type_url, value } => (type_url.as_str(), value.clone()),
        };
        Any { type_url: type_url.to_owned(), value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn execute_round_trip() {
        let message = Message::execute("market", &serde_json::json!({"tick": {}})).unwrap();
        let any = message.to_any("me");
        assert_eq!(any.type_url, "/cosmwasm.wasm.v1.MsgExecuteContract");
        let decoded = MsgExecuteContract::decode(any.value.as_slice()).unwrap();
        assert_eq!(decoded.msg, br#"{"tick":{}}"#);
        assert_eq!((decoded.sender.as_str(), decoded.contract.as_str()), ("me", "market"));
        assert!(decoded.funds.is_empty());
    }

    #[test]
    fn send_round_trip() {
        let coins = vec![Coin::new(5, "ustake")];
        let any = Message::Send { to: "you".into(), coins }.to_any("me");
        let decoded = MsgSend::decode(any.value.as_slice()).unwrap();
        assert_eq!((decoded.from_address.as_str(), decoded.to_address.as_str()), ("me", "you"));
        assert_eq!(decoded.amount[0].amount, "5");
    }
}
