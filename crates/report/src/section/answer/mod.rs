//! The answer of each config: one learning rate with its support, and what to do next.

mod overview;
#[cfg(test)]
mod tests;
mod words;

use super::data::ConfigData;

pub(crate) use overview::{Overview, overview};
pub(crate) use words::suggested_lr;

/// What can be said of a config in a few sentences.
#[derive(Debug)]
pub(crate) struct Statement {
    pub(crate) text: String,
    /// Whether it is a rate to use.
    pub(crate) is_usable: bool,
}

impl Statement {
    pub(crate) fn of(data: &ConfigData<'_>) -> Self {
        let config = data.config;
        let is_usable = config.answer.as_ref().is_some_and(|answer| answer.kind.is_usable());
        Self {
            text: words::statement(config),
            is_usable: !config.counts.is_partial() && is_usable,
        }
    }
}
