//! Components written by hand as text: the canonical ABI without any toolchain.

use std::sync::OnceLock;
use std::time::Duration;

use mesg_sandbox::{Component, Decline, Ending, Limits, LoadError, Outcome, Sandbox, SandboxConfig, Verdict};
use sha2::{Digest, Sha256};

/// Limits that no well-behaved component of these tests meets.
pub const ROOMY: Limits = Limits { max_fuel: 50_000_000, max_output_bytes: 4096, wall_clock: Duration::from_secs(60) };

/// One sandbox for all tests of a file.
pub fn sandbox() -> &'static Sandbox {
    static SANDBOX: OnceLock<(Sandbox, tempfile::TempDir)> = OnceLock::new();
    let (sandbox, _) = SANDBOX.get_or_init(|| {
        let home = tempfile::tempdir().unwrap();
        (Sandbox::new(&SandboxConfig::new(home.path())).unwrap(), home)
    });
    sandbox
}

/// A component with the fields `extra` (at least a memory) and the function body `body`: input at `$ptr`, `$len`; the result's address
/// on the stack. `$ok` and `$err` write a result.
pub fn component_with(extra: &str, body: &str) -> Vec<u8> {
    component_beside("", extra, body)
}

/// The same with the fields `beside` in the component itself.
pub fn component_beside(beside: &str, extra: &str, body: &str) -> Vec<u8> {
    assemble(beside, "", extra, body)
}

/// A component whose `run` returns its input and whose `verify` has the body `check`: the output at `$at`, `$bytes`, else like
/// `component_with`.
pub fn checker_with(extra: &str, check: &str) -> Vec<u8> {
    let lifted = r#"(func $verify (param "input" string) (param "output" string) (result (result string (error string)))
        (canon lift (core func $i "verify") (memory (core memory $i "memory")) (realloc (core func $i "cabi_realloc"))))
      (export "verify" (func $verify))"#;
    let verify = format!(
        r#"{extra} (func (export "verify") (param $ptr i32) (param $len i32) (param $at i32) (param $bytes i32) (result i32) {check})"#
    );
    assemble("", lifted, &verify, "(call $ok (local.get $ptr) (local.get $len))")
}

/// The same with one page of memory.
pub fn checker(check: &str) -> Vec<u8> {
    checker_with(r#"(memory (export "memory") 1)"#, check)
}

fn assemble(beside: &str, behind: &str, extra: &str, body: &str) -> Vec<u8> {
    let text = format!(
        r#"(component
          {beside}
          (core module $m
            {extra}
            (global $next (mut i32) (i32.const 4096))
            (func (export "cabi_realloc") (param i32 i32 i32) (param $size i32) (result i32)
              (global.get $next)
              (global.set $next (i32.add (global.get $next) (local.get $size))))
            (func $result (param $tag i32) (param $at i32) (param $bytes i32) (result i32)
              (i32.store8 (i32.const 0) (local.get $tag))
              (i32.store offset=4 (i32.const 0) (local.get $at))
              (i32.store offset=8 (i32.const 0) (local.get $bytes))
              (i32.const 0))
            (func $ok (param i32 i32) (result i32) (call $result (i32.const 0) (local.get 0) (local.get 1)))
            (func $err (param i32 i32) (result i32) (call $result (i32.const 1) (local.get 0) (local.get 1)))
            (func (export "run") (param $ptr i32) (param $len i32) (result i32) {body}))
          (core instance $i (instantiate $m))
          (func $run (param "input" string) (result (result string (error string)))
            (canon lift (core func $i "run") (memory (core memory $i "memory")) (realloc (core func $i "cabi_realloc"))))
          (export "run" (func $run))
          {behind})"#
    );
    wat::parse_str(text).unwrap()
}

/// A component with one page of memory.
pub fn component(body: &str) -> Vec<u8> {
    component_with(r#"(memory (export "memory") 1)"#, body)
}

/// A component that returns `text`.
pub fn saying(result: &str, text: &str) -> Vec<u8> {
    let data: String = text.bytes().map(|b| format!("\\{b:02x}")).collect();
    let extra = format!(r#"(memory (export "memory") 1) (data (i32.const 64) "{data}")"#);
    component_with(&extra, &format!("(call ${result} (i32.const 64) (i32.const {}))", text.len()))
}

/// A component that returns its input.
pub fn echo() -> Vec<u8> {
    component("(call $ok (local.get $ptr) (local.get $len))")
}

/// Loads bytes by their own digest.
pub fn load(bytes: &[u8]) -> Result<Component, LoadError> {
    sandbox().load(bytes, &Sha256::digest(bytes).into())
}

/// Loads and runs.
pub fn run_with(bytes: &[u8], input: &str, limits: &Limits) -> Result<Outcome, Decline> {
    sandbox().run(&load(bytes).unwrap(), input, limits)
}

/// Loads and runs with roomy limits; the component must give a value.
pub fn run(bytes: &[u8], input: &str) -> Outcome {
    run_with(bytes, input, &ROOMY).unwrap()
}

/// Loads and checks.
pub fn verify_with(bytes: &[u8], input: &str, output: &[u8], limits: &Limits) -> Result<Verdict, Decline> {
    sandbox().verify(&load(bytes).unwrap(), input, output, limits)
}

/// Loads and checks with roomy limits; the check must give a verdict.
pub fn verify(bytes: &[u8], input: &str, output: &str) -> Verdict {
    verify_with(bytes, input, output.as_bytes(), &ROOMY).unwrap()
}

/// The output of an outcome that is one.
pub fn output(outcome: &Outcome) -> &str {
    match &outcome.ending {
        Ending::Ok { output } => output,
        other => panic!("{other:?}"),
    }
}

/// The error code of an outcome that is one.
pub fn code(outcome: &Outcome) -> mesg_protocol::seal::ErrorCode {
    match &outcome.ending {
        Ending::Err { code, .. } => *code,
        other => panic!("{other:?}"),
    }
}
