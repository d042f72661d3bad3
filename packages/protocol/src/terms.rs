//! Terms of one task: what is paid, how many agree, how long it may take. Immutable once published (4).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bps::Bps;
use crate::codec::{CodecError, Reader, Record, Writer};
use crate::ids::{ServiceId, VersionId};
use crate::money::{Fees, MoneyError};

/// Sizes of the committees of the rounds (2.1, 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Committee {
    /// Validators of round 1, beside the executor: 1 to 7.
    pub k1: u8,
    /// Seats of round 2: k1 + 2 to 15.
    pub k2: u8,
    /// Seats of round 3, if there is one: 2·k2 to 4·k2, at most 31.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub k3: Option<u8>,
}

/// How the results of a task are checked (2.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Policy {
    /// Deterministic: every seat runs the task.
    #[default]
    Replicate,
    /// One executor runs the task; a committee drawn after its result runs the checker.
    Verify,
}

/// Spare candidates drawn with the committee of round 1.
pub const SPARES: u8 = 2;

impl Committee {
    /// Refuses sizes outside the bounds of section 6.
    pub fn check(&self) -> Result<(), TermsError> {
        let (k1, k2) = (u16::from(self.k1), u16::from(self.k2));
        within("k1", k1, 1, 7)?;
        within("k2", k2, k1.saturating_add(2), 15)?;
        match self.k3 {
            Some(k3) => within("k3", k3.into(), k2.saturating_mul(2), k2.saturating_mul(4).min(31)),
            None => Ok(()),
        }
    }

    /// The committee with `more` validators in round 1; the later rounds grow to their bounds (2.2).
    pub fn with_more(self, more: u8) -> Self {
        let k1 = self.k1.saturating_add(more);
        let k2 = self.k2.max(k1.saturating_add(2));
        Self { k1, k2, k3: self.k3.map(|k3| k3.max(k2.saturating_mul(2))) }
    }

    /// Seats of round 1: the executor and k1 validators.
    pub const fn seats(&self) -> u8 {
        self.k1.saturating_add(1)
    }

    /// Candidates wanted from the draw of round 1: its seats and the spares.
    pub const fn wanted(&self) -> u8 {
        self.seats().saturating_add(SPARES)
    }

    /// Runners a pool must have before a request is taken: k1 + 1 + 2 + k2 (+ k3) (1.5).
    pub fn pool_needed(&self) -> u32 {
        u32::from(self.wanted()).saturating_add(self.k2.into()).saturating_add(self.k3.unwrap_or(0).into())
    }
}

/// Metered prices in base units (2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Price {
    /// For each call.
    pub per_call: u128,
    /// For each started 1,000 bytes of input and output together.
    pub per_kb: u128,
    /// For each started million of fuel.
    pub per_mfuel: u128,
}

/// What one execution used, as attested by its seats.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// ⌈(input + output bytes) / 1,000⌉.
    pub kb: u64,
    /// ⌈fuel / 10^6⌉.
    pub mfuel: u64,
}

impl Usage {
    /// Usage of `input_len` and `output_len` bytes and `mfuel` million fuel.
    pub const fn of(input_len: u64, output_len: u64, mfuel: u64) -> Self {
        Self { kb: input_len.saturating_add(output_len).div_ceil(1000), mfuel }
    }
}

/// The row of one task of one version at one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// The service.
    pub service: ServiceId,
    /// Its version.
    pub version: VersionId,
    /// Position of the task in the version, from 0.
    pub task: u8,
    /// Prices of the executor.
    pub price: Price,
    /// Fee of a validator as a share of the executor's: 1,000 to 10,000.
    pub validator: Bps,
    /// The developer's share of a + k1·b: 0 to 3,000.
    pub developer: Bps,
    /// How results are checked.
    pub policy: Policy,
    /// Committee sizes.
    pub committee: Committee,
    /// Validators of round 1 that a requester may ask and pay for: k1 to 7.
    pub max_k1: u8,
    /// Seat bond B in base units, the same for all tasks of the version (3).
    pub seat_bond: u128,
    /// Longest run in seconds, 1 to 21,600.
    pub t_run: u32,
    /// Challenge window in seconds, 0 to 86,400.
    pub t_challenge: u32,
    /// Largest input in bytes.
    pub max_input: u32,
    /// Largest output in bytes.
    pub max_output: u32,
    /// Fuel of one run: 1 to t_run · 2·10^8.
    pub max_fuel: u64,
}

