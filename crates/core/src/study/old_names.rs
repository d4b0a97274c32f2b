//! Names of version 0.1 in the text of a study, replaced by the present ones where they are read.
//!
//! Each text is renamed by itself, before texts are merged: so a file with an old name and one with the new name merge.
//! Places in the text stay what they are, so that errors show what the user wrote.

use crate::version_0_1::{old_key, present_key, present_value};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A table says the same thing by its old name and by its present one.
#[derive(Debug)]
pub(super) struct SaidTwice {
    /// Where the later of the two stands.
    pub(super) span: Range<usize>,
    /// Present dotted key.
    pub(super) key: String,
    /// The dotted key of version 0.1.
    pub(super) old: String,
}

/// Gives everything in a study's text its present name.
pub(super) fn replace(root: &mut DeTable<'_>) -> Result<(), SaidTwice> {
    for (key, value) in root.iter_mut() {
        match (&**key.get_ref(), value.get_mut()) {
            ("config", DeValue::Array(configs)) => {
                for config in configs.iter_mut() {
                    in_value(config.get_mut(), "", false)?;
                }
            }
            ("sweep", DeValue::Table(sweep)) => {
                for (_, axes) in sweep.iter_mut() {
                    in_value(axes.get_mut(), "", true)?;
                }
            }
            _ => {}
        }
    }
    in_table(root, "", false)
}

/// `at` is the dotted key of `value` in a config; in a sweep keys may hold dots, and a list holds values of its key.
fn in_value(value: &mut DeValue<'_>, at: &str, sweep: bool) -> Result<(), SaidTwice> {
    match value {
        DeValue::Table(table) => in_table(table, at, sweep),
        DeValue::Array(items) => items
            .iter_mut()
            .filter(|item| sweep || item.get_ref().is_table())
            .try_for_each(|item| in_value(item.get_mut(), at, sweep)),
        DeValue::String(text) => {
            if let Some(present) = present_value(at, text) {
                *text = present.into();
            }
            Ok(())
        }
        _ => Ok(()),
    }
}

fn in_table<'i>(table: &mut DeTable<'i>, at: &str, sweep: bool) -> Result<(), SaidTwice> {
    let mut renamed: DeTable<'i> = DeTable::new();
    for (key, mut value) in std::mem::take(table) {
        let path = if at.is_empty() {
            key.get_ref().to_string()
        } else {
            format!("{at}.{}", key.get_ref())
        };
        let present = present_key(&path).filter(|_| sweep || !key.get_ref().contains('.'));
        in_value(value.get_mut(), present.as_deref().unwrap_or(&path), sweep)?;
        let name = match &present {
            Some(present) => present
                .get(at.len()..)
                .unwrap_or_default()
                .trim_start_matches('.')
                .to_owned()
                .into(),
            None => key.get_ref().clone(),
        };
        let span = key.span();
        if renamed.contains_key(&*name) {
            let key = present.unwrap_or(path);
            let old = old_key(&key).unwrap_or_else(|| key.clone());
            return Err(SaidTwice { span, key, old });
        }
        renamed.insert(Spanned::new(span, name), value);
    }
    *table = renamed;
    Ok(())
}
