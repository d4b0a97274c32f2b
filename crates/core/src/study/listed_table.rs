//! Tables that a text makes lists of, as by double brackets: serde would take a list's items for the table's keys, in
//! their order.

use super::reference::headings;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// A list in the place of a table.
#[derive(Debug)]
pub(super) struct ListedTable {
    /// Where its key stands, or the item that is a list.
    pub(super) span: Range<usize>,
    /// Dotted key, as it is written.
    pub(super) key: String,
    /// Whether it is one item of a list that is right.
    pub(super) is_item: bool,
}

impl ListedTable {
    fn new(span: Range<usize>, key: &str, is_item: bool) -> Self {
        let key = key.to_owned();
        Self { span, key, is_item }
    }
}

/// The first list in a study's text, whose names are the present ones, where the reference has a table.
pub(super) fn find(root: &DeTable<'_>) -> Option<ListedTable> {
    in_table(root, "")
}

fn in_table(table: &DeTable<'_>, at: &str) -> Option<ListedTable> {
    table.iter().find_map(|(key, value)| {
        let path = joined(at, key.get_ref());
        match (value.get_ref(), Shape::of(&path)) {
            (DeValue::Array(_), Shape::Table | Shape::Axes) => Some(ListedTable::new(key.span(), &path, false)),
            (DeValue::Array(items), Shape::Tables) => items.iter().find_map(|item| match item.get_ref() {
                DeValue::Array(_) => Some(ListedTable::new(item.span(), &path, true)),
                DeValue::Table(item) => in_table(item, &path),
                _ => None,
            }),
            (DeValue::Table(axes), Shape::Axes) => in_axes(axes, ""),
            (DeValue::Table(inner), _) => in_table(inner, &path),
            _ => None,
        }
    })
}

/// The axes of a sweep: a table that others stand in, or a list of values of the key `at`.
fn in_axes(axes: &DeTable<'_>, at: &str) -> Option<ListedTable> {
    axes.iter().find_map(|(key, value)| {
        let path = joined(at, key.get_ref());
        match value.get_ref() {
            DeValue::Table(inner) => in_axes(inner, &path),
            DeValue::Array(values) => values.iter().find_map(|value| match value.get_ref() {
                DeValue::Array(_) if Shape::of(&path) == Shape::Table => {
                    Some(ListedTable::new(value.span(), &path, true))
                }
                DeValue::Table(table) => in_table(table, &path),
                _ => None,
            }),
            _ => None,
        }
    })
}

fn joined(at: &str, key: &str) -> String {
    if at.is_empty() {
        key.to_owned()
    } else {
        format!("{at}.{key}")
    }
}

/// What the reference has at a key.
#[derive(Debug, PartialEq)]
enum Shape {
    Table,
    /// A list of tables.
    Tables,
    /// `[sweep.grid]` or `[sweep.zip]`, whose keys are those of settings.
    Axes,
    Other,
}

impl Shape {
    fn of(path: &str) -> Self {
        let path = as_in_the_reference(path);
        if path == "sweep.grid" || path == "sweep.zip" {
            return Self::Axes;
        }
        let mut shape = Self::Other;
        for heading in headings() {
            if heading.path == path {
                return if heading.is_list { Self::Tables } else { Self::Table };
            }
            if heading
                .path
                .strip_prefix(path.as_str())
                .is_some_and(|rest| rest.starts_with('.'))
            {
                shape = Self::Table;
            }
        }
        shape
    }
}

/// A config has the tables of a study, a variant of a training those of the training, and rules are called as one
/// likes.
fn as_in_the_reference(path: &str) -> String {
    let path = path.strip_prefix("config.").unwrap_or(path);
    let path = path.replacen("train.variant.", "train.", 1);
    let mut parts: Vec<&str> = path.split('.').collect();
    if let ["rule", name, ..] = &mut parts[..] {
        *name = "<name>";
    }
    parts.join(".")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(String, String)> {
        let root = DeTable::parse(text).unwrap();
        let ListedTable { span, key, .. } = find(root.get_ref())?;
        Some((key, text[span].to_owned()))
    }

    #[test]
    fn lists_of_tables_are_found_at_any_depth() {
        for (text, key, at) in [
            ("[[schedule]]", "schedule", "schedule"),
            ("[[range.max]]\nrule = \"valley\"", "range.max", "max"),
            ("range.min = [\"least-loss\"]", "range.min", "min"),
            ("range = [1]", "range", "range"),
            ("[[train.policy]]\nkind = \"cosine\"", "train.policy", "policy"),
            ("[[train.variant]]\npolicy = []", "train.variant.policy", "policy"),
            ("[[config]]\nrange.min = []", "config.range.min", "min"),
            ("[[config]]\n[[config.range.min]]", "config.range.min", "min"),
            ("config = [[\"a\"]]", "config", "[\"a\"]"),
            ("train.variant = [{}, [1]]", "train.variant", "[1]"),
            ("rule.a = [1]", "rule.a", "a"),
            ("[[rule.a.smoothing]]", "rule.a.smoothing", "smoothing"),
            ("[[sweep]]", "sweep", "sweep"),
            ("[[sweep.grid]]", "sweep.grid", "grid"),
            ("[sweep.grid]\noptimizer = [{}, [1]]", "optimizer", "[1]"),
            ("[sweep.grid]\n\"range.min\" = [[1]]", "range.min", "[1]"),
            ("[sweep.zip]\nrange = [{ min = [1] }]", "range.min", "min"),
        ] {
            assert_eq!(found(text), Some((key.to_owned(), at.to_owned())), "{text}");
        }
    }

    #[test]
    fn what_is_a_list_in_the_reference_may_be_one() {
        for text in [
            "seeds = [1, 2]\nrules = [\"a\"]\nextends = [\"a\"]",
            "[[config]]\nextends = [\"a\"]\n[[config.optimizer.group]]\nparameters = [\"*\"]",
            "[[train.variant]]\nlr = [1.0]\n[[recorded.curve]]\nlosses = [1.0]",
            "[sweep.grid]\nmodel.hidden = [[1, 2], [3]]\noptimizer = [{ group = [{}] }]\nrange.min.rule = [\"a\"]",
            "[trainer.args]\nlayers = [1, 2]\n[rule.smoothing.stop]",
            "[statistics]\nquantiles = [0.1, 0.9]",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
