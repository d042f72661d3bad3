//! Frozen wire forms: events, storage keys, records. `MESG_UPDATE_GOLDEN=1 cargo test -p mesg-execution-market golden`
//! writes them anew.

use std::collections::BTreeSet;

use mesg_api::event::RawEvent;
use mesg_api::market::{Change, EXECUTIONS, ExecuteMsg, MarketEvent, PARAMS};
use mesg_execution_market::state::PREFIXES;
use mesg_protocol::beacon::Round;
use mesg_protocol::clock::{Clock, Deadline};
use mesg_protocol::codec::Record;
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{
    Binding, Candidate, Challenge, DeclineCode, Declined, Execution, InputRef, Mark, Outcome, Panel, Phase, Progress,
    Refund, Seat,
};
use mesg_protocol::ids::{ExecutionId, ParamsId, RunnerId, ServiceId, TermsId, VersionId};
use mesg_protocol::params::Params;
use mesg_protocol::seal::{ErrorCode, Kind, Value};

use crate::phases::{finalized, provisional, publishing, queued, suite, working};

/// Compares with the golden file, or writes it.
#[track_caller]
pub fn golden(file: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(file);
    if std::env::var("MESG_UPDATE_GOLDEN").is_ok() {
        std::fs::write(&path, text).unwrap();
    }
    let frozen = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, frozen, "{file} has drifted; if that is meant, run with MESG_UPDATE_GOLDEN=1");
}

