use crate::tests::{svg, texts};
use crate::{example, terminal};

#[test]
fn a_sweep_over_batch_size_has_a_figure_and_a_sentence() {
    let mut summary = example::sweep();
    summary.scalings.push(summary.scalings[0].clone());
    assert!(svg(&summary, "scaling").is_some() && svg(&summary, "scaling-2").is_some());
    let [page, markdown] = texts(&summary, &[]);
    assert!(page.contains("id=\"scaling-2-figure\"") && page.contains("Goyal"));
    assert!(markdown.contains("](figures/scaling-2.png)"));
    for text in [page, markdown, terminal(&summary).replace("\n  ", " ")] {
        // In the page it is the description of the figure too.
        assert!(
            text.matches("to the power 0.60 (0.40 to 0.90 at 95.9 % confidence, 20 seeds)")
                .count()
                >= 2,
            "{text}"
        );
    }
    summary.scalings.clear();
    assert!(!terminal(&summary).contains("to the power"));
}
