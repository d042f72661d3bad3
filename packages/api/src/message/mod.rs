//! Messages as contracts receive them.
//!
//! Serde derives a reader for every struct and every variant of a message, and a JSON parser inlined into each of them is
//! a third of a large contract's wasm. Here one parser makes a tree of the text, and the derived readers only pick from it:
//! see docs/decisions/0024.

mod tree;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer};

use tree::Tree;

/// A message, read through a tree of its JSON text. What is taken and what is refused is what the message's own reader
/// takes and refuses; numbers are integers from 0 to 2^64 − 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<M>(pub M);

impl<'de, M: DeserializeOwned> Deserialize<'de> for Message<M> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let tree = Tree::deserialize(deserializer)?;
        M::deserialize(tree).map(Self).map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::{StdResult, from_json};
    use proptest::prelude::*;

    use super::*;
    use crate::market::{ExecuteMsg, QueryMsg, ReceiveMsg};

    fn direct<M: DeserializeOwned>(json: &str) -> StdResult<M> {
        from_json(json)
    }

    fn through_tree<M: DeserializeOwned>(json: &str) -> StdResult<M> {
        from_json::<Message<M>>(json).map(|message| message.0)
    }

    fn agree<M: DeserializeOwned + PartialEq + std::fmt::Debug>(json: &str) {
        match (direct::<M>(json), through_tree::<M>(json)) {
            (Ok(direct), Ok(tree)) => assert_eq!(direct, tree, "{json}"),
            (Err(_), Err(_)) => {}
            (direct, tree) => panic!("{json}: directly {direct:?}, through the tree {tree:?}"),
        }
    }

    const MESSAGES: [&str; 12] = [
        r#"{"tick":{}}"#,
        r#"{"receive":{"sender":"a","amount":"1","msg":"e30="}}"#,
        r#"{"request":{"items":[{"terms":1,"input":{"inline":{"json":"{\"a\":\"\\u00e9\"}"}},"max_fee":"340282366920938463463374607431768211455"}]}}"#,
        r#"{"request":{"sub":4294967295,"items":[{"terms":1,"input":{"digest":{"sha256":"0000000000000000000000000000000000000000000000000000000000000001","len":5,"locator":"x"}},"max_fee":"1","validators":255,"own_runner":7}]}}"#,
        r#"{"submit_beacon":{"round":"18446744073709551615","signature":"AAEC","executions":["1","2"]}}"#,
        r#"{"certify":{"items":[{"execution":"1","mfuel":"2","result":{"invalid":{}},"seats":""}],"settle":[]}}"#,
        r#"{"report_equivocation":{"execution":"1","runner":2,"first":{"decline":{"code":1,"signature":""}},"second":{"decline":{"code":65535,"signature":""}}}}"#,
        r#"{"withdraw":{"sub":0,"amount":null,"to":null}}"#,
        r#"{"claim":{"runners":[1,2,3]}}"#,
        r#"{"revoke":{"change":"params"}}"#,
        r#"{"set_pauser":{}}"#,
        r#"{ "poke" : { "executions" : [ "1" , "2" ] } }"#,
    ];

    #[test]
    fn every_kind_of_field_is_read_alike() {
        for json in MESSAGES {
            assert!(direct::<ExecuteMsg>(json).is_ok(), "{json}");
            agree::<ExecuteMsg>(json);
        }
        agree::<ReceiveMsg>(r#"{"deposit":{}}"#);
        agree::<QueryMsg>(r#"{"what_i_owe":{"runner":1,"start_after":"3"}}"#);
    }

    #[test]
    fn what_is_wrong_is_refused_alike() {
        let wrong = [
            "",
            "null",
            "3",
            "[]",
            "{}",
            r#""tick""#,
            r#"{"tick":{}} x"#,
            r#"{"tick":null}"#,
            r#"{"tick":[]}"#,
            r#"{"tick":{"a":1}}"#,
            r#"{"tick":{},"burn":{}}"#,
            r#"{"nothing":{}}"#,
            r#"{"withdraw":{"sub":-1}}"#,
            r#"{"withdraw":{"sub":4294967296}}"#,
            r#"{"withdraw":{"sub":1.0}}"#,
            r#"{"withdraw":{"sub":"1"}}"#,
            r#"{"withdraw":{"sub":1,"sub":2}}"#,
            r#"{"withdraw":{"amount":5}}"#,
            r#"{"withdraw":{"amount":"-5"}}"#,
            r#"{"claim":{"runners":{}}}"#,
            r#"{"claim":{"runners":[1,]}}"#,
            r#"{"claim":{"runners":[null]}}"#,
            r#"{"request":{"items":[{"terms":1}]}}"#,
            r#"{"request":{"items":[{"terms":1,"input":{},"max_fee":"1"}]}}"#,
            r#"{"revoke":{"change":{"params":{}}}}"#,
            r#"{"revoke":{"change":"other"}}"#,
            r#"{"seal":{"items":[[1,2,3,4]]}}"#,
        ];
        for json in wrong {
            assert!(through_tree::<ExecuteMsg>(json).is_err(), "{json}");
            agree::<ExecuteMsg>(json);
        }
    }

    #[test]
    fn an_error_names_the_field() {
        let error = through_tree::<ExecuteMsg>(r#"{"withdraw":{"summ":1}}"#).unwrap_err().to_string();
        assert!(error.contains("unknown field `summ`") && error.contains("`amount`"), "{error}");
        let error = through_tree::<ExecuteMsg>(r#"{"seal":{}}"#).unwrap_err().to_string();
        assert!(error.contains("missing field `items`"), "{error}");
    }

    #[test]
    fn depth_is_bounded() {
        let deep = format!(r#"{{"tick":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert!(through_tree::<ExecuteMsg>(&deep).is_err());
    }

    proptest! {
        /// One byte of a good message replaced, removed or doubled.
        #[test]
        fn damaged_messages_are_judged_alike(which in 0..MESSAGES.len(), at in 0usize..300, with in "[ -~]", kind in 0..3) {
            let mut text = MESSAGES[which].to_owned();
            let at = at.checked_rem(text.len()).unwrap();
            let length: usize = match kind { 0 => 1, 1 => 0, _ => 3 };
            let end = at.saturating_add(length).min(text.len());
            text.replace_range(at..end, &with);
            agree::<ExecuteMsg>(&text);
        }
    }
}
