//! The drawn seats of one round.

use super::Declined;
use crate::beacon::Round;
use crate::digest::Digest32;
use crate::ids::{KeyNo, RunnerId};

/// A drawn runner: who, which attestation key, and how many seats its stake carries in the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The runner.
    pub runner: RunnerId,
    /// Its attestation key at the draw.
    pub key_no: KeyNo,
    /// Whole seats of its leaf.
    pub seats: u32,
}

/// How far a seat has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Nothing sealed yet.
    Seated,
    /// The seal C.
    Sealed(Digest32),
    /// The opened round value h.
    Opened(Digest32),
    /// Let the window of work pass: slashed then.
    Missed,
    /// Gave the seat up, and nobody took it.
    Declined,
    /// Sealed and let the window of openings pass: pays at the end as a wrong value does.
    Unopened,
}

/// A seat of a panel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    /// Who holds it.
    pub runner: RunnerId,
    /// The attestation key that signs for it.
    pub key_no: KeyNo,
    /// How far it has come.
    pub progress: Progress,
    /// It let its publishing slot pass.
    pub passed_slot: bool,
    /// It signed two different acts: what was left of its bond is slashed.
    pub equivocated: bool,
}

/// The drawn seats of one round, in the order of the draw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Panel {
    /// 0 to 3.
    pub round: u8,
    /// The beacon round that drew it.
    pub drawn_by: Round,
    /// The epoch whose weights drew it.
    pub epoch: u64,
    /// Candidates taken from the draw so far: where the next ones are asked from.
    pub drawn: u16,
    /// The draw was asked once more for candidates, after the spares were used up.
    pub extended: bool,
    /// Runners that were given a seat so far.
    pub asked: u8,
    /// The seats. In rounds 0 and 1 a missing or declining holder is replaced, and the newcomer joins last.
    pub seats: Vec<Seat>,
    /// Candidates that may still take a vacant seat.
    pub spares: Vec<Candidate>,
    /// Who declined, and why.
    pub declined: Vec<Declined>,
    /// Who missed its seat and was replaced.
    pub missed: Vec<RunnerId>,
}

impl Seat {
    pub(super) const fn new(candidate: &Candidate) -> Self {
        Self {
            runner: candidate.runner,
            key_no: candidate.key_no,
            progress: Progress::Seated,
            passed_slot: false,
            equivocated: false,
        }
    }

    /// Whether the seat is bound to a value.
    pub const fn sealed(&self) -> bool {
        matches!(self.progress, Progress::Sealed(_) | Progress::Opened(_) | Progress::Unopened)
    }

    /// The value it opened.
    pub const fn opened(&self) -> Option<Digest32> {
        match self.progress {
            Progress::Opened(value) => Some(value),
            _ => None,
        }
    }

    /// Whether its runner is still held by the execution.
    pub const fn held(&self) -> bool {
        !matches!(self.progress, Progress::Missed | Progress::Declined)
    }
}

impl Panel {
    /// Whether `runner` holds a seat, declined one or lost one.
    pub fn has_asked(&self, runner: RunnerId) -> bool {
        let seated = self.seats.iter().map(|seat| seat.runner).chain(self.declined.iter().map(|it| it.runner));
        seated.chain(self.missed.iter().copied()).any(|asked| asked == runner)
    }

    /// Seats that opened `value`.
    pub fn holders(&self, value: Digest32) -> impl Iterator<Item = &Seat> {
        self.seats.iter().filter(move |seat| seat.opened() == Some(value))
    }

    /// The value that most seats opened, and how many did.
    pub fn leading(&self) -> Option<(Digest32, usize)> {
        let opened = self.seats.iter().filter_map(Seat::opened);
        opened.map(|value| (value, self.holders(value).count())).max_by_key(|(_, count)| *count)
    }
}
