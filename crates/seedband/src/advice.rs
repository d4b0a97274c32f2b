//! What a user of the command `seedband` can do about a failure: the only words of the libraries that name options of
//! the command line.

use crate::error::Error;
use seedband_aggregator::AggregateError;
use seedband_core::files::fsio::FsError;
use seedband_core::files::journal::JournalError;
use seedband_core::protocol::FailureClass;
use seedband_core::study::StudyError;
use seedband_fetch::FetchError;
use seedband_report::ReportError;
use seedband_runner::{RunError, SaveError, StatusError};
use std::io::ErrorKind;

impl Error {
    /// What a user of the command can do about it; none where the message says it, or nothing is known to help.
    pub fn advice(&self) -> Option<String> {
        Some(match self {
            Self::FileExists { .. } => "name another file, or overwrite it with `--force`".to_owned(),
            Self::StudyChanged { changes, .. } => {
                let moved = match changes.iter().find_map(|change| place_of(&change.key)) {
                    Some(moved) => format!("{moved}; "),
                    None => String::new(),
                };
                format!(
                    "{moved}give it another `name`, or run with `--update`: new trials are made and the old ones stay, \
                     unused"
                )
            }
            Self::MemoryFormatChanged { .. } => {
                "leave `run.memory-format` out, give the study another `name`, or run with `--update`: what has \
                 finished stays, and the rest is trained in the other format"
                    .to_owned()
            }
            Self::NothingFinished { study, .. } => format!("run them with `seedband run {}`", study.display()),
            Self::NoResults { study, .. } => format!("make them with `seedband run {}`", study.display()),
            Self::Run(RunError::NoDevice { .. }) => {
                "read that log; `seedband doctor` and `seedband check-trainer -- COMMAND` look closer".to_owned()
            }
            Self::Fetch(error) => return of_fetch(error).map(str::to_owned),
            _ => return self.file().and_then(of_file).map(str::to_owned),
        })
    }

    /// The file operation that failed, where one did.
    fn file(&self) -> Option<&FsError> {
        match self {
            Self::Fs(error)
            | Self::Study(StudyError::Fs(error))
            | Self::Journal(JournalError::Fs(error))
            | Self::Run(RunError::Storage(error) | RunError::Journal(JournalError::Fs(error)))
            | Self::Status(StatusError::Fs(error) | StatusError::Journal(JournalError::Fs(error)))
            | Self::Weights(SaveError::Fs(error))
            | Self::Aggregate(AggregateError::Fs(error))
            | Self::Report(ReportError::Fs(error)) => Some(error),
            _ => None,
        }
    }
}

/// What would have kept trials the same although this setting, a place, has changed.
fn place_of(key: &str) -> Option<&'static str> {
    match key {
        "data.path" => Some(
            "data that has moved is known by its content, and this has another, or no trial on it has finished; put \
             back what was there, or, for data that changes its place often, set `data.name` before the first run",
        ),
        "trainer.working-dir" => {
            Some("a program is known by its files wherever it lies: name them as `trainer.inputs` before the first run")
        }
        _ => None,
    }
}

/// How actions of [`FsError::Io`] begin that change nothing: another results folder would not help them.
const READING: [&str; 3] = ["read", "list", "find"];

/// What helps where the system refused.
fn of_file(error: &FsError) -> Option<&'static str> {
    let FsError::Io { action, source, .. } = error else {
        return None;
    };
    let is_reading = READING.iter().any(|verb| action.starts_with(verb));
    match source.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => Some("free some space, then run again"),
        ErrorKind::PermissionDenied if is_reading => Some("change its permissions"),
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            Some("choose another results folder with `--results`, or change its permissions")
        }
        _ => None,
    }
}

/// What helps where a data set was not fetched.
fn of_fetch(error: &FetchError) -> Option<&'static str> {
    match error {
        FetchError::Download { .. } => Some(
            "run it again later: it goes on where it ended; behind a proxy set `HTTPS_PROXY`; `--from URL` names another \
             server that has the files",
        ),
        FetchError::DiskFull { .. } => Some("free some space, then run again, or choose another disk by `--folder`"),
        FetchError::InTheWay { .. } => Some("move it away, or choose another place by `--folder`"),
        FetchError::Io { source, .. }
            if matches!(
                source.kind(),
                ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem
            ) =>
        {
            Some("choose another place by `--folder`, or change its permissions")
        }
        _ => None,
    }
}

/// What a user can do about a trial that failed so.
pub fn failure_advice(class: FailureClass) -> &'static str {
    match class {
        FailureClass::BadData => "check the folder in `data.path` and the file in `init.from`, then run again",
        FailureClass::BadStudy => "change the study, then run again",
        FailureClass::OutOfMemory => {
            "lower `training.batch-size`, or wait until other programs have left the device, then run again"
        }
        FailureClass::HostOutOfMemory => {
            "lower `run.cpu-slots` or `training.batch-size`, or use a machine of more memory, then run again"
        }
        FailureClass::LostDevice => "look at the device with `nvidia-smi` and `seedband doctor`, then run again",
        FailureClass::NonFiniteStart => {
            "no learning rate was at work yet: look for images or initial weights that are not finite, then run again"
        }
        FailureClass::ScriptError => "read the trial's log, mend the script, then run again",
        FailureClass::LostWorker | FailureClass::Internal | FailureClass::Protocol => {
            "read the trial's log, then run again"
        }
        FailureClass::CannotStart => "run `seedband doctor`",
        FailureClass::TimedOut => "raise `run.timeout`, then run again",
        FailureClass::Storage => "free some space or choose another folder with `--results`, then run again",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;
    use std::path::Path;

    #[test]
    fn another_results_folder_helps_where_one_cannot_be_written() {
        let advice =
            |action, kind: ErrorKind| Error::from(FsError::io(action, Path::new("x"), io::Error::from(kind))).advice();
        let read = advice("read", ErrorKind::PermissionDenied).unwrap();
        assert_eq!(read, "change its permissions");
        for action in ["write", "create the folder", "append to the journal"] {
            for kind in [ErrorKind::PermissionDenied, ErrorKind::ReadOnlyFilesystem] {
                let write = advice(action, kind).unwrap();
                assert!(
                    write.starts_with("choose another results folder with `--results`"),
                    "{write}"
                );
            }
            for kind in [ErrorKind::StorageFull, ErrorKind::QuotaExceeded] {
                assert_eq!(advice(action, kind).unwrap(), "free some space, then run again");
            }
        }
        assert_eq!(advice("read", ErrorKind::NotFound), None);
    }
}
