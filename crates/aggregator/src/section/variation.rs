//! How far learning rates scatter where only some random streams follow the seed.

use crate::stats::{Resampling, fligner_killeen, holm, median_absolute_deviation};
use seedband_core::settings::Statistics;
use seedband_core::summary::variation::{Scatter, ScatterRatio, VariationConfig, VariationGroup};
use seedband_core::summary::{Bound, ConfigSummary, SeedSummary};

const STREAMS: &str = "streams.";

/// The groups of configs that differ in their streams alone, in the order of their first configs; none where no two do.
pub(crate) fn variation(configs: &[ConfigSummary], statistics: &Statistics) -> Vec<VariationGroup> {
    let mut groups: Vec<Vec<&ConfigSummary>> = Vec::new();
    for config in configs {
        match groups.iter_mut().find(|group| others(group[0]) == others(config)) {
            Some(group) => group.push(config),
            None => groups.push(vec![config]),
        }
    }
    let groups = groups.into_iter().filter(|group| group.len() > 1);
    groups.map(|group| summarize_group(&group, statistics)).collect()
}

/// A config's labels without its streams.
fn others(config: &ConfigSummary) -> Vec<&(String, String)> {
    let labels = config.labels.iter();
    labels.filter(|(key, _)| !key.starts_with(STREAMS)).collect()
}

fn summarize_group(group: &[&ConfigSummary], statistics: &Statistics) -> VariationGroup {
    let varies_all = |config: &&ConfigSummary| {
        let mut all = group.iter().flat_map(|other| &other.varies);
        all.all(|stream| config.varies.contains(stream))
    };
    let full = group.iter().position(varies_all);
    let min_lrs = scatters(group, full, min_lr, statistics);
    let max_lrs = scatters(group, full, max_lr, statistics);
    let configs = group.iter().zip(min_lrs).zip(max_lrs);
    let configs = configs.map(|((config, min_lr), max_lr)| VariationConfig {
        config: config.name.clone(),
        varies: config.varies.clone(),
        min_lr,
        max_lr,
    });
    VariationGroup {
        configs: configs.collect(),
        full: full.map(|full| group[full].name.clone()),
    }
}

/// A rate of a seed in decades, and whether it is a bound; none without an answer above 0.
type Decades = Option<(f64, Option<Bound>)>;

fn min_lr(seed: &SeedSummary) -> Decades {
    decades(seed.min_lr.lr(), seed.min_lr_bound)
}

fn max_lr(seed: &SeedSummary) -> Decades {
    decades(seed.max_lr.lr(), seed.max_lr_bound)
}

fn decades(lr: Option<f64>, bound: Option<Bound>) -> Decades {
    lr.filter(|lr| *lr > 0.0).map(|lr| (lr.log10(), bound))
}

/// One for each config, beside the one at `full`.
fn scatters(
    group: &[&ConfigSummary],
    full: Option<usize>,
    of: fn(&SeedSummary) -> Decades,
    statistics: &Statistics,
) -> Vec<Option<Scatter>> {
    let samples: Vec<Vec<(f64, Option<Bound>)>> = group
        .iter()
        .map(|config| config.seeds.iter().filter_map(of).collect())
        .collect();
    let mut scatters: Vec<Option<Scatter>> = samples.iter().map(|sample| scatter(sample, statistics)).collect();
    let Some((full, whole)) = full.and_then(|full| Some((full, scatters[full]?))) else {
        return scatters;
    };
    let values = |place: usize| -> Vec<f64> { samples[place].iter().map(|(value, _)| *value).collect() };
    let whole_values = values(full);
    let compared: Vec<usize> = (0..group.len())
        .filter(|place| *place != full && scatters[*place].is_some())
        .collect();
    let tested: Vec<f64> = compared
        .iter()
        .map(|place| fligner_killeen(&values(*place), &whole_values))
        .collect();
    for (place, p) in compared.into_iter().zip(holm(&tested)) {
        if let Some(scatter) = &mut scatters[place] {
            let ratio = scatter.spread / whole.spread;
            let samples = [&values(place)[..], &whole_values];
            scatter.beside_full = Some(ScatterRatio {
                ratio: (!ratio.is_nan()).then_some(ratio),
                interval: Resampling::new(statistics.confidence).ratio(samples, median_absolute_deviation),
                p,
                differs: p < 1.0 - statistics.confidence,
            });
        }
    }
    scatters
}

