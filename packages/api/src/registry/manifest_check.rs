//! What a manifest must satisfy before it is published. The contract asks the same questions as a developer's tools.

use std::collections::BTreeSet;
use std::fmt;

use cosmwasm_std::to_json_string;
use mesg_protocol::canonical_json::{CanonicalJsonError, canonicalize};
use mesg_protocol::digest::{Digest32, sha256};
use mesg_protocol::ids::{ServiceId, VersionId};
use mesg_protocol::schema::{Params, SchemaError, check_definition};
use mesg_protocol::terms::{MAX_PAYLOAD, TermsError};
use thiserror::Error;

use super::locator::is_locator;
use super::manifest::{Component, Manifest};

/// Engine profiles that a version may name.
pub const PROFILES: [&str; 1] = ["wt48-1"];
/// Schemes of a component's sources.
pub const SOURCE_SCHEMES: [&str; 4] = ["http", "https", "ipfs", "file"];
/// Sources of a component at most.
pub const MAX_SOURCES: usize = 8;
/// Bytes of one source at most.
pub const MAX_SOURCE: usize = 256;
/// Tasks of a version at most.
pub const MAX_TASKS: usize = 16;
/// Events of a version at most.
pub const MAX_EVENTS: usize = 16;
/// Bytes of the name of a task or event at most.
pub const MAX_NAME: usize = 63;
/// Bytes of a task's description at most.
pub const MAX_DESCRIPTION: usize = 256;
/// Bytes of the release notes at most.
pub const MAX_NOTES: usize = 1024;
/// Bytes of the manifest's canonical JSON at most.
pub const MAX_MANIFEST: usize = 16 * 1024;

/// Where in a manifest: `tasks[3].name`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// A member of the manifest.
    pub member: &'static str,
    /// Position in it, from 0, if it is a list.
    pub index: Option<usize>,
    /// A field of that, empty for the whole.
    pub field: &'static str,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.member)?;
        if let Some(index) = self.index {
            write!(f, "[{index}]")?;
        }
        if self.field.is_empty() { Ok(()) } else { write!(f, ".{}", self.field) }
    }
}

/// Why a manifest is refused.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ManifestError {
    /// A text, list or number has a length, count or value outside its bounds.
    #[error("{at} is {got} {unit}, must be {min} to {max}")]
    OutOfBounds {
        /// Where.
        at: Place,
        /// What is counted.
        unit: &'static str,
        /// The refused length, count or value.
        got: usize,
        /// Smallest value taken.
        min: usize,
        /// Largest value taken.
        max: usize,
    },
    /// A name has other characters than `[a-z][a-z0-9_-]*`.
    #[error("{at} is {got:?}, must start with a-z and have only a-z, 0-9, _ and -")]
    Name {
        /// Where.
        at: Place,
        /// The refused name.
        got: String,
    },
    /// Two tasks or two events have one name.
    #[error("{at} repeats {got:?}")]
    DuplicateName {
        /// The later one.
        at: Place,
        /// The name.
        got: String,
    },
    /// A source is no locator of a known scheme.
    #[error("{at} is {got:?}, must be {}://… in visible ASCII", SOURCE_SCHEMES.join("://…, "))]
    Source {
        /// Where.
        at: Place,
        /// The refused source.
        got: String,
    },
    /// The engine profile is not known.
    #[error("profile is {got:?}, must be one of {PROFILES:?}")]
    Profile {
        /// The refused profile.
        got: String,
    },
    /// Inputs, outputs or event data are not a definition.
    #[error("{at}: {error}")]
    Schema {
        /// Where.
        at: Place,
        /// Why.
        error: SchemaError,
    },
    /// The terms of a task are outside their bounds.
    #[error("tasks[{task}]: {error}")]
    Terms {
        /// Position of the task, from 0.
        task: usize,
        /// Why.
        error: TermsError,
    },
    /// The manifest has no canonical JSON.
    #[error(transparent)]
    Canonical(#[from] CanonicalJsonError),
}

impl Manifest {
    /// Refuses a manifest outside its bounds; gives its canonical JSON and the digest that identifies it.
    ///
    /// # Errors
    /// The first thing that is wrong, in the order of the fields.
    pub fn check(&self) -> Result<(String, Digest32), ManifestError> {
        check_component(&self.component)?;
        if !PROFILES.contains(&self.profile.as_str()) {
            return Err(ManifestError::Profile { got: self.profile.clone() });
        }
        self.check_tasks()?;
        self.check_events()?;
        if let Some(notes) = &self.notes {
            bounded(whole("notes"), "bytes", notes.len(), 1, MAX_NOTES)?;
        }
        let json = self.canonical_json()?;
        bounded(whole("manifest"), "bytes of canonical JSON", json.len(), 1, MAX_MANIFEST)?;
        let digest = sha256(&[json.as_bytes()]);
        Ok((json, digest))
    }

    /// The canonical JSON, whose SHA-256 identifies the version.
    ///
    /// # Errors
    /// A definition nested deeper than canonical JSON goes.
    pub fn canonical_json(&self) -> Result<String, CanonicalJsonError> {
        // What cannot be written at all becomes the empty text, which has no canonical form.
        canonicalize(&to_json_string(self).unwrap_or_default())
    }

