//! Who may send which message to the market.

use super::msg::ExecuteMsg;

/// Who may send a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Anyone.
    Anyone,
    /// The token contract.
    Token,
    /// The owner of the service that the message names.
    ServiceOwner,
    /// The owner of the market.
    Owner,
    /// To whom the owner's role is offered.
    OfferedOwner,
    /// The pauser.
    Pauser,
}

impl ExecuteMsg {
    /// Who may send this message. `Request` and `Withdraw` touch the sender's own purses only.
    pub const fn permission(&self) -> Permission {
        match self {
            Self::Receive(_) => Permission::Token,
            Self::UnbondService(_) | Self::WithdrawServiceBond(_) | Self::ResumeService(_) => Permission::ServiceOwner,
            Self::Propose(_) | Self::Revoke(_) | Self::SetPauser { .. } | Self::OfferOwnership { .. } => {
                Permission::Owner
            }
            Self::AcceptOwnership {} => Permission::OfferedOwner,
            Self::Pause {} | Self::Unpause {} => Permission::Pauser,
            Self::Request { .. }
            | Self::Tick {}
            | Self::SubmitBeacon { .. }
            | Self::Seat(_)
            | Self::Seal { .. }
            | Self::Open { .. }
            | Self::Publish { .. }
            | Self::Certify { .. }
            | Self::PostResult { .. }
            | Self::Decline { .. }
            | Self::ReportEquivocation { .. }
            | Self::Challenge { .. }
            | Self::Deliver { .. }
            | Self::Poke(_)
            | Self::Settle(_)
            | Self::Prune(_)
            | Self::Withdraw { .. }
            | Self::Claim { .. }
            | Self::Burn {}
            | Self::CloseEpoch {}
            | Self::Apply(_) => Permission::Anyone,
        }
    }
}
