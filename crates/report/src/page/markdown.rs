//! The summary for a README or a pull request.

use crate::format;
use crate::section::figures::{Figure, Figures};
use crate::section::variation::ArmsView;
use crate::section::warnings::Warning;
use crate::section::{
    decade_groups, divergence_risk, lr_grid, overlap, partial, rules, scaling, trainings, variation, verdict,
};
use seedband_core::summary::{Calibration, ConfigSummary, Summary};
use std::fmt::Write as _;

/// The text of `summary.md`; images by their path from the report's folder.
pub(crate) fn render(summary: &Summary, figures: &Figures) -> String {
    let mut text = format!("# {}\n\n", escape(&summary.title));
    for paragraph in summary
        .description
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty())
    {
        let _ = writeln!(text, "{}\n", escape(paragraph.trim()));
    }
    let quantiles = format::percent_range(summary.quantiles);
    let share = summary
        .configs
        .first()
        .map_or_else(String::new, |config| format::percent(config.consensus.share));
    let _ = writeln!(
        text,
        "| config | seeds | diverged | min LR, median ({quantiles}) | max LR, median ({quantiles}) | holds for {share} of seeds |"
    );
    text.push_str("|---|---:|---:|---|---|---|\n");
    for config in &summary.configs {
        let _ = writeln!(
            text,
            "| {} | {} | {} | {} | {} | {} |",
            escape(&config.name),
            partial::cell(config.counts),
            config.counts.diverged,
            verdict::spread(&config.min_lr),
            verdict::spread(&config.max_lr),
            verdict::consensus_short(&config.consensus),
        );
    }
    text.push('\n');
    for group in variation::views(summary) {
        text.push_str(&arm_table(&group));
    }
    for (figure, caption) in figures
        .compare
        .iter()
        .map(|figure| (figure, verdict::compare(summary)))
        .chain(figures.ranges.iter().map(|figure| (figure, verdict::ranges(summary))))
    {
        picture(&mut text, figure, &partial::of_study(summary, caption));
    }
    for (figure, sweep) in figures.scalings.iter().zip(&summary.scalings) {
        picture(
            &mut text,
            figure,
            &partial::of_study(summary, scaling::finding(summary, sweep)),
        );
    }
    for (config, (bands, losses)) in summary.configs.iter().zip(figures.bands.iter().zip(&figures.losses)) {
        picture(&mut text, bands, &partial::of_config(config, verdict::bands(config)));
        if let Some(finding) = divergence_risk::finding(summary, config) {
            let _ = writeln!(text, "{}\n", escape(&finding));
        }
        if let Some(losses) = losses {
            let finding = verdict::losses(summary, config);
            picture(&mut text, losses, &partial::of_config(config, finding));
        }
    }
    for (config, figure) in summary.configs.iter().zip(&figures.groups) {
        if let Some((figure, finding)) = figure.as_ref().zip(decade_groups::finding(config)) {
            picture(&mut text, figure, &partial::of_config(config, finding));
        }
    }
    for (config, figure) in summary.configs.iter().zip(&figures.overlaps) {
        if let Some((figure, finding)) = figure.as_ref().zip(overlap::finding(config)) {
            picture(&mut text, figure, &partial::of_config(config, finding));
        }
    }
    for (config, figure) in summary.configs.iter().zip(&figures.rules) {
        if let Some(figure) = figure {
            picture(&mut text, figure, &partial::of_config(config, rules::finding(config)));
            text.push_str(&rule_table(config, &quantiles));
        }
    }
    for (config, figure) in summary.configs.iter().zip(&figures.trainings) {
        if let Some((figure, finding)) = figure.as_ref().zip(trainings::finding(config)) {
            picture(&mut text, figure, &partial::of_trainings(config, finding));
        }
        text.push_str(&training_table(config, &quantiles));
    }
    for (config, figures) in summary.configs.iter().zip(&figures.calibrations) {
        for (grid, figure) in config.calibrations.iter().zip(figures) {
            if let Some(figure) = figure {
                let finding = partial::of_grid(config, grid, lr_grid::finding(grid));
                picture(&mut text, figure, &finding);
                text.push_str(&regret_table(grid, &quantiles));
            }
        }
    }
    let warnings = warnings(summary);
    if !warnings.is_empty() {
        text.push_str("## To keep in mind\n\n");
        for (config, warning) in warnings {
            let name = config.map_or_else(String::new, |name| format!("**{}**: ", escape(name)));
            // Backticks mark commands in warnings, and only names need escaping.
            let _ = writeln!(text, "- {name}{warning}");
        }
    }
    text
}

fn picture(text: &mut String, figure: &Figure, caption: &str) {
    let _ = writeln!(
        text,
        "![{}](figures/{}.png)\n\n{}\n",
        escape(&figure.scene.title),
        figure.name,
        escape(caption)
    );
}

/// The sources of variation of a group.
fn arm_table(group: &ArmsView) -> String {
    let mut table = "Standard deviation of log10 of both rates over the seeds, in decades, and its variance as a share of that of the config where all of these \
        streams vary:\n\n| config | what varies | min LR | share | max LR | share |\n|---|---|---:|---:|---:|---:|\n"
        .to_owned();
    for arm in &group.rows {
        let (name, min, max) = (escape(&arm.config), &arm.min_lr, &arm.max_lr);
        let _ = writeln!(
            table,
            "| {name} | {} | {} | {} | {} | {} |",
            arm.varies, min.deviation, min.share, max.deviation, max.share
        );
    }
    table + "\n"
}

