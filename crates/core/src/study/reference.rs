//! The reference file as a source of help: known keys, and a line that works for each.

use crate::version_0_1::present_key;

/// `configs/reference.toml`: every key, its default, its unit.
pub const TEXT: &str = include_str!("../../../../configs/reference.toml");

/// A parser's message in our words, with ways out. `table` is where it happened, `key` the key whose value is wrong, if
/// it is a value.
pub(super) fn explain(message: &str, table: &[String], key: Option<&str>) -> (String, Vec<String>) {
    let names: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    if let Some(unknown) = message.strip_prefix("unknown field").and_then(|_| names.first()) {
        let known = names.get(1..).unwrap_or_default();
        return (
            format!("unknown key `{unknown}`{}", place(table)),
            key_help(unknown, known, table),
        );
    }
    let key = key.unwrap_or_default();
    if let Some(unknown) = message.strip_prefix("unknown variant").and_then(|_| names.first()) {
        let known = names.get(1..).unwrap_or_default();
        let name = nearest(unknown, known);
        let lead = if name.is_some() { "did you mean" } else { "for example" };
        let mut help: Vec<String> = name
            .or(known.first().copied())
            .map(|name| format!("{lead} `{key} = \"{name}\"`"))
            .into_iter()
            .collect();
        help.push(format!("known values: {}", quoted(known)));
        return (format!("unknown value `{unknown}` for `{key}`{}", place(table)), help);
    }
    let help = example(table, key)
        .map(|example| format!("for example `{example}`"))
        .into_iter()
        .collect();
    (lowercase_first(message), help)
}

fn key_help(unknown: &str, known: &[&str], table: &[String]) -> Vec<String> {
    let mut help = Vec::new();
    if let Some(name) = nearest(unknown, known) {
        match example(table, name) {
            Some(example) => help.push(format!("did you mean `{name}`? for example `{example}`")),
            None => help.push(format!("did you mean `{name}`?")),
        }
    } else if let Some(home) = home_of(unknown) {
        help.push(format!("`{unknown}` belongs in `[{home}]`"));
    }
    if known.is_empty() {
        help.push("no key is known here".into());
    } else {
        help.push(format!("known keys: {}", quoted(known)));
    }
    help
}

/// The known name most like `unknown`, if any is alike at all.
pub(super) fn nearest<'a>(unknown: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|name| {
            (
                strsim::damerau_levenshtein(&unknown.to_lowercase().replace('_', "-"), name),
                *name,
            )
        })
        .filter(|(distance, name)| *distance <= 1 + name.len() / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name)
}

/// The table of the reference that has `key`, where just one does; of several, the only one that is no part of another.
fn home_of(key: &str) -> Option<String> {
    let homes: Vec<String> = entries()
        .filter(|(_, name, _)| *name == key)
        .map(|(table, _, _)| table)
        .collect();
    let mut outer = homes.iter().filter(|home| homes.len() == 1 || !home.contains('.'));
    let home = outer.next().filter(|home| !home.is_empty())?;
    outer.next().is_none().then(|| home.clone())
}

/// The line of the reference that sets `key` in `table`, without its comment.
pub(super) fn example(table: &[String], key: &str) -> Option<String> {
    // A config may say what a study may say, and a variant of a training what the training may say.
    let table: Vec<&str> = table
        .iter()
        .map(String::as_str)
        .filter(|segment| !["config", "variant"].contains(segment))
        .collect();
    // A rule of its own is written as the study's smoothing, stop and range are.
    let table = match table.as_slice() {
        ["rule", _, "suggestion"] => "range.min".to_owned(),
        ["rule", _, inner] => (*inner).to_owned(),
        other => present_key(&other.join(".")).unwrap_or_else(|| other.join(".")),
    };
    entries()
        .find(|(home, name, _)| *home == table && *name == key)
        .map(|(_, _, line)| line)
}

/// A heading of the reference.
pub(super) struct Heading {
    /// Dotted key of the table.
    pub(super) path: &'static str,
    /// Whether there may be several: `[[path]]`.
    pub(super) is_list: bool,
}

/// Every table of the reference.
pub(super) fn headings() -> impl Iterator<Item = Heading> {
    TEXT.lines().filter_map(|line| {
        let inner = uncommented(line).strip_prefix('[')?.split(']').next()?;
        let list = inner.strip_prefix('[');
        Some(Heading {
            path: list.unwrap_or(inner),
            is_list: list.is_some(),
        })
    })
}

/// A line of the reference; keys and tables without a default stand there behind a `#`.
fn uncommented(line: &str) -> &str {
    line.strip_prefix('#')
        .map_or(line, |rest| rest.strip_prefix(' ').unwrap_or(rest))
        .trim_end()
}

/// Every key of the reference: its table, its name, the line that sets it.
pub(super) fn entries() -> impl Iterator<Item = (String, &'static str, String)> {
    let mut table = String::new();
    TEXT.lines().filter_map(move |line| {
        let line = uncommented(line);
        if let Some(header) = line.strip_prefix('[').and_then(|rest| rest.split(']').next()) {
            header.trim_start_matches('[').clone_into(&mut table);
            return None;
        }
        let (key, value) = line.split_once(" = ")?;
        let plain = !key.is_empty()
            && key
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        let value = value.split("  #").next().unwrap_or(value).trim();
        plain.then(|| (table.clone(), key, format!("{key} = {value}")))
    })
}

pub(super) fn quoted(names: &[&str]) -> String {
    names
        .iter()
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn place(table: &[String]) -> String {
    if table.is_empty() {
        String::new()
    } else {
        format!(" in `[{}]`", table.join("."))
    }
}

fn lowercase_first(text: &str) -> String {
    let mut characters = text.chars();
    characters
        .next()
        .map(|first| first.to_lowercase().chain(characters).collect())
        .unwrap_or_default()
}
