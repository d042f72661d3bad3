//! What a component is given.

use mesg_protocol::canonical_json::{CanonicalJsonError, canonicalize};

/// The one argument of `run`, the same for every seat of an execution (docs/architecture.md, Wiring and readable state):
/// `{"ctx":{"execution":"<decimal>","seed":"<64 hex>","time":<seconds>},"input":{…},"task":"<name>"}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Envelope<'a> {
    /// Id of the execution.
    pub execution: u64,
    /// Block time of the request, in seconds since 1970; the component's only clock.
    pub time_seconds: u64,
    /// Seed of round 1, reused by the jurors of later rounds; the component's only randomness, public once drawn.
    pub seed: &'a [u8; 32],
    /// Name of the task, so that one component can serve several.
    pub task: &'a str,
    /// The task's input: JSON text of one object.
    pub input: &'a str,
}

impl Envelope<'_> {
    /// The envelope as canonical JSON.
    ///
    /// # Errors
    /// When `input` has no canonical form: the agreed value is then Err(BadInput), and nothing runs.
    pub fn to_json(&self) -> Result<String, CanonicalJsonError> {
        // Put together from canonical parts in key order: an input of the greatest depth must still fit.
        let input = canonicalize(self.input)?;
        let task = canonicalize(&serde_json::Value::from(self.task).to_string())?;
        let (execution, time, seed) = (self.execution, self.time_seconds, hex::encode(self.seed));
        Ok(format!(
            r#"{{"ctx":{{"execution":"{execution}","seed":"{seed}","time":{time}}},"input":{input},"task":{task}}}"#
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn envelope<'a>(task: &'a str, input: &'a str) -> Envelope<'a> {
        Envelope { execution: u64::MAX, time_seconds: 1_700_000_000, seed: &[0xab; 32], task, input }
    }

    #[test]
    fn is_canonical_and_exact() {
        let json = envelope("report", r#"{ "b": 1, "a": "x" }"#).to_json().unwrap();
        let seed = "ab".repeat(32);
        assert_eq!(
            json,
            format!(
                r#"{{"ctx":{{"execution":"18446744073709551615","seed":"{seed}","time":1700000000}},"input":{{"a":"x","b":1}},"task":"report"}}"#
            )
        );
    }

    #[test]
    fn a_task_name_cannot_break_out() {
        let json = envelope(r#"x","input":{"y":1},"z":""#, "{}").to_json().unwrap();
        assert!(json.contains(r#""input":{},"task":"x\",\"input\""#), "{json}");
    }

    #[test]
    fn input_that_is_two_values_is_refused() {
        assert!(envelope("report", r#"{},"task":"other""#).to_json().is_err());
        assert!(envelope("report", r#"{"a":1.5}"#).to_json().is_err());
    }
}
