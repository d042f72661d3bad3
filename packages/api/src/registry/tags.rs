//! Tags of services: words by which they are found.

use std::collections::BTreeSet;

use thiserror::Error;

use super::label::is_dns_label;

/// Tags of a service at most.
pub const MAX_TAGS: usize = 8;
/// Bytes of a tag at most.
pub const MAX_TAG: usize = 32;

/// Why tags are refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum TagError {
    /// There are too many.
    #[error("tags are {got}, must be at most {MAX_TAGS}")]
    TooMany {
        /// How many.
        got: usize,
    },
    /// One is no lower-case DNS label of at most 32 bytes.
    #[error("tag is {got:?}, must be 1 to {MAX_TAG} of a-z, 0-9 and -, and start and end with a letter or digit")]
    Label {
        /// The refused tag.
        got: String,
    },
    /// One is there twice.
    #[error("tag {got:?} is repeated")]
    Repeated {
        /// The tag.
        got: String,
    },
}

/// Refuses more than 8 tags, a tag that is no DNS label of at most 32 bytes, and repetitions.
///
/// # Errors
/// The first thing that is wrong.
pub fn check_tags(tags: &[String]) -> Result<(), TagError> {
    if tags.len() > MAX_TAGS {
        return Err(TagError::TooMany { got: tags.len() });
    }
    let mut seen = BTreeSet::new();
    for tag in tags {
        if tag.len() > MAX_TAG || !is_dns_label(tag) {
            return Err(TagError::Label { got: tag.clone() });
        }
        if !seen.insert(tag) {
            return Err(TagError::Repeated { got: tag.clone() });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(tags: &[&str]) -> Result<(), TagError> {
        check_tags(&tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn eight_different_labels_of_32_bytes() {
        let long = "a".repeat(32);
        assert_eq!(check(&[]), Ok(()));
        assert_eq!(check(&["csv", "a-b", "1", "d", "e", "f", "g", &long]), Ok(()));
        assert_eq!(check(&["a"; 9]), Err(TagError::TooMany { got: 9 }));
        for got in ["", "A", "a_b", "-a", "é", &"a".repeat(33)] {
            assert_eq!(check(&["a", got]), Err(TagError::Label { got: got.to_owned() }));
        }
        assert_eq!(check(&["a", "b", "a"]), Err(TagError::Repeated { got: "a".to_owned() }));
    }
}
