//! Binary record of an execution. Clocks after the request are written as distances from it.
//!
//! Layout 2. Layout 1, of version 0.1.0, knew `Replicate` and round 1 only; it is read and never written.

use super::{
    Binding, Candidate, Challenge, DeclineCode, Declined, Execution, InputRef, Mark, Outcome, Panel, Phase, Progress,
    ROUND_1, Refund, Seat,
};
use crate::beacon::Round;
use crate::clock::{Clock, Deadline};
use crate::codec::{CodecError, Reader, Record, Writer};
use crate::digest::Digest32;
use crate::ids::{ParamsId, RunnerId, ServiceId, TermsId, VersionId};
use crate::seal::{ErrorCode, Kind, Value};

const LAYOUT: u8 = 2;

impl Record for Execution {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.bytes(&self.requester);
        out.int(self.sub);
        out.int(self.service.0);
        out.int(self.version.0);
        out.int(self.terms.0);
        out.int(self.params.0);
        self.requested.write(out);
        out.fixed(&self.input.digest.0);
        out.int(self.input.len);
        out.byte(self.input.inline.into());
        out.int(self.escrow);
        out.int(self.tips_paid);
        out.int(self.pot);
        write_phase(&self.phase, out);
        write_value(self.value.as_ref(), out);
        write_history(&self.history, self.requested, out);
        out.byte(self.more_validators);
        out.int(self.own_runner.map_or(0, |runner| runner.0));
        write_list(&self.panels, out);
        write_value(self.result.as_ref(), out);
        out.byte(self.decided);
        write_challenge(self.challenge.as_ref(), out);
        out.byte(self.unseated_challenges);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let layout = input.layout(LAYOUT)?;
        let requester = input.bytes()?.to_vec();
        let sub = input.int()?;
        let service = ServiceId(input.int()?);
        let version = VersionId(input.int()?);
        let terms = TermsId(input.int()?);
        let params = ParamsId(input.int()?);
        let requested = Clock::read(input)?;
        let mut execution = Self {
            requester,
            sub,
            service,
            version,
            terms,
            params,
            more_validators: 0,
            own_runner: None,
            requested,
            input: InputRef { digest: input.digest()?, len: input.int()?, inline: flag(input)? },
            escrow: input.int()?,
            tips_paid: input.int()?,
            pot: input.int()?,
            phase: read_phase(input, layout)?,
            panels: Vec::new(),
            result: None,
            value: None,
            decided: 0,
            challenge: None,
            unseated_challenges: 0,
            history: Vec::new(),
        };
        if layout == 1 {
            execution.read_layout_1(input)?
        } else {
            execution.read_layout_2(input)?
        }
        Ok(execution)
    }
}

impl Execution {
    fn read_layout_2(&mut self, input: &mut Reader<'_>) -> Result<(), CodecError> {
        self.value = read_value(input)?;
        self.history = read_history(input, self.requested, 2)?;
        self.more_validators = input.byte()?;
        self.own_runner = Some(RunnerId(input.int()?)).filter(|runner| runner.0 != 0);
        self.panels = read_list(input)?;
        self.result = read_value(input)?;
        self.decided = input.byte()?;
        self.challenge = read_challenge(input)?;
        self.unseated_challenges = input.byte()?;
        Ok(())
    }

    /// One panel without its epoch: the draw is not asked for more candidates.
    fn read_layout_1(&mut self, input: &mut Reader<'_>) -> Result<(), CodecError> {
        let drawn_by = Round::from_u64(input.int()?);
        let seats: Vec<Seat> = (0..input.byte()?).map(|_| read_seat(input, 1)).collect::<Result<_, _>>()?;
        let spares = read_list(input)?;
        self.value = read_value(input)?;
        self.history = read_history(input, self.requested, 1)?;
        self.decided = if self.value.is_some() { ROUND_1 } else { 0 };
        if !seats.is_empty() {
            let asked = u8::try_from(seats.len()).unwrap_or(u8::MAX);
            self.panels.push(Panel {
                round: ROUND_1,
                drawn_by,
                epoch: 0,
                drawn: 0,
                extended: true,
                asked,
                seats,
                spares,
                declined: Vec::new(),
                missed: Vec::new(),
            });
        }
        Ok(())
    }
}

fn flag(input: &mut Reader<'_>) -> Result<bool, CodecError> {
    match input.byte()? {
        0 => Ok(false),
        1 => Ok(true),
        got => Err(CodecError::Tag { got }),
    }
}

fn write_list<T: Record>(list: &[T], out: &mut Writer) {
    out.byte(u8::try_from(list.len()).unwrap_or(u8::MAX));
    list.iter().for_each(|item| item.write(out));
}

fn read_list<T: Record>(input: &mut Reader<'_>) -> Result<Vec<T>, CodecError> {
    (0..input.byte()?).map(|_| T::read(input)).collect()
}

/// The phase's code in the low half, its round in the high half of one byte.
const fn phase_byte(code: u8, round: u8) -> u8 {
    round.wrapping_shl(4) | code
}

