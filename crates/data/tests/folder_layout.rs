//! Image folders that are laid out otherwise, hold other files, or hold files that are damaged.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use image::{Rgb, RgbImage};
use seedband_core::one_line;
use seedband_data::folder::{self, Contents};
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

fn picture(root: &Path, name: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    RgbImage::from_pixel(4, 3, Rgb([1, 2, 3])).save(path).unwrap();
}

/// A folder with such pictures.
fn folder_of(names: &[&str]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for name in names {
        picture(root.path(), name);
    }
    root
}

fn look(root: &TempDir) -> Result<Contents, String> {
    folder::look(root.path(), None, None, None).map_err(|error| one_line(&error))
}

fn read(root: &TempDir) -> Result<usize, String> {
    let images = folder::read(root.path(), None, None, None);
    images.map(|images| images.count()).map_err(|error| one_line(&error))
}

fn classes(root: &TempDir) -> Vec<(String, usize)> {
    look(root).unwrap().classes
}

fn named(classes: &[(&str, usize)]) -> Vec<(String, usize)> {
    classes
        .iter()
        .map(|(name, count)| ((*name).to_owned(), *count))
        .collect()
}

#[test]
fn sets_are_found_by_their_names_in_any_case() {
    for (training, validation) in [
        ("train", "val"),
        ("Train", "Test"),
        ("TRAINING", "Validation"),
        ("training", "testing"),
        ("training_set", "test_set"),
        ("training_set", "test1"),
        ("train2017", "val2017"),
        ("seg_train/seg_train", "seg_test/seg_test"),
    ] {
        let names = ["cold/1.png", "warm/1.png", "warm/2.png"];
        let root = folder_of(&[]);
        for name in names {
            picture(root.path(), &format!("{training}/{name}"));
            picture(root.path(), &format!("{validation}/{name}"));
        }
        assert_eq!(classes(&root), named(&[("cold", 1), ("warm", 2)]), "{training}");
        assert_eq!(read(&root), Ok(3));
        assert_eq!(folder::read_validation(root.path(), None, None).unwrap().count(), 3);
    }
}

#[test]
fn folders_that_are_no_classes_are_refused_with_a_way_out() {
    for (names, part) in [
        (
            &["cold/1.png", "warm/1.png", "test/cold/1.png"][..],
            "holds `test` and no `train` beside it",
        ),
        (
            &["cold/1.png", "warm/1.png", "Validation/1.png"],
            "holds `Validation` and no `train` beside it",
        ),
        (
            &["train/cold/1.png", "train/warm/1.png", "train/val/1.png"],
            "holds `val` among the class folders",
        ),
        (
            &["train/cold/1.png", "Train/warm/1.png"],
            "holds `Train`, `train`, which all say",
        ),
        (
            &["data/train/cold/1.png", "data/train/warm/1.png"],
            "holds `data`, which has a `train` of its own",
        ),
        (
            &[
                "fold1/cold/1.png",
                "fold1/warm/1.png",
                "fold2/cold/1.png",
                "fold2/warm/1.png",
            ],
            "none of them has a picture of its own",
        ),
        (
            &["cold/1.png", "warm/1.png", "thumbnails/1.png"],
            "thumbnails` holds small copies",
        ),
        (
            &["cold/1.png", "warm/1.png", "warm/Thumbs/1.png"],
            "warm/Thumbs` holds small copies",
        ),
        (&["cold/1.png"], "holds 1 class folder, and"),
        (&["1.png", "2.png"], "holds no class folder, and"),
        // An archive that was unpacked into a folder of its own.
        (
            &["images/cold/1.png", "images/warm/1.png"],
            "holds `images` alone, and that holds folders",
        ),
        (
            &["cold/1.png", "warm/1.png", "test_set/cold/1.png"],
            "holds `test_set` and no `train` beside it",
        ),
        (
            &[
                "north/train/cold/1.png",
                "north/train/warm/1.png",
                "south/train/cold/1.png",
            ],
            "holds `north`, `south`, each with training images of its own; set `data.path`",
        ),
        // Classes first, sets within.
        (
            &[
                "cold/train/1.png",
                "cold/test/1.png",
                "warm/train/1.png",
                "warm/test/1.png",
            ],
            "if they are the classes, move the images of `cold/train` to `train/cold`",
        ),
    ] {
        let root = folder_of(names);
        let message = read(&root).unwrap_err();
        assert!(message.contains(part), "{names:?}: {message}");
        assert_eq!(look(&root).unwrap_err(), message);
    }
}

