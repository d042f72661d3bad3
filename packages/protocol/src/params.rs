//! Market parameters: numbered rows; an execution keeps the row it was requested under (6).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::bps::Bps;
use crate::codec::{CodecError, Reader, Record, Writer};
use crate::terms::bps;

/// What is paid from κ to who turns the crank, in base units; absolute amounts (4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tips {
    /// To the sender of the `Tick` in the window that confirms a binding.
    pub tick: u128,
    /// To the sender of the `SubmitBeacon` that seats the execution.
    pub beacon: u128,
    /// To the sender of the `SubmitBeacon` or `Seat` that seats the execution.
    pub seat: u128,
    /// To the sender of a certificate of all seats.
    pub certify: u128,
    /// To the sender of the message that ends the execution.
    pub settle: u128,
}

impl Tips {
    /// κ: all tips of one pass.
    pub const fn kappa(&self) -> u128 {
        let drawn = self.tick.saturating_add(self.beacon).saturating_add(self.seat);
        drawn.saturating_add(self.certify).saturating_add(self.settle)
    }
}

/// One row of market parameters. Times in seconds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Params {
    /// Least distance from a request to the round it is bound to (MARGIN).
    pub margin: u32,
    /// Longest stay in the Queued phase (T_QUEUE).
    pub t_queue: u32,
    /// Window for openings (T_open).
    pub t_open: u32,
    /// One publishing slot (T_publish).
    pub t_publish: u32,
    /// Added to 2·t_run for the window of work (WORK_SLACK).
    pub work_slack: u32,
    /// Longest average block time; deadlines in blocks are T / BLOCK_MAX_AVG rounded up.
    pub block_max_avg: u32,
    /// Block producers' share of a + k1·b.
    pub producers: Bps,
    /// Share of a + k1·b that is burned.
    pub burn: Bps,
    /// Share of the penalty pot that is always burned.
    pub pot_burn: Bps,
    /// Share of a pool's seats that may be reserved or open.
    pub gate: Bps,
    /// Least `per_call` that is taken.
    pub gas_floor: u128,
    /// Tips.
    pub tips: Tips,
}

/// A parameter outside its coded bounds.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[error("parameter {field} is {got}, must be {min} to {max}")]
pub struct ParamOutOfBounds {
    /// Its name.
    #[serde(skip)]
    pub field: &'static str,
    /// The refused value.
    pub got: u64,
    /// Smallest value taken.
    pub min: u64,
    /// Largest value taken.
    pub max: u64,
}

/// Seconds that T_QUEUE leaves at least after the latest round that a request can be bound to, to show its signature.
const SHOWN_WITHIN: u32 = 6;

impl Params {
    /// Refuses values outside the bounds of section 6; `epoch` is the length of an epoch and `period` the time from one
    /// round of the beacon to the next, in seconds. A round is less than `margin + period` after its request.
    pub fn check(&self, epoch: u32, period: u64) -> Result<(), ParamOutOfBounds> {
        let within = |field: &'static str, got: u32, min: u32, max: u32| {
            let bad = ParamOutOfBounds { field, got: got.into(), min: min.into(), max: max.into() };
            if got < min || got > max { Err(bad) } else { Ok(()) }
        };
        let floor = self.block_max_avg.saturating_mul(12);
        let latest = self.margin.saturating_add(u32::try_from(period).unwrap_or(u32::MAX));
        within("margin", self.margin, 9, 120)?;
        within("t_queue", self.t_queue, latest.saturating_add(SHOWN_WITHIN), epoch.saturating_sub(self.margin))?;
        within("block_max_avg", self.block_max_avg, 1, 60)?;
        within("t_open", self.t_open, floor, 3600)?;
        within("t_publish", self.t_publish, floor, 3600)?;
        within("work_slack", self.work_slack, 5, 300)?;
        let protocol = u32::from(self.producers.get()).saturating_add(self.burn.get().into());
        within("producers + burn", protocol, 100, 1500)?;
        within("pot_burn", self.pot_burn.get().into(), 1000, 10_000)?;
        within("gate", self.gate.get().into(), 3000, 7000)
    }
}

/// Layout 1, of version 0.1.0, has no tip for certificates: it is 0.
const LAYOUT: u8 = 2;

impl Record for Params {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        for seconds in [self.margin, self.t_queue, self.t_open, self.t_publish, self.work_slack, self.block_max_avg] {
            out.int(seconds);
        }
        for share in [self.producers, self.burn, self.pot_burn, self.gate] {
            out.int(share.get());
        }
        let Tips { tick, beacon, seat, certify, settle } = self.tips;
        for amount in [self.gas_floor, tick, beacon, seat, settle, certify] {
            out.int(amount);
        }
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        let layout = input.layout(LAYOUT)?;
        let mut params = Self {
            margin: input.int()?,
            t_queue: input.int()?,
            t_open: input.int()?,
            t_publish: input.int()?,
            work_slack: input.int()?,
            block_max_avg: input.int()?,
            producers: bps(input)?,
            burn: bps(input)?,
            pot_burn: bps(input)?,
            gate: bps(input)?,
            gas_floor: input.int()?,
            tips: Tips {
                tick: input.int()?,
                beacon: input.int()?,
                seat: input.int()?,
                certify: 0,
                settle: input.int()?,
            },
        };
        if layout > 1 {
            params.tips.certify = input.int()?;
        }
        Ok(params)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::beacon::BeaconParams;

