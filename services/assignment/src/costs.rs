//! The costs, as both the solver and the checker see them.

use serde::Deserialize;

/// Columns at most, and therefore rows.
pub const MAX_COLUMNS: usize = 256;
/// A cost at most, above and below zero. Sums of as many as there are stay far inside 64 bits.
pub const MAX_COST: i64 = 1_000_000_000;

/// Parameters of `solve`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    costs: Vec<Vec<i64>>,
    #[serde(default)]
    maximum: bool,
}

/// Costs to be made least: those of the input, or with `maximum` their negatives.
pub struct Costs {
    rows: Vec<Vec<i64>>,
    columns: usize,
    maximum: bool,
}

impl Costs {
    /// Checks the input.
    pub fn new(input: Input) -> Result<Self, String> {
        let Input { costs: mut rows, maximum } = input;
        let columns = rows.first().map_or(0, Vec::len);
        if rows.is_empty() || rows.len() > columns || columns > MAX_COLUMNS {
            return Err(format!(
                "costs: {} rows and {columns} columns, expected 1 row or more, as many columns or more, at most {MAX_COLUMNS}",
                rows.len()
            ));
        }
        for (number, row) in (1usize..).zip(&mut rows) {
            if row.len() != columns {
                return Err(format!("costs, row {number}: {} columns, expected {columns}", row.len()));
            }
            if let Some(cost) = row.iter().find(|cost| cost.abs_diff(0) > MAX_COST.unsigned_abs()) {
                return Err(format!("costs, row {number}: {cost} is outside ±{MAX_COST}"));
            }
            if maximum {
                row.iter_mut().for_each(|cost| *cost = cost.saturating_neg());
            }
        }
        Ok(Self { rows, columns, maximum })
    }

    /// The rows, each of [`Costs::columns`] costs.
    pub fn rows(&self) -> &[Vec<i64>] {
        &self.rows
    }

    /// How many columns there are: at least as many as rows.
    pub const fn columns(&self) -> usize {
        self.columns
    }

    /// An amount to be made least as an amount of the input, or back.
    pub const fn signed(&self, amount: i64) -> i64 {
        if self.maximum { amount.saturating_neg() } else { amount }
    }
}
