use crate::tests::texts;
use crate::{example, terminal};

#[test]
fn the_page_says_where_seeds_diverge() {
    let mut summary = example::reference();
    summary.configs[1].risk = None;
    let [page, markdown] = texts(&summary, &[]);
    for text in [page, markdown, terminal(&summary).replace("\n  ", " ")] {
        let sentence = "seeds had diverged; of new seeds ";
        assert_eq!(text.matches(sentence).count(), 1, "{text}");
    }
}
