//! What a committee agrees on about a posted output: verdicts, witnesses, and what is no verdict.
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

use std::time::Duration;

use guest::{ROOMY, checker, checker_with, echo, load, output, run, sandbox, verify, verify_with};
use mesg_protocol::digest::sha256;
use mesg_protocol::execution::INVALID;
use mesg_protocol::seal::Kind;
use mesg_sandbox::{Decline, Limits, MAX_WASM_STACK_BYTES, MAX_WITNESS_BYTES, Refusal, Verdict};
use proptest::prelude::*;

/// Accepts every output; the output is the witness.
const ACCEPT: &str = "(call $ok (local.get $at) (local.get $bytes))";

fn reason(verdict: Verdict) -> String {
    match verdict {
        Verdict::Invalid { reason } => reason,
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_accepted_output_is_sealed_with_witness_and_fuel() {
    let verdict = verify(&checker(ACCEPT), "{}", r#"{"a":1}"#);
    let Verdict::Valid { fuel, witness } = &verdict else { panic!("{verdict:?}") };
    assert_eq!(witness, r#"{"a":1}"#);
    let value = verdict.value();
    assert_eq!((value.kind, value.output_len, value.mfuel), (Kind::Valid, 8 + 7, 0));
    assert_eq!(value.output, sha256(&[&fuel.to_be_bytes(), br#"{"a":1}"#]));
    value.check().unwrap();
}

#[test]
fn the_checker_is_given_the_input_of_the_run_too() {
    let bytes = checker("(call $ok (local.get $ptr) (local.get $len))");
    let Verdict::Valid { witness, .. } = verify(&bytes, "the envelope", "1") else { panic!() };
    assert_eq!(witness, "the envelope");
    assert_eq!(output(&run(&bytes, "1")), "1", "and runs the task as well");
}

#[test]
fn a_refused_output_is_invalid_whatever_the_checker_says() {
    let refused = verify(&checker("(call $err (local.get $at) (local.get $bytes))"), "", r#""no""#);
    assert_eq!(refused.value(), INVALID);
    assert_eq!(reason(refused), r#""no""#);
    let long = checker_with(r#"(memory (export "memory") 200)"#, "(call $err (i32.const 64) (i32.const 13000000))");
    assert_eq!(reason(verify(&long, "", "1")).len(), 1_024);
}

#[test]
fn attack_17_one_word_that_is_always_the_same_is_no_witness_yet() {
    // Counts down the output before it says "1": the witness tells nothing, the fuel of the check does.
    let bytes = checker(
        "(local $n i32) (local.set $n (local.get $bytes))
         (loop $l (if (local.get $n) (then (local.set $n (i32.sub (local.get $n) (i32.const 1))) (br $l))))
         (i32.store8 (i32.const 64) (i32.const 49)) (call $ok (i32.const 64) (i32.const 1))",
    );
    let witness = |output: &str| verify(&bytes, "", output);
    assert_eq!(witness("1234").value(), witness("5678").value());
    assert_ne!(witness("1234").value(), witness("12345").value(), "who has not checked does not know");
}

#[test]
fn a_check_that_fails_for_everybody_refuses() {
    let limits = Limits { max_fuel: 100_000, ..ROOMY };
    let endless = verify_with(&checker("(loop $l (br $l)) (unreachable)"), "", b"1", &limits).unwrap();
    assert_eq!(endless.value(), INVALID);
    assert_eq!(reason(endless), "checker: more than 100000 fuel");
    for (body, words) in [
        ("(unreachable)", "unreachable"),
        ("(i32.const 65530)", "checker: "),
        ("(drop (memory.grow (i32.const 65535))) (i32.const 0)", "bytes of memory"),
    ] {
        let verdict = verify(&checker(body), "", "1");
        assert_eq!(verdict.value(), INVALID);
        assert!(reason(verdict.clone()).contains(words), "{verdict:?}");
    }
}

#[test]
fn a_witness_has_a_largest_size() {
    let saying = |bytes: usize| {
        let text = "x".repeat(bytes);
        let extra = format!(r#"(memory (export "memory") 1) (data (i32.const 64) "{text}")"#);
        verify(&checker_with(&extra, &format!("(call $ok (i32.const 64) (i32.const {bytes}))")), "", "1")
    };
    assert!(matches!(saying(MAX_WITNESS_BYTES), Verdict::Valid { witness, .. } if witness.len() == MAX_WITNESS_BYTES));
    assert!(matches!(saying(0), Verdict::Valid { witness, .. } if witness.is_empty()), "the fuel is enough");
    assert_eq!(reason(saying(MAX_WITNESS_BYTES + 1)), "checker: witness of 1025 bytes, at most 1024");
}

#[test]
fn what_is_no_output_is_refused_before_it_is_checked() {
    let bytes = checker(ACCEPT);
    let limits = Limits { max_output_bytes: 4, ..ROOMY };
    assert!(matches!(verify_with(&bytes, "", b"1234", &limits), Ok(Verdict::Valid { .. })));
    assert_eq!(reason(verify_with(&bytes, "", b"12345", &limits).unwrap()), "5 bytes of output, at most 4");
    for output in [&b""[..], b"no", b" 1", b"1.5", b"{\"b\":1,\"a\":1}", b"\"\xff\""] {
        let verdict = verify_with(&bytes, "", output, &ROOMY).unwrap();
        assert!(reason(verdict).starts_with("output: "), "{output:?}");
    }
}

#[test]
fn without_a_checker_nothing_is_accepted() {
    assert!(!load(&echo()).unwrap().has_checker() && load(&checker(ACCEPT)).unwrap().has_checker());
    assert!(reason(verify(&echo(), "", "1")).starts_with("component exports no `verify: "));
    assert_eq!(Refusal::NotAComponent.verdict().value(), INVALID);
    assert!(!load(&verify_of_one_text()).unwrap().has_checker());
}

fn verify_of_one_text() -> Vec<u8> {
    wat::parse_str(
        r#"(component
          (core module $m (memory (export "memory") 1)
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
            (func (export "run") (param i32 i32) (result i32) (unreachable)))
          (core instance $i (instantiate $m))
          (func $run (param "input" string) (result (result string (error string)))
            (canon lift (core func $i "run") (memory (core memory $i "memory")) (realloc (core func $i "cabi_realloc"))))
          (export "run" (func $run))
          (export "verify" (func $run)))"#,
    )
    .unwrap()
}

#[test]
fn what_is_this_machine_s_fault_is_no_verdict() {
    let endless = checker("(loop $l (br $l)) (unreachable)");
    let limits = Limits { max_fuel: u64::MAX / 4, wall_clock: Duration::from_millis(30), ..ROOMY };
    assert_eq!(verify_with(&endless, "", b"1", &limits), Err(Decline::WallClock { limit_ms: 30 }));
    let extra = r#"(memory (export "memory") 1) (func $down (param i32) (result i32) (i32.add (i32.const 1) (call $down (local.get 0))))"#;
    let deep = verify_with(&checker_with(extra, "(call $down (i32.const 0))"), "", b"1", &ROOMY);
    assert_eq!(deep, Err(Decline::StackExhausted { limit: MAX_WASM_STACK_BYTES }));
}

#[test]
fn run_and_verify_share_nothing() {
    let extra = r#"(memory (export "memory") 1) (global $calls (mut i32) (i32.const 48))"#;
    let body = "(global.set $calls (i32.add (global.get $calls) (i32.const 1)))
      (i32.store8 (i32.const 64) (global.get $calls)) (call $ok (i32.const 64) (i32.const 1))";
    let component = load(&checker_with(extra, body)).unwrap();
    let verify = || sandbox().verify(&component, "", b"1", &ROOMY).unwrap();
    let first = verify();
    sandbox().run(&component, "1", &ROOMY).unwrap();
    assert_eq!(verify(), first);
    assert!(matches!(first, Verdict::Valid { witness, .. } if witness == "1"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_get_the_same_verdict_on_every_sandbox(output in prop_oneof!["[0-9]{1,12}".prop_map(String::into_bytes), any::<Vec<u8>>()], max_fuel in 0..5_000u64) {
        let (bytes, limits) = (checker(ACCEPT), Limits { max_fuel, ..ROOMY });
        let home = tempfile::tempdir().unwrap();
        let other = mesg_sandbox::Sandbox::new(&mesg_sandbox::SandboxConfig::new(home.path())).unwrap();
        let component = other.load(&bytes, sha256(&[&bytes]).as_bytes()).unwrap();
        let here = verify_with(&bytes, "in", &output, &limits).unwrap();
        prop_assert_eq!(&here, &other.verify(&component, "in", &output, &limits).unwrap());
        prop_assert!(here.value().check().is_ok());
        prop_assert!(matches!(here.value().kind, Kind::Valid | Kind::Invalid));
    }
}
