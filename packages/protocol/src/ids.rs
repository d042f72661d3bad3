//! Identifiers: small integers on the wire and in keys, never addresses or names.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident, $int:ty) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
        )]
        #[serde(transparent)]
        pub struct $name(pub $int);

        impl $name {
            /// Big-endian bytes, as used in storage keys and digests.
            pub const fn to_be_bytes(self) -> [u8; size_of::<$int>()] {
                self.0.to_be_bytes()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<$int> for $name {
            fn from(id: $int) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// A service in the registry, numbered from 1.
    ServiceId, u32
);
id!(
    /// An immutable version of a service, numbered from 1 over all services.
    VersionId, u32
);
id!(
    /// An immutable row of terms: one per version, task and price change, numbered from 1.
    TermsId, u32
);
id!(
    /// A runner registered for one service, numbered from 1.
    RunnerId, u32
);
id!(
    /// A row of market parameters, numbered from 1.
    ParamsId, u16
);

/// An execution, numbered from 1. In JSON it travels as a decimal string (`Uint64`), hence no serde here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ExecutionId(pub u64);

impl ExecutionId {
    /// Big-endian bytes, as used in storage keys and digests.
    pub const fn to_be_bytes(self) -> [u8; 8] {
        self.0.to_be_bytes()
    }
}

impl fmt::Display for ExecutionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<u64> for ExecutionId {
    fn from(id: u64) -> Self {
        Self(id)
    }
}

/// Number of a runner's attestation key: 0 at registration, one more at each rotation.
pub type KeyNo = u16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_its_number() {
        assert_eq!(ExecutionId::from(258), ExecutionId(258));
        assert_eq!(ExecutionId(258).to_string(), "258");
        assert_eq!(ExecutionId(258).to_be_bytes(), [0, 0, 0, 0, 0, 0, 1, 2]);
        assert_eq!(RunnerId::from(258), RunnerId(258));
        assert_eq!(RunnerId(258).to_string(), "258");
        assert_eq!(RunnerId(258).to_be_bytes(), [0, 0, 1, 2]);
    }
}
