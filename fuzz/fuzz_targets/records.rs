//! Any bytes are refused as a record, or are the only bytes of the value that they give.
#![no_main]

use std::fmt::Debug;

use libfuzzer_sys::fuzz_target;
use mesg_protocol::codec::Record;
use mesg_protocol::execution::Execution;
use mesg_protocol::params::Params;
use mesg_protocol::stake::Stake;
use mesg_protocol::terms::Terms;

/// What decodes encodes to the same bytes.
fn one_spelling<T: Record + Debug>(bytes: &[u8]) {
    if let Ok(value) = T::decode(bytes) {
        assert_eq!(value.encode(), bytes, "{value:?}");
    }
}

fuzz_target!(|bytes: &[u8]| {
    one_spelling::<Execution>(bytes);
    one_spelling::<Params>(bytes);
    one_spelling::<Stake>(bytes);
    one_spelling::<Terms>(bytes);
});
