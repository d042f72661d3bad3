//! `SubmitBeacon`: the signature of a round that an execution waits for (1.1, 1.2).

use cosmwasm_std::{BLS12_381_G2_GENERATOR, HashFunction, Uint64};
use mesg_api::market::MarketEvent;
use mesg_protocol::beacon::{randomness, round_message};
use mesg_protocol::execution::Phase;
use mesg_protocol::ids::ExecutionId;

use super::seat::seat_all;
use crate::error::{ContractError, ItemError};
use crate::session::Session;
use crate::state::{BEACON_KEY, RANDS, Rand};

/// Domain separation tag of drand's unchained scheme in G1.
const DST: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// Verifies and stores the round's signature, unless it is known, and seats executions.
pub fn submit_beacon(
    session: &mut Session<'_>,
    round: u64,
    signature: &[u8],
    executions: Vec<Uint64>,
) -> Result<(), ContractError> {
    check_awaited(session, round, &executions)?;
    let known = session.rand(round)?.is_some();
    if !known {
        verify(session, round, signature)?;
        let rand = randomness(signature);
        RANDS.save(session.storage, round, &Rand(rand));
        session.learn_rand(round, rand);
        session.emit(MarketEvent::BeaconStored { round, rand });
    }
    seat_all(session, executions, (!known).then_some(round))
}

/// Only rounds that an execution waits for are worth storing.
fn check_awaited(session: &mut Session<'_>, round: u64, executions: &[Uint64]) -> Result<(), ContractError> {
    for id in executions.iter().take(mesg_api::market::MAX_SEAT) {
        match session.execution(ExecutionId(id.u64())) {
            Ok(execution) => {
                if matches!(execution.phase, Phase::Queued { binding, .. } if binding.round == round) {
                    return Ok(());
                }
            }
            Err(ItemError::Refused(_)) => {}
            Err(ItemError::Fault(fault)) => return Err(fault),
        }
    }
    Err(ContractError::NotAwaited { round })
}

fn verify(session: &Session<'_>, round: u64, signature: &[u8]) -> Result<(), ContractError> {
    let bad = || ContractError::BeaconSignature { round };
    let key = BEACON_KEY.may_load(session.storage, ())?.ok_or(ContractError::BeaconKey)?;
    let hash = session.api.bls12_381_hash_to_g1(HashFunction::Sha256, &round_message(round).0, DST);
    let hash = hash.map_err(|_| bad())?;
    let equal = session.api.bls12_381_pairing_equality(signature, &BLS12_381_G2_GENERATOR, &hash, &key.0);
    if equal.is_ok_and(|equal| equal) { Ok(()) } else { Err(bad()) }
}
