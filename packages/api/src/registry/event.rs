//! Events of the registry, `wasm-registry_*` on chain.

use mesg_protocol::digest::Digest32;

use super::status::Status;

crate::events! {
    /// What happened in the registry.
    "registry", RegistryEvent {
        /// The market was named.
        MarketSet = "market_set" {
            /// Its address.
            market: String,
        },
        /// A service was registered.
        ServiceRegistered = "service_registered" {
            /// Its number.
            service: u32,
            /// Its name.
            sid: String,
            /// Address of its owner.
            owner: String,
            /// What was paid and burned, in base units.
            fee: u128,
        },
        /// A version was published and is the service's latest.
        VersionPublished = "version_published" {
            /// The service.
            service: u32,
            /// The version.
            version: u32,
            /// Digest of its manifest's canonical JSON.
            digest: Digest32,
            /// Terms of its first task; the other tasks follow consecutively.
            first_terms: u32,
            /// How many tasks it has.
            tasks: u8,
        },
        /// A service has another status.
        StatusChanged = "status_changed" {
            /// The service.
            service: u32,
            /// Its new status.
            status: Status,
        },
        /// A service has other tags.
        TagsChanged = "tags_changed" {
            /// The service.
            service: u32,
            /// How many tags it has now.
            tags: u8,
        },
        /// A service is offered to another owner.
        OwnerProposed = "owner_proposed" {
            /// The service.
            service: u32,
            /// Address of the one who may accept.
            owner: String,
            /// Unix seconds until which it may be accepted.
            time: u64,
            /// Height until which it may be accepted; both must be reached for the offer to end.
            height: u64,
        },
        /// The offer of a service was taken back.
        OwnerWithdrawn = "owner_withdrawn" {
            /// The service.
            service: u32,
        },
        /// A service has another owner.
        OwnerChanged = "owner_changed" {
            /// The service.
            service: u32,
            /// Address of the former owner.
            from: String,
            /// Address of the owner.
            to: String,
        },
        /// A task will have another price.
        PriceAnnounced = "price_announced" {
            /// The service.
            service: u32,
            /// The version.
            version: u32,
            /// Position of the task.
            task: u8,
            /// Its new terms.
            terms: u32,
            /// For each call, in base units.
            per_call: u128,
            /// For each started 1,000 bytes.
            per_kb: u128,
            /// For each started million of fuel.
            per_mfuel: u128,
            /// Unix seconds from which the terms are in force.
            time: u64,
            /// Height from which the terms are in force; both must be reached.
            height: u64,
        },
        /// An announced price was taken back.
        PriceWithdrawn = "price_withdrawn" {
            /// The service.
            service: u32,
            /// The version.
            version: u32,
            /// Position of the task.
            task: u8,
            /// The terms that never come into force.
            terms: u32,
        },
        /// A version has a warning, or has none any more; `Version` gives its words.
        VersionDeprecated = "version_deprecated" {
            /// The service.
            service: u32,
            /// The version.
            version: u32,
            /// Whether it has a warning.
            deprecated: bool,
        },
        /// A version takes no requests and runners any more, or takes them again.
        VersionYanked = "version_yanked" {
            /// The service.
            service: u32,
            /// The version.
            version: u32,
            /// Whether it is yanked.
            yanked: bool,
            /// The service's latest version now; 0 if all are yanked.
            latest: u32,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::RawEvent;

    #[test]
    fn the_wire_form_is_frozen_and_parses_back() {
        let digest = Digest32([0xab; 32]);
        let hex = digest.to_string();
        let events = [
            (
                RegistryEvent::ServiceRegistered { service: 1, sid: "csv".into(), owner: "cosmwasm1".into(), fee: 5 },
                "registry_service_registered",
                vec![("seq", "9"), ("service", "1"), ("sid", "csv"), ("owner", "cosmwasm1"), ("fee", "5")],
            ),
            (
                RegistryEvent::VersionPublished { service: 1, version: 2, digest, first_terms: 3, tasks: 4 },
                "registry_version_published",
                vec![
                    ("seq", "9"),
                    ("service", "1"),
                    ("version", "2"),
                    ("digest", hex.as_str()),
                    ("first_terms", "3"),
                    ("tasks", "4"),
                ],
            ),
            (
                RegistryEvent::StatusChanged { service: 1, status: Status::Retired },
                "registry_status_changed",
                vec![("seq", "9"), ("service", "1"), ("status", "retired")],
            ),
            (
                RegistryEvent::TagsChanged { service: 1, tags: 2 },
                "registry_tags_changed",
                vec![("seq", "9"), ("service", "1"), ("tags", "2")],
            ),
            (
                RegistryEvent::OwnerProposed { service: 1, owner: "cosmwasm1".into(), time: 5, height: 6 },
                "registry_owner_proposed",
                vec![("seq", "9"), ("service", "1"), ("owner", "cosmwasm1"), ("time", "5"), ("height", "6")],
            ),
            (
                RegistryEvent::OwnerWithdrawn { service: 1 },
                "registry_owner_withdrawn",
                vec![("seq", "9"), ("service", "1")],
            ),
            (
                RegistryEvent::OwnerChanged { service: 1, from: "cosmwasm1".into(), to: "cosmwasm2".into() },
                "registry_owner_changed",
                vec![("seq", "9"), ("service", "1"), ("from", "cosmwasm1"), ("to", "cosmwasm2")],
            ),
            (
                RegistryEvent::PriceAnnounced {
                    service: 1,
                    version: 2,
                    task: 3,
                    terms: 4,
                    per_call: 5,
                    per_kb: 6,
                    per_mfuel: 7,
                    time: 8,
                    height: 9,
                },
                "registry_price_announced",
                vec![
                    ("seq", "9"),
                    ("service", "1"),
                    ("version", "2"),
                    ("task", "3"),
                    ("terms", "4"),
                    ("per_call", "5"),
                    ("per_kb", "6"),
                    ("per_mfuel", "7"),
                    ("time", "8"),
                    ("height", "9"),
                ],
            ),
            (
                RegistryEvent::MarketSet { market: "m".to_owned() },
                "registry_market_set",
                vec![("seq", "9"), ("market", "m")],
            ),
            (
                RegistryEvent::PriceWithdrawn { service: 1, version: 2, task: 3, terms: 4 },
                "registry_price_withdrawn",
                vec![("seq", "9"), ("service", "1"), ("version", "2"), ("task", "3"), ("terms", "4")],
            ),
            (
                RegistryEvent::VersionDeprecated { service: 1, version: 2, deprecated: true },
                "registry_version_deprecated",
                vec![("seq", "9"), ("service", "1"), ("version", "2"), ("deprecated", "true")],
            ),
            (
                RegistryEvent::VersionYanked { service: 1, version: 2, yanked: false, latest: 2 },
                "registry_version_yanked",
                vec![("seq", "9"), ("service", "1"), ("version", "2"), ("yanked", "false"), ("latest", "2")],
            ),
        ];
        for (event, name, attributes) in events {
            let wire = event.clone().into_event(9);
            let found: Vec<(String, String)> = wire.attributes.into_iter().map(|a| (a.key, a.value)).collect();
            let expected: Vec<(String, String)> =
                attributes.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect();
            assert_eq!((wire.ty.as_str(), &found), (name, &expected));
            assert_eq!(RegistryEvent::parse(&RawEvent { name, attributes: &found }), Ok((9, event)));
        }
    }
}
