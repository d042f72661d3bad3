//! What an execution is judged by: the rows it was requested under, and what its digests are bound to.

use super::Execution;
use crate::beacon::BeaconParams;
use crate::bps::Bps;
use crate::clock::{Clock, Deadline};
use crate::digest::Digest32;
use crate::ids::ExecutionId;
use crate::money::{Fees, MoneyError, Rates};
use crate::params::Params;
use crate::seal::{Value, round_value};
use crate::terms::{Committee, Policy, Terms};

/// The executor of `Verify`, before its result is judged (2.6).
pub const ROUND_0: u8 = 0;
/// The first committee.
pub const ROUND_1: u8 = 1;
/// The committee that decides between unequal values.
pub const ROUND_2: u8 = 2;
/// The last committee: undecided before, or challenged.
pub const ROUND_3: u8 = 3;

/// The rows an execution was requested under, and its place in the digests.
#[derive(Clone, Copy, Debug)]
pub struct Rules<'a> {
    /// Its terms.
    pub terms: &'a Terms,
    /// Its parameters.
    pub params: &'a Params,
    /// Sizes of its committees: the task's, grown to what the requester asked for.
    pub committee: Committee,
    /// `domain32` of the market.
    pub domain: &'a Digest32,
    /// Its id.
    pub id: ExecutionId,
    /// The beacon that new bindings use.
    pub beacon: &'a BeaconParams,
}

/// What the market adds to the rows of an execution.
#[derive(Clone, Copy, Debug)]
pub struct Market<'a> {
    /// `domain32` of the market.
    pub domain: &'a Digest32,
    /// The beacon that new bindings use.
    pub beacon: &'a BeaconParams,
}

impl<'a> Rules<'a> {
    /// The rules of an execution with `more` validators beyond the task's own.
    pub fn new(terms: &'a Terms, params: &'a Params, more: u8, market: Market<'a>, id: ExecutionId) -> Self {
        let committee = terms.committee.with_more(more);
        Self { terms, params, committee, domain: market.domain, id, beacon: market.beacon }
    }

    /// Whether a checker judges a posted result.
    pub const fn verifies(&self) -> bool {
        matches!(self.terms.policy, Policy::Verify)
    }

    /// The round a request begins with.
    pub const fn first_round(&self) -> u8 {
        if self.verifies() { ROUND_0 } else { ROUND_1 }
    }

    /// Seats of a round; 0 for a round that the committee does not have.
    pub fn seats(&self, round: u8) -> u8 {
        match round {
            ROUND_0 => u8::from(self.verifies()),
            ROUND_1 if self.verifies() => self.committee.k1,
            ROUND_1 => self.committee.seats(),
            ROUND_2 => self.committee.k2,
            ROUND_3 => self.committee.k3.unwrap_or(0),
            _ => 0,
        }
    }

    /// Spare candidates drawn with a round: 2, and a third of the seats in rounds 2 and 3.
    pub fn spares(&self, round: u8) -> u8 {
        if round < ROUND_2 { crate::terms::SPARES } else { self.seats(round).div_ceil(3) }
    }

    /// Candidates asked from a round's draw when it is seated.
    pub fn wanted(&self, round: u8) -> u8 {
        self.seats(round).saturating_add(self.spares(round))
    }

    /// Whether the seat at `index` of `round` is the executor's.
    pub fn is_executor(&self, round: u8, index: usize) -> bool {
        if self.verifies() { round == ROUND_0 } else { round == ROUND_1 && index == 0 }
    }

    /// Whether a committee can agree on `value` under the policy.
    pub fn knows(&self, value: &Value) -> bool {
        use crate::seal::Kind::{Err, Invalid, Ok, Valid};
        let kind = match value.kind {
            Ok | Err(_) => !self.verifies(),
            Valid | Invalid => self.verifies(),
        };
        kind && value.check().is_ok()
    }

    /// h of `value` in `round`.
    pub fn round_value(&self, round: u8, value: &Value) -> Digest32 {
        round_value(self.domain, self.id, round, &value.digest())
    }

    /// T_work = 2·t_run + WORK_SLACK after `now`.
    pub(super) fn work_deadline(&self, now: Clock) -> Deadline {
        self.deadline(now, super::life::work_window(self.terms, self.params))
    }

    pub(super) fn deadline(&self, now: Clock, seconds: u32) -> Deadline {
        Deadline::after(now, seconds, self.params.block_max_avg)
    }

    /// Fees at the maxima for an input of `input_len` bytes.
    pub fn max_fees(&self, input_len: u32) -> Result<Fees, MoneyError> {
        Fees::of(&self.terms.price, self.terms.validator, self.terms.max_usage_for(input_len.into()))
    }

    /// The rates of an execution under these rules.
    pub fn rates(&self) -> Rates {
        rates(self.terms, self.params, self.committee.k1)
    }
}

/// The rates of an execution with `k1` validators in round 1.
pub fn rates(terms: &Terms, params: &Params, k1: u8) -> Rates {
    Rates {
        price: terms.price,
        validator: terms.validator,
        developer: terms.developer,
        emitters: Bps::default(),
        producers: params.producers,
        burn: params.burn,
        k1,
        kappa: params.tips.kappa(),
    }
}

impl Execution {
    /// The rules of this execution from the rows it was requested under.
    pub fn rules<'a>(&self, terms: &'a Terms, params: &'a Params, market: Market<'a>, id: ExecutionId) -> Rules<'a> {
        Rules::new(terms, params, self.more_validators, market, id)
    }
}
