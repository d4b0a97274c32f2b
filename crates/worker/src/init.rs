//! Initial weights, drawn in Rust so that they are the same on every device. The bounds stand in
//! [`seedband_core::settings::Scheme`].

use crate::layers::{Role, Spec};
use seedband_core::files::fsio::hex;
use seedband_core::seeds::Stream;
use seedband_core::settings::{DenseBias, Init, Scheme};
use sha2::{Digest, Sha256};
use tch::{Device, Kind, TchError, Tensor};

/// Draws every parameter of `specs`, in order and in row-major order within each.
///
/// A value is computed in double precision and then rounded, so networks of either precision start from the same
/// weights.
pub fn values(specs: &[Spec], init: &Init, stream: &mut Stream) -> Vec<Vec<f64>> {
    specs.iter().map(|spec| draw(spec, init, stream)).collect()
}

/// The drawn values as trainable tensors of `kind` on `device`.
pub fn tensors(specs: &[Spec], values: &[Vec<f64>], kind: Kind, device: Device) -> Result<Vec<Tensor>, TchError> {
    let tensors = specs.iter().zip(values).map(|(spec, values)| {
        let host = Tensor::f_from_slice(values)?.f_reshape(&spec.shape[..])?;
        // A copy even where kind and device already fit: the tensor has to own its memory as a leaf of the graph.
        host.f_to_device_(device, kind, false, true)?.f_set_requires_grad(true)
    });
    tensors.collect()
}

/// SHA-256 over names, shapes and values of `parameters` as they are trained: little-endian floats of their own
/// precision, in the order of `specs`. Equal digits mean equal weights to the last bit, on whatever device.
pub fn fingerprint(specs: &[Spec], parameters: &[Tensor]) -> Result<String, TchError> {
    let mut digest = Sha256::new();
    for (spec, parameter) in specs.iter().zip(parameters) {
        digest.update(format!("{} {:?} {:?}\n", spec.name, spec.shape, parameter.kind()));
        let values = parameter
            .f_detach()?
            .f_to(Device::Cpu)?
            .f_contiguous()?
            .f_reshape([-1])?;
        if parameter.kind() == Kind::Double {
            Vec::<f64>::try_from(values)?
                .iter()
                .for_each(|value| digest.update(value.to_le_bytes()));
        } else {
            Vec::<f32>::try_from(values)?
                .iter()
                .for_each(|value| digest.update(value.to_le_bytes()));
        }
    }
    Ok(hex(&digest.finalize()))
}

fn draw(spec: &Spec, init: &Init, stream: &mut Stream) -> Vec<f64> {
    let (fan_in, fan_out) = (spec.fan_in as f64, spec.fan_out as f64);
    let count = spec.count() as usize;
    let constant = |value: f64| vec![value; count];
    let mut uniform = |bound: f64| {
        (0..count)
            .map(|_| bound * (2.0 * f64::from(stream.unit_f32()) - 1.0))
            .collect()
    };
    match (spec.role, init.scheme) {
        (Role::NormWeight, _) => constant(1.0),
        (Role::NormBias, _) => constant(0.0),
        (Role::DenseBias, _) => match init.dense_bias {
            DenseBias::Zeros => constant(0.0),
            DenseBias::Pytorch => uniform(1.0 / fan_in.sqrt()),
        },
        (Role::Conv | Role::Dense, Scheme::HeUniform) => uniform((6.0 / fan_in).sqrt()),
        (Role::Conv | Role::Dense, Scheme::GlorotUniform) => uniform((6.0 / (fan_in + fan_out)).sqrt()),
        (Role::Conv | Role::Dense, Scheme::Pytorch) => uniform(1.0 / fan_in.sqrt()),
        (Role::Conv | Role::Dense, Scheme::HeNormal) => normal(count, (2.0 / fan_in).sqrt(), stream),
        (Role::Conv | Role::Dense, Scheme::GlorotNormal) => normal(count, (2.0 / (fan_in + fan_out)).sqrt(), stream),
    }
}

