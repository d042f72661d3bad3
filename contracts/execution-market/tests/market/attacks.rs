//! Attacks that need more than one message (docs/attacks-and-invariants.md); the others stand beside their message.

use std::collections::{BTreeMap, BTreeSet};

use mesg_api::market::{
    At, ExecuteMsg, Executions, MAX_ITEMS, MAX_POKE, MAX_REQUESTS, MAX_SEAT, QueryMsg, QuoteResponse,
};
use mesg_api::registry;
use mesg_api::staking::{self, Draw, DrawManyResponse, DrawOutcome};
use mesg_protocol::beacon::randomness;
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::execution::ROUND_1;
use mesg_protocol::ids::{ExecutionId, RunnerId, TermsId, VersionId};
use mesg_protocol::seal::seed;
use mesg_test_kit::{Suite, Work};

use crate::phases::{block, ids, opening, provisional, publishing, queued, request_by_send, suite, until, working};
use crate::request::{request, rich};
use crate::snapshot::{items_refused, refusals, refused};

/// The first drawn of `draws` draws from different seeds.
fn primaries(suite: &Suite, draws: u32) -> BTreeMap<RunnerId, u32> {
    let epoch = (suite.now() / 1_200).into();
    let mut first = BTreeMap::new();
    for batch in 0..draws / 8 {
        let draw = |number: u32| {
            let seed = sha256(&[b"test", &(batch * 8 + number).to_be_bytes()]);
            Draw { version: suite.version, seed, epoch, offset: 0, count: 1 }
        };
        let query = staking::QueryMsg::DrawMany { draws: (0..8).map(draw).collect() };
        let answer: DrawManyResponse = suite.query(&suite.staking, &query).unwrap();
        for outcome in answer.draws {
            let DrawOutcome::Candidates(candidates) = outcome else { panic!("{outcome:?}") };
            *first.entry(candidates[0].runner).or_default() += 1;
        }
    }
    first
}

#[test]
fn attack_01_one_runner_of_five_stakes_is_drawn_like_five_runners_of_one() {
    let mut suite = Suite::builder().runners(15).owners(14).build();
    let (token, staking) = (suite.token.clone(), suite.staking.clone());
    let owner = suite.runner(RunnerId(1)).owner.to_string();
    let give = cw20::Cw20ExecuteMsg::Transfer { recipient: owner, amount: 4_000_000_000u128.into() };
    suite.execute("alice", &token, &give).unwrap();
    let bond = staking::ReceiveMsg::Bond { runner: RunnerId(1) };
    suite.send_token("owner0", &staking, 4_000_000_000, &bond).unwrap();
    suite.advance(1_200);
    let drawn = primaries(&suite, 1_600);
    let whale = drawn[&RunnerId(1)];
    let sybils: u32 = (2..=6).map(|id| drawn.get(&RunnerId(id)).copied().unwrap_or(0)).sum();
    // 66 and 65 of 248 seats: 426 and 419 expected, σ = 18.
    for (who, got) in [("one", whale), ("five", sybils)] {
        assert!((350..=500).contains(&got), "{who}: {got} of 1,600");
    }
}

#[test]
fn attack_04_draws_are_uniform_over_equal_stakes() {
    let suite = suite();
    let drawn = primaries(&suite, 1_200);
    let chi_square: f64 = (1..=12)
        .map(|id| {
            let off = f64::from(drawn.get(&RunnerId(id)).copied().unwrap_or(0)) - 100.0;
            off * off / 100.0
        })
        .sum();
    assert!(chi_square < 31.3, "χ² = {chi_square} with 11 degrees of freedom, 31.3 is 0.1 %");
}

#[test]
fn attack_07_declining_to_be_free_adds_draws_and_removes_nobody() {
    // Who has no free seat is skipped; the others keep their order.
    let mut suite = Suite::builder().stake(150_000_000).build();
    let (first, second, third) = (queued(&mut suite), queued(&mut suite), queued(&mut suite));
    suite.tick();
    for execution in [first, second, third] {
        if suite.execution(execution).phase == "queued" {
            suite.submit_beacon(execution).ok();
            drop(suite.market("relay", &ExecuteMsg::Seat(Executions { executions: ids(&[execution]) })));
        }
    }
    let seed = suite.place(third).seed;
    let epoch = (suite.execution(third).requested.time.u64() / 1_200).into();
    let draw = Draw { version: suite.version, seed, epoch, offset: 0, count: 6 };
    let answer: DrawManyResponse =
        suite.query(&suite.staking, &staking::QueryMsg::DrawMany { draws: vec![draw] }).unwrap();
    let DrawOutcome::Candidates(order) = &answer.draws[0] else { panic!("{answer:?}") };
    let open_before = |runner: RunnerId| {
        [first, second].iter().filter(|execution| suite.seats(**execution).contains(&runner)).count()
    };
    let free: Vec<_> = order.iter().filter(|drawn| open_before(drawn.runner) < 2).map(|drawn| drawn.runner).collect();
    assert!(free.len() >= 4);
    assert_eq!(suite.seats(third), free[..4]);
    suite.check_invariants();
}

