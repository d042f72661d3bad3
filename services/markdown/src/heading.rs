//! Headings and their anchors.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, HeadingLevel, Tag, TagEnd};
use serde::Serialize;

use crate::safe::ID_PREFIX;

/// One heading of the document.
#[derive(Serialize, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Its anchor in the HTML, unique in the document.
    pub id: String,
    /// Its text without markup.
    pub text: String,
}

/// Gives every heading of `events` an id and lists the headings in order.
pub fn anchor(events: &mut [Event<'_>]) -> Vec<Heading> {
    let (mut headings, mut taken) = (Vec::new(), BTreeMap::new());
    let ends: Vec<usize> = events.iter().enumerate().filter_map(|(at, event)| is_end(event).then_some(at)).collect();
    let mut ends = ends.into_iter();
    for start in 0..events.len() {
        let Some(Event::Start(Tag::Heading { level, .. })) = events.get(start) else {
            continue;
        };
        let level = *level;
        let Some(end) = ends.find(|end| *end > start) else {
            break;
        };
        let text: String = events.get(start..end).unwrap_or_default().iter().filter_map(text_of).collect();
        let id = format!("{ID_PREFIX}{}", unique(slug(&text), &mut taken));
        if let Some(Event::Start(Tag::Heading { id: slot, .. })) = events.get_mut(start) {
            *slot = Some(id.clone().into());
        }
        headings.push(Heading { level: number(level), id, text: text.trim().to_owned() });
    }
    headings
}

fn is_end(event: &Event<'_>) -> bool {
    matches!(event, Event::End(TagEnd::Heading(_)))
}

fn text_of<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    match event {
        Event::Text(text) | Event::Code(text) => Some(text),
        Event::SoftBreak | Event::HardBreak => Some(" "),
        _ => None,
    }
}

/// Letters and digits in lower case, everything between them as one hyphen.
fn slug(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    if words.is_empty() { "section".to_owned() } else { words.join("-").to_lowercase() }
}

/// The slug, with -2, -3, … where it was used before.
fn unique(slug: String, taken: &mut BTreeMap<String, u32>) -> String {
    let mut id = slug.clone();
    while taken.contains_key(&id) {
        let used = taken.entry(slug.clone()).or_insert(1);
        *used = used.saturating_add(1);
        id = format!("{slug}-{used}");
    }
    taken.insert(id.clone(), 1);
    id
}

fn number(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique() {
        let mut taken = BTreeMap::new();
        let mut id = |text: &str| unique(slug(text), &mut taken);
        assert_eq!(id("Straße & co."), "straße-co");
        assert_eq!(id("A"), "a");
        assert_eq!(id("A 2"), "a-2");
        assert_eq!(id("a"), "a-3");
        assert_eq!(id("!"), "section");
        assert_eq!(id("?"), "section-2");
    }
}
