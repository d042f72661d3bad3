//! One execution from request to payment on cw-multi-test, with real contracts, seals and BLS.

mod bodies;

use mesg_test_kit::Suite;

macro_rules! on_multi_test {
    ($($body:ident),*) => {$(
        #[test]
        fn $body() {
            bodies::$body(Suite::builder().build());
        }
    )*};
}

on_multi_test!(
    an_execution_is_paid_to_the_last_unit,
    silence_before_the_seal_is_slashed_and_refilled,
    without_the_beacon_everything_but_the_tips_comes_back,
    a_lie_is_outvoted_and_slashed,
    what_a_contract_refuses_says_why
);
