//! `SubmitBeacon`: only the true signature of an awaited round, once.

use cosmwasm_std::Binary;
use mesg_api::market::{ExecuteMsg, MarketEvent, QueryMsg, RandResponse};
use mesg_protocol::beacon::randomness;

use crate::phases::{beacon, ids, queued, suite, working};
use crate::snapshot::{refusals, refused};

#[test]
fn the_signature_is_stored_and_the_committee_seated() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    suite.tick();
    let round = suite.execution(execution).round.u64();
    let events = suite.submit_beacon(execution).unwrap();
    let rand = randomness(&suite.beacon.sign(round));
    assert_eq!(events[0], MarketEvent::BeaconStored { beacon: 0, round, rand });
    let answer: RandResponse = suite.ask(&QueryMsg::Rand { beacon: 0, round: round.into() });
    assert_eq!(answer.rand, Some(rand));
    let Some(MarketEvent::Seated { seats, spares, until, .. }) = events.last() else { panic!("{events:?}") };
    let view = suite.execution(execution);
    let text = |ids: Vec<String>| ids.join(",");
    assert_eq!(*seats, text(view.panels[0].seats.iter().map(|seat| seat.runner.to_string()).collect()));
    assert_eq!(*spares, text(view.panels[0].spares.iter().map(ToString::to_string).collect()));
    assert_eq!((view.panels[0].seats.len(), view.panels[0].spares.len()), (4, 2));
    assert_eq!((*until, view.until.unwrap().time.u64()), (suite.now() + 80, suite.now() + 80));
    assert_eq!(view.tips_paid.u128(), 6_000);
    suite.check_invariants();
}

#[test]
fn only_rounds_that_a_named_execution_waits_for() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    suite.tick();
    let round = suite.execution(execution).round.u64();
    let other = [0, round - 1, round + 1, 1 << 56, u64::MAX].map(|round| (round, vec![execution]));
    for (round, executions) in other.into_iter().chain([(round, vec![]), (round, vec![77]), (round, vec![0, u64::MAX])])
    {
        let msg = beacon(&suite, round, &executions);
        let why = format!("none of the executions waits for beacon round {round}");
        refused(&mut suite, "relay", &msg, &why);
    }
    let msg = beacon(&suite, round, &[execution; 9]);
    refused(&mut suite, "relay", &msg, "executions is 9, must be 1 to 8");
    suite.submit_beacon(execution).unwrap();
    let msg = beacon(&suite, round, &[execution]);
    refused(&mut suite, "relay", &msg, "waits for beacon round");
}

#[test]
fn a_known_round_pays_no_second_tip() {
    let mut suite = suite();
    let (first, second) = (queued(&mut suite), queued(&mut suite));
    suite.tick();
    suite.submit_beacon(first).unwrap();
    let round = suite.execution(second).round.u64();
    let msg =
        ExecuteMsg::SubmitBeacon { round: round.into(), signature: Binary::default(), executions: ids(&[second]) };
    let events = suite.market("mallory", &msg).unwrap();
    assert!(!events.iter().any(|event| matches!(event, MarketEvent::BeaconStored { .. })));
    assert_eq!(suite.purse(&suite.account("mallory")).balance.u128(), 3_000, "for seating only");
    assert_eq!(suite.execution(second).phase, "working");
    suite.check_invariants();
}

#[test]
fn attack_09_anything_but_the_rounds_signature_is_refused() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    suite.tick();
    let round = suite.execution(execution).round.u64();
    let time = suite.beacon_schedule.time_of(round);
    let wait = time - suite.now();
    suite.advance(wait);
    let good = suite.beacon.sign(round);
    let mut flipped = good.to_vec();
    flipped[0] ^= 0x20;
    let mut infinity = vec![0; 48];
    infinity[0] = 0xc0;
    let bad = [
        ("another round", suite.beacon.sign(round - 1)),
        ("another key", mesg_test_kit::Beacon::new(7).sign(round)),
        ("the negative", flipped.into()),
        ("infinity", infinity.into()),
        ("outside the subgroup", outside_the_subgroup().into()),
        ("not on the curve", vec![0x9f; 48].into()),
        ("nothing", Binary::default()),
        ("one byte short", good[..47].into()),
        ("one byte more", [good.as_slice(), &[0]].concat().into()),
        ("twice", [good.as_slice(), good.as_slice()].concat().into()),
    ];
    let why = format!("signature is not of beacon round {round}");
    for (what, signature) in bad {
        println!("{what}");
        let msg = ExecuteMsg::SubmitBeacon { round: round.into(), signature, executions: ids(&[execution]) };
        refused(&mut suite, "mallory", &msg, &why);
    }
    suite.submit_beacon(execution).unwrap();
}

/// A compressed point of the curve that is not in G1.
fn outside_the_subgroup() -> Vec<u8> {
    let point = |x: u8| {
        let mut bytes = [0u8; 48];
        (bytes[0], bytes[47]) = (0x80, x);
        let point = Option::<bls12_381::G1Affine>::from(bls12_381::G1Affine::from_compressed_unchecked(&bytes))?;
        let outside: bool = bool::from(point.is_on_curve()) && !bool::from(point.is_torsion_free());
        outside.then_some(bytes.to_vec())
    };
    (0..=255).find_map(point).expect("the cofactor is large")
}

#[test]
fn attack_75_one_item_does_not_hold_up_the_others() {
    let mut suite = suite();
    let seated = working(&mut suite);
    let first = queued(&mut suite);
    suite.advance(9);
    let other_round = queued(&mut suite);
    suite.tick();
    let round = suite.execution(first).round.u64();
    assert_ne!(round, suite.execution(other_round).round.u64());
    suite.advance(suite.beacon_schedule.time_of(round) - suite.now());
    let msg = beacon(&suite, round, &[99, seated, other_round, first, first]);
    let events = suite.market("relay", &msg).unwrap();
    let mut codes = refusals(&events);
    codes.sort_unstable();
    assert_eq!(codes, ["duplicate", "no_beacon", "unknown", "wrong_phase"]);
    assert_eq!(suite.execution(first).phase, "working");
    assert_eq!(suite.execution(other_round).phase, "queued");
    suite.check_invariants();
}
