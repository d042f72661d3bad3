//! `SetTags` and `ServicesByTag`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use mesg_api::registry::{
    ExecuteMsg, Permission, QueryMsg, ReceiveMsg, RegistryEvent, ServiceResponse, ServicesResponse, Status, TagError,
};
use mesg_protocol::ids::ServiceId;
use mesg_registry::ContractError;
use suite::{FEE, Suite, events, refusal};

fn tags(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn set(service: u32, names: &[&str]) -> ExecuteMsg {
    ExecuteMsg::SetTags { service: ServiceId(service), tags: tags(names) }
}

fn register(sid: &str, names: &[&str]) -> ReceiveMsg {
    ReceiveMsg::RegisterService { sid: sid.into(), name: None, description: None, url: None, tags: tags(names) }
}

fn tagged(suite: &Suite, tag: &str, start_after: Option<u32>, limit: Option<u32>) -> Vec<u32> {
    let query = QueryMsg::ServicesByTag { tag: tag.to_owned(), start_after: start_after.map(ServiceId), limit };
    suite.query::<ServicesResponse>(&query).services.into_iter().map(|service| service.service.0).collect()
}

#[test]
fn services_are_found_by_tag_page_by_page() {
    let mut suite = Suite::new();
    for n in 1..=12 {
        let names: &[&str] = if n % 3 == 0 { &["csv", "data"] } else { &["data"] };
        suite.send("alice", FEE, &register(&format!("s{n}"), names)).unwrap();
    }
    assert_eq!(tagged(&suite, "csv", None, None), [3, 6, 9, 12]);
    assert_eq!(tagged(&suite, "csv", Some(3), Some(2)), [6, 9]);
    assert_eq!(tagged(&suite, "data", None, None), (1..=10).collect::<Vec<_>>());
    assert_eq!(tagged(&suite, "data", Some(10), Some(u32::MAX)), [11, 12]);
    for unknown in ["", "cs", "csv1", "CSV"] {
        assert_eq!(tagged(&suite, unknown, None, None), Vec::<u32>::new());
    }
}

#[test]
fn new_tags_replace_the_old_ones() {
    let mut suite = Suite::new();
    suite.send("alice", FEE, &register("a", &["one", "two"])).unwrap();
    let response = suite.execute("alice", &set(1, &["two", "three", "four"])).unwrap();
    assert_eq!(events(&response), [(2, RegistryEvent::TagsChanged { service: 1, tags: 3 })]);
    let found: ServiceResponse = suite.query(&QueryMsg::Service { service: ServiceId(1) });
    assert_eq!(found.tags, ["two", "three", "four"]);
    let found = |tag| tagged(&suite, tag, None, None);
    assert_eq!([found("one"), found("two"), found("three")], [vec![], vec![1], vec![1]]);
    suite.execute("alice", &set(1, &[])).unwrap();
    assert_eq!(tagged(&suite, "two", None, None), Vec::<u32>::new());
}

#[test]
fn bounds_hold_at_registration_and_later() {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    let long = "a".repeat(33);
    let bad: [(&[&str], TagError); 4] = [
        (&["a", "b", "c", "d", "e", "f", "g", "h", "i"], TagError::TooMany { got: 9 }),
        (&["Csv"], TagError::Label { got: "Csv".into() }),
        (&[&long], TagError::Label { got: long.clone() }),
        (&["a", "a"], TagError::Repeated { got: "a".into() }),
    ];
    for (names, expected) in bad {
        for error in
            [refusal(suite.execute("alice", &set(1, names))), refusal(suite.send("alice", FEE, &register("b", names)))]
        {
            assert!(matches!(error, ContractError::Tags(ref e) if *e == expected), "{error}");
        }
    }
    suite.execute("alice", &set(1, &["a", "b", "c", "d", "e", "f", "g", &"h".repeat(32)])).unwrap();
}

#[test]
fn only_the_owner_of_a_living_service_tags_it() {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    let error = refusal(suite.execute("bob", &set(1, &["a"])));
    let needed = Permission::ServiceOwner(ServiceId(1));
    assert!(matches!(error, ContractError::NotPermitted { needed: n, .. } if n == needed), "{error}");
    let error = refusal(suite.execute("alice", &set(9, &["a"])));
    assert!(matches!(error, ContractError::UnknownService { service: ServiceId(9) }), "{error}");
    let retire = ExecuteMsg::SetStatus { service: ServiceId(1), status: Status::Retired };
    suite.execute("alice", &retire).unwrap();
    let error = refusal(suite.execute("alice", &set(1, &["a"])));
    assert!(matches!(error, ContractError::Retired { service: ServiceId(1) }), "{error}");
}
