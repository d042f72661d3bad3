//! Canonical JSON: RFC 8785 with numbers restricted to integers (docs/mechanism.md, 2.6).
//!
//! One value has exactly one spelling, so its SHA-256 stands for it. Accepted: any JSON text (RFC 8259) whose numbers are
//! integers within ±(2^53 − 1) written without fraction and exponent, whose objects repeat no key, whose strings have no lone
//! surrogate, and which nests at most [`MAX_DEPTH`] arrays and objects. `-0` is accepted and written `0`, as ECMAScript does.
//! Written: no white space, keys in the order of their UTF-16 code units, and only those characters escaped that must be.
//! The length of a text is not limited here; callers do that.

use thiserror::Error;

/// Arrays and objects that may stand inside each other; a text without any has depth 0.
pub const MAX_DEPTH: usize = 32;

/// The largest integer, and the negative of the smallest: 2^53 − 1.
pub const MAX_INTEGER: i64 = 9_007_199_254_740_991;

/// Why a text has no canonical form, or is not in it; `at` is the offset in bytes where that shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CanonicalJsonError {
    /// The text ends inside a value.
    #[error("the JSON text ends too early, at byte {at}")]
    End {
        /// Length of the text.
        at: usize,
    },
    /// JSON allows no such character here; also anything but white space after the value.
    #[error("unexpected character at byte {at}")]
    Unexpected {
        /// Offset of the character.
        at: usize,
    },
    /// A number has a fraction or an exponent: write it as a decimal string.
    #[error("the number at byte {at} is not written as an integer")]
    NotInteger {
        /// Offset of the number.
        at: usize,
    },
    /// An integer lies outside ±(2^53 − 1): write it as a decimal string.
    #[error("the integer at byte {at} is outside ±(2^53 - 1)")]
    IntegerRange {
        /// Offset of the number.
        at: usize,
    },
    /// An object has the same key twice.
    #[error("the key at byte {at} is a duplicate")]
    DuplicateKey {
        /// Offset of the later key.
        at: usize,
    },
    /// More than [`MAX_DEPTH`] arrays and objects stand inside each other.
    #[error("nested deeper than 32 at byte {at}")]
    TooDeep {
        /// Offset of the bracket.
        at: usize,
    },
    /// A backslash is not followed by one of JSON's escapes.
    #[error("invalid escape at byte {at}")]
    Escape {
        /// Offset of the backslash.
        at: usize,
    },
    /// Half of a surrogate pair stands alone, so the string is not Unicode.
    #[error("lone surrogate at byte {at}")]
    LoneSurrogate {
        /// Offset of the backslash.
        at: usize,
    },
    /// A character below U+0020 stands in a string without being escaped.
    #[error("unescaped control character at byte {at}")]
    ControlCharacter {
        /// Offset of the character.
        at: usize,
    },
    /// The text is accepted but spelled differently from its canonical form.
    #[error("not in canonical form from byte {at}")]
    NotCanonical {
        /// Offset of the first byte that differs.
        at: usize,
    },
}

/// A JSON value of the accepted kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An integer within ±[`MAX_INTEGER`].
    Integer(i64),
    /// Any Unicode text.
    String(String),
    /// Values in order.
    Array(Vec<Json>),
    /// Members with distinct keys, in the order of the keys' UTF-16 code units.
    Object(Vec<(String, Json)>),
}

/// The canonical form of a JSON text.
///
/// # Errors
/// The first reason why it has none.
pub fn canonicalize(text: &str) -> Result<String, CanonicalJsonError> {
    Ok(parse(text)?.to_canonical())
}

/// Whether a text is canonical JSON, byte for byte.
#[must_use]
pub fn is_canonical(text: &str) -> bool {
    check(text).is_ok()
}

/// Accepts a text that is canonical JSON, byte for byte.
///
/// # Errors
/// As [`canonicalize`], and [`CanonicalJsonError::NotCanonical`].
pub fn check(text: &str) -> Result<(), CanonicalJsonError> {
    parse_canonical(text).map(drop)
}

