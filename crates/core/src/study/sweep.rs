//! Configs from axes: the grid crosses its axes, the zip walks them side by side.

use super::dotted::leaves;
use super::limits::MOST_CONFIGS;
use crate::Invalid;
use toml::{Table, Value};

/// One point of a sweep: dotted keys with their values, and the name that tells it from the others.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Point {
    pub(super) settings: Vec<(String, Value)>,
    pub(super) name: String,
}

/// All points of a sweep in the order of its axes, the last axis fastest. Without axes, one point without settings.
pub(super) fn points(sweep: Option<&Table>) -> Result<Vec<Point>, Invalid> {
    let axes = |kind: &str| axes(sweep.and_then(|sweep| sweep.get(kind)).and_then(Value::as_table), kind);
    let (grid, zip) = (axes("grid")?, axes("zip")?);
    if let Some((key, _)) = grid.iter().find(|(key, _)| zip.iter().any(|(other, _)| other == key)) {
        return Err(Invalid::new(
            format!("sweep.zip.{key}"),
            "…",
            "is an axis of `sweep.grid` already",
            "[sweep.grid]",
        ));
    }
    if let Some(pair) = zip.windows(2).find(|pair| pair[0].1.len() != pair[1].1.len()) {
        return Err(Invalid::new(
            format!("sweep.zip.{}", pair[1].0),
            format!("{} values", pair[1].1.len()),
            format!(
                "`{}` has {}, and zipped axes walk side by side",
                pair[0].0,
                pair[0].1.len()
            ),
            "[sweep.zip]\ntraining.batch-size = [128, 256]\nschedule.end = [1.0, 2.0]",
        ));
    }
    let count = grid
        .iter()
        .map(|(_, values)| values.len())
        .chain(zip.first().map(|(_, values)| values.len()))
        .try_fold(1_usize, usize::checked_mul);
    if count.is_none_or(|count| count > MOST_CONFIGS) {
        return Err(Invalid::new(
            "sweep.grid",
            "…",
            format!("gives more than {MOST_CONFIGS} configs"),
            "training.batch-size = [128, 256]",
        ));
    }
    let keys: Vec<String> = grid.iter().chain(&zip).map(|(key, _)| key.clone()).collect();
    let mut points = vec![Vec::new()];
    for (key, values) in &grid {
        points = points
            .iter()
            .flat_map(|point: &Vec<(String, Value)>| {
                values
                    .iter()
                    .map(move |value| point.iter().cloned().chain([(key.clone(), value.clone())]).collect())
            })
            .collect();
    }
    if let Some((_, first)) = zip.first() {
        points = points
            .iter()
            .flat_map(|point| {
                let zip = &zip;
                (0..first.len()).map(move |at| {
                    let beside = zip.iter().map(|(key, values)| (key.clone(), values[at].clone()));
                    point.iter().cloned().chain(beside).collect()
                })
            })
            .collect();
    }
    Ok(points
        .into_iter()
        .map(|settings| Point {
            name: name(&settings, &keys),
            settings,
        })
        .collect())
}

fn axes(table: Option<&Table>, kind: &str) -> Result<Vec<(String, Vec<Value>)>, Invalid> {
    let mut axes = Vec::new();
    for (key, value) in table.map(leaves).unwrap_or_default() {
        match value {
            Value::Array(values) if !values.is_empty() => axes.push((key, values)),
            other => {
                let example = format!("[sweep.{kind}]\ntraining.batch-size = [128, 256]");
                return Err(Invalid::new(
                    format!("sweep.{kind}.{key}"),
                    other,
                    "an axis is a list of values, one or more",
                    example,
                ));
            }
        }
    }
    Ok(axes)
}

/// `batch-size=128,momentum=0.9`; a key is cut to its last part where that is enough to tell the axes apart.
fn name(settings: &[(String, Value)], keys: &[String]) -> String {
    let last = |key: &str| key.rsplit('.').next().unwrap_or(key).to_owned();
    let parts = settings.iter().map(|(key, value)| {
        let short = last(key);
        let alone = keys.iter().filter(|other| last(other) == short).count() == 1;
        format!("{}={}", if alone { &short } else { key }, shown(value))
    });
    parts.collect::<Vec<_>>().join(",")
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("+"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(toml: &str) -> Result<Vec<String>, Invalid> {
        let table: Table = toml::from_str(toml).unwrap();
        Ok(points(Some(&table))?.into_iter().map(|point| point.name).collect())
    }

    #[test]
    fn grid_crosses_and_zip_walks() {
        assert_eq!(points(None).unwrap(), [Point::default()]);
        let toml = "[grid]\na.x = [1, 2]\n\"b.y\" = [\"u\", \"v\"]\n[zip]\nc.z = [0.5, 0.25]\nd.x = [true, false]";
        let names = names(toml).unwrap();
        assert_eq!(names.len(), 8);
        assert_eq!(names[0], "a.x=1,y=u,z=0.5,d.x=true");
        assert_eq!(names[7], "a.x=2,y=v,z=0.25,d.x=false");
    }

    #[test]
    fn unusable_axes_are_named() {
        assert!(names("[grid]\na = 1").is_err());
        assert!(names("[grid]\na = []").is_err());
        assert!(names("[zip]\na = [1]\nb = [1, 2]").is_err());
        assert!(names("[grid]\na = [1]\n[zip]\na = [1]").is_err());
    }
}
