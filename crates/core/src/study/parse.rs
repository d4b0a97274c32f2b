//! From a text to a layer: strict TOML.

use super::diagnose::unreadable;
use super::error::{Located, StudyError};
use super::file::StudyFile;
use super::keys;
use super::layer::Layer;
use super::listed_table::{self, ListedTable};
use super::old_names::{self, SaidTwice};
use serde::Deserialize;
use std::path::PathBuf;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

/// Parses `text` strictly: every key must be known and every value of the right type.
pub(super) fn parse(name: String, text: String, folder: PathBuf) -> Result<(Layer, StudyFile), StudyError> {
    let (table, file) = {
        let wrong = |error| unreadable(&name, &text, &error);
        let mut root = DeTable::parse(&text).map_err(wrong)?;
        old_names::replace(root.get_mut()).map_err(|twice| said_twice(&name, &text, &twice))?;
        if let Some(listed) = listed_table::find(root.get_ref()) {
            return Err(not_a_list(&name, &text, &listed));
        }
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

fn not_a_list(name: &str, text: &str, listed: &ListedTable) -> StudyError {
    let ListedTable { span, key, is_item } = listed;
    let (problem, help) = if *is_item {
        (
            format!("each item of `{key}` is a table, and this is a list"),
            "write `{ … }` in place of `[ … ]`".to_owned(),
        )
    } else {
        let help = if key.split('.').next_back() == Some(keys::TRAIN) {
            "write `[train]` for what all trainings share, and `[[train.variant]]` below it for each of several"
                .to_owned()
        } else {
            format!("write `[{key}]`")
        };
        (format!("`{key}` is one table, and this makes a list of it"), help)
    };
    Located::new(name, text, span, problem, vec![help]).into()
}

fn said_twice(name: &str, text: &str, twice: &SaidTwice) -> StudyError {
    let SaidTwice { span, key, old } = twice;
    let problem = format!("`{old}` and `{key}` are two names of one setting");
    let help = format!("keep `{key}`; `{old}` is what version 0.1 called it");
    Located::new(name, text, span, problem, vec![help]).into()
}
