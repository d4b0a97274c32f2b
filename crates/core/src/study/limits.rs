//! How large a study may be.

use super::config::Config;
use super::diagnose::placed;
use super::error::StudyError;
use super::layer::Layers;
use super::seed_list::SeedList;
use crate::Invalid;

/// Most configs a study may have.
pub(super) const MOST_CONFIGS: usize = 10_000;

/// Most trials that a study may have, those of its trainings among them. Each takes about 1.5 kB of memory wherever all
/// are looked at.
const MOST_TRIALS: usize = 100_000;

/// `Err` for more configs than a study may have.
pub(super) fn check_configs(layers: &Layers, count: usize) -> Result<(), StudyError> {
    if count <= MOST_CONFIGS {
        return Ok(());
    }
    let problem = format!("gives more than {MOST_CONFIGS} configs");
    let invalid = Invalid::new("sweep.grid", "…", problem, "training.batch-size = [128, 256]");
    Err(placed(layers, invalid, None))
}

/// `Err` for more trials than a study may have, each config and each of its trainings counted with every seed there may
/// be.
pub(super) fn check_size(layers: &Layers, configs: &[Config], seeds: &SeedList) -> Result<(), StudyError> {
    let parts = configs.iter().map(|config| 1 + config.trainings.len()).sum();
    let seeds = seeds.seeds().len() + seeds.left() as usize;
    check_trials(layers, parts, seeds)
}

/// `Err` for more trials than a study may have: so many parts, range tests and trainings, of so many seeds each.
pub(super) fn check_trials(layers: &Layers, parts: usize, seeds: usize) -> Result<(), StudyError> {
    let trials = parts.saturating_mul(seeds);
    if trials <= MOST_TRIALS {
        return Ok(());
    }
    let problem = format!(
        "{parts} range tests and trainings of {seeds} seeds each are {trials} trials, and a study has at most {MOST_TRIALS}"
    );
    let invalid = Invalid::new("seeds", seeds, problem, "seeds = \"0..20\"");
    Err(placed(layers, invalid, None))
}
