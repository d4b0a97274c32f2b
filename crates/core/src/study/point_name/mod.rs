//! Names of the configs that a sweep makes: what is different between them, as far as it fits.

#[cfg(test)]
mod tests;

use super::data_path::is_path;
use super::dotted::leaves;
use super::name::{MOST_BYTES, is_of_name, without_separators};
use super::sweep::{Axis, Point};
use crate::Invalid;
use crate::hex::hex;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use toml::Value;

/// Where names are too long, so many bytes of each are kept and the rest is told by a digest.
const KEPT_BYTES: usize = 60;

/// Hexadecimal digits of a digest. Where two names still are the same, both get all digits there are.
const DIGITS: usize = 8;

/// A setting of a value of an axis: dotted key and value, with as much of a path as tells it from the axis' others.
type Row = Vec<(String, Value)>;

/// The names of `points`, in their order, for a config that calls itself `own`, which may be empty: its own name, then
/// `batch-size=128,momentum=0.9`.
///
/// A key is cut to its last part where that tells the settings apart, a path to its last folders. A name depends on
/// nothing but what the study says, so it is the same on every machine. What a name cannot hold becomes a `-`, and
/// names that are too long are cut; then a digest of all values follows, so that no two names are equal.
///
/// # Errors
/// `own` leaves no room for a digest.
pub(super) fn names(axes: &[Axis], points: &[Point], own: &str) -> Result<Vec<String>, Invalid> {
    if axes.is_empty() {
        return Ok(points.iter().map(|_| own.to_owned()).collect());
    }
    let rows: Vec<Vec<Row>> = axes.iter().map(rows).collect();
    let texts = texts(axes, &rows);
    let plain = points.iter().map(|point| {
        let parts: Vec<&str> = texts.iter().zip(point).map(|(texts, at)| texts[*at].as_str()).collect();
        clean(&parts.join(","), own.is_empty())
    });
    let mut plain: Vec<(String, bool)> = plain.collect();
    let before = if own.is_empty() { 0 } else { own.len() + 1 };
    let digests = || points.iter().map(|point| digest(&rows, point));
    let longest = plain.iter().zip(points).map(|((text, exact), _)| {
        let digest = if *exact { 0 } else { 1 + DIGITS };
        before + text.len() + digest
    });
    if longest.max().unwrap_or_default() > MOST_BYTES {
        let room = MOST_BYTES
            .checked_sub(before + 1 + DIGITS)
            .ok_or_else(|| no_room(own))?;
        for (text, exact) in &mut plain {
            *text = cut(text, room.min(KEPT_BYTES)).to_owned();
            *exact = false;
        }
    }
    let mut count: HashMap<&str, usize> = HashMap::new();
    for (text, _) in &plain {
        *count.entry(text).or_default() += 1;
    }
    let named = plain.iter().zip(digests()).map(|((text, exact), digest)| {
        let digest = digest.get(..DIGITS).unwrap_or_default().to_owned();
        match (text.as_str(), *exact && count[text.as_str()] == 1) {
            (text, true) => text.to_owned(),
            ("", false) => digest,
            (text, false) => format!("{text}-{digest}"),
        }
    });
    let mut named: Vec<String> = named.collect();
    lengthen(&mut named, digests());
    let whole = |name: String| if own.is_empty() { name } else { format!("{own},{name}") };
    Ok(named.into_iter().map(whole).collect())
}

/// Gives names that are equal by chance the whole digest of their values.
fn lengthen(names: &mut [String], digests: impl Iterator<Item = String>) {
    let mut count: HashMap<String, usize> = HashMap::new();
    for name in names.iter() {
        *count.entry(name.clone()).or_default() += 1;
    }
    for (name, digest) in names.iter_mut().zip(digests) {
        if count[name.as_str()] > 1 {
            *name = digest;
        }
    }
}

fn no_room(own: &str) -> Invalid {
    let most = MOST_BYTES - 1 - 1 - DIGITS;
    let problem =
        format!("leaves no room for the values of the sweep in the names of its configs; use at most {most} letters");
    Invalid::new("config.name", format!("\"{own}\""), problem, "name = \"resnet20-sgd\"")
}

/// The settings of each value of an axis; several where it is a table.
fn rows(axis: &Axis) -> Vec<Row> {
    let row = |value: &Value| match value {
        Value::Table(table) => {
            let inner = leaves(table).into_iter();
            inner
                .map(|(key, value)| (format!("{}.{key}", axis.key), value))
                .collect()
        }
        plain => vec![(axis.key.clone(), plain.clone())],
    };
    let mut rows: Vec<Row> = axis.written.iter().map(row).collect();
    shorten_paths(&mut rows);
    rows
}

