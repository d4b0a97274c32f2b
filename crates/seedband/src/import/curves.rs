//! From rows to curves: one for each config and seed that the rows name.

use super::columns::{ColumnNames, Role};
use super::table::{Row, Table};
use seedband_core::files::curve::Evaluation;
use std::collections::BTreeMap;

/// A curve as a file has it.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct RawCurve {
    /// What the file says, if it does.
    pub(super) config: Option<String>,
    /// What the file says, if it does.
    pub(super) seed: Option<u64>,
    /// By step, ascending.
    pub(super) points: Vec<Point>,
    /// What was passed over.
    pub(super) notes: Vec<String>,
}

/// One step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    pub(super) lr: f64,
    pub(super) loss: f64,
    pub(super) validation: Option<Evaluation>,
}

/// The places of the columns.
struct Places {
    step: Option<usize>,
    seed: Option<usize>,
    config: Option<usize>,
    values: [Option<usize>; 4],
}

/// What holds the values of a step, in the order of [`Partial`].
const VALUES: [Role; 4] = [Role::Lr, Role::Loss, Role::ValidationLoss, Role::ValidationAccuracy];

/// What has been said of a step so far: files may say it in several rows.
type Partial = [Option<f64>; 4];

/// The curves of a table, in the order in which they begin.
///
/// # Errors
/// A column is missing or not clear, a value is no number, a step is there twice, or no step has both a rate and a
/// loss.
pub(super) fn curves(table: &Table, names: &ColumnNames) -> Result<Vec<RawCurve>, String> {
    let find = |role| names.find(role, table.columns());
    let places = Places {
        step: find(Role::Step)?,
        seed: find(Role::Seed)?,
        config: find(Role::Config)?,
        values: [
            Some(names.require(Role::Lr, table)?),
            Some(names.require(Role::Loss, table)?),
            find(Role::ValidationLoss)?,
            find(Role::ValidationAccuracy)?,
        ],
    };
    let mut keys: BTreeMap<(Option<String>, Option<u64>), usize> = BTreeMap::new();
    let mut steps: Vec<BTreeMap<i64, Partial>> = Vec::new();
    for (row, number) in table.rows.iter().zip(0_i64..) {
        let step = match places.step {
            None => number,
            Some(place) => match cell(row, place) {
                None => continue,
                Some(text) => whole(text, Role::Step)?,
            },
        };
        let seed = places.seed.and_then(|place| cell(row, place)).map(seed).transpose()?;
        let config = places.config.and_then(|place| cell(row, place)).map(str::to_owned);
        let next = steps.len();
        let curve = *keys.entry((config, seed)).or_insert(next);
        if curve == next {
            steps.push(BTreeMap::new());
        }
        if let Some(steps) = steps.get_mut(curve) {
            add(steps.entry(step).or_default(), row, &places, step)?;
        }
    }
    let mut keys: Vec<_> = keys.into_iter().collect();
    keys.sort_by_key(|(_, place)| *place);
    let mut found = Vec::new();
    for (((config, seed), _), steps) in keys.into_iter().zip(steps) {
        let (points, notes) = points(&steps)?;
        if !points.is_empty() {
            found.push(RawCurve {
                config,
                seed,
                points,
                notes,
            });
        }
    }
    if found.is_empty() {
        let name = |role: usize| {
            let place = places.values.get(role).copied().flatten();
            place
                .and_then(|place| table.columns().get(place))
                .cloned()
                .unwrap_or_default()
        };
        return Err(format!(
            "has no step with both a learning rate (`{}`) and a loss (`{}`); log both at the same steps",
            name(0),
            name(1)
        ));
    }
    Ok(found)
}

fn cell(row: &Row, place: usize) -> Option<&str> {
    let found = row.iter().find(|(column, _)| *column == place);
    found.map(|(_, text)| text.as_str())
}

/// Adds what a row says of a step.
fn add(partial: &mut Partial, row: &Row, places: &Places, step: i64) -> Result<(), String> {
    for ((slot, place), role) in partial.iter_mut().zip(places.values).zip(VALUES) {
        let Some(text) = place.and_then(|place| cell(row, place)) else {
            continue;
        };
        let value = number(text, role)?;
        match slot {
            Some(known) if known.total_cmp(&value).is_ne() => {
                return Err(format!(
                    "has two values of the {} at step {step}; name the column that tells its curves apart with \
                     `--seed-column` or `--config-column`",
                    role.words().0
                ));
            }
            _ => *slot = Some(value),
        }
    }
    Ok(())
}

