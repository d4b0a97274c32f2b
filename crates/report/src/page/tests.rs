//! What each medium makes of a study, as a whole.

use super::context::Page;
use super::{markdown, terminal};
use crate::example;
use crate::section::Contents;
use crate::section::warnings::Warning;
use seedband_core::summary::Summary;

/// Two configs that every topic has something to say about, one of them with seeds to come.
fn study() -> Summary {
    let mut partial = example::everything("same weights");
    (partial.counts.wanted, partial.counts.missing, partial.counts.failed) = (30, 9, 1);
    let sweep = example::sweep();
    let mut summary = example::summary(vec![example::everything("other weights | each run"), partial]);
    summary.scalings = sweep.scalings;
    summary
}

#[test]
fn the_terminal() {
    insta::assert_snapshot!("terminal", terminal(&example::reference()));
    insta::assert_snapshot!(
        "terminal_one_config",
        terminal(&example::summary(vec![example::everything("one")]))
    );
    insta::assert_snapshot!("terminal_all_topics", terminal(&study()));
    insta::assert_snapshot!("terminal_sources", terminal(&example::sources()));
}

#[test]
fn the_markdown() {
    let of = |summary: &Summary| markdown::render(summary, &Contents::of(summary));
    insta::assert_snapshot!("markdown", of(&example::reference()));
    insta::assert_snapshot!("markdown_all_topics", of(&study()));
    insta::assert_snapshot!("markdown_sources", of(&example::sources()));
}

#[test]
fn the_context_of_the_page() {
    let summary = study();
    let contents = Contents::of(&summary);
    let provenance = crate::tests::provenance();
    let page = Page::new(&summary, &contents, Some(&provenance), vec!["bands.csv", "trials.csv"]);
    insta::assert_debug_snapshot!("context", page);
}

#[test]
fn the_warnings() {
    let summary = study();
    let of_configs = summary
        .configs
        .iter()
        .flat_map(|config| Warning::of_config(&summary, config));
    let warnings = Warning::of_study(&summary).into_iter().chain(of_configs);
    let texts: Vec<String> = warnings.map(|warning| warning.to_string()).collect();
    insta::assert_snapshot!("warnings", texts.join("\n"));
}

#[test]
fn no_line_is_wider_than_a_hundred_columns() {
    let mut summary = study();
    summary.configs[0].name = "a long name that goes on and on ".repeat(6);
    summary.configs[1].name = "x".repeat(250);
    summary.configs.push(example::config("plain", 3, 0.3, 5.0));
    for line in terminal(&summary).lines() {
        assert!(line.chars().count() <= 100, "{}: {line}", line.chars().count());
    }
    assert!(!terminal(&summary).contains('\u{1b}'));
}

#[test]
fn a_study_without_a_config_says_so() {
    let text = terminal(&example::summary(vec![]));
    assert_eq!(text.lines().last(), Some("no config yet"));
}

/// With several configs the sentences alone are easier to read than a table each.
#[test]
fn a_table_of_rules_stands_where_there_is_one_config() {
    let one = terminal(&example::summary(vec![example::ruled("one", 20)]));
    assert!(one.contains("1.0e-4 (4.0e-5 – 2.5e-4)"), "{one}");
    let both = terminal(&example::summary(vec![
        example::ruled("one", 20),
        example::ruled("two", 20),
    ]));
    assert!(
        both.contains("two: On the same curves") && !both.contains("1.0e-4 (4.0e-5"),
        "{both}"
    );
}

#[test]
fn names_are_escaped_in_tables_and_not_in_files() {
    let mut summary = example::reference();
    summary.configs[1].name = "a|b <script>".into();
    let text = markdown::render(&summary, &Contents::of(&summary));
    assert!(text.contains("| a\\|b &lt;script> |"));
    assert!(text.contains("](figures/bands-a-b--script.png)"), "{text}");
}
