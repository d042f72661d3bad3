//! `Propose`, `Revoke`, `Apply`: rows of parameters and beacons after a notice; what is open keeps its own.

use mesg_api::market::{
    BeaconMsg, Change, ChangeKind, ChangeRef, ConfigResponse, ExecuteMsg, GovernanceResponse, MarketEvent, ParamsMsg,
    ParamsResponse, QueryMsg, QuoteResponse, RandResponse, WaitingKey, WaitingResponse,
};
use mesg_protocol::bps::Bps;
use mesg_protocol::ids::ParamsId;
use mesg_test_kit::{Beacon, Suite};

use crate::phases::{beacon, block, finalized, ids, queued, suite, working};
use crate::request::request;
use crate::snapshot::refused;

const DAY: u64 = 86_400;
const PARAMS: ChangeRef = ChangeRef { change: ChangeKind::Params };
const BEACON: ChangeRef = ChangeRef { change: ChangeKind::Beacon };

/// Secret of the beacon that replaces the suite's; for tests only.
const NEXT: u64 = 0x6e65_7874;

fn governance(suite: &Suite) -> GovernanceResponse {
    suite.ask(&QueryMsg::Governance {})
}

fn config(suite: &Suite) -> ConfigResponse {
    suite.ask(&QueryMsg::Config {})
}

/// The suite's parameters with more burned and a shorter time for openings.
fn dearer(suite: &Suite) -> Change {
    let mut params = suite.params.clone();
    params.burn_bps = Bps::saturating(800);
    params.t_open = 240;
    params.tips.certify = 7u128.into();
    Change::Params(params)
}

/// Another beacon with another period and the time of its first round.
fn next_beacon(genesis: u64) -> BeaconMsg {
    BeaconMsg { public_key: Beacon::new(NEXT).public_key(), genesis: genesis.into(), period: 5u64.into() }
}

fn propose(suite: &mut Suite, change: Change) {
    suite.market("governor", &ExecuteMsg::Propose(change)).unwrap();
}

/// Proposes and, after the notice, applies.
fn change(suite: &mut Suite, change: Change, kind: ChangeRef) {
    propose(suite, change);
    suite.advance(7 * DAY);
    suite.market("mallory", &ExecuteMsg::Apply(kind)).unwrap();
}

#[test]
fn a_row_comes_into_force_after_its_notice() {
    let mut suite = suite();
    let (proposed, now) = (dearer(&suite), suite.now());
    let events = suite.market("governor", &ExecuteMsg::Propose(proposed.clone())).unwrap();
    let (eta, height, until) = (now + 7 * DAY, suite.app.block_info().height + 10_080, now + 21 * DAY);
    assert_eq!(events, [MarketEvent::ChangeProposed { change: "params".to_owned(), eta, height, until }]);
    let [pending] = governance(&suite).proposals.try_into().unwrap();
    assert_eq!((&pending.change, pending.eta.u64(), pending.until.u64()), (&proposed, eta, until));
    assert_eq!(pending.height.u64(), height);

    suite.advance(7 * DAY - 1);
    refused(&mut suite, "governor", &ExecuteMsg::Apply(PARAMS), &format!("notice is not over before time {eta}"));
    assert_eq!(config(&suite).params, ParamsId(1));
    suite.advance(1);
    let events = suite.market("mallory", &ExecuteMsg::Apply(PARAMS)).unwrap();
    assert_eq!(events, [MarketEvent::ChangeApplied { change: "params".to_owned(), number: 2 }]);
    let ParamsResponse { id, params } = suite.ask(&QueryMsg::Params { params: None });
    assert_eq!((id, Change::Params(params)), (ParamsId(2), proposed));
    let first: ParamsResponse = suite.ask(&QueryMsg::Params { params: Some(ParamsId(1)) });
    assert_eq!(first.params, suite.params, "rows do not change");
    assert!(governance(&suite).proposals.is_empty());
    refused(&mut suite, "mallory", &ExecuteMsg::Apply(PARAMS), "nothing to do");
}

