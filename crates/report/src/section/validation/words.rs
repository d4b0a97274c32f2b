//! How far the losses jump, in words.

use crate::format;
use seedband_core::summary::{ConfigSummary, Summary};

/// How far raw and validation loss jump beside the smoothed loss.
pub(crate) fn finding(summary: &Summary, config: &ConfigSummary) -> String {
    let Some(jitter) = config.validation.as_ref().and_then(|validation| validation.jitter) else {
        return "Raw training loss, validation loss and smoothed training loss of the same seeds on one scale."
            .to_owned();
    };
    format!(
        "Up to the least smoothed loss, the training loss jumps {} times as far as its smoothed form from one measured \
         step to the next, and the validation loss {} times: median jump of each seed, then median and {} quantiles \
         over {}.",
        format::multiple(jitter.raw),
        format::multiple(jitter.validation),
        format::percent_range(summary.quantiles),
        format::count(jitter.n, "seed"),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn jumps_in_a_sentence() {
        let summary = example::reference();
        assert!(finding(&summary, &summary.configs[0]).starts_with("Raw training loss, validation loss"));
        let said = finding(&summary, &example::validated("one", 20));
        assert!(
            said.contains("jumps 14 (9.1 – 21) times") && said.contains("validation loss 0.40 (0.20 – ∞) times"),
            "{said}"
        );
        assert!(said.ends_with("median and 10–90 % quantiles over 20 seeds."), "{said}");
    }
}
