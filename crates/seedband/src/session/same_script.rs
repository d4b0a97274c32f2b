//! Whether results there are those of the same script.

use super::open::StudySession;
use seedband_core::study::{Study, working_dir};
use seedband_core::trainer::Program;

impl StudySession {
    /// Whether the results folder is that of an earlier study of the same script, by its name and folder; true where
    /// there is none. A folder that is not there any more has moved together with its results.
    pub fn is_of_same_script(&self) -> bool {
        let path = self.dir().study();
        if !path.is_file() {
            return true;
        }
        let Ok(before) = Study::load(&path, &[]) else {
            return false;
        };
        match (program(&before), program(self.study())) {
            (Some(before), Some(now)) => before.command.get(1) == now.command.get(1) && is_same_place(before, now),
            _ => false,
        }
    }
}

fn program(study: &Study) -> Option<&Program> {
    study.configs.first()?.recipe.trainer.program()
}

fn is_same_place(before: &Program, now: &Program) -> bool {
    let is_gone = || working_dir(before).is_ok_and(|folder| !folder.is_dir());
    before.working_dir == now.working_dir || is_gone()
}
