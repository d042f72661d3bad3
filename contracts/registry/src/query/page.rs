//! Lengths of lists.

/// Entries of a list unless asked otherwise.
const DEFAULT: u32 = 10;
/// Entries of a list at most.
const MAX: u32 = 50;

/// How many entries are given.
pub(super) fn entries(limit: Option<u32>) -> usize {
    usize::try_from(limit.unwrap_or(DEFAULT).min(MAX)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_unless_asked_and_at_most_fifty() {
        assert_eq!([None, Some(0), Some(50), Some(u32::MAX)].map(entries), [10, 0, 50, 50]);
    }
}
