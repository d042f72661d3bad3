//! `mesg-sim`: runs the simulation.

use std::process::ExitCode;

use clap::Parser;
use mesg_protocol::terms::Committee;
use mesg_simulation::formula::{Population, rates};

/// Expected rates of a committee when a coalition of this share of a pool always cheats.
#[derive(Parser)]
#[command(name = "mesg-sim", version)]
struct Arguments {
    /// Validators of round 1.
    k1: u8,
    /// Seats of round 2.
    k2: u8,
    /// The coalition's share.
    share: f64,
    /// Seats of round 3.
    k3: Option<u8>,
}

fn main() -> ExitCode {
    let Arguments { k1, k2, k3, share } = Arguments::parse();
    let expected = rates(Committee { k1, k2, k3 }, Population::Independent(share));
    println!("wrong {:.3e}, honest overturned {:.3e}", expected.wrong, expected.overturned);
    ExitCode::SUCCESS
}
