//! How many files may extend each other.

use crate::support::{folder, shown};
use seedband_core::study::Study;

fn load(files: &[(String, String)]) -> Result<Study, String> {
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()))
        .collect();
    let folder = folder(&files);
    Study::load(&folder.path().join("study.toml"), &[]).map_err(|error| shown(&error, &folder))
}

fn file(name: &str, text: impl Into<String>) -> (String, String) {
    (name.to_owned(), text.into())
}

/// `study.toml`, which is made of `link`, and files `1.toml`, `2.toml`, … of which each extends the next.
fn chain(length: usize, link: &str) -> Vec<(String, String)> {
    let last = |n| {
        if n == length {
            "schedule.steps = 30".into()
        } else {
            format!("extends = \"{}.toml\"", n + 1)
        }
    };
    let files = (1..=length).map(|n| (format!("{n}.toml"), last(n)));
    files.chain([file("study.toml", link)]).collect()
}

#[test]
fn many_configs_build_on_one_file() {
    let configs = (0..1000).fold(String::new(), |text, n| {
        text + &format!("[[config]]\nname = \"c{n}\"\nextends = \"flavour.toml\"\nschedule.end = {n}.5\n")
    });
    let files = [
        file("study.toml", format!("seeds = \"0..2\"\n{configs}")),
        file("flavour.toml", "extends = \"base.toml\"\nstop.factor = 5.0"),
        file("base.toml", "schedule.steps = 30"),
    ];
    let study = load(&files).unwrap();
    assert_eq!(study.configs.len(), 1000);
    assert!(
        study
            .configs
            .iter()
            .all(|config| { (config.recipe.schedule.steps, config.analysis.stop.factor) == (30, Some(5.0)) })
    );
    // A mistake in the shared file is shown there.
    let mut wrong = files.to_vec();
    wrong[2].1 = "schedule.steps = 1".into();
    let error = load(&wrong).unwrap_err();
    assert!(error.contains("--> DIR/base.toml:1:10"), "{error}");
}

#[test]
fn a_circle_is_named_file_by_file() {
    let files = [
        file("study.toml", "extends = \"a.toml\""),
        file("a.toml", "extends = \"b.toml\""),
        file("b.toml", "extends = \"a.toml\""),
    ];
    let error = load(&files).unwrap_err();
    assert_eq!(
        error,
        "`DIR/a.toml` extends itself: `DIR/a.toml` -> `DIR/b.toml` -> `DIR/a.toml`"
    );
    let of_config = [
        file("study.toml", "[[config]]\nextends = \"a.toml\""),
        file("a.toml", "extends = \"a.toml\""),
    ];
    assert_eq!(
        load(&of_config).unwrap_err(),
        "`DIR/a.toml` extends itself: `DIR/a.toml` -> `DIR/a.toml`"
    );
}

#[test]
fn a_long_chain_is_one_error_and_no_crash() {
    for link in ["extends = \"1.toml\"", "[[config]]\nextends = \"1.toml\""] {
        assert_eq!(load(&chain(63, link)).unwrap().configs[0].recipe.schedule.steps, 30);
        for length in [64, 3000] {
            let error = load(&chain(length, link)).unwrap_err();
            let expected = "`DIR/64.toml` is the end of a chain of more than 64 files that extend each other";
            assert!(error.starts_with(expected), "{length}: {error}");
        }
    }
}

/// 30 files of which each extends the next one twice are a thousand million layers.
#[test]
fn doubled_files_are_counted_before_they_are_laid_over_each_other() {
    let mut files: Vec<_> = (0..30)
        .map(|n| {
            (
                format!("{n}.toml"),
                format!("extends = [\"{0}.toml\", \"{0}.toml\"]", n + 1),
            )
        })
        .collect();
    files.push(file("30.toml", "schedule.steps = 30"));
    files.push(file("study.toml", "extends = \"0.toml\""));
    let error = load(&files).unwrap_err();
    assert!(
        error.starts_with("`DIR/22.toml` builds on 256 files or more"),
        "{error}"
    );
}
