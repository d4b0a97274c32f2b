use super::*;

fn study() -> (tempfile::TempDir, StudyDir) {
    let root = tempfile::tempdir().unwrap();
    let dir = StudyDir::new(root.path());
    (root, dir)
}

fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn read(dir: &StudyDir, name: &str) -> Option<String> {
    fs::read_to_string(dir.root().join(name)).ok()
}

/// A generation with these files.
fn made<'a>(dir: &'a StudyDir, files: &[&str], text: &str) -> Generation<'a> {
    let generation = Generation::begin(dir).unwrap();
    for name in files {
        write(&generation.root.join(name), text);
    }
    generation
}

/// What is in the study's folder, by name.
fn names(dir: &StudyDir) -> Vec<String> {
    let entries = fs::read_dir(dir.root()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

const FILES: [&str; 3] = ["aggregate/summary.json", "report/index.html", "report/figures/a.svg"];

#[test]
fn a_generation_takes_the_place_of_another() {
    let (_root, dir) = study();
    made(&dir, &FILES, "1").publish().unwrap();
    assert_eq!(read(&dir, "report/figures/a.svg").as_deref(), Some("1"));
    // What is somebody else's stays; what the new one has not goes.
    write(&dir.root().join("report/figures/mine.png"), "mine");
    write(&dir.root().join("aggregate/notes.txt"), "mine");
    made(&dir, &FILES[..2], "2").publish().unwrap();
    assert_eq!(read(&dir, "aggregate/summary.json").as_deref(), Some("2"));
    assert_eq!(read(&dir, "report/index.html").as_deref(), Some("2"));
    assert_eq!(read(&dir, "report/figures/a.svg"), None);
    assert_eq!(read(&dir, "report/figures/mine.png").as_deref(), Some("mine"));
    assert_eq!(read(&dir, "aggregate/notes.txt").as_deref(), Some("mine"));
    // Tables alone: the page stays.
    made(&dir, &FILES[..1], "3").publish().unwrap();
    assert_eq!(read(&dir, "report/index.html").as_deref(), Some("2"));
    assert_eq!(names(&dir), ["aggregate", "report"]);
}

#[test]
fn what_is_not_published_leaves_no_trace() {
    let (_root, dir) = study();
    drop(made(&dir, &FILES, "1"));
    assert!(names(&dir).is_empty());
}

/// Folders from before there were lists, or whose list is torn: what is not made anew may be anybody's.
#[test]
fn without_a_list_nothing_goes_that_is_not_made_anew() {
    for list in [None, Some(""), Some("{")] {
        let (_root, dir) = study();
        for name in [
            "report/figures/mine.png",
            "report/notes.md",
            "aggregate/lab.csv",
            "report/index.html",
        ] {
            write(&dir.root().join(name), "mine");
        }
        if let Some(list) = list {
            write(&dir.root().join("report/.generation"), list);
        }
        made(&dir, &FILES, "1").publish().unwrap();
        for name in ["report/figures/mine.png", "report/notes.md", "aggregate/lab.csv"] {
            assert_eq!(read(&dir, name).as_deref(), Some("mine"), "{name}");
        }
        assert_eq!(read(&dir, "report/index.html").as_deref(), Some("1"));
        assert_eq!(names(&dir), ["aggregate", "report"]);
    }
}

/// A publisher that dies after the first of the two folders, or before it: the next one goes on.
#[test]
fn what_a_dead_publisher_has_begun_is_finished() {
    for exchanged in 0..=2 {
        let (_root, dir) = study();
        made(&dir, &FILES, "1").publish().unwrap();
        let generation = made(&dir, &FILES, "2");
        let id = "0123456789abcdef";
        for part in PARTS {
            let part = generation.root.join(part);
            let files = files_below(&part).unwrap();
            fsio::write_json(&part.join(MANIFEST), &Manifest { id: id.into(), files }).unwrap();
        }
        let publishing = dir.root().join(format!(".publishing.{id}-0.tmp"));
        rename(&generation.root, &publishing).unwrap();
        write(&dir.root().join("aggregate/mine.csv"), "mine");
        for part in &PARTS[..exchanged] {
            exchange(&publishing.join(part), &dir.root().join(part)).unwrap();
        }
        drop(generation);
        drop(Generation::begin(&dir).unwrap());
        assert_eq!(
            read(&dir, "aggregate/summary.json").as_deref(),
            Some("2"),
            "{exchanged}"
        );
        assert_eq!(read(&dir, "report/index.html").as_deref(), Some("2"), "{exchanged}");
        assert_eq!(read(&dir, "aggregate/mine.csv").as_deref(), Some("mine"), "{exchanged}");
        assert_eq!(names(&dir), ["aggregate", "report"]);
    }
}

/// Two files of one name, and a folder in the way: what is somebody else's is not written over and not removed.
#[test]
fn what_cannot_be_kept_in_its_place_is_kept_elsewhere() {
    let (_root, dir) = study();
    made(&dir, &FILES[..2], "1").publish().unwrap();
    write(&dir.root().join("report/figures/a.svg"), "mine");
    made(&dir, &FILES, "2").publish().unwrap();
    assert_eq!(read(&dir, "report/figures/a.svg").as_deref(), Some("2"));
    let kept = names(&dir).into_iter().find(|name| name.starts_with("kept-")).unwrap();
    assert_eq!(
        read(&dir, &format!("{kept}/report/figures/a.svg")).as_deref(),
        Some("mine")
    );
}

/// A folder that was prepared by somebody, to be taken for a generation that waits.
#[test]
fn a_planted_link_is_no_generation() {
    let (root, dir) = study();
    let outside = tempfile::tempdir().unwrap();
    let id = "0123456789abcdef";
    write(&outside.path().join("precious"), "theirs");
    let files = BTreeSet::from([PathBuf::from("precious")]);
    fsio::write_json(&outside.path().join(MANIFEST), &Manifest { id: id.into(), files }).unwrap();
    let planted = root.path().join(format!(".publishing.{id}-0.tmp"));
    fs::create_dir(&planted).unwrap();
    std::os::unix::fs::symlink(outside.path(), planted.join("report")).unwrap();
    made(&dir, &FILES, "1").publish().unwrap();
    assert_eq!(read(&dir, "report/index.html").as_deref(), Some("1"));
    assert_eq!(fs::read_to_string(outside.path().join("precious")).unwrap(), "theirs");
}

#[test]
fn nothing_is_published_through_a_link() {
    let (root, dir) = study();
    let outside = tempfile::tempdir().unwrap();
    write(&outside.path().join("summary.json"), "theirs");
    std::os::unix::fs::symlink(outside.path(), root.path().join("aggregate")).unwrap();
    assert!(made(&dir, &FILES, "1").publish().is_err());
    assert!(!dir.report().exists(), "nothing of it is put in place");
    assert_eq!(
        fs::read_to_string(outside.path().join("summary.json")).unwrap(),
        "theirs"
    );
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
}
