//! What a study has learnt about how many trials the devices of a host take at once: `slots/<host>.json`.
//!
//! A hint and not a result: a file that is missing or damaged means that nothing is known, one that cannot be written
//! is no error, and deleting it makes the study learn anew.

use crate::device::slot_search::Throughput;
use crate::store::identity::RunnerIdentity;
use jiff::Timestamp;
use seedband_core::files::fsio;
use seedband_core::files::layout::StudyDir;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Version of the format; a file of another one counts as missing.
const VERSION: u32 = 1;

/// The key of the machine's own memory, beside those of its devices.
pub(crate) const HOST: &str = "host";

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Content {
    version: u32,
    slots: BTreeMap<String, Learned>,
}

/// What is known of one device, or of the machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct Learned {
    /// Trials at once, at most.
    pub(crate) at_once: usize,
    /// How that was found.
    pub(crate) reason: Reason,
    /// When.
    pub(crate) at: Timestamp,
    /// What was measured; empty unless that is the reason.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub(crate) measures: Vec<Throughput>,
}

/// How a number of slots was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reason {
    /// With one more, memory was short.
    OutOfMemory,
    /// Twice as many were hardly faster together, or would not have fitted into memory.
    Measured,
}

/// The file of this host.
#[derive(Debug)]
pub(crate) struct LearnedSlots {
    dir: StudyDir,
    path: PathBuf,
    known: BTreeMap<String, Learned>,
}

impl LearnedSlots {
    /// Reads what is known.
    pub(crate) fn open(dir: &StudyDir, runner: &RunnerIdentity) -> Self {
        let path = dir.slots(&runner.host_as_file_name());
        let known = match fsio::read_json::<Content>(&path) {
            Ok(content) if content.version == VERSION => content.slots,
            Ok(_) => BTreeMap::new(),
            Err(error) => {
                if !error.is_not_found() {
                    tracing::warn!(%error, "what was learnt about slots cannot be read");
                }
                BTreeMap::new()
            }
        };
        Self {
            dir: dir.clone(),
            path,
            known,
        }
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// What is known of `key`: [`HOST`], or the key of a device.
    pub(crate) fn of(&self, key: &str) -> Option<&Learned> {
        self.known.get(key)
    }

    /// Takes something down.
    pub(crate) fn remember(&mut self, key: &str, known: Learned) {
        self.known.insert(key.to_owned(), known);
        let content = Content {
            version: VERSION,
            slots: self.known.clone(),
        };
        let folder = self.dir.slot_memories();
        let written = self
            .dir
            .create(&folder)
            .and_then(|()| fsio::write_json(&self.path, &content));
        if let Err(error) = written {
            tracing::warn!(%error, "what was learnt about slots cannot be kept");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learnt_is_known_to_the_next_and_a_damaged_file_to_nobody() {
        let root = tempfile::tempdir().unwrap();
        let (dir, runner) = (StudyDir::new(root.path()), RunnerIdentity::this_process());
        let known = Learned {
            at_once: 3,
            reason: Reason::OutOfMemory,
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
            measures: vec![Throughput {
                at_once: 3,
                images_per_second: 1.5,
                memory_mib: None,
            }],
        };
        let mut learned = LearnedSlots::open(&dir, &runner);
        assert_eq!(learned.of("GPU-a"), None);
        learned.remember("GPU-a", known.clone());
        let learned = LearnedSlots::open(&dir, &runner);
        assert_eq!((learned.of("GPU-a"), learned.of(HOST)), (Some(&known), None));
        let text = std::fs::read_to_string(learned.path()).unwrap();
        for damaged in [&text[..40], &text.replace("\"version\": 1", "\"version\": 2")] {
            std::fs::write(learned.path(), damaged).unwrap();
            assert_eq!(LearnedSlots::open(&dir, &runner).of("GPU-a"), None);
        }
    }
}
