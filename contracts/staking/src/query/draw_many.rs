//! The draw of committees (docs/mechanism.md 1.4). The order is pure in seed, epoch and pool: who asks, when and in which
//! batch changes nothing. Those who are jailed or tombstoned are left out of it, which moves nobody else.

use std::collections::BTreeMap;

use cosmwasm_std::{Binary, to_json_binary};
use mesg_api::staking::query::{MAX_DRAW_POSITIONS, MAX_DRAWS};
use mesg_api::staking::{Candidate, Draw, DrawManyResponse, DrawOutcome, DrawRefusal};
use mesg_protocol::draw::Pick;
use mesg_protocol::ids::VersionId;
use mesg_protocol::sum_tree::CachedTree;

use super::pool_runners::{Occupant, Seated};
use super::{View, seats};
use crate::error::ContractError;
use crate::pool::Tree;

/// Wanted so that the attempts of a draw, four for each, are as many as there are positions.
const WANTED: u32 = MAX_DRAW_POSITIONS as u32 / 4;

pub fn draw_many(view: &View<'_>, draws: &[Draw]) -> Result<Binary, ContractError> {
    let bound = |count: usize| u128::try_from(count).unwrap_or(u128::MAX);
    let (got, max) = (bound(draws.len()), bound(MAX_DRAWS));
    if got == 0 || got > max {
        return Err(ContractError::OutOfBounds { field: "draws", got, min: 1, max });
    }
    let mut seated = Seated::new(view);
    let mut outcomes: BTreeMap<usize, DrawOutcome> = BTreeMap::new();
    for ((version, epoch), group) in by_pool(draws) {
        let source = Tree { storage: view.deps.storage, version };
        let mut tree = CachedTree::new(&source, epoch);
        for (place, asked) in group {
            outcomes.insert(place, outcome(view, &mut tree, &mut seated, asked)?);
        }
    }
    Ok(to_json_binary(&DrawManyResponse { draws: outcomes.into_values().collect() })?)
}

/// The draws of each pool and epoch, by their place in the question: they share the nodes that they read.
fn by_pool(draws: &[Draw]) -> BTreeMap<(VersionId, u64), Vec<(usize, &Draw)>> {
    let mut groups: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for (place, draw) in draws.iter().enumerate() {
        groups.entry((draw.version, draw.epoch.u64())).or_default().push((place, draw));
    }
    groups
}

fn outcome(
    view: &View<'_>,
    tree: &mut CachedTree<'_, Tree<'_>>,
    seated: &mut Seated<'_>,
    asked: &Draw,
) -> Result<DrawOutcome, ContractError> {
    let epoch = asked.epoch.u64();
    if epoch != view.epoch && epoch.checked_add(1) != Some(view.epoch) {
        return Ok(DrawOutcome::Refused(DrawRefusal::Epoch));
    }
    let end = asked.offset.checked_add(asked.count);
    if asked.count == 0 || end.is_none_or(|end| end > MAX_DRAW_POSITIONS) {
        return Ok(DrawOutcome::Refused(DrawRefusal::Positions));
    }
    let mut draw = mesg_protocol::draw::Draw::new(asked.seed, WANTED);
    let mut candidates = Vec::new();
    for position in 0..MAX_DRAW_POSITIONS {
        if candidates.len() >= asked.count.into() {
            break;
        }
        let Some(Pick { slot, weight }) = draw.pick(tree)? else { break };
        if position >= asked.offset {
            let Occupant { runner, key_no, excluded } = seated.now(asked.version, slot)?;
            if !excluded {
                candidates.push(Candidate { runner, key_no, seats: seats(weight), position });
            }
        }
    }
    Ok(DrawOutcome::Candidates(candidates))
}