/// Longest run that a task may declare, in seconds (6, MAX_T_RUN).
pub const MAX_T_RUN: u32 = 6 * 3600;
/// The same under `Verify`, whose two phases of work must fit the same unbonding period.
pub const MAX_T_RUN_VERIFY: u32 = 4 * 3600;
/// Longest challenge window, in seconds (6).
pub const MAX_T_CHALLENGE: u32 = 24 * 3600;
/// Fuel a second of t_run is taken to last for (2.3).
pub const FUEL_PER_SECOND: u64 = 200_000_000;
/// Largest input or output by digest, in bytes.
pub const MAX_PAYLOAD: u32 = 64 * 1024 * 1024;
/// One million fuel.
pub const MFUEL: u64 = 1_000_000;
/// The developer's share at most.
pub const MAX_DEVELOPER_BPS: u16 = 3_000;
/// A validator's share of the executor's fee at least.
pub const MIN_VALIDATOR_BPS: u16 = 1_000;

/// Why terms are refused.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TermsError {
    /// A number lies outside its bounds.
    #[error("{field} is {got}, must be {min} to {max}")]
    OutOfBounds {
        /// Its name.
        field: &'static str,
        /// The refused value.
        got: u128,
        /// Smallest value taken.
        min: u128,
        /// Largest value taken.
        max: u128,
    },
    /// The seat bond does not cover the slashes of a seat (3).
    #[error("seat_bond is {got}, must be at least {needed}")]
    SeatBond {
        /// The declared bond.
        got: u128,
        /// The least bond for these fees.
        needed: u128,
    },
    /// The fees at the maximum do not fit 128 bits.
    #[error(transparent)]
    Money(#[from] MoneyError),
}

fn within<T: Into<u128>>(field: &'static str, got: T, min: T, max: T) -> Result<(), TermsError> {
    let (got, min, max) = (got.into(), min.into(), max.into());
    if got < min || got > max { Err(TermsError::OutOfBounds { field, got, min, max }) } else { Ok(()) }
}

impl Terms {
    /// Refuses terms outside the bounds of sections 2.3, 3, 4 and 6.
    pub fn check(&self) -> Result<(), TermsError> {
        self.committee.check()?;
        within("max_k1", self.max_k1, self.committee.k1, 7)?;
        self.largest_committee().check()?;
        self.check_policy()?;
        within("validator_bps", self.validator.get(), MIN_VALIDATOR_BPS, 10_000)?;
        within("developer_bps", self.developer.get(), 0, MAX_DEVELOPER_BPS)?;
        within("t_run", self.t_run, 1, MAX_T_RUN)?;
        within("t_challenge", self.t_challenge, 0, MAX_T_CHALLENGE)?;
        within("max_input", self.max_input, 2, MAX_PAYLOAD)?;
        within("max_output", self.max_output, 2, MAX_PAYLOAD)?;
        within("max_fuel", self.max_fuel, 1, u64::from(self.t_run).saturating_mul(FUEL_PER_SECOND))?;
        within("per_call", self.price.per_call, 1, u128::MAX)?;
        let needed = self.seat_bond_needed()?;
        if self.seat_bond < needed { Err(TermsError::SeatBond { got: self.seat_bond, needed }) } else { Ok(()) }
    }

    /// A checker's answer carries no fuel, so `Verify` cannot charge for it (2.5).
    fn check_policy(&self) -> Result<(), TermsError> {
        match self.policy {
            Policy::Replicate => Ok(()),
            Policy::Verify => {
                within("t_run", self.t_run, 1, MAX_T_RUN_VERIFY)?;
                within("per_mfuel", self.price.per_mfuel, 0, 0)
            }
        }
    }

