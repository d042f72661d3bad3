//! The solver: rows are added one by one along shortest augmenting paths, and prices keep every reduced cost
//! `cost − row price − column price` at zero or above, and at zero where it is assigned.

use crate::Answer;
use crate::costs::Costs;

/// What a column is in the search from one row.
#[derive(Clone, Copy)]
struct Reach {
    /// Length of the shortest path to it that is known.
    distance: i64,
    /// The column before it on that path; none from the new row itself.
    from: Option<usize>,
    /// Whether nothing shorter can be found any more.
    done: bool,
}

/// A column of the assignment so far.
#[derive(Clone, Copy, Default)]
struct Column {
    /// The row that it is given to.
    row: Option<usize>,
    /// Its price, zero or below; zero while it is free.
    price: i64,
}

/// An optimal assignment.
pub fn solve(costs: &Costs) -> Answer {
    let mut columns = vec![Column::default(); costs.columns()];
    let mut prices = vec![0; costs.rows().len()];
    for row in 0..costs.rows().len() {
        let (reached, end) = search(costs, &columns, &prices, row);
        reprice(&mut columns, &mut prices, &reached, row, end);
        assign(&mut columns, &reached, row, end);
    }
    answer(costs, &columns, &prices)
}

/// Shortest paths from `row` until a free column is reached, and that column.
fn search(costs: &Costs, columns: &[Column], prices: &[i64], row: usize) -> (Vec<Reach>, usize) {
    let far = Reach { distance: i64::MAX, from: None, done: false };
    let mut reached = vec![far; columns.len()];
    relax(&mut reached, costs, columns, (row, 0), (None, 0));
    loop {
        let nearest = (0usize..).zip(&reached).filter(|(_, it)| !it.done).min_by_key(|(_, it)| it.distance);
        let Some((column, distance)) = nearest.map(|(column, it)| (column, it.distance)) else {
            return (reached, 0); // There are as many columns as rows, so one is free.
        };
        let Some(owner) = columns.get(column).and_then(|it| it.row) else { return (reached, column) };
        reached.iter_mut().skip(column).take(1).for_each(|it| it.done = true);
        let price = prices.get(owner).copied().unwrap_or_default();
        relax(&mut reached, costs, columns, (owner, price), (Some(column), distance));
    }
}

/// Shortens paths by going on from `row`, which was reached by way of column `from` at `distance`.
fn relax(
    reached: &mut [Reach],
    costs: &Costs,
    columns: &[Column],
    (row, price): (usize, i64),
    (from, distance): (Option<usize>, i64),
) {
    let Some(row) = costs.rows().get(row) else { return };
    let offset = distance.saturating_sub(price);
    for ((reach, column), cost) in reached.iter_mut().zip(columns).zip(row) {
        let through = cost.saturating_sub(column.price).saturating_add(offset);
        if !reach.done && through < reach.distance {
            (reach.distance, reach.from) = (through, from);
        }
    }
}

/// Moves the prices of everything nearer than the end of the path.
fn reprice(columns: &mut [Column], prices: &mut [i64], reached: &[Reach], row: usize, end: usize) {
    let length = reached.get(end).map_or(0, |it| it.distance);
    let mut raise = |row: usize, by: i64| {
        prices.iter_mut().skip(row).take(1).for_each(|price| *price = price.saturating_add(by));
    };
    raise(row, length);
    for (column, reach) in columns.iter_mut().zip(reached).filter(|(_, reach)| reach.done) {
        let by = length.saturating_sub(reach.distance);
        column.price = column.price.saturating_sub(by);
        column.row.into_iter().for_each(|owner| raise(owner, by));
    }
}

/// Gives `end` to the row before it on the path, the column of that one to the row before, and so on back to `row`.
fn assign(columns: &mut [Column], reached: &[Reach], row: usize, end: usize) {
    let mut column = end;
    loop {
        let from = reached.get(column).and_then(|it| it.from);
        let owner = match from {
            Some(before) => columns.get(before).and_then(|it| it.row),
            None => Some(row),
        };
        columns.iter_mut().skip(column).take(1).for_each(|it| it.row = owner);
        match from {
            Some(before) => column = before,
            None => return,
        }
    }
}

fn answer(costs: &Costs, columns: &[Column], prices: &[i64]) -> Answer {
    let mut owned: Vec<_> = (0usize..).zip(columns).filter_map(|(at, column)| Some((column.row?, at))).collect();
    owned.sort_unstable();
    let assignment: Vec<_> = owned.into_iter().map(|(_, column)| column).collect();
    let assigned = costs.rows().iter().zip(&assignment).filter_map(|(row, column)| row.get(*column));
    Answer {
        total: costs.signed(assigned.fold(0, |sum, cost| sum.saturating_add(*cost))),
        assignment,
        row_prices: prices.iter().map(|price| costs.signed(*price)).collect(),
        column_prices: columns.iter().map(|column| costs.signed(column.price)).collect(),
    }
}
