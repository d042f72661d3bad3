//! Market parameters in messages and responses.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::Uint128;
use mesg_protocol::bps::Bps;
use mesg_protocol::params::{Params, Tips};

/// One row of market parameters; times in seconds, bounds in docs/mechanism.md (6).
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct ParamsMsg {
    /// MARGIN, 9 to 120.
    pub margin: u32,
    /// T_QUEUE, margin + 9 to epoch − margin.
    pub t_queue: u32,
    /// T_open, 12 · block_max_avg to 3,600.
    pub t_open: u32,
    /// T_publish, 12 · block_max_avg to 3,600.
    pub t_publish: u32,
    /// WORK_SLACK, 5 to 300.
    pub work_slack: u32,
    /// BLOCK_MAX_AVG, 1 to 60.
    pub block_max_avg: u32,
    /// Block producers' share of a + k1·b; with `burn_bps` 100 to 1,500.
    pub producers_bps: Bps,
    /// Burned share of a + k1·b.
    pub burn_bps: Bps,
    /// Share of a penalty pot that is always burned, at least 1,000.
    pub pot_burn_bps: Bps,
    /// Share of a pool's seats that may be reserved or open, 3,000 to 7,000.
    pub gate_bps: Bps,
    /// Least `per_call` taken.
    pub gas_floor: Uint128,
    /// Tips from κ.
    pub tips: TipsMsg,
}

/// Tips in base units.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct TipsMsg {
    /// For the tick that confirms a binding.
    pub tick: Uint128,
    /// For the beacon that seats an execution.
    pub beacon: Uint128,
    /// For seating it.
    pub seat: Uint128,
    /// For a certificate of all its seats.
    pub certify: Uint128,
    /// For ending it.
    pub settle: Uint128,
}

impl From<ParamsMsg> for Params {
    fn from(msg: ParamsMsg) -> Self {
        Self {
            margin: msg.margin,
            t_queue: msg.t_queue,
            t_open: msg.t_open,
            t_publish: msg.t_publish,
            work_slack: msg.work_slack,
            block_max_avg: msg.block_max_avg,
            producers: msg.producers_bps,
            burn: msg.burn_bps,
            pot_burn: msg.pot_burn_bps,
            gate: msg.gate_bps,
            gas_floor: msg.gas_floor.u128(),
            tips: Tips {
                tick: msg.tips.tick.u128(),
                beacon: msg.tips.beacon.u128(),
                seat: msg.tips.seat.u128(),
                certify: msg.tips.certify.u128(),
                settle: msg.tips.settle.u128(),
            },
        }
    }
}

impl From<Params> for ParamsMsg {
    fn from(params: Params) -> Self {
        Self {
            margin: params.margin,
            t_queue: params.t_queue,
            t_open: params.t_open,
            t_publish: params.t_publish,
            work_slack: params.work_slack,
            block_max_avg: params.block_max_avg,
            producers_bps: params.producers,
            burn_bps: params.burn,
            pot_burn_bps: params.pot_burn,
            gate_bps: params.gate,
            gas_floor: params.gas_floor.into(),
            tips: TipsMsg {
                tick: params.tips.tick.into(),
                beacon: params.tips.beacon.into(),
                seat: params.tips.seat.into(),
                certify: params.tips.certify.into(),
                settle: params.tips.settle.into(),
            },
        }
    }
}
