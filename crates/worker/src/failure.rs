//! Why a trial could not be trained.

use crate::data::DataError;
use crate::state_dict::WeightsError;
use seedband_core::Invalid;
use seedband_core::files::fsio::FsError;
use seedband_core::protocol::FailureClass;
use std::error::Error;
use std::io;
use tch::TchError;

/// Anything that ends a trial but its own curve.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// The training images cannot be had.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A setting is out of its range.
    #[error(transparent)]
    Setting(#[from] Invalid),
    /// Settings and data do not fit each other.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// libtorch refused an operation.
    #[error(transparent)]
    Torch(#[from] TchError),
    /// The file to start from cannot be used.
    #[error(transparent)]
    Weights(#[from] WeightsError),
    /// The initial weights cannot be kept.
    #[error(transparent)]
    Save(#[from] FsError),
    /// A bug of ours or of a library.
    #[error("the worker panicked: {0}")]
    Panic(String),
    /// An event could not be written; the runner is gone, so nobody is told.
    #[error("cannot write an event")]
    Output(#[source] io::Error),
}

/// Settings that are fine by themselves but not with this data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
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
        "a `cnn` halves its images three times and needs 8 pixels a side, and these have {height}x{width}; use larger images"
    )]
    Small {
        /// Height of the images.
        height: usize,
        /// Width of the images.
        width: usize,
    },
}

impl TrialError {
    /// The kind of failure as the protocol names it.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Data(DataError::Torch(error)) | Self::Weights(WeightsError::Torch(error)) | Self::Torch(error)
                if is_out_of_memory(error) =>
            {
                FailureClass::OutOfMemory
            }
            Self::Data(DataError::Torch(error)) | Self::Weights(WeightsError::Torch(error)) | Self::Torch(error)
                if is_lost_device(error) =>
            {
                FailureClass::LostDevice
            }
            Self::Data(DataError::Torch(_))
            | Self::Weights(WeightsError::Torch(_))
            | Self::Torch(_)
            | Self::Panic(_)
            | Self::Output(_) => FailureClass::Internal,
            Self::Setting(_) | Self::Unfit(_) | Self::Weights(WeightsError::Unfit { .. }) => FailureClass::BadStudy,
            Self::Data(_) | Self::Weights(_) => FailureClass::BadData,
            Self::Save(_) => FailureClass::Storage,
        }
    }
}

/// Whether libtorch says that memory is short, in the words of its CUDA allocator or of its CPU allocator (c10 2.11).
fn is_out_of_memory(error: &TchError) -> bool {
    let text = error.to_string();
    ["out of memory", "can't allocate memory", "not enough memory"]
        .iter()
        .any(|words| text.contains(words))
}

/// Whether libtorch says that the device itself does not work any more, in the words of `cudaGetErrorString` (CUDA 13.0): errors 46, 100, 214, 220,
/// 304, 714 and 999 of `cudaError_t`. Errors that a wrong program causes as well, such as an illegal address, are not among them.
fn is_lost_device(error: &TchError) -> bool {
    let text = error.to_string();
    text.contains("CUDA error")
        && [
            "CUDA-capable device(s) is/are busy or unavailable",
            "no CUDA-capable device is detected",
            "uncorrectable ECC error encountered",
            "uncorrectable NVLink error detected during the execution",
            "OS call failed or operation not supported on this OS",
            "hardware stack error",
            "unknown error",
        ]
        .iter()
        .any(|words| text.contains(words))
}

/// An error and its causes on one line. Of a cause that spans several lines, such as libtorch's with its call stack, the first is taken.
pub fn one_line(error: &dyn Error) -> String {
    let mut line = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        let text = text.lines().next().unwrap_or_default();
        // A transparent wrapper repeats its cause's text.
        if !line.ends_with(text) {
            if !line.is_empty() {
                line.push_str(": ");
            }
            line.push_str(text);
        }
        next = error.source();
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_follow_on_one_line() {
        let error = TrialError::Output(io::Error::other("the pipe broke\nhere"));
        assert_eq!(one_line(&error), "cannot write an event: the pipe broke");
        let error = TrialError::Torch(TchError::Torch("mat1 and mat2 differ\nException raised from …".into()));
        assert_eq!(one_line(&error), "Internal torch error: mat1 and mat2 differ");
    }

    /// The texts are those of libtorch 2.11.
    #[test]
    fn classes() {
        let torch = |text: &str| TrialError::from(TchError::Torch(text.into())).class();
        assert_eq!(
            torch("CUDA out of memory. Tried to allocate 2.00 GiB."),
            FailureClass::OutOfMemory
        );
        assert_eq!(
            torch("[enforce fail at alloc_cpu.cpp:124] DefaultCPUAllocator: can't allocate memory"),
            FailureClass::OutOfMemory
        );
        assert_eq!(
            torch("CUDA error: uncorrectable ECC error encountered"),
            FailureClass::LostDevice
        );
        assert_eq!(
            torch("CUDA error: an illegal memory access was encountered"),
            FailureClass::Internal
        );
        assert_eq!(
            TrialError::from(Unfit::Batch { batch: 2, images: 1 }).class(),
            FailureClass::BadStudy
        );
    }

    #[test]
    fn libtorch_short_of_memory_is_recognised() {
        // 2^60 floats are more than any machine's address space.
        let error = tch::Tensor::f_empty([1 << 60], (tch::Kind::Float, tch::Device::Cpu)).unwrap_err();
        assert_eq!(TrialError::from(error).class(), FailureClass::OutOfMemory);
    }
}