/// As data sets that have one folder more below each class, or one class with a picture of its own.
#[test]
fn pictures_may_lie_deeper_in_a_class() {
    let root = folder_of(&["cold/images/1.png", "warm/images/1.png", "warm/images/2.png"]);
    assert_eq!(classes(&root), named(&[("cold", 1), ("warm", 2)]));
    let root = folder_of(&["cold/a/1.png", "cold/b/1.png", "warm/a/1.png", "warm/2.png"]);
    assert_eq!(classes(&root), named(&[("cold", 2), ("warm", 2)]));
}

#[test]
fn what_is_passed_over_is_said() {
    let root = folder_of(&[
        "train/cold/1.png",
        "train/warm/1.webp",
        "train/0.png",
        "raw/1.png",
        "test/cold/1.png",
    ]);
    for name in [
        "train/cold/1.gif",
        "train/cold/2.GIF",
        "train/warm/notes.txt",
        "train/README",
        "train/cold/.hidden.png",
    ] {
        fs::write(root.path().join(name), "no picture").unwrap();
    }
    for name in ["train/__MACOSX", "train/cold/@eaDir"] {
        picture(root.path(), &format!("{name}/1.png"));
    }
    let expected = [
        "2 `.gif` files",
        "1 file without an extension",
        "1 `.txt` file",
        "1 picture in no class folder",
        "2 folders that a system made (`__MACOSX`, `@eaDir`)",
        "the folder `raw`",
    ];
    let found = look(&root).unwrap();
    assert_eq!(found.passed_over, expected);
    assert_eq!(
        (found.classes, found.height, found.width),
        (named(&[("cold", 1), ("warm", 1)]), 3, 4)
    );
    let root = folder_of(&["cold/1.png"]);
    fs::create_dir(root.path().join("warm")).unwrap();
    fs::write(root.path().join("warm/1.heic"), "no picture").unwrap();
    let message = read(&root).unwrap_err();
    assert!(
        message.contains("warm` holds no image that is read") && message.contains("1 other files"),
        "{message}"
    );
}

#[test]
fn links_that_lead_in_circles_end() {
    let root = folder_of(&["cold/1.png", "warm/1.png", "warm/deep/2.png"]);
    let at = |name: &str| root.path().join(name);
    symlink("..", at("cold/up")).unwrap();
    symlink("../warm", at("warm/self")).unwrap();
    symlink("../warm", at("cold/other")).unwrap();
    symlink("deep", at("warm/again")).unwrap();
    symlink("nowhere", at("warm/gone")).unwrap();
    let found = look(&root).unwrap();
    assert_eq!(found.classes, named(&[("cold", 1), ("warm", 2)]));
    assert_eq!(
        found.passed_over,
        [
            "1 file without an extension",
            "4 links to folders that are read already"
        ]
    );
    assert_eq!(read(&root), Ok(3));
}

