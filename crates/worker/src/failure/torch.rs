//! What libtorch's errors mean: it tells them apart by their words alone.

use tch::TchError;

/// Whether libtorch says that memory is short: in the words of its CUDA allocator or of its CPU allocator (c10 2.11), or
/// in those of cuBLAS and cuDNN, which ask for memory of their own. Where there is none for any of its algorithms, cuDNN
/// says that it has none (`Conv_v8.cpp` and `ConvShared.cpp` of `aten/src/ATen/native/cudnn`, 2.11).
pub(super) fn is_out_of_memory(error: &TchError) -> bool {
    let text = error.to_string();
    [
        "out of memory",
        "can't allocate memory",
        "not enough memory",
        "CUBLAS_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_ALLOC_FAILED",
        "CUDNN_STATUS_INTERNAL_ERROR_DEVICE_ALLOCATION_FAILED",
        "CUDNN_STATUS_INTERNAL_ERROR_HOST_ALLOCATION_FAILED",
        "unable to find an engine to execute this computation",
        "Unable to find a valid cuDNN algorithm to run convolution",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// Whether libtorch says that the device itself does not work any more, in the words of `cudaGetErrorString` (CUDA
/// 13.0): errors 46, 100, 214, 220, 304, 714 and 999 of `cudaError_t`. Errors that a wrong program causes as well, such
/// as an illegal address, are not among them.
pub(super) fn is_lost_device(error: &TchError) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn libtorch_short_of_memory_is_recognised() {
        // 2^60 floats are more than any machine's address space.
        let error = tch::Tensor::f_empty([1 << 60], (tch::Kind::Float, tch::Device::Cpu)).unwrap_err();
        assert!(is_out_of_memory(&error));
    }
}
