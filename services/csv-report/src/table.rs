//! The CSV text as cells.

use std::collections::BTreeSet;

use csv::{ReaderBuilder, StringRecord};
use serde::Deserialize;

/// Most columns of a table.
const MAX_COLUMNS: usize = 256;

/// How the text is to be read; members of both tasks' inputs.
#[derive(Debug)]
pub struct Source {
    /// The text, RFC 4180 with any line ending.
    pub csv: String,
    /// Delimiter, one ASCII character; a comma when absent.
    pub delimiter: Option<String>,
    /// Whether the first line has the names (default); else columns are named c1, c2, ….
    pub header: Option<bool>,
    /// Texts that stand for an empty cell besides the empty text itself, such as NA.
    pub empty: Vec<String>,
}

/// A rectangular table.
#[derive(Debug)]
pub struct Table {
    names: Vec<String>,
    rows: Vec<StringRecord>,
    empty: BTreeSet<String>,
}

/// One column by name and place.
#[derive(Debug, Clone, Copy)]
pub struct Column<'a> {
    /// Its name.
    pub name: &'a str,
    /// Its place, from 0.
    pub index: usize,
}

impl Table {
    /// Reads all of `source`.
    pub fn read(source: Source) -> Result<Self, String> {
        let mut builder = ReaderBuilder::new();
        builder.has_headers(false).delimiter(delimiter(source.delimiter.as_deref())?);
        let mut rows = Vec::new();
        for record in builder.from_reader(source.csv.as_bytes()).into_records() {
            rows.push(record.map_err(|e| describe(&e))?);
        }
        let width = rows.first().map(StringRecord::len).ok_or("csv: no line")?;
        if width > MAX_COLUMNS {
            return Err(format!("csv: {width} columns, at most {MAX_COLUMNS}"));
        }
        let names: Vec<String> = if source.header.unwrap_or(true) {
            rows.remove(0).iter().map(str::to_owned).collect()
        } else {
            (1..=width).map(|n| format!("c{n}")).collect()
        };
        unique(&names)?;
        Ok(Self { names, rows, empty: source.empty.into_iter().collect() })
    }

    /// Number of data rows.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    /// All columns from left to right.
    pub fn columns(&self) -> impl Iterator<Item = Column<'_>> {
        self.names.iter().enumerate().map(|(index, name)| Column { name, index })
    }

    /// The column named `name`; `parameter` is where it was asked for.
    pub fn column(&self, parameter: &str, name: &str) -> Result<Column<'_>, String> {
        let found = self.columns().find(|column| column.name == name);
        found.ok_or_else(|| format!("{parameter}: no column {name:?}; there are {}", self.names.join(", ")))
    }

    /// The filled cells of a column, each with the number of its data row from 0.
    pub fn cells(&self, column: usize) -> impl Iterator<Item = (usize, &str)> {
        let cells = self.rows.iter().enumerate().filter_map(move |(row, record)| Some((row, record.get(column)?)));
        cells.filter(|(_, cell)| !self.is_empty(cell))
    }

    /// One cell; None when it is empty.
    pub fn cell(&self, row: usize, column: usize) -> Option<&str> {
        self.rows.get(row)?.get(column).filter(|cell| !self.is_empty(cell))
    }

    /// Where a data row starts in the text, counted from line 1.
    pub fn line(&self, row: usize) -> u64 {
        self.rows.get(row).and_then(StringRecord::position).map_or(0, csv::Position::line)
    }

    fn is_empty(&self, cell: &str) -> bool {
        cell.is_empty() || self.empty.contains(cell)
    }
}

fn delimiter(asked: Option<&str>) -> Result<u8, String> {
    match asked.unwrap_or(",").as_bytes() {
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Ok(*byte),
        _ => Err(format!("delimiter: {:?} is not one ASCII character", asked.unwrap_or_default())),
    }
}

fn unique(names: &[String]) -> Result<(), String> {
    let mut seen = BTreeSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(twice) => Err(format!("csv: two columns are named {twice:?}")),
        None => Ok(()),
    }
}

fn describe(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths { pos, expected_len, len } => {
            let line = pos.as_ref().map_or(0, csv::Position::line);
            format!("csv, line {line}: {len} cells, expected {expected_len}")
        }
        _ => format!("csv: {error}"),
    }
}

/// A list parameter that may be absent.
pub fn list<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(Option::<Vec<String>>::deserialize(deserializer)?.unwrap_or_default())
}
