//! What the contract refuses.

use cosmwasm_std::StdError;
use thiserror::Error;

/// Why a message is refused.
#[derive(Debug, Error)]
pub enum ContractError {
    /// A fault of storage, an address or an encoding.
    #[error(transparent)]
    Std(#[from] StdError),
    /// Only the market tells how executions ended.
    #[error("sender must be the market")]
    NotTheMarket,
}
