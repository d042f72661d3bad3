//! Binding, confirmation and randomness against vectors that an independent program computed.
#![allow(clippy::unwrap_used, missing_docs)]

use mesg_protocol::beacon::{BeaconParams, Slot, confirmed, confirming_windows, randomness};
use mesg_protocol::digest::Digest32;
use serde::Deserialize;

#[derive(Deserialize)]
struct Binding {
    genesis: u64,
    period: u64,
    margin: u64,
    height: u64,
    time: u64,
    round: String,
    round_time: u64,
    slots: Vec<(u64, u64)>,
    confirmed: bool,
}

#[derive(Deserialize)]
struct Signature {
    signature: String,
    rand: Digest32,
}

#[test]
fn binding_and_confirmation() {
    let vectors: Vec<Binding> = serde_json::from_str(include_str!("vectors/binding.json")).unwrap();
    let mut outcomes = [0, 0];
    for vector in vectors {
        let beacon = BeaconParams { no: 0, genesis: vector.genesis, period: vector.period };
        let round = beacon.round_at_or_after(vector.time.checked_add(vector.margin).unwrap());
        assert_eq!(round.to_string(), vector.round);
        assert_eq!(beacon.time_of(round), vector.round_time);
        let slots: Vec<_> = vector.slots.iter().map(|&(window, height)| Slot { window, height }).collect();
        assert_eq!(confirmed(vector.height, vector.time, vector.round_time, &slots), vector.confirmed);
        let windows = confirming_windows(vector.time, vector.round_time);
        let read: Vec<_> = slots.into_iter().filter(|slot| windows.contains(&slot.window)).collect();
        assert_eq!(confirmed(vector.height, vector.time, vector.round_time, &read), vector.confirmed);
        outcomes[usize::from(vector.confirmed)] += 1;
    }
    assert!(outcomes.iter().all(|count| *count > 0), "both outcomes occur: {outcomes:?}");
}

#[test]
fn randomness_of_a_real_round() {
    let vectors: Vec<Signature> = serde_json::from_str(include_str!("vectors/beacon.json")).unwrap();
    for vector in vectors {
        assert_eq!(randomness(&hex::decode(vector.signature).unwrap()), vector.rand);
    }
}
