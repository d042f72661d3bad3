//! What a cell is.

use serde::Serialize;

use crate::decimal::Decimal;

/// Type of a column: the narrowest one that all of its filled cells have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// No filled cell.
    Empty,
    /// `true` or `false`, in lower case, capitalised or in upper case.
    Boolean,
    /// A whole number.
    Integer,
    /// A number with a fraction in at least one cell.
    Decimal,
    /// A calendar date, year-month-day.
    Date,
    /// Anything else.
    Text,
}

impl Kind {
    /// The kind of one filled cell.
    pub fn of(cell: &str) -> Self {
        if boolean(cell).is_some() {
            return Self::Boolean;
        }
        match Decimal::parse(cell) {
            Some(number) if number.scale == 0 => Self::Integer,
            Some(_) => Self::Decimal,
            None if is_date(cell) => Self::Date,
            None => Self::Text,
        }
    }

    /// The kind of a column that has cells of both.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Empty, kind) | (kind, Self::Empty) => kind,
            (a, b) if a == b => a,
            (Self::Integer, Self::Decimal) | (Self::Decimal, Self::Integer) => Self::Decimal,
            _ => Self::Text,
        }
    }
}

/// The truth value of a cell that has one.
pub fn boolean(cell: &str) -> Option<bool> {
    match cell {
        "true" | "True" | "TRUE" => Some(true),
        "false" | "False" | "FALSE" => Some(false),
        _ => None,
    }
}

/// Whether `cell` is a day that exists in the Gregorian calendar, written YYYY-MM-DD.
fn is_date(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    if bytes.len() != 10 || bytes.get(4) != Some(&b'-') || bytes.get(7) != Some(&b'-') {
        return false;
    }
    let part = |range: std::ops::Range<usize>| {
        cell.get(range).filter(|s| s.bytes().all(|b| b.is_ascii_digit())).and_then(|s| s.parse::<u32>().ok())
    };
    let (Some(year), Some(month), Some(day)) = (part(0..4), part(5..7), part(8..10)) else {
        return false;
    };
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let days = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => return false,
    };
    (1..=days).contains(&day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_of_cells() {
        for (cell, kind) in [
            ("TRUE", Kind::Boolean),
            ("tRUE", Kind::Text),
            ("-12", Kind::Integer),
            ("1.0", Kind::Decimal),
            ("2024-02-29", Kind::Date),
            ("2023-02-29", Kind::Text),
            ("2000-02-29", Kind::Date),
            ("1900-02-29", Kind::Text),
            ("2024-13-01", Kind::Text),
            ("2024-00-10", Kind::Text),
            ("2024-04-31", Kind::Text),
            ("2024-04-00", Kind::Text),
            ("+024-04-01", Kind::Text),
            ("é024-04-1", Kind::Text),
            ("Adelie", Kind::Text),
        ] {
            assert_eq!(Kind::of(cell), kind, "{cell}");
        }
    }

    #[test]
    fn columns_take_the_narrowest_common_kind() {
        assert_eq!(Kind::Integer.and(Kind::Decimal), Kind::Decimal);
        assert_eq!(Kind::Empty.and(Kind::Date), Kind::Date);
        assert_eq!(Kind::Boolean.and(Kind::Integer), Kind::Text);
    }
}
