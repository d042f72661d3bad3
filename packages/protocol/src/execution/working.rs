//! Working: the panel runs the task blind and seals; missing seats are slashed and, in rounds 0 and 1, refilled
//! (2.3, 2.4).

use super::{
    ATTEMPTS, Bench, Candidate, Execution, Fault, Outcome, Phase, Poked, Progress, ROUND_0, ROUND_1, ROUND_2, Refund,
    Rules, Seat, StepError,
};
use crate::clock::Clock;
use crate::digest::Digest32;
use crate::ids::RunnerId;
use crate::money::MoneyError;
use crate::offence::Offence;

impl Execution {
    /// Takes the seal of `runner`, whose signature the market has checked. The last one moves on to Opening.
    ///
    /// # Errors
    /// `Already` for the same seal again, `Bound` for another one.
    pub fn seal(&mut self, rules: Rules<'_>, runner: RunnerId, seal: Digest32, now: Clock) -> Result<(), StepError> {
        let Phase::Working { round: round @ ROUND_1.., .. } = self.phase else { return Err(self.wrong_phase()) };
        let seat = self.seat_mut(round, runner)?;
        match seat.progress {
            Progress::Seated => seat.progress = Progress::Sealed(seal),
            Progress::Sealed(bound) if bound == seal => return Err(StepError::Already),
            _ => return Err(StepError::Bound),
        }
        self.go_on_if_sealed(rules, round, now);
        Ok(())
    }

    /// On to Opening when nobody may seal any more: in round 1 only with a full house; later rounds leave out vacant
    /// seats, but wait for their deadline if so many are vacant that there is nothing to judge. The executor of round 0
    /// never seals.
    pub(super) fn go_on_if_sealed(&mut self, rules: Rules<'_>, round: u8, now: Clock) {
        let seats = self.seats(round);
        let ready = match round {
            ROUND_0 | ROUND_1 => seats.iter().all(Seat::sealed),
            _ => {
                let waiting = seats.iter().any(|seat| seat.progress == Progress::Seated);
                !waiting && seats.iter().any(Seat::sealed) && !self.unavailable(round)
            }
        };
        if ready {
            self.enter(Phase::Opening { round, until: rules.deadline(now, rules.params.t_open) }, now);
        }
    }

    pub(super) fn poke_working(
        &mut self,
        rules: Rules<'_>,
        round: u8,
        attempt: u8,
        now: Clock,
        bench: &mut impl Bench,
    ) -> Result<Poked, StepError> {
        let faults = self.missing(rules, round)?;
        if round >= ROUND_2 {
            self.miss(round, &faults)?;
            return self.close_work(rules, round, faults, now);
        }
        let next = attempt.saturating_add(1);
        let vacant = self.seats(round).iter().filter(|seat| !seat.sealed()).count();
        let refills = if next < ATTEMPTS { self.refills(rules, round, vacant, bench)? } else { Vec::new() };
        if next >= ATTEMPTS || refills.len() < vacant {
            self.miss(round, &faults)?;
            return self.give_round_up(rules, round, faults, now);
        }
        let panel = self.panel_mut(round)?;
        panel.seats.retain(Seat::sealed);
        panel.missed.extend(faults.iter().map(|fault| fault.runner));
        self.join(round, &refills)?;
        self.enter(Phase::Working { round, attempt: next, until: rules.work_deadline(now) }, now);
        let joined = refills.iter().map(|refill| refill.runner).collect();
        Ok(Poked { faults, joined, ..Poked::default() })
    }

    /// Rounds 2 and 3 go on with what was sealed. Once a value stands, no payload is missing: a challenged round without
    /// seals is undecided like any other, else who serves the bytes could take the value back.
    fn close_work(&mut self, rules: Rules<'_>, round: u8, faults: Vec<Fault>, now: Clock) -> Result<Poked, StepError> {
        if self.challenge.is_none() && self.unavailable(round) {
            return self.end_unavailable(rules, faults, now);
        }
        if self.seats(round).iter().any(Seat::sealed) {
            self.enter(Phase::Opening { round, until: rules.deadline(now, rules.params.t_open) }, now);
        } else {
            self.undecided(rules, round, now)?;
        }
        Ok(Poked { faults, ..Poked::default() })
    }

