//! Messages of the registry. Unknown fields are refused; native coins are refused by every message.

use std::fmt;

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::Uint128;
use cw20::Cw20ReceiveMsg;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};

use super::manifest::{Manifest, Prices};
use super::status::Status;

/// Creates the registry.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Address of the owner, who names the market, once, and has no other right.
    pub owner: String,
    /// Address of the CW20 token in which the fee is paid.
    pub token: String,
    /// Fee of one registration in base units of the token, burned (4).
    pub registration_fee: Uint128,
}

/// Messages that change the registry.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// CW20 `Send` from the token; `msg` is a [`ReceiveMsg`]. Sender: the token.
    Receive(Cw20ReceiveMsg),
    /// Publishes an immutable version, which becomes the service's latest. Sender: the service's owner.
    ///
    /// Refused: a retired service, a manifest outside its bounds, a manifest that the service has published before.
    PublishVersion {
        /// The service.
        service: ServiceId,
        /// What the version is; at most 16 KiB as canonical JSON.
        manifest: Manifest,
    },
    /// Pauses, activates or retires a service. Sender: the service's owner.
    ///
    /// Refused: any change of a retired service, the status that the service has already.
    SetStatus {
        /// The service.
        service: ServiceId,
        /// Its new status; `retired` is final.
        status: Status,
    },
    /// Replaces the tags of a service. Sender: the service's owner.
    ///
    /// Refused: a retired service, tags outside their bounds.
    SetTags {
        /// The service.
        service: ServiceId,
        /// Its tags: at most 8 different lower-case DNS labels of at most 32 bytes.
        tags: Vec<String>,
    },
    /// Offers a service to another owner, for 7 days. Sender: the service's owner, who stays it until the other accepts.
    /// An earlier offer is replaced.
    ///
    /// Refused: the present owner.
    ProposeOwner {
        /// The service.
        service: ServiceId,
        /// Address of the new owner.
        owner: String,
    },
    /// Takes the offer of a service back. Sender: the service's owner.
    ///
    /// Refused: no offer.
    WithdrawOwner {
        /// The service.
        service: ServiceId,
    },
    /// Takes a service over, with its service bond and the developer's share that nobody has claimed yet. Sender: the one
    /// to whom it is offered.
    ///
    /// Refused: no offer, an offer that is older than 7 days.
    AcceptOwner {
        /// The service.
        service: ServiceId,
    },
    /// Announces another price of one task, in force 24 h later, up and down alike (4). Sender: the service's owner.
    ///
    /// Refused: a retired service, the present price, a price that the version's seat bond does not cover, while another
    /// change of the task is announced.
    AnnouncePrice {
        /// The version.
        version: VersionId,
        /// Position of the task in the version, from 0.
        task: u8,
        /// Its new prices.
        price: Prices,
    },
    /// Takes an announced price back before it is in force. Sender: the service's owner.
    ///
    /// Refused: nothing is announced, or it is in force.
    WithdrawPrice {
        /// The version.
        version: VersionId,
        /// Position of the task in the version, from 0.
        task: u8,
    },
    /// Warns of a version, which goes on to take requests, or takes the warning back. Sender: the service's owner.
    ///
    /// Refused: taking back what is not there.
    Deprecate {
        /// The version.
        version: VersionId,
        /// What every front end shows, 1 to 256 bytes without control characters; null takes the warning back.
        message: Option<String>,
    },
    /// Ends or takes up new requests and new runners of a version; open executions end as they would. Sender: the
    /// service's owner.
    ///
    /// Refused: what the version is already.
    SetYanked {
        /// The version.
        version: VersionId,
        /// Whether it is yanked.
        yanked: bool,
    },
    /// Names the market whose pause stops registrations and versions, once. Sender: the owner.
    ///
    /// Refused: what is no market, and one that works with another registry.
    SetMarket {
        /// Address of the execution-market contract.
        market: String,
    },
}

/// What comes with a CW20 `Send` to the registry.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ReceiveMsg {
    /// Registers a service owned by the sender of the tokens. The amount must be exactly the registration fee; it is burned.
    RegisterService {
        /// Unique name: a lower-case DNS label of 1 to 63 bytes, `[a-z0-9]([a-z0-9-]*[a-z0-9])?`.
        sid: String,
        /// Name for people, 1 to 64 bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<String>,
        /// What it does, 1 to 1,024 bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<String>,
        /// Its home page: `http://` or `https://`, at most 256 bytes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        url: Option<String>,
        /// Its tags: at most 8 different lower-case DNS labels of at most 32 bytes.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        tags: Vec<String>,
    },
}

