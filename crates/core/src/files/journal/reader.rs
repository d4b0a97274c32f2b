//! Reading journals.

use super::VERSION;
use super::entry::{Entry, Header};
use crate::files::fsio::{FsError, read_bytes};
use crate::one_line::one_line;
use std::fmt;
use std::path::{Path, PathBuf};

/// A journal that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum JournalError {
    /// The file cannot be read or written.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// A newer program wrote it.
    #[error(
        "the journal `{}` has version {found}, this program knows {VERSION}; use the newer seedband",
        path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// Its version.
        found: u32,
    },
}

/// What journals say.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Journals {
    /// Their entries; of several journals, oldest first.
    pub entries: Vec<Entry>,
    /// Journals with lines that say nothing, which are passed over.
    pub damaged: Vec<DamagedJournal>,
}

/// Lines of a journal, other than a torn last one, that are no entries. What they said of their trials is lost, and
/// nothing else: whether a trial is finished is told by its curve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedJournal {
    /// The journal.
    pub path: PathBuf,
    /// Line numbers, from 1, ascending; none where the file as a whole cannot be read.
    pub lines: Vec<usize>,
    /// What the parser said of the first.
    pub problem: String,
}

impl fmt::Display for DamagedJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        /// Lines that are told by their numbers.
        const TOLD: usize = 5;
        let Self { path, lines, problem } = self;
        if lines.is_empty() {
            return write!(
                f,
                "the journal `{}` cannot be read and is passed over ({problem})",
                path.display()
            );
        }
        let numbers: Vec<String> = lines.iter().take(TOLD).map(ToString::to_string).collect();
        let (which, is_none, them) = if lines.len() == 1 {
            ("line", "is no entry", "that line")
        } else {
            ("lines", "are no entries", "those lines")
        };
        write!(f, "{which} {}", numbers.join(", "))?;
        if lines.len() > TOLD {
            write!(f, " and {} more", lines.len() - TOLD)?;
        }
        let path = path.display();
        write!(
            f,
            " of the journal `{path}` {is_none} and passed over ({problem}); delete {them}"
        )
    }
}

/// What one journal file says, without a torn last line.
///
/// # Errors
/// The file cannot be read, or a newer program wrote it.
pub fn read(path: &Path) -> Result<Journals, JournalError> {
    parse(&read_bytes(path)?, path)
}

/// What all journals of a study say, oldest entry first. A folder that is not there holds none.
///
/// # Errors
/// The folder cannot be listed, or as [`read`].
pub fn read_all(folder: &Path) -> Result<Journals, JournalError> {
    let listing = match std::fs::read_dir(folder) {
        Ok(listing) => listing,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Journals::default()),
        Err(source) => return Err(FsError::io("list", folder, source).into()),
    };
    let mut paths: Vec<PathBuf> = listing
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .filter(|path| path.extension().is_some_and(|extension| extension == "jsonl"))
        .collect();
    paths.sort();
    let mut all = Journals::default();
    for path in paths {
        let journal = match read(&path) {
            Err(JournalError::Fs(error)) => {
                // What it says of its trials is lost for now; whether they are finished is told by their curves.
                let (lines, problem) = (Vec::new(), one_line(&error));
                all.damaged.push(DamagedJournal { path, lines, problem });
                continue;
            }
            journal => journal?,
        };
        all.entries.extend(journal.entries);
        all.damaged.extend(journal.damaged);
    }
    all.entries.sort_by_key(|entry| entry.at);
    Ok(all)
}

pub(super) fn parse(bytes: &[u8], path: &Path) -> Result<Journals, JournalError> {
    // What follows the last newline was being written when the runner died.
    let whole = bytes.iter().rposition(|&byte| byte == b'\n').map_or(0, |last| last + 1);
    let mut entries = Vec::new();
    let (mut lines, mut problem) = (Vec::new(), None);
    for (line, number) in bytes[..whole].split_inclusive(|&byte| byte == b'\n').zip(1..) {
        let read = if number == 1 {
            serde_json::from_slice(line).map(|header| check_version(&header, path))
        } else {
            serde_json::from_slice(line).map(|entry| {
                entries.push(entry);
                Ok(())
            })
        };
        match read {
            Ok(checked) => checked?,
            Err(error) => {
                lines.push(number);
                problem.get_or_insert_with(|| error.to_string());
            }
        }
    }
    let path = path.to_path_buf();
    let damaged = problem.map(|problem| DamagedJournal { path, lines, problem });
    Ok(Journals {
        entries,
        damaged: damaged.into_iter().collect(),
    })
}

fn check_version(header: &Header, path: &Path) -> Result<(), JournalError> {
    if header.journal <= VERSION {
        return Ok(());
    }
    Err(JournalError::Newer {
        path: path.to_path_buf(),
        found: header.journal,
    })
}
