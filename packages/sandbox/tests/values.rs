//! What is agreed on: outputs, codes and fuel.
#![allow(
    missing_docs,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation
)]

#[allow(dead_code)]
mod guest;

use guest::{ROOMY, code, component, component_with, echo, output, run, run_with, saying};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::seal::{ErrorCode, Kind};
use mesg_sandbox::{Ending, Limits};
use proptest::prelude::*;

#[test]
fn output_is_put_into_canonical_form() {
    assert_eq!(output(&run(&echo(), r#" { "b" : [ 1 , true ] , "a" : "\u0041" } "#)), r#"{"a":"A","b":[1,true]}"#);
}

#[test]
fn the_sealed_value_is_of_the_canonical_output() {
    let outcome = run(&echo(), r#"{ "a": 1 }"#);
    let value = outcome.value();
    assert_eq!((value.kind, value.output, value.output_len, value.mfuel), (Kind::Ok, sha256(&[br#"{"a":1}"#]), 7, 1));
    let value = run(&component("(unreachable)"), "").value();
    assert_eq!(
        (value.kind, value.output, value.output_len, value.mfuel),
        (Kind::Err(ErrorCode::Trap), Digest32::ZERO, 0, 0)
    );
}

#[test]
fn every_kind_of_ending_is_one_that_a_seat_may_seal() {
    let bombs = [
        component("(loop $l (br $l)) (unreachable)"),
        component("(drop (memory.grow (i32.const 65535))) (i32.const 0)"),
    ];
    let others = [
        echo(),
        saying("err", "no"),
        component("(unreachable)"),
        component_with(r#"(memory (export "memory") 9)"#, "(call $ok (i32.const 64) (i32.const 99999))"),
    ];
    for bytes in bombs.iter().chain(&others) {
        run(bytes, "1").value().check().unwrap();
    }
}

#[test]
fn what_has_no_canonical_form_is_the_task_s_error() {
    for text in [
        "",
        "not json",
        "1.5",
        "1e400",
        "9007199254740992",
        r#"{"a":1,"a":2}"#,
        "[1,]",
        "{} {}",
        "NaN",
        &"[".repeat(40),
    ] {
        let outcome = run(&saying("ok", text), "");
        assert_eq!(code(&outcome), ErrorCode::TaskError, "{text}");
        assert!(outcome.fuel > 0 && outcome.mfuel == 1);
    }
}

#[test]
fn the_task_s_own_error_is_one_whatever_it_says() {
    let outcome = run(&saying("err", "row 3: no number"), "");
    assert_eq!(outcome.ending, Ending::Err { code: ErrorCode::TaskError, detail: "row 3: no number".to_owned() });
    assert_eq!(outcome.mfuel, 1);
    let long = component_with(r#"(memory (export "memory") 200)"#, "(call $err (i32.const 64) (i32.const 13000000))");
    assert!(
        matches!(run(&long, "").ending, Ending::Err { code: ErrorCode::TaskError, detail } if detail.len() == 1024)
    );
}

#[test]
fn nan_has_one_bit_pattern() {
    // Arithmetic on NaNs with payloads, in f64, f32 and vectors, must give the canonical NaN on every processor.
    let extra = r#"(memory (export "memory") 1) (data (i32.const 64) "true") (data (i32.const 72) "false")
      (global $zero (mut f64) (f64.const 0)) (global $nan (mut f64) (f64.const -nan:0x4000000000001))
      (global $nan32 (mut f32) (f32.const -nan:0x200001))"#;
    let body = "(if (result i32) (i32.and (i32.and
        (i64.eq (i64.reinterpret_f64 (f64.div (global.get $zero) (global.get $zero))) (i64.const 0x7ff8000000000000))
        (i64.eq (i64.reinterpret_f64 (f64.add (global.get $nan) (f64.const 1))) (i64.const 0x7ff8000000000000)))
        (i32.and
        (i32.eq (i32.reinterpret_f32 (f32.mul (global.get $nan32) (f32.const 2))) (i32.const 0x7fc00000))
        (i64.eq (i64x2.extract_lane 0 (f64x2.sqrt (f64x2.splat (global.get $nan)))) (i64.const 0x7ff8000000000000))))
      (then (call $ok (i32.const 64) (i32.const 4))) (else (call $ok (i32.const 72) (i32.const 5))))";
    assert_eq!(output(&run(&component_with(extra, body), "")), "true");
}

#[test]
fn nothing_is_kept_between_calls() {
    let extra = r#"(memory (export "memory") 1) (global $calls (mut i32) (i32.const 48))"#;
    let body = "(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.store8 (i32.const 64) (global.get $calls)) (call $ok (i32.const 64) (i32.const 1))";
    let counting = component_with(extra, body);
    assert_eq!(output(&run(&counting, "")), "1");
    assert_eq!(run(&counting, ""), run(&counting, ""));
}

#[test]
fn the_last_drop_of_fuel_is_enough() {
    let used = run(&echo(), "123").fuel;
    let with = |max_fuel| run_with(&echo(), "123", &Limits { max_fuel, ..ROOMY }).unwrap();
    assert_eq!((output(&with(used)), with(used).fuel), ("123", used));
    assert_eq!(
        with(used / 2).ending,
        Ending::Err { code: ErrorCode::OutOfFuel, detail: format!("more than {} fuel", used / 2) }
    );
}

/// Counts down from the number of digits in the input squared: fuel that depends on the input.
fn work() -> Vec<u8> {
    component(
        "(local $n i32) (local.set $n (i32.mul (local.get $len) (local.get $len)))
         (loop $l (if (local.get $n) (then (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $l))))
         (call $ok (local.get $ptr) (local.get $len))",
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_same_call_gives_the_same_outcome_on_every_sandbox(number in 0..9_007_199_254_740_991u64, max_fuel in 0..5_000u64) {
        let (bytes, limits) = (work(), Limits { max_fuel, ..ROOMY });
        let input = number.to_string();
        let home = tempfile::tempdir().unwrap();
        let other = mesg_sandbox::Sandbox::new(&mesg_sandbox::SandboxConfig::new(home.path())).unwrap();
        let component = other.load(&bytes, sha256(&[&bytes]).as_bytes()).unwrap();
        let here = run_with(&bytes, &input, &limits).unwrap();
        prop_assert_eq!(&here, &other.run(&component, &input, &limits).unwrap());
        prop_assert!(here.fuel <= max_fuel);
        prop_assert!(here.value().check().is_ok());
    }
}
