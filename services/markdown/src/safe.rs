//! What a document may become.
//!
//! The HTML is safe by construction: the renderer escapes all text and writes only its own few elements, so three things
//! are left to do here. Raw HTML becomes text; links and images keep only targets that cannot run anything; ids get a prefix.
//! The tests hold the result against ammonia, which must find nothing to remove.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};

/// Put before every id, so that a document cannot take the name of something of the page that shows it.
pub const ID_PREFIX: &str = "md-";

/// Schemes of links besides relative ones.
const LINK_SCHEMES: [&str; 3] = ["http", "https", "mailto"];

/// Schemes of images besides relative ones.
const IMAGE_SCHEMES: [&str; 2] = ["http", "https"];

/// The events of a document, made safe: what is not allowed keeps its text.
pub fn safe<'a>(events: impl Iterator<Item = Event<'a>>) -> Vec<Event<'a>> {
    let mut kept = Vec::new();
    // For each open link or image, whether it was kept: its end follows.
    let mut open = Vec::new();
    for event in events {
        match event {
            Event::Start(ref tag @ (Tag::Link { .. } | Tag::Image { .. })) => {
                let keep = is_allowed(tag);
                open.push(keep);
                if keep {
                    kept.push(event);
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => {
                if open.pop() == Some(true) {
                    kept.push(event);
                }
            }
            other => kept.push(as_text(other)),
        }
    }
    kept
}

/// Raw HTML as text, footnote names as ids of ours, everything else as it is.
fn as_text(event: Event<'_>) -> Event<'_> {
    match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock) => Event::End(TagEnd::Paragraph),
        Event::FootnoteReference(name) => Event::FootnoteReference(footnote_id(&name)),
        Event::Start(Tag::FootnoteDefinition(name)) => Event::Start(Tag::FootnoteDefinition(footnote_id(&name))),
        other => other,
    }
}

fn footnote_id(name: &str) -> CowStr<'static> {
    format!("{ID_PREFIX}fn-{name}").into()
}

fn is_allowed(tag: &Tag<'_>) -> bool {
    match tag {
        Tag::Link { link_type: LinkType::Email, .. } => true,
        Tag::Link { dest_url, .. } => is_relative_or(&LINK_SCHEMES, dest_url),
        Tag::Image { dest_url, .. } => is_relative_or(&IMAGE_SCHEMES, dest_url),
        _ => false,
    }
}

/// Whether a browser sees no scheme in `url`, or one of `schemes`. Browsers drop controls and white space before they look.
fn is_relative_or(schemes: &[&str], url: &str) -> bool {
    let seen: String = url.chars().filter(|c| !c.is_control() && !c.is_whitespace()).collect();
    match seen.split_once(':') {
        None => true,
        Some((before, _)) if before.contains(['/', '?', '#']) => true,
        Some((scheme, _)) => schemes.iter().any(|allowed| scheme.eq_ignore_ascii_case(allowed)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes() {
        for url in
            ["https://a", "HTTP://a", "mailto:a@b", "/a", "a/b:c", "#x:y", "?q=a:b", "", "//a.b/c", "ht\ntps://a"]
        {
            assert!(is_relative_or(&LINK_SCHEMES, url), "{url:?}");
        }
        for url in [
            "javascript:alert(1)",
            " javascript:alert(1)",
            "JaVa\tScRiPt:alert(1)",
            "\u{1}javascript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "C:\\x",
            ":x",
            "javascript\u{a0}:x",
        ] {
            assert!(!is_relative_or(&LINK_SCHEMES, url), "{url:?}");
        }
        assert!(!is_relative_or(&IMAGE_SCHEMES, "mailto:a@b"));
    }
}
