//! Single records: purse, runner, version, service bond, ledger, randomness.

use cosmwasm_std::{Deps, StdResult, Uint64};
use mesg_api::market::{
    LedgerResponse, PurseResponse, RandResponse, RunnerAccountResponse, ServiceBondResponse, VersionResponse,
};
use mesg_protocol::beacon::Round;
use mesg_protocol::ids::{RunnerId, ServiceId, VersionId};

use super::{deadline, load_book};
use crate::ledger::Bucket;
use crate::state::{BONDS, PURSES, PurseKey, RANDS, RUNNERS, VERSIONS};

pub fn purse(deps: Deps, account: &str, sub: u32) -> StdResult<PurseResponse> {
    let account = deps.api.addr_validate(account)?;
    let account = deps.api.addr_canonicalize(account.as_str())?.to_vec();
    let purse = PURSES.may_load(deps.storage, &PurseKey { account, sub })?.unwrap_or_default();
    Ok(PurseResponse { balance: purse.balance.into(), open: purse.open })
}

pub fn runner(deps: Deps, runner: RunnerId) -> StdResult<RunnerAccountResponse> {
    let account = RUNNERS.may_load(deps.storage, runner)?.unwrap_or_default();
    Ok(RunnerAccountResponse {
        open: account.open,
        earned: account.earned.into(),
        completed: account.completed,
        missed: account.missed,
        points: account.score.points(),
        jailed_until: account.score.jailed_until().map(Into::into),
        tombstoned: account.score.is_tombstoned(),
    })
}

pub fn version(deps: Deps, version: VersionId) -> StdResult<VersionResponse> {
    let account = VERSIONS.may_load(deps.storage, version)?.unwrap_or_default();
    Ok(VersionResponse {
        taken: account.taken,
        earned: account.earned.into(),
        finalized: account.finalized,
        failed: account.failed,
        refunded: account.refunded,
        escalated: account.escalated,
        missed: account.missed,
    })
}

pub fn service_bond(deps: Deps, service: ServiceId) -> StdResult<ServiceBondResponse> {
    let bond = BONDS.may_load(deps.storage, service)?.unwrap_or_default();
    Ok(ServiceBondResponse { bond: bond.amount.into(), release: bond.release.map(deadline), paused: bond.paused })
}

pub fn ledger(deps: Deps) -> StdResult<LedgerResponse> {
    let ledger = load_book(deps)?.ledger;
    let of = |bucket| ledger.of(bucket).into();
    Ok(LedgerResponse {
        purses: of(Bucket::Purses),
        escrow: of(Bucket::Escrow),
        pots: of(Bucket::Pots),
        runners: of(Bucket::Runners),
        developers: of(Bucket::Developers),
        bonds: of(Bucket::Bonds),
        producers: of(Bucket::Producers),
        burn: of(Bucket::Burn),
        challenges: of(Bucket::Challenges),
    })
}

pub fn rand(deps: Deps, beacon: u8, round: Uint64) -> StdResult<RandResponse> {
    let round = Round::new(beacon, round.u64());
    Ok(RandResponse { rand: RANDS.may_load(deps.storage, round.to_u64())?.map(|rand| rand.0) })
}