    /// Rounds 0 and 1 without a full house: no result, or for the committee of `Verify` a larger one.
    fn give_round_up(
        &mut self,
        rules: Rules<'_>,
        round: u8,
        faults: Vec<Fault>,
        now: Clock,
    ) -> Result<Poked, StepError> {
        if self.unavailable(round) {
            return self.end_unavailable(rules, faults, now);
        }
        if rules.verifies() && round == ROUND_1 {
            self.queue(rules, ROUND_2, now);
        } else {
            self.end(Outcome::Refunded(Refund::NoResult), now);
        }
        Ok(Poked { faults, ..Poked::default() })
    }

    /// Nobody could get the payload. That is the executor's fault where only it can serve what `Verify`'s judges lack: the
    /// input is on chain and the result is not. Else whoever serves input or component could rob it.
    fn end_unavailable(&mut self, rules: Rules<'_>, mut faults: Vec<Fault>, now: Clock) -> Result<Poked, StepError> {
        if !(self.input.inline && self.result.is_some_and(|result| result.is_large())) {
            self.end(Outcome::Unavailable, now);
            return Ok(Poked { faults, ..Poked::default() });
        }
        if let Some(executor) = self.seats(ROUND_0).first().map(|seat| seat.runner) {
            let amount = self.miss_slash(rules, ROUND_0, 0)?;
            self.seat_mut(ROUND_0, executor)?.progress = Progress::Missed;
            faults.push(Fault { runner: executor, offence: Offence::Missed, amount, unseated: true });
        }
        self.end(Outcome::Refunded(Refund::NoResult), now);
        Ok(Poked { faults, ..Poked::default() })
    }

    /// Up to `count` candidates with a free seat: the spares first, then, once, k1 + 3 more of the same draw (2.3).
    pub(super) fn refills(
        &mut self,
        rules: Rules<'_>,
        round: u8,
        count: usize,
        bench: &mut impl Bench,
    ) -> Result<Vec<Candidate>, StepError> {
        let mut found = self.take_spares(round, count, bench)?;
        let panel = self.panel_mut(round)?;
        if found.len() >= count || round >= ROUND_2 || panel.extended {
            return Ok(found);
        }
        let asked = rules.committee.k1.saturating_add(3);
        let more = bench.more(panel, asked);
        panel.extended = true;
        panel.drawn = panel.drawn.saturating_add(asked.into());
        let fresh: Vec<_> = more.into_iter().filter(|candidate| !self.has_sat(candidate.runner)).collect();
        self.panel_mut(round)?.spares.extend(fresh);
        let missing = count.saturating_sub(found.len());
        found.extend(self.take_spares(round, missing, bench)?);
        Ok(found)
    }

    fn take_spares(&mut self, round: u8, count: usize, bench: &mut impl Bench) -> Result<Vec<Candidate>, StepError> {
        let panel = self.panel_mut(round)?;
        let mut found = Vec::new();
        panel.spares.retain(|spare| {
            let taken = found.len() < count && bench.is_free(round, spare);
            if taken {
                found.push(*spare);
            }
            !taken
        });
        Ok(found)
    }

    pub(super) fn join(&mut self, round: u8, refills: &[Candidate]) -> Result<(), StepError> {
        let panel = self.panel_mut(round)?;
        panel.asked = panel.asked.saturating_add(u8::try_from(refills.len()).unwrap_or(u8::MAX));
        panel.seats.extend(refills.iter().map(Seat::new));
        Ok(())
    }

    fn miss(&mut self, round: u8, faults: &[Fault]) -> Result<(), StepError> {
        for fault in faults {
            self.seat_mut(round, fault.runner)?.progress = Progress::Missed;
        }
        Ok(())
    }

    /// Seats without a seal, and what each is slashed.
    fn missing(&self, rules: Rules<'_>, round: u8) -> Result<Vec<Fault>, MoneyError> {
        let seats = self.seats(round).iter().enumerate();
        let missing = seats.filter(|(_, seat)| seat.progress == Progress::Seated);
        missing
            .map(|(index, seat)| {
                let amount = self.miss_slash(rules, round, index)?;
                Ok(Fault { runner: seat.runner, offence: Offence::Missed, amount, unseated: true })
            })
            .collect()
    }
}
