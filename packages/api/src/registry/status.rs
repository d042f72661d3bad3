//! Whether a service takes requests.

use std::fmt;
use std::str::FromStr;

use cosmwasm_schema::cw_serde;
use mesg_protocol::codec::CodecError;
use thiserror::Error;

/// Whether a service takes requests. In JSON, events and errors: `active`, `paused`, `retired`.
#[cw_serde]
#[derive(Copy, Eq)]
pub enum Status {
    /// Requests are taken.
    Active,
    /// No new requests; its owner may activate it again and may publish versions.
    Paused,
    /// No new requests and no new versions, for ever.
    Retired,
}

/// A word that names no [`Status`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error("unknown status {got:?}")]
pub struct UnknownStatus {
    /// The word.
    pub got: String,
}

impl Status {
    const ALL: [Self; 3] = [Self::Active, Self::Paused, Self::Retired];

    const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Paused => "paused",
            Self::Retired => "retired",
        }
    }

    /// The tag of binary rows: 0, 1, 2.
    pub(super) const fn tag(self) -> u8 {
        match self {
            Self::Active => 0,
            Self::Paused => 1,
            Self::Retired => 2,
        }
    }

    /// The status of a tag.
    pub(super) fn from_tag(got: u8) -> Result<Self, CodecError> {
        Self::ALL.into_iter().find(|status| status.tag() == got).ok_or(CodecError::Tag { got })
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(name: &str) -> Result<Self, UnknownStatus> {
        let found = Self::ALL.into_iter().find(|status| status.name() == name);
        found.ok_or_else(|| UnknownStatus { got: name.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn name_json_and_tag_agree_both_ways() {
        for status in Status::ALL {
            assert_eq!(status.to_string().parse(), Ok(status));
            assert_eq!(serde_json::to_string(&status).unwrap(), format!("\"{status}\""));
            assert_eq!(Status::from_tag(status.tag()), Ok(status));
        }
        assert_eq!("Active".parse::<Status>(), Err(UnknownStatus { got: "Active".to_owned() }));
        assert_eq!(Status::from_tag(3), Err(CodecError::Tag { got: 3 }));
    }
}
