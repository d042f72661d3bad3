//! Random messages, time jumps, halts, outages and hostile contracts over the whole suite; the invariants hold after
//! each step. Every run comes from one number: its seed.

mod binding;
mod governance;
mod pool;
mod records;
mod runs;
mod stake;
mod step;
mod strangers;
mod verdicts;
mod world;

use proptest::prelude::*;

use step::{Step, step};
use world::{Setting, World};

/// Steps of one run.
const STEPS: usize = 200;
/// Runs that every test run repeats: seeds from 0.
const SHORT: u64 = 256;
/// Runs of one long run, which goes on from where the last one stopped.
const LONG: u64 = 1_500;
/// Runs of a long one after which it is kept how far it came.
const PART: usize = 50;

fn setting() -> impl Strategy<Value = Setting> {
    (0u8..5, any::<bool>()).prop_map(|(kind, hostile)| Setting { kind: kind.into(), hostile })
}

/// What one seed plays.
fn run() -> impl Strategy<Value = (Setting, Vec<Step>)> {
    (setting(), prop::collection::vec(step(), STEPS))
}

/// Plays a run to its end, by pokes alone after its last step.
fn hold(setting: Setting, steps: &[Step]) {
    let mut world = World::new(setting);
    for step in steps {
        world.run(step);
    }
    world.drain();
}

#[test]
fn invariants_hold_under_random_messages() {
    runs::play(0..SHORT);
}

/// `MESG_RANDOM_SEED` and `MESG_RANDOM_RUNS` say which runs; else 1,500 after those of the last time.
#[test]
#[ignore = "minutes: tools/test-long"]
fn invariants_hold_under_many_random_messages() {
    let (seeds, keep) = runs::next(SHORT, LONG);
    // What is interrupted goes on from the last part that was done.
    for start in seeds.clone().step_by(PART) {
        let end = seeds.end.min(start + PART as u64);
        runs::play(start..end);
        keep(end);
    }
}
