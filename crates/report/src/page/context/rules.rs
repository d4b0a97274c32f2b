use crate::page::context::FigureView;
use crate::section::figures::Figure;
use crate::section::{partial, rules};
use crate::{ReportError, format};
use seedband_core::summary::{ConfigSummary, Disagreement, Estimate, RuleSummary};

/// The named rules of a config on the page.
pub(crate) struct RulesView {
    pub(crate) figure: FigureView,
    /// By median, as in the figure.
    pub(crate) rows: Vec<RuleView>,
    /// Each pair once.
    pub(crate) pairs: Vec<PairView>,
}

/// One rule over the seeds.
pub(crate) struct RuleView {
    pub(crate) name: String,
    pub(crate) median: String,
    pub(crate) lower: String,
    pub(crate) upper: String,
    pub(crate) decades: String,
    pub(crate) seeds: String,
    pub(crate) fallbacks: String,
}

/// Two rules on the same curves.
pub(crate) struct PairView {
    pub(crate) first: String,
    pub(crate) second: String,
    pub(crate) median: String,
    pub(crate) lower: String,
    pub(crate) upper: String,
    pub(crate) seeds: u32,
}

impl RulesView {
    pub(super) fn new(config: &ConfigSummary, figure: &Figure) -> Result<Self, ReportError> {
        Ok(Self {
            figure: FigureView::new(figure, partial::of_config(config, rules::finding(config)))?,
            rows: rules::by_median(config).into_iter().map(rule).collect(),
            pairs: config.disagreements.iter().map(pair).collect(),
        })
    }
}

fn rule(rule: &RuleSummary) -> RuleView {
    let value = |value: fn(Estimate) -> String| rule.spread.estimate.map_or_else(|| "–".to_owned(), value);
    let cut = match rule.cut() {
        0 => String::new(),
        cut => format!(", {cut} cut short"),
    };
    RuleView {
        name: rule.name.clone(),
        median: value(|estimate| format::lr_exact(estimate.median)),
        lower: value(|estimate| format::lr_exact(estimate.lower)),
        upper: value(|estimate| format::lr_exact(estimate.upper)),
        decades: value(|estimate| format::decades(estimate.decades)),
        seeds: format!("{} of {}{cut}", rule.spread.n, rule.answers.len()),
        fallbacks: rule.spread.fallbacks.to_string(),
    }
}

fn pair(pair: &Disagreement) -> PairView {
    let value = |value: fn(seedband_core::summary::Distance) -> f64| {
        pair.distance
            .map_or_else(|| "–".to_owned(), |distance| format::signed_decades(value(distance)))
    };
    PairView {
        first: pair.first.clone(),
        second: pair.second.clone(),
        median: value(|distance| distance.median),
        lower: value(|distance| distance.lower),
        upper: value(|distance| distance.upper),
        seeds: pair.n,
    }
}
