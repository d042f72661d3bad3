//! Rows of the registry that other contracts read raw: public API, frozen by golden tests.

use cosmwasm_std::CanonicalAddr;
use mesg_protocol::clock::Clock;
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_protocol::price_change::TaskTerms;
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
    /// Terms that its first task was published with; those of the other tasks follow consecutively.
    pub first_terms: TermsId,
    /// How many tasks it has, 1 to 16.
    pub tasks: u8,
    /// SHA-256 of the manifest's canonical JSON.
    pub digest: Digest32,
    /// Whether it takes no new requests and no new runners.
    pub yanked: bool,
    /// The tasks whose terms are not those that they were published with, by ascending position.
    changed: Vec<(u8, TaskTerms)>,
}

impl VersionRow {
    /// A version as it is published.
    pub const fn published(
        service: ServiceId,
        seat_bond: u128,
        first_terms: TermsId,
        tasks: u8,
        digest: Digest32,
    ) -> Self {
        Self { service, seat_bond, first_terms, tasks, digest, yanked: false, changed: Vec::new() }
    }

    /// The terms of the task at a position, if there is one.
    pub fn task(&self, task: u8) -> Option<TaskTerms> {
        let changed = self.changed.iter().find(|(position, _)| *position == task);
        changed.map(|(_, terms)| *terms).or_else(|| self.as_published(task))
    }

    /// The terms of each task, in the manifest's order.
    pub fn all(&self) -> impl Iterator<Item = TaskTerms> {
        (0..self.tasks).filter_map(|task| self.task(task))
    }

    /// The terms in force of each task, in the manifest's order.
    pub fn terms(&self, now: Clock) -> impl Iterator<Item = TermsId> {
        self.all().map(move |task| task.at(now))
    }

    /// Sets the terms of a task of this version.
    pub fn set_task(&mut self, task: u8, terms: TaskTerms) {
        self.changed.retain(|(position, _)| *position != task);
        if self.as_published(task) != Some(terms) {
            let before = self.changed.partition_point(|(position, _)| *position < task);
            self.changed.insert(before, (task, terms));
        }
    }

    fn as_published(&self, task: u8) -> Option<TaskTerms> {
        let terms = self.first_terms.0.checked_add(task.into())?;
        (task < self.tasks).then(|| TaskTerms::published(TermsId(terms)))
    }

    fn read_changes(&mut self, input: &mut Reader<'_>) -> Result<(), CodecError> {
        self.yanked = match input.byte()? {
            0 => false,
            1 => true,
            got => return Err(CodecError::Tag { got }),
        };
        for _ in 0..input.byte()? {
            let (task, terms) = (input.byte()?, TaskTerms::read(input)?);
            let ascending = self.changed.last().is_none_or(|(last, _)| *last < task);
            if !ascending || self.task(task).is_none_or(|published| published == terms) {
                return Err(CodecError::Tag { got: task });
            }
            self.changed.push((task, terms));
        }
        Ok(())
    }
}

/// Layout of a version as published; one that was yanked or repriced is written in the next layout.
const AS_PUBLISHED: u8 = 1;
const CHANGED: u8 = 2;

impl Record for VersionRow {
    fn write(&self, out: &mut Writer) {
        let changed = self.yanked || !self.changed.is_empty();
        out.byte(if changed { CHANGED } else { AS_PUBLISHED });
        out.int(self.service.0);
        out.int(self.seat_bond);
        out.int(self.first_terms.0);
        out.byte(self.tasks);
        out.fixed(self.digest.as_bytes());
        if changed {
            out.byte(self.yanked.into());
            // at most 16 tasks
            out.byte(u8::try_from(self.changed.len()).unwrap_or(u8::MAX));
            for (task, terms) in &self.changed {
                out.byte(*task);
                terms.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let layout = input.byte()?;
        if layout != AS_PUBLISHED && layout != CHANGED {
            return Err(CodecError::Version { expected: CHANGED, got: layout });
        }
        let mut row = Self::published(
            ServiceId(input.int()?),
            input.int()?,
            TermsId(input.int()?),
            input.byte()?,
            input.digest()?,
        );
        if layout == CHANGED {
            row.read_changes(input)?;
            // each row has one form
            if !row.yanked && row.changed.is_empty() {
                return Err(CodecError::Version { expected: AS_PUBLISHED, got: layout });
            }
        }
        Ok(row)
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
        VersionRow::published(ServiceId(1), 200, TermsId(5), 2, Digest32([0xbb; 32]))
    }

    /// The second task has terms 5 + 1 = 6, and 9 are announced.
    fn repriced() -> VersionRow {
        let (mut row, mut task) = (version(), version().task(1).unwrap());
        task.announce(TermsId(9), Clock { time: 100, height: 10 }).unwrap();
        row.set_task(1, task);
        row
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

        bytes[0] = 2;
        // yanked, one change: of task 1 from 6 to 9 at 86,500 and 1,450
        bytes.extend(*b"\x01\x01\x01\x06\x09\xe4\xa3\x05\xaa\x0b");
        assert_eq!(VersionRow { yanked: true, ..repriced() }.encode(), bytes);
    }

    #[test]
    fn a_version_has_one_form() {
        let decode = |tail: &[u8]| {
            let mut bytes = version().encode();
            bytes[0] = 2;
            bytes.extend(tail);
            VersionRow::decode(&bytes)
        };
        assert!(decode(&[1, 0]).unwrap().yanked);
        assert_eq!(decode(&[0, 0]), Err(CodecError::Version { expected: 1, got: 2 }), "as published");
        assert_eq!(decode(&[2, 0]), Err(CodecError::Tag { got: 2 }));
        assert_eq!(decode(&[0, 1, 1, 6, 0]), Err(CodecError::Tag { got: 1 }), "the terms it was published with");
        assert_eq!(decode(&[0, 1, 2, 9, 0]), Err(CodecError::Tag { got: 2 }), "no such task");
        assert_eq!(decode(&[0, 2, 1, 9, 0, 0, 8, 0]), Err(CodecError::Tag { got: 0 }), "not ascending");
        let three = [&[3][..], &version().encode()[1..]].concat();
        assert_eq!(VersionRow::decode(&three), Err(CodecError::Version { expected: 2, got: 3 }));
    }

    #[test]
    fn a_changed_task_has_other_terms_and_a_withdrawn_change_leaves_no_trace() {
        let at = |time| Clock { time, height: 1_000_000 };
        let (before, after) = (at(86_499), at(86_500));
        let row = repriced();
        assert_eq!(row.terms(before).collect::<Vec<_>>(), [TermsId(5), TermsId(6)]);
        assert_eq!(row.terms(after).collect::<Vec<_>>(), [TermsId(5), TermsId(9)]);
        assert_eq!(row.task(2), None);
        let (mut withdrawn, mut task) = (row.clone(), row.task(1).unwrap());
        task.withdraw(before).unwrap();
        withdrawn.set_task(1, task);
        assert_eq!(withdrawn, version());
    }

    #[test]
    fn rows_come_back() {
        let unpublished = ServiceRow { latest: None, ..service() };
        for row in [service(), unpublished] {
            assert_eq!(ServiceRow::decode(&row.encode()), Ok(row));
        }
        for row in [version(), repriced(), VersionRow { yanked: true, ..version() }] {
            assert_eq!(VersionRow::decode(&row.encode()), Ok(row));
        }
        assert_eq!(version().terms(Clock::default()).collect::<Vec<_>>(), [TermsId(5), TermsId(6)]);
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
