//! Files of stored results, and the JSON in them.

use seedband_core::number::Number;
use serde_json::{Map, Value};
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

/// A file of stored results. Another folder than ours may lack some.
pub(crate) fn stored(file: &str) -> Option<Value> {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    let folder = std::env::var_os("SEEDBAND_GOLDEN").map_or(ours.clone(), PathBuf::from);
    let path = folder.join(file);
    if folder != ours && !path.exists() {
        return None;
    }
    let text = std::fs::read_to_string(&path).expect("a file of stored results");
    Some(serde_json::from_str(&text).expect("JSON"))
}

/// The entries of an array; none where it is something else or missing.
pub(crate) fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The entries of an object; none where it is something else or missing.
pub(crate) fn object(value: &Value) -> impl ExactSizeIterator<Item = (&String, &Value)> {
    static EMPTY: LazyLock<Map<String, Value>> = LazyLock::new(Map::new);
    value.as_object().unwrap_or(&EMPTY).iter()
}

/// A number, or a string that stands for one that is not finite.
pub(crate) fn number(value: &Value) -> f64 {
    let Number(number) = serde_json::from_value(value.clone()).expect("a number");
    number
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    list(value).iter().map(number).collect()
}