/// What is announced before a halt is not in force after it: nobody could have left meanwhile.
#[test]
fn attack_40_a_halt_is_no_notice() {
    let mut suite = suite();
    let (proposed, genesis) = (dearer(&suite), suite.now());
    let (time, height) = (genesis + 7 * DAY, suite.app.block_info().height + 10_080);
    propose(&mut suite, proposed);
    propose(&mut suite, Change::Beacon(next_beacon(genesis)));
    let early = format!("notice is not over before time {time} and height {height}");
    for (time, height) in [(time, height - 10_079), (time + 13 * DAY, height - 1), (time - 1, height)] {
        block(&mut suite, time, height);
        for kind in [PARAMS, BEACON] {
            refused(&mut suite, "governor", &ExecuteMsg::Apply(kind), &early);
        }
    }
    block(&mut suite, time, height);
    for kind in [PARAMS, BEACON] {
        suite.market("mallory", &ExecuteMsg::Apply(kind)).unwrap();
    }
}

#[test]
fn a_proposal_lapses() {
    let mut suite = suite();
    let proposed = dearer(&suite);
    propose(&mut suite, proposed.clone());
    suite.advance(21 * DAY - 1);
    let mut in_time = suite.now();
    suite.advance(1);
    in_time += 1;
    refused(&mut suite, "governor", &ExecuteMsg::Apply(PARAMS), &format!("proposal has lapsed at time {in_time}"));
    suite.market("governor", &ExecuteMsg::Revoke(PARAMS)).unwrap();
    change(&mut suite, proposed, PARAMS);
    assert_eq!(config(&suite).params, ParamsId(2));
}

#[test]
fn the_owner_takes_a_proposal_back_or_replaces_it() {
    let mut suite = suite();
    refused(&mut suite, "governor", &ExecuteMsg::Revoke(PARAMS), "nothing to do");
    let proposed = dearer(&suite);
    propose(&mut suite, proposed.clone());
    refused(&mut suite, "governor", &ExecuteMsg::Revoke(BEACON), "nothing to do");
    let events = suite.market("governor", &ExecuteMsg::Revoke(PARAMS)).unwrap();
    assert_eq!(events, [MarketEvent::ChangeRevoked { change: "params".to_owned() }]);
    suite.advance(7 * DAY);
    refused(&mut suite, "governor", &ExecuteMsg::Apply(PARAMS), "nothing to do");

    propose(&mut suite, proposed);
    suite.advance(6 * DAY);
    let again = Change::Params(suite.params.clone());
    propose(&mut suite, again.clone());
    suite.advance(2 * DAY);
    refused(&mut suite, "governor", &ExecuteMsg::Apply(PARAMS), "notice is not over");
    let [pending] = governance(&suite).proposals.try_into().unwrap();
    assert_eq!(pending.change, again, "the notice is the new one's");
}

#[test]
fn invariant_25_proposals_stay_in_the_coded_bounds() {
    let mut suite = suite();
    let mut bad = |change: &dyn Fn(&mut ParamsMsg), why: &str| {
        let mut params = suite.params.clone();
        change(&mut params);
        refused(&mut suite, "governor", &ExecuteMsg::Propose(Change::Params(params)), why);
    };
    bad(&|params| params.margin = 8, "parameter margin is 8, must be 9 to 120");
    bad(&|params| params.t_queue = 1_177, "parameter t_queue is 1177, must be 33 to 1176");
    bad(&|params| params.burn_bps = Bps::saturating(1_001), "parameter producers + burn is 1501");
    bad(&|params| params.gate_bps = Bps::saturating(7_001), "parameter gate is 7001");
    for (beacon, why) in [
        (BeaconMsg { public_key: vec![0x80; 96].into(), ..next_beacon(1) }, "beacon public_key is not a point of G2"),
        (BeaconMsg { period: 0u64.into(), ..next_beacon(1) }, "period is 0, must be 1 to 60"),
        (BeaconMsg { period: 61u64.into(), ..next_beacon(1) }, "period is 61, must be 1 to 60"),
        (next_beacon(u64::MAX), "genesis is 18446744073709551615, must be 0 to"),
    ] {
        refused(&mut suite, "governor", &ExecuteMsg::Propose(Change::Beacon(beacon)), why);
    }
    assert!(governance(&suite).proposals.is_empty());
}

