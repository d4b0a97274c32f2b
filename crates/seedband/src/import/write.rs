//! The study, its curves and where they came from, on disk: curves first, so that a study never names one that is not
//! there.

use super::assign::NewCurves;
use super::gather::SourceFile;
use super::plan;
use crate::VERSION;
use crate::error::Error;
use crate::results::publish_lock;
use jiff::Timestamp;
use nix::fcntl::{Flock, FlockArg};
use seedband_core::files::curve::Curve;
use seedband_core::files::fsio;
use seedband_core::files::layout::{StudyDir, TrialIndex};
use seedband_core::files::lock::FolderLock;
use seedband_core::files::provenance::{ImportRecord, ImportedFile, ProvenanceRecord};
use seedband_core::host_name;
use seedband_core::study::Study;
use seedband_core::trial::Trial;
use std::fs::File;

/// What writes to a results folder, while no other import does.
pub(super) struct Writer<'a> {
    dir: &'a StudyDir,
    /// Other imports on this machine wait; a file system without locks has none.
    _lock: Option<Flock<File>>,
}

impl<'a> Writer<'a> {
    /// Makes the results folder, and waits until no other import is at work there.
    pub(super) fn open(dir: &'a StudyDir) -> Result<Self, Error> {
        dir.create(dir.root())?;
        let folder = File::open(dir.root()).ok();
        let lock = folder.and_then(|folder| Flock::lock(folder, FlockArg::LockExclusive).ok());
        Ok(Self { dir, _lock: lock })
    }

    /// Writes the curves that are new, ends earlier ones anew where the plan has grown, then the study and the record.
    pub(super) fn write(
        &self,
        study: &Study,
        before: &Study,
        all_new: Vec<NewCurves>,
        files: &[(SourceFile, u32)],
        command: &[String],
    ) -> Result<(), Error> {
        // Nothing of the results is deleted meanwhile, and nobody publishes what they were before.
        let _use = FolderLock::share(self.dir)?;
        let _publish = publish_lock(self.dir, "seedband import")?;
        let index = self.dir.index()?;
        for new in all_new {
            let Some(config) = study.configs.iter().find(|config| config.name == new.config) else {
                continue;
            };
            let planned = config.recipe.schedule.steps;
            for assigned in new.curves {
                let trial = Trial::new(&config.name, assigned.seed, &config.recipe);
                self.put(&index, &trial, &plan::curve(assigned.source.steps, planned))?;
            }
            let earlier = before.configs.iter().find(|earlier| earlier.name == config.name);
            let grown = earlier.filter(|earlier| earlier.recipe.schedule.steps < planned);
            for seed in grown
                .into_iter()
                .flat_map(|earlier| earlier.seeds(before.seeds.seeds()))
            {
                self.end_anew(&index, &Trial::new(&config.name, seed, &config.recipe), planned)?;
            }
        }
        fsio::write_atomic(&self.dir.study(), study.to_toml().as_bytes())?;
        let files = files
            .iter()
            .filter(|(_, curves)| *curves > 0)
            .map(|(file, curves)| ImportedFile {
                file: file.path.display().to_string(),
                sha256: file.sha256.clone(),
                format: file.format.name().to_owned(),
                curves: *curves,
            });
        let record = ProvenanceRecord::Import(ImportRecord {
            at: Timestamp::now(),
            seedband: VERSION.into(),
            host: host_name(),
            files: files.collect(),
            command: command.to_vec(),
        });
        Ok(record.append(self.dir)?)
    }

    /// Writes a trial and its curve.
    fn put(&self, index: &TrialIndex, trial: &Trial, curve: &Curve) -> Result<(), Error> {
        let folder = index.place(trial)?;
        self.dir.create(folder.root())?;
        fsio::write_json(&folder.trial(), trial)?;
        Ok(curve.write(&folder.curve())?)
    }

    /// A curve that was the longest, and is one that ended early beside a longer one.
    fn end_anew(&self, index: &TrialIndex, trial: &Trial, planned: usize) -> Result<(), Error> {
        let folder = index.place(trial)?;
        // A curve that is gone or damaged is said by every command that looks at it.
        let Ok(curve) = Curve::read(&folder.curve()) else {
            return Ok(());
        };
        if curve.end == plan::end(&curve.steps, planned) {
            return Ok(());
        }
        self.put(index, trial, &plan::curve(curve.steps, planned))
    }
}

impl Drop for Writer<'_> {
    fn drop(&mut self) {
        // A folder that was made for nothing goes again; one that holds anything stays.
        let _ = std::fs::remove_dir(self.dir.root());
    }
}
