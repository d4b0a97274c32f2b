//! How precisely float32 is computed with: switches of libtorch in `native/precision.cpp`.
#![expect(
    unsafe_code,
    reason = "functions of C++ are called; every call states why it is sound"
)]

use seedband_core::settings::Precision;
use std::marker::PhantomData;
use tch::Device;

unsafe extern "C" {
    fn seedband_allow_tf32(convolutions: bool, products: bool);
    fn seedband_autocast_bf16(on_cuda: bool, is_on: bool);
}

/// Sets what CUDA devices may do by TF32 from here on, in the whole process.
pub(crate) fn apply(precision: Precision) {
    let (convolutions, products) = match precision {
        Precision::Float32 | Precision::Bf16 => (true, false),
        Precision::Ieee => (false, false),
        Precision::Tf32 => (true, true),
    };
    // SAFETY: two switches of libtorch's global context, which exists as long as the process.
    unsafe { seedband_allow_tf32(convolutions, products) }
}

/// What is computed while this lives, on the thread that made it, is computed by autocast.
#[derive(Debug)]
pub(crate) struct Autocast {
    on_cuda: bool,
    /// Bound to its thread, whose switch it is.
    _of_thread: PhantomData<*const ()>,
}

impl Autocast {
    /// Autocast to bfloat16 on `device`; none at any other precision.
    pub(crate) fn of(precision: Precision, device: Device) -> Option<Self> {
        (precision == Precision::Bf16).then(|| {
            let on_cuda = device.is_cuda();
            // SAFETY: a switch of this thread, which is switched back when the guard is dropped.
            unsafe { seedband_autocast_bf16(on_cuda, true) };
            Self {
                on_cuda,
                _of_thread: PhantomData,
            }
        })
    }
}

impl Drop for Autocast {
    fn drop(&mut self) {
        // SAFETY: as above; the guard cannot leave its thread.
        unsafe { seedband_autocast_bf16(self.on_cuda, false) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tch::{Kind, Tensor};

    #[test]
    fn products_are_rounded_while_it_lives() {
        let x = Tensor::ones([2, 2], (Kind::Float, Device::Cpu));
        let kind = || x.linear(&x, None::<Tensor>).kind();
        assert_eq!(kind(), Kind::Float);
        {
            let autocast = Autocast::of(Precision::Bf16, Device::Cpu);
            assert!(autocast.is_some());
            assert_eq!(kind(), Kind::BFloat16);
        }
        assert_eq!(kind(), Kind::Float);
        for precision in [Precision::Float32, Precision::Ieee, Precision::Tf32] {
            apply(precision);
            assert!(Autocast::of(precision, Device::Cpu).is_none());
        }
        apply(Precision::default());
    }
}
