//! `DrawMany`: committees, and that nothing done after binding changes them.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, clippy::panic)]

mod suite;

use std::collections::BTreeSet;

use cosmwasm_std::Uint128;
use mesg_api::staking::{Candidate, Draw, DrawOutcome, DrawRefusal, ExecuteMsg, QueryMsg};
use mesg_protocol::ids::{KeyNo, RunnerId, VersionId};
use mesg_protocol::score::Exclusion;
use suite::{OTHER_KEY, Suite, draw_of};

/// Twelve runners with 2 to 13 seats, in force.
fn pool() -> (Suite, VersionId, Vec<RunnerId>) {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let runners = (2..14).map(|seats| suite.runner("alice", 250 * seats, &[version])).collect();
    suite.next_epoch();
    (suite, version, runners)
}

fn candidates(outcome: &DrawOutcome) -> Vec<u32> {
    match outcome {
        DrawOutcome::Candidates(candidates) => candidates.iter().map(|candidate| candidate.runner.0).collect(),
        DrawOutcome::Refused(refusal) => panic!("{refusal:?}"),
    }
}

#[test]
fn candidates_differ_and_carry_key_and_seats() {
    let (suite, version, runners) = pool();
    let drawn = suite.draw(version, suite.epoch(), "seed", 6);
    assert_eq!(drawn.iter().map(|candidate| candidate.runner).collect::<BTreeSet<_>>().len(), 6);
    for candidate in drawn {
        assert!(runners.contains(&candidate.runner));
        assert_eq!((candidate.key_no, candidate.seats), (0, candidate.runner.0 + 1));
    }
}

#[test]
fn an_exhausted_pool_gives_everybody_once_and_an_unknown_one_nobody() {
    let (suite, version, runners) = pool();
    assert_eq!(suite.draw(version, suite.epoch(), "seed", 96).len(), runners.len());
    assert_eq!(suite.draw(VersionId(77), suite.epoch(), "seed", 6), []);
}

#[test]
fn invariant_09_a_draw_is_pure() {
    let (mut suite, version, _) = pool();
    let epoch = suite.epoch();
    let whole = candidates(&suite.draws(vec![draw_of(version, epoch, "a", 0, 9)])[0]);
    let batch = suite.draws(vec![
        draw_of(version, epoch, "b", 0, 6),
        draw_of(version, epoch, "a", 4, 5),
        draw_of(version, epoch - 1, "a", 0, 6),
        draw_of(version, epoch, "a", 0, 4),
    ]);
    assert_eq!([candidates(&batch[3]), candidates(&batch[1])].concat(), whole, "pages of one order, in any batch");
    assert_eq!(candidates(&batch[2]), [0u32; 0], "nobody was in force before");
    suite.next_epoch();
    assert_eq!(candidates(&suite.draws(vec![draw_of(version, epoch, "a", 0, 9)])[0]), whole, "at any later height");
}

#[test]
fn refusals_are_those_of_one_draw() {
    let (suite, version, _) = pool();
    let epoch = suite.epoch();
    let refused = |draw: Draw| match suite.draws(vec![draw, draw_of(version, epoch, "a", 0, 1)]).remove(0) {
        DrawOutcome::Refused(refusal) => refusal,
        DrawOutcome::Candidates(_) => panic!("not refused"),
    };
    assert_eq!(refused(draw_of(version, epoch + 1, "a", 0, 1)), DrawRefusal::Epoch, "may still change");
    assert_eq!(refused(draw_of(version, epoch - 2, "a", 0, 1)), DrawRefusal::Epoch, "not kept");
    assert_eq!(refused(draw_of(version, u64::MAX, "a", 0, 1)), DrawRefusal::Epoch);
    assert_eq!(refused(draw_of(version, epoch, "a", 0, 0)), DrawRefusal::Positions);
    assert_eq!(refused(draw_of(version, epoch, "a", 90, 7)), DrawRefusal::Positions);
    assert_eq!(refused(draw_of(version, epoch, "a", u16::MAX, 1)), DrawRefusal::Positions);
    let draws = |count: usize| QueryMsg::DrawMany { draws: vec![draw_of(version, epoch, "a", 0, 1); count] };
    assert!(suite.query_error(&draws(0)).contains("draws is 0, must be 1 to 8"));
    assert!(suite.query_error(&draws(9)).contains("draws is 9, must be 1 to 8"));
}

#[test]
fn attack_06_stake_moved_after_binding_changes_no_draw() {
    let (mut suite, version, runners) = pool();
    let bound = suite.epoch();
    let order = |suite: &Suite| suite.draw(version, bound, "seed", 12);
    let before = order(&suite);

    suite.bond("alice", runners[0], 100_000).unwrap();
    suite.exec("alice", &ExecuteMsg::Unbond { runner: runners[1], amount: Uint128::new(600) }).unwrap();
    suite.exec("alice", &ExecuteMsg::OptOut { runner: runners[2], version }).unwrap();
    suite.slash(&[(runners[3], 1_249), (runners[4], 700)]).unwrap();
    suite.exec("mallory", &ExecuteMsg::Sync { runner: runners[3] }).unwrap();
    suite.runner("mallory", 1_000_000, &[version]);
    assert_eq!(order(&suite), before, "in the epoch of the binding");
    let next = suite.epoch() + 1;
    suite.next_epoch();
    suite.exec("mallory", &ExecuteMsg::Sync { runner: runners[4] }).unwrap();
    suite.bond("alice", runners[5], 50_000).unwrap();
    suite.runner("carol", 1_000_000, &[version]);
    assert_eq!(order(&suite), before, "and in the next one");
    let after = suite.draw(version, next, "seed", 96);
    let drawn: BTreeSet<_> = after.iter().map(|candidate| candidate.runner.0).collect();
    assert!(drawn.contains(&13) && !drawn.contains(&runners[2].0) && !drawn.contains(&runners[3].0));
}

