//! Price changes of one task: announced, in force after a notice, never changing what is bound already (4).

use thiserror::Error;

use crate::clock::{Clock, Deadline};
use crate::codec::{CodecError, Reader, Record, Writer};
use crate::ids::TermsId;
use crate::terms::{Price, Terms, TermsError};

/// Notice of a price change in seconds: 24 h, up and down alike.
pub const NOTICE: u32 = 24 * 3600;
/// The slowest block that parameters allow, in seconds (6): the notice takes as many blocks as pass in it at this
/// pace, so that a halted chain announces and changes nothing in one go, and a slow one does not wait longer than 24 h.
pub const SLOWEST_BLOCK: u32 = 60;

/// Why a price change is refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PriceChangeError {
    /// Another change of the task is announced; withdrawing it and announcing again starts a new notice.
    #[error("terms {terms} are announced already, withdraw them first")]
    Announced {
        /// The announced terms.
        terms: TermsId,
    },
    /// No change of the task is announced, or it is in force already.
    #[error("no price change is announced")]
    NotAnnounced,
    /// The new price is the present one.
    #[error("price is the present one")]
    Same,
    /// The version's seat bond does not cover the slashes at the new price (3); it is fixed for the version.
    #[error("this price needs a seat bond of {needed}, the version's is {got}: publish a new version")]
    SeatBond {
        /// The version's seat bond.
        got: u128,
        /// The least seat bond at the new price.
        needed: u128,
    },
    /// The new terms are outside their bounds otherwise.
    #[error(transparent)]
    Terms(TermsError),
}

/// The same terms at another price.
///
/// # Errors
/// The present price, and a price that the terms, above all their seat bond, do not bear.
pub fn reprice(terms: &Terms, price: Price) -> Result<Terms, PriceChangeError> {
    if terms.price == price {
        return Err(PriceChangeError::Same);
    }
    let changed = Terms { price, ..terms.clone() };
    match changed.check() {
        Ok(()) => Ok(changed),
        Err(TermsError::SeatBond { got, needed }) => Err(PriceChangeError::SeatBond { got, needed }),
        Err(error) => Err(PriceChangeError::Terms(error)),
    }
}

/// Terms that come into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Announced {
    /// The terms.
    pub terms: TermsId,
    /// When they replace the present ones, in time and height.
    pub from: Deadline,
}

/// Whether a request may name a row of terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It may.
    InForce,
    /// Not before this.
    Announced {
        /// When the terms come into force.
        from: Deadline,
    },
    /// Not any more, or never: other terms are in force.
    Replaced {
        /// The terms in force.
        by: TermsId,
    },
}

/// The terms of one task in the course of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TaskTerms {
    present: TermsId,
    next: Option<Announced>,
}

impl TaskTerms {
    /// The terms that the task was published with.
    pub const fn published(terms: TermsId) -> Self {
        Self { present: terms, next: None }
    }

    /// The terms in force at `now`.
    pub fn at(&self, now: Clock) -> TermsId {
        self.next.filter(|next| next.from.expired(now)).map_or(self.present, |next| next.terms)
    }

    /// The change that is announced and not in force at `now`.
    pub fn announced(&self, now: Clock) -> Option<Announced> {
        self.next.filter(|next| !next.from.expired(now))
    }

    /// Whether a request may name `terms`, a row of this task, at `now`.
    pub fn standing(&self, terms: TermsId, now: Clock) -> Standing {
        match (self.at(now), self.announced(now)) {
            (present, _) if present == terms => Standing::InForce,
            (_, Some(next)) if next.terms == terms => Standing::Announced { from: next.from },
            (by, _) => Standing::Replaced { by },
        }
    }

    /// Announces `terms`; gives when they come into force.
    ///
    /// # Errors
    /// `Announced`: only one change at a time, so that a runner has one date to decide by.
    pub fn announce(&mut self, terms: TermsId, now: Clock) -> Result<Deadline, PriceChangeError> {
        if let Some(Announced { terms, .. }) = self.announced(now) {
            return Err(PriceChangeError::Announced { terms });
        }
        let from = Deadline::after(now, NOTICE, SLOWEST_BLOCK);
        *self = Self { present: self.at(now), next: Some(Announced { terms, from }) };
        Ok(from)
    }

    /// Takes an announced change back; gives its terms.
    ///
    /// # Errors
    /// `NotAnnounced`: there is none, or it is in force.
    pub fn withdraw(&mut self, now: Clock) -> Result<TermsId, PriceChangeError> {
        let next = self.announced(now).ok_or(PriceChangeError::NotAnnounced)?;
        self.next = None;
        Ok(next.terms)
    }
}

