//! What can be wrong with a study, shown with its file, line and a way out.

use crate::Invalid;
use crate::files::fsio::FsError;
use std::fmt;
use std::ops::Range;
use std::path::PathBuf;

/// A study that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// A file of the study cannot be read.
    #[error(transparent)]
    Fs(#[from] FsError),
    /// A file extends itself, directly or through others.
    #[error("`{}` extends itself: {}", path.display(), arrows(chain))]
    Cycle {
        /// The file that comes up twice.
        path: PathBuf,
        /// The files of the circle, from the one that comes up twice; each extends the next, and the last the first.
        chain: Vec<PathBuf>,
    },
    /// A file extends another, that a further one, and so on without end.
    #[error(
        "`{}` is the end of a chain of more than {most} files that extend each other; let one file extend a list of others",
        path.display()
    )]
    TooDeep {
        /// The first file that is too many.
        path: PathBuf,
        /// Most files that such a chain may have.
        most: usize,
    },
    /// A file builds on more files than anybody writes.
    #[error(
        "`{}` builds on {most} files or more, each counted as often as it is extended; put settings that belong together into one file",
        path.display()
    )]
    TooManyFiles {
        /// The file.
        path: PathBuf,
        /// So many are too many.
        most: usize,
    },
    /// A place in a file, or an option on the command line, is wrong.
    #[error("{0}")]
    Located(Box<Located>),
    /// Something is wrong that no single place says.
    #[error(transparent)]
    Invalid(#[from] Invalid),
    /// A path names an environment variable that is not set.
    #[error(
        "`{key} = \"{path}\"`: the environment variable `{variable}` is not set; set it, or pass `{}`",
        option(key)
    )]
    UnsetVariable {
        /// Dotted key of the path.
        key: &'static str,
        /// The path as written.
        path: String,
        /// The variable.
        variable: String,
    },
    /// A path begins with the home folder of a user that it names.
    #[error(
        "`{key} = \"{path}\"`: `~` is your own home folder, and that of another user is not looked up; write the whole \
         path, `~/…` for your own, or `./{path}` for a name that begins with `~`"
    )]
    HomeOfUser {
        /// Dotted key of the path.
        key: &'static str,
        /// The path as written.
        path: String,
    },
}

impl StudyError {
    /// The same error with one more way out, where it shows a place.
    pub(super) fn or_try(mut self, help: Option<String>) -> Self {
        if let Self::Located(located) = &mut self {
            located.help.extend(help);
        }
        self
    }
}

/// The files of a circle, from the first back to it.
fn arrows(chain: &[PathBuf]) -> String {
    let names = chain.iter().chain(chain.first());
    let names: Vec<String> = names.map(|path| format!("`{}`", path.display())).collect();
    names.join(" -> ")
}

/// What sets the path of `key` on the command line.
fn option(key: &str) -> String {
    if key == "data.path" {
        "--data <folder>".into()
    } else {
        format!("--set {key}=<path>")
    }
}

/// A wrong place in a text, with the line it stands on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Located {
    /// What is wrong: a lowercase fragment.
    pub problem: String,
    /// File name, or the option as given.
    pub source: String,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// The line itself.
    pub text: String,
    /// How many characters are marked.
    pub width: usize,
    /// Ways out, one a line.
    pub help: Vec<String>,
}

impl Located {
    /// The place `span` (bytes) of `text`, which is called `source`.
    pub(super) fn new(
        source: &str,
        text: &str,
        span: &Range<usize>,
        problem: impl Into<String>,
        help: Vec<String>,
    ) -> Self {
        let start = floor_boundary(text, span.start.min(text.len()));
        let before = text.get(..start).unwrap_or_default();
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        let rest = text.get(line_start..).unwrap_or_default();
        let line_text = rest.lines().next().unwrap_or_default();
        let column = text.get(line_start..start).unwrap_or_default().chars().count();
        let marked = text
            .get(start..floor_boundary(text, span.end.min(text.len())))
            .unwrap_or_default();
        let width = marked.lines().next().unwrap_or_default().chars().count();
        Self {
            problem: problem.into(),
            source: source.to_owned(),
            line: before.matches('\n').count() + 1,
            column: column + 1,
            text: line_text.to_owned(),
            width: width
                .max(1)
                .min(line_text.chars().count().saturating_sub(column).max(1)),
            help,
        }
    }
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Located {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let gutter = " ".repeat(self.line.to_string().len());
        writeln!(f, "{}", self.problem)?;
        writeln!(f, "{gutter}--> {}:{}:{}", self.source, self.line, self.column)?;
        writeln!(f, "{gutter} |")?;
        writeln!(f, "{} | {}", self.line, self.text)?;
        write!(
            f,
            "{gutter} | {}{}",
            " ".repeat(self.column - 1),
            "^".repeat(self.width)
        )?;
        for help in &self.help {
            write!(
                f,
                "\n{gutter} = help: {}",
                help.replace('\n', &format!("\n{gutter}         "))
            )?;
        }
        Ok(())
    }
}

impl From<Located> for StudyError {
    fn from(located: Located) -> Self {
        Self::Located(Box::new(located))
    }
}
