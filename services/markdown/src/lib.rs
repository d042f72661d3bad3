//! CommonMark to sanitised HTML.
//!
//! One task, `render`: pulldown-cmark parses and renders, `safe` stands between the two. README.md has its input, output and what is let through.
//! A pure function of the input: no clock, no randomness, no network (images and links are never fetched).

#[cfg(target_arch = "wasm32")]
mod guest;
mod heading;
mod render;
mod safe;

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
/// One sentence that names the parameter.
pub fn run(envelope: &str) -> Result<String, String> {
    let envelope: Envelope = serde_json::from_str(envelope).map_err(|e| format!("envelope: {e}"))?;
    if envelope.task != "render" {
        return Err(format!("no task {:?}; there is \"render\"", envelope.task));
    }
    let input: render::Input = serde_json::from_value(envelope.input).map_err(|e| format!("input: {e}"))?;
    serde_json::to_string(&render::render(&input)).map_err(|e| format!("output: {e}"))
}
