//! Typed events both ways: what a contract emits is what a follower parses.
//!
//! On the wire an event is `wasm-<contract>_<name>` with `snake_case` attributes; ids and amounts are decimal
//! strings; `seq` counts the events of one contract from 1, so that a follower sees gaps.

use std::str::FromStr;

use thiserror::Error;

/// Why an event is not one of a contract's.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum EventError {
    /// The type is not one of this contract's.
    #[error("unknown event type {got}")]
    UnknownType {
        /// The type found.
        got: String,
    },
    /// An attribute is missing.
    #[error("event {event} has no attribute {attribute}")]
    Missing {
        /// The event's type.
        event: String,
        /// The attribute's key.
        attribute: &'static str,
    },
    /// An attribute cannot be parsed.
    #[error("event {event} has {attribute} = {got:?}")]
    Malformed {
        /// The event's type.
        event: String,
        /// The attribute's key.
        attribute: &'static str,
        /// The value found.
        got: String,
    },
}

/// An event as found on chain: its type without the `wasm-` that the chain puts before it, and its attributes.
#[derive(Clone, Copy, Debug)]
pub struct RawEvent<'a> {
    /// Type without `wasm-`.
    pub name: &'a str,
    /// Attributes in order.
    pub attributes: &'a [(String, String)],
}

impl RawEvent<'_> {
    /// The attribute `key`.
    pub fn text(&self, key: &'static str) -> Result<&str, EventError> {
        let found = self.attributes.iter().find(|(name, _)| name == key);
        let missing = || EventError::Missing { event: self.name.to_owned(), attribute: key };
        found.map(|(_, value)| value.as_str()).ok_or_else(missing)
    }

    /// The attribute `key`, parsed.
    pub fn parse<T: FromStr>(&self, key: &'static str) -> Result<T, EventError> {
        let text = self.text(key)?;
        text.parse().map_err(|_| EventError::Malformed {
            event: self.name.to_owned(),
            attribute: key,
            got: text.to_owned(),
        })
    }
}

/// Defines the event enum of one contract with its conversions to and from the wire.
///
/// `events! { "market", MarketEvent { /// doc  Requested = "requested" { /// doc  execution: u64, … }, … } }`
#[macro_export]
macro_rules! events {
    ($(#[$doc:meta])* $contract:literal, $enum:ident {
        $($(#[$vdoc:meta])* $variant:ident = $name:literal { $($(#[$fdoc:meta])* $field:ident : $ty:ty),* $(,)? }),* $(,)?
    }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum $enum {
            $($(#[$vdoc])* $variant { $($(#[$fdoc])* $field: $ty),* }),*
        }

        impl $enum {
            /// The event on the wire, numbered `seq`.
            pub fn into_event(self, seq: u64) -> cosmwasm_std::Event {
                match self {
                    $(Self::$variant { $($field),* } => {
                        cosmwasm_std::Event::new(concat!($contract, "_", $name))
                            .add_attribute("seq", seq.to_string())
                            $(.add_attribute(stringify!($field), $field.to_string()))*
                    }),*
                }
            }

            /// The event and its number, from the wire.
            pub fn parse(raw: &$crate::event::RawEvent<'_>) -> Result<(u64, Self), $crate::event::EventError> {
                let event = match raw.name {
                    $(concat!($contract, "_", $name) => Self::$variant { $($field: raw.parse(stringify!($field))?),* },)*
                    other => return Err($crate::event::EventError::UnknownType { got: other.to_owned() }),
                };
                Ok((raw.parse("seq")?, event))
            }
        }
    };
}
