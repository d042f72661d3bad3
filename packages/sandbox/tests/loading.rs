//! What is loaded, what is refused by everyone, and what is declined here.
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

use std::path::{Path, PathBuf};

use guest::{ROOMY, component_beside, component_with, echo, load, output};
use mesg_protocol::seal::{ErrorCode, Kind};
use mesg_sandbox::{Decline, Ending, LoadError, MAX_COMPONENT_BYTES, Refusal, Sandbox, SandboxConfig, SandboxError};
use proptest::prelude::*;
use sha2::{Digest, Sha256};

fn refusal(bytes: &[u8]) -> Refusal {
    match load(bytes) {
        Err(LoadError::Refused(refusal)) => refusal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn garbage_is_refused_with_one_agreed_value() {
    for bytes in [&b""[..], b"garbage", b"\0asm", b"\x7fELF", &[0; 4096]] {
        assert_eq!(refusal(bytes), Refusal::NotAComponent);
    }
    let outcome = Refusal::NotAComponent.outcome();
    assert_eq!((outcome.value().kind, outcome.mfuel), (Kind::Err(ErrorCode::Trap), 0));
    outcome.value().check().unwrap();
}

#[test]
fn a_core_module_is_refused() {
    assert_eq!(refusal(&wat::parse_str("(module (func (export \"run\")))").unwrap()), Refusal::NotAComponent);
}

#[test]
fn a_truncated_component_is_refused() {
    let bytes = echo();
    for end in [8, 20, bytes.len() / 2, bytes.len() - 1] {
        assert!(
            matches!(load(&bytes[..end]), Err(LoadError::Refused(Refusal::Invalid { .. } | Refusal::NoEntryPoint))),
            "{end}"
        );
    }
}

#[test]
fn imports_are_named() {
    let bytes = wat::parse_str(
        r#"(component
          (import "wasi:clocks/wall-clock@0.2.0" (instance (export "now" (func (result u64)))))
          (import "log" (func (param "message" string))))"#,
    )
    .unwrap();
    let refused = refusal(&bytes);
    assert_eq!(
        refused,
        Refusal::HasImports { names: vec!["wasi:clocks/wall-clock@0.2.0".to_owned(), "log".to_owned()] }
    );
    assert_eq!(refused.to_string(), "component imports wasi:clocks/wall-clock@0.2.0, log");
}

#[test]
fn the_entry_point_must_have_the_world_s_type() {
    let module = r#"(core module $m (memory (export "memory") 1) (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (unreachable))
      (func (export "s") (param i32 i32) (result i32) (unreachable)) (func (export "u") (param i32) (result i32) (unreachable)))
      (core instance $i (instantiate $m))"#;
    let options = r#"(memory (core memory $i "memory")) (realloc (core func $i "cabi_realloc"))"#;
    for func in [
        format!(r#"(func $f (param "input" string) (result string) (canon lift (core func $i "s") {options}))"#),
        format!(
            r#"(func $f (param "input" string) (result (result string (error u32))) (canon lift (core func $i "s") {options}))"#
        ),
        format!(
            r#"(func $f (param "input" string) (result (result string)) (canon lift (core func $i "s") {options}))"#
        ),
        format!(r#"(func $f (param "input" u32) (result u32) (canon lift (core func $i "u") {options}))"#),
    ] {
        let bytes = wat::parse_str(format!(r#"(component {module} {func} (export "run" (func $f)))"#)).unwrap();
        assert_eq!(refusal(&bytes), Refusal::NoEntryPoint, "{func}");
    }
    assert_eq!(refusal(&wat::parse_str("(component)").unwrap()), Refusal::NoEntryPoint);
    assert_eq!(
        refusal(&wat::parse_str(format!(r#"(component {module} (export "run" (core module $m)))"#)).unwrap()),
        Refusal::NoEntryPoint
    );
}

#[test]
fn features_outside_of_the_profile_are_refused() {
    let echo = "(call $ok (local.get $ptr) (local.get $len))";
    for extra in [
        r#"(memory (export "memory") 1) (memory 1 1 shared)"#,
        r#"(memory (export "memory") 1) (memory i64 1)"#,
        r#"(memory (export "memory") 1) (func (drop (f32x4.relaxed_madd (v128.const i64x2 0 0) (v128.const i64x2 0 0) (v128.const i64x2 0 0))))"#,
        r#"(memory (export "memory") 1) (type (struct))"#,
        r#"(memory (export "memory") 1) (tag)"#,
        r#"(memory (export "memory") 1 (pagesize 1))"#,
    ] {
        assert!(matches!(refusal(&component_with(extra, echo)), Refusal::Invalid { .. }), "{extra}");
    }
}

#[test]
fn other_bytes_than_named_are_declined() {
    let declined = guest::sandbox().load(&echo(), &[7; 32]).unwrap_err();
    let LoadError::Decline(Decline::DigestMismatch { expected, got }) = declined else { panic!("{declined:?}") };
    assert_eq!(expected, "07".repeat(32));
    assert_eq!(got, hex::encode(Sha256::digest(echo())));
}

#[test]
fn a_component_that_is_too_large_is_declined() {
    let declined = load(&vec![0; MAX_COMPONENT_BYTES + 1]).unwrap_err();
    assert_eq!(
        declined,
        LoadError::Decline(Decline::ComponentTooLarge { got: MAX_COMPONENT_BYTES + 1, max: MAX_COMPONENT_BYTES })
    );
}

#[test]
fn too_many_instances_are_declined() {
    let many = |count: usize| {
        let instances = "(core instance (instantiate $empty))".repeat(count);
        format!(
            "(component $many (core module $empty) {instances}) (instance (instantiate $many)) (instance (instantiate $many))"
        )
    };
    let beside = |beside: &str| {
        component_beside(beside, r#"(memory (export "memory") 1)"#, "(call $ok (local.get $ptr) (local.get $len))")
    };
    assert_eq!(output(&guest::run(&beside(&many(400)), "1")), "1");
    assert!(matches!(guest::run_with(&beside(&many(600)), "1", &ROOMY), Err(Decline::Host { .. })));
    // More in one component than the validator counts: everyone refuses it.
    assert!(matches!(refusal(&beside(&many(1_001))), Refusal::Invalid { .. }));
}

fn files(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}

#[test]
fn compiled_code_is_kept_and_a_damaged_file_is_made_again() {
    let home = tempfile::tempdir().unwrap();
    let (bytes, config) = (echo(), SandboxConfig::new(home.path().join("code")));
    let run = || {
        let sandbox = Sandbox::new(&config).unwrap();
        let component = sandbox.load(&bytes, &Sha256::digest(&bytes).into()).unwrap();
        output(&sandbox.run(&component, "[1]", &ROOMY).unwrap()).to_owned()
    };
    assert_eq!(run(), "[1]");
    let compiled: Vec<PathBuf> = files(&config.cache_dir).into_iter().filter(|f| f.extension().is_none()).collect();
    assert_eq!(compiled.len(), 1, "{compiled:?}");
    let before = std::fs::read(&compiled[0]).unwrap();
    std::fs::write(&compiled[0], b"not code").unwrap();
    assert_eq!(run(), "[1]");
    assert_eq!(std::fs::read(&compiled[0]).unwrap().len(), before.len());
}

#[test]
fn a_cache_that_others_can_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let home = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    assert!(matches!(Sandbox::new(&SandboxConfig::new(home.path())), Err(SandboxError::CacheNotPrivate { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn damaged_components_never_harm(at in 8..400usize, to in any::<u8>()) {
        let mut bytes = echo();
        let at = at % bytes.len();
        bytes[at] = to;
        if let Ok(component) = load(&bytes)
            && let Ok(outcome) = guest::sandbox().run(&component, "1", &ROOMY)
        {
            prop_assert!(outcome.value().check().is_ok());
            let bad_input = matches!(outcome.ending, Ending::Err { code: ErrorCode::BadInput, .. });
            prop_assert!(!bad_input);
        }
    }
}
