//! `ReportEquivocation`: two acts of one seat.

use mesg_api::market::{ExecuteMsg, QueryMsg, RunnerAccountResponse, SignedAct};
use mesg_api::staking::RUNNERS;
use mesg_protocol::ids::RunnerId;
use mesg_test_kit::{Place, Suite, Work};

use crate::disputes::{B_BOND, stake};
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
