//! Image folders: what is read, what is refused, and what the cache does.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use image::{DynamicImage, GrayImage, ImageFormat, Luma, Rgb, RgbImage, Rgba, RgbaImage};
use seedband_core::one_line;
use seedband_data::{Examples, folder};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

fn save(image: impl Into<DynamicImage>, path: &Path, format: ImageFormat) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    image.into().save_with_format(path, format).unwrap();
}

fn plain(path: &Path, colour: [u8; 3]) {
    save(RgbImage::from_pixel(4, 3, Rgb(colour)), path, ImageFormat::Png);
}

/// Two classes below `train`, of two and one image of 4x3.
fn two_classes() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    plain(&root.path().join("train/dog/1.png"), [3, 30, 230]);
    plain(&root.path().join("train/cat/b.png"), [2, 20, 220]);
    plain(&root.path().join("train/cat/a.PNG"), [1, 10, 210]);
    root
}

fn read(root: &Path) -> Examples {
    folder::read(root, None, None, None).unwrap()
}

fn read_validation(root: &Path) -> Result<Examples, String> {
    folder::read_validation(root, None, None).map_err(|error| one_line(&error))
}

fn refused(root: &Path) -> String {
    one_line(&folder::read(root, None, None, None).unwrap_err())
}

#[test]
fn classes_and_files_come_in_the_order_of_their_names() {
    let root = two_classes();
    let images = read(root.path());
    assert_eq!(
        (&images.labels[..], images.shape.sides(), images.classes),
        (&[0, 0, 1][..], [3, 3, 4], 2)
    );
    let firsts: Vec<u8> = images.bytes().iter().copied().step_by(12).collect();
    assert_eq!(firsts, [1, 10, 210, 2, 20, 220, 3, 30, 230]);
    let few = folder::read(root.path(), Some(1), None, None).unwrap();
    assert_eq!((&few.labels[..], few.bytes()[0], few.bytes()[36]), (&[0, 1][..], 1, 3));
    // The folder of the classes itself can be named too.
    assert_eq!(
        read(&root.path().join("train")).fingerprint(),
        read(root.path()).fingerprint()
    );
}

#[test]
fn validation_images_have_the_classes_of_the_training_images() {
    let root = two_classes();
    let missing = read_validation(root.path()).unwrap_err();
    assert!(
        missing.starts_with(&format!("`{}` holds no `train`", root.path().display()))
            && missing.contains("`test`, `val`, `valid` or `validation`")
            && missing.ends_with("or set `validation.every = 0`"),
        "{missing}"
    );
    plain(&root.path().join("valid/dog/1.png"), [4, 40, 240]);
    let message = read_validation(root.path()).unwrap_err();
    assert!(message.contains("valid` holds 1 class folder, and"), "{message}");
    plain(&root.path().join("valid/cat/1.png"), [5, 50, 250]);
    let images = read_validation(root.path()).unwrap();
    assert_eq!(
        (&images.labels[..], images.classes, images.bytes()[0]),
        (&[0, 1][..], 2, 5)
    );
    // `test` comes first where there are both.
    for (class, value) in [("cat", 6), ("dog", 7), ("emu", 8)] {
        plain(&root.path().join(format!("test/{class}/1.png")), [value; 3]);
    }
    let message = read_validation(root.path()).unwrap_err();
    assert!(
        message.contains("test` has a class `emu`, and `train` has not; ")
            && message.contains("set `validation.every = 0`"),
        "{message}"
    );
    fs::rename(root.path().join("test/dog"), root.path().join("test/fox")).unwrap();
    let message = read_validation(root.path()).unwrap_err();
    assert!(
        message.contains("test` has no class `dog`, and `train` has"),
        "{message}"
    );
    fs::remove_dir_all(root.path().join("test/fox")).unwrap();
    fs::rename(root.path().join("test/emu"), root.path().join("test/dog")).unwrap();
    assert_eq!(read_validation(root.path()).unwrap().bytes()[0], 6);
    // Where classes lie side by side without `train`, nothing tells a class from a folder of validation images.
    fs::rename(root.path().join("train/cat"), root.path().join("cat")).unwrap();
    fs::remove_dir_all(root.path().join("train")).unwrap();
    let message = read_validation(root.path()).unwrap_err();
    assert!(message.contains("holds `test` and no `train` beside it"), "{message}");
}

#[test]
fn pixels_keep_their_place() {
    let root = two_classes();
    let image = RgbImage::from_fn(4, 3, |x, y| Rgb([(10 * y + x) as u8, 100, 200 + (10 * y + x) as u8]));
    save(image, &root.path().join("train/cat/a.PNG"), ImageFormat::Png);
    let images = read(root.path());
    let pixels = images.bytes();
    assert_eq!(pixels[..12], [0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23]);
    assert_eq!(pixels[12..24], [100; 12]);
    assert_eq!(pixels[24..28], [200, 201, 202, 203]);
}

