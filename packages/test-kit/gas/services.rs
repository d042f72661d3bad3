//! Services: registered, priced, warned of, handed over, and what answers for them.

use cosmwasm_std::{Addr, Binary, Uint128, to_json_binary};
use mesg_api::market::{self, ServiceRef};
use mesg_api::registry::{
    ConfigResponse, EventDefinition, ExecuteMsg, MAX_TAG, MAX_TAGS, Manifest, QueryMsg, ReceiveMsg, Status,
};
use mesg_protocol::ids::{ServiceId, VersionId};
use mesg_protocol::schema::{Param, ParamType, Params};
use mesg_test_kit::{Node, Suite, send};

use crate::state::Gas;

/// Fee of a registration in base units, as the suite instantiates the registry.
const FEE: u128 = 5_000_000;
/// Registrations or publications of one transaction.
const OF_ONE_TX: usize = 32;
/// The service whose bond is taken out, and the one that is paused for its executions.
pub const UNBONDED: ServiceId = ServiceId(2);
/// See [`UNBONDED`].
pub const PAUSED: ServiceId = ServiceId(3);

/// Registers services and publishes a version of each until there are so many. Each version has its service's number.
pub fn fill(suite: &mut Suite<Node>, services: u32) {
    let registry = suite.registry.clone();
    let present = suite.query::<ConfigResponse>(&registry, &QueryMsg::Config {}).expect("an answer");
    assert_eq!(present.services, present.versions);
    let new: Vec<_> = (present.services + 1..=services).collect();
    let json = |msg: &ExecuteMsg| to_json_binary(msg).expect("JSON");
    for new in new.chunks(OF_ONE_TX) {
        let register = new.iter().map(|number| register(suite, &format!("service-{number}"), None));
        let register = register.collect();
        suite.execute_all("developer", register).expect("registered");
        let publish = |service: &u32| ExecuteMsg::PublishVersion {
            service: ServiceId(*service),
            manifest: suite.manifest.clone(),
        };
        let publish = new.iter().map(|service| (registry.clone(), json(&publish(service)))).collect();
        suite.execute_all("developer", publish).expect("published");
    }
}

fn register(suite: &Suite<Node>, sid: &str, text: Option<(usize, usize, usize, Vec<String>)>) -> (Addr, Binary) {
    let (name, description, url, tags) = text.map_or((None, None, None, Vec::new()), |(name, long, url, tags)| {
        let url = format!("https://example.org/{}", "m".repeat(url));
        (Some("m".repeat(name)), Some("m".repeat(long)), Some(url), tags)
    });
    let msg = ReceiveMsg::RegisterService { sid: sid.to_owned(), name, description, url, tags };
    (suite.token.clone(), to_json_binary(&send(&suite.registry, FEE, &msg)).expect("JSON"))
}

/// Measures what concerns services; leaves a service under notice for what only time can bring.
pub fn measure(suite: &mut Suite<Node>, table: &mut Gas) {
    let (registry, market) = (suite.registry.clone(), suite.market.clone());
    let present = suite.query::<ConfigResponse>(&registry, &QueryMsg::Config {}).expect("an answer");
    let (service, version) = (ServiceId(present.services + 1), VersionId(present.versions + 1));
    let message = register(suite, "a-second-service", Some((16, 256, 0, Vec::new())));
    suite.execute_all("developer", vec![message]).expect("registered");
    table.note("register_service", suite.gas);
    let mut note = |suite: &mut Suite<Node>, name: &str, sender: &str, msg: &ExecuteMsg| {
        suite.execute(sender, &registry, msg).unwrap_or_else(|error| panic!("{name}: {error}"));
        table.note(name, suite.gas);
    };
    let manifest = suite.manifest.clone();
    note(suite, "publish_version", "developer", &ExecuteMsg::PublishVersion { service, manifest });
    let mut price = suite.manifest.tasks[0].price;
    price.per_call = Uint128::new(900_000);
    note(suite, "announce_price", "developer", &ExecuteMsg::AnnouncePrice { version, task: 0, price });
    note(suite, "withdraw_price", "developer", &ExecuteMsg::WithdrawPrice { version, task: 0 });
    let message = Some("m".repeat(256));
    note(suite, "deprecate", "developer", &ExecuteMsg::Deprecate { version, message });
    note(suite, "yank", "developer", &ExecuteMsg::SetYanked { version, yanked: true });
    note(suite, "set_status", "developer", &ExecuteMsg::SetStatus { service, status: Status::Paused });
    note(suite, "set_tags_max", "developer", &ExecuteMsg::SetTags { service, tags: tags() });
    let offer = ExecuteMsg::ProposeOwner { service, owner: suite.account("bob").into_string() };
    note(suite, "propose_owner", "developer", &offer);
    note(suite, "withdraw_owner", "developer", &ExecuteMsg::WithdrawOwner { service });
    suite.execute("developer", &registry, &offer).expect("offered");
    note(suite, "accept_owner", "bob", &ExecuteMsg::AcceptOwner { service });
    let bond = market::ReceiveMsg::BondService { service: UNBONDED };
    suite.send_token("developer", &market, 1_000_000_000, &bond).expect("bonded");
    table.note("service_bond", suite.gas);
    let unbond = market::ExecuteMsg::UnbondService(ServiceRef { service: UNBONDED });
    suite.market("developer", &unbond).expect("under notice");
    table.note("unbond_service", suite.gas);
}

/// The largest registration and the largest version.
pub fn largest(suite: &mut Suite<Node>, table: &mut Gas) {
    let registry = suite.registry.clone();
    let message = register(suite, &"m".repeat(63), Some((64, 1_024, 236, tags())));
    suite.execute_all("developer", vec![message]).expect("registered");
    table.note("register_service_max", suite.gas);
    let present = suite.query::<ConfigResponse>(&registry, &QueryMsg::Config {}).expect("an answer");
    let service = ServiceId(present.services);
    let publish = ExecuteMsg::PublishVersion { service, manifest: largest_manifest(&suite.manifest) };
    suite.execute("developer", &registry, &publish).expect("published");
    table.note("publish_version_max", suite.gas);
}

fn tags() -> Vec<String> {
    (0..MAX_TAGS).map(|number| format!("{number}{}", "m".repeat(MAX_TAG - 1))).collect()
}

/// As many sources, tasks and events as there may be, the notes as long as they may be, and then parameters until the
/// manifest is as long as it may be.
fn largest_manifest(small: &Manifest) -> Manifest {
    let mut manifest = small.clone();
    manifest.component.sources = vec![format!("https://example.org/{}", "m".repeat(236)); 8];
    manifest.notes = Some("m".repeat(1_024));
    let task = small.tasks[0].clone();
    let tasks = (0..16).map(|number| {
        let mut task = task.clone();
        task.name = format!("task-{number}");
        task
    });
    manifest.tasks = tasks.collect();
    let event = |number| EventDefinition { name: format!("event-{number}"), data: Params::new() };
    manifest.events = (0..16).map(event).collect();
    let mut number = 0;
    loop {
        let before = manifest.clone();
        let params = &mut manifest.tasks[number % 16].inputs;
        params.insert(format!("p{number}"), Param::new(ParamType::Number));
        number += 1;
        if manifest.check().is_err() {
            return before;
        }
    }
}
