//! Trials that the study may still come to.

use super::{folder, gc, listed};
use crate::support::{Place, STUDY, said};
use std::fs;

#[test]
fn trainings_stay_as_long_as_others_wait_for_range_tests() {
    let study = "name = \"tiny\"\nseeds = \"0..3\"\n[schedule]\nsteps = 40\n[train]\nsteps = 3\n\
                 [[train.variant]]\nname = \"median\"\nlr = \"median\"\n\
                 [[train.variant]]\nname = \"fixed\"\nlr = [0.1]\n";
    let place = Place::new(study);
    let (code, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(code, 0, "{err}");
    assert_eq!(place.curves("results/tiny").len(), 9);
    assert_eq!(gc(&place, &["--dry-run"]).1, "");
    // Without one range test nobody knows which trainings by the median are needed, nor that the old ones are not.
    fs::remove_file(folder(&place, "base", "1-").join("curve.jsonl")).unwrap();
    let fewer = study.replace("[[train.variant]]\nname = \"fixed\"\nlr = [0.1]\n", "");
    fs::write(place.path("study.toml"), fewer).unwrap();
    let (code, out, err) = gc(&place, &["--yes"]);
    assert_eq!((code, out.as_str()), (0, ""), "{err}");
    assert!(
        err.contains("kept: 6 trainings that may be needed, since others still wait for range tests"),
        "{err}"
    );
    assert_eq!(place.curves("results/tiny").len(), 8);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let (code, out, err) = gc(&place, &["--yes"]);
    assert_eq!(code, 0, "{err}");
    assert!(
        listed(&out)
            .iter()
            .all(|path| path.starts_with("trials/base/fixed,lr=0.1-")),
        "{out}"
    );
    assert_eq!((listed(&out).len(), place.curves("results/tiny").len()), (3, 6));
}

#[test]
fn seeds_that_may_still_be_added_stay() {
    let place = Place::new(STUDY);
    place
        .fake(&["run", "study.toml", "--seeds", "0..20"], "")
        .assert()
        .code(0);
    let until = STUDY.replace("\"0..3\"", "\"until 0.3, at most 18\"");
    fs::write(place.path("study.toml"), until).unwrap();
    // As long as one of the first ten is missing, nobody knows whether more will be asked for.
    fs::remove_file(folder(&place, "plain", "4-").join("curve.jsonl")).unwrap();
    let seeds = |out: &str| {
        let seed = |path: String| path.rsplit_once('/').unwrap().1.split_once('-').unwrap().0.to_owned();
        let mut seeds: Vec<String> = listed(out).into_iter().map(seed).collect();
        seeds.sort();
        seeds
    };
    let (code, out, err) = gc(&place, &["--dry-run"]);
    assert_eq!(
        (code, seeds(&out)),
        (0, vec!["18".into(), "18".into(), "19".into(), "19".into()]),
        "{err}"
    );
    // With ten the median is known: the fake worker's curves are much alike.
    place.fake(&["run", "study.toml", "--update"], "").assert().code(0);
    let (code, out, err) = gc(&place, &["--dry-run"]);
    assert_eq!((code, seeds(&out).len()), (0, 20), "{err}");
}
