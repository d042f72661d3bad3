//! The task `group`: columns aggregated by the values of others.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::column::{Numbers, shortened};
use crate::decimal::{Decimal, Rounding};
use crate::options::{Method, Number, Precision};
use crate::table::{self, Source, Table};

/// Most groups in an output.
const MAX_GROUPS: usize = 1_000;

/// Most columns to group by, and most aggregates.
const MAX_LIST: usize = 16;

/// Input of `group`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    csv: String,
    delimiter: Option<String>,
    header: Option<bool>,
    #[serde(default, deserialize_with = "table::list")]
    empty: Vec<String>,
    by: Vec<String>,
    aggregates: Vec<Asked>,
    #[serde(default)]
    quantile_method: Method,
    digits: Option<Number>,
    #[serde(default)]
    rounding: Rounding,
}

/// One aggregate as asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    function: Function,
    column: String,
    q: Option<Number>,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
enum Function {
    Count,
    Distinct,
    Sum,
    Mean,
    Min,
    Max,
    Quantile,
}

/// Output of `group`.
#[derive(Serialize)]
pub struct Grouped {
    rows: usize,
    groups: Vec<Group>,
}

/// One group: rows whose cells in the `by` columns are equal; an empty cell is "".
#[derive(Serialize)]
struct Group {
    key: Vec<String>,
    rows: usize,
    /// In the order asked for; null where the group has no filled cell to aggregate.
    values: Vec<Value>,
}

/// One aggregate, checked.
struct Aggregate<'a> {
    function: Function,
    name: &'a str,
    column: usize,
    q: Option<Decimal>,
}

/// Groups the table and aggregates each group.
pub fn group(input: Input) -> Result<Grouped, String> {
    let precision = Precision::new(input.digits, input.rounding, input.quantile_method)?;
    let table =
        Table::read(Source { csv: input.csv, delimiter: input.delimiter, header: input.header, empty: input.empty })?;
    bounded("by", input.by.len())?;
    bounded("aggregates", input.aggregates.len())?;
    let by = input.by.iter().map(|name| Ok(table.column("by", name)?.index)).collect::<Result<Vec<usize>, String>>()?;
    let aggregates = input.aggregates.into_iter().map(|asked| check(&table, asked)).collect::<Result<Vec<_>, _>>()?;
    let mut groups = Vec::new();
    for (key, rows) in partition(&table, &by)? {
        let values = aggregates.iter().map(|aggregate| aggregate.of(&table, &rows, &precision));
        let values = values.collect::<Result<Vec<Value>, String>>()?;
        groups.push(Group { key: key.into_iter().map(shortened).collect(), rows: rows.len(), values });
    }
    Ok(Grouped { rows: table.len(), groups })
}

fn bounded(parameter: &str, len: usize) -> Result<(), String> {
    if (1..=MAX_LIST).contains(&len) {
        Ok(())
    } else {
        Err(format!("{parameter}: {len} given, 1 to {MAX_LIST} wanted"))
    }
}

fn check(table: &Table, asked: Asked) -> Result<Aggregate<'_>, String> {
    let column = table.column("aggregates", &asked.column)?;
    let q = match (asked.function, asked.q) {
        (Function::Quantile, Some(q)) => Some(q.fraction("aggregates, q")?),
        (Function::Quantile, None) => {
            return Err(format!("aggregates: quantile of {:?} needs q", column.name));
        }
        (_, Some(_)) => {
            return Err(format!("aggregates: q of {:?} is for quantile only", column.name));
        }
        (_, None) => None,
    };
    Ok(Aggregate { function: asked.function, name: column.name, column: column.index, q })
}

/// Rows by key, keys in byte order cell by cell.
fn partition<'a>(table: &'a Table, by: &[usize]) -> Result<BTreeMap<Vec<&'a str>, Vec<usize>>, String> {
    let mut groups: BTreeMap<Vec<&str>, Vec<usize>> = BTreeMap::new();
    for row in 0..table.len() {
        let key = by.iter().map(|column| table.cell(row, *column).unwrap_or_default()).collect();
        groups.entry(key).or_default().push(row);
        if groups.len() > MAX_GROUPS {
            return Err(format!("by: more than {MAX_GROUPS} groups, reached at line {}", table.line(row)));
        }
    }
    Ok(groups)
}

impl Aggregate<'_> {
    fn of(&self, table: &Table, rows: &[usize], precision: &Precision) -> Result<Value, String> {
        let cells = || rows.iter().filter_map(|row| Some((*row, table.cell(*row, self.column)?)));
        let number = match self.function {
            Function::Count => return Ok(cells().count().into()),
            Function::Distinct => {
                return Ok(cells().map(|(_, cell)| cell).collect::<BTreeSet<_>>().len().into());
            }
            function => {
                let numbers =
                    cells().map(|(row, cell)| self.number(table, row, cell)).collect::<Result<Vec<_>, _>>()?;
                let none = numbers.is_empty();
                let numbers = Numbers::of(numbers);
                match function {
                    Function::Sum if none => None,
                    Function::Sum => Some(numbers.sum()),
                    Function::Min => numbers.min(),
                    Function::Max => numbers.max(),
                    Function::Quantile => self.q.as_ref().and_then(|q| numbers.quantile(q, precision)),
                    _ => numbers.mean(precision),
                }
            }
        };
        Ok(number.map_or(Value::Null, |decimal| decimal.to_string().into()))
    }

    fn number(&self, table: &Table, row: usize, cell: &str) -> Result<Decimal, String> {
        let wrong =
            || format!("csv, line {}, column {:?}: {:?} is not a number", table.line(row), self.name, shortened(cell));
        Decimal::parse(cell).ok_or_else(wrong)
    }
}