/// Leaves of each path the last folders, as few as tell it from the other paths at the same key.
fn shorten_paths(rows: &mut [Row]) {
    let mut paths: BTreeMap<String, Vec<&mut String>> = BTreeMap::new();
    for (key, value) in rows.iter_mut().flatten() {
        if let (true, Value::String(path)) = (is_path(key), value) {
            paths.entry(key.clone()).or_default().push(path);
        }
    }
    for paths in paths.into_values() {
        let parts: Vec<Vec<String>> = paths.iter().map(|path| path_parts(path)).collect();
        let tail = |parts: &[String], depth: usize| parts[parts.len().saturating_sub(depth)..].join("/");
        let deepest = parts.iter().map(Vec::len).max().unwrap_or_default();
        let are_told = |depth: &usize| {
            let apart = |(at, one): (usize, &Vec<String>)| {
                let before = parts[..at].iter().filter(|other| *other != one);
                before.into_iter().all(|other| tail(other, *depth) != tail(one, *depth))
            };
            parts.iter().enumerate().all(apart)
        };
        let depth = (1..=deepest).find(are_told).unwrap_or(deepest);
        for (path, parts) in paths.into_iter().zip(&parts) {
            *path = tail(parts, depth);
        }
    }
}

fn path_parts(path: &str) -> Vec<String> {
    let parts = path.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".");
    parts.map(str::to_owned).collect()
}

/// What a name says of each value of each axis.
fn texts(axes: &[Axis], rows: &[Vec<Row>]) -> Vec<Vec<String>> {
    let keys: BTreeSet<&str> = rows.iter().flatten().flatten().map(|(key, _)| key.as_str()).collect();
    let short = |key: &str| {
        let is_alone = keys.iter().filter(|other| last(other) == last(key)).count() == 1;
        if is_alone { last(key).to_owned() } else { key.to_owned() }
    };
    let text = |axis: &Axis, rows: &[Row], row: &Row| {
        // What all tables of an axis say alike tells none from another.
        let is_shared = |setting: &&(String, Value)| rows.len() > 1 && rows.iter().all(|row| row.contains(setting));
        let mut told: Vec<&(String, Value)> = row.iter().filter(|setting| !is_shared(setting)).collect();
        if told.is_empty() {
            told = row.iter().collect();
        }
        if told.is_empty() {
            return format!("{}=base", last(&axis.key));
        }
        let parts = told
            .iter()
            .map(|(key, value)| format!("{}={}", short(key), shown(value)));
        parts.collect::<Vec<_>>().join(",")
    };
    let texts = axes.iter().zip(rows);
    texts
        .map(|(axis, rows)| rows.iter().map(|row| text(axis, rows, row)).collect())
        .collect()
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("+"),
        Value::Table(table) => {
            let parts = leaves(table)
                .into_iter()
                .map(|(key, value)| format!("{key}={}", shown(&value)));
            parts.collect::<Vec<_>>().join("+")
        }
        other => other.to_string(),
    }
}

/// `text` as a name can hold it, and whether that is all of it.
fn clean(text: &str, is_start: bool) -> (String, bool) {
    let replaced = without_separators(text);
    let kept: String = replaced
        .chars()
        .map(|letter| if is_of_name(letter) { letter } else { '-' })
        .collect();
    let start = if is_start {
        kept.trim_start_matches(|letter: char| !letter.is_alphanumeric())
    } else {
        &kept
    };
    (start.to_owned(), start == replaced)
}

/// At most `most` bytes of `text`: whole settings where one fits.
fn cut(text: &str, most: usize) -> &str {
    if text.len() <= most {
        return text;
    }
    let end = text.floor_char_boundary(most);
    let head = &text[..end];
    let whole = if text[end..].starts_with(',') {
        Some(end)
    } else {
        head.rfind(',')
    };
    let head = whole.map_or(head, |comma| &head[..comma]);
    head.trim_end_matches(|letter: char| !letter.is_alphanumeric())
}

/// SHA-256 of the settings of a point in hexadecimal.
fn digest(rows: &[Vec<Row>], point: &[usize]) -> String {
    let settings = rows.iter().zip(point).flat_map(|(rows, at)| &rows[*at]);
    let lines: Vec<String> = settings
        .map(|(key, value)| format!("{key} = {}", canonical(value)))
        .collect();
    hex(&Sha256::digest(lines.join("\n").as_bytes()))
}

/// A value as a text that no other value has.
fn canonical(value: &Value) -> String {
    match value {
        Value::String(text) => format!("{text:?}"),
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let mut parts: Vec<String> = table
                .iter()
                .map(|(key, value)| format!("{key:?} = {}", canonical(value)))
                .collect();
            parts.sort();
            format!("{{{}}}", parts.join(", "))
        }
        other => other.to_string(),
    }
}
