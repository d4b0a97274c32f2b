//! One text that says part of a study: a file, or an option on the command line.

use super::error::{Located, StudyError};
use super::file::StudyFile;
use super::old_names::{self, SaidTwice};
use super::reference;
use crate::version_0_1::old_key;
use serde::Deserialize;
use std::ops::Range;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

/// One text that says part of a study.
#[derive(Debug, Clone)]
pub(super) struct Layer {
    /// File name, or the option as given.
    pub(super) name: String,
    /// The TOML.
    pub(super) text: String,
    /// The same, parsed, with present names.
    pub(super) table: toml::Table,
    /// The folder that relative paths in it start at.
    pub(super) folder: PathBuf,
}

impl Layer {
    /// Parses `text` strictly: every key must be known and every value of the right type.
    pub(super) fn parse(name: String, text: String, folder: PathBuf) -> Result<(Self, StudyFile), StudyError> {
        let mut layer = Self {
            name,
            text,
            table: toml::Table::new(),
            folder,
        };
        let located = |layer: &Self, error: &toml::de::Error| StudyError::from(layer.explain(error));
        let mut root = DeTable::parse(&layer.text).map_err(|error| located(&layer, &error))?;
        old_names::replace(root.get_mut()).map_err(|twice| layer.said_twice(&twice))?;
        let table = read(root.clone()).map_err(|error| located(&layer, &error))?;
        let file = read(root).map_err(|error| located(&layer, &error))?;
        layer.table = table;
        Ok((layer, file))
    }

    fn said_twice(&self, twice: &SaidTwice) -> Located {
        let SaidTwice { span, key, old } = twice;
        let problem = format!("`{old}` and `{key}` are two names of one setting");
        let help = format!("keep `{key}`; `{old}` is what version 0.1 called it");
        Located::new(self, span, problem, vec![help])
    }

    /// A parser's error with its place and a way out.
    fn explain(&self, error: &toml::de::Error) -> Located {
        let span = error.span().unwrap_or(0..0);
        let (table, key) = self.place_at(span.start);
        let (problem, help) = reference::explain(error.message(), &table, key.as_deref());
        Located::new(self, &span, problem, help)
    }

    /// The place that sets `path` (dotted key segments), most specific first: in the config of that name, as an axis, at the top.
    pub(super) fn locate(&self, path: &str, config: Option<&str>) -> Option<Place> {
        let mut root = DeTable::parse(&self.text).ok()?;
        old_names::replace(root.get_mut()).ok()?;
        let segments: Vec<&str> = path.split('.').collect();
        let configs = root
            .get_ref()
            .iter()
            .find(|(key, _)| key.get_ref() == "config")
            .and_then(|(_, value)| value.get_ref().as_array());
        let in_config = configs.into_iter().flatten().find_map(|entry| {
            let table = entry.get_ref().as_table()?;
            let named = table.iter().any(|(key, value)| {
                key.get_ref() == "name"
                    && value
                        .get_ref()
                        .as_str()
                        .is_some_and(|name| config.is_some_and(|config| names(config, name)))
            });
            if named { self.find(table, &segments) } else { None }
        });
        let axis = || {
            ["grid", "zip"].iter().find_map(|kind| {
                let sweep = child(root.get_ref(), "sweep")?.as_table()?;
                self.find(child(sweep, kind)?.as_table()?, &segments)
            })
        };
        in_config.or_else(axis).or_else(|| self.find(root.get_ref(), &segments))
    }

    /// The place of the key at `path` below `table`; a key that holds dots itself counts as several segments.
    fn find(&self, table: &DeTable<'_>, path: &[&str]) -> Option<Place> {
        table.iter().find_map(|(key, value)| {
            let own: Vec<&str> = key.get_ref().split('.').collect();
            let rest = path.strip_prefix(own.as_slice())?;
            let written = self.text.get(key.span()).unwrap_or_default();
            let by_old_name = written.trim_matches(['"', '\'']) != key.get_ref();
            if rest.is_empty() {
                let (key, value) = (key.span(), value.span());
                // A table's own span is its header; a plain value is marked from key to end.
                let span = if value.end > key.end && value.start >= key.end {
                    key.start..value.end
                } else {
                    key
                };
                return Some(Place { span, by_old_name });
            }
            let place = self.find(value.get_ref().as_table()?, rest)?;
            Some(Place {
                by_old_name: by_old_name || place.by_old_name,
                ..place
            })
        })
    }

    /// The table that holds byte `at`, as segments without list positions, and the key whose value is there.
    fn place_at(&self, at: usize) -> (Vec<String>, Option<String>) {
        let (root, _) = DeTable::parse_recoverable(&self.text);
        let mut path = Vec::new();
        let key = descend(root.get_ref(), at, &mut path);
        (path, key)
    }
}

/// A place in a text that sets something.
#[derive(Debug)]
pub(super) struct Place {
    /// Key and value, or the header of a table.
    pub(super) span: Range<usize>,
    /// Whether the text says it by its name of version 0.1.
    pub(super) by_old_name: bool,
}

impl Place {
    /// The dotted `key` as the text says it.
    pub(super) fn written(&self, key: &str) -> String {
        let old = old_key(key).filter(|_| self.by_old_name);
        old.unwrap_or_else(|| key.to_owned())
    }
}

/// Reads what a whole text says.
fn read<'i, T: Deserialize<'i>>(root: Spanned<DeTable<'i>>) -> Result<T, toml::de::Error> {
    T::deserialize(Deserializer::from(root))
}

/// Whether a config made from the `[[config]]` called `base` can be called `name`.
pub(super) fn names(name: &str, base: &str) -> bool {
    name == base || name.strip_prefix(base).is_some_and(|rest| rest.starts_with(','))
}

fn child<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Option<&'a DeValue<'i>> {
    table
        .iter()
        .find(|(key, _)| key.get_ref() == name)
        .map(|(_, value)| value.get_ref())
}

/// Pushes the tables that hold byte `at`, and gives the key whose plain value holds it.
fn descend(table: &DeTable<'_>, at: usize, path: &mut Vec<String>) -> Option<String> {
    for (key, value) in table {
        let tables: Vec<&DeTable<'_>> = match value.get_ref() {
            DeValue::Table(inner) => vec![inner],
            DeValue::Array(items) => items.iter().filter_map(|item| item.get_ref().as_table()).collect(),
            _ => Vec::new(),
        };
        if let Some(inner) = tables.into_iter().find(|inner| covers(inner, at)) {
            path.push(key.get_ref().to_string());
            return descend(inner, at, path);
        }
        if value.span().contains(&at) && !key.span().contains(&at) {
            return Some(key.get_ref().to_string());
        }
    }
    None
}

/// Whether byte `at` is in one of the table's keys or values, at any depth.
fn covers(table: &DeTable<'_>, at: usize) -> bool {
    table.iter().any(|(key, value)| {
        key.span().contains(&at)
            || value.span().contains(&at)
            || match value.get_ref() {
                DeValue::Table(inner) => covers(inner, at),
                DeValue::Array(items) => items
                    .iter()
                    .filter_map(|item| item.get_ref().as_table())
                    .any(|inner| covers(inner, at)),
                _ => false,
            }
    })
}
