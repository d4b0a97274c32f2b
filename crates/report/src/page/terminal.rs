//! The result as a table for the terminal.

use crate::format;
use crate::page::markdown::warnings;
use crate::section::variation::ArmsView;
use crate::section::{divergence_risk, lr_grid, partial, rules, scaling, trainings, variation, verdict};
use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};
use seedband_core::summary::{ConfigSummary, Summary};
use std::fmt::Write as _;

/// Widest line, in columns.
const WIDTH: u16 = 100;
/// One line below the header and none elsewhere.
const STYLE: TableStyle = TableStyle::new().header_separator(LineStyle::none().fill('─').junction('─'));

/// The result in at most 100 columns: a line a config, then each config's range and its risk in a sentence, then warnings. No colours.
pub fn terminal(summary: &Summary) -> String {
    let mut text = format!("{}\n\n", wrap(&summary.title, ""));
    if summary.configs.is_empty() {
        text.push_str("no config yet\n");
        return text;
    }
    let _ = writeln!(text, "{}\n", table(summary));
    for config in &summary.configs {
        let _ = writeln!(
            text,
            "{}",
            wrap(&format!("{}: {}", config.name, verdict::verdict(summary, config)), "  ")
        );
    }
    text.push('\n');
    for (config, finding) in summary
        .configs
        .iter()
        .filter_map(|config| Some((config, divergence_risk::finding(summary, config)?)))
    {
        let _ = writeln!(text, "{}", wrap(&format!("{}: {finding}", config.name), "  "));
    }
    for sweep in &summary.scalings {
        let _ = writeln!(text, "\n{}", wrap(&scaling::finding(summary, sweep), "  "));
    }
    for group in variation::views(summary) {
        let about = "where the spread comes from: standard deviation over the seeds in decades, share of the variance where all vary";
        let _ = writeln!(text, "\n{}\n\n{}", wrap(about, "  "), arm_table(&group));
    }
    for config in summary.configs.iter().filter(|config| !config.named_rules.is_empty()) {
        let finding = format!("{}: {}", config.name, rules::finding(config));
        let _ = writeln!(text, "\n{}", wrap(&finding, "  "));
        // With several configs the sentences alone are easier to read than a table each.
        if summary.configs.len() == 1 {
            let _ = writeln!(text, "\n{}", rule_table(summary, config));
        }
    }
    for config in &summary.configs {
        let Some(finding) = trainings::finding(config) else {
            continue;
        };
        let _ = writeln!(text, "\n{}", wrap(&format!("{}: {finding}", config.name), "  "));
        for training in trainings::shown(config)
            .iter()
            .filter(|training| !training.without.is_empty())
        {
            let without = format!(
                "{} has no learning rate for {}",
                trainings::name(training),
                trainings::without(training)
            );
            let _ = writeln!(text, "{}", wrap(&without, "  "));
        }
        if summary.configs.len() == 1 {
            let _ = writeln!(text, "\n{}", training_table(summary, config));
        }
    }
    for config in &summary.configs {
        for grid in &config.calibrations {
            let finding = format!("{}: {}", config.name, lr_grid::finding(grid));
            let _ = writeln!(text, "\n{}", wrap(&finding, "  "));
        }
    }
    let warnings = warnings(summary);
    if !warnings.is_empty() {
        text.push_str("\nto keep in mind\n");
    }
    for (config, warning) in warnings {
        let name = config.map_or_else(String::new, |name| format!("{name}: "));
        let _ = writeln!(text, "{}", wrap(&format!("- {name}{warning}"), "  "));
    }
    text
}

