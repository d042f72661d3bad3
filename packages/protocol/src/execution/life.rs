//! How long an execution may live: the longest path through the machine (2.4, 6).

use super::PUBLISHING_SLOTS;
use super::challenge::UNSEATED_CHALLENGES;
use super::queue::LATER_TURNS;
use crate::params::Params;
use crate::terms::{Policy, Terms};

/// Windows of work at most in rounds 0 and 1: the first and two after refills.
pub const ATTEMPTS: u8 = 3;

/// T_work = 2·t_run + WORK_SLACK in seconds.
pub(super) const fn work_window(terms: &Terms, params: &Params) -> u32 {
    terms.t_run.saturating_mul(2).saturating_add(params.work_slack)
}

/// D_max: the longest life of an execution in seconds, if blocks keep their average. Unbonding must take at least twice
/// as long (6).
pub fn longest_life(terms: &Terms, params: &Params) -> u64 {
    let of = |seconds: u32, times: u8| u64::from(seconds).saturating_mul(times.into());
    let work = work_window(terms, params);
    let stay = of(params.t_queue, LATER_TURNS.saturating_add(1));
    let later_round = stay.saturating_add(of(work, 1)).saturating_add(of(params.t_open, 1));
    let publish = of(params.t_publish, PUBLISHING_SLOTS);
    // An own run that falls back, the first queue, round 1 with all its attempts.
    let own = of(work, 1);
    let first = of(params.t_queue, 1).saturating_add(of(work, ATTEMPTS)).saturating_add(of(params.t_open, 1));
    // `Verify`: the executor's attempts and the longer queue of its committee come before.
    let executor = match terms.policy {
        Policy::Replicate => 0,
        Policy::Verify => stay.saturating_add(of(work, ATTEMPTS)),
    };
    let begin = own.saturating_add(first).saturating_add(executor).saturating_add(later_round);
    let end = match terms.committee.k3 {
        None => publish.max(publish.saturating_add(of(terms.t_challenge, 1)).saturating_sub(later_round)),
        Some(_) => {
            // Undecided, so round 3 follows; or the value of round 2 stands and is challenged, twice in vain.
            let undecided = later_round.saturating_add(publish);
            let vain =
                of(params.t_queue, UNSEATED_CHALLENGES).saturating_add(of(terms.t_challenge, UNSEATED_CHALLENGES));
            let third = of(work, 1).saturating_add(of(params.t_open, 1)).saturating_add(publish);
            undecided.max(publish.saturating_add(vain).saturating_add(third))
        }
    };
    begin.saturating_add(end)
}
