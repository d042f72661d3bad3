//! What a migration brings up to date. Records are read in their old layouts as long as they live; this is what cannot
//! be read so.

use cosmwasm_std::{StdResult, Storage};
use mesg_api::record_map::RecordMap;

use crate::state::{BEACONS, Beacon, CONFIG, Content};

/// Where version 0.1.0 kept the public key of its only beacon, whose schedule is in the configuration.
const BEACON_KEY: RecordMap<(), Content> = RecordMap::new("k/");

/// Makes the only beacon of version 0.1.0 the first of the numbered ones; does nothing to a later state.
pub fn number_beacon(storage: &mut dyn Storage) -> StdResult<()> {
    let (Some(key), Some(config)) = (BEACON_KEY.may_load(storage, ())?, CONFIG.may_load(storage, ())?) else {
        return Ok(());
    };
    BEACONS.save(storage, config.beacon.no, &Beacon { schedule: config.beacon, key: key.0 });
    BEACON_KEY.remove(storage, ());
    Ok(())
}
