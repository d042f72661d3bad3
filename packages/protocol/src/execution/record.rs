//! Binary record of an execution. Clocks after the request are written as distances from it.

use super::{Binding, Candidate, Execution, InputRef, Mark, Outcome, Phase, Progress, Refund, Seat};
use crate::beacon::Round;
use crate::clock::{Clock, Deadline};
use crate::codec::{CodecError, Reader, Record, Writer};
use crate::digest::Digest32;
use crate::ids::{ParamsId, RunnerId, ServiceId, TermsId, VersionId};
use crate::seal::{ErrorCode, Kind, Value};

const LAYOUT: u8 = 1;

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
        out.int(self.drawn_by.to_u64());
        write_list(&self.seats, out);
        write_list(&self.spares, out);
        write_value(self.value.as_ref(), out);
        write_history(&self.history, self.requested, out);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        let requester = input.bytes()?.to_vec();
        let sub = input.int()?;
        let service = ServiceId(input.int()?);
        let version = VersionId(input.int()?);
        let terms = TermsId(input.int()?);
        let params = ParamsId(input.int()?);
        let requested = Clock::read(input)?;
        Ok(Self {
            requester,
            sub,
            service,
            version,
            terms,
            params,
            requested,
            input: InputRef { digest: input.digest()?, len: input.int()?, inline: flag(input)? },
            escrow: input.int()?,
            tips_paid: input.int()?,
            pot: input.int()?,
            phase: read_phase(input)?,
            drawn_by: Round::from_u64(input.int()?),
            seats: read_list(input)?,
            spares: read_list(input)?,
            value: read_value(input)?,
            history: read_history(input, requested)?,
        })
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

fn write_phase(phase: &Phase, out: &mut Writer) {
    out.byte(phase.code());
    match phase {
        Phase::Queued { since, binding } => {
            since.write(out);
            out.int(binding.round.to_u64());
            binding.at.write(out);
        }
        Phase::Working { attempt, until } => {
            out.byte(*attempt);
            until.write(out);
        }
        Phase::Opening { until } | Phase::Provisional { until } => until.write(out),
        Phase::Publishing { slot, until } => {
            out.byte(*slot);
            until.write(out);
        }
        Phase::Ended { outcome } => out.byte(outcome_code(*outcome)),
    }
}

fn read_phase(input: &mut Reader<'_>) -> Result<Phase, CodecError> {
    Ok(match input.byte()? {
        0 => Phase::Queued {
            since: Clock::read(input)?,
            binding: Binding { round: Round::from_u64(input.int()?), at: Clock::read(input)? },
        },
        1 => Phase::Working { attempt: input.byte()?, until: Deadline::read(input)? },
        2 => Phase::Opening { until: Deadline::read(input)? },
        3 => Phase::Publishing { slot: input.byte()?, until: Deadline::read(input)? },
        4 => Phase::Provisional { until: Deadline::read(input)? },
        5 => Phase::Ended { outcome: read_outcome(input.byte()?)? },
        got => return Err(CodecError::Tag { got }),
    })
}

const REFUNDS: [Refund; 4] = [Refund::NoRunners, Refund::NoBeacon, Refund::NoResult, Refund::Inconclusive];

/// 0 Finalized; 1 to 6 Failed with that error code; from 16 on Refunded.
fn outcome_code(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::Finalized => 0,
        Outcome::Failed(code) => code.to_be_bytes()[1],
        Outcome::Refunded(why) => match why {
            Refund::NoRunners => 16,
            Refund::NoBeacon => 17,
            Refund::NoResult => 18,
            Refund::Inconclusive => 19,
        },
    }
}

fn read_outcome(code: u8) -> Result<Outcome, CodecError> {
    if code == 0 {
        return Ok(Outcome::Finalized);
    }
    if let Some(error) = ErrorCode::from_u16(code.into()) {
        return Ok(Outcome::Failed(error));
    }
    let refund = code.checked_sub(16).and_then(|index| REFUNDS.get(usize::from(index)));
    refund.map(|why| Outcome::Refunded(*why)).ok_or(CodecError::Tag { got: code })
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

impl Record for Seat {
    fn write(&self, out: &mut Writer) {
        out.int(self.runner.0);
        out.int(self.key_no);
        let passed = u8::from(self.passed_slot) << 2;
        match self.progress {
            Progress::Seated => out.byte(passed),
            Progress::Sealed(seal) => {
                out.byte(passed | 1);
                out.fixed(&seal.0);
            }
            Progress::Opened(value) => {
                out.byte(passed | 2);
                out.fixed(&value.0);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let (runner, key_no) = (RunnerId(input.int()?), input.int()?);
        let tag = input.byte()?;
        let progress = match tag & 3 {
            0 => Progress::Seated,
            1 => Progress::Sealed(input.digest()?),
            2 => Progress::Opened(input.digest()?),
            _ => return Err(CodecError::Tag { got: tag }),
        };
        if tag > 7 {
            return Err(CodecError::Tag { got: tag });
        }
        Ok(Self { runner, key_no, progress, passed_slot: tag & 4 != 0 })
    }
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
        out.byte(mark.phase);
        out.int(mark.at.time.saturating_sub(from.time));
        out.int(mark.at.height.saturating_sub(from.height));
    }
}

fn read_history(input: &mut Reader<'_>, from: Clock) -> Result<Vec<Mark>, CodecError> {
    (0..input.byte()?)
        .map(|_| {
            let phase = input.byte()?;
            let time = from.time.checked_add(input.int()?).ok_or(CodecError::Integer)?;
            let height = from.height.checked_add(input.int()?).ok_or(CodecError::Integer)?;
            Ok(Mark { phase, at: Clock { time, height } })
        })
        .collect()
}
