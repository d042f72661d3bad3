//! Block producers: what is held for them, pots, members, claims.

use cosmwasm_std::{Binary, StdError, StdResult, Uint64, Uint128, to_json_binary};
use mesg_api::staking::{
    ProducerClaim, ProducerClaimsResponse, ProducerMember, ProducerMembersResponse, ProducerPotResponse,
    ProducersResponse,
};
use mesg_protocol::producers::{Account, Book, Members, Pot, ProducersError, last_claim, place_of};

use super::{View, page};
use crate::error::ContractError;
use crate::state::{MEMBERS, POTS, PRODUCERS};

pub fn producers(view: &View<'_>) -> Result<Binary, ContractError> {
    let book = book(view)?;
    Ok(to_json_binary(&ProducersResponse {
        epoch_secs: view.config.producer_epoch_secs,
        epoch: Uint64::new(view.producer_epoch),
        next: Uint64::new(book.next),
        pots: Uint128::new(book.pots),
        carried: Uint128::new(book.carried),
        claimable: book.claimable(view.producer_epoch).map(Uint64::new).collect(),
    })?)
}

pub fn producer_pot(view: &View<'_>, epoch: Uint64) -> Result<Binary, ContractError> {
    let pot = pot(view, checked(view, epoch)?)?;
    Ok(to_json_binary(&ProducerPotResponse {
        epoch,
        share: Uint128::new(pot.share()),
        members: pot.members(),
        claims: pot.claims(),
        left: Uint128::new(pot.left()),
        until: until(view, epoch.u64()),
    })?)
}

pub fn producer_members(
    view: &View<'_>,
    epoch: Uint64,
    start_after: Option<u16>,
    limit: Option<u32>,
) -> Result<Binary, ContractError> {
    let epoch = checked(view, epoch)?;
    let (pot, members) = (pot(view, epoch)?, members(view, epoch)?);
    let first = start_after.map_or(0, |number| number.saturating_add(1));
    let limit = usize::try_from(page(limit)).unwrap_or(0);
    let row = |(number, account): (u16, &Account)| {
        let address = view.deps.api.addr_humanize(&account.as_slice().into())?;
        Ok(ProducerMember { number, account: address, claimed: pot.has_claimed(number) })
    };
    let rows = (0u16..).zip(members.accounts()).skip(first.into()).take(limit);
    Ok(to_json_binary(&ProducerMembersResponse { members: rows.map(row).collect::<StdResult<_>>()? })?)
}

pub fn producer_claims(view: &View<'_>, account: &str) -> Result<Binary, ContractError> {
    let account = view.deps.api.addr_canonicalize(view.deps.api.addr_validate(account)?.as_str())?;
    let mut answer = ProducerClaimsResponse { claims: vec![], total: Uint128::zero() };
    let Ok(account) = Account::try_from(account.as_slice()) else { return Ok(to_json_binary(&answer)?) };
    for epoch in book(view)?.claimable(view.producer_epoch) {
        let Some(number) = members(view, epoch)?.number(&account) else { continue };
        let pot = pot(view, epoch)?;
        if !pot.has_claimed(number) {
            let amount = Uint128::new(pot.share());
            answer.total = answer.total.checked_add(amount).map_err(|_| ProducersError::Broken)?;
            answer.claims.push(ProducerClaim { epoch: Uint64::new(epoch), amount, until: until(view, epoch) });
        }
    }
    Ok(to_json_binary(&answer)?)
}

fn book(view: &View<'_>) -> StdResult<Book> {
    Ok(PRODUCERS.may_load(view.deps.storage, ())?.unwrap_or_default())
}

/// The epoch, if its pot can be claimed.
fn checked(view: &View<'_>, epoch: Uint64) -> Result<u64, ContractError> {
    book(view)?.check_claim(epoch.u64(), view.producer_epoch)?;
    Ok(epoch.u64())
}

fn pot(view: &View<'_>, epoch: u64) -> StdResult<Pot> {
    POTS.may_load(view.deps.storage, place_of(epoch))?.ok_or_else(|| StdError::not_found("pot"))
}

fn members(view: &View<'_>, epoch: u64) -> StdResult<Members> {
    MEMBERS.may_load(view.deps.storage, place_of(epoch))?.ok_or_else(|| StdError::not_found("members"))
}

/// End of the last epoch in which the pot of `epoch` can be claimed.
fn until(view: &View<'_>, epoch: u64) -> Uint64 {
    let length = u64::from(view.config.producer_epoch_secs);
    Uint64::new(last_claim(epoch).saturating_add(1).saturating_mul(length))
}
