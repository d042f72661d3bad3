//! The draw of committees (docs/mechanism.md 1.4). Pure in seed, epoch and pool: who asks, when and in which batch changes
//! nothing.

use std::collections::BTreeMap;

use cosmwasm_std::{Binary, to_json_binary};
use mesg_api::staking::query::{MAX_DRAW_POSITIONS, MAX_DRAWS};
use mesg_api::staking::{Candidate, Draw, DrawManyResponse, DrawOutcome, DrawRefusal};
use mesg_protocol::draw::{Pick, draw};
use mesg_protocol::ids::VersionId;
use mesg_protocol::sum_tree::CachedTree;

use super::pool_runners::Seated;
use super::{View, seats};
use crate::error::ContractError;
use crate::pool::Tree;
use crate::slots::Slot;

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
    let end = asked.offset.checked_add(asked.count).filter(|end| *end <= MAX_DRAW_POSITIONS);
    let Some(end) = end.filter(|_| asked.count > 0) else {
        return Ok(DrawOutcome::Refused(DrawRefusal::Positions));
    };
    let picks = draw(tree, asked.seed, end.into())?.into_iter().skip(asked.offset.into());
    let candidate = |Pick { slot, weight }| {
        let Slot { runner, key_no, .. } = seated.get(asked.version, slot)?;
        Ok(Candidate { runner, key_no, seats: seats(weight) })
    };
    picks.map(candidate).collect::<Result<_, ContractError>>().map(DrawOutcome::Candidates)
}
