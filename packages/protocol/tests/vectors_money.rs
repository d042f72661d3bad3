//! Escrow and settlement against the independent vectors (docs/mechanism.md 2.5, 2.6).
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation, clippy::panic, clippy::unwrap_used)]

use mesg_protocol::bps::Bps;
use mesg_protocol::money::{Escrow, Rates, Row, split};
use mesg_protocol::terms::{Price, Usage};
use serde_json::Value;

fn amount(value: &Value) -> u128 {
    value.as_str().unwrap().parse().unwrap()
}

fn bps(value: &Value) -> Bps {
    amount(value).try_into().ok().and_then(|bps: u16| Bps::try_from(bps).ok()).unwrap()
}

fn rates(vector: &Value) -> Rates {
    let terms = &vector["terms"];
    Rates {
        price: Price {
            per_call: amount(&terms["per_call"]),
            per_kb: amount(&terms["per_kb"]),
            per_mfuel: amount(&terms["per_mfuel"]),
        },
        validator: bps(&terms["validator_bps"]),
        developer: bps(&terms["dev_bps"]),
        emitters: bps(&terms["emit_bps"]),
        producers: bps(&terms["producers_bps"]),
        burn: bps(&terms["burn_bps"]),
        k1: vector["k1"].as_u64().unwrap() as u8,
        kappa: amount(&terms["kappa"]),
    }
}

fn usage(vector: &Value, kb: &str, mfuel: &str) -> Usage {
    Usage { kb: vector[kb].as_u64().unwrap(), mfuel: vector[mfuel].as_u64().unwrap() }
}

fn row(name: &str) -> Row {
    match name {
        "finalized" | "corrected" => Row::Paid,
        "failed_bad_input" => Row::BadInput,
        "failed_other" => Row::OtherError,
        "own_run" => Row::OwnRun,
        "refunded" => Row::Refunded,
        other => panic!("unknown row {other}"),
    }
}

#[test]
fn escrow_and_split_equal_the_vectors() {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("vectors/money.json")).unwrap();
    assert_eq!(vectors.len(), 60);
    for vector in &vectors {
        let rates = rates(vector);
        let escrow = Escrow::of(&rates, usage(vector, "kb_max", "mfuel_max")).unwrap();
        let expected = &vector["escrow"];
        assert_eq!(escrow.fees.executor, amount(&expected["a"]));
        assert_eq!(escrow.fees.validator, amount(&expected["b"]));
        assert_eq!(escrow.developer, amount(&expected["d"]));
        assert_eq!(escrow.emitters, amount(&expected["emit"]));
        assert_eq!(escrow.producers, amount(&expected["producers"]));
        assert_eq!(escrow.burn, amount(&expected["burn"]));
        assert_eq!(escrow.total, amount(&expected["E"]));

        let row = row(vector["row"].as_str().unwrap());
        let pay = &vector["pay"];
        // Nobody attests what the own runner used: it pays as for the maximum.
        let used = if row == Row::OwnRun { ("kb_max", "mfuel_max") } else { ("kb", "mfuel") };
        let at = Escrow::of(&rates, usage(vector, used.0, used.1)).unwrap();
        let validators = vector["correct_validators"].as_u64().unwrap() as u8;
        let tips = amount(&pay["tips"]);
        let split = split(escrow.total, &at, row, validators, tips).unwrap();
        assert_eq!(split.executor, amount(&pay["executor"]));
        assert_eq!(split.validator_each, amount(&pay["validator_each"]));
        assert_eq!(split.developer, amount(&pay["dev"]));
        assert_eq!(split.producers, amount(&pay["producers"]));
        assert_eq!(split.burn, amount(&pay["burn"]));
        let emitters = vector["emitters"].as_u64().unwrap() as u128;
        let each = split.emitters.checked_div(emitters).unwrap_or(0);
        assert_eq!(each, amount(&pay["emitter_each"]));
        let user = split.user + (split.emitters - each * emitters);
        assert_eq!(user, amount(&pay["user"]), "what the emitters' division leaves goes to the user");
    }
}
