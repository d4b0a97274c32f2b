//! Links in a results folder, and in its place: nothing is written or deleted behind them that is not results.

use crate::support::{Place, STUDY, said};
use std::fs;
use std::os::unix::fs::symlink;

#[test]
fn nothing_is_removed_behind_a_link() {
    for link in ["trials", "trials/plain", "trial", "attempts", "journal"] {
        let place = Place::new(STUDY);
        // The first attempt at one trial comes to nothing, and is not needed any more.
        place
            .fake(&["run", "study.toml"], "plain/0=fail:bad-data")
            .assert()
            .code(100);
        place.fake(&["run", "study.toml"], "").assert().code(0);
        let trial = fs::read_dir(place.path("results/tiny/trials/plain"))
            .unwrap()
            .map(|entry| format!("trials/plain/{}", entry.unwrap().file_name().display()))
            .min()
            .unwrap();
        let link = match link {
            "trial" => trial,
            "attempts" => format!("{trial}/attempts"),
            other => other.to_owned(),
        };
        let (inside, outside) = (place.path(&format!("results/tiny/{link}")), place.path("outside"));
        fs::rename(&inside, &outside).unwrap();
        symlink(&outside, &inside).unwrap();
        if link == "journal" {
            fs::write(outside.join("x.progress.json"), "cut short").unwrap();
        }
        if !link.ends_with("attempts") {
            // Of no use to anybody: all seeds are others.
            fs::write(place.path("study.toml"), STUDY.replace("0..3", "7..8")).unwrap();
        }
        let before = place.tree("outside");
        for options in [&["--yes"][..], &["--yes", "--attempts"]] {
            let (code, out, err) = said(&mut place.seedband(&[&["gc", "study.toml"], options].concat()));
            assert_eq!(code, 0, "{link}: {err}");
            assert!(!out.contains(&format!("results/tiny/{link}/")), "{link}: {out}");
            assert_eq!(place.tree("outside"), before, "{link}: {out}");
            assert!(
                fs::symlink_metadata(&inside).is_ok_and(|entry| entry.is_symlink()),
                "{link}"
            );
        }
    }
}

#[test]
fn a_results_folder_may_be_a_link_to_results_and_to_nothing_else() {
    let place = Place::new(STUDY);
    for folder in ["results", "home", "disk"] {
        fs::create_dir(place.path(folder)).unwrap();
    }
    fs::write(place.path("home/letter.txt"), "dear").unwrap();
    let (home, link) = (place.path("home"), place.path("results/tiny"));
    symlink(&home, &link).unwrap();
    let before = place.tree("home");
    for command in ["run", "plan", "aggregate", "report", "status", "show", "weights", "gc"] {
        let (code, out, err) = said(&mut place.fake(&[command, "study.toml"], ""));
        assert_eq!(place.tree("home"), before, "{command}: {err}");
        if ["run", "plan"].contains(&command) {
            let expected = format!(
                "is a link to `{}`, which holds something else than results",
                home.display()
            );
            assert_eq!(code, 96, "{command}: {out}{err}");
            assert!(err.contains(&expected), "{command}: {err}");
        }
    }
    fs::remove_file(&link).unwrap();
    symlink(place.path("disk"), &link).unwrap();
    place.fake(&["run", "study.toml"], "").assert().code(0);
    assert_eq!(place.curves("disk").len(), 6);
    place.fake(&["run", "study.toml"], "").assert().code(0);
    place.fake(&["report", "study.toml"], "").assert().code(0);
}
