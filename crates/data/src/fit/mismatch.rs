//! Settings that do not go with the data.

/// Settings that are fine by themselves but not with this data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DataMismatch {
    /// No full batch can be drawn.
    #[error(
        "a batch of `{batch}` images is larger than the training set of {images} and its smaller batches are left out; \
         lower `training.batch-size` or set `training.drop-last = false`"
    )]
    Batch {
        /// Images a batch.
        batch: u32,
        /// Images there are.
        images: usize,
    },
    /// An image cannot be mirrored further than its own side.
    #[error(
        "a reflected padding of `{padding}` pixels needs images of more than {padding} pixels a side, and these have \
         {height}x{width}; lower `augment.crop-padding` or set `augment.padding-mode = \"zero\"`"
    )]
    Padding {
        /// Pixels of padding.
        padding: u32,
        /// Height of the images.
        height: usize,
        /// Width of the images.
        width: usize,
    },
    /// Every example has the same value in a channel, so that normalising it would divide by zero.
    #[error("every pixel's {0} is the same, so it cannot be normalised; set `pixels.normalize = \"none\"`")]
    Constant(&'static str),
    /// Means and deviations are those of other data.
    #[error(
        "`pixels.mean` and `pixels.std` have {given} numbers, and the data has {channels} channels; give one for each, or \
         leave both out"
    )]
    Channels {
        /// Numbers given.
        given: usize,
        /// Channels, or features, there are.
        channels: usize,
    },
    /// Features have no rows and columns.
    #[error(
        "{0} needs images, and this data is rows of features; use `model.architecture = \"mlp\"` without `[augment]`"
    )]
    Features(&'static str),
    /// A group names parameters that there are not.
    #[error("`{pattern}` in `optimizer.group` fits no parameter; this network has {names}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// Names of the parameters, for people.
        names: String,
    },
    /// Nothing is left to train.
    #[error("`optimizer.group` freezes every parameter; leave out at least one, for example `fc.*`")]
    Frozen,
    /// Pooling would leave nothing.
    #[error(
        "a `cnn` halves its images three times and needs 8 pixels a side, and these have {height}x{width}; use larger \
         images"
    )]
    Small {
        /// Height of the images.
        height: usize,
        /// Width of the images.
        width: usize,
    },
}
