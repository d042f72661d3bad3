//! Attack 1: the same stake in one runner or in a hundred gives the same share of seats.

use mesg_protocol::bps::Bps;
use mesg_protocol::capacity::seats;
use mesg_protocol::ids::ExecutionId;
use serde::{Deserialize, Serialize};

use crate::error::SimError;
use crate::interval::{Measured, float};
use crate::jobs::Jobs;
use crate::pool::{Pool, Randomness, candidates};

/// Share of the stake that gives seats (1.5).
const CAPACITY: Bps = Bps::saturating(4_000);
/// Seat bond B, in base units.
const BOND: u128 = 1_000;
/// Honest runners, and the stake of each: ten seats.
const HONEST: u32 = 20_000;
const HONEST_STAKE: u128 = 25_000;
/// Stake of the splitter: two hundred seats.
const STAKE: u128 = 500_000;
/// Seats of a committee.
const COMMITTEE: u32 = 4;

/// What the splitter got with so many identities.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct SybilRow {
    /// Runners that hold its stake.
    pub ids: u32,
    /// Its whole seats, all runners together.
    pub seats: u64,
    /// Its share of the pool's whole seats.
    pub stake_share: f64,
    /// Its share of the seats that were drawn.
    #[serde(flatten)]
    pub share: Measured,
    /// Executions drawn.
    pub executions: u64,
}

#[derive(Clone, Copy, Default, Serialize, Deserialize)]
struct Counts {
    executions: u64,
    seats: u64,
    squares: u64,
}

/// Draws about `executions` committees for each number of identities.
///
/// # Errors
/// Those of the draw and of the journal.
pub fn run(jobs: &Jobs, executions: u64, ids: &[u32]) -> Result<Vec<SybilRow>, SimError> {
    ids.iter().map(|ids| row(jobs, executions, *ids)).collect()
}

fn row(jobs: &Jobs, executions: u64, ids: u32) -> Result<SybilRow, SimError> {
    let each = seats(CAPACITY, STAKE.checked_div(ids.into()).unwrap_or_default(), 1, BOND);
    let honest = seats(CAPACITY, HONEST_STAKE, 1, BOND);
    let of = |count: u32, seats: u32| std::iter::repeat_n(seats, usize::try_from(count).unwrap_or_default());
    let pool = Pool::of(of(ids, each).chain(of(HONEST, honest)))?;
    let randomness = Randomness::of("sybil", ids.into());
    let counts = jobs.run_executions(&format!("split {ids}"), executions, |drawn| {
        let mut tree = pool.tree();
        let mut counts = Counts::default();
        for execution in drawn.map(ExecutionId) {
            counts.executions = counts.executions.saturating_add(1);
            let committee = candidates(&mut tree, randomness.seed(execution, 1), COMMITTEE, |_| true)?;
            let mine = committee.iter().filter(|seat| seat.runner.0 < ids).count();
            let mine = u64::try_from(mine).unwrap_or(u64::MAX);
            counts.seats = counts.seats.saturating_add(mine);
            counts.squares = counts.squares.saturating_add(mine.saturating_mul(mine));
        }
        Ok(counts)
    })?;
    let executions = counts.iter().map(|one| one.executions).fold(0, u64::saturating_add);
    let (sum, squares) =
        counts.iter().fold((0.0, 0.0), |(sum, squares), one| (sum + float(one.seats), squares + float(one.squares)));
    let size = f64::from(COMMITTEE);
    let seats = u64::from(ids).saturating_mul(each.into());
    let all = seats.saturating_add(u64::from(HONEST).saturating_mul(honest.into()));
    Ok(SybilRow {
        ids,
        seats,
        stake_share: float(seats) / float(all),
        share: Measured::mean(sum / size, squares / (size * size), executions),
        executions,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attack_01_a_hundred_identities_get_the_seats_of_one() {
        let rows = run(&Jobs::new(2), 40_000, &[1, 100]).unwrap();
        for row in &rows {
            assert_eq!(row.seats, 200);
            assert!(row.share.contains(row.stake_share), "{row:?}");
        }
        let odd = run(&Jobs::new(2), 1, &[99]).unwrap();
        assert_eq!(odd.first().unwrap().seats, 198, "split at an odd number, the remainders are lost");
    }
}
