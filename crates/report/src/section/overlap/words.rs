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
        return Some(format!(
            "Every two of {} have a common learning rate in their ranges.",
            format::count(overlaps.seeds.len() as u32, "seed")
        ));
    };
    Some(format!(
        "No learning rate lies in both ranges of {} of {} of seeds; farthest apart are the seeds {} and {}, by a gap \
         of {:.2} decades.",
        apart.len(),
        format::count(pairs as u32, "pair"),
        widest.first,
        widest.second,
        -widest.decades
    ))
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
            "Every two of 2 seeds have a common learning rate in their ranges."
        );
    }
}
