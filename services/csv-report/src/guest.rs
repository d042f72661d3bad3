//! The component's export.
#![allow(unsafe_code, missing_docs, reason = "generated bindings of the canonical ABI")]

wit_bindgen::generate!({ path: "../../packages/sandbox/wit", world: "task" });

struct CsvReport;

impl Guest for CsvReport {
    fn run(input: String) -> Result<String, String> {
        crate::run(&input)
    }
}

export!(CsvReport);
