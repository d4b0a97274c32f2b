//! Where data, weights and programs lie: paths in a study, with environment variables.

use super::error::StudyError;
use super::keys::PROGRAM;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Holds the folder of the file that says a command, until all layers are merged. No file can say it.
const DEFAULT_DIR: &str = "default-working-dir";

/// Tables and their keys that hold paths.
const PATHS: [(&str, &str); 3] = [("data", "path"), ("init", "from"), ("trainer", "working-dir")];

/// Whether the setting at the dotted `key` is a path.
pub(super) fn is_path(key: &str) -> bool {
    PATHS
        .iter()
        .any(|(table, name)| key.strip_prefix(table).and_then(|rest| rest.strip_prefix('.')) == Some(*name))
}

/// Makes relative paths of one layer start at its folder. Paths that begin with a variable or with `~` are left for
/// [`expand`].
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
            // An axis of tables: each is such a table.
            Value::Array(tables) if name.is_some() => {
                for table in tables.iter_mut().filter(|table| table.is_table()) {
                    let mut around = Table::from_iter([(key.clone(), table.clone())]);
                    anchor(&mut around, folder);
                    if let Some((_, anchored)) = around.into_iter().next() {
                        *table = anchored;
                    }
                }
            }
            axis if is_path(key) => anchor_value(axis, folder),
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
        Value::String(path) if !path.is_empty() && !path.starts_with("${") && !path.starts_with('~') => {
            *path = folder.join(&*path).display().to_string();
        }
        Value::Array(paths) => paths.iter_mut().for_each(|path| anchor_value(path, folder)),
        _ => {}
    }
}

/// The path at the dotted `key`, with each `${NAME}` replaced by what `variable` says, and a `~` at its beginning by
/// the home folder, which is the variable `HOME`.
///
/// # Errors
/// A variable is not set, or is empty; or the path begins with the home folder of a user that it names, `~ann/data`.
pub fn expand(key: &'static str, path: &str, variable: impl Fn(&str) -> Option<String>) -> Result<PathBuf, StudyError> {
    if let Some(rest) = path.strip_prefix('~')
        && !rest.is_empty()
        && !rest.starts_with('/')
    {
        let path = path.into();
        return Err(StudyError::HomeOfUser { key, path });
    }
    expand_word(key, path, variable).map(PathBuf::from)
}

/// A word of a command, or a path, with variables filled in, and a `~` that stands alone or before a slash as the home
/// folder: what a shell would make of it. A word that begins with any other `~` is left as it is.
///
/// # Errors
/// A variable is not set, or is empty.
pub fn expand_word(
    key: &'static str,
    word: &str,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<String, StudyError> {
    let home = match word.strip_prefix('~') {
        Some(rest) if rest.is_empty() || rest.starts_with('/') => Some(format!("${{HOME}}{rest}")),
        _ => None,
    };
    let mut expanded = String::new();
    let mut rest = home.as_deref().unwrap_or(word);
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
            path: word.into(),
            variable: name.into(),
        })?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
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
    fn a_tilde_is_the_home_folder() {
        let variable = |name: &str| (name == "HOME").then(|| "/home/ann".to_owned());
        let path = |path| expand("data.path", path, variable);
        assert_eq!(path("~").unwrap(), Path::new("/home/ann"));
        assert_eq!(path("~/a b").unwrap(), Path::new("/home/ann/a b"));
        assert_eq!(path("/x/~/y").unwrap(), Path::new("/x/~/y"));
        let error = path("~bob/x").unwrap_err().to_string();
        assert!(
            error.contains("`data.path = \"~bob/x\"`") && error.contains("./~bob/x"),
            "{error}"
        );
        let word = |word| expand_word("trainer.command", word, variable).unwrap();
        assert_eq!(["~/run", "~5", "a~/b"].map(word), ["/home/ann/run", "~5", "a~/b"]);
        let unset = expand("data.path", "~/x", |_| None).unwrap_err().to_string();
        assert!(unset.contains("`HOME` is not set"), "{unset}");
    }

    #[test]
    fn paths_in_tables_of_an_axis_start_at_the_file() {
        let toml = "[sweep.grid]\ndata = [{ source = \"arrays\", path = \"a\" }, { path = \"~/b\" }]";
        let mut table: Table = toml::from_str(toml).unwrap();
        anchor(&mut table, Path::new("/study"));
        let expected = "[sweep.grid]\ndata = [{ source = \"arrays\", path = \"/study/a\" }, { path = \"~/b\" }]";
        assert_eq!(table, toml::from_str(expected).unwrap());
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
