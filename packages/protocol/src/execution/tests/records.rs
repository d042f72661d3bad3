//! The binary record: whatever is stored comes back, whatever else is stored is refused.

use proptest::prelude::*;

use crate::beacon::Round;
use crate::clock::{Clock, Deadline};
use crate::codec::{CodecError, Record};
use crate::digest::Digest32;
use crate::execution::*;
use crate::ids::{ParamsId, RunnerId, ServiceId, TermsId, VersionId};
use crate::seal::{ErrorCode, Kind, Value};

fn digest() -> impl Strategy<Value = Digest32> {
    any::<[u8; 32]>().prop_map(Digest32)
}

fn clock() -> impl Strategy<Value = Clock> {
    (0..u64::MAX / 2, 0..u64::MAX / 2).prop_map(|(time, height)| Clock { time, height })
}

fn deadline() -> impl Strategy<Value = Deadline> {
    any::<(u64, u64)>().prop_map(|(time, height)| Deadline { time, height })
}

fn error_code() -> impl Strategy<Value = ErrorCode> {
    prop::sample::select(ErrorCode::ALL.to_vec())
}

fn outcome() -> impl Strategy<Value = Outcome> {
    let refunds =
        [Refund::NoRunners, Refund::NoBeacon, Refund::NoResult, Refund::Inconclusive, Refund::Rejected].to_vec();
    prop_oneof![
        Just(Outcome::Finalized),
        Just(Outcome::Corrected),
        Just(Outcome::Unavailable),
        error_code().prop_map(Outcome::Failed),
        prop::sample::select(refunds).prop_map(Outcome::Refunded),
    ]
}

fn round() -> impl Strategy<Value = u8> {
    ROUND_0..=ROUND_3
}

fn phase() -> impl Strategy<Value = Phase> {
    prop_oneof![
        (round(), clock(), any::<u8>(), any::<u64>(), clock()).prop_map(|(round, since, turns, beacon, at)| {
            Phase::Queued { round, since, turns, binding: Binding { round: Round::from_u64(beacon), at } }
        }),
        (round(), any::<u8>(), deadline()).prop_map(|(round, attempt, until)| Phase::Working { round, attempt, until }),
        (round(), deadline()).prop_map(|(round, until)| Phase::Opening { round, until }),
        (round(), any::<u8>(), deadline()).prop_map(|(round, slot, until)| Phase::Publishing { round, slot, until }),
        deadline().prop_map(|until| Phase::Provisional { until }),
        deadline().prop_map(|until| Phase::OwnRun { until }),
        outcome().prop_map(|outcome| Phase::Ended { outcome }),
    ]
}

prop_compose! {
    fn seat()(
        runner: u32,
        key_no: u16,
        progress in prop_oneof![
            prop::sample::select(vec![Progress::Seated, Progress::Missed, Progress::Declined, Progress::Unopened]),
            digest().prop_map(Progress::Sealed),
            digest().prop_map(Progress::Opened),
        ],
        passed_slot: bool,
        equivocated: bool,
    ) -> Seat {
        Seat { runner: RunnerId(runner), key_no, progress, passed_slot, equivocated }
    }
}

fn candidate() -> impl Strategy<Value = Candidate> {
    any::<(u32, u16, u32)>().prop_map(|(runner, key_no, seats)| Candidate { runner: RunnerId(runner), key_no, seats })
}

prop_compose! {
    fn panel()(
        round in round(),
        (drawn_by, epoch, drawn, extended, asked) in any::<(u64, u64, u16, bool, u8)>(),
        seats in prop::collection::vec(seat(), 0..32),
        spares in prop::collection::vec(candidate(), 0..12),
        declined in prop::collection::vec((any::<(u32, u16, bool)>(), prop::sample::select(DeclineCode::ALL.to_vec())), 0..4),
        missed in prop::collection::vec(any::<u32>(), 0..4),
    ) -> Panel {
        let left = |((runner, key_no, equivocated), code)| {
            Declined { runner: RunnerId(runner), key_no, code, equivocated }
        };
        Panel {
            round, epoch, drawn, extended, asked, seats, spares,
            drawn_by: Round::from_u64(drawn_by),
            declined: declined.into_iter().map(left).collect(),
            missed: missed.into_iter().map(RunnerId).collect(),
        }
    }
}

fn value() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![Just(Kind::Ok), Just(Kind::Valid), Just(Kind::Invalid), error_code().prop_map(Kind::Err)];
    (kind, digest(), any::<u64>(), any::<u64>()).prop_map(|(kind, output, output_len, mfuel)| Value {
        kind,
        output,
        output_len,
        mfuel,
    })
}

