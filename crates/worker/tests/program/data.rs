//! The fingerprint of the data.

use crate::{request, small, worker};
use seedband_core::protocol::{self, Event, Request, Train};
use seedband_core::settings::{Data, Source};
use std::io::Write;
use std::path::Path;

fn write_folder(root: &Path) {
    for (class, value) in [("a", 40), ("b", 200)] {
        std::fs::create_dir_all(root.join(class)).unwrap();
        for index in 0..4 {
            let pixel = image::Rgb([value, index * 20, value / 2]);
            image::RgbImage::from_pixel(9, 9, pixel)
                .save(root.join(class).join(format!("{index}.png")))
                .unwrap();
        }
    }
}

#[test]
fn equal_data_has_an_equal_fingerprint_wherever_it_lies() {
    let (one, two, cache) = (
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
        tempfile::tempdir().unwrap(),
    );
    write_folder(one.path());
    write_folder(two.path());
    let fingerprint = |root: &Path| {
        let mut recipe = small();
        recipe.trainer.built_in_mut().unwrap().data = Data {
            source: Source::ImageFolder,
            path: Some("data".into()),
            ..Data::default()
        };
        recipe.trainer.built_in_mut().unwrap().batches.batch_size = 4;
        let request = Train {
            data_path: Some(root.into()),
            ..request(&recipe, 0)
        };
        let mut child = worker().env("XDG_CACHE_HOME", cache.path()).spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(protocol::to_line(&Request::Train(request)).as_bytes())
            .unwrap();
        let output = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        assert_eq!(output.lines().count(), 11, "{output}");
        let Event::Started(started) = serde_json::from_str(output.lines().nth(1).unwrap()).unwrap() else {
            panic!("{output}")
        };
        started.data.unwrap()
    };
    let first = fingerprint(one.path());
    assert_eq!(fingerprint(two.path()), first);
    // From the cache it is the same.
    assert_eq!(fingerprint(one.path()), first);
    image::RgbImage::from_pixel(9, 9, image::Rgb([1, 2, 3]))
        .save(two.path().join("a/0.png"))
        .unwrap();
    assert_ne!(fingerprint(two.path()), first);
}
