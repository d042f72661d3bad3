//! The machine, enumerated for small committees.
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation)]

mod attacks;
mod exits;
mod later_rounds;
mod policies;
mod records;
mod refusals;
mod round_1;
mod script;
mod search;
mod weight;