    /// The defaults of section 6.
    pub(crate) fn params() -> Params {
        Params {
            margin: 24,
            t_queue: 900,
            t_open: 300,
            t_publish: 120,
            work_slack: 60,
            block_max_avg: 10,
            producers: Bps::saturating(500),
            burn: Bps::saturating(300),
            pot_burn: Bps::saturating(2000),
            gate: Bps::saturating(5000),
            gas_floor: 1,
            tips: Tips { tick: 1, beacon: 2, seat: 3, certify: 0, settle: 4 },
        }
    }

    #[test]
    fn defaults_pass_and_come_back_from_bytes() {
        params().check(1200, 3).unwrap();
        assert_eq!(Params::decode(&params().encode()), Ok(params()));
        assert_eq!(params().tips.kappa(), 10);
    }

    #[test]
    fn rows_of_the_first_layout_pay_nothing_for_certificates() {
        let tips = Tips { certify: 5, ..params().tips };
        assert_eq!(tips.kappa(), 15);
        let row = Params { tips, ..params() };
        let mut bytes = row.encode();
        assert_eq!(Params::decode(&bytes), Ok(row));
        assert_eq!((bytes[0], bytes.pop()), (2, Some(5)), "the new tip is last");
        bytes[0] = 1;
        assert_eq!(Params::decode(&bytes), Ok(params()));
    }

    #[test]
    fn each_bound_is_kept() {
        let refused = |change: fn(&mut Params)| {
            let mut params = params();
            change(&mut params);
            params.check(1200, 3).unwrap_err().field
        };
        assert_eq!(refused(|p| p.margin = 8), "margin");
        assert_eq!(refused(|p| p.margin = 121), "margin");
        assert_eq!(refused(|p| p.t_queue = 32), "t_queue");
        assert_eq!(refused(|p| p.t_queue = 1177), "t_queue");
        assert_eq!(refused(|p| p.block_max_avg = 0), "block_max_avg");
        assert_eq!(refused(|p| p.t_open = 119), "t_open");
        assert_eq!(refused(|p| p.t_publish = 3601), "t_publish");
        assert_eq!(refused(|p| p.work_slack = 4), "work_slack");
        assert_eq!(refused(|p| p.burn = Bps::saturating(1001)), "producers + burn");
        assert_eq!(refused(|p| p.pot_burn = Bps::saturating(999)), "pot_burn");
        assert_eq!(refused(|p| p.gate = Bps::saturating(7001)), "gate");
    }

    #[test]
    fn the_queue_has_room_for_the_latest_round() {
        for (period, least) in [(1, 31), (3, 33), (60, 90), (u64::MAX, u64::from(u32::MAX))] {
            let check = |t_queue| Params { t_queue, ..params() }.check(1200, period);
            let (field, got, max) = ("t_queue", least - 1, 1176);
            let refused = ParamOutOfBounds { field, got, min: least, max };
            assert_eq!(check(u32::try_from(least - 1).unwrap()), Err(refused));
            if period < u64::MAX {
                assert_eq!(check(u32::try_from(least).unwrap()), Ok(()));
            }
        }
    }

    /// What the bound comes from: however requests and rounds meet, as much time is left after the round.
    #[test]
    fn the_latest_round_is_found_by_trying_all() {
        for period in [1, 3, 5, 60] {
            let beacon = BeaconParams { no: 0, genesis: 1_000, period };
            let ahead = |time: u64| beacon.time_of(beacon.round_at_or_after(time + u64::from(params().margin))) - time;
            let latest = (2_000..2_000 + period).map(ahead).max().unwrap();
            assert_eq!(latest, u64::from(params().margin) + period - 1);
        }
    }

    #[test]
    fn the_bounds_themselves_are_taken() {
        let taken = |change: fn(&mut Params)| {
            let mut params = params();
            change(&mut params);
            assert_eq!(params.check(1200, 3), Ok(()));
        };
        taken(|p| (p.margin, p.t_queue) = (9, 18));
        taken(|p| (p.margin, p.t_queue) = (120, 1080));
        taken(|p| (p.block_max_avg, p.t_open, p.t_publish) = (1, 12, 12));
        taken(|p| (p.block_max_avg, p.t_open, p.t_publish) = (60, 3600, 3600));
        taken(|p| (p.work_slack, p.pot_burn, p.gate) = (5, Bps::saturating(1000), Bps::saturating(3000)));
        taken(|p| (p.work_slack, p.pot_burn, p.gate) = (300, Bps::saturating(10_000), Bps::saturating(7000)));
        taken(|p| (p.producers, p.burn) = (Bps::saturating(0), Bps::saturating(100)));
        taken(|p| (p.producers, p.burn) = (Bps::saturating(1000), Bps::saturating(500)));
    }
}
