//! Where data, weights and programs lie: paths in a study, with environment variables.

use super::error::StudyError;
use super::keys::PROGRAM;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Holds the folder of the file that says a command, until all layers are merged. No file can say it.
const DEFAULT_DIR: &str = "default-working-dir";

/// Tables and their keys that hold paths.
const PATHS: [(&str, &str); 3] = [("data", "path"), ("init", "from"), ("trainer", "working-dir")];

/// Makes relative paths of one layer start at its folder. Paths that begin with a variable are left for [`expand`].
pub(super) fn anchor(table: &mut Table, folder: &Path) {
    for (key, value) in table.iter_mut() {
        let name = PATHS.iter().find(|(table, _)| key == table).map(|(_, name)| *name);
        match value {
            Value::Table(inner) if name.is_some() => {
                // A command runs beside the file that says it.
                if key == PROGRAM && inner.contains_key("command") && !inner.contains_key("working-dir") {
                    inner.insert(DEFAULT_DIR.into(), Value::String(folder.display().to_string()));
                    continue;
                }
                let paths = inner
                    .iter_mut()
                    .filter(|(key, _)| name.is_some_and(|name| *key == name));
                paths.for_each(|(_, value)| anchor_value(value, folder));
            }
            Value::Array(configs) if key == "config" => {
                configs
                    .iter_mut()
                    .filter_map(Value::as_table_mut)
                    .for_each(|config| anchor(config, folder));
            }
            Value::Table(sweep) if key == "sweep" => {
                let axes = sweep.iter_mut().filter_map(|(_, axes)| axes.as_table_mut());
                axes.for_each(|axes| {
                    anchor(axes, folder);
                    forget_default_dir(axes);
                });
            }
            axis if PATHS.iter().any(|(table, name)| *key == format!("{table}.{name}")) => anchor_value(axis, folder),
            _ => {}
        }
    }
}

/// Takes out the folder in which a command runs where none is said: that of the file which says the command.
pub(super) fn forget_default_dir(table: &mut Table) -> Option<Value> {
    let program = table.get_mut(PROGRAM).and_then(Value::as_table_mut);
    program.and_then(|program| program.remove(DEFAULT_DIR))
}

/// Has every command run where it is said to, or else beside the file that says it. For merged settings of a config.
pub(super) fn settle_working_dir(settings: &mut Table) {
    let default = forget_default_dir(settings);
    if let (Some(default), Some(program)) = (default, settings.get_mut(PROGRAM).and_then(Value::as_table_mut)) {
        program.entry("working-dir").or_insert(default);
    }
}

fn anchor_value(value: &mut Value, folder: &Path) {
    match value {
        Value::String(path) if !path.is_empty() && !path.starts_with("${") => {
            *path = folder.join(&*path).display().to_string();
        }
        Value::Array(paths) => paths.iter_mut().for_each(|path| anchor_value(path, folder)),
        _ => {}
    }
}

/// The path at the dotted `key`, with each `${NAME}` replaced by what `variable` says.
///
/// # Errors
/// A variable is not set, or is empty.
pub fn expand(key: &'static str, path: &str, variable: impl Fn(&str) -> Option<String>) -> Result<PathBuf, StudyError> {
    let mut expanded = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        expanded.push_str(before);
        // What is no name of a variable is left as it is: other programs have a `${…}` of their own.
        if !is_name(name) {
            expanded.extend(["${", name, "}"]);
            rest = after;
            continue;
        }
        let value = variable(name).filter(|value| !value.is_empty());
        expanded.push_str(&value.ok_or_else(|| StudyError::UnsetVariable {
            key,
            path: path.into(),
            variable: name.into(),
        })?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(PathBuf::from(expanded))
}

fn is_name(text: &str) -> bool {
    let is_letter = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    !text.is_empty() && text.chars().all(is_letter) && !text.starts_with(|first: char| first.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in() {
        let variable = |name: &str| (name == "DATA").then(|| "/data".to_owned());
        assert_eq!(
            expand("data.path", "${DATA}/cifar", variable).unwrap(),
            Path::new("/data/cifar")
        );
        assert_eq!(
            expand("data.path", "/a/${DATA", variable).unwrap(),
            Path::new("/a/${DATA")
        );
        assert!(matches!(
            expand("init.from", "${NONE}/x", variable),
            Err(StudyError::UnsetVariable { .. })
        ));
    }

    #[test]
    fn relative_paths_start_at_the_file() {
        let mut table: Table =
            toml::from_str("data.path = \"x\"\n[[config]]\ndata.path = \"/y\"\n[[config]]\ndata.path = \"${Z}/z\"\ninit.from = \"w\"\n[sweep.grid]\n\"init.from\" = [\"a\", \"b\"]")
                .unwrap();
        anchor(&mut table, Path::new("/study"));
        let expected = "data.path = \"/study/x\"\n[[config]]\ndata.path = \"/y\"\n[[config]]\ndata.path = \"${Z}/z\"\ninit.from = \"/study/w\"\n[sweep.grid]\n\"init.from\" = [\"/study/a\", \"/study/b\"]";
        assert_eq!(table, toml::from_str(expected).unwrap());
    }
}
