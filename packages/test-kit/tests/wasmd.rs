//! One execution from request to payment on a real node (tools/test-wasmd).

mod bodies;

use std::sync::{Arc, OnceLock};

use mesg_test_kit::{Network, Node, Suite};

static NETWORK: OnceLock<Arc<Network>> = OnceLock::new();

fn suite(label: &str) -> Suite<Node> {
    let node = NETWORK.get_or_init(Network::from_env).node(label);
    Suite::builder().owners(1).short().build_on(node)
}

macro_rules! on_wasmd {
    ($($body:ident),*) => {$(
        #[test]
        fn $body() {
            bodies::$body(suite(stringify!($body)));
        }
    )*};
}

on_wasmd!(
    an_execution_is_paid_to_the_last_unit,
    silence_before_the_seal_is_slashed_and_refilled,
    without_the_beacon_everything_but_the_tips_comes_back,
    a_lie_is_outvoted_and_slashed,
    what_a_contract_refuses_says_why
);
