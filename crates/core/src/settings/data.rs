use crate::{Invalid, check};
use serde::{Deserialize, Serialize};

/// The training data, table `[data]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Data {
    /// Where examples come from. Default `synthetic`.
    pub source: Source,
    /// Folder of the files, or for `arrays` a `.npz` file; `${NAME}` stands for an environment variable, a relative path starts at the study file.
    /// Needed by every source but `synthetic`. The path as written is part of a trial's identity unless `name` is set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// What this data is called in ids and reports, so that the same data in another folder stays the same data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Where this data lay when the first trials on it were trained, in place of `path` in their ids. Written into the
    /// study of a results folder whose data has moved; nobody has to set it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_path: Option<String>,
    /// Use only the first so many training examples of each class, in file order. Default: all (`synthetic`: 200).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub images_per_class: Option<u32>,
    /// `image-folder`: every image is resized to a square of this many pixels; without it all images must have one size
    /// already.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image_size: Option<u32>,
    /// `arrays`: the names of the array of training examples and of that of their classes. Default: names that Keras,
    /// scikit-learn, `MedMNIST` and others use, see [`ARRAYS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub arrays: Option<[String; 2]>,
    /// `arrays`: the same for validation. Default: see [`VALIDATION_ARRAYS`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation_arrays: Option<[String; 2]>,
    /// `arrays`, `idx`: the order of an image array's axes. Default: the one that its shape allows; where it allows both,
    /// this has to be set.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub layout: Option<Layout>,
    /// `synthetic`: standard deviation of the pixel noise in units of the full range 0 to 1. Default 0.25.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noise: Option<f64>,
    /// `synthetic`: the seed of the images themselves, the same for all trials. Default 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed: Option<u64>,
}

/// Names that are looked for where `data.arrays` is not set, upper or lower case: examples and their classes.
pub const ARRAYS: [[&str; 2]; 7] = [
    ["x_train", "y_train"],
    ["train_images", "train_labels"],
    ["train_x", "train_y"],
    ["x", "y"],
    ["images", "labels"],
    ["data", "target"],
    ["data", "labels"],
];

/// Names that are looked for where `data.validation-arrays` is not set.
pub const VALIDATION_ARRAYS: [[&str; 2]; 6] = [
    ["x_test", "y_test"],
    ["test_images", "test_labels"],
    ["test_x", "test_y"],
    ["x_val", "y_val"],
    ["val_images", "val_labels"],
    ["val_x", "val_y"],
];

/// The order of the axes of an array of images.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layout {
    /// Image, row, column, channel, as Keras and TensorFlow keep them.
    Nhwc,
    /// Image, channel, row, column, as PyTorch keeps them.
    Nchw,
}

/// Where examples come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Ten classes of 32x32 colour images made on the spot; no file is read.
    #[default]
    Synthetic,
    /// CIFAR-10 binary version: `data_batch_1.bin` to `data_batch_5.bin`, `test_batch.bin`.
    Cifar10,
    /// CIFAR-100 binary version: `train.bin`, `test.bin`; the fine label counts.
    Cifar100,
    /// `train/<class>/*.{jpg,jpeg,png,webp,bmp,tif,tiff}`, or `<class>/*` without `train`; for a validation `test`, or
    /// else `val` or `valid`, beside `train`.
    ImageFolder,
    /// NumPy's arrays of images or features: a `.npz` file, or a folder of `.npy` files.
    Arrays,
    /// The files of MNIST and its like, plain or gzipped: `train-images-idx3-ubyte`, `train-labels-idx1-ubyte`,
    /// `t10k-images-idx3-ubyte`, `t10k-labels-idx1-ubyte`.
    Idx,
}

impl Source {
    /// Whether `data.path` may name a file in place of a folder.
    pub fn may_be_file(self) -> bool {
        self == Self::Arrays
    }

    /// The name as it stands in TOML.
    pub fn name(self) -> &'static str {
        match self {
            Self::Synthetic => "synthetic",
            Self::Cifar10 => "cifar10",
            Self::Cifar100 => "cifar100",
            Self::ImageFolder => "image-folder",
            Self::Arrays => "arrays",
            Self::Idx => "idx",
        }
    }
}

impl Data {
    /// The same data with every key of its source filled in.
    #[must_use]
    pub fn resolved(&self) -> Self {
        let mut data = self.clone();
        if self.source == Source::Synthetic {
            data.noise = Some(self.noise.unwrap_or(0.25));
            data.seed = Some(self.seed.unwrap_or(0));
            data.images_per_class = Some(self.images_per_class.unwrap_or(200));
        }
        data
    }

    /// What two trials must share to have seen the same images: everything, but the path where a name or an earlier path
    /// stands for it.
    #[must_use]
    pub fn identity(&self) -> Self {
        let mut data = self.resolved();
        if let Some(first) = data.first_path.take() {
            (data.path, data.name) = (Some(first), None);
        } else if data.name.is_some() {
            data.path = None;
        }
        data
    }

    /// Checks ranges, and that no key of another source is set.
    pub fn validate(&self) -> Result<(), Invalid> {
        let kind = ("source", self.source);
        let of_files = [
            Source::Cifar10,
            Source::Cifar100,
            Source::ImageFolder,
            Source::Arrays,
            Source::Idx,
        ];
        check::only_with("path", self.path.as_ref(), kind, &of_files)?;
        check::only_with("first-path", self.first_path.as_ref(), kind, &of_files)?;
        for (key, names) in [("arrays", &self.arrays), ("validation-arrays", &self.validation_arrays)] {
            check::only_with(key, names.as_ref(), kind, &[Source::Arrays])?;
        }
        check::only_with("layout", self.layout.as_ref(), kind, &[Source::Arrays, Source::Idx])?;
        check::only_with("noise", self.noise.as_ref(), kind, &[Source::Synthetic])?;
        check::only_with("seed", self.seed.as_ref(), kind, &[Source::Synthetic])?;
        check::only_with("image-size", self.image_size.as_ref(), kind, &[Source::ImageFolder])?;
        let has_path = self.path.as_ref().is_some_and(|path| !path.trim().is_empty());
        if self.source != Source::Synthetic && !has_path {
            return Err(Invalid::new(
                "path",
                "\"\"",
                format!("the source `{}` needs the folder of its files", self.source.name()),
                "path = \"${SEEDBAND_DATA}/cifar-10-batches-bin\"",
            ));
        }
        if let Some(name) = &self.name
            && name.trim().is_empty()
        {
            return Err(Invalid::new(
                "name",
                "\"\"",
                "cannot be empty",
                "name = \"cifar10-jpeg\"",
            ));
        }
        if let Some(count) = self.images_per_class
            && !(1..=10_000_000).contains(&count)
        {
            return Err(Invalid::new(
                "images-per-class",
                count,
                "has to be from 1 to 10000000",
                "images-per-class = 500",
            ));
        }
        if let Some(size) = self.image_size
            && !(4..=1024).contains(&size)
        {
            return Err(Invalid::new(
                "image-size",
                size,
                "has to be from 4 to 1024 pixels",
                "image-size = 32",
            ));
        }
        check::within("noise", self.noise.unwrap_or(0.25), 0.0, 10.0, "noise = 0.25")
    }
}
