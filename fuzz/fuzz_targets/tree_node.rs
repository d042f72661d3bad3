//! Any bytes are refused as a node of the sum tree, or are the only bytes of the node that they give.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesg_protocol::codec::Record;
use mesg_protocol::sum_tree::Node;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(node) = Node::decode(bytes) {
        assert_eq!(node.encode(), bytes);
    }
});