fn normal(count: usize, deviation: f64, stream: &mut Stream) -> Vec<f64> {
    (0..count).map(|_| deviation * stream.normal()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::Builder;
    use seedband_core::seeds::Purpose;

    /// A conv of 16 to 32 channels and 3x3: `fan_in` 144, `fan_out` 288, 4608 values; a dense layer of 64 to 100.
    fn specs() -> Vec<Spec> {
        let mut builder = Builder::default();
        builder.conv("conv", 16, 32, 3, 1);
        builder.norm("bn", 32);
        builder.dense("fc", 64, 100);
        builder.finish()
    }

    fn drawn(scheme: Scheme, dense_bias: DenseBias) -> Vec<Vec<f64>> {
        values(
            &specs(),
            &Init {
                scheme,
                dense_bias,
                ..Init::default()
            },
            &mut Stream::new(Purpose::Weights, 5),
        )
    }

    fn largest(values: &[f64]) -> f64 {
        values.iter().fold(0.0, |largest, value| value.abs().max(largest))
    }

    fn variance(values: &[f64]) -> f64 {
        values.iter().map(|value| value * value).sum::<f64>() / values.len() as f64
    }

    #[test]
    fn uniform_schemes_reach_their_bound_and_stay_within() {
        let cases = [
            (Scheme::HeUniform, (6.0_f64 / 144.0).sqrt(), (6.0_f64 / 64.0).sqrt()),
            (
                Scheme::GlorotUniform,
                (6.0_f64 / 432.0).sqrt(),
                (6.0_f64 / 164.0).sqrt(),
            ),
            (Scheme::Pytorch, 1.0 / 12.0, 1.0 / 8.0),
        ];
        for (scheme, conv, dense) in cases {
            let values = drawn(scheme, DenseBias::Zeros);
            for (values, bound) in [(&values[0], conv), (&values[3], dense)] {
                assert!(largest(values) <= bound, "{scheme:?}");
                // The largest of 4608 uniform values misses the bound by more than 0.5 % once in e^23 draws.
                assert!(largest(values) > 0.995 * bound, "{scheme:?}");
                // A uniform square has relative deviation 0.89; over 4608 values that is 1.3 %, and five of it are
                // allowed.
                assert!(
                    (variance(values) * 3.0 / bound.powi(2) - 1.0).abs() < 0.07,
                    "{scheme:?}"
                );
            }
        }
    }

    #[test]
    fn normal_schemes_have_their_variance() {
        for (scheme, conv, dense) in [
            (Scheme::HeNormal, 2.0 / 144.0, 2.0 / 64.0),
            (Scheme::GlorotNormal, 2.0 / 432.0, 2.0 / 164.0),
        ] {
            let values = drawn(scheme, DenseBias::Zeros);
            for (values, expected) in [(&values[0], conv), (&values[3], dense)] {
                // The square of a normal has relative deviation 1.41; over 4608 values that is 2.1 %, and five of it
                // are allowed.
                assert!((variance(values) / expected - 1.0).abs() < 0.11, "{scheme:?}");
                // Not truncated: of 4608 values some lie beyond three deviations.
                assert!(largest(values) > 3.0 * expected.sqrt(), "{scheme:?}");
            }
        }
    }

    #[test]
    fn norms_and_biases() {
        let values = drawn(Scheme::HeUniform, DenseBias::Zeros);
        assert_eq!(
            (&values[1], &values[2], &values[4]),
            (&vec![1.0; 32], &vec![0.0; 32], &vec![0.0; 100])
        );
        let values = drawn(Scheme::HeUniform, DenseBias::Pytorch);
        assert!(largest(&values[4]) <= 0.125 && largest(&values[4]) > 0.11);
        // The bias comes last, so drawing it moves no weight.
        assert_eq!(values[..4], drawn(Scheme::HeUniform, DenseBias::Zeros)[..4]);
    }

    #[test]
    #[expect(clippy::float_cmp, reason = "rounding to a float is exact to repeat")]
    fn tensors_are_trainable_leaves_of_the_asked_kind() {
        let (specs, values) = (specs(), drawn(Scheme::HeUniform, DenseBias::Zeros));
        for kind in [Kind::Float, Kind::Double] {
            let tensors = tensors(&specs, &values, kind, Device::Cpu).unwrap();
            assert_eq!(tensors[0].size(), [32, 16, 3, 3]);
            assert!(
                tensors
                    .iter()
                    .all(|tensor| tensor.requires_grad() && tensor.is_leaf() && tensor.kind() == kind)
            );
            let back = Vec::<f64>::try_from(tensors[0].detach().to_kind(Kind::Double).reshape([-1])).unwrap();
            // Rounded once to the kind, and to nothing else.
            let rounded = |value: f64| {
                if kind == Kind::Float {
                    f64::from(value as f32)
                } else {
                    value
                }
            };
            assert!(
                back.iter()
                    .zip(&values[0])
                    .all(|(back, value)| *back == rounded(*value))
            );
        }
    }
}
