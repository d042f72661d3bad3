//! Events of the registry, `wasm-registry_*` on chain.

use mesg_protocol::digest::Digest32;

use super::status::Status;

crate::events! {
    /// What happened in the registry.
    "registry", RegistryEvent {
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
