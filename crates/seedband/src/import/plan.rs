//! The schedule and the validation that the curves of one config share.

use super::assign::{Assigned, NewCurves};
use crate::error::Error;
use seedband_core::files::curve::{Curve, End, Step};
use seedband_core::range_test::{Schedule, same_rate};
use seedband_core::recipe::Recipe;
use seedband_core::trainer::{Recorded, RecordedCurve};

/// The recipe of a config with its new curves, given what it was before.
///
/// # Errors
/// Rates are not those of the others, or none of a range test.
pub(super) fn recipe(new: &NewCurves, before: Option<&Recipe>) -> Result<Recipe, Error> {
    let schedule = schedule(new, before)?;
    let mut recipe = before.cloned().unwrap_or_default();
    let mut curve: Vec<RecordedCurve> = recipe
        .trainer
        .recorded()
        .map(|recorded| recorded.curve.clone())
        .unwrap_or_default();
    curve.extend(new.curves.iter().map(|assigned| RecordedCurve {
        seed: assigned.seed,
        file: assigned.source.file.clone(),
        format: assigned.source.format.name().to_owned(),
        sha256: assigned.sha256.clone(),
    }));
    curve.sort_by_key(|curve| curve.seed);
    recipe.trainer = Recorded { curve }.into();
    recipe.schedule = schedule;
    if !recipe.validation.is_on() {
        let every = new.curves.iter().find_map(|assigned| every(&assigned.source.steps));
        recipe.validation.every = every.unwrap_or(0);
    }
    recipe.validate()?;
    Ok(recipe)
}

/// The rates that all curves of a config have, as far as each goes: those of the longest.
fn schedule(new: &NewCurves, before: Option<&Recipe>) -> Result<Schedule, Error> {
    let rates = |assigned: &Assigned| -> Vec<f64> { assigned.source.steps.iter().map(|step| step.lr).collect() };
    let known = before.map(|recipe| {
        let curves = recipe
            .trainer
            .recorded()
            .map_or(&[][..], |recorded| recorded.curve.as_slice());
        let file = curves.first().map_or_else(String::new, |curve| curve.file.clone());
        (file, recipe.schedule.recorded())
    });
    let mut all: Vec<(String, Vec<f64>)> = known.into_iter().collect();
    all.extend(
        new.curves
            .iter()
            .map(|assigned| (assigned.source.file.clone(), rates(assigned))),
    );
    // Of equals the first: what the study has already.
    let longest = all.iter().rev().max_by_key(|(_, rates)| rates.len());
    let Some((file, longest)) = longest else {
        return Ok(Schedule::default());
    };
    for (other, rates) in &all {
        let differ = |(one, planned): &(&f64, &f64)| !same_rate(**one, **planned);
        if let Some((step, (rate, planned))) = rates.iter().zip(longest).enumerate().find(|(_, pair)| differ(pair)) {
            return Err(Error::ImportConflict {
                problem: format!(
                    "`{file}` and `{other}` were recorded at different learning rates (step {step}: `{planned:e}` and \
                     `{rate:e}`), and the seeds of a config share theirs; import one of them with another `--config`"
                ),
            });
        }
    }
    if let Some(recipe) = before.filter(|recipe| recipe.schedule.steps == longest.len()) {
        return Ok(recipe.schedule.clone());
    }
    Schedule::of_rates(longest).map_err(|invalid| Error::ImportConflict {
        problem: format!("`{file}` is no range test: {invalid}"),
    })
}

/// How a curve of a plan of so many steps ended.
pub(super) fn end(steps: &[Step], planned: usize) -> End {
    match steps.last() {
        Some(last) if !last.loss.is_finite() => End::NonFinite,
        _ if steps.len() < planned => End::StoppedEarly,
        _ => End::Completed,
    }
}

/// The curve in a plan of so many steps.
pub(super) fn curve(steps: Vec<Step>, planned: usize) -> Curve {
    let end = end(&steps, planned);
    Curve { steps, end }
}

/// After how many steps each the network was evaluated; none where it was not, or at odd steps.
pub(super) fn every(steps: &[Step]) -> Option<u32> {
    let first = steps.iter().position(|step| step.validation.is_some())?;
    let every = first as u32 + 1;
    let last = steps.len().saturating_sub(1);
    let fits = |(place, step): (usize, &Step)| {
        step.validation.is_some() == (place as u32 + 1).is_multiple_of(every) || place == last
    };
    steps.iter().enumerate().all(fits).then_some(every)
}
