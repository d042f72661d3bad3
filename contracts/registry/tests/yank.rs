//! `Deprecate`, `SetYanked`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use mesg_api::registry::{
    ExecuteMsg, Permission, QueryMsg, RegistryEvent, RegistryRows, ServiceResponse, VersionResponse, VersionsResponse,
};
use mesg_protocol::ids::{ServiceId, VersionId};
use mesg_registry::ContractError;
use suite::{Suite, events, manifest, refusal};

const SERVICE: ServiceId = ServiceId(1);

fn yank(version: u32, yanked: bool) -> ExecuteMsg {
    ExecuteMsg::SetYanked { version: VersionId(version), yanked }
}

fn deprecate(message: Option<&str>) -> ExecuteMsg {
    ExecuteMsg::Deprecate { version: VersionId(1), message: message.map(str::to_owned) }
}

/// Alice's service with versions 1, 2 and 4, Bob's with 3.
fn suite() -> Suite {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    suite.register("bob", "b").unwrap();
    for (who, service, task) in [("alice", 1, "one"), ("alice", 1, "two"), ("bob", 2, "three"), ("alice", 1, "four")] {
        suite.publish(who, service, manifest(&[task])).unwrap();
    }
    suite
}

fn latest(suite: &Suite) -> Option<u32> {
    suite.query::<ServiceResponse>(&QueryMsg::Service { service: SERVICE }).latest.map(|version| version.0)
}

#[test]
fn the_latest_version_is_the_highest_that_is_not_yanked() {
    let mut suite = suite();
    assert_eq!(latest(&suite), Some(4));
    for (version, yanked, expected) in [
        (2, true, Some(4)),
        (4, true, Some(1)),
        (1, true, None),
        (2, false, Some(2)),
        (1, false, Some(2)),
        (4, false, Some(4)),
    ] {
        let response = suite.execute("alice", &yank(version, yanked)).unwrap();
        let event = RegistryEvent::VersionYanked { service: 1, version, yanked, latest: expected.unwrap_or_default() };
        assert_eq!(events(&response)[0].1, event);
        assert_eq!(latest(&suite), expected);
        let found: VersionResponse = suite.query(&QueryMsg::Version { version: VersionId(version) });
        assert_eq!(found.yanked, yanked);
        let rows = RegistryRows { registry: &suite.registry };
        let row = rows.version(&suite.app.wrap(), VersionId(version)).unwrap().unwrap();
        assert_eq!(row.yanked, yanked);
    }
    suite.execute("alice", &yank(4, true)).unwrap();
    suite.publish("alice", 1, manifest(&["five"])).unwrap();
    assert_eq!(latest(&suite), Some(5));
    let all: VersionsResponse = suite.query(&QueryMsg::Versions { service: SERVICE, start_after: None, limit: None });
    let yanked: Vec<_> = all.versions.iter().map(|version| (version.version.0, version.yanked)).collect();
    assert_eq!(yanked, [(1, false), (2, false), (4, true), (5, false)], "all are listed");
}

#[test]
fn a_version_is_yanked_once_and_by_its_owner() {
    let mut suite = suite();
    let error = refusal(suite.execute("alice", &yank(1, false)));
    assert!(matches!(error, ContractError::SameYanked { version: VersionId(1), yanked: false }), "{error}");
    assert_eq!(error.to_string(), "version 1 is offered already");
    suite.execute("alice", &yank(1, true)).unwrap();
    let error = refusal(suite.execute("alice", &yank(1, true)));
    assert_eq!(error.to_string(), "version 1 is yanked already");
    for (who, version) in [("bob", 1), ("admin", 1), ("alice", 3)] {
        for msg in [yank(version, true), ExecuteMsg::Deprecate { version: VersionId(version), message: None }] {
            let error = refusal(suite.execute(who, &msg));
            let needed = Permission::VersionOwner(VersionId(version));
            assert!(matches!(error, ContractError::NotPermitted { needed: n, .. } if n == needed), "{error}");
        }
    }
    let error = refusal(suite.execute("alice", &yank(9, true)));
    assert!(matches!(error, ContractError::UnknownVersion { version: VersionId(9) }), "{error}");
}

#[test]
fn a_warning_is_shown_until_it_is_taken_back() {
    let mut suite = suite();
    let shown = |suite: &Suite| {
        let one: VersionResponse = suite.query(&QueryMsg::Version { version: VersionId(1) });
        let all: VersionsResponse =
            suite.query(&QueryMsg::Versions { service: SERVICE, start_after: None, limit: Some(1) });
        assert_eq!(all.versions[0].deprecated, one.deprecated);
        one.deprecated
    };
    assert_eq!(shown(&suite), None);
    let response = suite.execute("alice", &deprecate(Some("use version 2"))).unwrap();
    let event = RegistryEvent::VersionDeprecated { service: 1, version: 1, deprecated: true };
    assert_eq!(events(&response)[0].1, event);
    suite.execute("alice", &deprecate(Some("use version 4"))).unwrap();
    assert_eq!(shown(&suite).as_deref(), Some("use version 4"));
    let response = suite.execute("alice", &deprecate(None)).unwrap();
    let event = RegistryEvent::VersionDeprecated { service: 1, version: 1, deprecated: false };
    assert_eq!(events(&response)[0].1, event);
    assert_eq!(shown(&suite), None);
    let error = refusal(suite.execute("alice", &deprecate(None)));
    assert!(matches!(error, ContractError::NotDeprecated { version: VersionId(1) }), "{error}");
}

#[test]
fn a_warning_has_1_to_256_bytes_and_cannot_drive_a_terminal() {
    let mut suite = suite();
    for got in [0, 257] {
        let error = refusal(suite.execute("alice", &deprecate(Some(&"a".repeat(got)))));
        assert!(
            matches!(error, ContractError::Length { field: "message", got: g, min: 1, max: 256 } if g == got),
            "{error}"
        );
    }
    for message in ["\u{1b}[2J", "a\nb", "a\u{9b}31m"] {
        let error = refusal(suite.execute("alice", &deprecate(Some(message))));
        assert!(matches!(error, ContractError::ControlCharacter { field: "message" }), "{error}");
    }
    suite.execute("alice", &deprecate(Some(&"é".repeat(128)))).unwrap();
}
