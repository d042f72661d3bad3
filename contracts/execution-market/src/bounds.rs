//! Bounds of what the market is instantiated with and what governance may make of it (1.1, 6).

use cosmwasm_std::{Api, BLS12_381_G1_GENERATOR, Binary, QuerierWrapper};
use mesg_api::market::{BeaconMsg, PARAMS};
use mesg_api::staking::StakingClient;
use mesg_protocol::beacon::BeaconParams;
use mesg_protocol::params::Params;
use mesg_protocol::price_change::SLOWEST_BLOCK;
use mesg_protocol::unbonding::least_unbonding;

use crate::error::ContractError;
use crate::session::Session;
use crate::state::{Beacon, Config};

/// Length of a compressed point of G2.
const G2_BYTES: usize = 96;

/// Longest time between two rounds, in seconds; that T_QUEUE has room for one is checked with the parameters.
const MAX_PERIOD: u64 = 60;

/// How long after a market is made the first round of its beacon may come, in seconds: one day, for the preparations of a
/// network. What is later is no time in seconds.
const FIRST_ROUND: u64 = 86_400;

/// Refuses parameters outside their coded bounds, and such under which unbonding stake could leave before what it
/// answers for is over: in time, or in blocks, of which no deadline may need more than staking counts for as many
/// seconds.
pub fn check_params(config: &Config, querier: &QuerierWrapper, params: &Params) -> Result<(), ContractError> {
    params.check(config.epoch_secs, config.beacon.period)?;
    let counted = StakingClient { staking: &config.staking }.config(querier)?.block_max_avg;
    within("block_max_avg", params.block_max_avg.into(), counted.into(), SLOWEST_BLOCK.into())?;
    let (unbonding, needed) = (config.unbonding_secs.into(), least_unbonding(params));
    if unbonding < needed { Err(ContractError::UnbondingTooShort { unbonding, needed }) } else { Ok(()) }
}

/// Refuses a beacon whose rounds the queue has no room for under the parameters in force.
pub fn check_period(session: &Session<'_>, period: u64) -> Result<(), ContractError> {
    let params = PARAMS.may_load(session.storage, session.book.params)?.ok_or(ContractError::Nothing)?;
    Ok(params.check(session.config.epoch_secs, period)?)
}

/// The first beacon of a market that is made at `now`.
pub fn first_beacon(api: &dyn Api, msg: BeaconMsg, now: u64) -> Result<Beacon, ContractError> {
    check_beacon(api, msg, now.saturating_add(FIRST_ROUND))
}

/// The beacon of a message, whose number is given when it comes into force. Its first round must not be later than
/// `latest`.
pub fn check_beacon(api: &dyn Api, msg: BeaconMsg, latest: u64) -> Result<Beacon, ContractError> {
    check_key(api, &msg.public_key)?;
    let schedule = BeaconParams { no: 0, genesis: msg.genesis.u64(), period: msg.period.u64() };
    within("period", schedule.period, 1, MAX_PERIOD)?;
    within("genesis", schedule.genesis, 0, latest)?;
    Ok(Beacon { schedule, key: msg.public_key.into() })
}

fn within(field: &'static str, got: u64, min: u64, max: u64) -> Result<(), ContractError> {
    let bad = ContractError::OutOfBounds { field, got: got.into(), min: min.into(), max: max.into() };
    if got < min || got > max { Err(bad) } else { Ok(()) }
}

/// The key must be a point of G2 other than infinity: e(G1, key) = e(G1, key) fails for anything else.
fn check_key(api: &dyn Api, key: &Binary) -> Result<(), ContractError> {
    let point = key.len() == G2_BYTES && key.first().is_some_and(|first| first & 0xc0 == 0x80);
    let generator = BLS12_381_G1_GENERATOR;
    let paired = point.then(|| api.bls12_381_pairing_equality(&generator, key, &generator, key));
    if paired.is_some_and(|paired| paired.is_ok_and(|equal| equal)) { Ok(()) } else { Err(ContractError::BeaconKey) }
}
