//! `ReportEquivocation`: two acts of one seat.

use mesg_api::market::{ExecuteMsg, QueryMsg, RunnerAccountResponse, SignedAct};
use mesg_api::staking::RUNNERS;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Place, Suite, Work};

use crate::disputes::{B_BOND, disputed, end_of, play, stake};
use crate::phases::{suite, working};
use crate::snapshot::refused;

fn act(suite: &Suite, execution: u64, runner: RunnerId, work: &Work) -> SignedAct {
    let item = suite.runner(runner).seal(&suite.place(execution), work);
    SignedAct::Seal { seal: item.seal, signature: item.signature }
}

#[test]
fn attack_61_two_seals_of_one_seat_cost_its_bond_once() {
    let mut suite = suite();
    let (execution, other) = (working(&mut suite), working(&mut suite));
    let runner = suite.seats(execution)[1];
    let (first, second) =
        (act(&suite, execution, runner, &Work::honest()), act(&suite, execution, runner, &Work::wrong()));
    let report = |first: &SignedAct, second: &SignedAct| ExecuteMsg::ReportEquivocation {
        execution: execution.into(),
        runner,
        first: first.clone(),
        second: second.clone(),
    };
    refused(&mut suite, "bob", &report(&first, &first), "refused: no_equivocation");
    // A seal of another execution is no evidence, whatever it says.
    let foreign = Place { execution: other, ..suite.place(execution) };
    let item = suite.runner(runner).seal(&foreign, &Work::wrong());
    let elsewhere = SignedAct::Seal { seal: item.seal, signature: item.signature };
    refused(&mut suite, "bob", &report(&first, &elsewhere), "refused: signature");
    suite.market("bob", &report(&first, &second)).unwrap();
    assert_eq!(stake(&suite, runner), 1_000_000_000 - B_BOND);
    assert_eq!(suite.purse(&suite.account("bob")).balance.u128(), B_BOND / 5);
    refused(&mut suite, "bob", &report(&second, &first), "refused: already");
    suite.check_invariants();
    // The course of the execution stays as it is.
    suite.certify(execution, &Work::honest()).unwrap();
    suite.expire(execution);
    suite.settle(execution).unwrap();
    assert_eq!(stake(&suite, runner), 1_000_000_000 - B_BOND, "all slashes of one seat together are at most B");
    suite.check_invariants();
}

#[test]
fn attack_67_a_seal_and_a_decline_contradict_each_other() {
    let mut suite = suite();
    let execution = working(&mut suite);
    let runner = suite.seats(execution)[2];
    let seal = act(&suite, execution, runner, &Work::honest());
    let declined = suite.runner(runner).decline(&suite.place(execution), 1);
    let decline = SignedAct::Decline { code: declined.code, signature: declined.signature };
    let msg = ExecuteMsg::ReportEquivocation { execution: execution.into(), runner, first: seal, second: decline };
    suite.market("bob", &msg).unwrap();
    let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner });
    assert!(account.jailed_until.is_some(), "ten points");
    let row = suite.record(&suite.staking, &RUNNERS, runner).unwrap();
    assert!(row.exclusion.is_some() && row.stake.tokens == 1_000_000_000 - B_BOND);
    suite.check_invariants();
}

/// What a seat that lies pays in the end, and what it pays if an accomplice then shows a second seal of it.
#[test]
fn attack_61_reporting_oneself_saves_a_lying_primary_a_fifth_and_costs_the_others_more() {
    let outvoted = |liar: usize, report: bool| {
        let mut suite = suite();
        let execution = disputed(&mut suite, liar);
        let first = suite.execution(execution).panels[0].clone();
        let runner = first.seats[liar].runner;
        if report {
            let place = Place { round: 1, seed: first.seed.unwrap(), ..suite.place(execution) };
            let seal = |work| {
                let item = suite.runner(runner).seal(&place, &work);
                SignedAct::Seal { seal: item.seal, signature: item.signature }
            };
            let (first, second) = (seal(Work::wrong()), seal(Work::honest()));
            let msg = ExecuteMsg::ReportEquivocation { execution: execution.into(), runner, first, second };
            suite.market("mallory", &msg).unwrap();
        }
        play(&mut suite, execution, |_| Work::honest());
        let ended = end_of(&suite.publish(execution, &Work::honest()).unwrap()).0;
        assert_eq!(ended, if liar == 0 { "corrected" } else { "finalized" });
        let jurors = suite.execution(execution).panels[1].seats.clone();
        for juror in jurors {
            let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner: juror.runner });
            assert_eq!(account.earned.u128(), 800_856, "b, whole: what is left is enough");
        }
        let account: RunnerAccountResponse = suite.ask(&QueryMsg::RunnerAccount { runner });
        assert_eq!(account.jailed_until.is_some(), report, "ten points at once, or five");
        suite.check_invariants();
        let (stake, reward) = (stake(&suite, runner), suite.purse(&suite.account("mallory")).balance.u128());
        1_000_000_000 - stake - reward
    };
    assert_eq!([outvoted(0, false), outvoted(0, true)], [B_BOND, B_BOND * 4 / 5]);
    assert_eq!([outvoted(1, false), outvoted(1, true)], [B_BOND / 2, B_BOND * 4 / 5]);
}
