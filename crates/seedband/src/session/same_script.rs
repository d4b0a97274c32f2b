//! Whether results there are those of the same script.

use super::open::StudySession;
use seedband_core::study::Study;
use seedband_core::trainer::Program;

impl StudySession {
    /// Whether the results folder is that of an earlier study of the same script, by its name and folder; true where
    /// there is none.
    pub fn is_of_same_script(&self) -> bool {
        let path = self.dir().study();
        if !path.is_file() {
            return true;
        }
        let script = |study: &Study| -> Option<(Option<String>, Option<String>)> {
            let program: &Program = study.configs.first()?.recipe.trainer.program()?;
            Some((program.working_dir.clone(), program.command.get(1).cloned()))
        };
        let before = Study::load(&path, &[]).ok().and_then(|study| script(&study));
        before.is_some() && before == script(self.study())
    }
}
