//! `PublishVersion`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use cosmwasm_std::to_json_string;
use mesg_api::registry::{
    ExecuteMsg, ManifestError, Permission, QueryMsg, RegistryEvent, RegistryRows, ServiceResponse, Status,
    TermsResponse, VersionResponse,
};
use mesg_protocol::canonical_json::canonicalize;
use mesg_protocol::clock::Clock;
use mesg_protocol::digest::sha256;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_protocol::schema::{Param, ParamType, Params};
use mesg_registry::ContractError;
use suite::{Suite, events, manifest, refusal};

fn suite_with_service() -> Suite {
    let mut suite = Suite::new();
    suite.register("alice", "csv-report").unwrap();
    suite
}

#[test]
fn a_version_is_numbered_stored_and_readable_raw() {
    let mut suite = suite_with_service();
    suite.publish("alice", 1, manifest(&["first"])).unwrap();
    let published = manifest(&["report", "check"]);
    let response = suite.publish("alice", 1, published.clone()).unwrap();
    let digest = sha256(&[canonicalize(&to_json_string(&published).unwrap()).unwrap().as_bytes()]);
    let event = RegistryEvent::VersionPublished { service: 1, version: 2, digest, first_terms: 2, tasks: 2 };
    assert_eq!(events(&response), [(3, event)]);

    let terms = vec![TermsId(2), TermsId(3)];
    let found: VersionResponse = suite.query(&QueryMsg::Version { version: VersionId(2) });
    let expected = VersionResponse {
        version: VersionId(2),
        service: ServiceId(1),
        digest,
        terms: terms.clone(),
        prices: vec![published.tasks[0].price; 2],
        announced: Vec::new(),
        yanked: false,
        deprecated: None,
        manifest: published.clone(),
    };
    assert_eq!(found, expected);
    let service: ServiceResponse = suite.query(&QueryMsg::Service { service: ServiceId(1) });
    assert_eq!(service.latest, Some(VersionId(2)));

    let (querier, rows) = (suite.app.wrap(), RegistryRows { registry: &suite.registry });
    let row = rows.version(&querier, VersionId(2)).unwrap().unwrap();
    assert_eq!((row.service, row.seat_bond, row.digest), (ServiceId(1), 100_000, digest));
    assert_eq!(row.terms(Clock::default()).collect::<Vec<_>>(), terms);
    for (id, expected) in terms.iter().zip(published.terms(ServiceId(1), VersionId(2))) {
        assert_eq!(rows.terms(&querier, *id).unwrap(), Some(expected));
        let inputs = Params::from([("csv".to_owned(), Param::new(ParamType::String))]);
        assert_eq!(rows.inputs(&querier, *id).unwrap(), Some(inputs), "without the description");
    }
    assert_eq!(rows.terms(&querier, TermsId(4)).unwrap(), None);
    assert_eq!(rows.inputs(&querier, TermsId(4)).unwrap(), None);
    assert_eq!(rows.version(&querier, VersionId(3)).unwrap(), None);
    assert_eq!(rows.service(&querier, ServiceId(2)).unwrap(), None);

    let terms: TermsResponse = suite.query(&QueryMsg::Terms { terms: TermsId(3) });
    assert_eq!((terms.service, terms.version, terms.task), (ServiceId(1), VersionId(2), 1));
    assert_eq!((terms.price, terms.policy), (published.tasks[1].price, published.policy));
    assert_eq!((terms.in_force, terms.from), (TermsId(3), None));
    assert_eq!((terms.max_fuel, terms.seat_bond), (published.tasks[1].max_fuel, published.seat_bond));
}

#[test]
fn only_the_owner_publishes() {
    let mut suite = suite_with_service();
    let error = refusal(suite.publish("bob", 1, manifest(&["report"])));
    assert!(
        matches!(error, ContractError::NotPermitted { needed: Permission::ServiceOwner(ServiceId(1)), .. }),
        "{error}"
    );
    let error = refusal(suite.publish("alice", 2, manifest(&["report"])));
    assert!(matches!(error, ContractError::UnknownService { service: ServiceId(2) }), "{error}");
}

#[test]
fn a_paused_service_takes_versions_and_a_retired_one_does_not() {
    let mut suite = suite_with_service();
    let service = ServiceId(1);
    suite.execute("alice", &ExecuteMsg::SetStatus { service, status: Status::Paused }).unwrap();
    suite.publish("alice", 1, manifest(&["report"])).unwrap();
    let paused: ServiceResponse = suite.query(&QueryMsg::Service { service });
    assert_eq!((paused.status, paused.latest), (Status::Paused, Some(VersionId(1))));
    suite.execute("alice", &ExecuteMsg::SetStatus { service, status: Status::Retired }).unwrap();
    let error = refusal(suite.publish("alice", 1, manifest(&["other"])));
    assert!(matches!(error, ContractError::Retired { service: ServiceId(1) }), "{error}");
}

#[test]
fn a_service_has_each_manifest_once() {
    let mut suite = suite_with_service();
    suite.publish("alice", 1, manifest(&["report"])).unwrap();
    suite.publish("alice", 1, manifest(&["other"])).unwrap();
    let error = refusal(suite.publish("alice", 1, manifest(&["report"])));
    assert!(matches!(error, ContractError::Published { version: VersionId(1), .. }), "{error}");
    suite.register("bob", "copy").unwrap();
    suite.publish("bob", 2, manifest(&["report"])).unwrap();
}

#[test]
fn a_manifest_out_of_bounds_writes_nothing() {
    let mut suite = suite_with_service();
    let error = refusal(suite.publish("alice", 1, manifest(&["report", "report"])));
    assert!(matches!(error, ContractError::Manifest(ManifestError::DuplicateName { .. })), "{error}");
    let mut cheap = manifest(&["report"]);
    cheap.seat_bond = 1_u128.into();
    let error = refusal(suite.publish("alice", 1, cheap));
    assert!(matches!(error, ContractError::Manifest(ManifestError::Terms { task: 0, .. })), "{error}");
    let response = suite.publish("alice", 1, manifest(&["report"])).unwrap();
    assert!(matches!(events(&response)[..], [(2, RegistryEvent::VersionPublished { version: 1, first_terms: 1, .. })]));
}

#[test]
fn sixteen_tasks_in_one_version() {
    let mut suite = suite_with_service();
    let names: Vec<String> = (0..16).map(|n| format!("task-{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    suite.publish("alice", 1, manifest(&names)).unwrap();
    let last: TermsResponse = suite.query(&QueryMsg::Terms { terms: TermsId(16) });
    assert_eq!(last.task, 15);
}
