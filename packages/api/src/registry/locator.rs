//! Where something is found: `scheme://rest`.

/// Whether `text` is `scheme://rest` with one of `schemes`, and a rest of visible ASCII that is not empty.
pub fn is_locator(text: &str, schemes: &[&str]) -> bool {
    text.split_once("://").is_some_and(|(scheme, rest)| {
        schemes.contains(&scheme) && !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scheme_and_visible_ascii() {
        let schemes = ["https", "ipfs"];
        assert!(is_locator("https://example.org/a?b=c#d", &schemes));
        assert!(is_locator("ipfs://bafy", &schemes));
        for refused in
            ["", "https", "https://", "https:/x", "HTTPS://x", "ftp://x", "https://a b", "https://é", "https://a\n"]
        {
            assert!(!is_locator(refused, &schemes), "{refused:?}");
        }
    }
}