/// The value of a text that is canonical JSON, byte for byte.
///
/// # Errors
/// As [`canonicalize`], and [`CanonicalJsonError::NotCanonical`].
pub fn parse_canonical(text: &str) -> Result<Json, CanonicalJsonError> {
    let json = parse(text)?;
    let canonical = json.to_canonical();
    if canonical == text {
        return Ok(json);
    }
    let at = canonical.bytes().zip(text.bytes()).take_while(|(left, right)| left == right).count();
    Err(CanonicalJsonError::NotCanonical { at })
}

/// The value of any accepted text, canonical or not.
///
/// # Errors
/// The first reason why it is not accepted.
pub fn parse(text: &str) -> Result<Json, CanonicalJsonError> {
    let mut parser = Parser { text, at: 0 };
    let json = parser.value(0)?;
    parser.skip_white_space();
    match parser.peek() {
        None => Ok(json),
        Some(_) => Err(parser.unexpected()),
    }
}

impl Json {
    /// The one spelling of this value.
    #[must_use]
    pub fn to_canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Appends the one spelling of this value.
    fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Integer(integer) => out.push_str(&integer.to_string()),
            Self::String(text) => write_string(text, out),
            Self::Array(items) => {
                out.push('[');
                for (position, item) in items.iter().enumerate() {
                    separate(position, out);
                    item.write(out);
                }
                out.push(']');
            }
            Self::Object(members) => {
                out.push('{');
                for (position, (key, value)) in members.iter().enumerate() {
                    separate(position, out);
                    write_string(key, out);
                    out.push(':');
                    value.write(out);
                }
                out.push('}');
            }
        }
    }
}

/// The comma before every element but the first.
fn separate(position: usize, out: &mut String) {
    if position > 0 {
        out.push(',');
    }
}

/// Appends a string with the escapes of RFC 8785, 3.2.2.2.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\u{8}' => out.push_str("\\b"),
            '\t' => out.push_str("\\t"),
            '\n' => out.push_str("\\n"),
            '\u{c}' => out.push_str("\\f"),
            '\r' => out.push_str("\\r"),
            '\0'..='\u{1f}' => {
                out.push_str(if character < '\u{10}' { "\\u000" } else { "\\u001" });
                out.push(char::from_digit(u32::from(character) & 0xf, 16).unwrap_or_default());
            }
            _ => out.push(character),
        }
    }
    out.push('"');
}

/// Reads one value from the front of what is left of a text.
struct Parser<'a> {
    /// The whole text.
    text: &'a str,
    /// Bytes that are read.
    at: usize,
}

