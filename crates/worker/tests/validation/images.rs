//! The images of a validation.

use crate::{recipe, request};
use seedband_core::recipe::Recipe;
use seedband_core::settings::{Architecture, Data, Source, Validation};
use seedband_data::{Examples, synthetic};
use seedband_worker::dataset::Dataset;
use seedband_worker::dataset_cache::DatasetCache;
use seedband_worker::failure::one_line;
use std::path::Path;
use tch::Device;

#[test]
fn the_sample_is_the_same_for_all_seeds_and_stays_loaded() {
    let mut recipe = recipe(Architecture::Mlp, 1);
    recipe.trainer.built_in_mut().unwrap().data.images_per_class = Some(3);
    recipe.validation.images = Some(120);
    let mut cache = DatasetCache::default();
    let mut load = |recipe: &Recipe, seed| {
        let (training, validation) = cache.load(&request(recipe, seed), Device::Cpu).unwrap();
        let at = |dataset: &Dataset| (dataset.count, dataset.fingerprint.clone(), dataset.values.data_ptr());
        (at(training), validation.map(at))
    };
    let (training, first) = load(&recipe, 0);
    let first = first.unwrap();
    assert_eq!((training.0, first.0), (30, 120));
    assert_eq!(
        load(&recipe, 1),
        (training.clone(), Some(first.clone())),
        "the same, and in the same place"
    );
    let mut off = recipe.clone();
    off.validation = Validation::default();
    assert_eq!(load(&off, 2), (training.clone(), None));
    assert_eq!(load(&recipe, 3).1, Some(first.clone()));
    // Drawn from all images, none twice.
    let all = synthetic::make_validation(0.25, 0);
    let images = |images: &Examples| -> Vec<Vec<u8>> { images.bytes().chunks(3072).map(<[u8]>::to_vec).collect() };
    let beside = synthetic::make(1, 0.25, 0);
    let data = &recipe.trainer.built_in().unwrap().data;
    let of = |sample| seedband_data::read_validation(data, None, sample, beside.shape, 10).unwrap();
    let (chosen, from) = (images(&of(Some(120))), images(&all));
    let place = |image| from.iter().position(|other| other == image).unwrap();
    let places: Vec<usize> = chosen.iter().map(place).collect();
    assert!(places.is_sorted_by(|a, b| a < b) && places[119] > 120, "{places:?}");
    assert_eq!(of(Some(500)), all);
    assert_eq!(of(Some(501)), all);
    assert_eq!(of(None), all);
    let mut other = recipe.clone();
    other.validation.images = Some(121);
    let (again, second) = load(&other, 0);
    assert_eq!((again, second.unwrap().0), (training, 121));
}

#[test]
fn validation_images_have_the_size_of_the_training_images() {
    let root = tempfile::tempdir().unwrap();
    let save = |place: &str, side| {
        let path = root.path().join(place);
        std::fs::create_dir_all(&path).unwrap();
        image::RgbImage::new(side, side).save(path.join("1.png")).unwrap();
    };
    for (set, side) in [("train", 4), ("val", 5)] {
        save(&format!("{set}/a"), side);
        save(&format!("{set}/b"), side);
    }
    let data = |image_size| Data {
        source: Source::ImageFolder,
        path: Some("data".into()),
        image_size,
        ..Data::default()
    };
    let read = |data: &Data, path: Option<&Path>| {
        let training = seedband_data::read(data, Some(root.path())).unwrap();
        seedband_data::read_validation(data, path, None, training.shape, 2).map_err(|error| one_line(&error))
    };
    let message = read(&data(None), Some(root.path())).unwrap_err();
    assert!(
        message
            .contains("has validation images of 5x5 pixels and training images of 4x4 pixels; set `data.image-size`"),
        "{message}"
    );
    assert_eq!(read(&data(Some(4)), Some(root.path())).unwrap().count(), 2);
    assert!(read(&data(None), None).unwrap_err().contains("set `data.path`"));
}
