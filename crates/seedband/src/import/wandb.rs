//! The CSV that Weights & Biases exports from a chart: `Step`, then for each run `<run> - <metric>`, and beside it the
//! least and the largest value of the points that were merged into one, which are passed over.

use super::table::Table;

/// Between the name of a run and its metric.
const BETWEEN: &str = " - ";

/// Whether columns are those of such an export.
pub(super) fn is_export(columns: &[String]) -> bool {
    columns.len() > 1 && columns.iter().skip(1).all(|name| run_and_metric(name).is_some())
}

fn run_and_metric(name: &str) -> Option<(&str, &str)> {
    name.rsplit_once(BETWEEN)
}

fn is_extreme(metric: &str) -> bool {
    metric.ends_with("__MIN") || metric.ends_with("__MAX")
}

/// The table of each run, by name, in the order of the columns.
pub(super) fn split(table: Table) -> Result<Vec<(String, Table)>, String> {
    if !is_export(table.columns()) {
        return Err(
            "is no CSV as Weights & Biases exports it: after the first, columns are called `<run> - <metric>`; \
                    read it with `--format csv`"
                .into(),
        );
    }
    let mut runs: Vec<(String, Table)> = Vec::new();
    // Of each column: which run, and which column there.
    let mut targets: Vec<Option<(usize, usize)>> = vec![None];
    for name in table.columns().iter().skip(1) {
        let named = run_and_metric(name).filter(|(_, metric)| !is_extreme(metric));
        targets.push(named.map(|(run, metric)| {
            let place = runs.iter().position(|(known, _)| known == run).unwrap_or_else(|| {
                let mut table = Table::default();
                table.column("step");
                runs.push((run.to_owned(), table));
                runs.len() - 1
            });
            (place, runs.get_mut(place).map_or(0, |(_, table)| table.column(metric)))
        }));
    }
    for row in table.rows {
        let Some((0, step)) = row.first().cloned() else {
            continue;
        };
        for (place, cell) in row {
            if let Some((run, column)) = targets.get(place).copied().flatten()
                && let Some((_, table)) = runs.get_mut(run)
            {
                table.row(vec![(0, step.clone()), (column, cell)]);
            }
        }
    }
    Ok(runs)
}