#[test]
fn grey_transparent_and_misnamed_images_become_rgb() {
    let root = two_classes();
    let train = root.path().join("train");
    save(
        GrayImage::from_pixel(4, 3, Luma([77])),
        &train.join("cat/grey.png"),
        ImageFormat::Png,
    );
    save(
        RgbaImage::from_pixel(4, 3, Rgba([5, 105, 205, 51])),
        &train.join("cat/clear.jpg"),
        ImageFormat::Png,
    );
    save(
        RgbImage::from_pixel(4, 3, Rgb([128; 3])),
        &train.join("dog/deep/photo.jpeg"),
        ImageFormat::Jpeg,
    );
    fs::write(train.join("cat/.hidden.png"), "no image").unwrap();
    fs::write(train.join("cat/notes.txt"), "no image").unwrap();
    fs::create_dir(train.join(".ipynb_checkpoints")).unwrap();
    let images = read(root.path());
    assert_eq!(images.labels, [0, 0, 0, 0, 1, 1]);
    // A fifth of its colour over white: 0.2 x + 0.8 * 255.
    let first = |image: usize| [0, 12, 24].map(|plane| images.bytes()[36 * image + plane]);
    assert_eq!((first(2), first(3)), ([205, 225, 245], [77, 77, 77]));
    // An even grey survives JPEG unchanged but for rounding.
    assert!(first(5).iter().all(|value| value.abs_diff(128) <= 1), "{:?}", first(5));
}

#[test]
fn sizes_have_to_agree_or_are_made_to() {
    let root = two_classes();
    save(
        RgbImage::from_pixel(8, 8, Rgb([50, 60, 70])),
        &root.path().join("train/dog/2.png"),
        ImageFormat::Png,
    );
    let message = refused(root.path());
    assert!(
        message.contains("dog/2.png` is 8x8 pixels and") && message.contains("is 4x3; set `data.image-size`"),
        "{message}"
    );
    let images = folder::read(root.path(), None, Some(6), None).unwrap();
    assert_eq!((images.shape.sides(), images.bytes().len()), ([3, 6, 6], 4 * 3 * 36));
    // A plain image stays plain at any size.
    assert!(images.bytes()[..36].iter().all(|value| *value == 1));
    assert!(images.bytes()[3 * 108..3 * 108 + 36].iter().all(|value| *value == 50));
}

#[test]
fn what_cannot_be_used_is_named() {
    let root = two_classes();
    fs::write(root.path().join("train/dog/2.png"), "no image").unwrap();
    let message = refused(root.path());
    assert!(message.contains("dog/2.png` is no image by its content"), "{message}");
    let whole = fs::read(root.path().join("train/dog/1.png")).unwrap();
    fs::write(root.path().join("train/dog/2.png"), &whole[..whole.len() / 2]).unwrap();
    assert!(refused(root.path()).contains("dog/2.png"));
    fs::remove_file(root.path().join("train/dog/2.png")).unwrap();
    fs::create_dir(root.path().join("train/emu")).unwrap();
    let message = refused(root.path());
    assert!(message.contains("emu` holds no image"), "{message}");
    fs::remove_dir(root.path().join("train/emu")).unwrap();
    fs::remove_dir_all(root.path().join("train/dog")).unwrap();
    let message = refused(root.path());
    assert!(message.contains("holds 1 class folder, and"), "{message}");
    let message = refused(&root.path().join("nowhere"));
    assert!(
        message.contains("cannot read") && message.contains("nowhere`: No such file"),
        "{message}"
    );
}

/// The only file in a cache folder.
fn only_file(cache: &TempDir) -> std::path::PathBuf {
    let files: Vec<_> = fs::read_dir(cache.path().join("seedband"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files[0].clone()
}

#[test]
fn decoded_images_are_kept_and_checked() {
    let (root, cache) = (two_classes(), tempfile::tempdir().unwrap());
    let place = cache.path().join("seedband");
    let read = |size| folder::read(root.path(), None, size, Some(&place)).unwrap();
    let images = read(None);
    let file = only_file(&cache);
    // Of the same length and time of change, but no image any more: only the cache can answer.
    let victim = root.path().join("train/dog/1.png");
    let (length, changed) = (
        fs::metadata(&victim).unwrap().len(),
        fs::metadata(&victim).unwrap().modified().unwrap(),
    );
    fs::write(&victim, vec![0; length as usize]).unwrap();
    fs::File::options()
        .write(true)
        .open(&victim)
        .unwrap()
        .set_modified(changed)
        .unwrap();
    assert_eq!(read(None), images);
    // A damaged cache is not believed, so that the broken image shows.
    let mut bytes = fs::read(&file).unwrap();
    *bytes.last_mut().unwrap() ^= 1;
    fs::write(&file, bytes).unwrap();
    assert!(folder::read(root.path(), None, None, Some(&place)).is_err());
    plain(&victim, [9, 9, 9]);
    assert_ne!(read(None), images);
    assert_eq!(read(Some(5)).shape.height(), 5);
}

#[test]
fn a_cache_that_cannot_be_written_is_no_error() {
    let (root, cache) = (two_classes(), tempfile::tempdir().unwrap());
    let blocked = cache.path().join("file");
    fs::write(&blocked, "in the way").unwrap();
    let images = folder::read(root.path(), None, None, Some(&blocked.join("seedband"))).unwrap();
    assert_eq!(images, read(root.path()));
}
