//! What happens while a program is checked.

use seedband_runner::{Control, RunEvent};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// What was seen of the trials.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    /// What the program says it is.
    pub(super) worker: Option<String>,
    /// From the start of its first trial to its first step.
    pub(super) first_step: Option<Duration>,
    /// Steps seen, and the time from the first to the last of each trial.
    pub(super) steps: u32,
    pub(super) stepping: Duration,
    /// Whether it was given up, for nothing came of it.
    pub(super) is_silent: bool,
    /// Source files that no input names.
    pub(super) files: usize,
}

/// Stops the run once nothing has come of it for too long.
pub(super) struct Watch {
    seen: Arc<Mutex<Seen>>,
    began: Instant,
    last_step: Mutex<Option<Instant>>,
    news: Sender<()>,
    thread: JoinHandle<()>,
}

impl Watch {
    pub(super) fn start(control: Control, patience: Duration) -> Self {
        let (news, listener) = channel();
        let seen = Arc::new(Mutex::new(Seen::default()));
        let of_thread = Arc::clone(&seen);
        let thread = std::thread::spawn(move || wait(&listener, patience, &control, &of_thread));
        Self {
            seen,
            began: Instant::now(),
            last_step: Mutex::new(None),
            news,
            thread,
        }
    }

    /// Takes note of what happened.
    pub(super) fn event(&self, event: &RunEvent) {
        // The thread is there until `stop`.
        let _ = self.news.send(());
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let mut last_step = self.last_step.lock().unwrap_or_else(PoisonError::into_inner);
        match event {
            RunEvent::SlotReady { worker, .. } => seen.worker = Some(worker.clone()),
            RunEvent::UnlistedInputs { files } => seen.files += files.len(),
            RunEvent::TrialStarted { .. } => *last_step = None,
            RunEvent::Step { .. } => {
                let now = Instant::now();
                seen.first_step.get_or_insert(now - self.began);
                if let Some(last) = *last_step {
                    seen.steps += 1;
                    seen.stepping += now - last;
                }
                *last_step = Some(now);
            }
            _ => {}
        }
    }

    /// What was seen.
    pub(super) fn stop(self) -> Seen {
        drop(self.news);
        // It does nothing that could panic.
        let _ = self.thread.join();
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn wait(news: &Receiver<()>, patience: Duration, control: &Control, seen: &Mutex<Seen>) {
    loop {
        match news.recv_timeout(patience) {
            Ok(()) => {}
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                seen.lock().unwrap_or_else(PoisonError::into_inner).is_silent = true;
                control.kill();
            }
        }
    }
}
