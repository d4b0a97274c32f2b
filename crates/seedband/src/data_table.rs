//! What a study says to train on a data set that was fetched.

use seedband_fetch::DataSet;
use std::path::Path;

/// The table `[data]` of a study that trains on `set`, which stands in `folder`.
pub fn data_table(set: &DataSet, folder: &Path) -> String {
    let path = toml::Value::from(folder.display().to_string());
    format!(
        "[data]\nsource = \"{}\"\npath = {path}\nname = \"{}\"\n",
        set.source, set.name
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_path_is_read_back() {
        for set in seedband_fetch::DATA_SETS {
            for path in ["/data/x", "/it's", "/a \"b\" \\c", "/two\nlines"] {
                let table: toml::Table = data_table(set, Path::new(path)).parse().unwrap();
                assert_eq!(table["data"]["path"].as_str(), Some(path));
                assert_eq!(table["data"]["source"].as_str(), Some(set.source));
            }
        }
    }
}
