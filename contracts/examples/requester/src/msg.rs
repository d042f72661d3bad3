//! Messages of the example.

use cosmwasm_schema::{QueryResponses, cw_serde};
use cosmwasm_std::{Uint64, Uint128};
use mesg_protocol::ids::TermsId;

/// Instantiates the contract.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub struct InstantiateMsg {
    /// The market.
    pub market: String,
    /// The task that is requested.
    pub terms: TermsId,
}

/// Messages.
#[cw_serde]
#[serde(deny_unknown_fields)]
pub enum ExecuteMsg {
    /// Requests an execution, paid from this contract's purse in the market. From anyone.
    Ask {
        /// The input: a JSON object in canonical form.
        json: String,
        /// Refused if the escrow were more.
        max_fee: Uint128,
    },
    /// How an execution ended. From the market only.
    ReceiveExecution {
        /// The execution.
        execution: Uint64,
        /// Sub-account of the purse that paid.
        sub: u32,
        /// `finalized`, `corrected`, `failed` or `refunded`.
        outcome: String,
        /// Error name or reason of the refund; empty with a result.
        reason: String,
        /// Canonical JSON text of the output, if it was given.
        output: Option<String>,
    },
}

/// Queries.
#[cw_serde]
#[serde(deny_unknown_fields)]
#[derive(QueryResponses)]
pub enum QueryMsg {
    /// How an execution ended, as far as the contract was told.
    #[returns(Option<End>)]
    End {
        /// The execution.
        execution: Uint64,
    },
}

/// How an execution ended.
#[cw_serde]
pub struct End {
    /// `finalized`, `corrected`, `failed` or `refunded`.
    pub outcome: String,
    /// Error name or reason of the refund; empty with a result.
    pub reason: String,
    /// The output, if it was given.
    pub output: Option<String>,
}
