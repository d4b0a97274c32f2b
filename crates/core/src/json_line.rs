//! Messages as lines.

use serde::Serialize;

/// A message as one line with its newline.
pub fn to_line<T: Serialize>(message: &T) -> String {
    // Messages are plain structs with string keys: serialising cannot fail.
    let mut line = serde_json::to_string(message).unwrap_or_default();
    line.push('\n');
    line
}
