//! Column statistics, quantiles and group-by of a CSV text in exact decimal arithmetic.
//!
//! One component, two tasks: `report` describes every column, `group` aggregates columns by the values of others.
//! README.md has both with examples. Pure functions of the input: no clock, no randomness, no floating point, and every list
//! in an order that the input alone decides.

mod cell;
mod column;
mod decimal;
mod group;
#[cfg(target_arch = "wasm32")]
mod guest;
mod options;
mod quantile;
mod table;

use serde::Deserialize;
use serde_json::Value;

/// What the market hands to the component; `ctx` is not needed here.
#[derive(Deserialize)]
struct Envelope {
    task: String,
    input: Value,
}

/// Runs the task that `envelope` names and gives its output as JSON.
///
/// # Errors
/// One sentence that names the parameter, or the line and column of the CSV.
pub fn run(envelope: &str) -> Result<String, String> {
    let envelope: Envelope = serde_json::from_str(envelope).map_err(|e| format!("envelope: {e}"))?;
    let output = match envelope.task.as_str() {
        "report" => to_json(&column::report(parse(envelope.input)?)?),
        "group" => to_json(&group::group(parse(envelope.input)?)?),
        other => {
            return Err(format!("no task {other:?}; there are \"report\" and \"group\""));
        }
    };
    output.map_err(|e| format!("output: {e}"))
}

fn parse<T: for<'de> Deserialize<'de>>(input: Value) -> Result<T, String> {
    serde_json::from_value(input).map_err(|e| format!("input: {e}"))
}

fn to_json(output: &impl serde::Serialize) -> serde_json::Result<String> {
    serde_json::to_string(output)
}
