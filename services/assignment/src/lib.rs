//! Optimal assignment with a proof of optimality that is cheap to check.
//!
//! One task, `solve`: every row gets a column of its own at the least total cost, or the greatest total gain. Finding it takes
//! time that grows with the cube of the size; the prices that come with it prove in one look at each cost that no assignment
//! is better. README.md has input, output and the proof. Pure functions of their arguments, in integers.

mod check;
mod costs;
#[cfg(target_arch = "wasm32")]
mod guest;
mod solve;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::costs::{Costs, Input};

/// What the market hands to the component; `ctx` is not needed here.
#[derive(Deserialize)]
struct Envelope {
    task: String,
    input: Value,
}

/// What `solve` answers. All in the units of the input, and of its sign.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Answer {
    /// The column of each row.
    assignment: Vec<usize>,
    /// The sum of the costs assigned.
    total: i64,
    /// The price of each row.
    row_prices: Vec<i64>,
    /// The price of each column.
    column_prices: Vec<i64>,
}

/// Runs the task that `envelope` names and gives its output as JSON.
///
/// # Errors
/// One sentence that names the parameter.
pub fn run(envelope: &str) -> Result<String, String> {
    let costs = costs(envelope)?;
    serde_json::to_string(&solve::solve(&costs)).map_err(|e| format!("output: {e}"))
}

/// Accepts an output that is an optimal answer to the input in `envelope`, and gives the witness of having looked at every
/// cost.
///
/// # Errors
/// One sentence that says why not.
pub fn verify(envelope: &str, output: &str) -> Result<String, String> {
    let costs = costs(envelope)?;
    let answer: Answer = serde_json::from_str(output).map_err(|e| format!("output: {e}"))?;
    check::check(&costs, &answer)
}

fn costs(envelope: &str) -> Result<Costs, String> {
    let envelope: Envelope = serde_json::from_str(envelope).map_err(|e| format!("envelope: {e}"))?;
    if envelope.task != "solve" {
        return Err(format!("no task {:?}; there is \"solve\"", envelope.task));
    }
    let input: Input = serde_json::from_value(envelope.input).map_err(|e| format!("input: {e}"))?;
    Costs::new(input)
}
