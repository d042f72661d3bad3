//! `SetStatus`.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::arithmetic_side_effects, clippy::indexing_slicing)]

mod suite;

use mesg_api::registry::{ExecuteMsg, Permission, QueryMsg, RegistryEvent, ServiceResponse, Status};
use mesg_protocol::ids::ServiceId;
use mesg_registry::ContractError;
use suite::{Suite, events, refusal};

const SERVICE: ServiceId = ServiceId(1);

fn set(status: Status) -> ExecuteMsg {
    ExecuteMsg::SetStatus { service: SERVICE, status }
}

#[test]
fn every_change_but_those_of_a_retired_service() {
    let all = [Status::Active, Status::Paused, Status::Retired];
    for (from, to) in all.iter().flat_map(|from| all.iter().map(move |to| (*from, *to))) {
        let mut suite = Suite::new();
        suite.register("alice", "a").unwrap();
        if from != Status::Active {
            suite.execute("alice", &set(from)).unwrap();
        }
        let result = suite.execute("alice", &set(to));
        if from == Status::Retired {
            assert!(matches!(refusal(result), ContractError::Retired { service: SERVICE }));
        } else if from == to {
            let error = refusal(result);
            assert!(matches!(error, ContractError::SameStatus { service: SERVICE, status } if status == to), "{error}");
        } else {
            let changed = RegistryEvent::StatusChanged { service: 1, status: to };
            assert!(events(&result.unwrap()).iter().any(|(_, event)| *event == changed));
            let found: ServiceResponse = suite.query(&QueryMsg::Service { service: SERVICE });
            assert_eq!(found.status, to);
        }
    }
}

#[test]
fn only_the_owner_of_an_existing_service() {
    let mut suite = Suite::new();
    suite.register("alice", "a").unwrap();
    for stranger in ["bob", "admin"] {
        let error = refusal(suite.execute(stranger, &set(Status::Paused)));
        assert!(
            matches!(error, ContractError::NotPermitted { needed: Permission::ServiceOwner(SERVICE), .. }),
            "{error}"
        );
    }
    let unknown = ExecuteMsg::SetStatus { service: ServiceId(9), status: Status::Paused };
    let error = refusal(suite.execute("alice", &unknown));
    assert!(matches!(error, ContractError::UnknownService { service: ServiceId(9) }), "{error}");
}

#[test]
fn events_are_numbered_without_gaps() {
    let mut suite = Suite::new();
    let mut numbers = Vec::new();
    numbers.extend(events(&suite.register("alice", "a").unwrap()));
    numbers.extend(events(&suite.execute("alice", &set(Status::Paused)).unwrap()));
    suite.execute("alice", &set(Status::Paused)).unwrap_err();
    numbers.extend(events(&suite.execute("alice", &set(Status::Active)).unwrap()));
    assert_eq!(numbers.iter().map(|(seq, _)| *seq).collect::<Vec<_>>(), [1, 2, 3]);
}
