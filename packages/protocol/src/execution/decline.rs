//! Decline: a seat that cannot work says so early and is replaced; nothing is slashed (2.3).

use super::{Bench, Execution, Fault, Panel, Phase, Poked, Progress, ROUND_2, Rules, Seat, StepError};
use crate::clock::Clock;
use crate::ids::{KeyNo, RunnerId};
use crate::offence::Offence;

/// Why a seat is given up. The numbers are part of the signed message and never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DeclineCode {
    /// 1: the input, or the result to be judged, cannot be had. Outside any quota.
    Unavailable,
    /// 2: the machine cannot run the task: memory, stack, wall clock, component or profile missing.
    Machine,
    /// 3: the runner is stopping.
    Stopping,
}

/// A runner that declined its seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Declined {
    /// Who.
    pub runner: RunnerId,
    /// The attestation key that signed for the seat: a seal of it would be an equivocation.
    pub key_no: KeyNo,
    /// Why.
    pub code: DeclineCode,
    /// A seal of it turned up: its bond is slashed.
    pub equivocated: bool,
}

impl DeclineCode {
    /// All codes in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Unavailable, Self::Machine, Self::Stopping];

    /// Its number, 1 to 3.
    pub const fn to_u16(self) -> u16 {
        match self {
            Self::Unavailable => 1,
            Self::Machine => 2,
            Self::Stopping => 3,
        }
    }

    /// The code that has this number, if there is one.
    pub fn from_u16(number: u16) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.to_u16() == number)
    }
}

impl Execution {
    /// Gives the seat of `runner` up, whose signature the market has checked: in the first third of the window of work
    /// and before its seal. The next candidate takes the seat under the same deadline; if there is none it stays
    /// vacant. Either way the seat goes last, so that the order of declines pays nobody.
    ///
    /// # Errors
    /// `TooLate` after the third, `Bound` after the seal.
    pub fn decline(
        &mut self,
        rules: Rules<'_>,
        runner: RunnerId,
        code: DeclineCode,
        now: Clock,
        bench: &mut impl Bench,
    ) -> Result<Poked, StepError> {
        let Phase::Working { round, until, .. } = self.phase else { return Err(self.wrong_phase()) };
        let window = u64::from(super::life::work_window(rules.terms, rules.params));
        let last = until.time.saturating_sub(window).saturating_add(window / 3);
        // In time and blocks: a halt takes nobody's decline away. Who would join after it had too little time, so the
        // seat stays vacant until the deadline.
        let blocks = |seconds: u64| seconds.div_ceil(u64::from(rules.params.block_max_avg.max(1)));
        let last_height = until.height.saturating_sub(blocks(window)).saturating_add(blocks(window / 3));
        let late = now.time > last;
        let seat = *self.seat_mut(round, runner)?;
        match seat.progress {
            Progress::Seated if !late || now.height <= last_height => {}
            Progress::Seated => return Err(StepError::TooLate { time: last }),
            Progress::Declined => return Err(StepError::Already),
            _ => return Err(StepError::Bound),
        }
        let refills = if late { Vec::new() } else { self.refills(rules, round, 1, bench)? };
        let panel = self.panel_mut(round)?;
        panel.seats.retain(|seat| seat.runner != runner);
        panel.declined.push(Declined { runner, key_no: seat.key_no, code, equivocated: seat.equivocated });
        if refills.is_empty() {
            panel.seats.push(Seat { progress: Progress::Declined, ..seat });
        }
        self.join(round, &refills)?;
        self.go_on_if_sealed(rules, round, now);
        let joined = refills.iter().map(|refill| refill.runner).collect();
        Ok(Poked { left: vec![runner], joined, ..Poked::default() })
    }

    /// Whether a seat of `round` stayed vacant and two thirds of all runners asked could not get the payload.
    pub(super) fn unavailable(&self, round: u8) -> bool {
        let starved = |panel: &Panel| {
            let unavailable = panel.declines(DeclineCode::Unavailable);
            panel.is_vacant() && unavailable.saturating_mul(3) >= usize::from(panel.asked).saturating_mul(2)
        };
        self.panel(round).is_some_and(starved)
    }

    /// Whether seats of a later round stayed vacant for want of the payload. Then it is not the service that cannot be
    /// agreed on: its bond pays nobody, and it is not counted against it.
    pub fn is_starved(&self) -> bool {
        let later = self.panels.iter().filter(|panel| panel.round >= ROUND_2);
        later.into_iter().any(|panel| panel.is_vacant() && panel.declines(DeclineCode::Unavailable) > 0)
    }

    /// Declines that count against their runners: none for unavailability, and none of a panel of which half of those
    /// asked, and not one alone, gave one code.
    pub(super) fn declines(&self) -> impl Iterator<Item = Fault> {
        let counted = self.panels.iter().filter(|panel| !panel.half_declined());
        let declined = counted.flat_map(|panel| panel.declined.iter());
        declined.filter(|it| it.code != DeclineCode::Unavailable).map(|it| Fault {
            runner: it.runner,
            offence: Offence::Declined,
            amount: 0,
            unseated: false,
        })
    }
}

impl Panel {
    fn declines(&self, code: DeclineCode) -> usize {
        self.declined.iter().filter(|it| it.code == code).count()
    }

    fn is_vacant(&self) -> bool {
        self.seats.iter().any(|seat| seat.progress == Progress::Declined)
    }

    fn half_declined(&self) -> bool {
        let half = |declines: usize| declines > 1 && declines.saturating_mul(2) >= usize::from(self.asked);
        DeclineCode::ALL.iter().any(|code| half(self.declines(*code)))
    }
}
