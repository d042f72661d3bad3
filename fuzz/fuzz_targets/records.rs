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
/// What decodes has one spelling in the layout that is written, the first byte of it; older ones are read into it.
fn one_spelling<T: Record + Debug + PartialEq>(bytes: &[u8]) {
    let Ok(value) = T::decode(bytes) else { return };
    let written = value.encode();
    if written.first() == bytes.first() {
        assert_eq!(written, bytes, "{value:?}");
    }
    assert_eq!(T::decode(&written).as_ref(), Ok(&value));
}

fuzz_target!(|bytes: &[u8]| {
    one_spelling::<Execution>(bytes);
    one_spelling::<Params>(bytes);
    one_spelling::<Stake>(bytes);
    one_spelling::<Terms>(bytes);
});
