//! The task `report`: every column by itself.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use serde::{Deserialize, Serialize};

use crate::cell::{self, Kind};
use crate::decimal::{Decimal, Rounding};
use crate::options::{self, Method, Number, Precision};
use crate::quantile::quantile;
use crate::table::{self, Column, Source, Table};

/// Most frequent values that can be asked for.
const MAX_TOP: u32 = 50;

/// Longest value that is repeated in the output, in characters; the rest is cut and marked with …
const MAX_VALUE_CHARS: usize = 80;

/// Input of `report`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    csv: String,
    delimiter: Option<String>,
    header: Option<bool>,
    #[serde(default, deserialize_with = "table::list")]
    empty: Vec<String>,
    #[serde(default, deserialize_with = "table::list")]
    columns: Vec<String>,
    quantiles: Option<Vec<Number>>,
    #[serde(default)]
    quantile_method: Method,
    digits: Option<Number>,
    #[serde(default)]
    rounding: Rounding,
    top: Option<Number>,
}

/// Output of `report`.
#[derive(Serialize)]
pub struct Report {
    rows: usize,
    columns: Vec<Description>,
}

/// One column; members that make no sense for its type are absent.
#[derive(Serialize, Default)]
struct Description {
    name: String,
    #[serde(rename = "type")]
    kind: Option<Kind>,
    count: usize,
    empty: usize,
    distinct: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    min: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sum: Option<Decimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mean: Option<Decimal>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    quantiles: Vec<Quantile>,
    #[serde(skip_serializing_if = "Option::is_none")]
    min_length: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_length: Option<usize>,
    #[serde(rename = "true", skip_serializing_if = "Option::is_none")]
    yes: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    top: Vec<Frequent>,
}

#[derive(Serialize)]
struct Quantile {
    q: Decimal,
    value: Decimal,
}

#[derive(Serialize)]
struct Frequent {
    value: String,
    count: usize,
}

/// What is wanted of each column.
struct Wanted {
    quantiles: Vec<Decimal>,
    precision: Precision,
    top: usize,
}

/// Describes the columns of the table.
pub fn report(input: Input) -> Result<Report, String> {
    let wanted = Wanted {
        quantiles: options::quantiles(input.quantiles)?,
        precision: Precision::new(input.digits, input.rounding, input.quantile_method)?,
        top: input.top.map_or(Ok(5), |top| top.within("top", MAX_TOP))?.try_into().unwrap_or(usize::MAX),
    };
    let table =
        Table::read(Source { csv: input.csv, delimiter: input.delimiter, header: input.header, empty: input.empty })?;
    let columns: Vec<Column<'_>> = if input.columns.is_empty() {
        table.columns().collect()
    } else {
        input.columns.iter().map(|name| table.column("columns", name)).collect::<Result<_, _>>()?
    };
    let columns = columns.into_iter().map(|column| describe(&table, column, &wanted)).collect();
    Ok(Report { rows: table.len(), columns })
}

fn describe(table: &Table, column: Column<'_>, wanted: &Wanted) -> Description {
    let cells: Vec<&str> = table.cells(column.index).map(|(_, cell)| cell).collect();
    let kind = cells.iter().fold(Kind::Empty, |kind, cell| kind.and(Kind::of(cell)));
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in &cells {
        let count = counts.entry(cell).or_default();
        *count = count.saturating_add(1);
    }
    let base = Description {
        name: column.name.to_owned(),
        kind: Some(kind),
        count: cells.len(),
        empty: table.len().saturating_sub(cells.len()),
        distinct: counts.len(),
        ..Description::default()
    };
    match kind {
        Kind::Empty => base,
        Kind::Integer | Kind::Decimal => numbers(base, &cells, wanted),
        Kind::Boolean => {
            Description { yes: Some(cells.iter().filter(|c| cell::boolean(c) == Some(true)).count()), ..base }
        }
        Kind::Date => Description { min: text(cells.iter().min()), max: text(cells.iter().max()), ..base },
        Kind::Text => Description {
            min_length: cells.iter().map(|c| c.chars().count()).min(),
            max_length: cells.iter().map(|c| c.chars().count()).max(),
            top: most_frequent(counts, wanted.top),
            ..base
        },
    }
}

