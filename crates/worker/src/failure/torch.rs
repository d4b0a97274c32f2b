//! What libtorch's errors mean: it tells them apart by their words alone.

use tch::TchError;

/// Whether libtorch says that memory is short, in the words of its CUDA allocator or of its CPU allocator (c10 2.11).
pub(super) fn is_out_of_memory(error: &TchError) -> bool {
    let text = error.to_string();
    ["out of memory", "can't allocate memory", "not enough memory"]
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
