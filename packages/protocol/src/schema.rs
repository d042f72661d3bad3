//! Declared types of a task's inputs and outputs, and the check of a value against them (2.6, 4).
//!
//! A definition is a map from names to parameters; the value is an object with one member for each of them. What is not
//! declared is refused, what is declared must be there unless `optional`; `null` stands for nothing but an `Any`.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::canonical_json::Json;

/// Parameters on one level at most.
pub const MAX_PARAMS: usize = 32;

/// Parameters of a whole definition at most.
pub const MAX_PARAMS_IN_ALL: usize = 128;

/// Levels of nested objects at most, the outermost included.
pub const MAX_LEVELS: usize = 4;

/// Bytes of a parameter's name at most.
pub const MAX_NAME: usize = 64;

/// Bytes of a parameter's description at most.
pub const MAX_DESCRIPTION: usize = 256;

/// Digits of a decimal string at most: enough for 256 bits.
pub const MAX_DIGITS: usize = 78;

/// A definition: parameters by name. Names are `[a-zA-Z][a-zA-Z0-9_]*` of at most [`MAX_NAME`] bytes.
pub type Params = BTreeMap<String, Param>;

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum ParamType {
    /// Any text.
    String,
    /// An integer within ±(2^53 − 1), or a decimal string: [`is_decimal`].
    Number,
    /// `true` or `false`.
    Boolean,
    /// An object with the members that `object` declares; any object where that declares none.
    Object,
    /// Any value, also `null`.
    Any,
}

/// One parameter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// What it holds, or what each of its values holds if it is repeated.
    #[serde(rename = "type")]
    pub kind: ParamType,
    /// Whether it may be left out.
    #[serde(default, skip_serializing_if = "is_false")]
    pub optional: bool,
    /// Whether it is an array, possibly empty, of such values.
    #[serde(default, skip_serializing_if = "is_false")]
    pub repeated: bool,
    /// For people: at most 256 bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Members of an `Object`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub object: Params,
}

impl Param {
    /// A parameter of this type that must be there once.
    #[must_use]
    pub const fn new(kind: ParamType) -> Self {
        Self { kind, optional: false, repeated: false, description: None, object: BTreeMap::new() }
    }
}

/// Whether a flag need not be written.
#[allow(clippy::trivially_copy_pass_by_ref)] // serde passes fields by reference
const fn is_false(flag: &bool) -> bool {
    !*flag
}

/// What a JSON value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// An integer.
    Integer,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

/// Why a definition or a value is refused. `path` leads to the place from `$`, the whole: `$.rows[3].name`.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum SchemaError {
    /// An object declares too many members.
    #[error("{path} declares {got} parameters, at most {MAX_PARAMS}")]
    TooMany {
        /// The object.
        path: String,
        /// How many it declares.
        got: usize,
    },
    /// All objects together declare too many members.
    #[error("{got} parameters in all, at most {MAX_PARAMS_IN_ALL}")]
    TooManyInAll {
        /// How many were counted.
        got: usize,
    },
    /// Objects are nested too deep.
    #[error("{path} is an object below {MAX_LEVELS} levels")]
    TooDeep {
        /// The object.
        path: String,
    },
    /// A name is empty, too long or has other characters.
    #[error("{path}: a name has 1 to {MAX_NAME} letters, digits and underscores and starts with a letter")]
    Name {
        /// The parameter.
        path: String,
    },
    /// A description is too long.
    #[error("{path}: description of {got} bytes, at most {MAX_DESCRIPTION}")]
    Description {
        /// The parameter.
        path: String,
        /// Its bytes.
        got: usize,
    },
    /// Members are declared for what is no object.
    #[error("{path} declares members but is no Object")]
    Members {
        /// The parameter.
        path: String,
    },
    /// A member that must be there is missing.
    #[error("{path} is missing")]
    Missing {
        /// The parameter.
        path: String,
    },
    /// A member is not declared.
    #[error("{path} is not declared")]
    Unknown {
        /// The member.
        path: String,
    },
    /// A value has another type.
    #[error("{path}: expected {expected}, got {got}")]
    Type {
        /// The value.
        path: String,
        /// What was declared.
        expected: ParamType,
        /// What it is.
        got: JsonType,
    },
    /// A repeated parameter is no array.
    #[error("{path}: expected an array, got {got}")]
    NotRepeated {
        /// The value.
        path: String,
        /// What it is.
        got: JsonType,
    },
    /// A string given for a Number is not a decimal number.
    #[error("{path} is not a decimal number of at most {MAX_DIGITS} digits")]
    NotDecimal {
        /// The value.
        path: String,
    },
}