impl Record for TaskTerms {
    fn write(&self, out: &mut Writer) {
        out.int(self.present.0);
        // 0 is no row: nothing is announced
        out.int(self.next.map_or(0, |next| next.terms.0));
        if let Some(next) = self.next {
            next.from.write(out);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let present = TermsId(input.int()?);
        let next = match input.int()? {
            0 => None,
            terms => Some(Announced { terms: TermsId(terms), from: Deadline::read(input)? }),
        };
        Ok(Self { present, next })
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::money::MoneyError;
    use crate::terms::tests::terms;

    const NOW: Clock = Clock { time: 1_000_000, height: 500 };
    const OLD: TermsId = TermsId(3);
    const NEW: TermsId = TermsId(9);

    fn later(seconds: u64, blocks: u64) -> Clock {
        Clock { time: NOW.time + seconds, height: NOW.height + blocks }
    }

    fn announced() -> TaskTerms {
        let mut task = TaskTerms::published(OLD);
        assert_eq!(task.announce(NEW, NOW), Ok(Deadline { time: NOW.time + 86_400, height: NOW.height + 1_440 }));
        task
    }

    #[test]
    fn a_change_is_in_force_after_the_notice_and_not_a_second_or_block_before() {
        let task = announced();
        let from = Deadline { time: NOW.time + 86_400, height: NOW.height + 1_440 };
        for before in [NOW, later(86_399, 9_999), later(9_999_999, 1_439)] {
            assert_eq!((task.at(before), task.announced(before)), (OLD, Some(Announced { terms: NEW, from })));
            assert_eq!(task.standing(OLD, before), Standing::InForce);
            assert_eq!(task.standing(NEW, before), Standing::Announced { from });
            assert_eq!(task.standing(TermsId(4), before), Standing::Replaced { by: OLD });
        }
        let after = later(86_400, 1_440);
        assert_eq!((task.at(after), task.announced(after)), (NEW, None));
        assert_eq!(task.standing(NEW, after), Standing::InForce);
        assert_eq!(task.standing(OLD, after), Standing::Replaced { by: NEW });
    }

    #[test]
    fn one_change_at_a_time() {
        let mut task = announced();
        assert_eq!(task.announce(TermsId(10), later(86_399, 9_999)), Err(PriceChangeError::Announced { terms: NEW }));
        let after = later(86_400, 1_440);
        task.announce(TermsId(10), after).unwrap();
        assert_eq!((task.at(after), task.standing(OLD, after)), (NEW, Standing::Replaced { by: NEW }));
    }

    #[test]
    fn only_what_is_not_in_force_is_withdrawn() {
        assert_eq!(TaskTerms::published(OLD).withdraw(NOW), Err(PriceChangeError::NotAnnounced));
        let mut task = announced();
        assert_eq!(task.withdraw(later(86_400, 1_440)), Err(PriceChangeError::NotAnnounced));
        assert_eq!(task.withdraw(later(86_399, 9_999)), Ok(NEW));
        assert_eq!(task, TaskTerms::published(OLD));
        assert_eq!(task.at(later(999_999, 99_999)), OLD, "it never comes into force");
    }

    #[test]
    fn the_new_price_must_differ_and_be_borne_by_the_seat_bond() {
        let terms = terms();
        let at = |per_call| reprice(&terms, Price { per_call, ..terms.price });
        assert_eq!(at(terms.price.per_call), Err(PriceChangeError::Same));
        // a = per_call + 105·1,000 + 2,000·10 and 20a ≤ 30,000,000
        let dearest = 1_500_000 - 125_000;
        assert_eq!(at(dearest), Ok(Terms { price: Price { per_call: dearest, ..terms.price }, ..terms.clone() }));
        let needed = 30_000_020;
        assert_eq!(at(dearest + 1), Err(PriceChangeError::SeatBond { got: 30_000_000, needed }));
        let free =
            PriceChangeError::Terms(TermsError::OutOfBounds { field: "per_call", got: 0, min: 1, max: u128::MAX });
        assert_eq!(at(0), Err(free));
        assert_eq!(at(u128::MAX), Err(PriceChangeError::Terms(TermsError::Money(MoneyError::Overflow))));
    }

    proptest! {
        /// Whatever is announced and withdrawn when, exactly one row is in force, and a row is never in force sooner
        /// than the notice after it was announced.
        #[test]
        fn one_row_is_in_force_and_none_without_its_notice(
            steps in prop::collection::vec((0..60_000u64, 0..2_000u64, any::<bool>()), 1..40),
        ) {
            let (mut task, mut now, mut since) = (TaskTerms::published(TermsId(1)), NOW, vec![None]);
            for (seconds, blocks, announce) in steps {
                now = Clock { time: now.time + seconds, height: now.height + blocks };
                if announce {
                    let next = TermsId(u32::try_from(since.len()).unwrap() + 1);
                    if task.announce(next, now).is_ok() {
                        since.push(Some(now));
                    }
                } else if let Ok(TermsId(taken)) = task.withdraw(now) {
                    prop_assert_eq!(usize::try_from(taken).unwrap(), since.len());
                }
                let rows = (1..=u32::try_from(since.len()).unwrap()).map(TermsId);
                let in_force: Vec<_> = rows.filter(|row| task.standing(*row, now) == Standing::InForce).collect();
                prop_assert_eq!(&in_force, &[task.at(now)]);
                if let Some(announced) = since[usize::try_from(task.at(now).0).unwrap() - 1] {
                    prop_assert!(now.time >= announced.time + 86_400 && now.height >= announced.height + 1_440);
                }
                prop_assert_eq!(TaskTerms::decode(&task.encode()), Ok(task));
            }
        }

        #[test]
        fn what_decodes_encodes_to_the_same_bytes(bytes in prop::collection::vec(0_u8..4, 0..12)) {
            if let Ok(task) = TaskTerms::decode(&bytes) {
                prop_assert_eq!(task.encode(), &bytes[..]);
            }
        }
    }
}
