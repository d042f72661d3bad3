//! The machine, enumerated for small committees.
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]

mod committees;
mod exits;
mod records;
mod refusals;
mod script;
