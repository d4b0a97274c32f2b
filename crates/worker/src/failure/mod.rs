//! Why a trial could not be trained.

mod torch;

pub use seedband_core::one_line;
pub use seedband_data::DataMismatch;

use crate::state_dict::WeightsError;
use seedband_core::Invalid;
use seedband_core::files::fsio::FsError;
use seedband_core::protocol::FailureClass;
use seedband_data::DataError;
use std::io;
use tch::TchError;
use torch::{is_lost_device, is_out_of_memory};

/// Anything that ends a trial but its own curve.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// The data cannot be had.
    #[error(transparent)]
    Data(#[from] DataError),
    /// A setting is out of its range.
    #[error(transparent)]
    Setting(#[from] Invalid),
    /// Settings and data do not fit each other.
    #[error(transparent)]
    Mismatch(#[from] DataMismatch),
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

impl TrialError {
    /// The kind of failure as the protocol names it.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Weights(WeightsError::Torch(error)) | Self::Torch(error) if is_out_of_memory(error) => {
                FailureClass::OutOfMemory
            }
            Self::Weights(WeightsError::Torch(error)) | Self::Torch(error) if is_lost_device(error) => {
                FailureClass::LostDevice
            }
            Self::Weights(WeightsError::Torch(_)) | Self::Torch(_) | Self::Panic(_) | Self::Output(_) => {
                FailureClass::Internal
            }
            Self::Setting(_)
            | Self::Mismatch(_)
            | Self::Weights(WeightsError::Setting(_) | WeightsError::Mismatch { .. }) => FailureClass::BadStudy,
            Self::Data(_) | Self::Weights(_) => FailureClass::BadData,
            Self::Save(_) => FailureClass::Storage,
        }
    }
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
        for text in [
            "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
            "cuDNN error: CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
            "GET was unable to find an engine to execute this computation",
        ] {
            assert_eq!(torch(text), FailureClass::OutOfMemory, "{text}");
        }
        assert_eq!(
            torch("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"),
            FailureClass::Internal
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
            TrialError::from(DataMismatch::Batch { batch: 2, images: 1 }).class(),
            FailureClass::BadStudy
        );
    }
}
