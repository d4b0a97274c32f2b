use crate::page::context::FigureView;
use crate::page::context::rules::RulesView;
use crate::section::figures::{ConfigFigures, Figure};
use crate::section::lr_grid::{self, RegretView};
use crate::section::trainings::{self, TrainingView};
use crate::section::warnings::Warning;
use crate::section::{decade_groups, divergence_risk, overlap, partial, verdict};
use crate::{ReportError, format};
use seedband_core::files::curve::End;
use seedband_core::range_test::Answer;
use seedband_core::summary::verdict::{Verdict, verdict};
use seedband_core::summary::{Calibration, ConfigSummary, Decade, SeedSummary, Spread, Summary};

/// One config on the page.
pub(crate) struct ConfigView {
    pub(crate) name: String,
    /// Name of its place on the page.
    pub(crate) anchor: String,
    pub(crate) headline: String,
    /// Whether the headline is a range to use.
    pub(crate) is_usable: bool,
    /// Whether there is a range that holds for most seeds.
    pub(crate) agrees: bool,
    pub(crate) labels: Vec<(String, String)>,
    pub(crate) seeds: String,
    pub(crate) diverged: String,
    pub(crate) min_lr: String,
    pub(crate) max_lr: String,
    pub(crate) consensus: String,
    pub(crate) figure: FigureView,
    /// The largest learning rate that few enough seeds diverge at; absent without a curve.
    pub(crate) risk: Option<String>,
    /// Absent without a validation.
    pub(crate) losses: Option<FigureView>,
    pub(crate) ends: Vec<EndView>,
    /// Curves by the decade of their least loss.
    pub(crate) groups: Vec<GroupView>,
    /// Absent for a single group.
    pub(crate) groups_figure: Option<FigureView>,
    /// Absent for fewer than two ranges.
    pub(crate) overlap: Option<FigureView>,
    pub(crate) warnings: Vec<String>,
    pub(crate) rows: Vec<SeedView>,
    /// Absent without named rules.
    pub(crate) rules: Option<RulesView>,
    /// Trainings that belong to no grid of learning rates.
    pub(crate) trainings: Vec<TrainingView>,
    /// Absent where no training has a curve.
    pub(crate) trainings_figure: Option<FigureView>,
    /// Grids of learning rates.
    pub(crate) calibrations: Vec<CalibrationView>,
}

/// One grid of learning rates.
pub(crate) struct CalibrationView {
    /// Absent without a seed.
    pub(crate) figure: Option<FigureView>,
    pub(crate) finding: String,
    pub(crate) rows: Vec<RegretView>,
}

/// The min LR or the max LR, over the seeds.
pub(crate) struct EndView {
    pub(crate) name: &'static str,
    pub(crate) rule: String,
    pub(crate) median: String,
    pub(crate) lower: String,
    pub(crate) upper: String,
    pub(crate) decades: String,
    pub(crate) interval: String,
    pub(crate) seeds: String,
}

/// One group of curves.
pub(crate) struct GroupView {
    /// Its decade.
    pub(crate) bounds: String,
    pub(crate) seeds: String,
    pub(crate) min_lr: String,
    pub(crate) max_lr: String,
}

/// One seed.
pub(crate) struct SeedView {
    pub(crate) seed: u64,
    pub(crate) end: String,
    pub(crate) least: String,
    pub(crate) min_lr: String,
    pub(crate) max_lr: String,
}

