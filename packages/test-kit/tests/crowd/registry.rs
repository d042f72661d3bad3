//! Services of an owner, with a tag, and versions of a service.

use cosmwasm_std::testing::{MockApi, MockQuerier, mock_env};
use cosmwasm_std::{Addr, DepsMut, Empty, QuerierWrapper, Uint128, to_json_binary};
use cw20::Cw20ReceiveMsg;
use mesg_api::registry::{
    ExecuteMsg, Manifest, MigrateMsg, Prices, QueryMsg, ReceiveMsg, ServiceResponse, ServicesResponse, Status,
    VersionsResponse,
};
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_registry::{ContractError, contract};
use mesg_test_kit::Suite;
use serde_json::Value;

use crate::alone::Alone;
use crate::meter::{Cost, Meter};
use crate::{FEW, MANY, Page, no_dearer, walk};

const TAG: &str = "crowd";
/// The service that has the versions; the suite has made it and its version 1.
const SERVICE: ServiceId = ServiceId(1);

type Registry = Alone<ExecuteMsg, QueryMsg, ContractError>;

/// As many versions of one service, and as many services of Alice with one tag, after the first one.
fn registry(many: u32) -> Registry {
    let suite = Suite::builder().runners(0).build();
    let address = suite.registry.clone();
    let mut registry = Alone::new(suite, address, contract::execute, contract::query);
    let developer = registry.suite.account("developer");
    for number in 2..=many {
        publish(&mut registry, &developer, number);
    }
    for number in 2..=many + 1 {
        register(&mut registry, number);
    }
    registry
}

fn publish(registry: &mut Registry, developer: &Addr, number: u32) -> Cost {
    let manifest = manifest(registry, number);
    registry.run(developer, ExecuteMsg::PublishVersion { service: SERVICE, manifest })
}

fn manifest(registry: &Registry, number: u32) -> Manifest {
    let mut manifest = registry.suite.manifest.clone();
    manifest.component.size = number + 100;
    manifest
}

fn register(registry: &mut Registry, number: u32) -> Cost {
    let (sid, tags) = (format!("s{number}"), vec![TAG.to_owned()]);
    let msg = ReceiveMsg::RegisterService { sid, name: None, description: None, url: None, tags };
    let sender = registry.suite.account("alice").into_string();
    let received = Cw20ReceiveMsg { sender, amount: Uint128::new(5_000_000), msg: to_json_binary(&msg).unwrap() };
    let token = registry.suite.token.clone();
    registry.run(&token, ExecuteMsg::Receive(received))
}

#[test]
fn services_and_versions_come_in_pages() {
    let registry = registry(MANY);
    let limit = Some(u32::MAX);
    let services = |query| {
        let (answer, cost, size) = registry.ask::<ServicesResponse>(query);
        Page { numbers: answer.services.iter().map(|service| service.service.0).collect(), cost, size }
    };
    let after = |last: Option<u32>| last.map(ServiceId);
    walk(1..=MANY + 1, |last| services(QueryMsg::Services { start_after: after(last), limit }));
    let owner = registry.suite.account("alice");
    let alices = |last| QueryMsg::ServicesByOwner { owner: owner.to_string(), start_after: after(last), limit };
    walk(2..=MANY + 1, |last| services(alices(last)));
    let tagged = |last| QueryMsg::ServicesByTag { tag: TAG.to_owned(), start_after: after(last), limit };
    walk(2..=MANY + 1, |last| services(tagged(last)));
    walk(1..=MANY, |last| {
        let query = QueryMsg::Versions { service: SERVICE, start_after: last.map(VersionId), limit };
        let (answer, cost, size) = registry.ask::<VersionsResponse>(query);
        Page { numbers: answer.versions.iter().map(|version| version.version.0).collect(), cost, size }
    });
}

#[test]
fn what_is_one_of_ten_thousand_services_and_versions_costs_as_much_as_one_of_few() {
    let (mut few, mut many) = (registry(FEW), registry(MANY));
    no_dearer(&messages(&mut many, MANY), &messages(&mut few, FEW));
    no_dearer(&questions(&many, MANY), &questions(&few, FEW));
}

