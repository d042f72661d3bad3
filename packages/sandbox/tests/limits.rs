//! What trips, and as what.
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

use guest::{ROOMY, code, component, component_with, output, run, run_with};
use mesg_protocol::seal::ErrorCode;
use mesg_sandbox::{Decline, Limits, MAX_WASM_STACK_BYTES};

const PAGE: usize = 65_536;

#[test]
fn an_endless_loop_runs_out_of_fuel() {
    let limits = Limits { max_fuel: 2_500_000, ..ROOMY };
    let outcome = run_with(&component("(loop $l (br $l)) (unreachable)"), "", &limits).unwrap();
    assert_eq!((code(&outcome), outcome.fuel, outcome.mfuel), (ErrorCode::OutOfFuel, 2_500_000, 3));
}

#[test]
fn endless_work_before_the_call_runs_out_of_fuel() {
    let extra = r#"(memory (export "memory") 1) (func $s (loop $l (br $l))) (start $s)"#;
    assert_eq!(code(&run(&component_with(extra, "(unreachable)"), "")), ErrorCode::OutOfFuel);
}

#[test]
fn no_fuel_is_out_of_fuel() {
    let outcome = run_with(&guest::echo(), "1", &Limits { max_fuel: 0, ..ROOMY }).unwrap();
    assert_eq!((code(&outcome), outcome.mfuel), (ErrorCode::OutOfFuel, 0));
}

#[test]
fn a_memory_bomb_meets_the_cap_even_when_it_traps_afterwards() {
    let bomb = component("(loop $l (br_if $l (i32.ge_s (memory.grow (i32.const 64)) (i32.const 0)))) (unreachable)");
    let outcome = run(&bomb, "");
    assert_eq!((code(&outcome), outcome.fuel, outcome.mfuel), (ErrorCode::MemoryLimit, 0, 0));
}

#[test]
fn a_refused_growth_ends_the_call_even_if_the_component_would_go_on() {
    let pages = mesg_sandbox::MEMORY_BYTES / PAGE;
    let grow = |by: usize| {
        component(&format!("(drop (memory.grow (i32.const {by}))) (call $ok (local.get $ptr) (local.get $len))"))
    };
    assert_eq!(output(&run(&grow(pages - 1), "1")), "1");
    assert_eq!(code(&run(&grow(pages), "1")), ErrorCode::MemoryLimit);
}

#[test]
fn growth_past_the_address_space_is_the_cap_too() {
    let grow = component("(drop (memory.grow (i32.const 65536))) (call $ok (local.get $ptr) (local.get $len))");
    assert_eq!(code(&run(&grow, "1")), ErrorCode::MemoryLimit);
}

