//! Records as version 0.1.0 wrote them, and executions that it left open.

use mesg_api::market::LedgerResponse;
use mesg_execution_market::state::{Book, RunnerAccount, VersionAccount};
use mesg_protocol::beacon::Round;
use mesg_protocol::clock::{Clock, Deadline};
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::execution::{Binding, Candidate, Execution, Mark, Outcome, Panel, Phase, Progress, ROUND_1, Seat};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::{Kind, Value, round_value, seal};

struct Fields<F>(F);

impl<F: Fn(&mut Writer)> Record for Fields<F> {
    fn write(&self, out: &mut Writer) {
        (self.0)(out);
    }

    fn read(_input: &mut Reader<'_>) -> Result<Self, CodecError> {
        unreachable!("only written")
    }
}

/// Its round 1 is all that version 0.1.0 knew of.
pub fn execution(it: &Execution) -> Vec<u8> {
    let write = |out: &mut Writer| {
        out.byte(1);
        out.bytes(&it.requester);
        out.int(it.sub);
        out.int(it.service.0);
        out.int(it.version.0);
        out.int(it.terms.0);
        out.int(it.params.0);
        it.requested.write(out);
        out.fixed(&it.input.digest.0);
        out.int(it.input.len);
        out.byte(it.input.inline.into());
        out.int(it.escrow);
        out.int(it.tips_paid);
        out.int(it.pot);
        phase(&it.phase, out);
        let panel = it.panels.first();
        out.int(panel.map_or(0, |panel| panel.drawn_by.to_u64()));
        let seats = panel.map_or(&[][..], |panel| &panel.seats);
        out.byte(seats.len() as u8);
        seats.iter().for_each(|it| seat(it, out));
        let spares = panel.map_or(&[][..], |panel| &panel.spares);
        out.byte(spares.len() as u8);
        spares.iter().for_each(|spare| spare.write(out));
        value(it.value.as_ref(), out);
        out.byte(it.history.len() as u8);
        for mark in &it.history {
            out.byte(mark.phase);
            out.int(mark.at.time - it.requested.time);
            out.int(mark.at.height - it.requested.height);
        }
    };
    Fields(write).encode()
}

fn phase(phase: &Phase, out: &mut Writer) {
    out.byte(phase.code());
    match phase {
        Phase::Queued { since, binding, .. } => {
            since.write(out);
            out.int(binding.round.to_u64());
            binding.at.write(out);
        }
        Phase::Working { attempt, until, .. } => {
            out.byte(*attempt);
            until.write(out);
        }
        Phase::Opening { until, .. } | Phase::Provisional { until } => until.write(out),
        Phase::Publishing { slot, until, .. } => {
            out.byte(*slot);
            until.write(out);
        }
        Phase::Ended { outcome: Outcome::Finalized } => out.byte(0),
        Phase::Ended { outcome: Outcome::Failed(code) } => out.byte(code.to_be_bytes()[1]),
        Phase::Ended { outcome: Outcome::Refunded(refund) } => out.byte(16 + *refund as u8),
        other => panic!("0.1.0 had no {other:?}"),
    }
}

fn seat(seat: &Seat, out: &mut Writer) {
    out.int(seat.runner.0);
    out.int(seat.key_no);
    let (tag, digest) = match &seat.progress {
        Progress::Seated => (0, None),
        Progress::Sealed(seal) => (1, Some(seal)),
        Progress::Opened(value) => (2, Some(value)),
        other => panic!("0.1.0 had no {other:?}"),
    };
    out.byte(tag | u8::from(seat.passed_slot) << 2);
    if let Some(digest) = digest {
        out.fixed(&digest.0);
    }
}

fn value(value: Option<&Value>, out: &mut Writer) {
    let Some(value) = value else { return out.byte(0xff) };
    out.byte(value.kind.code());
    if let Kind::Err(error) = value.kind {
        out.byte(error.to_be_bytes()[1]);
    }
    out.fixed(&value.output.0);
    out.int(value.output_len);
    out.int(value.mfuel);
}