/// Whoever would knock the primary out to inherit its fee learns who that is from the round's signature alone.
#[test]
fn attack_50_anybody_can_be_the_primary_until_the_beacon_is_shown() {
    let mut suite = suite();
    let execution = queued(&mut suite);
    let epoch = (suite.now() / 1_200).into();
    let primary = |suite: &Suite, rand: Digest32| {
        let seed = seed(&suite.domain(), &rand, ExecutionId(execution), ROUND_1);
        let draw = Draw { version: suite.version, seed, epoch, offset: 0, count: 1 };
        let query = staking::QueryMsg::DrawMany { draws: vec![draw] };
        let answer: DrawManyResponse = suite.query(&suite.staking, &query).unwrap();
        let DrawOutcome::Candidates(candidates) = &answer.draws[0] else { panic!("{answer:?}") };
        candidates[0].runner
    };
    let possible: BTreeSet<_> = (0..120).map(|rand: u8| primary(&suite, sha256(&[&[rand]]))).collect();
    assert_eq!(possible.len(), 12, "{possible:?}");
    let signature = suite.beacon.sign(suite.execution(execution).round.u64());
    let drawn = primary(&suite, randomness(&signature));
    assert_eq!(suite.seat(execution)[0], drawn);
}

#[test]
fn attack_53_a_price_change_reaches_neither_queue_nor_seats() {
    let mut suite = rich();
    let (first, registry, version) = (working(&mut suite), suite.registry.clone(), suite.version);
    let mut price = suite.manifest.tasks[0].price;
    price.per_call = 500_000u128.into();
    let announce = registry::ExecuteMsg::AnnouncePrice { version, task: 0, price };
    suite.execute("developer", &registry, &announce).unwrap();
    let (old, mut new) = (suite.item(), suite.item());
    new.terms = TermsId(2);
    // A day and 1,440 blocks long nothing changes: runners see it and may leave.
    let from = suite.now() + 86_400;
    refused(&mut suite, "alice", &request(vec![new.clone()]), &format!("terms 2 are in force from time {from}"));
    let quote = |suite: &Suite, terms| {
        let answer: QuoteResponse = suite.ask(&QueryMsg::Quote { terms, input_len: None, validators: None });
        answer.refusals
    };
    assert_eq!((quote(&suite, TermsId(1)).len(), quote(&suite, TermsId(2)).len()), (0, 1));
    let second = queued(&mut suite);
    suite.app.update_block(|block| block.time = block.time.plus_seconds(10 * 86_400));
    refused(&mut suite, "alice", &request(vec![new.clone()]), "terms 2 are in force from time");
    suite.app.update_block(|block| block.height += 1_440);
    // From then on only the new terms are taken, by a runner pool that stayed.
    refused(&mut suite, "alice", &request(vec![old]), "terms 1 are not in force, terms 2 are");
    assert!(quote(&suite, TermsId(1))[0].contains("terms 1 are not in force, terms 2 are"));
    suite.market("alice", &request(vec![new])).unwrap();
    for execution in [first, second] {
        assert_eq!(suite.execution(execution).terms, TermsId(1), "the price of the request");
    }
    assert_eq!(suite.execution(second + 1).terms, TermsId(2));
    suite.check_invariants();
}

#[test]
fn attack_24_a_yanked_version_ends_what_is_open_and_takes_nothing_new() {
    let mut suite = rich();
    let (execution, registry, version) = (queued(&mut suite), suite.registry.clone(), suite.version);
    let yank = |yanked| registry::ExecuteMsg::SetYanked { version, yanked };
    suite.execute("developer", &registry, &yank(true)).unwrap();
    let item = suite.item();
    refused(&mut suite, "alice", &request(vec![item.clone()]), "version 1 is yanked");
    let quote: QuoteResponse = suite.ask(&QueryMsg::Quote { terms: suite.terms, input_len: None, validators: None });
    assert_eq!(quote.refusals, ["version 1 is yanked"]);
    suite.run_to_end(execution);
    assert_eq!(suite.execution(execution).phase, "finalized");
    suite.execute("developer", &registry, &yank(false)).unwrap();
    suite.market("alice", &request(vec![item])).unwrap();
    suite.check_invariants();
}