fn challenge() -> impl Strategy<Value = Challenge> {
    (prop::collection::vec(any::<u8>(), 0..33), any::<u128>(), any::<Option<bool>>())
        .prop_map(|(account, bond, right)| Challenge { account, bond, right })
}

prop_compose! {
    fn execution()(
        requester in prop::collection::vec(any::<u8>(), 20..33),
        (sub, service, version, terms, params) in any::<(u32, u32, u32, u32, u16)>(),
        (more_validators, decided, unseated_challenges) in any::<(u8, u8, u8)>(),
        own_runner in prop::option::of(1..=u32::MAX),
        requested in clock(),
        (input, len, inline) in (digest(), any::<u32>(), any::<bool>()),
        (escrow, tips_paid, pot) in any::<(u128, u128, u128)>(),
        phase in phase(),
        panels in prop::collection::vec(panel(), 0..4),
        (value, result) in (prop::option::of(value()), prop::option::of(value())),
        challenge in prop::option::of(challenge()),
        history in prop::collection::vec((0u8..7, round(), 0..u64::MAX / 2, 0..u64::MAX / 2), 0..12),
    ) -> Execution {
        let mark = |(phase, round, time, height)| {
            let at = Clock { time: requested.time.saturating_add(time), height: requested.height.saturating_add(height) };
            Mark { phase, round, at }
        };
        Execution {
            requester, sub, more_validators, decided, unseated_challenges, requested, escrow, tips_paid, pot, phase,
            panels, value, result, challenge,
            own_runner: own_runner.map(RunnerId),
            service: ServiceId(service), version: VersionId(version), terms: TermsId(terms), params: ParamsId(params),
            input: InputRef { digest: input, len, inline },
            history: history.into_iter().map(mark).collect(),
        }
    }
}

proptest! {
    #[test]
    fn executions_come_back(execution in execution()) {
        prop_assert_eq!(Execution::decode(&execution.encode()), Ok(execution));
    }

    #[test]
    fn a_cut_or_longer_record_is_refused(execution in execution(), cut in any::<prop::sample::Index>(), extra: u8) {
        let mut bytes = execution.encode();
        prop_assert!(Execution::decode(&bytes[..cut.index(bytes.len())]).is_err());
        bytes.push(extra);
        prop_assert_eq!(Execution::decode(&bytes), Err(CodecError::Trailing { extra: 1 }));
    }

    #[test]
    fn what_decodes_of_this_layout_encodes_to_the_same_bytes(
        execution in execution(),
        at in any::<prop::sample::Index>(),
        to: u8,
    ) {
        let mut bytes = execution.encode();
        let index = 1 + at.index(bytes.len() - 1);
        bytes[index] = to;
        if let Ok(decoded) = Execution::decode(&bytes) {
            prop_assert_eq!(decoded.encode(), bytes);
        }
    }

    #[test]
    fn any_bytes_are_a_record_or_an_error(layout in 0u8..4, mut bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Some(first) = bytes.first_mut() {
            *first = layout;
        }
        let _ = Execution::decode(&bytes);
    }
}

#[test]
fn layouts_of_the_future_are_refused() {
    for got in [0, 3] {
        assert_eq!(Execution::decode(&[got]), Err(CodecError::Version { expected: 2, got }));
    }
}

/// A record of version 0.1.0: requester, ids and sums as today, then one committee.
fn layout_1(phase: &[u8], seats: &[&[u8]]) -> Vec<u8> {
    let mut bytes = vec![1, 2, 7, 7, 0, 1, 2, 3, 4];
    bytes.extend([100, 10]); // requested: time, height
    bytes.extend([9; 32]); // input
    bytes.extend([50, 1, 120, 3, 5]); // its length, inline, escrow, tips, pot
    bytes.extend(phase);
    bytes.push(11); // drawn by
    bytes.push(seats.len() as u8);
    bytes.extend(seats.concat());
    bytes.extend([1, 8, 0, 2]); // one spare: runner, key, seats
    bytes.push(0xff); // no value
    bytes.extend([1, 1, 30, 3]); // one mark: Working, 30 s and 3 blocks later
    bytes
}