fn write_phase(phase: &Phase, out: &mut Writer) {
    out.byte(phase_byte(phase.code(), phase.round().unwrap_or(0)));
    match phase {
        Phase::Queued { since, turns, binding, .. } => {
            since.write(out);
            out.int(binding.round.to_u64());
            binding.at.write(out);
            out.byte(*turns);
        }
        Phase::Working { attempt, until, .. } => {
            out.byte(*attempt);
            until.write(out);
        }
        Phase::Opening { until, .. } | Phase::Provisional { until } | Phase::OwnRun { until } => until.write(out),
        Phase::Publishing { slot, until, .. } => {
            out.byte(*slot);
            until.write(out);
        }
        Phase::Ended { outcome } => out.byte(outcome_code(*outcome)),
    }
}

fn read_phase(input: &mut Reader<'_>, layout: u8) -> Result<Phase, CodecError> {
    let byte = input.byte()?;
    let bad = CodecError::Tag { got: byte };
    let (code, round) = match (layout, byte) {
        (1, 0..=3) => (byte, ROUND_1),
        (1, 4..=5) => (byte, 0),
        (1, _) => return Err(bad),
        _ => (byte & 0x0f, byte >> 4),
    };
    if round > super::ROUND_3 || (code > 3 && round != 0) {
        return Err(bad);
    }
    Ok(match code {
        0 => Phase::Queued {
            round,
            since: Clock::read(input)?,
            binding: Binding { round: Round::from_u64(input.int()?), at: Clock::read(input)? },
            turns: if layout == 1 { 0 } else { input.byte()? },
        },
        1 => Phase::Working { round, attempt: input.byte()?, until: Deadline::read(input)? },
        2 => Phase::Opening { round, until: Deadline::read(input)? },
        3 => Phase::Publishing { round, slot: input.byte()?, until: Deadline::read(input)? },
        4 => Phase::Provisional { until: Deadline::read(input)? },
        5 => Phase::Ended { outcome: read_outcome(input.byte()?)? },
        6 => Phase::OwnRun { until: Deadline::read(input)? },
        _ => return Err(bad),
    })
}

const REFUNDS: [Refund; 5] =
    [Refund::NoRunners, Refund::NoBeacon, Refund::NoResult, Refund::Inconclusive, Refund::Rejected];
const CORRECTED: u8 = 8;
const UNAVAILABLE: u8 = 9;
const FIRST_REFUND: u8 = 16;

/// 0 Finalized; 1 to 6 Failed with that error code; 8 Corrected; 9 Unavailable; from 16 on Refunded.
fn outcome_code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Finalized => 0,
        Outcome::Failed(code) => code.to_be_bytes()[1],
        Outcome::Corrected => CORRECTED,
        Outcome::Unavailable => UNAVAILABLE,
        Outcome::Refunded(why) => {
            let place = REFUNDS.iter().position(|refund| *refund == why).unwrap_or(0);
            FIRST_REFUND.saturating_add(u8::try_from(place).unwrap_or(0))
        }
    }
}

fn read_outcome(code: u8) -> Result<Outcome, CodecError> {
    match code {
        0 => return Ok(Outcome::Finalized),
        CORRECTED => return Ok(Outcome::Corrected),
        UNAVAILABLE => return Ok(Outcome::Unavailable),
        _ => {}
    }
    if let Some(error) = ErrorCode::from_u16(code.into()) {
        return Ok(Outcome::Failed(error));
    }
    let refund = code.checked_sub(FIRST_REFUND).and_then(|index| REFUNDS.get(usize::from(index)));
    refund.map(|why| Outcome::Refunded(*why)).ok_or(CodecError::Tag { got: code })
}

fn write_challenge(challenge: Option<&Challenge>, out: &mut Writer) {
    let Some(challenge) = challenge else { return out.byte(0) };
    out.byte(match challenge.right {
        None => 1,
        Some(false) => 2,
        Some(true) => 3,
    });
    out.bytes(&challenge.account);
    out.int(challenge.bond);
}

fn read_challenge(input: &mut Reader<'_>) -> Result<Option<Challenge>, CodecError> {
    let right = match input.byte()? {
        0 => return Ok(None),
        1 => None,
        2 => Some(false),
        3 => Some(true),
        got => return Err(CodecError::Tag { got }),
    };
    Ok(Some(Challenge { account: input.bytes()?.to_vec(), bond: input.int()?, right }))
}

