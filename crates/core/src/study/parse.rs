//! From a text to a layer: strict TOML.

use super::diagnose::unreadable;
use super::error::{Located, StudyError};
use super::file::StudyFile;
use super::keys;
use super::layer::Layer;
use super::old_names::{self, SaidTwice};
use serde::Deserialize;
use std::ops::Range;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Deserializer};

/// Parses `text` strictly: every key must be known and every value of the right type.
pub(super) fn parse(name: String, text: String, folder: PathBuf) -> Result<(Layer, StudyFile), StudyError> {
    let (table, file) = {
        let wrong = |error| unreadable(&name, &text, &error);
        let mut root = DeTable::parse(&text).map_err(wrong)?;
        if let Some((span, key)) = table_in_a_list(root.get_ref()) {
            return Err(not_a_list(&name, &text, &span, &key));
        }
        old_names::replace(root.get_mut()).map_err(|twice| said_twice(&name, &text, &twice))?;
        (read(root.clone()).map_err(wrong)?, read(root).map_err(wrong)?)
    };
    let layer = Layer {
        name,
        text,
        table,
        folder,
    };
    Ok((layer, file))
}

/// Reads what a whole text says.
fn read<'i, T: Deserialize<'i>>(root: Spanned<DeTable<'i>>) -> Result<T, toml::de::Error> {
    T::deserialize(Deserializer::from(root))
}

/// A table that the text makes a list of, as by double brackets: serde would take its items for the table's keys in
/// their order.
fn table_in_a_list(table: &DeTable<'_>) -> Option<(Range<usize>, String)> {
    table.iter().find_map(|(key, value)| match value.get_ref() {
        DeValue::Array(_) if keys::is_table(key.get_ref()) => Some((key.span(), key.get_ref().to_string())),
        DeValue::Array(configs) if key.get_ref() == "config" => {
            let mut configs = configs.iter().filter_map(|config| config.get_ref().as_table());
            configs.find_map(table_in_a_list)
        }
        _ => None,
    })
}

fn not_a_list(name: &str, text: &str, span: &Range<usize>, key: &str) -> StudyError {
    let problem = format!("`{key}` is one table, and this makes a list of it");
    let help = if key == keys::TRAIN {
        "write `[train]` for what all trainings share, and `[[train.variant]]` below it for each of several".to_owned()
    } else {
        format!("write `[{key}]`")
    };
    Located::new(name, text, span, problem, vec![help]).into()
}

fn said_twice(name: &str, text: &str, twice: &SaidTwice) -> StudyError {
    let SaidTwice { span, key, old } = twice;
    let problem = format!("`{old}` and `{key}` are two names of one setting");
    let help = format!("keep `{key}`; `{old}` is what version 0.1 called it");
    Located::new(name, text, span, problem, vec![help]).into()
}