impl ConfigView {
    pub(super) fn new(
        summary: &Summary,
        config: &ConfigSummary,
        figures: ConfigFigures<'_>,
    ) -> Result<Self, ReportError> {
        Ok(Self {
            name: config.name.clone(),
            anchor: figures.bands.name.clone(),
            headline: verdict::verdict(summary, config),
            is_usable: !config.counts.is_partial()
                && matches!(
                    verdict(config, summary.precision, summary.confidence),
                    Verdict::Use { .. }
                ),
            agrees: config.consensus.min_lr.is_some() && config.consensus.max_lr.is_some(),
            labels: config.labels.clone(),
            seeds: partial::cell(config.counts),
            diverged: config.counts.diverged.to_string(),
            min_lr: verdict::spread(&config.min_lr),
            max_lr: verdict::spread(&config.max_lr),
            consensus: verdict::consensus_short(&config.consensus),
            figure: FigureView::new(figures.bands, partial::of_config(config, verdict::bands(config)))?,
            risk: divergence_risk::finding(summary, config),
            losses: figures
                .losses
                .map(|figure| FigureView::new(figure, partial::of_config(config, verdict::losses(summary, config))))
                .transpose()?,
            ends: vec![
                end("min LR", &config.rules.min_lr, &config.min_lr, config.counts.finished),
                end("max LR", &config.rules.max_lr, &config.max_lr, config.counts.finished),
            ],
            groups: config.decades.iter().map(group).collect(),
            overlap: figures
                .overlap
                .map(|figure| {
                    FigureView::new(
                        figure,
                        partial::of_config(config, overlap::finding(config).unwrap_or_default()),
                    )
                })
                .transpose()?,
            groups_figure: figures
                .groups
                .map(|figure| {
                    FigureView::new(
                        figure,
                        partial::of_config(config, decade_groups::finding(config).unwrap_or_default()),
                    )
                })
                .transpose()?,
            warnings: Warning::of_config(summary, config)
                .iter()
                .map(ToString::to_string)
                .collect(),
            rows: config.seeds.iter().map(|seed| self::seed(config, seed)).collect(),
            rules: figures.rules.map(|figure| RulesView::new(config, figure)).transpose()?,
            calibrations: config
                .calibrations
                .iter()
                .zip(figures.calibrations)
                .map(|(grid, figure)| calibrated(config, grid, figure.as_ref()))
                .collect::<Result<_, _>>()?,
            trainings: trainings::views(config),
            trainings_figure: figures
                .trainings
                .map(|figure| {
                    FigureView::new(
                        figure,
                        partial::of_trainings(config, trainings::finding(config).unwrap_or_default()),
                    )
                })
                .transpose()?,
        })
    }
}

fn calibrated(
    config: &ConfigSummary,
    grid: &Calibration,
    figure: Option<&Figure>,
) -> Result<CalibrationView, ReportError> {
    let finding = partial::of_grid(config, grid, lr_grid::finding(grid));
    Ok(CalibrationView {
        figure: figure
            .map(|figure| FigureView::new(figure, finding.clone()))
            .transpose()?,
        finding,
        rows: lr_grid::views(grid),
    })
}

fn end(name: &'static str, rule: &str, spread: &Spread, finished: u32) -> EndView {
    let value =
        |value: fn(seedband_core::summary::Estimate) -> String| spread.estimate.map_or_else(|| "–".to_owned(), value);
    let interval = spread.estimate.and_then(|estimate| estimate.interval).map_or_else(
        || "–".to_owned(),
        |interval| {
            let (lower, upper) = (format::lr_exact(interval.lower), format::lr_exact(interval.upper));
            format!("{lower} – {upper} ({})", format::percent(interval.confidence))
        },
    );
    let fallbacks = if spread.fallbacks > 0 {
        format!(", {} by second choice", spread.fallbacks)
    } else {
        String::new()
    };
    EndView {
        name,
        rule: rule.to_owned(),
        median: value(|estimate| format::lr_exact(estimate.median)),
        lower: value(|estimate| format::lr_exact(estimate.lower)),
        upper: value(|estimate| format::lr_exact(estimate.upper)),
        decades: value(|estimate| format::decades(estimate.decades)),
        interval,
        seeds: format!("{} of {finished}{fallbacks}", spread.n),
    }
}

fn group(decade: &Decade) -> GroupView {
    GroupView {
        bounds: decade_groups::bounds(decade.exponent),
        seeds: decade.seeds.to_string(),
        min_lr: verdict::spread(&decade.min_lr),
        max_lr: verdict::spread(&decade.max_lr),
    }
}

fn seed(config: &ConfigSummary, seed: &SeedSummary) -> SeedView {
    let place = |step: usize| match config.lrs.get(step) {
        Some(&lr) => format!("step {step}, learning rate {}", format::lr_exact(lr)),
        None => format!("step {step}"),
    };
    let end = match (seed.diverged_step, seed.stop_step) {
        (Some(step), None) if seed.end == End::NonFinite => format!("not finite at {}", place(step as usize)),
        (Some(step), _) => format!("diverged at {}", place(step as usize)),
        (None, Some(step)) => format!("stopped at {}", place(step as usize)),
        (None, None) if seed.end == End::Completed => "all steps".to_owned(),
        (None, None) => "stopped early".to_owned(),
    };
    SeedView {
        seed: seed.seed,
        end,
        least: seed.least_lr.map_or_else(|| "–".to_owned(), format::lr_exact),
        min_lr: answer(seed.min_lr),
        max_lr: answer(seed.max_lr),
    }
}

fn answer(answer: Answer) -> String {
    match answer {
        Answer::Found {
            lr, fallback: false, ..
        } => format::lr_exact(lr),
        Answer::Found { lr, fallback: true, .. } => format!("{} (second choice)", format::lr_exact(lr)),
        Answer::None { reason } => format!("none: {reason}"),
    }
}
