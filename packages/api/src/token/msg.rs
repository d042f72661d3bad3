//! Messages of the token. Unknown fields are refused; native coins are refused by every message.

use cosmwasm_schema::cw_serde;
use cosmwasm_std::{Binary, Uint128};
use cw20::{Cw20Coin, Expiration};

/// Initial balances at most.
pub const MAX_INITIAL_BALANCES: usize = 20;
/// Decimals at most.
pub const MAX_DECIMALS: u8 = 18;

/// Creates the token with its whole supply. Nobody can mint afterwards; `Burn` lowers the supply.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// Name for people, 3 to 50 bytes.
    pub name: String,
    /// Ticker, 3 to 12 letters or hyphens.
    pub symbol: String,
    /// Decimal places of the displayed unit, 0 to 18.
    pub decimals: u8,
    /// Who owns the supply: 1 to 20 different addresses, each with more than 0 base units; the sum fits 128 bits.
    pub initial_balances: Vec<Cw20Coin>,
}

/// The messages of CW20 with allowances. `mint`, `update_minter`, `update_marketing` and `upload_logo` do not exist.
///
/// Amounts are base units; a zero amount is taken, as cw20-base does.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// Moves tokens of the sender to `recipient`.
    Transfer {
        /// Address of who receives.
        recipient: String,
        /// At most the sender's balance.
        amount: Uint128,
    },
    /// Destroys tokens of the sender.
    Burn {
        /// At most the sender's balance.
        amount: Uint128,
    },
    /// Moves tokens of the sender to a contract and calls its `receive`.
    Send {
        /// Address of the contract.
        contract: String,
        /// At most the sender's balance.
        amount: Uint128,
        /// What the contract is told, in JSON.
        msg: Binary,
    },
    /// Lets `spender` move more of the sender's tokens. Not for oneself.
    IncreaseAllowance {
        /// Address of who may spend.
        spender: String,
        /// Added to the allowance.
        amount: Uint128,
        /// Replaces the end of the allowance; must lie in the future.
        expires: Option<Expiration>,
    },
    /// Lets `spender` move less of the sender's tokens.
    DecreaseAllowance {
        /// Address of who may spend.
        spender: String,
        /// Taken off the allowance, which ends at 0.
        amount: Uint128,
        /// Replaces the end of the allowance; must lie in the future.
        expires: Option<Expiration>,
    },
    /// As `Transfer`, out of the allowance that `owner` gave the sender.
    TransferFrom {
        /// Address of whose tokens move.
        owner: String,
        /// Address of who receives.
        recipient: String,
        /// At most the owner's balance and the allowance.
        amount: Uint128,
    },
    /// As `Send`, out of the allowance that `owner` gave the sender.
    SendFrom {
        /// Address of whose tokens move.
        owner: String,
        /// Address of the contract.
        contract: String,
        /// At most the owner's balance and the allowance.
        amount: Uint128,
        /// What the contract is told, in JSON.
        msg: Binary,
    },
    /// As `Burn`, out of the allowance that `owner` gave the sender.
    BurnFrom {
        /// Address of whose tokens are destroyed.
        owner: String,
        /// At most the owner's balance and the allowance.
        amount: Uint128,
    },
}

/// Moves the token to a newer version of its code.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct MigrateMsg {}
