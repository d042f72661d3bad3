//! Rows of the registry that other contracts read raw: public API, frozen by golden tests.

use cosmwasm_std::CanonicalAddr;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_protocol::terms::Terms;

use super::status::Status;
use crate::record_map::RecordMap;

/// Terms by number.
pub const TERMS: RecordMap<TermsId, Terms> = RecordMap::new("t/");
/// Services by number.
pub const SERVICES: RecordMap<ServiceId, ServiceRow> = RecordMap::new("s/");
/// Versions by number.
pub const VERSIONS: RecordMap<VersionId, VersionRow> = RecordMap::new("v/");

/// What others need of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceRow {
    /// Canonical address of its owner.
    pub owner: CanonicalAddr,
    /// Whether it takes requests.
    pub status: Status,
    /// Its latest version, if it has one.
    pub latest: Option<VersionId>,
}

const LAYOUT: u8 = 1;

impl Record for ServiceRow {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.bytes(self.owner.as_slice());
        out.byte(self.status.tag());
        out.int(self.latest.unwrap_or_default().0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self {
            owner: CanonicalAddr::from(input.bytes()?),
            status: Status::from_tag(input.byte()?)?,
            latest: Some(VersionId(input.int()?)).filter(|latest| latest.0 != 0),
        })
    }
}

/// What others need of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionRow {
    /// The service.
    pub service: ServiceId,
    /// Seat bond B in base units.
    pub seat_bond: u128,
    /// Terms of its first task; the other tasks follow consecutively.
    pub first_terms: TermsId,
    /// How many tasks it has, 1 to 16.
    pub tasks: u8,
    /// SHA-256 of the manifest's canonical JSON.
    pub digest: Digest32,
}

impl VersionRow {
    /// Terms of each task, in the manifest's order.
    pub fn terms(&self) -> impl Iterator<Item = TermsId> {
        let first = self.first_terms.0;
        (first..=u32::MAX).take(self.tasks.into()).map(TermsId)
    }
}

impl Record for VersionRow {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.service.0);
        out.int(self.seat_bond);
        out.int(self.first_terms.0);
        out.byte(self.tasks);
        out.fixed(self.digest.as_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self {
            service: ServiceId(input.int()?),
            seat_bond: input.int()?,
            first_terms: TermsId(input.int()?),
            tasks: input.byte()?,
            digest: input.digest()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn service() -> ServiceRow {
        ServiceRow { owner: CanonicalAddr::from(vec![0xaa; 3]), status: Status::Paused, latest: Some(VersionId(300)) }
    }

    fn version() -> VersionRow {
        VersionRow {
            service: ServiceId(1),
            seat_bond: 200,
            first_terms: TermsId(5),
            tasks: 2,
            digest: Digest32([0xbb; 32]),
        }
    }

    #[test]
    fn keys_and_values_are_frozen() {
        assert_eq!(TERMS.key(TermsId(1)), b"t/\0\0\0\x01");
        assert_eq!(SERVICES.key(ServiceId(0x0102_0304)), b"s/\x01\x02\x03\x04");
        assert_eq!(VERSIONS.key(VersionId(2)), b"v/\0\0\0\x02");
        assert_eq!(service().encode(), b"\x01\x03\xaa\xaa\xaa\x01\xac\x02");
        let mut bytes = b"\x01\x01\xc8\x01\x05\x02".to_vec();
        bytes.extend([0xbb; 32]);
        assert_eq!(version().encode(), bytes);
    }

    #[test]
    fn rows_come_back() {
        let unpublished = ServiceRow { latest: None, ..service() };
        for row in [service(), unpublished] {
            assert_eq!(ServiceRow::decode(&row.encode()), Ok(row));
        }
        assert_eq!(VersionRow::decode(&version().encode()), Ok(version()));
        assert_eq!(version().terms().collect::<Vec<_>>(), [TermsId(5), TermsId(6)]);
    }

    #[test]
    fn an_unknown_status_is_refused() {
        assert_eq!(ServiceRow::decode(b"\x01\x01\xaa\x03\x00"), Err(CodecError::Tag { got: 3 }));
    }

    proptest! {
        #[test]
        fn what_decodes_encodes_to_the_same_bytes(bytes in prop::collection::vec(0_u8..4, 0..48)) {
            if let Ok(row) = ServiceRow::decode(&bytes) {
                prop_assert_eq!(row.encode(), &bytes[..]);
            }
            if let Ok(row) = VersionRow::decode(&bytes) {
                prop_assert_eq!(row.encode(), &bytes[..]);
            }
        }
    }
}
