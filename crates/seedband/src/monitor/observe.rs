//! Looking at a study again and again.

use super::view::StudyView;
use crate::error::Error;
use crate::session::{StudySession, TrialSet};
use seedband_runner::{State, StatusReader, TrialStatus, runners as runner_reports};

/// Looks at a study as often as asked, while it is run anywhere. Changes nothing.
#[derive(Debug)]
pub struct StudyMonitor {
    session: StudySession,
    reader: StatusReader,
    trials: TrialSet,
    /// Trials that had a curve at the last look.
    curves: usize,
}

impl StudyMonitor {
    /// Of this study.
    ///
    /// # Errors
    /// Its results cannot be read.
    pub fn new(session: StudySession) -> Result<Self, Error> {
        Ok(Self {
            reader: StatusReader::new(session.dir().clone()),
            trials: session.trials()?,
            session,
            curves: 0,
        })
    }

    /// The study.
    pub fn session(&self) -> &StudySession {
        &self.session
    }

    /// What could be run by what was known at the last look.
    pub fn trials(&self) -> &TrialSet {
        &self.trials
    }

    /// Where each trial stands now, each once.
    ///
    /// # Errors
    /// A file is there but cannot be read.
    pub fn statuses(&mut self) -> Result<Vec<TrialStatus>, Error> {
        let mut statuses = self.reader.read(self.trials.ready.clone())?;
        let curves = |statuses: &[TrialStatus]| statuses.iter().filter(|status| status.state.has_curve()).count();
        if curves(&statuses) != self.curves && self.trials.deferred() > 0 {
            // What range tests have come to since may have made trainings, or further seeds, known.
            self.session.add_seeds()?;
            self.trials = self.session.trials()?;
            statuses = self.reader.read(self.trials.ready.clone())?;
        }
        self.curves = curves(&statuses);
        Ok(statuses)
    }

    /// Whether a runner is at work on the study: it says so, or it holds one of these trials.
    ///
    /// # Errors
    /// The folder of journals is there but cannot be listed.
    pub fn is_running(&self, statuses: &[TrialStatus]) -> Result<bool, Error> {
        let holds = |status: &TrialStatus| matches!(status.state, State::Running { .. });
        Ok(statuses.iter().any(holds) || !runner_reports(self.session.dir())?.is_empty())
    }

    /// Where the study stands now. The attempts at each trial are read only with `attempts`.
    ///
    /// # Errors
    /// A file is there but cannot be read.
    pub fn view(&mut self, attempts: bool) -> Result<StudyView, Error> {
        let statuses = self.statuses()?;
        let reports = runner_reports(self.session.dir())?;
        StudyView::new(&self.session, &self.trials, &statuses, reports, attempts)
    }
}