    /// The committee with the most validators that may be asked for.
    pub fn largest_committee(&self) -> Committee {
        self.committee.with_more(self.max_k1.saturating_sub(self.committee.k1))
    }

    /// Usage at the maxima: what the escrow is computed from.
    pub fn max_usage(&self) -> Usage {
        Usage::of(self.max_input.into(), self.max_output.into(), self.max_mfuel())
    }

    /// Usage at the maxima for an input of known length.
    pub fn max_usage_for(&self, input_len: u64) -> Usage {
        Usage::of(input_len, self.max_output.into(), self.max_mfuel())
    }

    /// `max_fuel` in started millions.
    pub const fn max_mfuel(&self) -> u64 {
        self.max_fuel.div_ceil(MFUEL)
    }

    /// Least seat bond: max(20a, 20b, 3·k2·b, miss of a later round) at maximum usage (3).
    pub fn seat_bond_needed(&self) -> Result<u128, MoneyError> {
        let fees = Fees::of(&self.price, self.validator, self.max_usage())?;
        let of = |fee: u128, times: u128| fee.checked_mul(times).ok_or(MoneyError::Overflow);
        let committee = self.largest_committee();
        let k2 = u128::from(committee.k2);
        Ok(of(fees.executor.max(fees.validator), 20)?
            .max(of(fees.validator, k2.saturating_mul(3))?)
            .max(of(fees.validator, committee.later_miss())?))
    }

    /// Least service bond with which requests are taken: (k2 + k3)·b at maximum usage (4).
    pub fn service_bond_needed(&self) -> Result<u128, MoneyError> {
        let fees = Fees::of(&self.price, self.validator, self.max_usage())?;
        let jurors = u128::from(self.committee.k2).saturating_add(self.committee.k3.unwrap_or(0).into());
        fees.validator.checked_mul(jurors).ok_or(MoneyError::Overflow)
    }
}

impl Committee {
    /// Slash of a missing seat of round 2 or 3 in units of b: ⌈1.25·k3 / (⌊k2/3⌋ + 1) / 0.8⌉ (3), and no less than the
    /// 2 of round 1, which holds without round 3.
    pub fn later_miss(&self) -> u128 {
        let k3 = u128::from(self.k3.unwrap_or(0));
        // 1.25 / 0.8 = 25 / 16
        let share = u128::from(self.k2 / 3).saturating_add(1).saturating_mul(16);
        k3.saturating_mul(25).div_ceil(share).max(2)
    }
}

/// Layout 2 adds the policy and max_k1 at the end; rows of layout 1 are `Replicate` with their own k1.
const LAYOUT: u8 = 2;

impl Record for Terms {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.service.0);
        out.int(self.version.0);
        out.byte(self.task);
        out.int(self.price.per_call);
        out.int(self.price.per_kb);
        out.int(self.price.per_mfuel);
        out.int(self.validator.get());
        out.int(self.developer.get());
        out.byte(self.committee.k1);
        out.byte(self.committee.k2);
        out.byte(self.committee.k3.unwrap_or(0));
        out.int(self.seat_bond);
        out.int(self.t_run);
        out.int(self.t_challenge);
        out.int(self.max_input);
        out.int(self.max_output);
        out.int(self.max_fuel);
        out.byte(match self.policy {
            Policy::Replicate => 0,
            Policy::Verify => 1,
        });
        out.byte(self.max_k1);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let layout = input.layout(LAYOUT)?;
        let mut terms = Self {
            service: ServiceId(input.int()?),
            version: VersionId(input.int()?),
            task: input.byte()?,
            price: Price { per_call: input.int()?, per_kb: input.int()?, per_mfuel: input.int()? },
            validator: bps(input)?,
            developer: bps(input)?,
            committee: Committee {
                k1: input.byte()?,
                k2: input.byte()?,
                k3: Some(input.byte()?).filter(|k3| *k3 != 0),
            },
            policy: Policy::Replicate,
            max_k1: 0,
            seat_bond: input.int()?,
            t_run: input.int()?,
            t_challenge: input.int()?,
            max_input: input.int()?,
            max_output: input.int()?,
            max_fuel: input.int()?,
        };
        terms.max_k1 = terms.committee.k1;
        if layout > 1 {
            terms.policy = match input.byte()? {
                0 => Policy::Replicate,
                1 => Policy::Verify,
                got => return Err(CodecError::Tag { got }),
            };
            terms.max_k1 = input.byte()?;
        }
        Ok(terms)
    }
}