/// As where a class has one picture under two names: twice the weight, which nobody asked for.
#[test]
fn no_picture_counts_twice_by_links() {
    let (root, elsewhere) = (folder_of(&["cold/2.png", "warm/1.png"]), folder_of(&["1.png"]));
    let at = |name: &str| root.path().join(name);
    symlink("2.png", at("cold/1.png")).unwrap();
    symlink("../cold/2.png", at("warm/0.png")).unwrap();
    symlink(elsewhere.path().join("1.png"), at("warm/8.png")).unwrap();
    symlink(elsewhere.path().join("1.png"), at("warm/9.png")).unwrap();
    let found = look(&root).unwrap();
    assert_eq!(found.classes, named(&[("cold", 1), ("warm", 2)]));
    assert_eq!(found.passed_over, ["3 links to pictures that are read already"]);
    assert_eq!(read(&root), Ok(3));
    symlink("cold", at("ice")).unwrap();
    let message = read(&root).unwrap_err();
    assert!(
        message.contains("holds `cold` and `ice`, which are one folder by a link"),
        "{message}"
    );
}

/// To open a pipe waits for one who writes to it, and a device may have no end.
#[test]
fn what_is_no_file_is_refused_at_once() {
    let root = folder_of(&["cold/1.png", "warm/1.png"]);
    let made = std::process::Command::new("mkfifo")
        .arg(root.path().join("warm/2.png"))
        .status();
    assert!(made.unwrap().success());
    symlink("/dev/zero", root.path().join("warm/3.png")).unwrap();
    for message in [read(&root).unwrap_err(), look(&root).unwrap_err()] {
        assert!(message.starts_with("2 files cannot be used"), "{message}");
        assert!(message.contains("warm/2.png`: it is not a file"), "{message}");
        assert!(message.contains("warm/3.png`: it is not a file"), "{message}");
    }
}

/// A link to a folder elsewhere is a folder as any other.
#[test]
fn classes_may_be_links() {
    let (root, elsewhere) = (folder_of(&["cold/1.png"]), folder_of(&["1.png", "2.png"]));
    symlink(elsewhere.path(), root.path().join("warm")).unwrap();
    assert_eq!(classes(&root), named(&[("cold", 1), ("warm", 2)]));
}

#[test]
fn all_damaged_files_are_named_at_once() {
    let root = folder_of(&["cold/1.png", "warm/1.png"]);
    for index in 10..35 {
        fs::write(root.path().join(format!("cold/{index}.png")), "x").unwrap();
    }
    for result in [read(&root).map(|_| ()), look(&root).map(|_| ())] {
        let message = result.unwrap_err();
        assert!(message.starts_with("25 files cannot be used: "), "{message}");
        assert!(
            message.contains("cold/10.png`") && message.contains("cold/29.png`"),
            "{message}"
        );
        assert!(
            !message.contains("cold/30.png`") && message.ends_with("; and 5 more"),
            "{message}"
        );
    }
    // The first file is as good as any other.
    for index in 10..34 {
        fs::remove_file(root.path().join(format!("cold/{index}.png"))).unwrap();
    }
    symlink("nowhere", root.path().join("cold/0.png")).unwrap();
    let message = read(&root).unwrap_err();
    assert!(message.starts_with("2 files cannot be used: cannot read"), "{message}");
}

fn stored(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/images").join(name)
}

/// What `make.py` turned and noted is the picture that it had.
#[test]
fn photographs_are_turned_as_they_say() {
    let root = folder_of(&[]);
    for (class, file) in [("a", "plain.png"), ("b", "turned.png")] {
        fs::create_dir(root.path().join(class)).unwrap();
        fs::copy(stored(file), root.path().join(class).join("1.png")).unwrap();
    }
    let images = folder::read(root.path(), None, None, None).unwrap();
    assert_eq!(images.shape.sides(), [3, 16, 24]);
    let (plain, turned) = images.bytes().split_at(3 * 16 * 24);
    assert_eq!(plain, turned);
}

#[test]
fn half_a_photograph_is_refused() {
    let root = folder_of(&["cold/1.png", "warm/1.png"]);
    let whole = fs::read(stored("thumbnail.jpg")).unwrap();
    fs::write(root.path().join("warm/2.jpg"), &whole[..whole.len() - 20]).unwrap();
    let message = read(&root).unwrap_err();
    assert!(
        message.contains("warm/2.jpg` ends in the middle of its pixels"),
        "{message}"
    );
}
