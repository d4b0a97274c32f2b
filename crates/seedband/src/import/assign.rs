//! Which config and which seed each curve is.

use super::ImportOptions;
use super::gather::Source;
use super::pattern::{Pattern, seed_in, seed_in_path};
use crate::error::Error;
use seedband_core::files::curve::Step;
use seedband_core::hex::hex;
use seedband_core::trainer::{Recorded, RecordedCurve};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Name of the config where nothing says one.
const ONLY: &str = "base";

/// A curve, and the seed that is said of it.
type Said = (Option<u64>, Source);

/// A curve with its place in the study.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Assigned {
    pub(super) seed: u64,
    pub(super) sha256: String,
    pub(super) source: Source,
}

/// The curves of one config that are not in the study yet.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct NewCurves {
    pub(super) config: String,
    pub(super) curves: Vec<Assigned>,
    /// Curves that are there already, and as which seed.
    pub(super) known: Vec<(Source, u64)>,
}

/// Gives each curve a config and a seed. `recorded` is what the study has of a config so far.
///
/// # Errors
/// A name does not fit the pattern, or two curves have the same seed.
pub(super) fn assign<'a>(
    sources: Vec<Source>,
    options: &ImportOptions,
    recorded: impl Fn(&str) -> Option<&'a Recorded>,
) -> Result<Vec<NewCurves>, Error> {
    let pattern = options.pattern.as_deref().map(Pattern::new).transpose();
    let pattern = pattern.map_err(|problem| Error::ImportConflict { problem })?;
    let mut configs: Vec<(String, Vec<Said>)> = Vec::new();
    for source in sources {
        let (config, seed) = named(&source, options, pattern.as_ref())?;
        match configs.iter_mut().find(|(known, _)| *known == config) {
            Some((_, sources)) => sources.push((seed, source)),
            None => configs.push((config, vec![(seed, source)])),
        }
    }
    configs
        .into_iter()
        .map(|(config, sources)| {
            let before = recorded(&config).map_or(&[][..], |recorded| recorded.curve.as_slice());
            of_config(config, sources, before, options.seed)
        })
        .collect()
}

/// What is said of a curve's config and seed: by its file, the pattern, the options, and for the seed its name.
fn named(source: &Source, options: &ImportOptions, pattern: Option<&Pattern>) -> Result<(String, Option<u64>), Error> {
    let path = source.run.as_deref().unwrap_or(&source.file);
    let by_pattern = match pattern {
        None => None,
        Some(pattern) => Some(pattern.read(path).ok_or_else(|| Error::ImportConflict {
            problem: format!(
                "`{path}` does not end like `--pattern {}`; leave it out, or import it by itself",
                options.pattern.as_deref().unwrap_or_default()
            ),
        })?),
    };
    let (config, seed) = by_pattern.map(|named| (named.config, named.seed)).unwrap_or_default();
    let config = source.config.clone().or(config).or_else(|| options.config.clone());
    let seed = source.seed.or(seed);
    let by_name = || {
        let of_run = source.run.as_deref().and_then(seed_in);
        of_run.or_else(|| seed_in_path(source.file.as_str()))
    };
    let seed = match seed {
        None if options.seed.is_none() => by_name(),
        seed => seed,
    };
    Ok((config.unwrap_or_else(|| ONLY.to_owned()), seed))
}

fn of_config(
    config: String,
    sources: Vec<Said>,
    before: &[RecordedCurve],
    first_seed: Option<u64>,
) -> Result<NewCurves, Error> {
    let mut by_digest: HashMap<String, BTreeSet<u64>> = HashMap::new();
    let mut by_seed: BTreeMap<u64, String> = BTreeMap::new();
    let recorded: HashMap<String, u64> = before.iter().map(|curve| (curve.sha256.clone(), curve.seed)).collect();
    for curve in before {
        by_digest.entry(curve.sha256.clone()).or_default().insert(curve.seed);
        by_seed.insert(curve.seed, curve.file.clone());
    }
    let (said, unsaid): (Vec<_>, Vec<_>) = sources.into_iter().partition(|(seed, _)| seed.is_some());
    let mut new = NewCurves {
        config,
        curves: Vec::new(),
        known: Vec::new(),
    };
    let mut next = first_seed.unwrap_or(0);
    // Numbers that are said are taken before others are given.
    for (seed, source) in said.into_iter().chain(unsaid) {
        let sha256 = digest(&source.steps);
        // Seeds that are said to be different are, even where their losses are the same: all may be NaN from the start.
        // A name alone says less: a file imported before may have been copied since.
        let alike = by_digest.entry(sha256.clone()).or_default();
        let known = match (source.seed, seed) {
            (Some(said), _) => alike.get(&said),
            (None, Some(named)) => alike.get(&named).or_else(|| recorded.get(&sha256)),
            (None, None) => alike.first(),
        };
        if let Some(known) = known {
            new.known.push((source, *known));
            continue;
        }
        let seed = seed.unwrap_or_else(|| {
            while by_seed.contains_key(&next) {
                next += 1;
            }
            next
        });
        if i64::try_from(seed).is_err() {
            let problem = format!(
                "`{}` has the seed {seed}, and a seed is at most {}",
                source.file,
                i64::MAX
            );
            return Err(Error::ImportConflict { problem });
        }
        if let Some(other) = by_seed.get(&seed) {
            return Err(Error::ImportConflict {
                problem: format!(
                    "seed {seed} of `{}` has two curves, in `{other}` and in `{}`; tell them apart with `--config`, \
                     `--seed` or `--pattern`",
                    new.config, source.file
                ),
            });
        }
        alike.insert(seed);
        by_seed.insert(seed, source.file.clone());
        new.curves.push(Assigned { seed, sha256, source });
    }
    Ok(new)
}

/// SHA-256 of the steps as they stand in `curve.jsonl`.
fn digest(steps: &[Step]) -> String {
    let mut digest = Sha256::new();
    for step in steps {
        // Plain structs of numbers always serialise.
        digest.update(serde_json::to_string(step).unwrap_or_default());
        digest.update("\n");
    }
    hex(&digest.finalize())
}