/// A table with these heads and no row yet.
fn new_table(heads: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(STYLE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(WIDTH)
        .set_header(heads);
    table
}

fn align_right(table: &mut Table, columns: &[usize]) {
    for index in columns {
        if let Some(column) = table.column_mut(*index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
}

/// The named rules of a config, by their median.
fn rule_table(summary: &Summary, config: &ConfigSummary) -> String {
    let median = format!("median ({})", format::percent_range(summary.quantiles));
    let mut table = new_table(&["rule", &median, "decades", "seeds"]);
    for rule in rules::by_median(config) {
        let decades = rule
            .spread
            .estimate
            .map_or_else(|| "–".to_owned(), |estimate| format::decades(estimate.decades));
        let seeds = format!("{} of {}", rule.spread.n, rule.answers.len());
        table.add_row([rule.name.clone(), spread(&rule.spread), decades, seeds]);
    }
    align_right(&mut table, &[2, 3]);
    table.trim_fmt()
}

/// The trainings of a config that belong to no grid.
fn training_table(summary: &Summary, config: &ConfigSummary) -> String {
    let quantiles = format::percent_range(summary.quantiles);
    let mut table = new_table(&[
        "training",
        &format!("learning rate ({quantiles})"),
        "seeds",
        "diverged",
        "best loss",
        "last accuracy",
    ]);
    for view in trainings::views(config) {
        table.add_row([
            view.name,
            view.lr,
            view.seeds,
            view.diverged,
            view.best_loss,
            view.last_accuracy_short,
        ]);
    }
    align_right(&mut table, &[2, 3]);
    table.trim_fmt()
}

fn arm_table(group: &ArmsView) -> String {
    let mut table = new_table(&["config", "what varies", "min LR", "share", "max LR", "share"]);
    for arm in &group.rows {
        let (name, varies) = (arm.config.clone(), arm.varies.clone());
        let cells = [&arm.min_lr, &arm.max_lr].map(|end| [end.deviation.clone(), end.share.clone()]);
        table.add_row([name, varies].into_iter().chain(cells.into_iter().flatten()));
    }
    align_right(&mut table, &[2, 3, 4, 5]);
    table.trim_fmt()
}

fn table(summary: &Summary) -> String {
    let quantiles = format::percent_range(summary.quantiles);
    let mut table = new_table(&[
        "config",
        "seeds",
        "diverged",
        &format!("min LR ({quantiles})"),
        &format!("max LR ({quantiles})"),
    ]);
    for config in &summary.configs {
        table.add_row([
            config.name.clone(),
            partial::cell(config.counts),
            config.counts.diverged.to_string(),
            spread(&config.min_lr),
            spread(&config.max_lr),
        ]);
    }
    align_right(&mut table, &[1, 2]);
    table.trim_fmt()
}

/// Two digits keep the table within its width.
fn spread(spread: &seedband_core::summary::Spread) -> String {
    let estimate = spread.estimate;
    estimate.map_or_else(|| "–".to_owned(), |estimate| verdict::estimate(estimate, format::lr))
}

/// Breaks a text at spaces so that no line is too wide, lines after the first with `indent`. A word too long for a line is cut.
fn wrap(text: &str, indent: &str) -> String {
    let room = usize::from(WIDTH);
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let letters: Vec<char> = word.chars().collect();
        for (index, part) in letters.chunks(room - indent.len()).enumerate() {
            let part: String = part.iter().collect();
            let first = lines.len() == 1;
            let Some(line) = lines.last_mut() else { break };
            let empty = line.is_empty() || (!first && line.as_str() == indent);
            let space = usize::from(!empty && index == 0);
            if line.chars().count() + space + part.chars().count() <= room {
                line.push_str(&" ".repeat(space));
                line.push_str(&part);
            } else {
                lines.push(format!("{indent}{part}"));
            }
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn no_line_is_wider_than_a_hundred_columns() {
        let mut summary = example::reference();
        summary.configs[0].name = "a long name that goes on and on ".repeat(6);
        summary.configs[1].name = "x".repeat(250);
        summary.configs.push(example::config("plain", 3, 0.3, 5.0));
        for line in terminal(&summary).lines() {
            assert!(line.chars().count() <= 100, "{}: {line}", line.chars().count());
        }
    }

    #[test]
    fn the_reference_study() {
        let text = terminal(&example::reference());
        assert!(text.contains("1.4e-3 (1.8e-4 – 2.9e-3)"), "{text}");
        assert!(
            text.contains("other weights each run: Use between 3.5e-3 and 0.012: holds for at least 90 % of 20 seeds."),
            "{text}"
        );
        assert!(text.contains("to keep in mind"));
        assert!(!text.contains('\u{1b}'));
        assert_eq!(
            terminal(&example::summary(vec![])).lines().last(),
            Some("no config yet")
        );
    }

    #[test]
    fn arms_have_a_table() {
        let text = terminal(&example::arms());
        assert!(
            text.contains("where the spread comes from") && text.contains("order, weights"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 100), "{text}");
        let alone = example::summary(vec![example::config("alone", 3, 0.3, 5.0)]);
        assert!(!terminal(&alone).contains("where the spread comes from"));
    }

    #[test]
    fn rules_have_a_sentence_and_alone_a_table() {
        let text = terminal(&example::summary(vec![example::ruled("one", 20)]));
        assert!(
            text.contains("one: On the same curves the medians of 3 rules lie 3.0 decades apart"),
            "{text}"
        );
        assert!(text.contains("1.0e-4 (4.0e-5 – 2.5e-4)"), "{text}");
        let both = example::summary(vec![example::ruled("one", 20), example::ruled("two", 20)]);
        let text = terminal(&both);
        assert!(
            text.contains("two: On the same curves") && !text.contains("1.0e-4 (4.0e-5"),
            "{text}"
        );
        assert!(text.lines().all(|line| line.chars().count() <= 100));
    }

    #[test]
    fn trainings_have_a_sentence_and_alone_a_table() {
        let text = terminal(&example::summary(vec![example::trained("one", 20)]));
        let row = text.lines().find(|line| line.starts_with(" fixed ")).unwrap();
        for cell in [
            "0.041 (0.020 – 0.080)",
            "5 of 5",
            "2 (40 %)",
            "1.60 (1.55 – ∞)",
            "0.30 (0.20 – 0.40)",
        ] {
            assert!(row.contains(cell), "{cell}: {row}");
        }
        assert!(text.contains("consensus has no learning rate for 20 seeds: no range holds for enough seeds"));
        let both = terminal(&example::summary(vec![
            example::trained("one", 20),
            example::paired("two"),
        ]));
        assert!(
            both.contains("two: In 5 pairs of seeds") && !both.contains("0.041 (0.020"),
            "{both}"
        );
    }

    #[test]
    fn grids_have_a_sentence() {
        let text = terminal(&example::summary(vec![example::calibrated("one")]));
        let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            flat.contains("one: One cycle, 4 epochs: over 3 seeds the best of 3 learning rates")
                && flat.contains("that of own max LR, 0.0200"),
            "{text}"
        );
        assert!(!text.contains("grid,lr="), "{text}");
    }

    #[test]
    fn texts_are_wrapped() {
        let text = wrap(&"word ".repeat(30), "  ");
        assert_eq!(
            text,
            format!("{}\n  {}", ["word"; 20].join(" "), ["word"; 10].join(" "))
        );
        assert_eq!(wrap("", "  "), "");
    }
}
