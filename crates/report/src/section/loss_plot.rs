//! Plots of loss by learning rate.

use crate::draw::axis::Axis;
use crate::draw::limits::Limits;
use crate::draw::panel::{Frame, Panel};
use seedband_core::range_test::Pairing;
use seedband_core::summary::ConfigSummary;

/// A plot that fits the smoothed losses of the given configs. Learning rates take the whole width; heights show the
/// curves from the start to the least loss, and leave out how high they rise when they diverge.
pub(crate) fn panel<'a>(configs: impl IntoIterator<Item = &'a ConfigSummary> + Clone, frame: Frame) -> Panel {
    let rates = configs
        .clone()
        .into_iter()
        .flat_map(|config| config.lrs.iter().copied());
    let limits = Limits::of(configs.into_iter().map(|config| &config.smoothed));
    Panel::new(Axis::rates(rates, frame.left, frame.right), limits, frame)
}

/// The learning rates of these steps; NaN for a step that the config has not.
pub(crate) fn rates_at(config: &ConfigSummary, steps: &[u32]) -> Vec<f64> {
    let rate = |step: &u32| config.lrs.get(*step as usize).copied().unwrap_or(f64::NAN);
    steps.iter().map(rate).collect()
}

/// What the learning rate axis of these configs shows. Where their schedules lag, it matters under which rate losses
/// are filed.
pub(crate) fn axis_title<'a>(configs: impl IntoIterator<Item = &'a ConfigSummary>) -> &'static str {
    let mut pairings = configs.into_iter().map(|config| config.pairing);
    let first = pairings.next().flatten();
    match first.filter(|_| pairings.all(|pairing| pairing == first)) {
        Some(Pairing::Recorded) => "learning rate as recorded, one step ahead of the one in use",
        Some(Pairing::Used) => "learning rate as used",
        None => "learning rate",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_axis_says_how_losses_are_paired_where_it_matters() {
        let config = |pairing| {
            let mut config = crate::example::config("a", 3, 0.3, 5.0);
            config.pairing = pairing;
            config
        };
        let (prompt, recorded, used) = (
            config(None),
            config(Some(Pairing::Recorded)),
            config(Some(Pairing::Used)),
        );
        assert_eq!(axis_title([&prompt]), "learning rate");
        assert_eq!(axis_title([&used, &used]), "learning rate as used");
        assert!(axis_title([&recorded]).contains("as recorded"));
        // Several in one figure: the names of the configs tell them apart.
        assert_eq!(axis_title([&recorded, &used]), "learning rate");
        assert_eq!(axis_title([&used, &prompt]), "learning rate");
    }
}
