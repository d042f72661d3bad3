//! `SubmitBeacon`: the signature of a round that an execution waits for (1.1, 1.2).

use cosmwasm_std::{BLS12_381_G2_GENERATOR, HashFunction, Uint64};
use mesg_api::market::MarketEvent;
use mesg_protocol::beacon::{Round, randomness, round_message};
use mesg_protocol::execution::Phase;
use mesg_protocol::ids::ExecutionId;

use super::seat::seat_all;
use crate::error::{ContractError, ItemError};
use crate::session::Session;
use crate::state::{RANDS, Rand};

/// Domain separation tag of drand's unchained scheme in G1.
const DST: &[u8] = b"BLS_SIG_BLS12381G1_XMD:SHA-256_SSWU_RO_NUL_";

/// Verifies and stores the round's signature, unless it is known, and seats executions.
pub fn submit_beacon(
    session: &mut Session<'_>,
    number: u64,
    signature: &[u8],
    executions: Vec<Uint64>,
) -> Result<(), ContractError> {
    let round = awaited(session, number, &executions)?;
    let known = session.rand(round)?.is_some();
    if !known {
        verify(session, round, signature)?;
        let rand = randomness(signature);
        RANDS.save(session.storage, round.to_u64(), &Rand(rand));
        session.learn_rand(round, rand);
        session.emit(MarketEvent::BeaconStored { beacon: round.beacon(), round: number, rand });
    }
    seat_all(session, executions, (!known).then_some(round))
}

/// Only rounds that an execution waits for are worth storing; the first execution bound to a round of this number
/// tells whose round it is.
fn awaited(session: &mut Session<'_>, number: u64, executions: &[Uint64]) -> Result<Round, ContractError> {
    for id in executions.iter().take(mesg_api::market::MAX_SEAT) {
        match session.execution(ExecutionId(id.u64())) {
            Ok(execution) => {
                if let Phase::Queued { binding, .. } = execution.phase
                    && binding.round.number() == number
                {
                    return Ok(binding.round);
                }
            }
            Err(ItemError::Refused(_)) => {}
            Err(ItemError::Fault(fault)) => return Err(fault),
        }
    }
    Err(ContractError::NotAwaited { round: number })
}

/// The signature must be the round's under the key of its own beacon, whichever is in force now.
fn verify(session: &Session<'_>, round: Round, signature: &[u8]) -> Result<(), ContractError> {
    let bad = || ContractError::BeaconSignature { round: round.number() };
    let key = session.beacon(round.beacon())?.key;
    let hash = session.api.bls12_381_hash_to_g1(HashFunction::Sha256, &round_message(round.number()).0, DST);
    let hash = hash.map_err(|_| bad())?;
    let equal = session.api.bls12_381_pairing_equality(signature, &BLS12_381_G2_GENERATOR, &hash, &key);
    if equal.is_ok_and(|equal| equal) { Ok(()) } else { Err(bad()) }
}
