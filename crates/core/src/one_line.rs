//! Errors for logs and protocols, which have lines.

use std::error::Error;

/// An error and its causes on one line. Of a cause that spans several lines, such as libtorch's with its call stack,
/// the first is taken.
pub fn one_line(error: &dyn Error) -> String {
    let mut line = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        let text = text.lines().next().unwrap_or_default();
        // A transparent wrapper repeats its cause's text.
        if !line.ends_with(text) {
            if !line.is_empty() {
                line.push_str(": ");
            }
            line.push_str(text);
        }
        next = error.source();
    }
    line
}
