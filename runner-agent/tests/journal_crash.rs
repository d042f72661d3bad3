//! kill -9 between the journal and the network: what was journaled is there, and the directory is free again.
#![allow(missing_docs, clippy::unwrap_used)]

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use mesg_chain_client::{PendingTx, TxHash};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::ids::{ExecutionId, RunnerId};
use mesg_protocol::seal::{Kind, Value};
use mesg_runner_agent::journal::{DeclineRow, FILE, Journal, JournalError, LockError, Run, RunResult, SealRow};

const DIRECTORY: &str = "JOURNAL_CRASH_DIRECTORY";
const ROUNDS: u64 = 20;

fn result(execution: u64) -> RunResult {
    let output = execution.to_string();
    let value = Value { kind: Kind::Ok, output: sha256(&[output.as_bytes()]), output_len: 2, mfuel: 1 };
    RunResult { value, output: Some(output) }
}

fn seal(execution: u64) -> SealRow {
    let digest = sha256(&[&execution.to_be_bytes()]);
    let zero = Digest32::ZERO;
    SealRow {
        round: 1,
        run: Run::Network,
        runner: RunnerId(1),
        key_no: 0,
        seed: zero,
        value: digest,
        salt: zero,
        seal: digest,
        signature: vec![1; 64],
    }
}

fn decline() -> DeclineRow {
    let (seed, signature) = (Digest32::ZERO, vec![2; 64]);
    DeclineRow { round: 1, runner: RunnerId(1), key_no: 0, seed, code: 1, last: 9, signature }
}

fn tx(sequence: u64) -> PendingTx {
    let raw = sequence.to_be_bytes().to_vec();
    PendingTx { hash: TxHash::of(&raw), raw, sequence, made_at: 1, timeout_height: 9, intents: vec!["tick".into()] }
}

/// What the child does: journals seals and transactions for ever, and says each that is journaled. Run by hand it does nothing.
#[test]
fn child() {
    let Ok(directory) = std::env::var(DIRECTORY) else { return };
    let journal = Journal::open(Path::new(&directory)).unwrap();
    for execution in 1.. {
        journal.record_seal(ExecutionId(execution), &result(execution), &seal(execution), 1).unwrap();
        journal.record_tx(&tx(execution), 1).unwrap();
        println!("\njournaled {execution}");
    }
}

/// Tries both acts for every seat, in turns the one first and the other.
#[test]
fn torn_child() {
    let Ok(directory) = std::env::var(DIRECTORY) else { return };
    let journal = Journal::open(Path::new(&directory)).unwrap();
    for execution in 1.. {
        let id = ExecutionId(execution);
        let seals = || journal.record_seal(id, &result(execution), &seal(execution), 1);
        let declines = || journal.record_decline(id, &decline(), 1);
        let outcomes = if seals_first(execution) { (seals(), declines()) } else { (declines(), seals()) };
        assert!(matches!(outcomes, (Ok(()), Err(JournalError::Bound { .. }))));
        println!("\njournaled {execution}");
    }
}

const fn seals_first(execution: u64) -> bool {
    execution.is_multiple_of(2)
}

fn start(directory: &Path, child: &str) -> Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", child, "--nocapture"])
        .env(DIRECTORY, directory)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Reads what the child says until it has journaled `wanted`; gives the last number heard.
fn hear(child: &mut Child, wanted: u64) -> u64 {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let numbers = lines.filter_map(|line| line.unwrap().strip_prefix("journaled ").map(|n| n.parse::<u64>().unwrap()));
    numbers.into_iter().find(|n| *n >= wanted).unwrap()
}

#[test]
fn nothing_that_was_journaled_is_lost() {
    let directory = tempfile::tempdir().unwrap();
    let mut child = start(&directory.path().join("data"), "child");
    let heard = hear(&mut child, ROUNDS);
    let second = Journal::open(&directory.path().join("data")).err().unwrap();
    assert!(matches!(second, JournalError::Lock(LockError::InUse { .. })), "{second}");
    child.kill().unwrap(); // SIGKILL
    child.wait().unwrap();
    let journal = Journal::open(&directory.path().join("data")).unwrap();
    for execution in 1..=heard {
        let id = ExecutionId(execution);
        assert_eq!(journal.seal(id, RunnerId(1), false).unwrap(), Some(seal(execution)));
        assert_eq!(journal.result(id, Run::Network).unwrap(), Some(result(execution)));
    }
    let pending = journal.pending_txs().unwrap();
    assert!(pending.iter().map(|tx| tx.sequence).take(usize::try_from(heard).unwrap()).eq(1..=heard));
}

#[test]
fn attack_70_no_crash_leaves_a_seat_with_two_acts() {
    let directory = tempfile::tempdir().unwrap();
    let data = directory.path().join("data");
    for kill in 1..=3 {
        let mut child = start(&data.join(kill.to_string()), "torn_child");
        let heard = hear(&mut child, kill * 7);
        child.kill().unwrap(); // SIGKILL
        child.wait().unwrap();
        let journal = Journal::open(&data.join(kill.to_string())).unwrap();
        for execution in 1..=heard + 50 {
            let id = ExecutionId(execution);
            let sealed = journal.seal(id, RunnerId(1), false).unwrap().is_some();
            let declined = journal.decline(id, RunnerId(1), false).unwrap().is_some();
            assert!(!(sealed && declined), "{execution}");
            if execution <= heard {
                assert_eq!((sealed, declined), (seals_first(execution), !seals_first(execution)), "{execution}");
            }
        }
    }
}

#[test]
fn a_deleted_database_is_made_again() {
    let directory = tempfile::tempdir().unwrap();
    let journal = Journal::open(&directory.path().join("data")).unwrap();
    journal.record_seal(ExecutionId(1), &result(1), &seal(1), 1).unwrap();
    drop(journal);
    for suffix in ["", "-wal", "-shm"] {
        let path: PathBuf = directory.path().join("data").join(format!("{FILE}{suffix}"));
        if path.exists() {
            std::fs::remove_file(path).unwrap();
        }
    }
    let journal = Journal::open(&directory.path().join("data")).unwrap();
    assert_eq!(journal.seal(ExecutionId(1), RunnerId(1), false).unwrap(), None);
    journal.record_seal(ExecutionId(1), &result(1), &seal(1), 1).unwrap();
    assert_eq!(journal.seal(ExecutionId(1), RunnerId(1), false).unwrap(), Some(seal(1)));
}
