//! `mesg-sim`: plays the simulation and writes its report.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use mesg_simulation::document;
use mesg_simulation::error::SimError;
use mesg_simulation::jobs::Jobs;
use mesg_simulation::report::{Scale, fingerprint, run};

/// Plays the simulation and writes simulation.json, simulation.md and plots.
#[derive(Parser)]
#[command(name = "mesg-sim", version)]
struct Arguments {
    /// A few thousand executions instead of a million each: seconds, and wide intervals.
    #[arg(long)]
    quick: bool,
    /// Where to write.
    #[arg(long, default_value = "docs")]
    docs: PathBuf,
    /// Where finished work is kept; with it, a run that was broken off goes on where it stood.
    #[arg(long)]
    journal: Option<PathBuf>,
    /// Threads.
    #[arg(long, default_value_t = 2)]
    threads: u16,
}

fn main() -> ExitCode {
    match play(&Arguments::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("mesg-sim: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Whether every formula lies within its measured interval.
fn play(arguments: &Arguments) -> Result<bool, SimError> {
    let jobs = match &arguments.journal {
        Some(journal) => Jobs::resumed(arguments.threads, journal, &fingerprint()?)?,
        None => Jobs::new(arguments.threads),
    };
    let scale = if arguments.quick { Scale::QUICK } else { Scale::FULL };
    let report = run(&jobs, scale, |what| eprintln!("{what}"))?;
    document::write(&report, &arguments.docs)?;
    let contradictions = report.contradictions();
    for row in &contradictions {
        eprintln!("formula outside of the interval: {row}");
    }
    Ok(contradictions.is_empty())
}