#[test]
fn records_of_version_0_1_0_are_read_as_round_1() {
    let sealed = [vec![6, 0, 5], vec![4; 32]].concat();
    let bytes = layout_1(&[1, 1, 200, 1, 30], &[&[5, 1, 0], &sealed]);
    let execution = Execution::decode(&bytes).unwrap();
    let until = Deadline { time: 200, height: 30 };
    assert_eq!(execution.phase, Phase::Working { round: ROUND_1, attempt: 1, until });
    assert_eq!(execution.history, [Mark { phase: 1, round: ROUND_1, at: Clock { time: 130, height: 13 } }]);
    let panel = execution.panel(ROUND_1).unwrap();
    let seat = |runner, key_no, progress, passed_slot| Seat {
        runner: RunnerId(runner),
        key_no,
        progress,
        passed_slot,
        equivocated: false,
    };
    let sealed = Progress::Sealed(Digest32([4; 32]));
    assert_eq!(panel.seats, [seat(5, 1, Progress::Seated, false), seat(6, 0, sealed, true)]);
    assert_eq!((panel.asked, panel.extended, panel.spares.len()), (2, true, 1), "its draw is not asked again");
    assert_eq!((execution.decided, execution.own_runner, execution.challenge.as_ref()), (0, None, None));
    assert_eq!(Execution::decode(&execution.encode()), Ok(execution), "written as the newest layout");
}

#[test]
fn records_of_version_0_1_0_know_no_later_round() {
    for phase in [[0x21, 0, 200, 1, 30], [6, 0, 200, 1, 30]] {
        assert_eq!(Execution::decode(&layout_1(&phase, &[])), Err(CodecError::Tag { got: phase[0] }));
    }
    for tag in [3, 8] {
        let bytes = layout_1(&[1, 1, 200, 1, 30], &[&[5, 1, tag]]);
        assert_eq!(Execution::decode(&bytes), Err(CodecError::Tag { got: tag }));
    }
    for (phase, round) in [(3, ROUND_1), (4, 0)] {
        let mut bytes = layout_1(&[5, 1], &[]);
        let mark = bytes.len() - 3;
        bytes[mark] = phase;
        let execution = Execution::decode(&bytes).unwrap();
        assert_eq!(execution.outcome(), Some(Outcome::Failed(ErrorCode::BadInput)));
        assert_eq!(execution.history, [Mark { phase, round, at: Clock { time: 130, height: 13 } }]);
    }
    let provisional = Execution::decode(&layout_1(&[4, 200, 1, 30], &[])).unwrap();
    assert_eq!(provisional.phase, Phase::Provisional { until: Deadline { time: 200, height: 30 } });
    let queued = [0, 100, 10, 9, 100, 10];
    let execution = Execution::decode(&layout_1(&queued, &[])).unwrap();
    assert!(execution.panels.is_empty(), "without seats, no panel");
    assert!(matches!(execution.phase, Phase::Queued { round: ROUND_1, turns: 0, .. }));
}

#[test]
fn rounds_that_do_not_exist_are_refused() {
    let rows = super::script::Rows::new(1);
    let until = Deadline { time: 200, height: 30 };
    let of = |phase| Execution { phase, ..super::script::queued(&rows) }.encode();
    let (mut bytes, other) = (of(Phase::Provisional { until }), of(Phase::OwnRun { until }));
    let at = bytes.iter().zip(&other).position(|(one, other)| one != other).unwrap();
    assert_eq!((bytes[at], other[at]), (4, 6), "the byte of the phase");
    // Round 4 of a phase with rounds; a round of phases without; a phase behind the last.
    for got in [0x41, 0x14, 0x15, 0x36, 0x07] {
        bytes[at] = got;
        assert_eq!(Execution::decode(&bytes), Err(CodecError::Tag { got }));
    }
    for got in [0x40, 0x02, 0x12] {
        assert_eq!(Panel::decode(&[got, 0, 0, 0, 0, 0, 0, 0, 0]), Err(CodecError::Tag { got }));
    }
}

#[test]
fn phases_have_stable_names() {
    let ends = [
        Outcome::Finalized,
        Outcome::Corrected,
        Outcome::Failed(ErrorCode::Trap),
        Outcome::Unavailable,
        Outcome::Refunded(Refund::NoRunners),
    ];
    let names = ends.map(|outcome| Phase::Ended { outcome }.name());
    assert_eq!(names, ["finalized", "corrected", "failed", "failed", "refunded"]);
    let names = [0, 1, 2, 3, 4, 5, 6].map(Phase::name_of);
    assert_eq!(names, ["queued", "working", "opening", "publishing", "provisional", "ended", "own_run"]);
}
