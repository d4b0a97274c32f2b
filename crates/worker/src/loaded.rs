//! The images of the last trial, kept for the next.

use crate::data::{self, DataError, Dataset};
use seedband_core::protocol::Train;
use seedband_core::settings::Data;
use std::path::PathBuf;
use tch::Device;

/// The images in memory and what they were loaded for.
#[derive(Debug)]
pub struct Loaded {
    data: Data,
    path: Option<PathBuf>,
    training: Dataset,
    /// The validation images and the size of their sample, from the first trial on that asked for them.
    validation: Option<(Option<u32>, Dataset)>,
}

impl Loaded {
    /// The training images of `request`, and its validation images where it is to be validated. What `kept` holds already is taken from
    /// there, and what is loaded is left in it.
    ///
    /// # Errors
    /// Images that cannot be had. `kept` then is empty or holds whole sets.
    pub fn of<'a>(
        kept: &'a mut Option<Self>,
        request: &Train,
        device: Device,
    ) -> Result<(&'a Dataset, Option<&'a Dataset>), DataError> {
        let recipe = &request.trial.recipe;
        let (data, path) = (recipe.trainer.data.identity(), request.data_path.clone());
        let loaded = match kept.take() {
            Some(loaded) if loaded.data == data && loaded.path == path => loaded,
            // The old images are gone before the new ones come: two sets need not fit in memory at once.
            _ => Self {
                training: Dataset::new(&data::read(&recipe.trainer.data, path.as_deref())?, device)?,
                validation: None,
                data,
                path,
            },
        };
        let loaded = kept.insert(loaded);
        let Some(validation) = request.trial.validation() else {
            return Ok((&loaded.training, None));
        };
        let sample = validation.images;
        let images = match loaded.validation.take() {
            Some((kept, images)) if kept == sample => images,
            _ => {
                let path = loaded.path.as_deref();
                Dataset::new(
                    &data::read_validation(&recipe.trainer.data, path, sample, &loaded.training)?,
                    device,
                )?
            }
        };
        let (_, images) = loaded.validation.insert((sample, images));
        Ok((&loaded.training, Some(images)))
    }
}