#[test]
fn attack_06_jail_and_rotation_after_binding_move_nobody_else() {
    let (mut suite, version, runners) = pool();
    let bound = suite.epoch();
    let before = suite.draw(version, bound, "seed", 12);
    let (jailed, tombstoned, rotated) = (before[2].runner, before[5].runner, before[7].runner);
    suite.jail(jailed, 0);
    suite.exclude(tombstoned, Exclusion::Tombstone);
    suite.exec("alice", &ExecuteMsg::RotateKey { runner: rotated, attestation_key: OTHER_KEY.into() }).unwrap();
    let expected = |without: &[RunnerId]| -> Vec<_> {
        let key_no = |runner| KeyNo::from(runner == rotated);
        let kept = before.iter().filter(|candidate| !without.contains(&candidate.runner));
        kept.map(|candidate| Candidate { key_no: key_no(candidate.runner), ..candidate.clone() }).collect()
    };
    let skipping = expected(&[jailed, tombstoned]);
    assert_eq!(suite.draw(version, bound, "seed", 12), skipping, "skipped, with the positions of before");
    for runner in [jailed, tombstoned] {
        suite.exec("mallory", &ExecuteMsg::Sync { runner }).unwrap();
    }
    suite.next_epoch();
    assert_eq!(suite.draw(version, bound, "seed", 12), skipping, "and in the next epoch");
    suite.exec("alice", &ExecuteMsg::Unjail { runner: jailed }).unwrap();
    assert_eq!(suite.draw(version, bound, "seed", 12), expected(&[tombstoned]), "back where it was");
    assert_eq!(suite.draw(version, bound + 1, "seed", 12).len(), runners.len() - 2, "without seats of its own yet");
}

#[test]
fn invariant_22_an_excluded_runner_is_skipped_also_in_slots_that_it_left() {
    let (mut suite, version, runners) = pool();
    let bound = suite.epoch();
    let [early, late] = [runners[3], runners[4]];
    suite.jail(early, 0);
    for runner in [early, late] {
        suite.exec("alice", &ExecuteMsg::OptOut { runner, version }).unwrap();
    }
    suite.jail(late, 0);
    let drawn = |suite: &Suite| -> BTreeSet<_> {
        suite.draw(version, bound, "seed", 12).iter().map(|candidate| candidate.runner).collect()
    };
    let rest: BTreeSet<_> = runners.iter().copied().filter(|runner| ![early, late].contains(runner)).collect();
    assert_eq!(drawn(&suite), rest, "jailed before or after opting out");
    suite.next_epoch();
    suite.runner("bob", 1_000, &[version]);
    assert_eq!(drawn(&suite), rest);
    for runner in [early, late] {
        suite.exec("alice", &ExecuteMsg::Unjail { runner }).unwrap();
    }
    assert_eq!(drawn(&suite), runners.iter().copied().collect(), "what was bound before may still have them");
}

#[test]
fn a_draw_goes_on_behind_the_last_candidate_taken_past_those_excluded() {
    let (mut suite, version, _) = pool();
    let epoch = suite.epoch();
    let all = suite.draw(version, epoch, "seed", 96);
    assert_eq!(all.iter().map(|candidate| candidate.position).collect::<Vec<_>>(), (0..12).collect::<Vec<_>>());
    for place in [0, 4, 5] {
        suite.jail(all[place].runner, 600);
    }
    let page = |offset, count| match suite.draws(vec![draw_of(version, epoch, "seed", offset, count)]).remove(0) {
        DrawOutcome::Candidates(found) => found.iter().map(|candidate| candidate.position).collect::<Vec<_>>(),
        DrawOutcome::Refused(refusal) => panic!("{refusal:?}"),
    };
    assert_eq!(page(0, 4), [1, 2, 3, 6]);
    assert_eq!(page(7, 3), [7, 8, 9]);
    assert_eq!(page(10, 86), [10, 11], "fewer than wanted: there are no more");
    assert_eq!(page(12, 1), [0u16; 0]);
}

#[test]
fn a_round_of_31_with_spares_is_answered_twice_over_in_one_draw() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    for _ in 0..100 {
        suite.runner("alice", 500, &[version]);
    }
    suite.next_epoch();
    let drawn = suite.draw(version, suite.epoch(), "seed", 84);
    assert_eq!(drawn.len(), 84);
    assert_eq!(suite.draw(version, suite.epoch(), "seed", 96).len(), 96, "as many as there are positions");
}

#[test]
fn attack_58_a_thousand_bonds_in_an_epoch_change_no_draw_of_it() {
    let (mut suite, version, runners) = pool();
    let before = suite.draw(version, suite.epoch(), "seed", 12);
    for turn in 0..1_000 {
        suite.bond("alice", runners[turn % 12], 1 + turn as u128).unwrap();
    }
    assert_eq!(suite.draw(version, suite.epoch(), "seed", 12), before);
}

#[test]
fn attack_01_one_runner_or_many_get_the_same_share() {
    let mut suite = Suite::new();
    let version = suite.publish(100);
    let big = suite.runner("alice", 250 * 40, &[version]);
    for _ in 0..20 {
        suite.runner("bob", 500, &[version]);
    }
    suite.next_epoch();
    let first = |turn: u32| suite.draw(version, suite.epoch(), &turn.to_string(), 1)[0].runner;
    let hits = (0..1_000).filter(|turn| first(*turn) == big).count();
    // Binomial with p = 1/2: four standard deviations are 63.
    assert!((437..=563).contains(&hits), "{hits} of 1,000");
}