#[test]
fn attack_24_attack_53_an_open_execution_keeps_its_version_and_terms() {
    let mut suite = rich();
    let execution = working(&mut suite);
    let registry = suite.registry.clone();
    let mut manifest = suite.manifest.clone();
    manifest.component.sha256 = sha256(&[b"other code"]);
    manifest.tasks[0].price.per_call = 500_000u128.into();
    let publish = registry::ExecuteMsg::PublishVersion { service: suite.service, manifest };
    suite.execute("developer", &registry, &publish).unwrap();
    let before = suite.execution(execution);
    assert_eq!((before.version, before.terms), (VersionId(1), TermsId(1)));
    // Nobody serves the new version before it opts in.
    let mut item = suite.item();
    item.terms = TermsId(2);
    refused(&mut suite, "alice", &request(vec![item]), "pool has 0 runners, needs 11");
    suite.work(execution, &Work::honest());
    suite.expire(execution);
    suite.settle(execution).unwrap();
    let after = suite.execution(execution);
    assert_eq!((after.version, after.terms, after.phase.as_str()), (VersionId(1), TermsId(1), "finalized"));
    let earned: u128 = suite.ledger().runners.u128();
    assert_eq!(earned, 1_001_070 + 3 * 800_856, "at the price of the request");
    suite.check_invariants();
}

#[test]
fn attack_29_every_batch_is_bounded() {
    assert_eq!((MAX_REQUESTS, MAX_SEAT, MAX_POKE, MAX_ITEMS), (8, 8, 4, 32));
    let mut suite = suite();
    let many = ids(&[1; 33]);
    for (msg, max) in [
        (ExecuteMsg::Seat(Executions { executions: many.clone() }), 8),
        (ExecuteMsg::Poke(Executions { executions: many.clone() }), 4),
        (ExecuteMsg::Settle(Executions { executions: many.clone() }), 24),
        (ExecuteMsg::Prune(Executions { executions: many }), 32),
    ] {
        let field = if max == 8 { "executions" } else { "items" };
        refused(&mut suite, "crank", &msg, &format!("{field} is 33, must be 1 to {max}"));
    }
}

#[test]
fn attack_43_neither_shifted_times_nor_many_blocks_end_a_window() {
    for phase in [queued, working, opening, publishing, provisional] {
        let mut suite = suite();
        let execution = phase(&mut suite);
        let (At { time, height }, present) = (until(&suite, execution), suite.app.block_info().height);
        let (time, height) = (time.u64(), height.u64());
        let poke = ExecuteMsg::Poke(Executions { executions: ids(&[execution]) });
        assert!(height - present >= 6, "at least so many proposers have their turn");
        // Proposers agree on a time far ahead: the window's blocks are still to come.
        block(&mut suite, time + 3 * 86_400, present + 1);
        items_refused(&mut suite, &poke, &["too_early"]);
        block(&mut suite, time + 3 * 86_400, height - 1);
        items_refused(&mut suite, &poke, &["too_early"]);
        // Blocks follow each other within a moment: the window's time is still to come.
        block(&mut suite, time - 1, height + 100_000);
        items_refused(&mut suite, &poke, &["too_early"]);
    }
}

/// Eight executions of one message, seated by one message: one deadline for all.
fn eight(suite: &mut Suite) -> Vec<u64> {
    let items = vec![suite.item(); 8];
    request_by_send(suite, "alice", 100_000_000, items).unwrap();
    let executions: Vec<u64> = (1..=8).collect();
    suite.tick();
    suite.submit_beacon_for(&executions).unwrap();
    let deadlines: Vec<_> = executions.iter().map(|execution| until(suite, *execution)).collect();
    assert!(deadlines.iter().all(|deadline| *deadline == deadlines[0]));
    executions
}

/// The deadline was long ago: for an hour no act found room in a block.
fn crowded_out(suite: &mut Suite, executions: &[u64]) {
    let At { time, height } = until(suite, executions[0]);
    block(suite, time.u64() + 3_600, height.u64() + 600);
}

