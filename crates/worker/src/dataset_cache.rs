//! The data of the last trial, kept for the next.

use crate::dataset::Dataset;
use crate::failure::TrialError;
use seedband_core::protocol::Train;
use seedband_core::settings::Data;
use seedband_data::{read, read_validation};
use std::path::PathBuf;
use tch::Device;

/// The images in memory, those of one `[data]` table at most.
#[derive(Debug, Default)]
pub struct DatasetCache(Option<Datasets>);

/// Images and what they were loaded for.
#[derive(Debug)]
struct Datasets {
    data: Data,
    path: Option<PathBuf>,
    training: Dataset,
    /// The validation images and the size of their sample, from the first trial on that asked for them.
    validation: Option<(Option<u32>, Dataset)>,
}

impl DatasetCache {
    /// The training images of `request`, and its validation images where it is to be validated. What is here already is
    /// not loaded again, and what is loaded stays here.
    ///
    /// # Errors
    /// Images that cannot be had. The cache then is empty or holds whole sets.
    pub fn load(&mut self, request: &Train, device: Device) -> Result<(&Dataset, Option<&Dataset>), TrialError> {
        let source = &request.trial.recipe.trainer.require_built_in()?.data;
        let (data, path) = (source.identity(), request.data_path.clone());
        let datasets = match self.0.take() {
            Some(datasets) if datasets.data == data && datasets.path == path => datasets,
            // The old images are gone before the new ones come: two sets need not fit in memory at once.
            _ => Datasets {
                training: Dataset::new(&read(source, path.as_deref())?, device)?,
                validation: None,
                data,
                path,
            },
        };
        let datasets = self.0.insert(datasets);
        let Some(settings) = request.trial.validation() else {
            return Ok((&datasets.training, None));
        };
        let sample = settings.images;
        let validation = match datasets.validation.take() {
            Some((of, images)) if of == sample => images,
            _ => {
                let path = datasets.path.as_deref();
                let training = &datasets.training;
                let images = read_validation(source, path, sample, training.shape, training.classes)?;
                Dataset::new(&images, device)?
            }
        };
        let (_, validation) = datasets.validation.insert((sample, validation));
        Ok((&datasets.training, Some(validation)))
    }
}
