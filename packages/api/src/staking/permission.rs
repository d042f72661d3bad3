//! Who may send which message to the staking contract.

use super::msg::ExecuteMsg;

/// Who may send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Anyone.
    Anyone,
    /// The account that instantiated the contract.
    Instantiator,
    /// The token contract.
    Token,
    /// The market contract.
    Market,
    /// The owner of the runner that the message names.
    Owner,
    /// The owner or the operator of the runner that the message names.
    OwnerOrOperator,
}

impl ExecuteMsg {
    /// Who may send this message. `UpdateRunner` is finer: an operator may change the endpoint only.
    pub const fn permission(&self) -> Permission {
        match self {
            Self::RegisterRunner { .. } | Self::Sync { .. } => Permission::Anyone,
            Self::SetMarket { .. } => Permission::Instantiator,
            Self::Receive(_) => Permission::Token,
            Self::Slash { .. } => Permission::Market,
            Self::Unbond { .. } | Self::Withdraw { .. } => Permission::Owner,
            Self::UpdateRunner { .. } | Self::OptIn { .. } | Self::OptOut { .. } => Permission::OwnerOrOperator,
        }
    }
}