#[test]
fn a_memory_that_starts_too_large_meets_the_cap() {
    let start = component_with(r#"(memory (export "memory") 4097)"#, "(call $ok (local.get $ptr) (local.get $len))");
    assert_eq!(code(&run(&start, "1")), ErrorCode::MemoryLimit);
}

#[test]
fn all_memories_share_one_cap() {
    let two = component_with(
        r#"(memory (export "memory") 2100) (memory 2100)"#,
        "(call $ok (local.get $ptr) (local.get $len))",
    );
    assert_eq!(code(&run(&two, "1")), ErrorCode::MemoryLimit);
}

#[test]
fn a_memory_s_own_maximum_is_for_the_component_to_handle() {
    let body = "(if (i32.ne (memory.grow (i32.const 5)) (i32.const -1)) (then (unreachable))) (call $ok (local.get $ptr) (local.get $len))";
    assert_eq!(output(&run(&component_with(r#"(memory (export "memory") 1 3)"#, body), "1")), "1");
}

#[test]
fn tables_count_as_memory() {
    let extra = r#"(memory (export "memory") 1) (table $t 0 funcref)"#;
    let body =
        "(drop (table.grow $t (ref.null func) (i32.const 40000000))) (call $ok (local.get $ptr) (local.get $len))";
    assert_eq!(code(&run(&component_with(extra, body), "1")), ErrorCode::MemoryLimit);
}

#[test]
fn an_output_bomb_is_too_large_and_pays_its_fuel() {
    let bomb = component_with(r#"(memory (export "memory") 200)"#, "(call $ok (i32.const 64) (i32.const 13000000))");
    let outcome = run(&bomb, "");
    assert_eq!(code(&outcome), ErrorCode::OutputTooLarge);
    assert!(outcome.fuel > 0 && outcome.mfuel == 1);
}

#[test]
fn the_output_limit_is_exact() {
    let limits = |max| Limits { max_output_bytes: max, ..ROOMY };
    assert_eq!(output(&run_with(&guest::echo(), r#""abc""#, &limits(5)).unwrap()), r#""abc""#);
    assert_eq!(code(&run_with(&guest::echo(), r#""abc""#, &limits(4)).unwrap()), ErrorCode::OutputTooLarge);
    // Counted as returned, before white space is dropped: parsing never costs more than the limit.
    assert_eq!(code(&run_with(&guest::echo(), r#" "abc" "#, &limits(5)).unwrap()), ErrorCode::OutputTooLarge);
}

#[test]
fn a_panic_traps() {
    let outcome = run(&component("(unreachable)"), "");
    assert_eq!((code(&outcome), outcome.fuel, outcome.mfuel), (ErrorCode::Trap, 0, 0));
}

#[test]
fn other_traps() {
    for body in [
        "(i32.div_u (i32.const 1) (i32.const 0))",
        "(i32.load (i32.const -1))",
        "(i32.trunc_f64_s (f64.const nan))",
        "(memory.fill (i32.const 65000) (i32.const 0) (i32.const 1000)) (i32.const 0)",
    ] {
        assert_eq!(code(&run(&component(body), "")), ErrorCode::Trap, "{body}");
    }
}

#[test]
fn breaking_the_canonical_abi_traps() {
    for body in [
        "(i32.const 65530)",                                        // result outside of memory
        "(i32.const 1)",                                            // result not aligned
        "(call $result (i32.const 2) (i32.const 0) (i32.const 0))", // no such case
        "(call $ok (i32.const 65530) (i32.const 100))",             // text outside of memory
        "(i32.store8 (i32.const 64) (i32.const 255)) (call $ok (i32.const 64) (i32.const 1))", // text not UTF-8
    ] {
        assert_eq!(code(&run(&component(body), "")), ErrorCode::Trap, "{body}");
    }
}

#[test]
fn a_trap_while_starting_is_a_value() {
    let start = r#"(memory (export "memory") 1) (func $s (unreachable)) (start $s)"#;
    assert_eq!(code(&run(&component_with(start, "(i32.const 0)"), "")), ErrorCode::Trap);
    let data = r#"(memory (export "memory") 1) (data (i32.const 65536) "x")"#;
    assert_eq!(code(&run(&component_with(data, "(i32.const 0)"), "")), ErrorCode::Trap);
}

#[test]
fn deep_recursion_is_declined() {
    let extra = r#"(memory (export "memory") 1) (func $down (param i32) (result i32) (i32.add (i32.const 1) (call $down (local.get 0))))"#;
    let declined = run_with(&component_with(extra, "(call $down (i32.const 0))"), "", &ROOMY);
    assert_eq!(declined, Err(Decline::StackExhausted { limit: MAX_WASM_STACK_BYTES }));
}

#[test]
fn the_wall_clock_is_declined() {
    let limits = Limits { max_fuel: u64::MAX / 4, wall_clock: Duration::from_millis(30), ..ROOMY };
    let declined = run_with(&component("(loop $l (br $l)) (unreachable)"), "", &limits);
    assert_eq!(declined, Err(Decline::WallClock { limit_ms: 30 }));
}
