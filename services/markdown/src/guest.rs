//! The component's export.
#![allow(unsafe_code, missing_docs, reason = "generated bindings of the canonical ABI")]

wit_bindgen::generate!({ path: "../../packages/sandbox/wit", world: "task" });

struct Markdown;

impl Guest for Markdown {
    fn run(input: String) -> Result<String, String> {
        crate::run(&input)
    }
}

export!(Markdown);
