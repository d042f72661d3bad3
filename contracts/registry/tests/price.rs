//! `AnnouncePrice`, `WithdrawPrice`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use mesg_api::market::At;
use mesg_api::registry::{
    AnnouncedPrice, ExecuteMsg, Permission, Prices, QueryMsg, RegistryEvent, RegistryRows, Status, TermsResponse,
    VersionResponse, VersionsResponse,
};
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_protocol::price_change::PriceChangeError;
use mesg_protocol::terms::TermsError;
use mesg_registry::ContractError;
use suite::{Suite, events, manifest, refusal};

const VERSION: VersionId = VersionId(1);
const DAY: u64 = 86_400;
const DAY_BLOCKS: u64 = 1_440;

fn price(per_call: u128) -> Prices {
    Prices { per_call: per_call.into(), per_kb: 10_u128.into(), per_mfuel: 1_u128.into() }
}

fn announce(task: u8, per_call: u128) -> ExecuteMsg {
    ExecuteMsg::AnnouncePrice { version: VERSION, task, price: price(per_call) }
}

fn withdraw(task: u8) -> ExecuteMsg {
    ExecuteMsg::WithdrawPrice { version: VERSION, task }
}

/// A version with tasks of terms 1 and 2 at 1,000 per call.
fn suite() -> Suite {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    suite.publish("alice", 1, manifest(&["report", "check"])).unwrap();
    suite
}

fn version(suite: &Suite) -> VersionResponse {
    suite.query(&QueryMsg::Version { version: VERSION })
}

fn terms(suite: &Suite, terms: u32) -> TermsResponse {
    suite.query(&QueryMsg::Terms { terms: TermsId(terms) })
}

#[test]
fn a_price_is_in_force_a_day_later_up_and_down_alike() {
    for per_call in [1_500, 500] {
        let mut suite = suite();
        let block = suite.app.block_info();
        let (time, height) = (block.time.seconds() + DAY, block.height + DAY_BLOCKS);
        let response = suite.execute("alice", &announce(1, per_call)).unwrap();
        let event = RegistryEvent::PriceAnnounced {
            service: 1,
            version: 1,
            task: 1,
            terms: 3,
            per_call,
            per_kb: 10,
            per_mfuel: 1,
            time,
            height,
        };
        assert_eq!(events(&response), [(3, event)]);
        let from = At { time: time.into(), height: height.into() };
        let coming = AnnouncedPrice { task: 1, terms: TermsId(3), price: price(per_call), from };
        for (seconds, blocks) in [(0, 0), (DAY - 1, DAY_BLOCKS - 1)] {
            suite.advance(seconds, blocks);
            let found = version(&suite);
            assert_eq!((found.terms, found.announced), (vec![TermsId(1), TermsId(2)], vec![coming.clone()]));
            assert_eq!(found.prices, [price(1_000), price(1_000)]);
            assert_eq!((terms(&suite, 2).in_force, terms(&suite, 2).from), (TermsId(2), None));
            assert_eq!((terms(&suite, 3).in_force, terms(&suite, 3).from), (TermsId(2), Some(from)));
        }
        suite.advance(1, 1);
        let found = version(&suite);
        assert_eq!((found.terms, found.announced), (vec![TermsId(1), TermsId(3)], Vec::new()));
        assert_eq!(found.prices, [price(1_000), price(per_call)]);
        assert_eq!(found.manifest, manifest(&["report", "check"]), "the version is what it was");
        assert_eq!((terms(&suite, 2).in_force, terms(&suite, 3).from), (TermsId(3), None));
        let listed: VersionsResponse =
            suite.query(&QueryMsg::Versions { service: ServiceId(1), start_after: None, limit: None });
        assert_eq!(listed.versions[0].terms, [TermsId(1), TermsId(3)]);
        // the next version's terms follow
        suite.publish("alice", 1, manifest(&["other"])).unwrap();
        assert_eq!(terms(&suite, 4).version, VersionId(2));
    }
}

#[test]
fn the_new_row_differs_in_its_price_only() {
    let mut suite = suite();
    suite.execute("alice", &announce(1, 1_500)).unwrap();
    let (querier, rows) = (suite.app.wrap(), RegistryRows { registry: &suite.registry });
    let [old, new] = [2, 3].map(|id| rows.terms(&querier, TermsId(id)).unwrap().unwrap());
    let mut expected = old.clone();
    expected.price.per_call = 1_500;
    assert_eq!((new, old.price.per_call), (expected, 1_000));
    let [old, new] = [2, 3].map(|id| rows.inputs(&querier, TermsId(id)).unwrap());
    assert_eq!(new, old);
    assert!(new.is_some());
}