/// The steps that have a rate and a loss.
fn points(steps: &BTreeMap<i64, Partial>) -> Result<(Vec<Point>, Vec<String>), String> {
    let (mut points, mut notes) = (Vec::new(), Vec::new());
    let (mut passed_over, mut without_loss) = (0, 0);
    for partial in steps.values() {
        let [Some(lr), Some(loss), validation_loss, accuracy] = *partial else {
            passed_over += usize::from(partial.iter().any(Option::is_some));
            continue;
        };
        let validation = validation_loss.map(|loss| Evaluation { loss, accuracy });
        if let Some(wrong) = validation.and_then(|evaluation| evaluation.impossible_accuracy()) {
            return Err(format!(
                "has the validation accuracy `{wrong}`, and that has to be a share from 0 to 1; divide it by 100"
            ));
        }
        without_loss += usize::from(validation.is_none() && accuracy.is_some());
        points.push(Point { lr, loss, validation });
    }
    if passed_over > 0 {
        notes.push(format!("steps without both a rate and a loss, left out: {passed_over}"));
    }
    if without_loss > 0 {
        notes.push(format!(
            "validation accuracies without a loss, left out: {without_loss}"
        ));
    }
    Ok((points, notes))
}

fn number(text: &str, role: Role) -> Result<f64, String> {
    text.parse()
        .map_err(|_| format!("has `{}` for a {}, which is no number", short(text), role.words().0))
}

/// A whole number, which may be written as `3.0`.
fn whole(text: &str, role: Role) -> Result<i64, String> {
    if let Ok(number) = text.parse() {
        return Ok(number);
    }
    let is_whole = |number: &f64| number.fract() == 0.0 && number.abs() < 9e15;
    let number = text.parse::<f64>().ok().filter(is_whole);
    number.map(|number| number as i64).ok_or_else(|| {
        let (what, option) = role.words();
        format!(
            "has `{}` for a {what}, which is no whole number; name another column with `{option}`",
            short(text)
        )
    })
}

fn seed(text: &str) -> Result<u64, String> {
    let number = whole(text, Role::Seed)?;
    u64::try_from(number).map_err(|_| format!("has the seed `{number}`, and a seed is 0 or more"))
}

fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Vec<RawCurve>, String> {
        curves(&super::super::csv_file::read(text.as_bytes())?, &ColumnNames::default())
    }

    fn losses(curve: &RawCurve) -> Vec<f64> {
        curve.points.iter().map(|point| point.loss).collect()
    }

    #[test]
    fn seeds_and_configs_are_told_apart_and_steps_are_ordered() {
        let text = "config,seed,step,lr,loss\na,1,1,0.2,3\na,1,0,0.1,4\nb,1,0,0.1,5\na,2.0,0,0.1,6\n";
        let curves = of(text).unwrap();
        let keys: Vec<_> = curves
            .iter()
            .map(|curve| (curve.config.as_deref(), curve.seed))
            .collect();
        assert_eq!(keys, [(Some("a"), Some(1)), (Some("b"), Some(1)), (Some("a"), Some(2))]);
        assert_eq!(losses(&curves[0]), [4.0, 3.0]);
    }

    #[test]
    fn a_step_may_be_said_in_several_rows_but_not_twice() {
        let curves = of("step;lr;loss\n0;0.1;\n0;;4\n1;0.2;\n").unwrap();
        assert_eq!(losses(&curves[0]), [4.0]);
        assert_eq!(curves[0].notes, ["steps without both a rate and a loss, left out: 1"]);
        let error = of("step,lr,loss\n0,0.1,4\n0,0.1,5\n").unwrap_err();
        assert!(
            error.starts_with("has two values of the loss at step 0; name the column"),
            "{error}"
        );
        assert!(of("step,lr,loss\n0,0.1,nan\n0,0.1,NaN\n").is_ok());
    }

    #[test]
    fn a_validation_has_a_loss_and_perhaps_an_accuracy() {
        let curves = of("lr,loss,val_loss,val_acc\n0.1,4,3,0.5\n0.2,3,2,\n0.3,3,,0.5\n").unwrap();
        let validations = curves[0].points.iter().map(|point| point.validation);
        let found: Vec<_> = validations
            .map(|found| found.map(|found| (found.loss, found.accuracy)))
            .collect();
        assert_eq!(found, [Some((3.0, Some(0.5))), Some((2.0, None)), None]);
        assert!(
            curves[0]
                .notes
                .contains(&"validation accuracies without a loss, left out: 1".to_owned())
        );
        let error = of("lr,loss,val_loss,val_acc\n0.1,4,3,50\n").unwrap_err();
        assert!(error.ends_with("divide it by 100"), "{error}");
    }

    #[test]
    fn what_is_no_number_is_named() {
        for (text, message) in [
            (
                "lr,loss\n0.1,tensor(2.3)\n",
                "has `tensor(2.3)` for a loss, which is no number",
            ),
            (
                "step,lr,loss\n0.5,1,1\n",
                "has `0.5` for a step, which is no whole number",
            ),
            ("seed,lr,loss\n-1,1,1\n", "has the seed `-1`"),
            ("a,b\n1,2\n", "has no column of a usual name for the learning rate"),
            (
                "lr,loss\n1,\n,2\n",
                "has no step with both a learning rate (`lr`) and a loss (`loss`)",
            ),
            ("lr,lr,loss\n", "has two columns `lr`"),
            ("lr,loss\n1,2,3\n", "line 2 has 3 values for 2 columns"),
        ] {
            let error = of(text).unwrap_err();
            assert!(error.contains(message), "{text}: {error}");
        }
    }
}
