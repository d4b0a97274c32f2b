//! Which folder is that of a trial.

use super::study_dir::StudyDir;
use super::trial_dir::TrialDir;
use crate::files::fsio::FsError;
use crate::trial::{Trial, TrialId};
use std::collections::HashMap;

/// The trial folders of a study, by the first digits of the ids that their names end in.
///
/// A trial is found wherever a config of equal recipe put it, so renamed and added configs share what has been trained.
/// Names are looked at when the index is made, owners when a trial is looked up: a name tells which folders may be a
/// trial's, and `trial.json` in it whose it is.
#[derive(Debug, Clone)]
pub struct TrialIndex {
    study: StudyDir,
    by_digits: HashMap<String, Vec<TrialDir>>,
}

impl TrialIndex {
    pub(super) fn new(study: StudyDir, folders: Vec<TrialDir>) -> Self {
        let mut by_digits: HashMap<String, Vec<TrialDir>> = HashMap::new();
        for folder in folders {
            let digits = folder.id_digits().and_then(|digits| digits.get(..TrialId::SHORT));
            if let Some(digits) = digits.map(str::to_owned) {
                by_digits.entry(digits).or_default().push(folder);
            }
        }
        Self { study, by_digits }
    }

    /// The study whose folders these are.
    pub fn study(&self) -> &StudyDir {
        &self.study
    }

    /// The folder of this trial, which says so in its `trial.json`; none if there is no such folder.
    ///
    /// # Errors
    /// The `trial.json` of a folder that may be this trial's cannot be read.
    pub fn find(&self, id: &TrialId) -> Result<Option<TrialDir>, FsError> {
        let known = self.by_digits.get(id.short()).into_iter().flatten();
        for folder in known.filter(|folder| folder.may_be_of(id)) {
            if folder.is_of(id)? {
                return Ok(Some(folder.clone()));
            }
        }
        Ok(None)
    }

    /// Where this trial is, or else where it belongs: in its usual folder, unless that is another trial's.
    ///
    /// The usual folder counts as this trial's where its `trial.json` is missing or damaged, so that a file that was
    /// cut short costs no training.
    ///
    /// # Errors
    /// As [`TrialIndex::find`].
    pub fn place(&self, trial: &Trial) -> Result<TrialDir, FsError> {
        if let Some(folder) = self.find(&trial.id)? {
            return Ok(folder);
        }
        let usual = self.study.trial(trial);
        match usual.owner()? {
            Some(owner) if owner != trial.id => Ok(self.study.trial_by_whole_id(trial)),
            _ => Ok(usual),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::files::fsio;
    use crate::recipe::Recipe;
    use std::fs;

    fn put(folder: &TrialDir, trial: &Trial) {
        fs::create_dir_all(folder.root()).unwrap();
        fsio::write_json(&folder.trial(), trial).unwrap();
    }

    fn study() -> (tempfile::TempDir, StudyDir) {
        let folder = tempfile::tempdir().unwrap();
        let study = StudyDir::new(folder.path());
        (folder, study)
    }

    #[test]
    fn a_trial_is_found_under_another_config() {
        let (_folder, study) = study();
        let (made, renamed) = (
            Trial::new("a", 1, &Recipe::default()),
            Trial::new("b", 1, &Recipe::default()),
        );
        assert_eq!(study.index().unwrap().find(&made.id).unwrap(), None);
        assert_eq!(study.index().unwrap().place(&renamed).unwrap(), study.trial(&renamed));
        put(&study.trial(&made), &made);
        let index = study.index().unwrap();
        assert_eq!(index.find(&renamed.id).unwrap(), Some(study.trial(&made)));
        assert_eq!(index.place(&renamed).unwrap(), study.trial(&made));
    }

    /// The ids of these two seeds begin alike; so do those of one pair in 2^32, that is of some pair among 100,000
    /// trials more often than not.
    #[test]
    fn trials_whose_ids_begin_alike_have_a_folder_each() {
        let mut recipe = Recipe::default();
        recipe.schedule.steps = 120;
        let [one, other] = [543, 4656].map(|seed| Trial::new("base", seed, &recipe));
        assert_eq!((one.id.short(), other.id.short()), ("aeeb7f55", "aeeb7f55"));
        let (_folder, study) = study();
        let place = |trial: &Trial| study.index().unwrap().place(trial).unwrap();
        for (first, second) in [(&one, &other), (&other, &one)] {
            put(&study.trial(first), first);
            assert_eq!(place(second), study.trial(second));
            assert_eq!(study.index().unwrap().find(&second.id).unwrap(), None);
            put(&study.trial(second), second);
            assert_eq!((place(first), place(second)), (study.trial(first), study.trial(second)));
            fs::remove_dir_all(study.trials()).unwrap();
        }
    }

    #[test]
    fn a_folder_of_the_same_name_is_left_to_its_owner() {
        let (_folder, study) = study();
        let trial = Trial::new("a", 1, &Recipe::default());
        let mut other = trial.clone();
        other.id = format!("{}{}", trial.id.short(), "0".repeat(24)).into();
        assert_eq!(study.trial(&other), study.trial(&trial));
        put(&study.trial(&other), &other);
        let place = |trial: &Trial| study.index().unwrap().place(trial).unwrap();
        assert_eq!(study.index().unwrap().find(&trial.id).unwrap(), None);
        let own = place(&trial);
        assert!(own.root().ends_with(format!("a/1-{}", trial.id)));
        put(&own, &trial);
        assert_eq!((place(&trial), place(&other)), (own.clone(), study.trial(&other)));
        // Under a new name of the config too.
        let mut renamed = trial.clone();
        renamed.config = "b".into();
        assert_eq!(place(&renamed), own);
    }

    #[test]
    fn a_damaged_trial_json_leaves_the_folder_to_the_trial_of_its_name() {
        let (_folder, study) = study();
        let trial = Trial::new("a", 1, &Recipe::default());
        put(&study.trial(&trial), &trial);
        for text in ["", "{\"id\":\"00", "\u{fffd}"] {
            fs::write(study.trial(&trial).trial(), text).unwrap();
            let index = study.index().unwrap();
            assert_eq!(index.find(&trial.id).unwrap(), None);
            assert_eq!(index.place(&trial).unwrap(), study.trial(&trial));
        }
    }

    #[test]
    fn names_that_are_none_of_ours_are_passed_over() {
        let (_folder, study) = study();
        let trial = Trial::new("a", 1, &Recipe::default());
        for name in ["notes", "1-", "1-00", "-", "1-\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}\u{e4}"] {
            put(&TrialDir::new(study.trials().join("a").join(name)), &trial);
        }
        assert_eq!(study.index().unwrap().find(&trial.id).unwrap(), None);
    }
}