#[test]
fn attack_53_one_change_at_a_time_and_each_with_its_own_notice() {
    let mut suite = suite();
    suite.execute("alice", &announce(0, 1_500)).unwrap();
    suite.advance(DAY - 1, DAY_BLOCKS);
    let error = refusal(suite.execute("alice", &announce(0, 2_000)));
    let announced = PriceChangeError::Announced { terms: TermsId(3) };
    assert!(matches!(error, ContractError::PriceChange(e) if e == announced), "{error}");
    suite.execute("alice", &announce(1, 2_000)).unwrap();
    // taken back and announced again, the notice starts anew
    suite.execute("alice", &withdraw(0)).unwrap();
    suite.execute("alice", &announce(0, 2_000)).unwrap();
    suite.advance(1, 1);
    assert_eq!(version(&suite).terms, [TermsId(1), TermsId(2)]);
    suite.advance(DAY - 1, DAY_BLOCKS);
    assert_eq!(version(&suite).terms, [TermsId(5), TermsId(4)]);
    let withdrawn = terms(&suite, 3);
    assert_eq!((withdrawn.in_force, withdrawn.from), (TermsId(5), None), "its number stands for nothing else");
}

#[test]
fn a_price_in_force_is_changed_by_another_announcement_only() {
    let mut suite = suite();
    let none = PriceChangeError::NotAnnounced;
    let error = refusal(suite.execute("alice", &withdraw(0)));
    assert!(matches!(error, ContractError::PriceChange(e) if e == none), "{error}");
    suite.execute("alice", &announce(0, 1_500)).unwrap();
    let response = {
        suite.execute("alice", &withdraw(0)).unwrap();
        suite.execute("alice", &announce(0, 1_500)).unwrap();
        suite.execute("alice", &withdraw(0)).unwrap()
    };
    let event = RegistryEvent::PriceWithdrawn { service: 1, version: 1, task: 0, terms: 4 };
    assert_eq!(events(&response), [(6, event)]);
    suite.execute("alice", &announce(0, 1_500)).unwrap();
    suite.advance(DAY, DAY_BLOCKS);
    let error = refusal(suite.execute("alice", &withdraw(0)));
    assert!(matches!(error, ContractError::PriceChange(e) if e == none), "{error}");
    suite.execute("alice", &announce(0, 1_000)).unwrap();
    assert_eq!(version(&suite).terms[0], TermsId(5));
    suite.advance(DAY, DAY_BLOCKS);
    assert_eq!((version(&suite).terms[0], version(&suite).prices[0]), (TermsId(6), price(1_000)));
}

#[test]
fn the_seat_bond_of_the_version_must_cover_the_price() {
    let mut suite = suite();
    // a = per_call + 50 + 1,000; b = .8a; 3·k2·b = 27·.8a = 21.6a ≤ 100,000, above 20a
    let dearest = 4_629 - 1_050;
    let error = refusal(suite.execute("alice", &announce(0, dearest + 3)));
    assert!(matches!(error, ContractError::PriceChange(PriceChangeError::SeatBond { got: 100_000, .. })), "{error}");
    assert!(error.to_string().ends_with("the version's is 100000: publish a new version"), "{error}");
    let error = refusal(suite.execute("alice", &announce(0, 0)));
    let field = "per_call";
    assert!(
        matches!(
            error,
            ContractError::PriceChange(PriceChangeError::Terms(TermsError::OutOfBounds { field: f, .. })) if f == field
        ),
        "{error}"
    );
    let error = refusal(suite.execute("alice", &announce(0, u128::MAX)));
    assert!(matches!(error, ContractError::PriceChange(PriceChangeError::Terms(TermsError::Money(_)))), "{error}");
    let error = refusal(suite.execute("alice", &announce(0, 1_000)));
    assert!(matches!(error, ContractError::PriceChange(PriceChangeError::Same)), "{error}");
    suite.execute("alice", &announce(0, dearest)).unwrap();
    assert_eq!(version(&suite).announced[0].terms, TermsId(3), "refusals used no number");
}

#[test]
fn only_the_owner_of_an_existing_task_of_a_living_service() {
    let mut suite = suite();
    suite.register("bob", "b").unwrap();
    for (who, msg) in [("bob", announce(0, 1_500)), ("admin", announce(0, 1_500)), ("bob", withdraw(0))] {
        let error = refusal(suite.execute(who, &msg));
        assert!(
            matches!(error, ContractError::NotPermitted { needed: Permission::VersionOwner(VERSION), .. }),
            "{error}"
        );
    }
    for msg in [announce(2, 1_500), withdraw(2), announce(255, 1_500)] {
        let error = refusal(suite.execute("alice", &msg));
        assert!(matches!(error, ContractError::UnknownTask { version: VERSION, .. }), "{error}");
    }
    let unknown = ExecuteMsg::AnnouncePrice { version: VersionId(9), task: 0, price: price(1) };
    let error = refusal(suite.execute("alice", &unknown));
    assert!(matches!(error, ContractError::UnknownVersion { version: VersionId(9) }), "{error}");
    suite.execute("alice", &announce(0, 1_500)).unwrap();
    let retire = ExecuteMsg::SetStatus { service: ServiceId(1), status: Status::Retired };
    suite.execute("alice", &retire).unwrap();
    let error = refusal(suite.execute("alice", &announce(1, 1_500)));
    assert!(matches!(error, ContractError::Retired { service: ServiceId(1) }), "{error}");
    suite.execute("alice", &withdraw(0)).unwrap();
}
