//! The sum tree and the draw: against plain models, for uniformity, and against independent vectors.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::indexing_slicing,
    clippy::unwrap_used,
    missing_docs
)]

mod draw;
mod memory_tree;
mod sum_tree;
mod vectors_draw;