/// Who may send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// The CW20 token of the configuration.
    Token,
    /// The owner of the configuration.
    Owner,
    /// The owner of this service.
    ServiceOwner(ServiceId),
    /// The owner of the service that has this version.
    VersionOwner(VersionId),
    /// The one to whom this service is offered.
    ProposedOwner(ServiceId),
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token => f.write_str("the token"),
            Self::Owner => f.write_str("the owner"),
            Self::ServiceOwner(service) => write!(f, "the owner of service {service}"),
            Self::VersionOwner(version) => write!(f, "the owner of the service of version {version}"),
            Self::ProposedOwner(service) => write!(f, "the one to whom service {service} is offered"),
        }
    }
}

impl ExecuteMsg {
    /// Who may send this message; checked once, before it is executed.
    pub const fn permission(&self) -> Permission {
        match self {
            Self::Receive(_) => Permission::Token,
            Self::SetMarket { .. } => Permission::Owner,
            Self::PublishVersion { service, .. }
            | Self::SetStatus { service, .. }
            | Self::SetTags { service, .. }
            | Self::ProposeOwner { service, .. }
            | Self::WithdrawOwner { service } => Permission::ServiceOwner(*service),
            Self::AcceptOwner { service } => Permission::ProposedOwner(*service),
            Self::AnnouncePrice { version, .. }
            | Self::WithdrawPrice { version, .. }
            | Self::Deprecate { version, .. }
            | Self::SetYanked { version, .. } => Permission::VersionOwner(*version),
        }
    }
}

/// Questions to the registry. Lists have 10 entries unless `limit` says otherwise, and at most 50.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// The configuration and how much is registered.
    #[returns(super::ConfigResponse)]
    Config {},
    /// One service by number.
    #[returns(super::ServiceResponse)]
    Service {
        /// The service.
        service: ServiceId,
    },
    /// One service by name.
    #[returns(super::ServiceResponse)]
    ServiceBySid {
        /// Its name.
        sid: String,
    },
    /// All services by ascending number.
    #[returns(super::ServicesResponse)]
    Services {
        /// Lists the services after this one.
        start_after: Option<ServiceId>,
        /// Entries wanted, at most 50.
        limit: Option<u32>,
    },
    /// The services of one owner by ascending number.
    #[returns(super::ServicesResponse)]
    ServicesByOwner {
        /// Address of the owner.
        owner: String,
        /// Lists the services after this one.
        start_after: Option<ServiceId>,
        /// Entries wanted, at most 50.
        limit: Option<u32>,
    },
    /// The services with a tag by ascending number.
    #[returns(super::ServicesResponse)]
    ServicesByTag {
        /// The tag.
        tag: String,
        /// Lists the services after this one.
        start_after: Option<ServiceId>,
        /// Entries wanted, at most 50.
        limit: Option<u32>,
    },
    /// One version with its manifest.
    #[returns(super::VersionResponse)]
    Version {
        /// The version.
        version: VersionId,
    },
    /// The versions of one service by ascending number, without their manifests.
    #[returns(super::VersionsResponse)]
    Versions {
        /// The service.
        service: ServiceId,
        /// Lists the versions after this one.
        start_after: Option<VersionId>,
        /// Entries wanted, at most 50.
        limit: Option<u32>,
    },
    /// One row of terms.
    #[returns(super::TermsResponse)]
    Terms {
        /// The row.
        terms: TermsId,
    },
    /// What `PublishVersion` would do with a manifest now: its digest, its numbers, the bonds it needs, every refusal.
    #[returns(super::PredictedVersion)]
    PredictVersion {
        /// The service; null for one that is not registered yet.
        service: Option<ServiceId>,
        /// What would be published.
        manifest: Manifest,
    },
}

