//! The component's exports.
#![allow(unsafe_code, missing_docs, reason = "generated bindings of the canonical ABI")]

wit_bindgen::generate!({ path: "../../packages/sandbox/wit", world: "verified-task" });

struct Assignment;

impl Guest for Assignment {
    fn run(input: String) -> Result<String, String> {
        crate::run(&input)
    }

    fn verify(input: String, output: String) -> Result<String, String> {
        crate::verify(&input, &output)
    }
}

export!(Assignment);