/// The named rules of a config, by their median.
fn rule_table(config: &ConfigSummary, quantiles: &str) -> String {
    let mut table = format!("| rule | median ({quantiles}) | decades | seeds |\n|---|---|---:|---:|\n");
    for rule in rules::by_median(config) {
        let decades = rule
            .spread
            .estimate
            .map_or_else(|| "–".to_owned(), |estimate| format::decades(estimate.decades));
        let _ = writeln!(
            table,
            "| {} | {} | {decades} | {} of {} |",
            escape(&rule.name),
            verdict::spread(&rule.spread),
            rule.spread.n,
            rule.answers.len()
        );
    }
    table + "\n"
}

/// The trainings of a config that belong to no grid; empty without one.
fn training_table(config: &ConfigSummary, quantiles: &str) -> String {
    let views = trainings::views(config);
    if views.is_empty() {
        return String::new();
    }
    let mut table = format!(
        "| training of {} | learning rate from | schedule | highest learning rate, median ({quantiles}) | seeds | diverged | \
         best validation loss, median ({quantiles}) | last accuracy, median ({quantiles}) | without a learning rate |\n\
         |---|---|---|---|---:|---:|---|---|---|\n",
        escape(&config.name)
    );
    for view in views {
        let (name, source, without) = (
            escape(&view.name),
            escape(&view.source),
            escape(view.without.as_deref().unwrap_or("–")),
        );
        let _ = writeln!(
            table,
            "| {name} | {source} | {} | {} | {} | {} | {} | {} | {without} |",
            view.schedule, view.lr, view.seeds, view.diverged, view.best_loss, view.last_accuracy
        );
    }
    table + "\n"
}

/// What each choice of a learning rate costs.
fn regret_table(grid: &Calibration, quantiles: &str) -> String {
    let mut table = format!(
        "| choice | suggestion, median ({quantiles}) | regret in nats, median ({quantiles}) | seeds with a regret | below the grid | \
         above the grid | no suggestion |\n|---|---|---|---:|---:|---:|---:|\n"
    );
    for row in lr_grid::views(grid) {
        let _ = writeln!(
            table,
            "| {} | {} | {} | {} | {} | {} | {} |",
            escape(&row.name),
            row.suggestion,
            row.regret,
            row.seeds,
            row.below,
            row.above,
            row.without
        );
    }
    table + "\n"
}

/// All warnings, with the config each is about.
pub(crate) fn warnings(summary: &Summary) -> Vec<(Option<&str>, Warning)> {
    let of_study = Warning::of_study(summary).into_iter().map(|warning| (None, warning));
    let of_configs = summary.configs.iter().flat_map(|config| {
        Warning::of_config(summary, config)
            .into_iter()
            .map(|warning| (Some(config.name.as_str()), warning))
    });
    of_study.chain(of_configs).collect()
}

/// Text that Markdown shows as it is, on one line and in a table too.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => escaped.push(' '),
            '<' => escaped.push_str("&lt;"),
            '&' => escaped.push_str("&amp;"),
            '|' | '*' | '_' | '`' | '[' | ']' | '\\' | '#' => {
                escaped.push('\\');
                escaped.push(c);
            }
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn a_table_and_the_pictures() {
        let mut summary = example::reference();
        summary.configs[1].name = "a|b <script>".into();
        let text = render(&summary, &Figures::of(&summary));
        let row = text
            .lines()
            .find(|line| line.starts_with("| other weights each run |"))
            .unwrap();
        assert_eq!(row.matches(" | ").count(), 5, "{row}");
        assert!(
            row.starts_with("| other weights each run | 20 | 11 | 1.37e-3 (1.84e-4 – 2.91e-3) |"),
            "{row}"
        );
        assert!(text.contains("| a\\|b &lt;script> |"));
        assert!(text.contains("](figures/bands-a-b--script.png)"), "{text}");
        for figure in ["compare", "ranges", "bands-other-weights-each-run"] {
            assert!(text.contains(&format!("](figures/{figure}.png)")), "{figure}");
        }
        assert!(text.contains("- With 20 seeds the 90 % quantile has no finite upper limit"));
        assert!(!text.contains("| rule |"));
    }

    #[test]
    fn arms_have_a_table() {
        let summary = example::arms();
        let text = render(&summary, &Figures::of(&summary));
        let rows: Vec<&str> = text
            .lines()
            .skip_while(|line| !line.starts_with("| config | what"))
            .collect();
        assert!(rows[2].starts_with("| all | order, weights | "), "{}", rows[2]);
        assert!(rows[2].contains("(n = 20) | 100 % | "), "{}", rows[2]);
        assert!(rows[3].starts_with("| order\\|alone | order | "), "{}", rows[3]);
        let alone = example::summary(vec![example::config("alone", 3, 0.3, 5.0)]);
        assert!(!render(&alone, &Figures::of(&alone)).contains("| config | what"));
    }

    #[test]
    fn rules_have_a_picture_and_a_table() {
        let summary = example::summary(vec![example::ruled("one", 20)]);
        let text = render(&summary, &Figures::of(&summary));
        assert!(
            text.contains(
                "](figures/rules-one.png)\n\nOn the same curves the medians of 3 rules lie 3.0 decades apart"
            )
        );
        let rows: Vec<&str> = text.lines().skip_while(|line| !line.starts_with("| rule |")).collect();
        assert_eq!(rows[2], "| low | 1.00e-4 (3.98e-5 – 2.51e-4) | 0.8 | 20 of 20 |");
        assert_eq!(rows[5], "| never | – | – | 0 of 20 |");
    }
}
