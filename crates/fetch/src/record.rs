//! What stands beside the data: where they came from, and what their files held when they came.

use crate::FetchError;
use crate::catalog::{DataSet, Member, RemoteFile, Size};
use crate::digest::sha256;
use crate::unpack::Unpacked;
use std::collections::HashMap;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

/// In the form of `sha256sum`, which checks it with `-c`.
const SUMS: &str = "SHA256SUMS";

const SOURCE: &str = "SOURCE.md";

/// Writes both files into `folder`.
pub(crate) fn write(folder: &Path, set: &DataSet, unpacked: &[Unpacked]) -> Result<(), FetchError> {
    let lines: Vec<String> = unpacked.iter().map(|(name, sum)| format!("{sum}  {name}\n")).collect();
    let sums = lines.concat();
    for (name, text) in [(SUMS, sums), (SOURCE, source(set))] {
        let path = folder.join(name);
        let written = fs::File::create(&path).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()
        });
        written.map_err(FetchError::io("write", &path))?;
    }
    Ok(())
}

fn source(set: &DataSet) -> String {
    let of_file = |file: &RemoteFile| format!("- `{}`, {} bytes, SHA-256 `{}`\n", file.name, file.size, file.sha256);
    let files = set.files.iter().map(of_file).collect::<Vec<_>>().concat();
    format!(
        "# {}\n\nFrom {}\n\nTerms: {}\n\nCite: {}\n\nFetched by `seedband data fetch {}` as:\n\n{files}\n\
         `{SUMS}` has the digests of what was in it: `sha256sum -c {SUMS}`.\n",
        set.title, set.home, set.terms, set.citation, set.name
    )
}

/// Whether the data set stands in `folder`, as it was fetched. A folder that is empty counts as none.
///
/// # Errors
/// Something else is there, or a file has changed.
pub(crate) fn is_whole(folder: &Path, set: &DataSet) -> Result<bool, FetchError> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
        Err(error) if error.kind() == ErrorKind::NotADirectory => return Err(in_the_way(folder)),
        Err(error) => return Err(FetchError::io("read", folder)(error)),
        Ok(mut entries) => {
            if entries.next().is_none() {
                return Ok(false);
            }
        }
    }
    let Ok(sums) = fs::read_to_string(folder.join(SUMS)) else {
        return Err(in_the_way(folder));
    };
    let sums: HashMap<&str, &str> = sums
        .lines()
        .filter_map(|line| line.split_once("  "))
        .map(|(sum, name)| (name, sum))
        .collect();
    for member in set.files.iter().flat_map(|file| file.packing.members()) {
        check(folder, member, sums.get(member.file_name()).copied())?;
    }
    Ok(true)
}

fn check(folder: &Path, member: &Member, sum: Option<&str>) -> Result<(), FetchError> {
    let changed = |name: &str, problem| FetchError::Changed {
        file: folder.join(name),
        problem,
        folder: folder.to_path_buf(),
    };
    let Some(sum) = sum else {
        return match member.size {
            Size::Exactly(_) => Err(changed(SUMS, "has changed")),
            Size::AtMost(_) => Ok(()),
        };
    };
    let path = folder.join(member.file_name());
    if !path.exists() {
        return Err(changed(member.file_name(), "has gone"));
    }
    if sha256(&path)? != sum {
        return Err(changed(member.file_name(), "has changed"));
    }
    Ok(())
}

fn in_the_way(folder: &Path) -> FetchError {
    FetchError::InTheWay {
        folder: folder.to_path_buf(),
    }
}
