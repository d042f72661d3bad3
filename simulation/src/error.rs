//! Why a simulation stops.

use mesg_protocol::execution::StepError;
use mesg_protocol::money::MoneyError;
use mesg_protocol::sum_tree::TreeError;
use thiserror::Error;

/// Why a simulation stops. None of these is a result: a rule refused what the simulation asked of it, or a file failed.
#[derive(Debug, Error)]
pub enum SimError {
    /// The sum tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// The state machine refused an act.
    #[error(transparent)]
    Step(#[from] StepError),
    /// An amount does not fit.
    #[error(transparent)]
    Money(#[from] MoneyError),
    /// An execution did not end, or a payment does not add up.
    #[error("{0}")]
    Broken(&'static str),
    /// A file.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// A journal or report that is not what was written.
    #[error(transparent)]
    Json(#[from] serde_json::Error),
    /// No place for the tables.
    #[error("security.md has lost the marks between which its tables are written")]
    NoMarks,
    /// A plot.
    #[error("plot: {0}")]
    Plot(String),
}
