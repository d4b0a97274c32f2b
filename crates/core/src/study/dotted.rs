//! Settings by their dotted keys.

use toml::{Table, Value};

/// Sets the value at a dotted path, making tables on the way.
pub(super) fn nested(path: &str, value: Value) -> Table {
    // The name of an argument may have dots of its own.
    if let Some(argument) = path.strip_prefix("trainer.args.") {
        let args = Table::from_iter([(argument.to_owned(), value)]);
        let trainer = Table::from_iter([("args".to_owned(), Value::Table(args))]);
        return Table::from_iter([("trainer".to_owned(), Value::Table(trainer))]);
    }
    let (first, rest) = path
        .split_once('.')
        .map_or((path, None), |(first, rest)| (first, Some(rest)));
    let value = match rest {
        Some(rest) => Value::Table(nested(rest, value)),
        None => value,
    };
    Table::from_iter([(first.to_owned(), value)])
}

/// The leaves of a table: dotted path and value. Lists are leaves.
pub(super) fn leaves(table: &Table) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    for (key, value) in table {
        if let Value::Table(inner) = value {
            found.extend(
                leaves(inner)
                    .into_iter()
                    .map(|(path, value)| (format!("{key}.{path}"), value)),
            );
        } else {
            found.push((key.clone(), value.clone()));
        }
    }
    found
}

/// The leaves of settings with their values as text; used to compare configs.
pub(super) fn settings<T: serde::Serialize>(value: &T) -> Vec<(String, String)> {
    // Settings are plain tables, so they always are valid TOML.
    let table = Table::try_from(value).unwrap_or_default();
    leaves(&table)
        .into_iter()
        .map(|(key, value)| (key, shown(&value)))
        .collect()
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_and_nested_are_inverse() {
        let table: Table = toml::from_str("[a.b]\nc = 1").unwrap();
        assert_eq!(leaves(&table), [("a.b.c".to_owned(), Value::Integer(1))]);
        assert_eq!(nested("a.b.c", Value::Integer(1)), table);
    }
}
