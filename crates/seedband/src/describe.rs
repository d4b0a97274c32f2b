//! Errors as people read them.

use crate::error::Error;

impl Error {
    /// The error, its causes, and the way out where one is known: all that a person is told. On one line, unless the
    /// error itself takes several.
    pub fn describe(&self) -> String {
        let text = error_chain(self);
        match self.advice() {
            // What takes several lines has its way out on the last one.
            Some(advice) if text.contains('\n') => format!("{text}\n{advice}"),
            Some(advice) => format!("{text}; {advice}"),
            None => text,
        }
    }
}

/// An error and its causes on one line; a cause that the error's own text holds already is left out.
pub fn error_chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        let inner_text = inner.to_string();
        if !text.contains(&inner_text) {
            text = format!("{text}: {inner_text}");
        }
        cause = inner.source();
    }
    text
}
