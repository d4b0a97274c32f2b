//! Groups of curves by the decade of their least loss, in words.

use crate::format;
use seedband_core::summary::{ConfigSummary, Decade};

/// The decades of a group: `10⁻¹ – 10⁰`.
pub(crate) fn bounds(group: &Decade) -> String {
    let exponents = group.exponents();
    format!(
        "{} – {}",
        format::power_of_ten(*exponents.start()),
        format::power_of_ten(exponents.end().saturating_add(1))
    )
}

/// Groups of seeds: one alone is none.
pub(crate) fn groups(config: &ConfigSummary) -> impl Iterator<Item = &Decade> {
    config.decades.iter().filter(|group| group.seeds > 1)
}

/// How many groups there are and how far their max LRs lie apart, and how many seeds lie apart from all others; none
/// for a single group.
pub(crate) fn finding(config: &ConfigSummary) -> Option<String> {
    if config.decades.len() < 2 {
        return None;
    }
    let grouped = groups(config).fold(0_u32, |sum, group| sum.saturating_add(group.seeds));
    let mut parts: Vec<String> = groups(config)
        .map(|group| format!("{} in {}", group.seeds, bounds(group)))
        .collect();
    let singles = (config.decades.len() - parts.len()) as u32;
    let apart = match singles {
        0 => String::new(),
        1 => " 1 seed lies apart from all others.".to_owned(),
        _ => format!(" {singles} seeds lie each apart from all others."),
    };
    let last = parts.pop()?;
    if parts.is_empty() {
        return Some(format!(
            "The least losses of {} lie together, {last}.{apart}",
            format::count(grouped, "seed")
        ));
    }
    Some(format!(
        "The curves of {} fall into {} groups by where their loss is least: {} and {last}{}.{apart}",
        format::count(grouped, "seed"),
        parts.len() + 1,
        parts.join(", "),
        max_lrs(config)
    ))
}

/// How far the medians of the groups' max LRs lie apart; empty where they do not.
fn max_lrs(config: &ConfigSummary) -> String {
    let estimates = groups(config).filter_map(|group| group.max_lr.estimate);
    let (least, most) = estimates.fold((f64::INFINITY, 0.0_f64), |(least, most), estimate| {
        (least.min(estimate.median), most.max(estimate.median))
    });
    if least >= most {
        return String::new();
    }
    let (least, most) = (format::lr(least), format::lr(most));
    format!("; the median max LR of a group lies between {least} and {most}")
}

/// The line below the title of the figure, which shows the first `shown` of `all` groups.
pub(crate) fn subtitle(shown: usize, all: usize) -> String {
    let subtitle = "curves in groups by the decades of their least smoothed loss; thick: median of the group";
    if shown < all {
        format!("lowest {shown} of {all} groups: {subtitle}")
    } else {
        subtitle.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn groups_in_a_sentence() {
        let mut config = example::config("a", 20, 0.3, 5.0);
        let sizes: Vec<u32> = config.decades.iter().map(|group| group.seeds).collect();
        assert_eq!(sizes, [7, 9, 4]);
        assert_eq!(
            finding(&config).unwrap(),
            "The curves of 20 seeds fall into 3 groups by where their loss is least: 7 in 10⁻² – 10⁻¹, 9 in 10⁻¹ – \
             10⁰ and 4 in 10⁰ – 10¹; the median max LR of a group lies between 4.3e-3 and 0.12."
        );
        config.decades[2].seeds = 1;
        assert!(
            finding(&config)
                .unwrap()
                .ends_with(" 1 seed lies apart from all others.")
        );
        config.decades.remove(1);
        config.decades[0].last = Some(-1);
        assert_eq!(
            finding(&config).unwrap(),
            "The least losses of 7 seeds lie together, 7 in 10⁻² – 10⁰. 1 seed lies apart from all others."
        );
        config.decades.truncate(1);
        assert_eq!(finding(&config), None);
    }
}
