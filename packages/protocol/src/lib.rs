//! The rules of the market: pure, no storage, no clock, no chain types.

pub mod digest;