/// One event of each variant.
fn events() -> Vec<MarketEvent> {
    let (execution, runner, service) = (7, 3, 1);
    let text = str::to_owned;
    let account = "mesg1alice".to_owned();
    let d = Digest32([0xab; 32]);
    vec![
        MarketEvent::Requested {
            execution,
            requester: account.clone(),
            sub: 2,
            service,
            version: 4,
            terms: 5,
            escrow: u128::MAX,
            beacon: 1,
            round: 123,
            input: d,
            input_len: 18,
        },
        MarketEvent::BoundAgain { execution, beacon: 0, round: 124 },
        MarketEvent::Ticked { window: 600_000_000, height: 99 },
        MarketEvent::BeaconStored { beacon: 0, round: 123, rand: d },
        MarketEvent::Seated {
            execution,
            escalation: 1,
            beacon: 1,
            round: 123,
            seats: text("3,1,7,9"),
            spares: text("2,4"),
            until: 1_700_000_080,
        },
        MarketEvent::Sealed { execution, runner, seal: d },
        MarketEvent::Opened { execution, runner, value: d },
        MarketEvent::Entered { execution, phase: text("opening"), escalation: 1, until: 1_700_000_300 },
        MarketEvent::Published {
            execution,
            kind: 0,
            code: 0,
            output: d,
            output_len: 12,
            mfuel: 7,
            content: text(r#"{"sum":"42"}"#),
        },
        MarketEvent::Slashed { execution, runner, offence: "missed".to_owned(), amount: 5 },
        MarketEvent::Refilled { execution, joined: text("2,4") },
        MarketEvent::Paid { execution, runner, amount: 6 },
        MarketEvent::Tipped { execution, account: account.clone(), amount: 4_000, act: text("settle") },
        MarketEvent::Ended {
            execution,
            outcome: text("refunded"),
            reason: text("NoResult"),
            escrow: 100,
            pot: 10,
            user: 60,
            seats: 20,
            developer: 1,
            producers: 2,
            burn: 3,
            tips: 24,
            challenger: 4,
            service_bond: 5,
        },
        MarketEvent::ResultPosted { execution, runner, output: d, output_len: 12, content: text("{}") },
        MarketEvent::Certified { execution, escalation: 1 },
        MarketEvent::Challenged { execution, challenger: account.clone(), bond: 99 },
        MarketEvent::ChallengeClosed { execution, right: text("true"), amount: 99 },
        MarketEvent::ServicePaused { service },
        MarketEvent::ServiceResumed { service },
        MarketEvent::Delivered { execution, status: text("sent") },
        MarketEvent::Declined { execution, runner, code: 2 },
        MarketEvent::Pruned { execution },
        MarketEvent::Deposited { account: account.clone(), sub: 0, amount: 8 },
        MarketEvent::Withdrawn { account: account.clone(), sub: 0, amount: 8, to: text("mesg1bob") },
        MarketEvent::RunnerClaimed { runner, owner: account.clone(), amount: 9 },
        MarketEvent::DeveloperClaimed { version: 4, owner: account, amount: 9 },
        MarketEvent::ServiceBonded { service, amount: 10, bond: 20 },
        MarketEvent::ServiceUnbonding { service, release: 1_701_209_600 },
        MarketEvent::ServiceUnbonded { service, amount: 20 },
        MarketEvent::Burned { amount: 11 },
        MarketEvent::ProducersSent { amount: 12 },
        MarketEvent::ItemRefused { index: 1, execution, code: text("too_early") },
        MarketEvent::ChangeProposed {
            change: text("params"),
            eta: 1_700_604_800,
            height: 22_425,
            until: 1_701_814_400,
        },
        MarketEvent::ChangeRevoked { change: text("params") },
        MarketEvent::ChangeApplied { change: text("beacon"), number: 2 },
        MarketEvent::PauserSet { pauser: text("mesg1pauser") },
        MarketEvent::OwnershipOffered { to: text("mesg1heir"), until: 1_701_209_600 },
        MarketEvent::OwnerSet { owner: text("mesg1heir") },
        MarketEvent::Paused { by: text("mesg1pauser") },
        MarketEvent::Unpaused { by: text("mesg1pauser") },
    ]
}

/// Position of a variant in [`events`]: a new variant does not compile until it is here, nor pass until it is there.
const fn position(event: &MarketEvent) -> usize {
    match event {
        MarketEvent::Requested { .. } => 0,
        MarketEvent::BoundAgain { .. } => 1,
        MarketEvent::Ticked { .. } => 2,
        MarketEvent::BeaconStored { .. } => 3,
        MarketEvent::Seated { .. } => 4,
        MarketEvent::Sealed { .. } => 5,
        MarketEvent::Opened { .. } => 6,
        MarketEvent::Entered { .. } => 7,
        MarketEvent::Published { .. } => 8,
        MarketEvent::Slashed { .. } => 9,
        MarketEvent::Refilled { .. } => 10,
        MarketEvent::Paid { .. } => 11,
        MarketEvent::Tipped { .. } => 12,
        MarketEvent::Ended { .. } => 13,
        MarketEvent::ResultPosted { .. } => 14,
        MarketEvent::Certified { .. } => 15,
        MarketEvent::Challenged { .. } => 16,
        MarketEvent::ChallengeClosed { .. } => 17,
        MarketEvent::ServicePaused { .. } => 18,
        MarketEvent::ServiceResumed { .. } => 19,
        MarketEvent::Delivered { .. } => 20,
        MarketEvent::Declined { .. } => 21,
        MarketEvent::Pruned { .. } => 22,
        MarketEvent::Deposited { .. } => 23,
        MarketEvent::Withdrawn { .. } => 24,
        MarketEvent::RunnerClaimed { .. } => 25,
        MarketEvent::DeveloperClaimed { .. } => 26,
        MarketEvent::ServiceBonded { .. } => 27,
        MarketEvent::ServiceUnbonding { .. } => 28,
        MarketEvent::ServiceUnbonded { .. } => 29,
        MarketEvent::Burned { .. } => 30,
        MarketEvent::ProducersSent { .. } => 31,
        MarketEvent::ItemRefused { .. } => 32,
        MarketEvent::ChangeProposed { .. } => 33,
        MarketEvent::ChangeRevoked { .. } => 34,
        MarketEvent::ChangeApplied { .. } => 35,
        MarketEvent::PauserSet { .. } => 36,
        MarketEvent::OwnershipOffered { .. } => 37,
        MarketEvent::OwnerSet { .. } => 38,
        MarketEvent::Paused { .. } => 39,
        MarketEvent::Unpaused { .. } => 40,
    }
}

#[test]
fn golden_events() {
    let mut wire = String::new();
    for (index, event) in events().into_iter().enumerate() {
        assert_eq!(position(&event), index);
        let raw = event.clone().into_event(41);
        let attributes: Vec<_> = raw.attributes.iter().map(|pair| (pair.key.clone(), pair.value.clone())).collect();
        let parsed = MarketEvent::parse(&RawEvent { name: &raw.ty, attributes: &attributes });
        assert_eq!(parsed, Ok((41, event)), "both ways");
        let pairs: Vec<_> = attributes.iter().map(|(key, value)| format!("{key}={value}")).collect();
        wire += &format!("{} {}\n", raw.ty, pairs.join(" "));
    }
    golden("events.txt", &wire);
}

#[test]
fn events_are_numbered_without_gaps() {
    let mut suite = suite();
    let from = seq(&suite);
    let execution = suite.request("alice");
    suite.tick();
    assert_eq!(seq(&suite), from + 2);
    let events = suite.submit_beacon(execution).unwrap();
    assert_eq!(seq(&suite), from + 2 + events.len() as u64);
}

fn seq(suite: &mesg_test_kit::Suite) -> u64 {
    suite.ask::<mesg_api::market::ConfigResponse>(&mesg_api::market::QueryMsg::Config {}).seq.u64()
}

/// An execution with every field in use.
fn execution() -> Execution {
    let at = |later: u64| Clock { time: 1_700_000_000 + later, height: 500 + later };
    let seat = |runner, progress, passed_slot| Seat {
        runner: RunnerId(runner),
        key_no: 1,
        progress,
        passed_slot,
        equivocated: false,
    };
    let value = Value { kind: Kind::Ok, output: Digest32([5; 32]), output_len: 12, mfuel: 7 };
    Execution {
        requester: vec![0xaa; 20],
        sub: 300,
        service: ServiceId(1),
        version: VersionId(2),
        terms: TermsId(3),
        params: ParamsId(4),
        requested: at(0),
        input: InputRef { digest: Digest32([1; 32]), len: 18, inline: true },
        escrow: 4_122_300,
        tips_paid: 6_000,
        pot: 2_046_000,
        phase: Phase::Provisional { until: Deadline { time: 1_700_000_700, height: 600 } },
        more_validators: 1,
        own_runner: Some(RunnerId(8)),
        panels: vec![Panel {
            round: 1,
            drawn_by: Round::from_u64(123),
            epoch: 1_400_000,
            drawn: 6,
            extended: true,
            asked: 5,
            seats: vec![
                seat(3, Progress::Opened(Digest32([2; 32])), true),
                seat(1, Progress::Sealed(Digest32([3; 32])), false),
                seat(7, Progress::Seated, false),
            ],
            spares: vec![Candidate { runner: RunnerId(9), key_no: 0, seats: 13 }],
            declined: vec![Declined { runner: RunnerId(6), key_no: 1, code: DeclineCode::Machine, equivocated: false }],
            missed: Vec::new(),
        }],
        result: None,
        value: Some(value),
        decided: 1,
        challenge: Some(Challenge { account: vec![0xbb; 20], bond: 77, right: Some(false) }),
        unseated_challenges: 1,
        history: vec![Mark { phase: 1, round: 1, at: at(30) }, Mark { phase: 2, round: 1, at: at(60) }],
    }
}

fn phases() -> Vec<Phase> {
    let clock = Clock { time: 1_700_000_000, height: 500 };
    let until = Deadline { time: 1_700_000_100, height: 510 };
    let ended = |outcome| Phase::Ended { outcome };
    vec![
        Phase::Queued { round: 2, since: clock, turns: 1, binding: Binding { round: Round::from_u64(123), at: clock } },
        Phase::OwnRun { until },
        Phase::Working { round: 1, attempt: 2, until },
        Phase::Opening { round: 2, until },
        Phase::Publishing { round: 3, slot: 1, until },
        Phase::Provisional { until },
        ended(Outcome::Finalized),
        ended(Outcome::Corrected),
        ended(Outcome::Unavailable),
        ended(Outcome::Refunded(Refund::Rejected)),
        ended(Outcome::Failed(ErrorCode::OutOfFuel)),
        ended(Outcome::Refunded(Refund::NoRunners)),
        ended(Outcome::Refunded(Refund::NoBeacon)),
        ended(Outcome::Refunded(Refund::NoResult)),
        ended(Outcome::Refunded(Refund::Inconclusive)),
    ]
}

#[test]
fn golden_records() {
    let suite = suite();
    let mut text = String::new();
    let mut line = |key: Vec<u8>, value: Vec<u8>| {
        text += &format!("{} {}\n", hex::encode(key), hex::encode(value));
    };
    for phase in phases() {
        line(EXECUTIONS.key(ExecutionId(258)), Execution { phase, ..execution() }.encode());
    }
    line(PARAMS.key(ParamsId(1)), Params::from(suite.params.clone()).encode());
    golden("records.txt", &text);
}

#[test]
fn golden_prefixes() {
    let unique: BTreeSet<_> = PREFIXES.iter().collect();
    assert_eq!(unique.len(), PREFIXES.len(), "every prefix is one record's");
    assert!(PREFIXES.iter().all(|prefix| prefix.len() == 2 && prefix.ends_with('/')));
    golden("prefixes.txt", &(PREFIXES.join("\n") + "\n"));
}

#[test]
fn every_stored_key_has_a_known_prefix() {
    let mut suite = suite();
    for phase in [queued, working, publishing, provisional, finalized] {
        phase(&mut suite);
    }
    let beacon = suite.ask::<mesg_api::market::ConfigResponse>(&mesg_api::market::QueryMsg::Config {}).beacon;
    for change in [Change::Params(suite.params.clone()), Change::Beacon(beacon)] {
        suite.market("governor", &ExecuteMsg::Propose(change)).unwrap();
    }
    suite.market("pauser", &ExecuteMsg::Pause {}).unwrap();
    let mut used = BTreeSet::new();
    for (key, _) in suite.app.dump_wasm_raw(&suite.market) {
        if key == b"contract_info" {
            continue;
        }
        let prefix = PREFIXES.iter().find(|prefix| key.starts_with(prefix.as_bytes()));
        used.insert(*prefix.unwrap_or_else(|| panic!("unknown key {:?}", String::from_utf8_lossy(&key))));
    }
    // Deliveries are kept only of requesters that are contracts; see `disputes.rs`.
    used.insert("d/");
    assert_eq!(used, PREFIXES.into_iter().collect(), "and every prefix is in use");
}