impl Record for Panel {
    fn write(&self, out: &mut Writer) {
        out.byte(phase_byte(self.extended.into(), self.round));
        out.int(self.drawn_by.to_u64());
        out.int(self.epoch);
        out.int(self.drawn);
        out.byte(self.asked);
        write_list(&self.seats, out);
        write_list(&self.spares, out);
        write_list(&self.declined, out);
        write_list(&self.missed, out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let byte = input.byte()?;
        let (extended, round) = (byte & 0x0f, byte >> 4);
        if extended > 1 || round > super::ROUND_3 {
            return Err(CodecError::Tag { got: byte });
        }
        Ok(Self {
            round,
            drawn_by: Round::from_u64(input.int()?),
            epoch: input.int()?,
            drawn: input.int()?,
            extended: extended == 1,
            asked: input.byte()?,
            seats: read_list(input)?,
            spares: read_list(input)?,
            declined: read_list(input)?,
            missed: read_list(input)?,
        })
    }
}

impl Record for Declined {
    fn write(&self, out: &mut Writer) {
        out.int(self.runner.0);
        out.int(self.key_no);
        let equivocated = if self.equivocated { EQUIVOCATED } else { 0 };
        out.byte(self.code.to_u16().to_be_bytes()[1] | equivocated);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let (runner, key_no) = (RunnerId(input.int()?), input.int()?);
        let got = input.byte()?;
        let code = DeclineCode::from_u16((got & !EQUIVOCATED).into()).ok_or(CodecError::Tag { got })?;
        Ok(Self { runner, key_no, code, equivocated: got & EQUIVOCATED != 0 })
    }
}

impl Record for RunnerId {
    fn write(&self, out: &mut Writer) {
        out.int(self.0);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self(input.int()?))
    }
}

impl Record for Candidate {
    fn write(&self, out: &mut Writer) {
        out.int(self.runner.0);
        out.int(self.key_no);
        out.int(self.seats);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        Ok(Self { runner: RunnerId(input.int()?), key_no: input.int()?, seats: input.int()? })
    }
}

const PASSED_SLOT: u8 = 8;
const EQUIVOCATED: u8 = 16;

impl Record for Seat {
    fn write(&self, out: &mut Writer) {
        out.int(self.runner.0);
        out.int(self.key_no);
        let (tag, digest) = match &self.progress {
            Progress::Seated => (0, None),
            Progress::Sealed(seal) => (1, Some(seal)),
            Progress::Opened(value) => (2, Some(value)),
            Progress::Missed => (3, None),
            Progress::Declined => (4, None),
            Progress::Unopened => (5, None),
        };
        let passed = if self.passed_slot { PASSED_SLOT } else { 0 };
        out.byte(tag | passed | if self.equivocated { EQUIVOCATED } else { 0 });
        if let Some(digest) = digest {
            out.fixed(&digest.0);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        read_seat(input, LAYOUT)
    }
}

/// In layout 1 the tag had two bits for the progress and the next for a passed slot.
fn read_seat(input: &mut Reader<'_>, layout: u8) -> Result<Seat, CodecError> {
    let (runner, key_no) = (RunnerId(input.int()?), input.int()?);
    let got = input.byte()?;
    let tag = match (layout, got) {
        (1, 0..=7) => got & 3 | (got & 4) << 1,
        (1, _) | (_, 32..) => return Err(CodecError::Tag { got }),
        _ => got,
    };
    let progress = match tag & 7 {
        0 => Progress::Seated,
        1 => Progress::Sealed(input.digest()?),
        2 => Progress::Opened(input.digest()?),
        3 if layout > 1 => Progress::Missed,
        4 => Progress::Declined,
        5 => Progress::Unopened,
        _ => return Err(CodecError::Tag { got }),
    };
    let (passed_slot, equivocated) = (tag & PASSED_SLOT != 0, tag & EQUIVOCATED != 0);
    Ok(Seat { runner, key_no, progress, passed_slot, equivocated })
}

const NO_VALUE: u8 = 0xff;

fn write_value(value: Option<&Value>, out: &mut Writer) {
    let Some(value) = value else { return out.byte(NO_VALUE) };
    out.byte(value.kind.code());
    if let Kind::Err(error) = value.kind {
        out.byte(error.to_be_bytes()[1]);
    }
    out.fixed(&value.output.0);
    out.int(value.output_len);
    out.int(value.mfuel);
}

fn read_value(input: &mut Reader<'_>) -> Result<Option<Value>, CodecError> {
    let tag = input.byte()?;
    if tag == NO_VALUE {
        return Ok(None);
    }
    let code = if tag == 1 { input.byte()? } else { 0 };
    let kind = Kind::from_codes(tag, code.into()).ok_or(CodecError::Tag { got: tag })?;
    let output: Digest32 = input.digest()?;
    Ok(Some(Value { kind, output, output_len: input.int()?, mfuel: input.int()? }))
}

fn write_history(history: &[Mark], from: Clock, out: &mut Writer) {
    out.byte(u8::try_from(history.len()).unwrap_or(u8::MAX));
    for mark in history {
        out.byte(phase_byte(mark.phase, mark.round));
        out.int(mark.at.time.saturating_sub(from.time));
        out.int(mark.at.height.saturating_sub(from.height));
    }
}

fn read_history(input: &mut Reader<'_>, from: Clock, layout: u8) -> Result<Vec<Mark>, CodecError> {
    (0..input.byte()?)
        .map(|_| {
            let byte = input.byte()?;
            let phase = byte & 0x0f;
            let round = if layout == 1 && phase < 4 { ROUND_1 } else { byte >> 4 };
            let time = from.time.checked_add(input.int()?).ok_or(CodecError::Integer)?;
            let height = from.height.checked_add(input.int()?).ok_or(CodecError::Integer)?;
            Ok(Mark { phase, round, at: Clock { time, height } })
        })
        .collect()
}
