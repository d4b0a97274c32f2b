//! Signs of life: `journal/<runner>.alive`, a number that its runner raises again and again.
//!
//! Processes of another host or another container cannot be looked at. Whoever wants to know whether one of them lives
//! looks at this number for a while: [`Watch`](crate::store::claim::Watch). The file has one length and is written in
//! place, so that a full disk stops no heart.

use seedband_core::files::fsio;
use seedband_core::files::fsio::FsError;
use seedband_core::files::layout::StudyDir;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{Builder, JoinHandle};
use std::time::Duration;

/// How often a runner gives a sign, usually.
pub(crate) const PERIOD: Duration = Duration::from_secs(10);
/// After so many signs that did not come a runner counts as gone.
pub(crate) const MISSED: u32 = 6;

/// A heart that beats until it is dropped; then its file goes too.
#[derive(Debug)]
pub(crate) struct Heartbeat {
    path: PathBuf,
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Heartbeat {
    /// Starts the heart of `runner`, in a thread of its own: nothing that the runner waits for stops it.
    ///
    /// # Errors
    /// The file cannot be made, or no thread is to be had.
    pub(crate) fn start(dir: &StudyDir, runner: &str, period: Duration) -> Result<Self, FsError> {
        let path = dir.heartbeat(runner);
        let wrong = |source| FsError::io("write", &path, source);
        beat(&path, 0).map_err(wrong)?;
        let (stop, stopped) = channel();
        let (of_thread, of_study) = (path.clone(), dir.clone());
        let thread = Builder::new().name("heartbeat".into()).spawn(move || {
            let mut number = 0;
            while stopped.recv_timeout(period) == Err(RecvTimeoutError::Timeout) {
                number += 1;
                // Somebody may have put a link in place of the folder.
                if of_study.check(&of_thread).is_err() {
                    continue;
                }
                if let Err(error) = beat(&of_thread, number) {
                    tracing::debug!(%error, "no sign of life");
                }
            }
        });
        let thread = thread.map_err(|source| {
            let _ = std::fs::remove_file(&path);
            FsError::io("start a thread for", &path, source)
        })?;
        Ok(Self {
            path,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Heartbeat {
    fn drop(&mut self) {
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Writes the number; closed at once, since network disks show others a file when it is closed.
fn beat(path: &Path, number: u64) -> io::Result<()> {
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    fsio::open_in_place(path, &mut options)?.write_all(format!("{number:010}\n").as_bytes())
}

/// What the heart of a runner says now; nothing where there is no file, or none that can be read.
pub(crate) fn listen(path: &Path) -> Option<Vec<u8>> {
    fsio::read_start::<16>(path).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn a_heart_beats_until_it_is_dropped() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        std::fs::create_dir(dir.journals()).unwrap();
        let path = dir.heartbeat("me");
        let heart = Heartbeat::start(&dir, "me", Duration::from_millis(5)).unwrap();
        let first = listen(&path);
        assert!(first.as_ref().is_some_and(|text| text.len() == 11));
        let started = Instant::now();
        while listen(&path) == first {
            assert!(started.elapsed() < Duration::from_secs(20), "no beat");
        }
        drop(heart);
        assert_eq!(listen(&path), None);
    }

    #[test]
    fn a_link_is_not_written_through() {
        let root = tempfile::tempdir().unwrap();
        let dir = StudyDir::new(root.path());
        std::fs::create_dir(dir.journals()).unwrap();
        std::fs::write(root.path().join("else"), "untouched").unwrap();
        std::os::unix::fs::symlink("../else", dir.heartbeat("me")).unwrap();
        assert!(Heartbeat::start(&dir, "me", PERIOD).is_err());
        assert_eq!(std::fs::read(root.path().join("else")).unwrap(), b"untouched");
    }
}
