//! The task `render`.

use pulldown_cmark::{Event, Options, Parser, html};
use serde::{Deserialize, Serialize};

use crate::heading::{self, Heading};
use crate::safe::safe;

/// Input of `render`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    markdown: String,
    extensions: Option<Vec<Extension>>,
}

/// What is understood besides CommonMark.
#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum Extension {
    Tables,
    Strikethrough,
    TaskLists,
    Footnotes,
}

/// Output of `render`.
#[derive(Serialize)]
pub struct Rendered {
    /// Sanitised HTML, a fragment.
    html: String,
    /// All headings in order, for a table of contents.
    headings: Vec<Heading>,
    /// Words of text and code, raw HTML not counted.
    words: usize,
}

/// Makes the document safe and renders it.
pub fn render(input: &Input) -> Rendered {
    let parsed: Vec<Event<'_>> = Parser::new_ext(&input.markdown, options(input.extensions.as_deref())).collect();
    let words = parsed.iter().map(words).fold(0, usize::saturating_add);
    let mut events = safe(parsed.into_iter());
    let headings = heading::anchor(&mut events);
    let mut rendered = String::new();
    html::push_html(&mut rendered, events.into_iter());
    Rendered { html: rendered, headings, words }
}

fn options(extensions: Option<&[Extension]>) -> Options {
    let all = [Extension::Tables, Extension::Strikethrough, Extension::TaskLists, Extension::Footnotes];
    let mut options = Options::empty();
    for extension in extensions.unwrap_or(&all) {
        options.insert(match extension {
            Extension::Tables => Options::ENABLE_TABLES,
            Extension::Strikethrough => Options::ENABLE_STRIKETHROUGH,
            Extension::TaskLists => Options::ENABLE_TASKLISTS,
            Extension::Footnotes => Options::ENABLE_FOOTNOTES,
        });
    }
    options
}

fn words(event: &Event<'_>) -> usize {
    match event {
        Event::Text(text) | Event::Code(text) => text.split_whitespace().count(),
        _ => 0,
    }
}