impl Parser<'_> {
    /// The next byte.
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Steps over bytes that are known to be there.
    fn advance(&mut self, bytes: usize) {
        self.at = self.at.saturating_add(bytes);
    }

    /// Steps over the next byte if it is this one.
    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        if found {
            self.advance(1);
        }
        found
    }

    /// The error for the byte at the front, or for its absence.
    fn unexpected(&self) -> CanonicalJsonError {
        match self.peek() {
            Some(_) => CanonicalJsonError::Unexpected { at: self.at },
            None => CanonicalJsonError::End { at: self.at },
        }
    }

    /// Steps over the next byte, which must be this one.
    fn expect_byte(&mut self, byte: u8) -> Result<(), CanonicalJsonError> {
        if self.eat(byte) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// Steps over white space.
    fn skip_white_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.advance(1);
        }
    }

    /// A value with white space before it; `depth` arrays and objects are open.
    fn value(&mut self, depth: usize) -> Result<Json, CanonicalJsonError> {
        self.skip_white_space();
        match self.peek() {
            Some(b'n') => self.literal("null", Json::Null),
            Some(b't') => self.literal("true", Json::Bool(true)),
            Some(b'f') => self.literal("false", Json::Bool(false)),
            Some(b'"') => self.string().map(Json::String),
            Some(b'[') => self.array(self.open(depth)?),
            Some(b'{') => self.object(self.open(depth)?),
            Some(b'-' | b'0'..=b'9') => self.integer(),
            _ => Err(self.unexpected()),
        }
    }

    /// The depth inside the bracket at the front.
    fn open(&self, depth: usize) -> Result<usize, CanonicalJsonError> {
        if depth >= MAX_DEPTH { Err(CanonicalJsonError::TooDeep { at: self.at }) } else { Ok(depth.saturating_add(1)) }
    }

    /// One of the three words.
    fn literal(&mut self, word: &str, json: Json) -> Result<Json, CanonicalJsonError> {
        for byte in word.bytes() {
            self.expect_byte(byte)?;
        }
        Ok(json)
    }

    /// `[ … ]`
    fn array(&mut self, depth: usize) -> Result<Json, CanonicalJsonError> {
        let mut items = Vec::new();
        self.advance(1);
        self.skip_white_space();
        if self.eat(b']') {
            return Ok(Json::Array(items));
        }
        loop {
            items.push(self.value(depth)?);
            self.skip_white_space();
            if self.eat(b']') {
                return Ok(Json::Array(items));
            }
            self.expect_byte(b',')?;
        }
    }

    /// `{ … }`
    fn object(&mut self, depth: usize) -> Result<Json, CanonicalJsonError> {
        let mut members = Vec::new();
        self.advance(1);
        self.skip_white_space();
        if self.eat(b'}') {
            return Ok(Json::Object(Vec::new()));
        }
        loop {
            self.skip_white_space();
            let at = self.at;
            let key = self.string()?;
            self.skip_white_space();
            self.expect_byte(b':')?;
            members.push((at, key, self.value(depth)?));
            self.skip_white_space();
            if self.eat(b'}') {
                return sort_members(members).map(Json::Object);
            }
            self.expect_byte(b',')?;
        }
    }

    /// An integer of JSON's grammar.
    fn integer(&mut self) -> Result<Json, CanonicalJsonError> {
        let start = self.at;
        let negative = self.eat(b'-');
        let first = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.advance(1);
        }
        let digits = self.text.get(first..self.at).unwrap_or_default();
        if digits.is_empty() {
            return Err(self.unexpected());
        }
        if digits.len() > 1 && digits.starts_with('0') {
            return Err(CanonicalJsonError::Unexpected { at: first.saturating_add(1) });
        }
        if matches!(self.peek(), Some(b'.' | b'e' | b'E')) {
            return Err(CanonicalJsonError::NotInteger { at: start });
        }
        match digits.parse::<i64>() {
            Ok(integer) if integer <= MAX_INTEGER => {
                Ok(Json::Integer(if negative { integer.saturating_neg() } else { integer }))
            }
            _ => Err(CanonicalJsonError::IntegerRange { at: start }),
        }
    }

    /// `" … "`, with its escapes resolved.
    fn string(&mut self) -> Result<String, CanonicalJsonError> {
        self.expect_byte(b'"')?;
        let mut out = String::new();
        loop {
            let start = self.at;
            while matches!(self.peek(), Some(byte) if byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.advance(1);
            }
            out.push_str(self.text.get(start..self.at).unwrap_or_default());
            match self.peek() {
                Some(b'"') => {
                    self.advance(1);
                    return Ok(out);
                }
                Some(b'\\') => out.push(self.escape()?),
                Some(_) => return Err(CanonicalJsonError::ControlCharacter { at: self.at }),
                None => return Err(self.unexpected()),
            }
        }
    }

    /// The character of the escape at the front.
    fn escape(&mut self) -> Result<char, CanonicalJsonError> {
        let at = self.at;
        self.advance(1);
        let character = match self.peek() {
            Some(b'u') => return self.unicode_escape(at),
            Some(same @ (b'"' | b'\\' | b'/')) => char::from(same),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => return Err(CanonicalJsonError::Escape { at }),
            None => return Err(self.unexpected()),
        };
        self.advance(1);
        Ok(character)
    }

    /// The character of the escape `\uXXXX`, or of two that make a surrogate pair; its backslash is at `at`.
    fn unicode_escape(&mut self, at: usize) -> Result<char, CanonicalJsonError> {
        let first = self.code_unit(at)?;
        let mut units = vec![first];
        if matches!(first, 0xd800..=0xdbff) && self.eat(b'\\') {
            units.push(self.code_unit(at)?);
        }
        let mut characters = char::decode_utf16(units);
        match (characters.next(), characters.next()) {
            (Some(Ok(character)), None) => Ok(character),
            _ => Err(CanonicalJsonError::LoneSurrogate { at }),
        }
    }

    /// The number in `uXXXX` at the front; the escape began at `at`.
    fn code_unit(&mut self, at: usize) -> Result<u16, CanonicalJsonError> {
        if !self.eat(b'u') {
            return Err(CanonicalJsonError::Escape { at });
        }
        let mut unit = 0_u16;
        for _ in 0..4 {
            let digit = self.peek().ok_or(self.unexpected())?;
            let value = char::from(digit).to_digit(16).and_then(|value| u16::try_from(value).ok());
            unit = (unit << 4) | value.ok_or(CanonicalJsonError::Escape { at })?;
            self.advance(1);
        }
        Ok(unit)
    }
}

