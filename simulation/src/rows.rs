//! The terms and parameters that the simulated executions are requested under: the defaults of section 6, no tips.

use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::bps::Bps;
use mesg_protocol::digest::Digest32;
use mesg_protocol::execution::{Market, Rules};
use mesg_protocol::ids::{ExecutionId, ServiceId, VersionId};
use mesg_protocol::params::{Params, Tips};
use mesg_protocol::terms::{Committee, Policy, Price, Terms};

use crate::error::SimError;

/// Fee a of the executor, in base units, whatever the usage.
pub const A: u128 = 1_000_000;
/// Fee b of a validator: 0.8 a.
pub const B: u128 = 800_000;
/// Length of an epoch in seconds.
pub const EPOCH_SECS: u32 = 1_200;

/// The committee that the mechanism recommends.
pub const DEFAULT: Committee = Committee { k1: 3, k2: 9, k3: Some(21) };

const BEACON: BeaconParams = BeaconParams { no: 0, genesis: 1_000, period: 3 };

/// Rows of one task.
#[derive(Clone, Debug)]
pub struct Rows {
    /// Its terms.
    pub terms: Terms,
    /// Its parameters.
    pub params: Params,
}

impl Rows {
    /// A task with this committee and the least seat bond that it may have, whose runners all run it.
    ///
    /// # Errors
    /// A fee does not fit.
    pub fn of(committee: Committee) -> Result<Self, SimError> {
        let mut terms = Terms {
            service: ServiceId(1),
            version: VersionId(1),
            task: 0,
            price: Price { per_call: A, per_kb: 0, per_mfuel: 0 },
            validator: Bps::saturating(8_000),
            developer: Bps::saturating(1_000),
            policy: Policy::Replicate,
            committee,
            max_k1: committee.k1,
            seat_bond: 0,
            t_run: 10,
            t_challenge: 600,
            max_input: 4_096,
            max_output: 4_096,
            max_fuel: 1_000_000,
        };
        terms.seat_bond = terms.seat_bond_needed()?;
        let params = Params {
            margin: 24,
            t_queue: 900,
            t_open: 300,
            t_publish: 120,
            work_slack: 60,
            block_max_avg: 10,
            producers: Bps::saturating(500),
            burn: Bps::saturating(300),
            pot_burn: Bps::saturating(2_000),
            gate: Bps::saturating(5_000),
            gas_floor: 1,
            tips: Tips::default(),
        };
        Ok(Self { terms, params })
    }

    /// The same task, whose result a checker judges.
    ///
    /// # Errors
    /// A fee does not fit.
    pub fn verified(committee: Committee) -> Result<Self, SimError> {
        let mut rows = Self::of(committee)?;
        rows.terms.policy = Policy::Verify;
        Ok(rows)
    }

    /// The rules of execution `id` of the market `domain`.
    #[must_use]
    pub fn rules<'a>(&'a self, domain: &'a Digest32, id: ExecutionId) -> Rules<'a> {
        Rules::new(&self.terms, &self.params, 0, Market { domain, beacon: &BEACON }, id)
    }
}

/// The committee's sizes as `k1→k2→k3`.
#[must_use]
pub fn named(committee: Committee) -> String {
    let third = committee.k3.map_or_else(|| "none".to_owned(), |seats| seats.to_string());
    format!("{}→{}→{third}", committee.k1, committee.k2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wrong_results::COMMITTEES;

    #[test]
    fn rows_are_within_the_bounds() {
        for committee in COMMITTEES {
            for rows in [Rows::of(committee).unwrap(), Rows::verified(committee).unwrap()] {
                rows.terms.check().unwrap();
                rows.params.check(EPOCH_SECS, BEACON.period).unwrap();
            }
        }
        assert_eq!(named(Committee { k1: 3, k2: 5, k3: None }), "3→5→none");
    }

    #[test]
    fn the_default_bond_is_that_of_the_mechanism() {
        assert_eq!(Rows::of(DEFAULT).unwrap().terms.seat_bond, 27 * B, "3 · k2 · b = 21.6 a");
    }
}
