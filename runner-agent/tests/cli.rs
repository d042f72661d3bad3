//! The command line: what it prints, and that it prints no secret.
#![allow(missing_docs, clippy::unwrap_used)]

use std::path::Path;
use std::process::{Command, Output};

/// Test mnemonic of BIP-39 (all zero entropy). Never fund it.
const TEST_MNEMONIC: &str =
    "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

fn agent(arguments: &[&str], mnemonic: Option<&str>) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runner-agent"));
    command.args(arguments).env_remove("RUNNER_AGENT_MNEMONIC");
    if let Some(mnemonic) = mnemonic {
        command.env("RUNNER_AGENT_MNEMONIC", mnemonic);
    }
    let output = command.output().unwrap();
    let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(!text.contains("abandon"), "{text}");
    output
}

fn stdout(output: &Output) -> &str {
    assert!(output.status.success(), "{output:?}");
    std::str::from_utf8(&output.stdout).unwrap()
}

fn stderr(output: &Output) -> &str {
    assert_eq!(output.status.code(), Some(1));
    std::str::from_utf8(&output.stderr).unwrap()
}

fn example() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml").display().to_string()
}

#[test]
fn public_keys_are_shown() {
    let operator = agent(&["key", "show", "--prefix", "cosmos"], Some(TEST_MNEMONIC));
    let address = "cosmos19rl4cm2hmr8afy4kldpxz3fka4jguq0auqdal4";
    assert_eq!(stdout(&operator), format!("{{\"account\":0,\"address\":\"{address}\"}}\n"));
    let keys = agent(&["key", "show", "--attestation", "--accounts", "2"], Some(TEST_MNEMONIC));
    let lines: Vec<serde_json::Value> = stdout(&keys).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1]["path"], "m/44'/118'/2'/0/0");
    assert_eq!(lines[0]["public_key"].as_str().unwrap().len(), 66);
    assert_ne!(lines[0]["base64"], lines[1]["base64"]);
}

#[test]
fn a_configuration_is_checked_with_its_secrets() {
    let good = agent(&["config", "check", &example()], Some(TEST_MNEMONIC));
    assert_eq!(stdout(&good), format!("{} can be used\n", example()));
    let unset = agent(&["config", "check", &example()], None);
    assert_eq!(stderr(&unset), "runner-agent: environment variable RUNNER_AGENT_MNEMONIC is not set\n");
    let wrong = agent(&["config", "check", &example()], Some("abandon about"));
    assert_eq!(stderr(&wrong), "runner-agent: chain: signing key: bad mnemonic\n");
    let missing = agent(&["config", "check", "none.toml"], None);
    assert!(stderr(&missing).starts_with("runner-agent: cannot read none.toml"));
}

#[test]
fn secrets_are_no_arguments() {
    let output = agent(&["key", "show", "--mnemonic", "x"], None);
    assert_eq!(output.status.code(), Some(2));
}
