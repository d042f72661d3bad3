//! A new attestation key (docs/mechanism.md 2.3, 3). The older ones stay readable for the seats that were given with them.

use mesg_api::staking::msg::MAX_KEYS;
use mesg_api::staking::{KEYS, RUNNERS, StakingEvent};
use mesg_protocol::ids::RunnerId;

use super::register_runner::attestation_key;
use crate::call::Call;
use crate::error::ContractError;
use crate::{seats, state};

pub fn rotate_key(call: &mut Call<'_>, runner: RunnerId, key: &[u8]) -> Result<(), ContractError> {
    let key = attestation_key(call.deps.api, key)?;
    let mut row = state::runner(call.deps.storage, runner)?;
    if KEYS.may_load(call.deps.storage, (runner, row.key_no))? == Some(key) {
        return Err(ContractError::SameKey { key_no: row.key_no });
    }
    let key_no = row.key_no.checked_add(1).filter(|next| *next < MAX_KEYS);
    row.key_no = key_no.ok_or(ContractError::TooManyKeys { max: MAX_KEYS })?;
    KEYS.save(call.deps.storage, (runner, row.key_no), &key);
    seats::tell_draws(call.deps.storage, &row, |slot| slot.key_no = row.key_no)?;
    RUNNERS.save(call.deps.storage, runner, &row);
    call.emit(StakingEvent::KeyRotated { runner: runner.0, key_no: row.key_no });
    Ok(())
}
