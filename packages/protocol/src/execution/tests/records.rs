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

fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        Just(Outcome::Finalized),
        (1u16..=6).prop_map(|code| Outcome::Failed(ErrorCode::from_u16(code).unwrap())),
        prop::sample::select(vec![Refund::NoRunners, Refund::NoBeacon, Refund::NoResult, Refund::Inconclusive])
            .prop_map(Outcome::Refunded),
    ]
}

fn phase() -> impl Strategy<Value = Phase> {
    prop_oneof![
        (clock(), any::<u64>(), clock()).prop_map(|(since, round, at)| Phase::Queued {
            since,
            binding: Binding { round: Round::from_u64(round), at }
        }),
        (any::<u8>(), deadline()).prop_map(|(attempt, until)| Phase::Working { attempt, until }),
        deadline().prop_map(|until| Phase::Opening { until }),
        (any::<u8>(), deadline()).prop_map(|(slot, until)| Phase::Publishing { slot, until }),
        deadline().prop_map(|until| Phase::Provisional { until }),
        outcome().prop_map(|outcome| Phase::Ended { outcome }),
    ]
}

fn seat() -> impl Strategy<Value = Seat> {
    let progress =
        prop_oneof![Just(Progress::Seated), digest().prop_map(Progress::Sealed), digest().prop_map(Progress::Opened),];
    (any::<u32>(), any::<u16>(), progress, any::<bool>()).prop_map(|(runner, key_no, progress, passed_slot)| Seat {
        runner: RunnerId(runner),
        key_no,
        progress,
        passed_slot,
    })
}

fn value() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![Just(Kind::Ok), (1u16..=6).prop_map(|code| Kind::Err(ErrorCode::from_u16(code).unwrap())),];
    (kind, digest(), any::<u64>(), any::<u64>()).prop_map(|(kind, output, output_len, mfuel)| Value {
        kind,
        output,
        output_len,
        mfuel,
    })
}

prop_compose! {
    fn execution()(
        requester in prop::collection::vec(any::<u8>(), 20..33),
        (sub, service, version, terms, params) in any::<(u32, u32, u32, u32, u16)>(),
        requested in clock(),
        (input, len, inline) in (digest(), any::<u32>(), any::<bool>()),
        (escrow, tips_paid, pot, drawn_by) in any::<(u128, u128, u128, u64)>(),
        phase in phase(),
        seats in prop::collection::vec(seat(), 0..9),
        spares in prop::collection::vec(any::<(u32, u16, u32)>(), 0..3),
        value in prop::option::of(value()),
        history in prop::collection::vec((0u8..6, 0..u64::MAX / 2, 0..u64::MAX / 2), 0..12),
    ) -> Execution {
        let spare = |(runner, key_no, seats)| Candidate { runner: RunnerId(runner), key_no, seats };
        let mark = |(phase, time, height)| {
            let at = Clock { time: requested.time.saturating_add(time), height: requested.height.saturating_add(height) };
            Mark { phase, at }
        };
        Execution {
            requester, sub, requested, escrow, tips_paid, pot, phase, seats, value,
            drawn_by: Round::from_u64(drawn_by),
            service: ServiceId(service), version: VersionId(version), terms: TermsId(terms), params: ParamsId(params),
            input: InputRef { digest: input, len, inline },
            spares: spares.into_iter().map(spare).collect(),
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
        prop_assert_eq!(Execution::decode(&bytes[..cut.index(bytes.len())]).is_err(), true);
        bytes.push(extra);
        prop_assert_eq!(Execution::decode(&bytes), Err(CodecError::Trailing { extra: 1 }));
    }

    #[test]
    fn what_decodes_encodes_to_the_same_bytes(execution in execution(), at in any::<prop::sample::Index>(), to: u8) {
        let mut bytes = execution.encode();
        let index = at.index(bytes.len());
        bytes[index] = to;
        if let Ok(decoded) = Execution::decode(&bytes) {
            prop_assert_eq!(decoded.encode(), bytes);
        }
    }
}

#[test]
fn another_layout_is_refused() {
    assert_eq!(Execution::decode(&[2]), Err(CodecError::Version { expected: 1, got: 2 }));
}