fn numbers(base: Description, cells: &[&str], wanted: &Wanted) -> Description {
    let numbers = Numbers::of(cells.iter().filter_map(|cell| Decimal::parse(cell)).collect());
    let quantiles = wanted.quantiles.iter().filter_map(|q| {
        let value = numbers.quantile(q, &wanted.precision)?;
        Some(Quantile { q: q.clone(), value })
    });
    Description {
        distinct: numbers.distinct(),
        min: numbers.min().map(|d| d.to_string()),
        max: numbers.max().map(|d| d.to_string()),
        sum: Some(numbers.sum()),
        mean: numbers.mean(&wanted.precision),
        quantiles: quantiles.collect(),
        ..base
    }
}

fn text(cell: Option<&&str>) -> Option<String> {
    cell.map(|cell| (*cell).to_owned())
}

/// By count from the most, then by value in byte order.
fn most_frequent(counts: BTreeMap<&str, usize>, top: usize) -> Vec<Frequent> {
    let mut counts: Vec<(&str, usize)> = counts.into_iter().collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
    let frequent = counts.into_iter().take(top);
    frequent.map(|(value, count)| Frequent { value: shortened(value), count }).collect()
}

/// At most [`MAX_VALUE_CHARS`] characters of `value`.
pub fn shortened(value: &str) -> String {
    match value.char_indices().nth(MAX_VALUE_CHARS) {
        Some((end, _)) => format!("{}…", value.get(..end).unwrap_or_default()),
        None => value.to_owned(),
    }
}

/// The numbers of a column, sorted, at one scale.
pub struct Numbers {
    sorted: Vec<BigInt>,
    scale: u32,
}

impl Numbers {
    /// Brings `numbers` to their largest scale and sorts them.
    pub fn of(numbers: Vec<Decimal>) -> Self {
        let scale = numbers.iter().map(|n| n.scale).max().unwrap_or(0);
        let mut sorted: Vec<BigInt> = numbers.iter().map(|n| n.at_scale(scale)).collect();
        sorted.sort_unstable();
        Self { sorted, scale }
    }

    fn exact(&self, unscaled: BigInt) -> Decimal {
        Decimal { unscaled, scale: self.scale }.shortest()
    }

    /// The least number.
    pub fn min(&self) -> Option<Decimal> {
        self.sorted.first().map(|n| self.exact(n.clone()))
    }

    /// The greatest number.
    pub fn max(&self) -> Option<Decimal> {
        self.sorted.last().map(|n| self.exact(n.clone()))
    }

    /// The exact sum.
    pub fn sum(&self) -> Decimal {
        self.exact(self.sorted.iter().sum())
    }

    /// The rounded mean; None of no numbers.
    pub fn mean(&self, precision: &Precision) -> Option<Decimal> {
        let count = BigInt::from(self.sorted.len());
        let sum: BigInt = self.sorted.iter().sum();
        let ratio = || Decimal::ratio(&sum, &count, self.scale, precision.digits, precision.rounding);
        (!self.sorted.is_empty()).then(ratio)
    }

    /// The quantile `q`; None of no numbers.
    pub fn quantile(&self, q: &Decimal, precision: &Precision) -> Option<Decimal> {
        quantile(&self.sorted, self.scale, q, precision)
    }

    /// How many different numbers there are: 1.0 and 1 are one.
    pub fn distinct(&self) -> usize {
        let changes = self.sorted.windows(2).filter(|pair| matches!(pair, [a, b] if a != b)).count();
        changes.saturating_add(usize::from(!self.sorted.is_empty()))
    }
}
