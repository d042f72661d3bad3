//! Why the registry refuses a message or query.

use cosmwasm_std::{StdError, Uint128};
use cw_utils::PaymentError;
use mesg_api::migration::MigrationError;
use mesg_api::named_market::MarketError;
use mesg_api::registry::{ManifestError, Permission, Status, TagError};
use mesg_protocol::digest::Digest32;
use mesg_protocol::ids::{ServiceId, TermsId, VersionId};
use mesg_protocol::price_change::PriceChangeError;
use thiserror::Error;

/// Why the registry refuses a message or query.
#[derive(Debug, Error)]
pub enum ContractError {
    /// A fault of storage, encoding or an address.
    #[error(transparent)]
    Std(#[from] StdError),
    /// Native coins were attached.
    #[error(transparent)]
    Payment(#[from] PaymentError),
    /// The sender may not send this message.
    #[error("{sender} may not send this message, only {needed} may")]
    NotPermitted {
        /// Who sent it.
        sender: String,
        /// Who may.
        needed: Permission,
    },
    /// The amount sent is not the registration fee.
    #[error("amount is {got}, must be exactly the registration fee {fee}")]
    WrongFee {
        /// What was sent.
        got: Uint128,
        /// The fee.
        fee: Uint128,
    },
    /// A text is too short or too long.
    #[error("{field} has {got} bytes, must have {min} to {max}")]
    Length {
        /// Its name.
        field: &'static str,
        /// Its bytes.
        got: usize,
        /// Least bytes.
        min: usize,
        /// Most bytes.
        max: usize,
    },
    /// A service's name is no lower-case DNS label.
    #[error("sid is {got:?}, must have only a-z, 0-9 and -, and start and end with a letter or digit")]
    Sid {
        /// The refused name.
        got: String,
    },
    /// A service's home page is no web address.
    #[error("url is {got:?}, must be http:// or https:// and visible ASCII")]
    Url {
        /// The refused address.
        got: String,
    },
    /// The name is taken.
    #[error("sid {sid:?} is taken by service {service}")]
    SidTaken {
        /// The name.
        sid: String,
        /// Whose it is.
        service: ServiceId,
    },
    /// There is no such service.
    #[error("there is no service {service}")]
    UnknownService {
        /// The number asked for.
        service: ServiceId,
    },
    /// There is no service of this name.
    #[error("there is no service {sid:?}")]
    UnknownSid {
        /// The name asked for.
        sid: String,
    },
    /// There is no such version.
    #[error("there is no version {version}")]
    UnknownVersion {
        /// The number asked for.
        version: VersionId,
    },
    /// There is no such row of terms.
    #[error("there are no terms {terms}")]
    UnknownTerms {
        /// The number asked for.
        terms: TermsId,
    },
    /// The service is retired for ever.
    #[error("service {service} is retired")]
    Retired {
        /// The service.
        service: ServiceId,
    },
    /// The service has this status already.
    #[error("service {service} is {status} already")]
    SameStatus {
        /// The service.
        service: ServiceId,
        /// Its status.
        status: Status,
    },
    /// The manifest is outside its bounds.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The service has published this manifest before.
    #[error("service {service} has published manifest {digest} as version {version}")]
    Published {
        /// The service.
        service: ServiceId,
        /// The manifest's digest.
        digest: Digest32,
        /// The version that has it.
        version: VersionId,
    },
    /// The tags are outside their bounds.
    #[error(transparent)]
    Tags(#[from] TagError),
    /// The service is offered to its own owner.
    #[error("service {service} is owned by {owner} already")]
    SameOwner {
        /// The service.
        service: ServiceId,
        /// Its owner.
        owner: String,
    },
    /// The service is offered to nobody.
    #[error("service {service} is not offered to another owner")]
    NotProposed {
        /// The service.
        service: ServiceId,
    },
    /// The offer of the service has ended.
    #[error("the offer of service {service} ended at time {time} and height {height}")]
    ProposalEnded {
        /// The service.
        service: ServiceId,
        /// Unix seconds.
        time: u64,
        /// Height.
        height: u64,
    },
    /// The version has no such task.
    #[error("version {version} has no task at position {task}")]
    UnknownTask {
        /// The version.
        version: VersionId,
        /// The position asked for.
        task: u8,
    },
    /// The price of a task cannot be changed so.
    #[error(transparent)]
    PriceChange(#[from] PriceChangeError),
    /// A text has control characters, which could play tricks on a terminal.
    #[error("{field} has control characters")]
    ControlCharacter {
        /// Its name.
        field: &'static str,
    },
    /// The version has no warning to take back.
    #[error("version {version} is not deprecated")]
    NotDeprecated {
        /// The version.
        version: VersionId,
    },
    /// The version is yanked already, or is not.
    #[error("version {version} is {} already", if *.yanked { "yanked" } else { "offered" })]
    SameYanked {
        /// The version.
        version: VersionId,
        /// Whether it is yanked.
        yanked: bool,
    },
    /// The market is named once.
    #[error("the market is {market} already")]
    MarketIsSet {
        /// Its address.
        market: String,
    },
    /// What was named is no market, or works with another registry.
    #[error(transparent)]
    Market(#[from] MarketError),
    /// New services and versions are stopped.
    #[error("the market is paused")]
    Paused,
    /// All numbers of 32 bits are used.
    #[error("no {what} can be numbered any more")]
    NoNumberLeft {
        /// What was to be numbered.
        what: &'static str,
    },
    /// The migration is not from an older version of this contract.
    #[error(transparent)]
    Migration(#[from] MigrationError),
}