    fn check_tasks(&self) -> Result<(), ManifestError> {
        bounded(whole("tasks"), "tasks", self.tasks.len(), 1, MAX_TASKS)?;
        let mut names = BTreeSet::new();
        // The numbers of service and version do not matter here.
        let rows = self.terms(ServiceId::default(), VersionId::default());
        for (index, (task, terms)) in self.tasks.iter().zip(rows).enumerate() {
            let at = |field| Place { member: "tasks", index: Some(index), field };
            check_name(at("name"), &task.name, &mut names)?;
            bounded(at("description"), "bytes", task.description.len(), 0, MAX_DESCRIPTION)?;
            check_params(at("inputs"), &task.inputs)?;
            check_params(at("outputs"), &task.outputs)?;
            terms.check().map_err(|error| ManifestError::Terms { task: index, error })?;
        }
        Ok(())
    }

    fn check_events(&self) -> Result<(), ManifestError> {
        bounded(whole("events"), "events", self.events.len(), 0, MAX_EVENTS)?;
        let mut names = BTreeSet::new();
        for (index, event) in self.events.iter().enumerate() {
            let at = |field| Place { member: "events", index: Some(index), field };
            check_name(at("name"), &event.name, &mut names)?;
            check_params(at("data"), &event.data)?;
        }
        Ok(())
    }
}

const fn whole(member: &'static str) -> Place {
    Place { member, index: None, field: "" }
}

fn bounded(at: Place, unit: &'static str, got: usize, min: usize, max: usize) -> Result<(), ManifestError> {
    if got < min || got > max { Err(ManifestError::OutOfBounds { at, unit, got, min, max }) } else { Ok(()) }
}

fn check_component(component: &Component) -> Result<(), ManifestError> {
    let at = |field| Place { member: "component", index: None, field };
    let size = usize::try_from(component.size).unwrap_or(usize::MAX);
    let max = usize::try_from(MAX_PAYLOAD).unwrap_or(usize::MAX);
    bounded(at("size"), "bytes", size, 1, max)?;
    bounded(at("sources"), "sources", component.sources.len(), 1, MAX_SOURCES)?;
    for (index, source) in component.sources.iter().enumerate() {
        let at = Place { member: "component.sources", index: Some(index), field: "" };
        bounded(at, "bytes", source.len(), 1, MAX_SOURCE)?;
        if !is_locator(source, &SOURCE_SCHEMES) {
            return Err(ManifestError::Source { at, got: source.clone() });
        }
    }
    Ok(())
}

fn check_name<'a>(at: Place, name: &'a str, seen: &mut BTreeSet<&'a str>) -> Result<(), ManifestError> {
    bounded(at, "bytes", name.len(), 1, MAX_NAME)?;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_' || byte == b'-';
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) || !name.bytes().all(allowed) {
        return Err(ManifestError::Name { at, got: name.to_owned() });
    }
    if seen.insert(name) { Ok(()) } else { Err(ManifestError::DuplicateName { at, got: name.to_owned() }) }
}

fn check_params(at: Place, params: &Params) -> Result<(), ManifestError> {
    check_definition(params).map_err(|error| ManifestError::Schema { at, error })
}

#[cfg(test)]
#[allow(clippy::arithmetic_side_effects)]
mod tests {
    use mesg_protocol::schema::{Param, ParamType};

    use super::*;
    use crate::registry::manifest::tests::manifest;
    use crate::registry::{EventDefinition, Task};

    fn refusal(change: impl FnOnce(&mut Manifest)) -> ManifestError {
        let mut manifest = manifest();
        change(&mut manifest);
        manifest.check().unwrap_err()
    }

    fn bounds(change: impl FnOnce(&mut Manifest)) -> (String, usize, usize, usize) {
        match refusal(change) {
            ManifestError::OutOfBounds { at, got, min, max, .. } => (at.to_string(), got, min, max),
            other => panic!("{other}"),
        }
    }

    fn event(name: &str) -> EventDefinition {
        EventDefinition { name: name.to_owned(), data: Params::new() }
    }

    #[test]
    fn lengths_and_counts() {
        let of = |at: &str, got, min, max| (at.to_owned(), got, min, max);
        let mib = 64 << 20;
        assert_eq!(bounds(|m| m.component.size = 0), of("component.size", 0, 1, mib));
        assert_eq!(bounds(|m| m.component.size = (64 << 20) + 1), of("component.size", mib + 1, 1, mib));
        assert_eq!(bounds(|m| m.component.sources.clear()), of("component.sources", 0, 1, 8));
        assert_eq!(bounds(|m| m.component.sources = vec!["ipfs://a".into(); 9]), of("component.sources", 9, 1, 8));
        let long = format!("https://{}", "a".repeat(249));
        assert_eq!(bounds(|m| m.component.sources.push(long)), of("component.sources[1]", 257, 1, 256));
        assert_eq!(bounds(|m| m.tasks.clear()), of("tasks", 0, 1, 16));
        assert_eq!(bounds(|m| m.tasks = vec![m.tasks[0].clone(); 17]), of("tasks", 17, 1, 16));
        assert_eq!(bounds(|m| m.tasks[0].name.clear()), of("tasks[0].name", 0, 1, 63));
        assert_eq!(bounds(|m| m.tasks[0].name = "a".repeat(64)), of("tasks[0].name", 64, 1, 63));
        assert_eq!(bounds(|m| m.tasks[0].description = "a".repeat(257)), of("tasks[0].description", 257, 0, 256));
        assert_eq!(bounds(|m| m.events = vec![event("e"); 17]), of("events", 17, 0, 16));
        assert_eq!(bounds(|m| m.notes = Some(String::new())), of("notes", 0, 1, 1024));
        assert_eq!(bounds(|m| m.notes = Some("a".repeat(1025))), of("notes", 1025, 1, 1024));
    }