/// Each of the two is within its bounds under what is in force; both together would refund every request. Whichever is
/// applied first, the other one is refused.
#[test]
fn attack_08_no_change_leaves_the_queue_without_a_round() {
    let why = "parameter t_queue is 74, must be 75 to 1191";
    for params_first in [true, false] {
        let (mut suite, kinds) = (suite(), if params_first { [PARAMS, BEACON] } else { [BEACON, PARAMS] });
        let short = Change::Params(ParamsMsg { margin: 9, t_queue: 74, ..suite.params.clone() });
        let slow = Change::Beacon(BeaconMsg { period: 60u64.into(), ..next_beacon(suite.now()) });
        propose(&mut suite, short.clone());
        propose(&mut suite, slow.clone());
        suite.advance(7 * DAY);
        let [first, second] = kinds.map(ExecuteMsg::Apply);
        suite.market("mallory", &first).unwrap();
        refused(&mut suite, "mallory", &second, why);
        let later = ExecuteMsg::Propose(if params_first { slow } else { short });
        refused(&mut suite, "governor", &later, why);
    }
}

#[test]
fn invariant_25_open_executions_keep_their_row() {
    let mut suite = suite();
    suite.deposit("alice", 100_000_000).unwrap();
    let proposed = dearer(&suite);
    propose(&mut suite, proposed);
    suite.advance(7 * DAY);
    let (open, quoted) = (queued(&mut suite), quote(&suite));
    let other = working(&mut suite);
    suite.market("mallory", &ExecuteMsg::Apply(PARAMS)).unwrap();
    let dearer = quote(&suite);
    assert!(dearer.burn > quoted.burn && dearer.tips == quoted.tips + cosmwasm_std::Uint128::new(7));
    let item = suite.item();
    suite.market("alice", &request(vec![item])).unwrap();
    let new = other + 1;
    for (execution, row, escrow) in [(open, 1, quoted.escrow), (other, 1, quoted.escrow), (new, 2, dearer.escrow)] {
        let found = suite.execution(execution);
        assert_eq!((found.params, found.escrow), (ParamsId(row), escrow));
    }
    // The old rows' windows and split count to the end.
    let burned = |suite: &mut Suite, execution: u64| {
        let before = suite.ledger().burn;
        for runner in suite.seats(execution) {
            suite.seal(execution, runner, &mesg_test_kit::Work::honest()).unwrap();
        }
        let left = suite.execution(execution).until.unwrap().time.u64() - suite.now();
        suite.work_on(execution);
        (left, suite.ledger().burn - before)
    };
    let (old_window, old_burn) = burned(&mut suite, other);
    suite.seat(new);
    let (new_window, new_burn) = burned(&mut suite, new);
    assert_eq!((old_window, new_window), (300, 240));
    assert!(new_burn > old_burn);
    suite.check_invariants();
}

fn quote(suite: &Suite) -> QuoteResponse {
    suite.ask(&QueryMsg::Quote { terms: suite.terms, input_len: Some(18), validators: None })
}

