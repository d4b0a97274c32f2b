//! Results follow a study whose whole folder has moved.

use crate::support::{Place, said};
use std::fs;
use std::path::Path;

const STUDY: &str = "name = \"moved\"
seeds = [0, 1]
[model]
architecture = \"mlp\"
hidden = [8]
[data]
source = \"image-folder\"
path = \"set\"
[training]
batch-size = 4
[schedule]
start = 1e-4
end = 1.0
steps = 5
";

/// Exit status and output of a command in a folder of the place, with the place's own cache of images.
fn on(place: &Place, folder: &str, arguments: &[&str]) -> (i32, String, String) {
    let mut command = place.seedband(arguments);
    command.current_dir(place.path(folder));
    said(command.env("XDG_CACHE_HOME", place.path("cache")))
}

/// A study with its pictures in the folder `project`.
fn with_pictures() -> Place {
    let place = Place::new("");
    let stored = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/tests/images");
    for (class, name) in [("cold", "plain"), ("warm", "palette")] {
        let folder = place.path(&format!("project/set/{class}"));
        fs::create_dir_all(&folder).unwrap();
        for index in 0..3 {
            fs::copy(stored.join(format!("{name}.png")), folder.join(format!("{index}.png"))).unwrap();
        }
    }
    fs::write(place.path("project/study.toml"), STUDY).unwrap();
    place
}

#[test]
fn pictures_that_moved_with_their_study_are_the_same_pictures() {
    let place = with_pictures();
    let (status, _, err) = on(&place, "project", &["run", "study.toml", "--devices", "cpu"]);
    assert_eq!(status, 0, "{err}");
    let curves = place.curves("project/results");
    fs::rename(place.path("project"), place.path("elsewhere")).unwrap();
    let finished = |arguments: &[&str]| {
        let all: Vec<&str> = ["plan", "study.toml"].iter().chain(arguments).copied().collect();
        let (status, out, err) = on(&place, "elsewhere", &all);
        assert_eq!(status, 0, "{err}");
        assert!(out.contains("2 trials: 2 finished, 0 to run"), "{out}");
    };
    finished(&[]);
    // A name given now is one for the same pictures.
    finished(&["--set", "data.name=set"]);
    for arguments in [
        ["run", "study.toml"].as_slice(),
        &["run", "study.toml"],
        &["run", "study.toml", "--set", "data.name=set"],
    ] {
        let (status, _, err) = on(&place, "elsewhere", arguments);
        assert_eq!(status, 0, "{err}");
        assert_eq!(place.curves("elsewhere/results"), curves);
        finished(&[]);
    }
    // Twice moved, and without its pictures, the results still show.
    fs::rename(place.path("elsewhere"), place.path("third")).unwrap();
    fs::rename(place.path("third/set"), place.path("third/other")).unwrap();
    let (status, _, err) = on(&place, "third", &["report", "study.toml"]);
    assert_eq!(status, 0, "{err}");
    // Other pictures are other data.
    fs::create_dir(place.path("third/set")).unwrap();
    fs::rename(place.path("third/other/warm"), place.path("third/set/cold")).unwrap();
    fs::rename(place.path("third/other/cold"), place.path("third/set/warm")).unwrap();
    let (plan, run) = (
        on(&place, "third", &["plan", "study.toml"]),
        on(&place, "third", &["run", "study.toml"]),
    );
    assert_eq!(plan.0, 96, "{}", plan.1);
    assert_eq!(plan, run);
    assert!(
        plan.2.contains("data.path") && plan.2.contains("data.name"),
        "{}",
        plan.2
    );
}
