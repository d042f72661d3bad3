//! A runner and its three keys (docs/mechanism.md 3).

use cosmwasm_std::{Api, Empty, to_json_binary};
use mesg_api::registry::{SERVICES, Status};
use mesg_api::staking::msg::MAX_ENDPOINT_BYTES;
use mesg_api::staking::{AttestationKey, KEYS, RUNNERS, RegisterRunnerResponse, RunnerRow, StakingEvent};
use mesg_protocol::ids::{RunnerId, ServiceId};
use mesg_protocol::stake::Stake;

use crate::call::Call;
use crate::error::ContractError;
use crate::state::{BY_OPERATOR, BY_OWNER, BY_SERVICE, ENDPOINTS, RUNNER_COUNT, count_up};

/// Number of the first attestation key.
const FIRST_KEY: u16 = 0;

pub fn register_runner(
    call: &mut Call<'_>,
    service: ServiceId,
    operator: &str,
    key: &[u8],
    endpoint: String,
) -> Result<(), ContractError> {
    call.check_running()?;
    check_service(call, service)?;
    check_endpoint(&endpoint)?;
    let key = attestation_key(call.deps.api, key)?;
    let owner = call.sender.clone();
    let operator = call.deps.api.addr_validate(operator)?;
    let row = RunnerRow {
        service,
        owner: call.deps.api.addr_canonicalize(owner.as_str())?,
        operator: call.deps.api.addr_canonicalize(operator.as_str())?,
        key_no: FIRST_KEY,
        stake: Stake::default(),
        versions: vec![],
        exclusion: None,
    };
    let storage = &mut *call.deps.storage;
    let id = count_up(storage, &RUNNER_COUNT)?;
    RUNNERS.save(storage, RunnerId(id), &row);
    KEYS.save(storage, (RunnerId(id), FIRST_KEY), &key);
    ENDPOINTS.save(storage, id, &endpoint)?;
    BY_SERVICE.save(storage, (service.0, id), &Empty {})?;
    BY_OWNER.save(storage, (&owner, id), &Empty {})?;
    BY_OPERATOR.save(storage, (&operator, id), &Empty {})?;
    call.emit(StakingEvent::RunnerRegistered {
        runner: id,
        service: service.0,
        owner: owner.into_string(),
        operator: operator.into_string(),
        key_no: FIRST_KEY,
        endpoint,
    });
    call.answer(to_json_binary(&RegisterRunnerResponse { runner: RunnerId(id) })?);
    Ok(())
}

fn check_service(call: &Call<'_>, service: ServiceId) -> Result<(), ContractError> {
    let row = SERVICES.query(&call.deps.querier, &call.config.registry, service)?;
    match row.ok_or(ContractError::UnknownService { service })?.status {
        Status::Active | Status::Paused => Ok(()),
        Status::Retired => Err(ContractError::ServiceRetired { service }),
    }
}

/// Refuses what is too long or not printable ASCII.
pub fn check_endpoint(endpoint: &str) -> Result<(), ContractError> {
    let (got, max) = (endpoint.len(), MAX_ENDPOINT_BYTES);
    let printable = endpoint.bytes().all(|byte| byte.is_ascii_graphic());
    if got <= max && printable { Ok(()) } else { Err(ContractError::Endpoint { got, max }) }
}

/// A compressed public key that is a point of the curve. The chain's verification tells: it errs on a key that is none,
/// and only says no to a well-formed signature (r = s = 1) that does not match.
pub fn attestation_key(api: &dyn Api, key: &[u8]) -> Result<AttestationKey, ContractError> {
    let refused = ContractError::AttestationKey { got: key.len() };
    let Ok(bytes) = <[u8; 33]>::try_from(key) else { return Err(refused) };
    let mut one = [0; 32];
    one[31] = 1;
    match api.secp256k1_verify(&[0; 32], &[one, one].concat(), key) {
        Ok(_) => Ok(AttestationKey(bytes)),
        Err(_) => Err(refused),
    }
}