/// Without challenges.
pub fn book(it: &Book, ledger: &LedgerResponse) -> Vec<u8> {
    let LedgerResponse { purses, escrow, pots, runners, developers, bonds, producers, burn, .. } = ledger;
    let write = |out: &mut Writer| {
        out.byte(1);
        out.int(it.executions);
        out.int(it.seq);
        out.int(it.params.0);
        for bucket in [purses, escrow, pots, runners, developers, bonds, producers, burn] {
            out.int(bucket.u128());
        }
    };
    Fields(write).encode()
}

/// Without a score.
pub fn runner(it: &RunnerAccount) -> Vec<u8> {
    let write = |out: &mut Writer| {
        out.int(it.open);
        out.int(it.earned);
        out.int(it.completed);
        out.int(it.missed);
    };
    Fields(write).encode()
}

/// Without disputes.
pub fn version(it: &VersionAccount) -> Vec<u8> {
    let write = |out: &mut Writer| {
        out.int(it.taken);
        out.int(it.earned);
        [it.finalized, it.failed, it.refunded, it.missed].iter().for_each(|count| out.int(*count));
    };
    Fields(write).encode()
}

/// One execution in each open phase, with ids from `first` on: like `ended`, requested half a minute ago, due in two.
pub fn open(ended: &Execution, domain: &Digest32, first: u64, now: Clock) -> Vec<(ExecutionId, Execution)> {
    let requested = Clock { time: now.time - 30, height: now.height - 10 };
    let until = Deadline { time: now.time + 120, height: now.height + 40 };
    let binding = Binding { round: Round::from_u64(40), at: requested };
    let phases = [
        (Phase::Queued { round: ROUND_1, since: requested, binding, turns: 0 }, 0),
        // Who was slashed in the first attempt has paid into the pot.
        (Phase::Working { round: ROUND_1, attempt: 1, until }, 200_000),
        (Phase::Opening { round: ROUND_1, until }, 0),
        (Phase::Publishing { round: ROUND_1, slot: 1, until }, 100_000),
        (Phase::Provisional { until }, 0),
    ];
    let of = |(id, (phase, pot)): (u64, (Phase, u128))| {
        let id = ExecutionId(id);
        let shown = ended.value.filter(|_| matches!(phase, Phase::Provisional { .. }));
        let mark = |phase| Mark { phase, round: u8::from(phase < 4), at: now };
        let execution = Execution {
            requested,
            phase,
            pot,
            tips_paid: if phase.code() == 0 { 0 } else { 2_000 },
            value: shown,
            decided: shown.map_or(0, |_| ROUND_1),
            panels: panel(ended, domain, id, &phase).into_iter().collect(),
            history: (1..=phase.code()).map(mark).collect(),
            ..ended.clone()
        };
        (id, execution)
    };
    (first..).zip(phases).map(of).collect()
}

/// Seats of four runners of twelve, as the phase has them.
fn panel(ended: &Execution, domain: &Digest32, id: ExecutionId, phase: &Phase) -> Option<Panel> {
    let h = round_value(domain, id, ROUND_1, &ended.value?.digest());
    let seat = |index: u32| {
        let runner = RunnerId((u32::from(phase.code()) * 4 + index) % 12 + 1);
        let sealed = Progress::Sealed(seal(domain, id, ROUND_1, runner, &h, &sha256(&[b"salt"])));
        let progress = match (phase, index) {
            (Phase::Working { .. }, 0) | (Phase::Opening { .. }, 2..) => sealed,
            (Phase::Working { .. }, _) => Progress::Seated,
            _ => Progress::Opened(h),
        };
        let passed_slot = index == 0 && matches!(phase, Phase::Publishing { .. });
        Seat { runner, key_no: 0, progress, passed_slot, equivocated: false }
    };
    let spare = |index: u32| Candidate { runner: seat(index).runner, key_no: 0, seats: 5 };
    let ended = ended.panels.first().filter(|_| phase.code() > 0)?;
    let seats: Vec<_> = (0..4).map(seat).collect();
    let spares = if phase.code() == 1 { (4..7).map(spare).collect() } else { Vec::new() };
    Some(Panel { seats, spares, ..ended.clone() })
}
