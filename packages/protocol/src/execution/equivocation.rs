//! Equivocation: a seat signed two different acts. It never changes the course of the execution (2.3).

use super::{Execution, Fault, Rules, StepError};
use crate::ids::{KeyNo, RunnerId};
use crate::offence::Offence;

impl Execution {
    /// The round and the attestation key that acts of `runner` are proven with: of its seat, or of the one it declined.
    pub fn signer(&self, runner: RunnerId) -> Result<(u8, KeyNo), StepError> {
        if let Ok((round, seat)) = self.seat(runner) {
            return Ok((round, seat.key_no));
        }
        let mut declined = self.panels.iter().flat_map(|panel| panel.declined.iter().map(|it| (panel.round, it)));
        let found = declined.find(|(_, it)| it.runner == runner).ok_or(StepError::NoSeat { runner })?;
        Ok((found.0, found.1.key_no))
    }

    /// Takes the proof, which the market has checked, that `runner` equivocated: once a seat, as long as its record
    /// exists, also after it gave the seat up. What is left of its seat bond is due.
    ///
    /// # Errors
    /// `Already` for a seat that was reported before.
    pub fn equivocate(&mut self, rules: Rules<'_>, runner: RunnerId) -> Result<Fault, StepError> {
        let amount = match self.seat(runner) {
            Ok(_) => self.bond_left(rules, runner)?,
            Err(_) => rules.terms.seat_bond,
        };
        let reported = self.reported_mut(runner).ok_or(StepError::NoSeat { runner })?;
        if core::mem::replace(reported, true) {
            return Err(StepError::Already);
        }
        Ok(Fault { runner, offence: Offence::Equivocation, amount, unseated: false })
    }

    fn reported_mut(&mut self, runner: RunnerId) -> Option<&mut bool> {
        self.panels.iter_mut().find_map(|panel| {
            let seat = panel.seats.iter_mut().find(|seat| seat.runner == runner).map(|seat| &mut seat.equivocated);
            seat.or_else(|| panel.declined.iter_mut().find(|it| it.runner == runner).map(|it| &mut it.equivocated))
        })
    }
}
