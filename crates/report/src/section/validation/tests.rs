use crate::example;
use crate::tests::{svg, texts};

#[test]
fn a_validation_has_a_figure_behind_the_bands() {
    let summary = example::summary(vec![
        example::validated("one", 20),
        example::config("plain", 20, 0.3, 5.0),
    ]);
    assert_eq!(svg(&summary, "losses-plain"), None);
    let [page, markdown] = texts(&summary, &[]);
    for (text, lead) in [(page, "figures/"), (markdown, "](figures/")] {
        let place = |figure: &str| text.find(&format!("{lead}{figure}.png")).unwrap();
        assert!(place("bands-one") < place("losses-one") && place("losses-one") < place("bands-plain"));
        assert!(text.contains("the training loss jumps 14 (9.1 – 21) times"));
    }
    let svg = svg(&summary, "losses-one").unwrap();
    let lines = |color: &str| {
        svg.lines()
            .filter(|line| line.starts_with("<polyline") && line.contains(color))
            .count()
    };
    assert!(
        lines("#B8D8E9") >= 40,
        "a raw and a smoothed line a seed, more where one leaves the plot and returns"
    );
    assert!(svg.contains("validation loss") && svg.contains("jumps 14 (9.1 – 21) times as far as the smoothed loss"));
}