#[test]
fn attack_10_a_beacon_is_replaced_while_executions_wait_for_it() {
    let mut suite = suite();
    finalized(&mut suite);
    let genesis = suite.now();
    propose(&mut suite, Change::Beacon(next_beacon(genesis)));
    suite.advance(7 * DAY);
    // Three under the old key: one is seated after the change, one binds again after it, one is never seated.
    let (old, late, lost) = (queued(&mut suite), queued(&mut suite), queued(&mut suite));
    let round = suite.execution(old).round.u64();
    suite.tick();
    suite.market("mallory", &ExecuteMsg::Apply(BEACON)).unwrap();
    let Config { beacon: in_force, beacon_no } = Config::of(&suite);
    assert_eq!((in_force, beacon_no), (next_beacon(genesis), 1));
    let new = queued(&mut suite);
    suite.tick();
    let bound = |suite: &Suite, execution| {
        let found = suite.execution(execution);
        (found.beacon, found.round.u64())
    };
    assert_eq!(bound(&suite, old), (0, round), "what is bound stays bound");
    let (no, fresh) = bound(&suite, new);
    assert_eq!((no, fresh), (1, (suite.execution(new).requested.time.u64() + 24 - genesis).div_ceil(5) + 1));
    let page: WaitingResponse = suite.ask(&QueryMsg::Waiting { start_after: None, limit: Some(3) });
    let last = page.waiting.last().unwrap();
    assert_eq!(last.round_time.u64(), suite.beacon_schedule.time_of(round), "by the schedule of its own beacon");
    let key = WaitingKey { beacon: last.beacon, round: last.round, execution: last.execution };
    let rest: WaitingResponse = suite.ask(&QueryMsg::Waiting { start_after: Some(key), limit: None });
    let rest: Vec<_> = rest.waiting.iter().map(|item| (item.execution.u64(), item.beacon)).collect();
    assert_eq!(rest, [(new, 1)], "rounds of later beacons come after");

    // Neither key signs for the other's rounds.
    let signed = |secret: u64, round: u64, execution: u64| {
        let (signature, executions) = (Beacon::new(secret).sign(round), ids(&[execution]));
        ExecuteMsg::SubmitBeacon { round: round.into(), signature, executions }
    };
    suite.advance(60);
    refused(&mut suite, "mallory", &signed(NEXT, round, old), &format!("signature is not of beacon round {round}"));
    let forged = beacon(&suite, fresh, &[new]);
    refused(&mut suite, "mallory", &forged, &format!("signature is not of beacon round {fresh}"));
    suite.market("relay", &beacon(&suite, round, &[old])).unwrap();
    let stored = suite.market("relay", &signed(NEXT, fresh, new)).unwrap();
    assert!(matches!(stored[0], MarketEvent::BeaconStored { beacon: 1, round, .. } if round == fresh));
    let phase = |suite: &Suite, execution| suite.execution(execution).phase;
    assert_eq!((phase(&suite, old), phase(&suite, new)), ("working".to_owned(), "working".to_owned()));

    // Bound again, two epochs later, it is bound to the beacon in force.
    suite.advance(2 * 1_200);
    suite.market("crank", &ExecuteMsg::Seat(mesg_api::market::Executions { executions: ids(&[late]) })).unwrap();
    assert_eq!(suite.execution(late).beacon, 1);
    suite.expire(lost);
    suite.poke(lost).unwrap();
    assert_eq!(suite.execution(lost).reason.as_deref(), Some("NoRunners"), "its round was shown for the other one");

    // The randomness of each round is written once, under the key of its own beacon.
    let rand = |suite: &Suite, beacon, round: u64| {
        suite.ask::<RandResponse>(&QueryMsg::Rand { beacon, round: round.into() }).rand
    };
    let sha = |secret: u64, round| Some(mesg_protocol::beacon::randomness(&Beacon::new(secret).sign(round)));
    assert_eq!(rand(&suite, 1, fresh), sha(NEXT, fresh));
    assert!(rand(&suite, 0, round).is_some() && rand(&suite, 1, round).is_none() && rand(&suite, 0, fresh).is_none());
    suite.check_invariants();
}

/// The part of the configuration that a beacon's change changes.
struct Config {
    beacon: BeaconMsg,
    beacon_no: u8,
}

impl Config {
    fn of(suite: &Suite) -> Self {
        let ConfigResponse { beacon, beacon_no, .. } = config(suite);
        Self { beacon, beacon_no }
    }
}

#[test]
fn numbers_of_beacons_end() {
    use mesg_execution_market::state::{BEACONS, CONFIG};
    let mut suite = suite();
    let (now, market) = (suite.now(), suite.market.clone());
    {
        let mut storage = suite.app.contract_storage_mut(&market);
        let mut config = CONFIG.may_load(&*storage, ()).unwrap().unwrap();
        let mut beacon = BEACONS.may_load(&*storage, 0).unwrap().unwrap();
        (config.beacon.no, beacon.schedule.no) = (254, 254);
        CONFIG.save(&mut *storage, (), &config);
        BEACONS.save(&mut *storage, 254, &beacon);
    }
    change(&mut suite, Change::Beacon(next_beacon(now)), BEACON);
    assert_eq!(config(&suite).beacon_no, 255);
    propose(&mut suite, Change::Beacon(next_beacon(now)));
    suite.advance(7 * DAY);
    refused(&mut suite, "mallory", &ExecuteMsg::Apply(BEACON), "no number is left");
}
