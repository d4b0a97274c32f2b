//! Axes, and the points they make: the grid crosses its axes, the zip walks them side by side.

use super::dotted::{leaves, nested};
use super::limits::MOST_CONFIGS;
use super::merge::merge;
use crate::Invalid;
use toml::{Table, Value};

/// A setting, or a table of settings that go together, and the values it takes in turn.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Axis {
    /// `grid` or `zip`.
    pub(super) kind: &'static str,
    /// Dotted key.
    pub(super) key: String,
    /// Values, with relative paths started at the folder of the file that says them; one or more.
    pub(super) values: Vec<Value>,
    /// The same values as they are written, which are equal on every machine.
    pub(super) written: Vec<Value>,
}

/// One point of a sweep: which value of each axis.
pub(super) type Point = Vec<usize>;

/// The axes of a sweep, those of the grid first; `written` is the same sweep before relative paths were started at a
/// folder.
pub(super) fn axes(sweep: Option<&Table>, written: Option<&Table>) -> Result<Vec<Axis>, Invalid> {
    let mut axes = of_kind(sweep, written, "grid")?;
    let zip = of_kind(sweep, written, "zip")?;
    if let Some(axis) = zip.iter().find(|zip| axes.iter().any(|grid| grid.key == zip.key)) {
        let problem = "is an axis of `sweep.grid` already";
        return Err(Invalid::new(
            format!("sweep.zip.{}", axis.key),
            "…",
            problem,
            "[sweep.grid]",
        ));
    }
    axes.extend(zip);
    for table in &axes {
        if let Some(axis) = axes.iter().find(|axis| table.also_says(&axis.key)) {
            let problem = format!(
                "a table of the axis `{}` says it too; say it in one of the two",
                table.key
            );
            let key = format!("sweep.{}.{}", axis.kind, axis.key);
            return Err(Invalid::new(key, "…", problem, "optimizer.weight-decay = [0.0, 1e-4]"));
        }
    }
    Ok(axes)
}

/// The axes without what `over` sets for all configs: a key that it says takes no other value in turn.
pub(super) fn without(axes: Vec<Axis>, over: &Table) -> Vec<Axis> {
    axes.into_iter()
        .filter_map(|axis| match said(over, &axis.key) {
            None => Some(axis),
            Some(Value::Table(over)) => axis.without(over),
            Some(_) => None,
        })
        .collect()
}

/// What a table says at a dotted key.
fn said<'a>(table: &'a Table, key: &str) -> Option<&'a Value> {
    if let Some(value) = table.get(key) {
        return Some(value);
    }
    let mut parts = key.match_indices('.');
    parts.find_map(|(at, _)| said(table.get(&key[..at])?.as_table()?, &key[at + 1..]))
}

/// Takes out of a table what `over` says too.
fn take_out(table: &mut Table, over: &Table) {
    table.retain(|key, value| match (value, over.get(key)) {
        (_, None) => true,
        (Value::Table(inner), Some(Value::Table(over))) => {
            take_out(inner, over);
            !inner.is_empty()
        }
        (_, Some(_)) => false,
    });
}

impl Axis {
    /// The axis with what is left of its tables; nothing where that is the same in all of them.
    fn without(mut self, over: &Table) -> Option<Self> {
        let before = self.values.clone();
        for value in self.values.iter_mut().chain(&mut self.written) {
            if let Value::Table(table) = value {
                take_out(table, over);
            }
        }
        let is_one = self.values.windows(2).all(|pair| pair[0] == pair[1]);
        (self.values == before || !is_one).then_some(self)
    }

    /// Whether one of its tables sets `key`, or a part of it.
    fn also_says(&self, key: &str) -> bool {
        let Some(rest) = key.strip_prefix(&self.key).and_then(|rest| rest.strip_prefix('.')) else {
            return false;
        };
        let tables = self.written.iter().filter_map(Value::as_table);
        let mut keys = tables.flat_map(leaves).map(|(key, _)| key);
        keys.any(|own| own == rest || own.starts_with(&format!("{rest}.")) || rest.starts_with(&format!("{own}.")))
    }
}

fn of_kind(sweep: Option<&Table>, written: Option<&Table>, kind: &'static str) -> Result<Vec<Axis>, Invalid> {
    let table = |sweep: Option<&Table>| {
        sweep
            .and_then(|sweep| sweep.get(kind))
            .and_then(Value::as_table)
            .cloned()
    };
    let (Some(values), Some(written)) = (table(sweep), table(written)) else {
        return Ok(Vec::new());
    };
    let pairs = leaves(&values).into_iter().zip(leaves(&written));
    let axis = |((key, value), (_, as_written)): ((String, Value), (String, Value))| match (value, as_written) {
        (Value::Array(values), Value::Array(written)) if !values.is_empty() => Ok(Axis {
            kind,
            key,
            values,
            written,
        }),
        (other, _) => {
            let example = format!("[sweep.{kind}]\ntraining.batch-size = [128, 256]");
            let problem = "an axis is a list of values, one or more";
            Err(Invalid::new(format!("sweep.{kind}.{key}"), other, problem, example))
        }
    };
    pairs.map(axis).collect()
}

