//! Batch norm, sum with a shortcut and ReLU as one operation: `native/norm_relu.cpp`.
#![expect(unsafe_code, reason = "a function of C++ is called; the call states why it is sound")]

use std::ffi::{CStr, c_char};
use tch::{Device, Kind, TchError, Tensor};

/// A tensor of libtorch, as `torch-sys` has it: an `at::Tensor`.
#[repr(C)]
struct AtTensor {
    _opaque: [u8; 0],
}

unsafe extern "C" {
    fn seedband_norm_relu(
        x: *const AtTensor,
        weight: *const AtTensor,
        bias: *const AtTensor,
        shortcut: *const AtTensor,
        mean: *const AtTensor,
        variance: *const AtTensor,
        momentum: f64,
        eps: f64,
        message: *mut c_char,
        room: usize,
    ) -> *mut AtTensor;
}

/// Whether the operation is there for such activations, `[n, channels, height, width]`: floats or doubles on the CPU
/// whose channels lie next to each other, for one thread. With one channel or one pixel nothing tells the two orders
/// apart; several threads are left to libtorch's own operations.
pub(super) fn is_for(x: &Tensor) -> bool {
    let [_, channels, height, width] = x.size()[..] else {
        return false;
    };
    x.device() == Device::Cpu
        && matches!(x.kind(), Kind::Float | Kind::Double)
        && tch::get_num_threads() == 1
        && channels > 1
        && height * width > 1
        && x.stride() == [channels * height * width, 1, width * channels, channels]
}

