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
