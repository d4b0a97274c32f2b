//! Files of weights that a config starts from.

use crate::support::{folder, load};
use seedband_core::study::Study;
use std::fs;
use std::path::Path;

/// The first trial's id and what `init` came to.
fn started(folder: &Path, sets: &[String]) -> Result<(String, seedband_core::settings::Init), String> {
    let study = Study::load(&folder.join("study.toml"), sets).map_err(|error| error.to_string())?;
    let trial = study.trials()[0].trial.clone();
    Ok((
        trial.id.to_string(),
        trial.recipe.trainer.built_in().unwrap().init.clone(),
    ))
}

/// The digests are those of `printf a | sha256sum` and `printf b | sha256sum`.
#[test]
fn a_file_of_weights_is_known_by_its_content() {
    const A: &str = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    const B: &str = "3e23e8160039594a33894f6564e1b1348bbd7a0088d42c4acb73eeaed59c009d";
    let folder = folder(&[
        ("base/base.toml", "[init]\nfrom = \"deep/w\"\nmissing = \"draw\""),
        ("base/deep/w", "a"),
        ("moved", "a"),
        ("other", "b"),
        ("study.toml", "extends = \"base/base.toml\""),
    ]);
    let root = folder.path();
    let set = |text: String| started(root, &[text]).unwrap();
    // The path starts at the file that says it.
    let (id, init) = started(root, &[]).unwrap();
    assert_eq!(init.sha256.as_deref(), Some(A));
    assert!(init.from.unwrap().ends_with("base/deep/w"));
    let moved = set(format!("init.from={}", root.join("moved").display()));
    assert_eq!((moved.0, moved.1.sha256.as_deref()), (id.clone(), Some(A)));
    let other = set(format!("init.from={}", root.join("other").display()));
    assert_eq!(other.1.sha256.as_deref(), Some(B));
    assert_ne!(other.0, id);
    let drawn = load("", &[]).unwrap().trials()[0].trial.id.to_string();
    assert!(drawn != id && drawn != other.0);

    // Changed content makes other trials, and where the digest was said it stays the trial's.
    let study = Study::load(&root.join("study.toml"), &[]).unwrap();
    fs::write(root.join("resolved.toml"), study.to_toml()).unwrap();
    fs::write(root.join("base/deep/w"), "b").unwrap();
    assert_eq!(started(root, &[]).unwrap().0, other.0);
    let now = Study::load(&root.join("study.toml"), &[]).unwrap();
    let changes = now.changes_since(&study);
    assert_eq!(changes.len(), 1);
    assert_eq!(changes[0].to_string(), format!("`base`: `init.sha256` was {A}, is {B}"));
    // The results of a study can be read when the file is gone.
    fs::remove_dir_all(root.join("base/deep")).unwrap();
    let resolved = Study::load(&root.join("resolved.toml"), &[]).unwrap();
    assert_eq!(resolved.trials(), study.trials());
    assert!(resolved.changes_since(&study).is_empty());
}

#[test]
fn a_file_of_weights_that_cannot_be_had_is_shown_where_it_is_named() {
    for (text, part) in [
        (
            "[init]\nfrom = \"none\"",
            "`init.from = \"DIR/none\"`: cannot be read: No such file or directory (os error 2)\
             \n --> DIR/study.toml:2:1\n",
        ),
        (
            "[init]\nfrom = \".\"",
            "cannot be read: it is not a file\n --> DIR/study.toml:2:1\n",
        ),
        ("[init]\nfrom = \"\"", "has to be the path of a safetensors file"),
        (
            "[init]\nfrom = \"${SEEDBAND_NO_SUCH_VARIABLE}/w\"",
            "`SEEDBAND_NO_SUCH_VARIABLE` is not set; set it, or pass `--set init.from=<path>`",
        ),
        (
            "[init]\nmissing = \"draw\"",
            "`init.missing = \"draw\"`: has no use without `from`",
        ),
        (
            "[init]\nsha256 = \"aa\"",
            "`init.sha256 = \"aa\"`: has no use without `from`",
        ),
        (
            "[init]\nfrom = \"study.toml\"\nsha256 = \"AA\"",
            "has to be 64 lower-case hexadecimal digits",
        ),
        (
            "[[config]]\nname = \"a\"\n[[config]]\nname = \"b\"\ninit.from = \"none\"",
            "study.toml:5:6",
        ),
        ("[sweep.grid]\ninit.from = [\"study.toml\", \"none\"]", "study.toml:2:6"),
    ] {
        let error = load(text, &[]).unwrap_err();
        assert!(error.contains(part), "{text}: {error}");
    }
    // Tables of before there were files say nothing new.
    let written = load("", &[]).unwrap().to_toml();
    assert!(
        !["missing", "from", "sha256"]
            .iter()
            .any(|key| written.contains(&format!("\n{key} = "))),
        "{written}"
    );
}
