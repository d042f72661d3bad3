//! The switch that stops new requests, registrations and bonds (docs/mechanism.md, 6).
//!
//! There is one: a row that the market writes when its pauser says so, and that staking and registry read raw from the
//! market that they know. Nothing that takes something out of the system reads it.

use cosmwasm_std::{Addr, QuerierWrapper, StdResult};
use mesg_protocol::codec::{CodecError, Reader, Record, Writer};

use crate::record_map::RecordMap;

/// The row, "h/": there while the system is paused.
pub const PAUSE: RecordMap<(), Pause> = RecordMap::new("h/");

/// A pause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pause {
    /// Since when, unix seconds.
    pub since: u64,
}

const LAYOUT: u8 = 1;

impl Record for Pause {
    fn write(&self, out: &mut Writer) {
        out.byte(LAYOUT);
        out.int(self.since);
    }

    fn read(input: &mut Reader<'_>) -> Result<Self, CodecError> {
        input.version(LAYOUT)?;
        Ok(Self { since: input.int()? })
    }
}

/// Whether the market at this address is paused.
///
/// # Errors
/// The address has no contract, or the row is not a pause.
pub fn is_paused(querier: &QuerierWrapper, market: &Addr) -> StdResult<bool> {
    Ok(PAUSE.query(querier, market, ())?.is_some())
}

#[cfg(test)]
mod tests {
    use cosmwasm_std::testing::MockQuerier;
    use cosmwasm_std::{Binary, ContractResult, SystemResult, WasmQuery};

    use super::*;

    /// What a contract that answers every raw query with `row` says.
    fn asked(row: Binary) -> StdResult<bool> {
        let mut querier = MockQuerier::<cosmwasm_std::Empty>::new(&[]);
        querier.update_wasm(move |query| {
            let WasmQuery::Raw { key, .. } = query else { panic!("{query:?}") };
            assert_eq!(key.as_slice(), b"h/");
            SystemResult::Ok(ContractResult::Ok(row.clone()))
        });
        is_paused(&QuerierWrapper::new(&querier), &Addr::unchecked("market"))
    }

    #[test]
    fn the_row_is_the_pause() {
        let pause = Pause { since: 1_700_000_000 };
        assert_eq!(Pause::decode(&pause.encode()), Ok(pause));
        assert!(asked(pause.encode().into()).unwrap());
        assert!(!asked(Binary::default()).unwrap(), "no row");
        asked(Binary::from([9])).unwrap_err();
    }
}
