//! Where in a text of TOML something stands.

use super::name::is_made_from;
use super::old_names;
use crate::version_0_1::old_key;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

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

/// The place in `text` that sets `path` (dotted key segments), most specific first: in the config of that name, as an
/// axis, at the top.
pub(super) fn locate(text: &str, path: &str, config: Option<&str>) -> Option<Place> {
    let mut root = DeTable::parse(text).ok()?;
    old_names::replace(root.get_mut()).ok()?;
    let root = root.get_ref();
    let segments: Vec<&str> = path.split('.').collect();
    let configs = child(root, "config").and_then(DeValue::as_array);
    let in_config = configs.into_iter().flatten().find_map(|entry| {
        let table = entry.get_ref().as_table()?;
        let name = child(table, "name")?.as_str()?;
        config
            .filter(|config| is_made_from(config, name))
            .and_then(|_| find(text, table, &segments))
    });
    let axis = || {
        ["grid", "zip"].iter().find_map(|kind| {
            let sweep = child(root, "sweep")?.as_table()?;
            find(text, child(sweep, kind)?.as_table()?, &segments)
        })
    };
    in_config.or_else(axis).or_else(|| find(text, root, &segments))
}

/// Value number `at` of the axis `key` of `[sweep.<kind>]` in `text`, with its place.
pub(super) fn axis_value<'t>(text: &'t str, kind: &str, key: &str, at: usize) -> Option<Spanned<DeValue<'t>>> {
    let mut root = DeTable::parse(text).ok()?;
    old_names::replace(root.get_mut()).ok()?;
    let sweep = child(root.get_ref(), "sweep")?.as_table()?;
    let segments: Vec<&str> = key.split('.').collect();
    let values = value_at(child(sweep, kind)?.as_table()?, &segments)?.as_array()?;
    values.get(at).cloned()
}

/// The value at `path` below `table`, where keys may hold dots as for [`find`].
fn value_at<'a, 'i>(table: &'a DeTable<'i>, path: &[&str]) -> Option<&'a DeValue<'i>> {
    table.iter().find_map(|(key, value)| {
        let own: Vec<&str> = key.get_ref().split('.').collect();
        match path.strip_prefix(own.as_slice())? {
            [] => Some(value.get_ref()),
            rest => value_at(value.get_ref().as_table()?, rest),
        }
    })
}

/// The table of `text` that holds byte `at`, as segments without list positions, and the key whose value is there.
pub(super) fn table_at(text: &str, at: usize) -> (Vec<String>, Option<String>) {
    let (root, _) = DeTable::parse_recoverable(text);
    let mut path = Vec::new();
    let key = descend(root.get_ref(), at, &mut path);
    (path, key)
}

fn child<'a, 'i>(table: &'a DeTable<'i>, name: &str) -> Option<&'a DeValue<'i>> {
    table
        .iter()
        .find(|(key, _)| key.get_ref() == name)
        .map(|(_, value)| value.get_ref())
}

/// The place of the key at `path` below `table`; a key that holds dots itself counts as several segments.
fn find(text: &str, table: &DeTable<'_>, path: &[&str]) -> Option<Place> {
    table.iter().find_map(|(key, value)| {
        let own: Vec<&str> = key.get_ref().split('.').collect();
        let rest = path.strip_prefix(own.as_slice())?;
        let written = text.get(key.span()).unwrap_or_default();
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
        let place = find(text, value.get_ref().as_table()?, rest)?;
        Some(Place {
            by_old_name: by_old_name || place.by_old_name,
            ..place
        })
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a.b = 1\n[[config]]\nname = \"x\"\na.b = 2\n[sweep.grid]\n\"a.c\" = [1]\n";

    #[test]
    fn the_most_specific_place_is_found() {
        let at = |path, config| locate(TEXT, path, config).map(|place| &TEXT[place.span]);
        assert_eq!(at("a.b", None), Some("b = 1"));
        assert_eq!(at("a.b", Some("x")), Some("b = 2"));
        assert_eq!(at("a.b", Some("x,c=1")), Some("b = 2"));
        assert_eq!(at("a.b", Some("xy")), Some("b = 1"));
        assert_eq!(at("a.c", None), Some("\"a.c\" = [1]"));
        assert_eq!(at("a.d", None), None);
    }

    #[test]
    fn the_table_around_a_byte_is_told() {
        let at = |part| table_at(TEXT, TEXT.find(part).unwrap());
        assert_eq!(at("2\n"), (vec!["config".to_owned(), "a".into()], Some("b".into())));
        assert_eq!(at("1]"), (vec!["sweep".to_owned(), "grid".into()], Some("a.c".into())));
    }
}
