//! The daemon a runner runs: executes, validates, relays the beacon, turns the crank.
