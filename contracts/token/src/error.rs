//! Why the token refuses a message.

use cosmwasm_std::StdError;
use cw_utils::PaymentError;
use mesg_api::migration::MigrationError;
use mesg_api::token::MAX_INITIAL_BALANCES;
use thiserror::Error;

/// Why the token refuses a message.
#[derive(Debug, Error)]
pub enum ContractError {
    /// cw20-base refuses it.
    #[error(transparent)]
    Base(#[from] cw20_base::ContractError),
    /// A fault of storage, encoding or an address.
    #[error(transparent)]
    Std(#[from] StdError),
    /// Native coins were attached.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// There are no initial balances, or too many.
    #[error("initial_balances has {got} entries, must have 1 to {MAX_INITIAL_BALANCES}")]
    InitialBalances {
        /// How many.
        got: usize,
    },
    /// An initial balance is zero.
    #[error("initial_balances[{index}] is 0, must be at least 1")]
    ZeroBalance {
        /// Position of the entry, from 0.
        index: usize,
    },
    /// An address has two initial balances.
    #[error("initial_balances[{index}] repeats the address {address}")]
    DuplicateAddress {
        /// Position of the later entry, from 0.
        index: usize,
        /// The address.
        address: String,
    },
    /// The initial balances do not fit 128 bits together.
    #[error("the sum of initial_balances up to [{index}] does not fit 128 bits")]
    SupplyOverflow {
        /// Position of the entry at which it overflows, from 0.
        index: usize,
    },
    /// The migration is not from an older version of this contract.
    #[error(transparent)]
    Migration(#[from] MigrationError),
}
