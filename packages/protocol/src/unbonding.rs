//! How long unbonding must take, so that stake is still there when the longest execution has ended twice (6).

use crate::bps::Bps;
use crate::execution::longest_life;
use crate::ids::{ServiceId, VersionId};
use crate::params::Params;
use crate::terms::{Committee, MAX_T_CHALLENGE, MAX_T_RUN, MAX_T_RUN_VERIFY, Policy, Price, Terms};

/// Terms of the largest committees, the longest run and the longest challenge window that a version may declare; no
/// execution lives longer than under these.
const LONGEST: Terms = Terms {
    service: ServiceId(0),
    version: VersionId(0),
    task: 0,
    price: Price { per_call: 0, per_kb: 0, per_mfuel: 0 },
    validator: Bps::saturating(0),
    developer: Bps::saturating(0),
    policy: Policy::Replicate,
    committee: Committee { k1: 7, k2: 15, k3: Some(31) },
    max_k1: 7,
    seat_bond: 0,
    t_run: MAX_T_RUN,
    t_challenge: MAX_T_CHALLENGE,
    max_input: 0,
    max_output: 0,
    max_fuel: 0,
};

/// Least unbonding period in seconds under these parameters: 2·D_max of the longest task that can be published. A
/// market that keeps to it for every row of parameters needs to refuse no task for its length.
pub fn least_unbonding(params: &Params) -> u64 {
    let checked = Terms { policy: Policy::Verify, t_run: MAX_T_RUN_VERIFY, ..LONGEST };
    longest_life(&LONGEST, params).max(longest_life(&checked, params)).saturating_mul(2)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::params::tests::params;
    use crate::terms::tests::terms;

    #[test]
    fn it_is_twice_the_longest_life_of_all() {
        let checked = Terms { policy: Policy::Verify, t_run: MAX_T_RUN_VERIFY, ..LONGEST };
        let lives = [LONGEST, checked].map(|terms| longest_life(&terms, &params()));
        assert_eq!(least_unbonding(&params()), 2 * lives[0].max(lives[1]));
        assert!(least_unbonding(&params()) <= 14 * 86_400, "the default of section 6");
    }

    proptest! {
        #[test]
        fn no_terms_that_can_be_published_live_longer(
            (k1, k2, k3) in (1..=7_u8, 3..=15_u8, prop::option::of(6..=31_u8)),
            (policy, t_run) in prop_oneof![
                (Just(Policy::Replicate), 1..=MAX_T_RUN),
                (Just(Policy::Verify), 1..=MAX_T_RUN_VERIFY),
            ],
            t_challenge in 0..=MAX_T_CHALLENGE,
            (t_queue, t_open, t_publish, work_slack) in (1..=21_600_u32, 12..=3_600_u32, 12..=3_600_u32, 5..=300_u32),
        ) {
            let committee = Committee { k1, k2, k3 };
            prop_assume!(committee.check().is_ok());
            let terms = Terms { committee, max_k1: k1, policy, t_run, t_challenge, ..terms() };
            let params = Params { t_queue, t_open, t_publish, work_slack, ..params() };
            prop_assert!(2 * longest_life(&terms, &params) <= least_unbonding(&params));
        }
    }
}
