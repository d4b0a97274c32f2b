//! Which configs are a sweep over batch size.

use seedband_core::summary::ConfigSummary;

const BATCH_SIZE: &str = "training.batch-size";
/// May go with the batch size: a range test that sees as many images has fewer steps.
const STEPS: &str = "schedule.steps";
/// Two points always lie on a line, so that nothing could speak against a power law.
const FEWEST_SIZES: usize = 3;

/// The configs of each sweep, by ascending size.
pub(super) fn sweeps(configs: &[ConfigSummary]) -> Vec<Vec<Point<'_>>> {
    let points: Vec<Point> = configs.iter().filter_map(Point::of).collect();
    let mut sweeps = Vec::new();
    for group in groups(points, |key| key != BATCH_SIZE && key != STEPS) {
        if is_sweep(&group) {
            sweeps.push(group);
        } else {
            // Two configs of one size tell their numbers of steps apart: each number is a sweep of its own.
            sweeps.extend(
                groups(group, |key| key != BATCH_SIZE)
                    .into_iter()
                    .filter(|group| is_sweep(group)),
            );
        }
    }
    sweeps
}

/// A config and its batch size.
#[derive(Clone, Copy)]
pub(super) struct Point<'a> {
    pub(super) size: u32,
    pub(super) config: &'a ConfigSummary,
}

impl<'a> Point<'a> {
    /// None where all configs of the study have one batch size.
    fn of(config: &'a ConfigSummary) -> Option<Self> {
        let (_, size) = config.labels.iter().find(|(key, _)| key == BATCH_SIZE)?;
        Some(Self {
            size: size.parse().ok()?,
            config,
        })
    }

    fn labels(&self, counts: fn(&str) -> bool) -> Vec<&'a (String, String)> {
        self.config.labels.iter().filter(|(key, _)| counts(key)).collect()
    }
}

/// Points whose labels are the same as far as they count, by ascending size.
fn groups(points: Vec<Point<'_>>, counts: fn(&str) -> bool) -> Vec<Vec<Point<'_>>> {
    let mut groups: Vec<Vec<Point>> = Vec::new();
    for point in points {
        match groups
            .iter_mut()
            .find(|group| group[0].labels(counts) == point.labels(counts))
        {
            Some(group) => group.push(point),
            None => groups.push(vec![point]),
        }
    }
    for group in &mut groups {
        group.sort_by_key(|point| point.size);
    }
    groups
}

/// Whether there are enough sizes, each once.
fn is_sweep(group: &[Point]) -> bool {
    group.len() >= FEWEST_SIZES && group.windows(2).all(|pair| pair[0].size < pair[1].size)
}