    #[test]
    fn the_canonical_json_is_at_most_16_kib() {
        // 16 tasks, the third text of each of which has the given length
        let of_texts = |lengths: [usize; 16]| {
            let mut manifest = manifest();
            let report = manifest.tasks.remove(0);
            for (n, length) in lengths.into_iter().enumerate() {
                let text = |len| Param { description: Some("a".repeat(len)), ..Param::new(ParamType::Any) };
                let outputs = [("x", 256), ("y", 256), ("z", length)].map(|(name, len)| (name.to_owned(), text(len)));
                manifest.tasks.push(Task { name: format!("t{n}"), outputs: outputs.into(), ..report.clone() });
            }
            manifest
        };
        let missing = 16_384 - of_texts([0; 16]).canonical_json().unwrap().len();
        let mut lengths = [missing / 16; 16];
        lengths[0] += missing % 16;
        assert_eq!(of_texts(lengths).check().unwrap().0.len(), 16_384);
        lengths[0] += 1;
        assert_eq!(bounds(|m| *m = of_texts(lengths)), ("manifest".to_owned(), 16_385, 1, 16_384));
    }

    #[test]
    fn names_sources_and_profile() {
        let at = |member, index, field| Place { member, index: Some(index), field };
        for got in ["A", "1a", "-a", "a b", "a.b", "é"] {
            let error = refusal(|m| m.tasks[0].name = got.to_owned());
            assert_eq!(error, ManifestError::Name { at: at("tasks", 0, "name"), got: got.to_owned() });
        }
        assert_eq!(
            refusal(|m| m.tasks.push(m.tasks[0].clone())),
            ManifestError::DuplicateName { at: at("tasks", 1, "name"), got: "report".to_owned() }
        );
        assert_eq!(
            refusal(|m| m.events = vec![event("e"), event("f"), event("e")]),
            ManifestError::DuplicateName { at: at("events", 2, "name"), got: "e".to_owned() }
        );
        let error = refusal(|m| m.component.sources.push("ftp://x".to_owned()));
        assert_eq!(
            error.to_string(),
            r#"component.sources[1] is "ftp://x", must be http://…, https://…, ipfs://…, file://… in visible ASCII"#
        );
        let error = refusal(|m| m.profile = "wt48-2".to_owned());
        assert_eq!(error.to_string(), r#"profile is "wt48-2", must be one of ["wt48-1"]"#);
    }

    #[test]
    fn definitions_and_terms_are_checked_for_each_task() {
        let bad = || Params::from([("0".to_owned(), Param::new(ParamType::Any))]);
        for (change, place) in [
            ((|m: &mut Manifest, p| m.tasks[0].inputs = p) as fn(&mut Manifest, Params), "tasks[0].inputs"),
            (|m, p| m.tasks[0].outputs = p, "tasks[0].outputs"),
            (|m, p| m.events.push(EventDefinition { name: "e".into(), data: p }), "events[0].data"),
        ] {
            match refusal(|m| change(m, bad())) {
                ManifestError::Schema { at, error: SchemaError::Name { .. } } => assert_eq!(at.to_string(), place),
                other => panic!("{other}"),
            }
        }
        let second_is_dear = refusal(|m| {
            let mut task = m.tasks[0].clone();
            task.name = "dear".to_owned();
            task.price.per_call = u128::MAX.into();
            m.tasks.push(task);
        });
        assert!(matches!(second_is_dear, ManifestError::Terms { task: 1, error: TermsError::Money(_) }));
        let cheap_seat = refusal(|m| m.seat_bond = 1_u128.into());
        assert!(matches!(cheap_seat, ManifestError::Terms { task: 0, error: TermsError::SeatBond { got: 1, .. } }));
    }

    #[test]
    fn a_definition_without_end_has_no_canonical_json() {
        let mut manifest = manifest();
        for _ in 0..16 {
            let inner = Param { object: manifest.tasks[0].inputs.clone(), ..Param::new(ParamType::Object) };
            manifest.tasks[0].inputs = Params::from([("a".to_owned(), inner)]);
        }
        let error = manifest.canonical_json().unwrap_err();
        assert!(matches!(error, CanonicalJsonError::TooDeep { .. }));
        assert!(matches!(ManifestError::from(error), ManifestError::Canonical(_)));
    }
}
