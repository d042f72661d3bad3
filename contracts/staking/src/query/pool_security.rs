//! How concentrated a pool is (docs/mechanism.md 2.1).

use std::collections::BTreeMap;

use cosmwasm_std::{Binary, to_json_binary};
use mesg_api::staking::query::MAX_SECURITY_RUNNERS;
use mesg_api::staking::{OwnerShare, POOLS, PoolSecurityResponse};
use mesg_protocol::ids::VersionId;
use mesg_protocol::sum_tree::{CachedTree, Heaviest};

use super::View;
use super::pool_runners::Seated;
use crate::error::ContractError;
use crate::pool::Tree;
use crate::state;

/// Parts of one whole in which shares are multiplied.
const ONE: u128 = 1_000_000_000_000_000_000;
/// Of those in one part per billion.
const PER_PPB: u128 = 1_000_000_000;

pub fn pool_security(view: &View<'_>, version: VersionId, k1: u8) -> Result<Binary, ContractError> {
    if !(1..=7).contains(&k1) {
        return Err(ContractError::OutOfBounds { field: "k1", got: k1.into(), min: 1, max: 7 });
    }
    let header = POOLS.may_load(view.deps.storage, version)?.unwrap_or_default();
    let (owners, complete) = seats_by_owner(view, version)?;
    let all = header.at(view.epoch).unwrap_or_default().seats;
    Ok(to_json_binary(&PoolSecurityResponse {
        largest: largest(&owners, all, k1),
        owners: u32::try_from(owners.len()).unwrap_or(u32::MAX),
        complete,
    })?)
}

/// Seats of each owner, most first, and whether those are all. Slots that weigh nothing cost nothing: whoever takes and
/// leaves thousands of them hides nobody.
fn seats_by_owner(view: &View<'_>, version: VersionId) -> Result<(Vec<u64>, bool), ContractError> {
    let tree = Tree { storage: view.deps.storage, version };
    let Heaviest { slots, complete } = CachedTree::new(&tree, view.epoch).heaviest(MAX_SECURITY_RUNNERS)?;
    let mut seated = Seated::new(view);
    let mut owners: BTreeMap<Vec<u8>, u64> = BTreeMap::new();
    for (slot, seats) in slots {
        let row = state::runner(view.deps.storage, seated.get(version, slot)?.runner)?;
        let sum = owners.entry(row.owner.to_vec()).or_default();
        *sum = sum.saturating_add(seats);
    }
    let mut seats: Vec<u64> = owners.into_values().collect();
    seats.sort_unstable_by(|a, b| b.cmp(a));
    Ok((seats, complete))
}

/// Shares of the first 1, 2 and 3 of `owners` in `all` seats.
fn largest(owners: &[u64], all: u64, k1: u8) -> Vec<OwnerShare> {
    let mut held: u64 = 0;
    let share = |(count, seats): (u8, &u64)| {
        held = held.saturating_add(*seats);
        let share = u128::from(held).saturating_mul(ONE).div_ceil(u128::from(all.max(1))).min(ONE);
        let committee = (0..k1).fold(share, |product, _| product.saturating_mul(share).div_ceil(ONE));
        OwnerShare { owners: count, share_ppb: ppb(share), committee_ppb: ppb(committee) }
    };
    (1..=3).zip(owners).map(share).collect()
}

fn ppb(parts: u128) -> u32 {
    u32::try_from(parts.div_ceil(PER_PPB)).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(owners: u8, share_ppb: u32, committee_ppb: u32) -> OwnerShare {
        OwnerShare { owners, share_ppb, committee_ppb }
    }

    #[test]
    fn shares_and_committees_of_the_largest_three() {
        // .2^4 = .0016, .3^4 = .0081, .4^4 = .0256
        let expected =
            [share(1, 200_000_000, 1_600_000), share(2, 300_000_000, 8_100_000), share(3, 400_000_000, 25_600_000)];
        assert_eq!(largest(&[20, 10, 10, 10], 100, 3), expected);
    }

    #[test]
    fn attack_02_a_pool_of_one_owner_is_its_committee() {
        assert_eq!(largest(&[7], 7, 7), [share(1, 1_000_000_000, 1_000_000_000)]);
        assert_eq!(largest(&[], 0, 3), []);
    }

    #[test]
    fn shares_are_rounded_up() {
        assert_eq!(largest(&[1], 3, 1), [share(1, 333_333_334, 111_111_112)]);
    }
}
