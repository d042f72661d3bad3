//! The chain's own validators: who is bonded now (docs/mechanism.md 4).

use bech32::Bech32;
use bech32::primitives::decode::CheckedHrpstring;
use cosmwasm_std::{Addr, QuerierWrapper, StakingQuery, StdResult};
use mesg_protocol::producers::{Account, Members};
use serde::Deserialize;

/// What is read of the chain's answer to `AllValidators`.
#[derive(Deserialize)]
struct Bonded {
    validators: Vec<Validator>,
}

/// One validator; only its address counts.
#[derive(Deserialize)]
struct Validator {
    address: String,
}

/// The accounts of all validators that are bonded now: jailed ones are not, since the chain lists the bonded set. Its
/// first 300 count, those with the most power.
pub fn members(querier: &QuerierWrapper, contract: &Addr) -> StdResult<Members> {
    let prefix = contract.as_str().rsplit_once('1').map_or("", |(prefix, _)| prefix);
    let bonded: Bonded = querier.query(&StakingQuery::AllValidators {}.into())?;
    Ok(Members::of(bonded.validators.iter().filter_map(|validator| account(&validator.address, prefix))))
}

/// The account behind an operator address, which has the same 20 bytes. Nothing for an address that is not one of this
/// chain's operators, or that no key of an account can have: the chain's answer stands for itself, it closes the epoch
/// for the others.
fn account(operator: &str, prefix: &str) -> Option<Account> {
    let decoded = CheckedHrpstring::new::<Bech32>(operator).ok()?;
    let is_operator = decoded.hrp().as_str().strip_prefix(prefix) == Some("valoper");
    is_operator.then(|| decoded.byte_iter().collect::<Vec<_>>().try_into().ok())?
}

#[cfg(test)]
mod tests {
    use bech32::{Bech32m, Hrp};

    use super::*;

    fn operator(prefix: &str, bytes: &[u8]) -> String {
        bech32::encode::<Bech32>(Hrp::parse(prefix).unwrap(), bytes).unwrap()
    }

    #[test]
    fn an_operator_has_the_bytes_of_its_account() {
        assert_eq!(account(&operator("wasmvaloper", &[7; 20]), "wasm"), Some([7; 20]));
    }

    #[test]
    fn attack_54_other_addresses_are_no_operators() {
        for prefix in ["wasm", "wasmvalcons", "wasmvaloperpub", "cosmosvaloper", "valoper", "xwasmvaloper"] {
            assert_eq!(account(&operator(prefix, &[7; 20]), "wasm"), None, "{prefix}");
        }
        for length in [0, 19, 21, 32] {
            assert_eq!(account(&operator("wasmvaloper", &vec![7; length]), "wasm"), None, "{length} bytes");
        }
        let good = operator("wasmvaloper", &[7; 20]);
        assert_eq!(account(&good.to_uppercase(), "wasm"), None, "the twin in capitals");
        assert_eq!(account(&good.replacen('1', "2", 1), "wasm"), None);
        assert_eq!(account(&format!("{good}q"), "wasm"), None, "the checksum");
        assert_eq!(account("", "wasm"), None);
        let newer = bech32::encode::<Bech32m>(Hrp::parse("wasmvaloper").unwrap(), &[7; 20]).unwrap();
        assert_eq!(account(&newer, "wasm"), None, "another checksum");
    }
}
