//! Any text is refused with an offset inside of it, or has one canonical form that stands for the same value.
#![no_main]

use libfuzzer_sys::fuzz_target;
use mesg_protocol::canonical_json::{canonicalize, check, parse, parse_canonical};

fuzz_target!(|text: &str| {
    let Ok(value) = parse(text) else {
        assert_eq!(canonicalize(text).err(), parse(text).err());
        return;
    };
    let canonical = value.to_canonical();
    assert_eq!(canonicalize(text).as_ref(), Ok(&canonical));
    assert_eq!(parse_canonical(&canonical), Ok(value));
    assert_eq!(canonicalize(&canonical).as_ref(), Ok(&canonical));
    assert_eq!(check(text).is_ok(), text == canonical);
});