/// All points in the order of the axes, the last one fastest. Without axes, one point.
pub(super) fn points(axes: &[Axis]) -> Result<Vec<Point>, Invalid> {
    let (grid, zip): (Vec<&Axis>, Vec<&Axis>) = axes.iter().partition(|axis| axis.kind == "grid");
    if let Some(pair) = zip.windows(2).find(|pair| pair[0].values.len() != pair[1].values.len()) {
        return Err(Invalid::new(
            format!("sweep.zip.{}", pair[1].key),
            format!("{} values", pair[1].values.len()),
            format!(
                "`{}` has {}, and zipped axes walk side by side",
                pair[0].key,
                pair[0].values.len()
            ),
            "[sweep.zip]\ntraining.batch-size = [128, 256]\nschedule.end = [1.0, 2.0]",
        ));
    }
    let rows = zip.first().map(|axis| axis.values.len());
    let mut lengths = grid.iter().map(|axis| axis.values.len()).chain(rows);
    let count = lengths.try_fold(1_usize, usize::checked_mul);
    if count.is_none_or(|count| count > MOST_CONFIGS) {
        let problem = format!("gives more than {MOST_CONFIGS} configs");
        let example = "training.batch-size = [128, 256]";
        return Err(Invalid::new("sweep.grid", "…", problem, example));
    }
    let crossed = |points: Vec<Point>, length: usize, times: usize| -> Vec<Point> {
        let longer = |point: &Point, at| point.iter().copied().chain(std::iter::repeat_n(at, times)).collect();
        let points = points.iter();
        points
            .flat_map(|point| (0..length).map(move |at| longer(point, at)))
            .collect()
    };
    let mut points = vec![Point::new()];
    for axis in grid {
        points = crossed(points, axis.values.len(), 1);
    }
    Ok(rows.map_or_else(|| points.clone(), |rows| crossed(points.clone(), rows, zip.len())))
}

/// The settings of a point as tables.
pub(super) fn settings(axes: &[Axis], point: &[usize]) -> Table {
    let mut table = Table::new();
    for (axis, at) in axes.iter().zip(point) {
        merge(&mut table, &nested(&axis.key, axis.values[*at].clone()));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(toml: &str) -> Result<usize, Invalid> {
        let table: Table = toml::from_str(toml).unwrap();
        Ok(points(&axes(Some(&table), Some(&table))?)?.len())
    }

    #[test]
    fn grid_crosses_and_zip_walks() {
        assert_eq!(points(&[]).unwrap(), [Point::new()]);
        let toml = "[grid]\na.x = [1, 2]\n\"b.y\" = [\"u\", \"v\"]\n[zip]\nc.z = [0.5, 0.25]\nd.x = [true, false]";
        let table: Table = toml::from_str(toml).unwrap();
        let axes = axes(Some(&table), Some(&table)).unwrap();
        let points = points(&axes).unwrap();
        assert_eq!(points.len(), 8);
        assert_eq!(
            (points[0].as_slice(), points[1].as_slice()),
            ([0, 0, 0, 0].as_slice(), [0, 0, 1, 1].as_slice())
        );
        let expected = toml::from_str("a.x = 2\nb.y = \"v\"\nc.z = 0.25\nd.x = false").unwrap();
        assert_eq!(settings(&axes, &points[7]), expected);
    }

    #[test]
    fn unusable_axes_are_named() {
        assert!(count("[grid]\na = 1").is_err());
        assert!(count("[grid]\na = []").is_err());
        assert!(count("[zip]\na = [1]\nb = [1, 2]").is_err());
        assert!(count("[grid]\na = [1]\n[zip]\na = [1]").is_err());
        assert_eq!(count("[grid]\na = [{x = 1}, {y = 2}]\na2.z = [1, 2]").unwrap(), 4);
    }

    #[test]
    fn what_is_set_for_all_is_no_axis() {
        let toml =
            "[grid]\na = [{x = 1, y = {z = 1}}, {x = 2, y = {z = 2}}]\nb.c = [1, 2]\n\"trainer.args.d.e\" = [1, 2]";
        let table: Table = toml::from_str(toml).unwrap();
        let axes = axes(Some(&table), Some(&table)).unwrap();
        let left = |over: &str| -> Vec<String> {
            let left = without(axes.clone(), &toml::from_str(over).unwrap());
            left.iter()
                .map(|axis| format!("{}={:?}", axis.key, axis.written.len()))
                .collect()
        };
        assert_eq!(left("b.d = 1"), ["a=2", "b.c=2", "trainer.args.d.e=2"]);
        assert_eq!(left("b.c = 1"), ["a=2", "trainer.args.d.e=2"]);
        assert_eq!(left("[trainer.args]\n\"d.e\" = 1"), ["a=2", "b.c=2"]);
        assert_eq!(left("a.x = 3"), ["a=2", "b.c=2", "trainer.args.d.e=2"]);
        assert_eq!(left("a.x = 3\na.y.z = 1"), ["b.c=2", "trainer.args.d.e=2"]);
        let over = without(axes.clone(), &toml::from_str("a.x = 3").unwrap());
        let tables: Vec<Value> = ["{y = {z = 1}}", "{y = {z = 2}}"]
            .map(|text| text.parse().unwrap())
            .to_vec();
        assert_eq!(over[0].values, tables);
    }

    #[test]
    fn a_setting_is_said_by_one_axis() {
        let error = count("[grid]\na = [{x = 1}, {y = 2}]\n[zip]\n\"a.x\" = [1, 2]").unwrap_err();
        assert_eq!(error.key, "sweep.zip.a.x");
        assert!(count("[grid]\na = [{x = 1}, {y = 2}]\n[zip]\n\"a.z\" = [1, 2]").is_ok());
    }
}