/// Moves the registry to a newer version of its code.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use cosmwasm_schema::schema_for;
    use cosmwasm_std::{Binary, from_json};

    use super::*;
    use crate::registry::manifest::tests::manifest;

    #[test]
    fn permissions_are_frozen() {
        let (service, version) = (ServiceId(7), VersionId(9));
        let receive = Cw20ReceiveMsg { sender: String::new(), amount: Uint128::zero(), msg: Binary::default() };
        let messages = [
            ExecuteMsg::Receive(receive),
            ExecuteMsg::SetMarket { market: String::new() },
            ExecuteMsg::PublishVersion { service, manifest: manifest() },
            ExecuteMsg::SetStatus { service, status: Status::Paused },
            ExecuteMsg::SetTags { service, tags: Vec::new() },
            ExecuteMsg::ProposeOwner { service, owner: String::new() },
            ExecuteMsg::WithdrawOwner { service },
            ExecuteMsg::AcceptOwner { service },
            ExecuteMsg::AnnouncePrice { version, task: 0, price: manifest().tasks[0].price },
            ExecuteMsg::WithdrawPrice { version, task: 0 },
            ExecuteMsg::Deprecate { version, message: None },
            ExecuteMsg::SetYanked { version, yanked: true },
        ];
        let name =
            |msg: &ExecuteMsg| serde_json::to_value(msg).unwrap().as_object().unwrap().keys().next().unwrap().clone();
        let table: Vec<String> = messages.iter().map(|msg| format!("{}: {}", name(msg), msg.permission())).collect();
        assert_eq!(
            table,
            [
                "receive: the token",
                "set_market: the owner",
                "publish_version: the owner of service 7",
                "set_status: the owner of service 7",
                "set_tags: the owner of service 7",
                "propose_owner: the owner of service 7",
                "withdraw_owner: the owner of service 7",
                "accept_owner: the one to whom service 7 is offered",
                "announce_price: the owner of the service of version 9",
                "withdraw_price: the owner of the service of version 9",
                "deprecate: the owner of the service of version 9",
                "set_yanked: the owner of the service of version 9",
            ]
        );

        let schema = serde_json::to_value(schema_for!(ExecuteMsg)).unwrap();
        let variants = schema["oneOf"].as_array().unwrap();
        let declared: BTreeSet<String> =
            variants.iter().map(|variant| variant["required"][0].as_str().unwrap().to_owned()).collect();
        assert_eq!(declared, messages.iter().map(name).collect(), "every variant stands in the table");
    }

    #[test]
    fn unknown_fields_are_refused_at_every_level() {
        let accepts = |json: &str| from_json::<ExecuteMsg>(json).is_ok();
        assert!(accepts(r#"{"set_status":{"service":1,"status":"paused"}}"#));
        assert!(!accepts(r#"{"set_status":{"service":1,"status":"paused","why":"x"}}"#));
        assert!(!accepts(r#"{"set_status":{"service":1,"status":"paused"},"more":1}"#));
        assert!(!accepts(r#"{"delete_service":{"service":1}}"#));
        assert!(accepts(r#"{"accept_owner":{"service":1}}"#));
        assert!(!accepts(r#"{"accept_owner":{"service":1,"owner":"x"}}"#));
        assert!(!accepts(r#"{"set_yanked":{"version":1,"yanked":1}}"#));
        assert!(!accepts(r#"{"withdraw_price":{"version":1,"task":256}}"#));
        let price = r#"{"per_call":"1","per_kb":"0","per_mfuel":"0"}"#;
        assert!(accepts(&format!(r#"{{"announce_price":{{"version":1,"task":0,"price":{price}}}}}"#)));
        assert!(!accepts(r#"{"announce_price":{"version":1,"task":0,"price":{"per_call":"1"}}}"#));
        assert!(from_json::<ReceiveMsg>(r#"{"register_service":{"sid":"a"}}"#).is_ok());
        assert!(from_json::<ReceiveMsg>(r#"{"register_service":{"sid":"a","fee":"1"}}"#).is_err());
        assert!(from_json::<QueryMsg>(r#"{"config":{}}"#).is_ok());
        assert!(from_json::<QueryMsg>(r#"{"config":{"x":1}}"#).is_err());
        assert!(from_json::<QueryMsg>(r#"{"services":{"limit":3,"page":2}}"#).is_err());
        assert!(from_json::<InstantiateMsg>(r#"{"owner":"o","token":"t","registration_fee":"1","x":1}"#).is_err());
        assert!(from_json::<MigrateMsg>(r#"{"x":1}"#).is_err());
    }
}
