//! Where data lies: paths in a study, with environment variables.

use super::StudyError;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Makes relative data paths of one layer start at its folder. Paths that begin with a variable are left for [`expand`].
pub(super) fn anchor(table: &mut Table, folder: &Path) {
    for (key, value) in table.iter_mut() {
        match value {
            Value::Table(data) if key == "data" => {
                for (key, value) in data.iter_mut() {
                    if key == "path" {
                        anchor_value(value, folder);
                    }
                }
            }
            Value::Array(configs) if key == "config" => {
                configs
                    .iter_mut()
                    .filter_map(Value::as_table_mut)
                    .for_each(|config| anchor(config, folder));
            }
            Value::Table(sweep) if key == "sweep" => {
                sweep
                    .iter_mut()
                    .filter_map(|(_, axes)| axes.as_table_mut())
                    .for_each(|axes| anchor(axes, folder));
            }
            axis if key == "data.path" => anchor_value(axis, folder),
            _ => {}
        }
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

/// A data path with each `${NAME}` replaced by what `variable` says.
///
/// # Errors
/// A variable is not set, or is empty.
pub fn expand(path: &str, variable: impl Fn(&str) -> Option<String>) -> Result<PathBuf, StudyError> {
    let mut expanded = String::new();
    let mut rest = path;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((name, after)) = after.split_once('}') else {
            break;
        };
        let value = variable(name).filter(|value| !value.is_empty());
        expanded.push_str(before);
        expanded.push_str(&value.ok_or_else(|| StudyError::UnsetVariable {
            path: path.into(),
            variable: name.into(),
        })?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(PathBuf::from(expanded))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_filled_in() {
        let variable = |name: &str| (name == "DATA").then(|| "/data".to_owned());
        assert_eq!(expand("${DATA}/cifar", variable).unwrap(), Path::new("/data/cifar"));
        assert_eq!(expand("/a/${DATA", variable).unwrap(), Path::new("/a/${DATA"));
        assert!(matches!(
            expand("${NONE}/x", variable),
            Err(StudyError::UnsetVariable { .. })
        ));
    }

    #[test]
    fn relative_paths_start_at_the_file() {
        let mut table: Table =
            toml::from_str("data.path = \"x\"\n[[config]]\ndata.path = \"/y\"\n[[config]]\ndata.path = \"${Z}/z\"")
                .unwrap();
        anchor(&mut table, Path::new("/study"));
        let expected = "data.path = \"/study/x\"\n[[config]]\ndata.path = \"/y\"\n[[config]]\ndata.path = \"${Z}/z\"";
        assert_eq!(table, toml::from_str(expected).unwrap());
    }
}