pub(crate) fn bps(input: &mut Reader<'_>) -> Result<Bps, CodecError> {
    Bps::try_from(input.int::<u16>()?).map_err(|_| CodecError::Integer)
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]
pub(crate) mod tests {
    use super::*;

    /// Sound terms with small numbers.
    pub(crate) fn terms() -> Terms {
        Terms {
            service: ServiceId(1),
            version: VersionId(2),
            task: 0,
            price: Price { per_call: 1_000_000, per_kb: 1_000, per_mfuel: 10 },
            validator: Bps::saturating(8_000),
            developer: Bps::saturating(1_000),
            policy: Policy::Replicate,
            committee: Committee { k1: 3, k2: 5, k3: None },
            max_k1: 3,
            seat_bond: 30_000_000,
            t_run: 10,
            t_challenge: 600,
            max_input: 100_000,
            max_output: 4_096,
            max_fuel: 2_000_000_000,
        }
    }

    #[test]
    fn sound_terms_pass_and_come_back_from_bytes() {
        terms().check().unwrap();
        assert_eq!(Terms::decode(&terms().encode()), Ok(terms()));
        let with_k3 = Terms { committee: Committee { k1: 3, k2: 9, k3: Some(21) }, ..terms() };
        assert_eq!(Terms::decode(&with_k3.encode()), Ok(with_k3));
    }

    #[test]
    fn rows_of_the_first_layout_are_replicated_by_their_own_validators() {
        let row = Terms { policy: Policy::Verify, max_k1: 5, ..terms() };
        let mut bytes = row.encode();
        assert_eq!(Terms::decode(&bytes), Ok(row));
        let policy = bytes.len() - 2;
        assert_eq!((bytes[0], &bytes[policy..]), (2, &[1, 5][..]), "the new fields are last");
        bytes[policy] = 2;
        assert_eq!(Terms::decode(&bytes), Err(CodecError::Tag { got: 2 }));
        bytes.truncate(policy);
        bytes[0] = 1;
        assert_eq!(Terms::decode(&bytes), Ok(terms()));
    }

    #[test]
    fn the_service_bond_pays_every_juror() {
        // b = ⌊1,125,000 · 0.8⌋ = 900,000
        assert_eq!(terms().service_bond_needed(), Ok(5 * 900_000));
        let with_k3 = Terms { committee: Committee { k1: 3, k2: 9, k3: Some(21) }, ..terms() };
        assert_eq!(with_k3.service_bond_needed(), Ok(30 * 900_000));
    }

