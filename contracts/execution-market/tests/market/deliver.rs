//! `Deliver`: what it is refused for; `contracts/examples` has what it does.

use mesg_api::market::ExecuteMsg;

use crate::phases::{finalized, queued, suite};
use crate::snapshot::refused;

#[test]
fn a_delivery_goes_to_contracts_only() {
    let mut suite = suite();
    let execution = finalized(&mut suite);
    let deliver = |execution: u64, output: Option<&str>| ExecuteMsg::Deliver {
        execution: execution.into(),
        output: output.map(ToOwned::to_owned),
    };
    refused(&mut suite, "bob", &deliver(execution, Some("{}")), "refused: mismatch");
    refused(&mut suite, "bob", &deliver(execution, Some("")), "refused: mismatch");
    refused(&mut suite, "bob", &deliver(execution, Some(&"x".repeat(60_000))), "refused: mismatch");
    refused(&mut suite, "bob", &deliver(execution, Some(r#"{"sum":"42"}"#)), "requester is no contract");
    let open = queued(&mut suite);
    refused(&mut suite, "bob", &deliver(open, None), "refused: wrong_phase");
    refused(&mut suite, "bob", &deliver(99, None), "execution 99");
}
