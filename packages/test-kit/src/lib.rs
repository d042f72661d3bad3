//! The whole suite of contracts on cw-multi-test: builder, actors, time travel, invariants.
