//! Who may send which message to the staking contract.

use super::msg::ExecuteMsg;

/// Who may send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Anyone.
    Anyone,
    /// The account that instantiated the contract.
    Instantiator,
    /// The token contract.
    Token,
    /// The market contract.
    Market,
    /// The owner of the runner that the message names.
    Owner,
    /// The owner or the operator of the runner that the message names.
    OwnerOrOperator,
}

impl ExecuteMsg {
    /// Who may send this message. `UpdateRunner` is finer: an operator may change the endpoint only. `ClaimProducer`
    /// pays nobody but members of the pots that it names.
    pub const fn permission(&self) -> Permission {
        match self {
            Self::RegisterRunner { .. } | Self::Sync { .. } | Self::ClaimProducer { .. } => Permission::Anyone,
            Self::SetMarket { .. } => Permission::Instantiator,
            Self::Receive(_) => Permission::Token,
            Self::Slash { .. } => Permission::Market,
            Self::Unbond { .. } | Self::Withdraw { .. } | Self::RotateKey { .. } => Permission::Owner,
            Self::UpdateRunner { .. } | Self::OptIn { .. } | Self::OptOut { .. } | Self::Unjail { .. } => {
                Permission::OwnerOrOperator
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{Binary, Uint128};
    use mesg_protocol::ids::{RunnerId, ServiceId, VersionId};
    use mesg_protocol::score::Exclusion;

    use super::super::msg::{InstantiateMsg, MigrateMsg, ReceiveMsg, SlashItem};
    use super::super::query::QueryMsg;
    use super::*;

    fn every_message() -> [(ExecuteMsg, Permission); 13] {
        let (runner, version, amount) = (RunnerId(1), VersionId(2), Uint128::new(3));
        let jail = Exclusion::Jail { until: 4 };
        let hook = cw20::Cw20ReceiveMsg { sender: String::new(), amount, msg: Binary::default() };
        let (operator, endpoint, attestation_key) = (String::new(), String::new(), Binary::default());
        [
            (ExecuteMsg::SetMarket { market: String::new() }, Permission::Instantiator),
            (ExecuteMsg::Receive(hook), Permission::Token),
            (
                ExecuteMsg::RegisterRunner { service: ServiceId(1), operator, attestation_key, endpoint },
                Permission::Anyone,
            ),
            (ExecuteMsg::UpdateRunner { runner, operator: None, endpoint: None }, Permission::OwnerOrOperator),
            (ExecuteMsg::OptIn { runner, version }, Permission::OwnerOrOperator),
            (ExecuteMsg::OptOut { runner, version }, Permission::OwnerOrOperator),
            (ExecuteMsg::Unbond { runner, amount }, Permission::Owner),
            (ExecuteMsg::Withdraw { runner, to: None }, Permission::Owner),
            (ExecuteMsg::Slash { items: vec![SlashItem::new(runner, 3, Some(jail))] }, Permission::Market),
            (ExecuteMsg::RotateKey { runner, attestation_key: Binary::default() }, Permission::Owner),
            (ExecuteMsg::Unjail { runner }, Permission::OwnerOrOperator),
            (ExecuteMsg::Sync { runner }, Permission::Anyone),
            (ExecuteMsg::ClaimProducer { epochs: vec![], to: None }, Permission::Anyone),
        ]
    }

    #[test]
    fn golden_permissions() {
        for (msg, permission) in every_message() {
            assert_eq!(msg.permission(), permission, "{msg:?}");
        }
    }

    #[test]
    fn items_of_a_slash_say_what_they_do() {
        let jail = Exclusion::Jail { until: 7 };
        for (exclusion, json) in [
            (None, r#"{"runner":1,"amount":"3"}"#),
            (Some(jail), r#"{"runner":1,"amount":"3","jail_until":"7"}"#),
            (Some(Exclusion::Tombstone), r#"{"runner":1,"amount":"3","tombstone":true}"#),
        ] {
            let item = SlashItem::new(RunnerId(1), 3, exclusion);
            assert_eq!(serde_json::to_string(&item).unwrap(), json);
            assert_eq!(serde_json::from_str::<SlashItem>(json).unwrap(), item);
            assert_eq!(item.exclusion(), exclusion);
        }
        let both = SlashItem { tombstone: true, ..SlashItem::new(RunnerId(1), 0, Some(jail)) };
        assert_eq!(both.exclusion(), Some(Exclusion::Tombstone));
    }

    /// Adds a field to every object of a message, one at a time.
    fn with_more(value: &serde_json::Value) -> Vec<serde_json::Value> {
        let serde_json::Value::Object(fields) = value else { return vec![] };
        let mut more = fields.clone();
        more.insert("more".to_owned(), 1.into());
        let mut all = vec![more.into()];
        for (name, inner) in fields {
            for changed in with_more(inner) {
                let mut fields = fields.clone();
                fields.insert(name.clone(), changed);
                all.push(fields.into());
            }
        }
        all
    }

    #[test]
    fn unknown_fields_are_refused() {
        for (msg, _) in every_message().into_iter().filter(|(msg, _)| !matches!(msg, ExecuteMsg::Receive(_))) {
            let json = serde_json::to_value(&msg).unwrap();
            assert_eq!(serde_json::from_value::<ExecuteMsg>(json.clone()).unwrap(), msg);
            for changed in with_more(&json) {
                assert!(serde_json::from_value::<ExecuteMsg>(changed.clone()).is_err(), "{changed}");
            }
        }
        let item = r#"{"slash":{"items":[{"runner":1,"amount":"1","jail":true}]}}"#;
        assert!(serde_json::from_str::<ExecuteMsg>(item).is_err());
        assert!(serde_json::from_str::<MigrateMsg>(r#"{"more":1}"#).is_err());
        assert!(serde_json::from_str::<ReceiveMsg>(r#"{"bond":{"runner":1,"more":1}}"#).is_err());
        assert!(serde_json::from_str::<ReceiveMsg>(r#"{"close_epoch":{"more":1}}"#).is_err());
        assert!(serde_json::from_str::<QueryMsg>(r#"{"runner":{"runner":1,"more":1}}"#).is_err());
        let instantiate = concat!(
            r#"{"token":"t","registry":"r","epoch_secs":1200,"unbonding_secs":1209600,"block_max_avg":10,"#,
            r#""min_stake":"1","capacity_bps":4000"#
        );
        let without = serde_json::from_str::<InstantiateMsg>(&format!("{instantiate}}}")).unwrap();
        assert_eq!(without.producer_epoch_secs, 86_400);
        assert!(serde_json::from_str::<InstantiateMsg>(&format!("{instantiate},\"owner\":\"x\"}}")).is_err());
    }
}
