//! What it means for intervals that seeds were added after looks at the results.

use super::content::{Section, Sentence};
use super::data::StudyData;
use crate::format;

/// A paragraph where that was done.
pub(crate) fn sections(data: &StudyData<'_>) -> Vec<Section> {
    if !data.summary.repeated_looks {
        return Vec::new();
    }
    let text = format!(
        "Seeds were added after looks at the results. The intervals of medians are confidence sequences (Howard and Ramdas \
         2022): with {} confidence they hold the median at all looks together, and they are wider than those of a number of \
         seeds that was fixed beforehand.",
        format::percent(data.summary.confidence)
    );
    vec![Section {
        paragraph: Some(text.clone()),
        terminal: Some(Sentence::Paragraph(text)),
        ..Section::default()
    }]
}

#[cfg(test)]
mod tests {
    use crate::example;
    use crate::tests::texts;
    use seedband_core::summary::Summary;

    #[test]
    fn reports_of_studies_that_added_seeds_say_so() {
        let mut summary = example::reference();
        let says = |summary: &Summary| {
            texts(summary, &[]).map(|text| text.contains("Seeds were added after looks at the results."))
        };
        assert_eq!(says(&summary), [false, false]);
        summary.repeated_looks = true;
        assert_eq!(says(&summary), [true, true]);
        assert!(crate::terminal(&summary).contains("Seeds were added after looks at the results."));
    }
}