/// Nothing is to be enforced any more.
fn nothing_to_poke(suite: &mut Suite, executions: &[u64]) {
    for part in executions.chunks(MAX_POKE) {
        let poke = ExecuteMsg::Poke(Executions { executions: ids(part) });
        items_refused(suite, &poke, &vec!["too_early"; part.len()]);
    }
}

fn staked(suite: &Suite) -> u128 {
    suite.runners.iter().map(|runner| crate::disputes::stake(suite, runner.id)).sum()
}

#[test]
fn attack_46_a_full_block_of_late_acts_counts_before_the_poke_lands() {
    let mut suite = Suite::builder().runners(24).owners(12).stake(8_000_000_000).build();
    let executions = eight(&mut suite);
    let before = staked(&suite);
    let seats = |suite: &Suite| -> Vec<(u64, RunnerId)> {
        let of = |execution: u64| suite.seats(execution).into_iter().map(move |runner| (execution, runner));
        executions.iter().copied().flat_map(of).collect()
    };
    // 32 seats, 32 items: each kind of act is one message for all executions.
    crowded_out(&mut suite, &executions);
    let seal =
        |(execution, runner): (u64, RunnerId)| suite.runner(runner).seal(&suite.place(execution), &Work::honest());
    let items: Vec<_> = seats(&suite).into_iter().map(seal).collect();
    let events = suite.market("relay", &ExecuteMsg::Seal { items }).unwrap();
    assert!(refusals(&events).is_empty(), "{events:?}");
    nothing_to_poke(&mut suite, &executions);
    crowded_out(&mut suite, &executions);
    let open =
        |(execution, runner): (u64, RunnerId)| suite.runner(runner).open(&suite.place(execution), &Work::honest());
    let items: Vec<_> = seats(&suite).into_iter().map(open).collect();
    let events = suite.market("relay", &ExecuteMsg::Open { items }).unwrap();
    assert!(refusals(&events).is_empty(), "{events:?}");
    nothing_to_poke(&mut suite, &executions);
    crowded_out(&mut suite, &executions);
    let items = executions.iter().map(|execution| Work::honest().publish(*execution)).collect();
    let events = suite.market("relay", &ExecuteMsg::Publish { items }).unwrap();
    assert!(refusals(&events).is_empty(), "{events:?}");
    nothing_to_poke(&mut suite, &executions);
    assert_eq!(staked(&suite), before, "nobody is slashed for a full mempool");
    suite.check_invariants();
}

#[test]
fn attack_46_late_certificates_count_before_the_poke_lands_and_not_after() {
    let mut suite = Suite::builder().runners(24).owners(12).stake(8_000_000_000).build();
    let executions = eight(&mut suite);
    let before = staked(&suite);
    crowded_out(&mut suite, &executions);
    let certificate = |execution: &u64| suite.certificate(*execution, &Work::honest());
    let (in_time, late): (Vec<_>, _) = (executions[..7].iter().map(certificate).collect(), certificate(&8));
    let events = suite.market("relay", &ExecuteMsg::Certify { items: in_time, settle: Vec::new() }).unwrap();
    assert!(refusals(&events).is_empty(), "{events:?}");
    nothing_to_poke(&mut suite, &executions[..7]);
    assert_eq!(staked(&suite), before);
    suite.poke(8).unwrap();
    assert!(staked(&suite) < before, "once it is enforced, the deadline has passed");
    assert_eq!(suite.execution(8).reason.as_deref(), Some("NoResult"), "nobody is drawn by weights of hours ago");
    let certify = ExecuteMsg::Certify { items: vec![late], settle: Vec::new() };
    items_refused(&mut suite, &certify, &["wrong_phase"]);
    suite.check_invariants();
}

#[test]
fn attack_31_who_is_full_is_passed_over_draw_after_draw() {
    // Two seats each, three committees of four at once: among twelve runners somebody is drawn a third time now and then.
    let mut suite = Suite::builder().stake(150_000_000).build();
    for batch in 0..12u64 {
        let executions: Vec<u64> = (0..3).map(|_| queued(&mut suite)).collect();
        suite.tick();
        suite.submit_beacon_for(&executions).unwrap();
        for runner in suite.runners.clone() {
            let open = executions.iter().filter(|id| suite.seats(**id).contains(&runner.id)).count();
            assert!(open <= 2, "batch {batch}: runner {} has {open} of 2 seats", runner.id);
        }
        for execution in executions {
            suite.certify(execution, &Work::honest()).unwrap();
            suite.expire(execution);
            suite.settle(execution).unwrap();
        }
    }
    suite.check_invariants();
}
