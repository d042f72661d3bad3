//! Names of services and tags.

/// Whether `text` is `[a-z0-9]([a-z0-9-]*[a-z0-9])?`, a lower-case DNS label of any length.
pub fn is_dns_label(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !text.is_empty() && text.bytes().all(allowed) && !text.starts_with('-') && !text.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dns_labels() {
        for label in ["a", "0", "csv-report", "a--b", "x1"] {
            assert!(is_dns_label(label), "{label}");
        }
        for refused in ["", "-a", "a-", "-", "A", "a_b", "a.b", "é"] {
            assert!(!is_dns_label(refused), "{refused}");
        }
    }
}
