//! Settings given on the command line: `--set key=value`.

use super::error::{Located, StudyError};
use super::layer::Layer;
use super::parse::parse as parse_toml;
use std::path::Path;
use toml::Value;

/// One `--set key=value`: a layer of its own. A list of values with commas between them, `--set
/// optimizer.momentum=0,0.9`, is an axis.
pub(super) fn parse(text: &str, folder: &Path) -> Result<(Layer, bool), StudyError> {
    let named = |toml: String| (format!("--set {text}"), toml, folder.to_path_buf());
    let wrong = |problem: &str| {
        let help = vec!["for example `--set optimizer.momentum=0.9`".into()];
        Located::new(&format!("--set {text}"), text, &(0..text.len()), problem, help)
    };
    let (key, value) = text.split_once('=').ok_or_else(|| wrong("an option without `=`"))?;
    let (key, value) = (key.trim(), value.trim());
    if key.is_empty()
        || key.split('.').any(|part| {
            part.is_empty()
                || !part
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
        })
    {
        return Err(wrong("the key is not a dotted name").into());
    }
    let top_level = key == "seeds" || key == "name" || key == "title" || key == "description";
    let items = split(value);
    if items.len() > 1 && !top_level {
        let list = items.iter().map(|item| scalar(item)).collect::<Vec<_>>().join(", ");
        let (name, toml, folder) = named(format!("[sweep.grid]\n{key} = [{list}]"));
        return Ok((parse_toml(name, toml, folder)?.0, true));
    }
    let (name, toml, folder) = named(format!("{key} = {}", scalar(value)));
    Ok((parse_toml(name, toml, folder)?.0, false))
}

/// `value` as TOML: itself where it is TOML, else a string.
fn scalar(value: &str) -> String {
    let is_toml = toml::from_str::<toml::Table>(&format!("value = {value}")).is_ok();
    if is_toml {
        value.to_owned()
    } else {
        Value::String(value.to_owned()).to_string()
    }
}

/// Splits at commas outside of brackets and quotes.
fn split(value: &str) -> Vec<&str> {
    let (mut depth, mut quote, mut start) = (0_i32, None, 0);
    let mut items = Vec::new();
    for (at, character) in value.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '\'') => quote = Some(character),
            (None, '[' | '{') => depth += 1,
            (None, ']' | '}') => depth -= 1,
            (None, ',') if depth == 0 => {
                items.push(value[start..at].trim());
                start = at + 1;
            }
            // Within quotes, and everything else.
            _ => {}
        }
    }
    items.push(value[start..].trim());
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> (toml::Table, bool) {
        let (layer, axis) = parse(text, Path::new(".")).unwrap();
        (layer.table, axis)
    }

    #[test]
    fn values_are_toml_or_strings() {
        assert_eq!(
            table("optimizer.momentum=0.5").0,
            toml::from_str("optimizer.momentum = 0.5").unwrap()
        );
        assert_eq!(
            table("model.architecture=mlp").0,
            toml::from_str("model.architecture = \"mlp\"").unwrap()
        );
        assert_eq!(
            table("model.hidden=[8, 8]"),
            (toml::from_str("model.hidden = [8, 8]").unwrap(), false)
        );
        assert_eq!(table("seeds=0..3,7").0, toml::from_str("seeds = \"0..3,7\"").unwrap());
    }

    #[test]
    fn commas_grow_an_axis() {
        let expected = toml::from_str("[sweep.grid]\nmodel.hidden = [[8], [16, 16]]").unwrap();
        assert_eq!(table("model.hidden=[8],[16, 16]"), (expected, true));
    }

    #[test]
    fn nonsense_is_named() {
        for text in [
            "momentum",
            "=1",
            "a..b=1",
            "a b=1",
            "optimizer.momentun=0.9",
            "optimizer.momentum=high",
        ] {
            assert!(parse(text, Path::new(".")).is_err(), "{text}");
        }
    }
}
