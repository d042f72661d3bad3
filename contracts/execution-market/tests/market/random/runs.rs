//! Runs by seed: which ones, on all cores, and how to see one again.

use std::cell::Cell;
use std::fmt::Display;
use std::io::Write;
use std::ops::Range;
use std::panic::{catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use super::{hold, run};

/// First seed of a long run.
const SEED: &str = "MESG_RANDOM_SEED";
/// How many seeds a long run takes.
const RUNS: &str = "MESG_RANDOM_RUNS";

/// Plays each seed and fails with the lowest one that broke something, in its shortest form.
pub fn play(seeds: Range<u64>) {
    tell(format_args!("random messages: seeds {} to {}", seeds.start, seeds.end - 1));
    let next = AtomicU64::new(seeds.start);
    let broken = Mutex::new(None::<(u64, String)>);
    let lowest = |seed: u64, why: String| {
        let mut broken = broken.lock().unwrap_or_else(PoisonError::into_inner);
        if broken.as_ref().is_none_or(|(known, _)| seed < *known) {
            *broken = Some((seed, why));
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    if let Err(why) = one(seed) {
                        lowest(seed, why);
                        // What has begun is finished, nothing new begins.
                        next.store(seeds.end, Ordering::Relaxed);
                    }
                }
            });
        }
    });
    if let Some((seed, why)) = broken.into_inner().unwrap_or_else(PoisonError::into_inner) {
        panic!("seed {seed} breaks it. Again: {}\n{why}", command(seed));
    }
}

fn one(seed: u64) -> Result<(), String> {
    let mut bytes = [0; 32];
    bytes[..8].copy_from_slice(&seed.to_be_bytes());
    let config = Config { cases: 1, max_shrink_iters: 200, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes));
    let told = Cell::new(false);
    let played = runner.run(&run(), |(setting, steps)| {
        catch_unwind(|| hold(setting, &steps)).map_err(|panic| {
            if !told.replace(true) {
                tell(format_args!("seed {seed} breaks it; looking for a shorter way. Again: {}", command(seed)));
            }
            resume_unwind(panic)
        })
    });
    played.map_err(|error| error.to_string())
}

fn command(seed: u64) -> String {
    format!("{SEED}={seed} {RUNS}=1 cargo test -p mesg-execution-market --test market -- --ignored random_messages")
}

/// The seeds of a long run, and what keeps its end. Without a cache, or with a seed that was asked for, nothing is kept.
pub fn next(first: u64, many: u64) -> (Range<u64>, Box<dyn Fn(u64)>) {
    let many = variable(RUNS).unwrap_or(many);
    if let Some(seed) = variable(SEED) {
        return (seed..seed + many, Box::new(|_| {}));
    }
    let Some(file) = std::env::var_os("MESG_CACHE").map(|cache| PathBuf::from(cache).join("random-messages.next-seed"))
    else {
        return (first..first + many, Box::new(|_| {}));
    };
    let start = std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(first);
    (start..start + many, Box::new(move |end| std::fs::write(&file, end.to_string()).expect("the cache is writable")))
}

fn variable<T: FromStr>(name: &str) -> Option<T>
where
    T::Err: Display,
{
    let text = std::env::var(name).ok()?;
    Some(text.parse().unwrap_or_else(|error| panic!("{name}={text}: {error}")))
}

/// Seen also where the output of tests that pass is not.
fn tell(line: impl Display) {
    drop(writeln!(std::io::stderr(), "{line}"));
}
