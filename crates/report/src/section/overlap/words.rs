//! Pairs of seeds without a common learning rate, in words.

use crate::format;
use seedband_core::summary::ConfigSummary;
use seedband_core::summary::overlap::Overlaps;

/// How many pairs of seeds share no learning rate, and which are farthest apart; none for fewer than two ranges.
pub(crate) fn finding(config: &ConfigSummary) -> Option<String> {
    let overlaps = Overlaps::of(config);
    let pairs = overlaps.pairs.len();
    if pairs == 0 {
        return None;
    }
    let apart = overlaps.apart();
    let Some(widest) = apart.first() else {
        let who = if overlaps.seeds.len() == 2 {
            "The ranges of the"
        } else {
            "Any two of the ranges of the"
        };
        return Some(format!(
            "{who} {} have a learning rate in common{}.",
            with_range(&overlaps),
            without(&overlaps)
        ));
    };
    Some(format!(
        "No learning rate lies in both ranges of {} of {} of seeds{}; farthest apart are the seeds {} and {}, by a gap \
         of {:.2} decades.",
        apart.len(),
        format::count(pairs as u32, "pair"),
        without(&overlaps),
        widest.first,
        widest.second,
        -widest.decades
    ))
}

/// `8 seeds`, or `8 seeds with a range` where others have none.
fn with_range(overlaps: &Overlaps) -> String {
    let seeds = format::count(overlaps.seeds.len() as u32, "seed");
    match overlaps.without {
        0 => seeds,
        _ => format!("{seeds} with a range"),
    }
}

/// ` (2 of 10 seeds without a known range are left out)`, or nothing.
fn without(overlaps: &Overlaps) -> String {
    match overlaps.without {
        0 => String::new(),
        without => format!(
            " ({without} of {} without a known range {} left out)",
            format::count((overlaps.seeds.len() + without) as u32, "seed"),
            if without == 1 { "is" } else { "are" }
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::example;

    #[test]
    fn pairs_in_a_sentence() {
        let wide = example::config("a", 20, 0.9, 5.0);
        let text = finding(&wide).unwrap();
        let apart = Overlaps::of(&wide).apart().len();
        assert!(
            apart > 0 && text.contains(&format!("both ranges of {apart} of 190 pairs")),
            "{text}"
        );
        let alone = example::config("a", 1, 0.3, 5.0);
        assert_eq!(finding(&alone), None);
        let equal = example::from_seeds("a", wide.lrs.clone(), vec![alone.seeds[0].clone(); 2]);
        assert_eq!(
            finding(&equal).unwrap(),
            "The ranges of the 2 seeds have a learning rate in common."
        );
    }
}