/// None with fewer than two values.
fn scatter(sample: &[(f64, Option<Bound>)], statistics: &Statistics) -> Option<Scatter> {
    if sample.len() < 2 {
        return None;
    }
    let values: Vec<f64> = sample.iter().map(|(value, _)| *value).collect();
    let spread = median_absolute_deviation(&values);
    // Far out where it is a bound, on its side of all others.
    let far = |(value, bound): &(f64, Option<Bound>)| match bound {
        Some(Bound::AtLeast) => value + 1e3,
        Some(Bound::AtMost) => value - 1e3,
        None => *value,
    };
    let furthest = median_absolute_deviation(&sample.iter().map(far).collect::<Vec<_>>());
    Some(Scatter {
        n: values.len() as u32,
        spread,
        interval: Resampling::new(statistics.confidence).interval(&values, median_absolute_deviation),
        bound: (furthest > spread + 1e-9).then_some(Bound::AtLeast),
        beside_full: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::section::answers::tests::{answer, seed};

    /// Seeds with these min LRs, as log10; none has a max LR.
    fn config(name: &str, labels: &[(&str, &str)], min_lrs: &[f64]) -> ConfigSummary {
        let varies = labels.iter().filter(|(_, value)| *value == "vary");
        let seeds = min_lrs.iter().zip(0..);
        ConfigSummary {
            name: name.into(),
            labels: labels
                .iter()
                .map(|(key, value)| ((*key).into(), (*value).into()))
                .collect(),
            varies: varies
                .filter_map(|(key, _)| key.strip_prefix(STREAMS))
                .map(str::to_owned)
                .collect(),
            seeds: seeds
                .map(|(exponent, number)| seed(number, answer(10_f64.powf(*exponent)), answer(0.0)))
                .collect(),
            ..ConfigSummary::default()
        }
    }

    fn of(configs: &[ConfigSummary]) -> Vec<VariationGroup> {
        variation(configs, &Statistics::default())
    }

    fn spread(config: &VariationConfig) -> (f64, Option<f64>) {
        let scatter = config.min_lr.unwrap();
        (scatter.spread, scatter.beside_full.and_then(|beside| beside.ratio))
    }

    /// Of three values two lie equally far from the middle one.
    #[test]
    fn ratios_are_beside_the_config_where_all_vary() {
        let labels = |weights, order| [("streams.weights", weights), ("streams.order", order)];
        let groups = of(&[
            config("order", &labels("0", "vary"), &[-2.5, -2.0, -1.5]),
            config("all", &labels("vary", "vary"), &[-3.0, -2.0, -1.0]),
            config("none", &labels("0", "0"), &[-2.0, -2.0, -2.0]),
            config("single", &labels("vary", "0"), &[-2.0]),
        ]);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].full.as_deref(), Some("all"));
        let [order, all, none, single] = &groups[0].configs[..] else {
            panic!("{groups:?}")
        };
        for ((found, ratio), expected) in
            [order, all, none]
                .map(spread)
                .into_iter()
                .zip([(0.5, Some(0.5)), (1.0, None), (0.0, Some(0.0))])
        {
            assert!((found - expected.0).abs() < 1e-12, "{found}");
            assert_eq!(ratio.is_some(), expected.1.is_some());
            assert!(
                (ratio.unwrap_or(0.0) - expected.1.unwrap_or(0.0)).abs() < 1e-12,
                "{ratio:?}"
            );
        }
        assert!(all.max_lr.is_none() && single.min_lr.is_none());
        assert!(order.min_lr.unwrap().interval.is_none(), "three seeds have no interval");
    }

    #[test]
    fn configs_of_other_settings_are_other_groups() {
        let sized = |weights, size| [("streams.weights", weights), ("training.batch-size", size)];
        let groups = of(&[
            config("a", &sized("vary", "64"), &[-3.0, -1.0]),
            config("b", &sized("vary", "128"), &[-3.0, -1.0]),
            config("c", &sized("0", "64"), &[-3.0]),
        ]);
        assert_eq!(groups.len(), 1);
        let names: Vec<&str> = groups[0].configs.iter().map(|config| config.config.as_str()).collect();
        assert_eq!(names, ["a", "c"]);
        assert!(of(&[config("a", &[], &[-1.0])]).is_empty());
    }

    /// One outlier of twenty multiplies a standard deviation; the median of the distances does not see it. A scatter
    /// ten times as wide is told apart.
    #[test]
    fn an_outlier_is_not_a_difference() {
        let even = |width: f64| -> Vec<f64> { (0..20).map(|place| width * (f64::from(place) - 9.5) / 19.0).collect() };
        let mut outlier = even(1.0);
        outlier[0] = -9.0;
        let groups = of(&[
            config(
                "all",
                &[("streams.weights", "vary"), ("streams.order", "vary")],
                &even(1.0),
            ),
            config(
                "outlier",
                &[("streams.weights", "0"), ("streams.order", "vary")],
                &outlier,
            ),
            config(
                "wide",
                &[("streams.weights", "vary"), ("streams.order", "0")],
                &even(10.0),
            ),
        ]);
        let beside = |place: usize| groups[0].configs[place].min_lr.unwrap().beside_full.unwrap();
        assert!(
            !beside(1).differs && (beside(1).ratio.unwrap() - 1.0).abs() < 1e-9,
            "{:?}",
            beside(1)
        );
        assert!(
            beside(2).differs && (beside(2).ratio.unwrap() - 10.0).abs() < 1e-9,
            "{:?}",
            beside(2)
        );
        let interval = beside(2).interval.unwrap();
        assert!(interval.lower > 3.0 && interval.upper < 30.0, "{interval:?}");
    }

    /// Distances 2, 1, 0, 1, 1 have the median 1: with one of the last two cut off it stays, with both it is 2.
    #[test]
    fn spreads_of_answers_that_were_cut_off_are_bounds() {
        let mut all = config("all", &[("streams.weights", "vary")], &[-3.0, -2.0, -1.0, 0.0, 0.0]);
        let fixed = config("fixed", &[("streams.weights", "0")], &[-1.0, -1.0]);
        let bound = |all: &ConfigSummary| of(&[all.clone(), fixed.clone()])[0].configs[0].min_lr.unwrap().bound;
        assert_eq!(bound(&all), None);
        all.seeds[4].min_lr_bound = Some(Bound::AtLeast);
        assert_eq!(bound(&all), None, "it lies further out, and so it did");
        all.seeds[3].min_lr_bound = Some(Bound::AtLeast);
        assert_eq!(bound(&all), Some(Bound::AtLeast));
    }
}