/// A training step's `relu(batch_norm(x) + shortcut)`, for activations that it [is for](is_for); `weight` and `bias` are
/// `[channels]`, `shortcut` has the shape of `x`, `averages` are the running mean and variance, `[channels]`, and are
/// moved by `momentum`.
pub(super) fn norm_relu(
    x: &Tensor,
    [weight, bias]: [&Tensor; 2],
    shortcut: Option<&Tensor>,
    averages: Option<&[Tensor; 2]>,
    momentum: f64,
    eps: f64,
) -> Result<Tensor, TchError> {
    let null = std::ptr::null::<AtTensor>();
    let pointer = |tensor: &Tensor| tensor.as_ptr().cast::<AtTensor>();
    let [mean, variance] = averages.map_or([null; 2], |averages| averages.each_ref().map(pointer));
    let mut message: [c_char; 1024] = [0; 1024];
    // SAFETY: every pointer is that of a tensor that lives through the call, or null where that is allowed; the buffer
    // has the length that is said, and holds a text that ends within it.
    unsafe {
        let result = seedband_norm_relu(
            pointer(x),
            pointer(weight),
            pointer(bias),
            shortcut.map_or(null, pointer),
            mean,
            variance,
            momentum,
            eps,
            message.as_mut_ptr(),
            message.len(),
        );
        if result.is_null() {
            let text = CStr::from_ptr(message.as_ptr()).to_string_lossy().into_owned();
            return Err(TchError::Torch(text));
        }
        // The tensor is this one's from here on.
        Ok(Tensor::from_ptr(result.cast()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::seeds::{Purpose, Stream};
    use tch::Reduction;

    const EPS: f64 = 1e-5;
    const MOMENTUM: f64 = 0.1;

    fn channels_last(x: &Tensor) -> Tensor {
        x.permute([0, 2, 3, 1]).contiguous().permute([0, 3, 1, 2])
    }

    /// Leaves with gradients: activations, shortcut, weight, bias; and running averages.
    struct Given {
        leaves: [Tensor; 4],
        averages: [Tensor; 2],
    }

    /// Standard normal numbers, the same for each seed; libtorch's generator is that of all tests.
    fn normal(shape: &[i64], seed: u64) -> Tensor {
        let mut stream = Stream::new(Purpose::Weights, seed);
        let numbers: Vec<f64> = (0..shape.iter().product()).map(|_| stream.normal()).collect();
        Tensor::from_slice(&numbers).reshape(shape)
    }

    /// In `kind`, after rounding to `rounded`.
    fn given(shape: [i64; 4], rounded: Kind, kind: Kind) -> Given {
        let channels = [shape[1]];
        let leaf = |x: Tensor| x.to_kind(rounded).to_kind(kind).detach().set_requires_grad(true);
        Given {
            leaves: [
                leaf(channels_last(&(normal(&shape, 0) * 2.0 + 3.0))),
                leaf(channels_last(&normal(&shape, 1))),
                leaf(normal(&channels, 2).abs() + 0.5),
                leaf(normal(&channels, 3)),
            ],
            averages: [
                normal(&channels, 4).to_kind(rounded).to_kind(kind),
                normal(&channels, 5).abs().to_kind(rounded).to_kind(kind),
            ],
        }
    }

    /// The output, the gradients of a weighted sum of it, and the running averages.
    fn results(given: &Given, y: &Tensor) -> Vec<Tensor> {
        let target = Tensor::ones_like(y).cumsum(1, y.kind());
        let loss = y.mse_loss(&target, Reduction::Sum);
        let mut all = vec![y.detach()];
        all.extend(Tensor::run_backward(&[&loss], &given.leaves, false, false));
        all.extend(given.averages.iter().map(Tensor::copy));
        all
    }

    /// By the operation, and by those of libtorch one by one in float64.
    fn both(shape: [i64; 4], kind: Kind, has_shortcut: bool) -> [Vec<Tensor>; 2] {
        tch::set_num_threads(1);
        let one = given(shape, kind, kind);
        let [x, shortcut, weight, bias] = &one.leaves;
        assert!(is_for(x), "{:?} {:?}", x.size(), x.stride());
        let added = has_shortcut.then_some(shortcut);
        let y = norm_relu(x, [weight, bias], added, Some(&one.averages), MOMENTUM, EPS).unwrap();
        // A shortcut that is not there has a gradient of zeros in both.
        let ours = results(&one, &(y + shortcut * 0.0));
        let other = given(shape, kind, Kind::Double);
        let [x, shortcut, weight, bias] = &other.leaves;
        let [mean, variance] = &other.averages;
        let y = x.batch_norm(
            Some(weight),
            Some(bias),
            Some(mean),
            Some(variance),
            true,
            MOMENTUM,
            EPS,
            false,
        );
        let y = if has_shortcut { y + shortcut } else { y };
        let theirs = results(&other, &(y.relu() + shortcut * 0.0));
        [ours, theirs]
    }

    /// The largest difference beside the largest number.
    fn difference(a: &Tensor, b: &Tensor) -> f64 {
        ((a - b).abs().max() / b.abs().max().clamp_min(1e-30)).double_value(&[])
    }

    #[test]
    fn it_is_what_libtorch_does_one_by_one() {
        // Channels that fill no tile, one or several; pixels that fill no block, or several.
        for shape in [
            [2, 3, 4, 5],
            [8, 16, 8, 8],
            [5, 40, 13, 17],
            [4, 64, 1, 5],
            [3, 2, 32, 32],
        ] {
            for has_shortcut in [false, true] {
                // Some roundings of the largest number: 1.1e-16 and 6e-8 each.
                for (kind, tolerance) in [(Kind::Double, 1e-13), (Kind::Float, 1e-6)] {
                    let [ours, theirs] = both(shape, kind, has_shortcut);
                    for (place, (a, b)) in ours.iter().zip(&theirs).enumerate() {
                        let difference = difference(a, b);
                        assert!(
                            difference < tolerance,
                            "{shape:?} {kind:?} {has_shortcut} {place}: {difference}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_no_number_stays_none() {
        let given = given([2, 16, 4, 4], Kind::Float, Kind::Float);
        let [x, shortcut, weight, bias] = &given.leaves;
        for bad in [f64::NAN, f64::INFINITY] {
            let x = x.detach();
            let _ = x.get(0).get(3).get(1).get(2).fill_(bad);
            let y = norm_relu(&x, [weight, bias], Some(shortcut), None, MOMENTUM, EPS).unwrap();
            let nans = y
                .detach()
                .isnan()
                .sum_dim_intlist(&[0_i64, 2, 3][..], false, Kind::Int64);
            // Its whole channel, and no other.
            let expected: Vec<i64> = (0..16).map(|channel| if channel == 3 { 32 } else { 0 }).collect();
            assert_eq!(Vec::<i64>::try_from(nans).unwrap(), expected, "{bad}");
            let _ = x.get(0).get(3).get(1).get(2).fill_(0.0);
        }
    }

    #[test]
    fn other_orders_and_kinds_are_left_to_libtorch() {
        tch::set_num_threads(1);
        let on = (Kind::Float, Device::Cpu);
        let x = Tensor::zeros([2, 3, 4, 5], on);
        assert!(is_for(&channels_last(&x)) && !is_for(&x));
        assert!(!is_for(&channels_last(&x).to_kind(Kind::Half)));
        for shape in [[2, 1, 4, 5], [2, 3, 1, 1]] {
            assert!(!is_for(&channels_last(&Tensor::zeros(shape, on))), "{shape:?}");
        }
        assert!(!is_for(&Tensor::zeros([2, 3], on)));
    }
}