    #[test]
    fn each_bound_is_kept() {
        let refused = |change: fn(&mut Terms)| {
            let mut terms = terms();
            change(&mut terms);
            match terms.check().unwrap_err() {
                TermsError::OutOfBounds { field, .. } => field,
                other => panic!("{other}"),
            }
        };
        assert_eq!(refused(|t| t.committee.k1 = 0), "k1");
        assert_eq!(refused(|t| t.committee.k1 = 8), "k1");
        assert_eq!(refused(|t| t.committee.k2 = 4), "k2");
        assert_eq!(refused(|t| t.committee.k2 = 16), "k2");
        assert_eq!(refused(|t| t.committee.k3 = Some(9)), "k3");
        assert_eq!(refused(|t| t.committee.k3 = Some(21)), "k3");
        assert_eq!(refused(|t| t.validator = Bps::saturating(999)), "validator_bps");
        assert_eq!(refused(|t| t.developer = Bps::saturating(3_001)), "developer_bps");
        assert_eq!(refused(|t| t.t_run = 0), "t_run");
        assert_eq!(refused(|t| t.t_run = MAX_T_RUN + 1), "t_run");
        assert_eq!(refused(|t| t.t_challenge = MAX_T_CHALLENGE + 1), "t_challenge");
        assert_eq!(refused(|t| t.max_input = 1), "max_input");
        assert_eq!(refused(|t| t.max_output = MAX_PAYLOAD + 1), "max_output");
        assert_eq!(refused(|t| t.max_fuel = 10 * FUEL_PER_SECOND + 1), "max_fuel");
        assert_eq!(refused(|t| t.price.per_call = 0), "per_call");
        assert_eq!(refused(|t| t.max_k1 = 2), "max_k1");
        assert_eq!(refused(|t| t.max_k1 = 8), "max_k1");
        assert_eq!(refused(|t| (t.policy, t.price.per_mfuel) = (Policy::Verify, 1)), "per_mfuel");
        assert_eq!(refused(|t| (t.policy, t.price.per_mfuel, t.t_run) = (Policy::Verify, 0, 14_401)), "t_run");
    }

    #[test]
    fn the_bounds_themselves_are_taken() {
        let taken = |change: fn(&mut Terms)| {
            let mut terms = terms();
            change(&mut terms);
            terms.seat_bond = terms.seat_bond_needed().unwrap();
            assert_eq!(terms.check(), Ok(()));
        };
        taken(|t| (t.committee, t.max_k1) = (Committee { k1: 1, k2: 3, k3: Some(6) }, 1));
        taken(|t| (t.committee, t.max_k1) = (Committee { k1: 7, k2: 15, k3: Some(31) }, 7));
        taken(|t| (t.committee, t.max_k1) = (Committee { k1: 3, k2: 5, k3: Some(20) }, 3));
        taken(|t| (t.validator, t.developer) = (Bps::saturating(1_000), Bps::saturating(0)));
        taken(|t| (t.validator, t.developer) = (Bps::saturating(10_000), Bps::saturating(3_000)));
        taken(|t| (t.t_run, t.t_challenge, t.max_fuel) = (1, 0, 200_000_000));
        taken(|t| (t.t_run, t.t_challenge, t.max_fuel) = (21_600, 86_400, 1));
        taken(|t| (t.policy, t.price.per_mfuel, t.t_run) = (Policy::Verify, 0, 14_400));
        taken(|t| (t.max_input, t.max_output) = (2, 2));
        taken(|t| (t.max_input, t.max_output) = (64 << 20, 64 << 20));
    }

    #[test]
    fn the_seat_bond_covers_the_dearest_slash() {
        let mut terms = terms();
        // a = 1,000,000 + 105·1,000 + 2,000·10 = 1,125,000
        assert_eq!(terms.seat_bond_needed(), Ok(20 * 1_125_000));
        terms.seat_bond = 20 * 1_125_000 - 1;
        assert_eq!(terms.check(), Err(TermsError::SeatBond { got: 22_499_999, needed: 22_500_000 }));
        terms.price.per_call = u128::MAX;
        assert!(matches!(terms.check(), Err(TermsError::Money(MoneyError::Overflow))));
    }

    #[test]
    fn a_miss_in_a_later_round_costs_what_section_3_says() {
        // ⌈1.25·21 / 4 / 0.8⌉ = ⌈8.2⌉ = 9
        assert_eq!(Committee { k1: 3, k2: 9, k3: Some(21) }.later_miss(), 9);
        assert_eq!(Committee { k1: 3, k2: 5, k3: None }.later_miss(), 2);
    }

    #[test]
    fn the_default_committee_needs_a_pool_of_36() {
        assert_eq!(Committee { k1: 3, k2: 9, k3: Some(21) }.pool_needed(), 36);
        assert_eq!(Committee { k1: 3, k2: 5, k3: None }.pool_needed(), 11);
    }
}