impl fmt::Display for ParamType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::String => "String",
            Self::Number => "Number",
            Self::Boolean => "Boolean",
            Self::Object => "Object",
            Self::Any => "Any",
        })
    }
}

impl fmt::Display for JsonType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Integer => "an integer",
            Self::String => "a string",
            Self::Array => "an array",
            Self::Object => "an object",
        })
    }
}

/// Refuses a definition outside the limits of this module.
///
/// # Errors
/// The first of [`SchemaError::TooMany`] to [`SchemaError::Members`] that is found.
pub fn check_definition(params: &Params) -> Result<(), SchemaError> {
    check_level(params, &Path::Root, 1, &mut 0)
}

/// Refuses a value that is not of the declared types.
///
/// # Errors
/// The first of [`SchemaError::Missing`] to [`SchemaError::NotDecimal`] that is found.
pub fn check_value(params: &Params, value: &Json) -> Result<(), SchemaError> {
    check_members(params, value, &Path::Root)
}

/// Whether a text is a decimal number: `-?(0|[1-9][0-9]*)(\.[0-9]+)?` with at most [`MAX_DIGITS`] digits.
#[must_use]
pub fn is_decimal(text: &str) -> bool {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let count = unsigned.bytes().filter(u8::is_ascii_digit).count();
    digits(whole) && digits(fraction) && count <= MAX_DIGITS && (whole == "0" || !whole.starts_with('0'))
}

/// Where the check stands; written out only when it refuses.
enum Path<'a> {
    /// The whole value.
    Root,
    /// A member of an object.
    Member(&'a Path<'a>, &'a str),
    /// An element of an array.
    Item(&'a Path<'a>, usize),
}

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("$"),
            Self::Member(parent, name) => write!(f, "{parent}.{name}"),
            Self::Item(parent, index) => write!(f, "{parent}[{index}]"),
        }
    }
}

/// Checks the parameters of one object; `count` are those seen before.
fn check_level(params: &Params, path: &Path<'_>, level: usize, count: &mut usize) -> Result<(), SchemaError> {
    if level > MAX_LEVELS {
        return Err(SchemaError::TooDeep { path: path.to_string() });
    }
    if params.len() > MAX_PARAMS {
        return Err(SchemaError::TooMany { path: path.to_string(), got: params.len() });
    }
    *count = count.saturating_add(params.len());
    if *count > MAX_PARAMS_IN_ALL {
        return Err(SchemaError::TooManyInAll { got: *count });
    }
    for (name, param) in params {
        let path = Path::Member(path, name);
        check_param(name, param, &path)?;
        if !param.object.is_empty() {
            check_level(&param.object, &path, level.saturating_add(1), count)?;
        }
    }
    Ok(())
}

/// Checks what one parameter says about itself.
fn check_param(name: &str, param: &Param, path: &Path<'_>) -> Result<(), SchemaError> {
    let letters = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    if !letters || name.len() > MAX_NAME || !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return Err(SchemaError::Name { path: path.to_string() });
    }
    let described = param.description.as_ref().map_or(0, String::len);
    if described > MAX_DESCRIPTION {
        return Err(SchemaError::Description { path: path.to_string(), got: described });
    }
    if param.kind != ParamType::Object && !param.object.is_empty() {
        return Err(SchemaError::Members { path: path.to_string() });
    }
    Ok(())
}

/// Checks an object with declared members.
fn check_members(params: &Params, value: &Json, path: &Path<'_>) -> Result<(), SchemaError> {
    let Json::Object(members) = value else {
        return Err(mistyped(ParamType::Object, value, path));
    };
    for (name, member) in members {
        let path = Path::Member(path, name);
        let param = params.get(name).ok_or_else(|| SchemaError::Unknown { path: path.to_string() })?;
        check_member(param, member, &path)?;
    }
    for name in params.iter().filter(|(_, param)| !param.optional).map(|(name, _)| name) {
        if !members.iter().any(|(member, _)| member == name) {
            return Err(SchemaError::Missing { path: Path::Member(path, name).to_string() });
        }
    }
    Ok(())
}

/// Checks the value or the values of a parameter.
fn check_member(param: &Param, value: &Json, path: &Path<'_>) -> Result<(), SchemaError> {
    if !param.repeated {
        return check_single(param, value, path);
    }
    let Json::Array(items) = value else {
        return Err(SchemaError::NotRepeated { path: path.to_string(), got: type_of(value) });
    };
    for (index, item) in items.iter().enumerate() {
        check_single(param, item, &Path::Item(path, index))?;
    }
    Ok(())
}

