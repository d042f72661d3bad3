//! One runner with everything about it.

use cosmwasm_std::{Binary, StdError, Uint64, Uint128, to_json_binary};
use mesg_api::staking::{KEYS, RunnerResponse, RunnerRow, ServedVersion, UnbondingEntry};
use mesg_protocol::ids::{RunnerId, VersionId};
use mesg_protocol::score::Exclusion;
use mesg_protocol::sum_tree::weight_at;

use super::{View, seats};
use crate::error::ContractError;
use crate::pool::Tree;
use crate::state::{self, ENDPOINTS, UnbondingEntries};

pub fn runner(view: &View<'_>, runner: RunnerId) -> Result<Binary, ContractError> {
    Ok(to_json_binary(&response(view, runner)?)?)
}

/// The runner as answered.
pub fn response(view: &View<'_>, runner: RunnerId) -> Result<RunnerResponse, ContractError> {
    let (storage, api) = (view.deps.storage, view.deps.api);
    let row = state::runner(storage, runner)?;
    let key = KEYS.may_load(storage, (runner, row.key_no))?.ok_or_else(|| StdError::not_found("attestation key"))?;
    Ok(RunnerResponse {
        runner,
        service: row.service,
        owner: api.addr_humanize(&row.owner)?,
        operator: api.addr_humanize(&row.operator)?,
        key_no: row.key_no,
        attestation_key: key.0.into(),
        endpoint: ENDPOINTS.load(storage, runner.0)?,
        tokens: Uint128::new(row.stake.tokens),
        active: Uint128::new(row.stake.active_value()),
        active_shares: Uint128::new(row.stake.active),
        dead: row.stake.is_dead(),
        jailed_until: jailed_until(&row),
        tombstoned: row.exclusion == Some(Exclusion::Tombstone),
        unbonding: unbonding(view, runner, &row)?,
        versions: row.versions.iter().map(|(version, slot)| served(view, *version, *slot)).collect::<Result<_, _>>()?,
    })
}

const fn jailed_until(row: &RunnerRow) -> Option<Uint64> {
    match row.exclusion {
        Some(Exclusion::Jail { until }) => Some(Uint64::new(until)),
        _ => None,
    }
}

fn unbonding(view: &View<'_>, runner: RunnerId, row: &RunnerRow) -> Result<Vec<UnbondingEntry>, ContractError> {
    let entries = UnbondingEntries::load(view.deps.storage, runner)?.0.into_iter();
    let entry = |entry: state::UnbondingEntry| UnbondingEntry {
        shares: Uint128::new(entry.shares),
        value: Uint128::new(row.stake.value(entry.shares)),
        release_time: Uint64::new(entry.release_time),
        release_height: Uint64::new(entry.release_height),
    };
    Ok(entries.map(entry).collect())
}

fn served(view: &View<'_>, version: VersionId, slot: u32) -> Result<ServedVersion, ContractError> {
    let tree = Tree { storage: view.deps.storage, version };
    Ok(ServedVersion {
        version,
        slot,
        seats_now: seats(weight_at(&tree, view.epoch, slot)?),
        seats_next: seats(weight_at(&tree, view.epoch.saturating_add(1), slot)?),
    })
}