/// Members in the order of RFC 8785, 3.2.3, refused if a key repeats. Each comes with the offset of its key.
fn sort_members(mut members: Vec<(usize, String, Json)>) -> Result<Vec<(String, Json)>, CanonicalJsonError> {
    members.sort_by(|(_, left, _), (_, right, _)| left.encode_utf16().cmp(right.encode_utf16()));
    let mut sorted: Vec<(String, Json)> = Vec::with_capacity(members.len());
    for (at, key, value) in members {
        if sorted.last().is_some_and(|(last, _)| *last == key) {
            return Err(CanonicalJsonError::DuplicateKey { at });
        }
        sorted.push((key, value));
    }
    Ok(sorted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use CanonicalJsonError as E;
    use proptest::prelude::*;

    #[test]
    fn rfc_8785_examples_without_floats() {
        let sorting = r#"{
  "\u20ac": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh", "1": "One",
  "\ud83d\ude00": "Emoji: Grinning Face", "\u0080": "Control", "\u00f6": "Latin Small Letter O With Diaeresis"
}"#;
        let keys = ["\\r", "1", "\u{80}", "ö", "€", "😀", "\u{fb33}"];
        let canonical = canonicalize(sorting).unwrap();
        let mut last = 0;
        for key in keys {
            let at = canonical.find(&format!("\"{key}\":")).unwrap();
            assert!(at >= last, "{key} in {canonical}");
            last = at;
        }
        let strings = r#"{"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/","literals":[null,true,false]}"#;
        assert_eq!(
            canonicalize(strings).unwrap(),
            r#"{"literals":[null,true,false],"string":"€$\u000f\nA'B\"\\\\\"/"}"#
        );
    }

    #[test]
    fn every_control_character_has_one_spelling() {
        for code in 0_u32..0x20 {
            let canonical = canonicalize(&format!("\"\\u{code:04X}\"")).unwrap();
            let expected = match code {
                8 => r"\b".to_owned(),
                9 => r"\t".to_owned(),
                10 => r"\n".to_owned(),
                12 => r"\f".to_owned(),
                13 => r"\r".to_owned(),
                _ => format!("\\u{code:04x}"),
            };
            assert_eq!(canonical, format!("\"{expected}\""));
            assert!(is_canonical(&canonical));
        }
        assert_eq!(canonicalize("\"\u{7f}\u{2028}\"").unwrap(), "\"\u{7f}\u{2028}\"");
    }

    #[test]
    fn integers() {
        for (text, canonical) in [("-0", "0"), ("0", "0"), (" 7\n", "7"), ("-9007199254740991", "-9007199254740991")] {
            assert_eq!(canonicalize(text).unwrap(), canonical);
        }
        for text in ["9007199254740992", "-9007199254740992", "[99999999999999999999999]"] {
            assert!(matches!(parse(text), Err(E::IntegerRange { .. })), "{text}");
        }
        for text in ["1.0", "1e3", "0.5", "2E1", "-0.0", "1."] {
            assert_eq!(parse(text), Err(E::NotInteger { at: 0 }), "{text}");
        }
        assert_eq!(parse("01"), Err(E::Unexpected { at: 1 }));
        assert_eq!(parse("-01"), Err(E::Unexpected { at: 2 }));
        assert_eq!(parse("-"), Err(E::End { at: 1 }));
        assert_eq!(parse("+1"), Err(E::Unexpected { at: 0 }));
    }

    #[test]
    fn malformed_texts_name_the_place() {
        for (text, error) in [
            ("", E::End { at: 0 }),
            ("[1,", E::End { at: 3 }),
            ("\"a", E::End { at: 2 }),
            ("\"\\", E::End { at: 2 }),
            ("\"\\u12", E::End { at: 5 }),
            ("{\"a\"", E::End { at: 4 }),
            ("nul", E::End { at: 3 }),
            ("[1,]", E::Unexpected { at: 3 }),
            ("{\"a\":1,}", E::Unexpected { at: 7 }),
            ("{a:1}", E::Unexpected { at: 1 }),
            ("[1 2]", E::Unexpected { at: 3 }),
            ("{} x", E::Unexpected { at: 3 }),
            ("nulL", E::Unexpected { at: 3 }),
            ("\u{feff}1", E::Unexpected { at: 0 }),
            ("NaN", E::Unexpected { at: 0 }),
            ("\"\\x\"", E::Escape { at: 1 }),
            ("\"\\u12g4\"", E::Escape { at: 1 }),
            ("\"\\ud800\\n\"", E::Escape { at: 1 }),
            ("\"\\ud800\"", E::LoneSurrogate { at: 1 }),
            ("\"\\ud800\\u0041\"", E::LoneSurrogate { at: 1 }),
            ("\"\\udc00\\ud800\"", E::LoneSurrogate { at: 1 }),
            ("\"\\ud800\\ud800\"", E::LoneSurrogate { at: 1 }),
            ("\"a\nb\"", E::ControlCharacter { at: 2 }),
            (r#"{"a":1,"b":2,"\u0061":3}"#, E::DuplicateKey { at: 13 }),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(is_canonical(&nested(MAX_DEPTH)));
        assert_eq!(parse(&nested(MAX_DEPTH + 1)), Err(E::TooDeep { at: MAX_DEPTH }));
        assert_eq!(parse(&"{\"\":".repeat(100_000)), Err(E::TooDeep { at: 4 * MAX_DEPTH }));
    }

    #[test]
    fn other_spellings_are_not_canonical() {
        for (text, at) in [
            (" 1", 0),
            ("1 ", 1),
            ("-0", 0),
            (r#"{"b":1,"a":2}"#, 2),
            (r#"{"a": 1}"#, 5),
            (r#""\/""#, 1),
            (r#""\u0041""#, 1),
            (r#""\u001F""#, 6),
        ] {
            assert_eq!(check(text), Err(E::NotCanonical { at }), "{text}");
            assert!(!is_canonical(text));
            assert!(is_canonical(&canonicalize(text).unwrap()));
        }
    }

    fn arbitrary_json() -> impl Strategy<Value = Json> {
        let leaf = prop_oneof![
            Just(Json::Null),
            any::<bool>().prop_map(Json::Bool),
            (-MAX_INTEGER..=MAX_INTEGER).prop_map(Json::Integer),
            any::<String>().prop_map(Json::String),
        ];
        leaf.prop_recursive(6, 64, 8, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..8).prop_map(Json::Array),
                prop::collection::btree_map(any::<String>(), inner, 0..8).prop_map(|members| {
                    let mut members: Vec<_> = members.into_iter().collect();
                    members.sort_by(|(left, _), (right, _)| left.encode_utf16().cmp(right.encode_utf16()));
                    Json::Object(members)
                }),
            ]
        })
    }

    proptest! {
        #[test]
        fn written_values_read_back(json in arbitrary_json()) {
            let text = json.to_canonical();
            prop_assert_eq!(parse_canonical(&text), Ok(json.clone()));
            let foreign: serde_json::Value = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(canonicalize(&serde_json::to_string_pretty(&foreign).unwrap()), Ok(text));
        }

        #[test]
        fn any_text_is_refused_or_has_one_form(text in "[\\[\\]{}:,\"\\\\ua-f0-9 .eE-]{0,40}") {
            if let Ok(canonical) = canonicalize(&text) {
                prop_assert!(is_canonical(&canonical));
                prop_assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok());
            }
        }
    }
}