/// Checks one value of a parameter.
fn check_single(param: &Param, value: &Json, path: &Path<'_>) -> Result<(), SchemaError> {
    match (param.kind, value) {
        (ParamType::Any, _)
        | (ParamType::String, Json::String(_))
        | (ParamType::Boolean, Json::Bool(_))
        | (ParamType::Number, Json::Integer(_)) => Ok(()),
        (ParamType::Number, Json::String(text)) if is_decimal(text) => Ok(()),
        (ParamType::Number, Json::String(_)) => Err(SchemaError::NotDecimal { path: path.to_string() }),
        (ParamType::Object, Json::Object(_)) if param.object.is_empty() => Ok(()),
        (ParamType::Object, _) => check_members(&param.object, value, path),
        (expected, _) => Err(mistyped(expected, value, path)),
    }
}

/// The error for a value of another type.
fn mistyped(expected: ParamType, value: &Json, path: &Path<'_>) -> SchemaError {
    SchemaError::Type { path: path.to_string(), expected, got: type_of(value) }
}

/// What a value is.
const fn type_of(value: &Json) -> JsonType {
    match value {
        Json::Null => JsonType::Null,
        Json::Bool(_) => JsonType::Boolean,
        Json::Integer(_) => JsonType::Integer,
        Json::String(_) => JsonType::String,
        Json::Array(_) => JsonType::Array,
        Json::Object(_) => JsonType::Object,
    }
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::canonical_json::parse;

    fn params(json: &str) -> Params {
        serde_json::from_str(json).unwrap()
    }

    fn report() -> Params {
        params(
            r#"{
                "title": {"type": "String"},
                "limit": {"type": "Number", "optional": true, "description": "rows at most"},
                "strict": {"type": "Boolean", "optional": true},
                "extra": {"type": "Any", "optional": true},
                "free": {"type": "Object", "optional": true},
                "rows": {"type": "Object", "repeated": true, "optional": true, "object": {
                    "name": {"type": "String"},
                    "values": {"type": "Number", "repeated": true, "optional": true}
                }}
            }"#,
        )
    }

    fn check(text: &str) -> Result<(), SchemaError> {
        check_value(&report(), &parse(text).unwrap())
    }

    #[test]
    fn values_of_the_declared_types_are_accepted() {
        for text in [
            r#"{"title":""}"#,
            r#"{"title":"t","limit":5,"strict":false,"extra":null,"free":{"a":[1]},"rows":[]}"#,
            r#"{"title":"t","limit":"-0.50","extra":[{}],"rows":[{"name":"a"},{"name":"b","values":[1,"2.5"]}]}"#,
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn other_values_are_refused_by_place_and_reason() {
        let typed = |path: &str, expected, got| SchemaError::Type { path: path.to_owned(), expected, got };
        let path = str::to_owned;
        for (text, error) in [
            ("[]", typed("$", ParamType::Object, JsonType::Array)),
            ("{}", SchemaError::Missing { path: path("$.title") }),
            (r#"{"title":"t","other":1}"#, SchemaError::Unknown { path: path("$.other") }),
            (r#"{"title":1}"#, typed("$.title", ParamType::String, JsonType::Integer)),
            (r#"{"title":null}"#, typed("$.title", ParamType::String, JsonType::Null)),
            (r#"{"title":["t"]}"#, typed("$.title", ParamType::String, JsonType::Array)),
            (r#"{"title":"t","limit":null}"#, typed("$.limit", ParamType::Number, JsonType::Null)),
            (r#"{"title":"t","limit":true}"#, typed("$.limit", ParamType::Number, JsonType::Boolean)),
            (r#"{"title":"t","limit":"many"}"#, SchemaError::NotDecimal { path: path("$.limit") }),
            (r#"{"title":"t","strict":"true"}"#, typed("$.strict", ParamType::Boolean, JsonType::String)),
            (r#"{"title":"t","free":[]}"#, typed("$.free", ParamType::Object, JsonType::Array)),
            (r#"{"title":"t","rows":{}}"#, SchemaError::NotRepeated { path: path("$.rows"), got: JsonType::Object }),
            (r#"{"title":"t","rows":[{"name":"a"},{}]}"#, SchemaError::Missing { path: path("$.rows[1].name") }),
            (
                r#"{"title":"t","rows":[{"name":"a","values":[1,{}]}]}"#,
                typed("$.rows[0].values[1]", ParamType::Number, JsonType::Object),
            ),
        ] {
            assert_eq!(check(text), Err(error), "{text}");
        }
    }

    #[test]
    fn an_error_reads_as_a_sentence() {
        let error = check(r#"{"title":"t","rows":[{"name":5}]}"#).unwrap_err();
        assert_eq!(error.to_string(), "$.rows[0].name: expected String, got an integer");
    }

    #[test]
    fn definitions_on_the_wire() {
        let text = r#"{"a":{"type":"Object","repeated":true,"object":{"b":{"type":"Any","optional":true}}}}"#;
        let definition = params(text);
        assert_eq!(check_definition(&definition), Ok(()));
        assert_eq!(serde_json::to_string(&definition).unwrap(), text);
        assert_eq!(serde_json_wasm::from_str::<Params>(text).unwrap(), definition);
        for wrong in [r#"{"a":{"type":"string"}}"#, r#"{"a":{"type":"Any","x":1}}"#, r#"{"a":{}}"#] {
            assert!(serde_json::from_str::<Params>(wrong).is_err(), "{wrong}");
        }
    }

    fn many(count: usize) -> Params {
        (0..count).map(|number| (format!("p{number}"), Param::new(ParamType::Any))).collect()
    }

    fn object(members: Params) -> Param {
        Param { object: members, ..Param::new(ParamType::Object) }
    }

    #[test]
    fn definitions_have_limits() {
        assert_eq!(check_definition(&many(MAX_PARAMS)), Ok(()));
        let got = MAX_PARAMS + 1;
        assert_eq!(check_definition(&many(got)), Err(SchemaError::TooMany { path: "$".to_owned(), got }));
        let wide = |objects: usize, members| (0..objects).map(|n| (format!("o{n}"), object(many(members)))).collect();
        assert_eq!(check_definition(&wide(4, 31)), Ok(()));
        assert_eq!(check_definition(&wide(4, 32)), Err(SchemaError::TooManyInAll { got: 132 }));
        let nested =
            |levels: usize| (1..levels).fold(many(1), |inner, _| Params::from([("o".to_owned(), object(inner))]));
        assert_eq!(check_definition(&nested(MAX_LEVELS)), Ok(()));
        let path = "$.o.o.o.o".to_owned();
        assert_eq!(check_definition(&nested(MAX_LEVELS + 1)), Err(SchemaError::TooDeep { path }));
    }

    #[test]
    fn parameters_have_limits() {
        let one = |name: &str, param| check_definition(&Params::from([(name.to_owned(), param)]));
        let any = || Param::new(ParamType::Any);
        for name in ["a", "Z9_", &"a".repeat(MAX_NAME)] {
            assert_eq!(one(name, any()), Ok(()));
        }
        for name in ["", "_a", "9a", "a-b", "a.b", "é", &"a".repeat(MAX_NAME + 1)] {
            assert_eq!(one(name, any()), Err(SchemaError::Name { path: format!("$.{name}") }));
        }
        let described = |len| Param { description: Some("d".repeat(len)), ..any() };
        assert_eq!(one("a", described(MAX_DESCRIPTION)), Ok(()));
        let (path, got) = ("$.a".to_owned(), MAX_DESCRIPTION + 1);
        assert_eq!(one("a", described(got)), Err(SchemaError::Description { path: path.clone(), got }));
        assert_eq!(one("a", Param { object: many(1), ..any() }), Err(SchemaError::Members { path }));
    }

    #[test]
    fn decimals() {
        let long = "9".repeat(MAX_DIGITS);
        for text in ["0", "-0", "7", "10", "-10.050", "0.0", &long, &format!("-0.{}", "1".repeat(MAX_DIGITS - 1))] {
            assert!(is_decimal(text), "{text}");
        }
        let longer = "9".repeat(MAX_DIGITS + 1);
        for text in ["", "-", ".", "1.", ".5", "00", "01", "+1", "1e3", "1.2.3", "--1", "1_0", " 1", "٣", &longer] {
            assert!(!is_decimal(text), "{text}");
        }
    }

    proptest! {
        #[test]
        fn decimals_as_the_grammar_says(sign in "-?", whole in "0|[1-9][0-9]{0,20}", fraction in "(\\.[0-9]{1,20})?") {
            let text = format!("{sign}{whole}{fraction}");
            prop_assert!(is_decimal(&text));
            let longer = format!("0{text}");
            prop_assert!(!is_decimal(&longer));
        }
    }
}
