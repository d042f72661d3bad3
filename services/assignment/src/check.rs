//! The checker: one look at each cost.
//!
//! No cost is below the prices of its row and column together, and no price of a column is above zero, so no assignment costs
//! less than all prices together. The answer costs exactly that: its costs are those sums, and columns that it leaves free
//! have price zero. With `maximum` everything is negated.

use crate::Answer;
use crate::costs::Costs;

/// A price at most, above and below zero: an integer of canonical JSON.
const MAX_PRICE: u64 = (1 << 53) - 1;

/// The witness of a right answer: its total, and the sum of what each cost is above its prices, each times the number of its
/// place, modulo 2^64.
pub fn check(costs: &Costs, answer: &Answer) -> Result<String, String> {
    let taken = taken(costs, answer)?;
    let (rows, columns) = prices(costs, answer, &taken)?;
    let (mut total, mut witness, mut place) = (0i64, 0u64, 0u64);
    for ((row, price), assigned) in costs.rows().iter().zip(&rows).zip(&answer.assignment) {
        for (at, (cost, column)) in (0usize..).zip(row.iter().zip(&columns)) {
            let above = cost.saturating_sub(*price).saturating_sub(*column);
            let mine = at == *assigned;
            if above < 0 || (mine && above != 0) {
                return Err(format!("the prices of cost {cost} in column {at} do not fit it"));
            }
            if mine {
                total = total.saturating_add(*cost);
            }
            place = place.wrapping_add(1);
            witness = witness.wrapping_add(above.unsigned_abs().wrapping_mul(place));
        }
    }
    if costs.signed(total) != answer.total {
        return Err(format!("total is {}, the costs assigned are {}", answer.total, costs.signed(total)));
    }
    Ok(format!("{} {witness}", answer.total))
}

/// Which columns are assigned: one to each row, none twice.
fn taken(costs: &Costs, answer: &Answer) -> Result<Vec<bool>, String> {
    if answer.assignment.len() != costs.rows().len() {
        return Err(format!("{} columns for {} rows", answer.assignment.len(), costs.rows().len()));
    }
    let mut taken = vec![false; costs.columns()];
    for column in &answer.assignment {
        match taken.get_mut(*column) {
            Some(free @ false) => *free = true,
            Some(true) => return Err(format!("column {column} is assigned twice")),
            None => return Err(format!("no column {column}")),
        }
    }
    Ok(taken)
}

/// The prices of rows and columns as of costs to be made least.
fn prices(costs: &Costs, answer: &Answer, taken: &[bool]) -> Result<(Vec<i64>, Vec<i64>), String> {
    let all = [(&answer.row_prices, costs.rows().len()), (&answer.column_prices, costs.columns())];
    for (prices, expected) in all {
        if prices.len() != expected {
            return Err(format!("{} prices, expected {expected}", prices.len()));
        }
        if let Some(price) = prices.iter().find(|price| price.unsigned_abs() > MAX_PRICE) {
            return Err(format!("price {price} is too large"));
        }
    }
    let [rows, columns] = all.map(|(prices, _)| prices.iter().map(|price| costs.signed(*price)).collect::<Vec<_>>());
    for (column, (price, taken)) in (0usize..).zip(columns.iter().zip(taken)) {
        if *price > 0 || (*price < 0 && !taken) {
            return Err(format!("column {column} is on the wrong side of zero, or free with a price"));
        }
    }
    Ok((rows, columns))
}