/// Every message that the registry's users have, done to the middle and the end of each list.
fn messages(registry: &mut Registry, all: u32) -> Vec<(&'static str, Cost)> {
    let [developer, alice, bob] = ["developer", "alice", "bob"].map(|name| registry.suite.account(name));
    let (service, version) = (ServiceId(all / 2), VersionId(all / 2));
    let price = Prices { per_call: 900_000u128.into(), per_kb: 900u128.into(), per_mfuel: 9u128.into() };
    let yank = |version, yanked| ExecuteMsg::SetYanked { version, yanked };
    let mut costs = vec![
        ("register_service", register(registry, all + 2)),
        ("publish_version", publish(registry, &developer, all + 1)),
        ("set_yanked, the last", registry.run(&developer, yank(VersionId(all + 1), true))),
        ("set_yanked, the middle", registry.run(&developer, yank(version, true))),
        ("set_yanked, offered again", registry.run(&developer, yank(version, false))),
    ];
    let of_version = [
        ("announce_price", ExecuteMsg::AnnouncePrice { version, task: 0, price }),
        ("withdraw_price", ExecuteMsg::WithdrawPrice { version, task: 0 }),
        ("deprecate", ExecuteMsg::Deprecate { version, message: Some("old".to_owned()) }),
        ("deprecate, taken back", ExecuteMsg::Deprecate { version, message: None }),
    ];
    costs.extend(of_version.map(|(what, msg)| (what, registry.run(&developer, msg))));
    let owner = bob.to_string();
    let of_service = [
        ("set_tags, to none", &alice, ExecuteMsg::SetTags { service, tags: vec![] }),
        ("set_tags", &alice, ExecuteMsg::SetTags { service, tags: vec![TAG.to_owned()] }),
        ("propose_owner", &alice, ExecuteMsg::ProposeOwner { service, owner: owner.clone() }),
        ("withdraw_owner", &alice, ExecuteMsg::WithdrawOwner { service }),
        ("propose_owner again", &alice, ExecuteMsg::ProposeOwner { service, owner }),
        ("accept_owner", &bob, ExecuteMsg::AcceptOwner { service }),
        ("set_status", &bob, ExecuteMsg::SetStatus { service, status: Status::Paused }),
    ];
    costs.extend(of_service.map(|(what, sender, msg)| (what, registry.run(sender, msg))));
    costs
}

/// Every query that is no list.
fn questions(registry: &Registry, all: u32) -> Vec<(&'static str, Cost)> {
    let manifest = manifest(registry, all + 9);
    let queries = [
        ("config", QueryMsg::Config {}),
        ("service", QueryMsg::Service { service: ServiceId(all) }),
        ("service_by_sid", QueryMsg::ServiceBySid { sid: format!("s{all}") }),
        ("version", QueryMsg::Version { version: VersionId(all) }),
        ("terms", QueryMsg::Terms { terms: TermsId(all) }),
        ("predict_version", QueryMsg::PredictVersion { service: Some(SERVICE), manifest }),
    ];
    queries.map(|(what, query)| (what, registry.ask::<Value>(query).1)).to_vec()
}

/// Moving a registry of 0.1.0 to this code reads and writes the same few records however many versions it has.
#[test]
fn attack_41_a_migration_does_not_go_over_the_versions() {
    let cost = |many: u32| {
        let mut stored = Meter::new(registry(many).stored());
        cw2::set_contract_version(&mut stored, contract::CONTRACT_NAME, "0.1.0").unwrap();
        stored.take();
        let (api, querier) = (MockApi::default(), MockQuerier::<Empty>::new(&[]));
        let deps = DepsMut { storage: &mut stored, api: &api, querier: QuerierWrapper::new(&querier) };
        contract::migrate(deps, mock_env(), MigrateMsg {}).unwrap();
        stored.take()
    };
    let many = cost(MANY);
    assert_eq!(many, cost(FEW));
    assert_eq!((many.reads, many.steps, many.writes), (1, 0, 1), "its name and version");
}

/// The latest version is found without the yanked ones, also when all above the first one are, or all but the last one.
#[test]
fn ten_thousand_yanked_versions_are_not_gone_over() {
    let mut registry = registry(MANY);
    let developer = registry.suite.account("developer");
    let yank = |registry: &mut Registry, version| {
        registry.run(&developer, ExecuteMsg::SetYanked { version: VersionId(version), yanked: true })
    };
    let latest = |registry: &Registry| {
        let (service, ..) = registry.ask::<ServiceResponse>(QueryMsg::Service { service: SERVICE });
        service.latest.map(|version| version.0)
    };
    yank(&mut registry, MANY);
    assert_eq!(latest(&registry), Some(MANY - 1));
    let second = yank(&mut registry, MANY - 1);
    assert_eq!((latest(&registry), second.steps), (Some(MANY - 2), 5));
    for version in (2..MANY - 1).rev() {
        yank(&mut registry, version).must_be(second, "set_yanked downwards");
    }
    assert_eq!(latest(&registry), Some(1));
    yank(&mut registry, 1);
    assert_eq!(latest(&registry), None);
    let mut offer = |version| {
        let cost = registry.run(&developer, ExecuteMsg::SetYanked { version: VersionId(version), yanked: false });
        (cost, latest(&registry))
    };
    let (split, middle) = offer(MANY / 2);
    assert_eq!(middle, Some(MANY / 2));
    let (again, found) = offer(MANY - 2);
    again.must_be(split, "set_yanked, a run is split");
    assert_eq!(found, Some(MANY - 2));
}
