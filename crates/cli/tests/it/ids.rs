//! Trials whose ids begin alike.

use crate::support::{Place, STUDY, said};

/// The ids of these two seeds of the default recipe with 120 steps both begin `aeeb7f55`.
const ALIKE: &str = "name = \"tiny\"\nseeds = [543, 4656]\nschedule.steps = 120\n";

#[test]
fn each_of_two_trials_whose_ids_begin_alike_is_trained_and_shown() {
    let place = Place::new(ALIKE);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let names: Vec<String> = place.curves("results/tiny").into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        [
            "trials/base/4656-aeeb7f55/curve.jsonl",
            "trials/base/543-aeeb7f55/curve.jsonl"
        ]
    );
    let before = place.tree("results/tiny/trials");
    let (code, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(code, 0, "{err}");
    assert_eq!(place.tree("results/tiny/trials"), before, "nothing is trained twice");
    let (code, out, _) = said(&mut place.seedband(&["status", "study.toml", "--json"]));
    assert_eq!((code, out.matches("\"finished\"").count() >= 2), (0, true), "{out}");
    // One curve is taken away: its seed is missing, and the other's is not shown for it.
    let own = place.path("results/tiny/trials/base/543-aeeb7f55/curve.jsonl");
    std::fs::remove_file(own).unwrap();
    let (_, out, _) = said(&mut place.seedband(&["plan", "study.toml"]));
    assert!(out.contains('1'), "{out}");
    place.seedband(&["aggregate", "study.toml"]).assert().code(0);
    let ranges = place.read("results/tiny/aggregate/ranges.csv");
    assert!(ranges.contains("4656"), "{ranges}");
}

#[test]
fn a_folder_that_is_named_by_a_whole_id_is_used_and_removed_like_any_other() {
    let place = Place::new(STUDY);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    let folder = std::fs::read_dir(place.path("results/tiny/trials/plain"))
        .unwrap()
        .next()
        .unwrap()
        .unwrap()
        .path();
    let trial: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(folder.join("trial.json")).unwrap()).unwrap();
    let named = format!("{}-{}", trial["seed"], trial["id"].as_str().unwrap());
    std::fs::rename(&folder, folder.with_file_name(&named)).unwrap();
    let (code, _, err) = said(&mut place.fake(&["run", "study.toml"], ""));
    assert_eq!(code, 0, "{err}");
    assert!(!folder.exists(), "it is found by its whole id");
    std::fs::write(place.path("study.toml"), STUDY.replace("0..3", "7..8")).unwrap();
    let (code, out, err) = said(&mut place.seedband(&["gc", "study.toml", "--yes"]));
    assert_eq!(code, 0, "{err}");
    assert!(out.contains(&named), "{out}");
    assert!(!place.path("results/tiny/trials/plain").exists());
}
