//! Where a worker computes.

use crate::cuda_driver::{Driver, DriverError};
use crate::libtorch;
use std::path::PathBuf;
use std::str::FromStr;
use tch::{Kind, TchError, Tensor};

/// A device as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeviceName {
    /// The processor.
    Cpu,
    /// A CUDA device by its index among the visible ones.
    Cuda(u16),
}

/// A name that no device has.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("unknown device `{0}`; known are `cpu` and `cuda:<index>`, for example `cuda:0`")]
pub struct UnknownDevice(String);

impl FromStr for DeviceName {
    type Err = UnknownDevice;

    fn from_str(text: &str) -> Result<Self, UnknownDevice> {
        let index = |digits: &str| {
            let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| digits.parse().ok()).flatten()
        };
        let name = match text.strip_prefix("cuda:") {
            Some(digits) => index(digits).map(Self::Cuda),
            None => (text == "cpu").then_some(Self::Cpu),
        };
        name.ok_or_else(|| UnknownDevice(text.into()))
    }
}

/// A device that is there and that libtorch can compute on.
#[derive(Debug, Clone)]
pub struct Device {
    /// The device as libtorch names it.
    pub torch: tch::Device,
    /// For people: `cpu` or, for example, `cuda:0 (NVIDIA H200)`.
    pub description: String,
    /// Versions of the libraries that shape the numbers, for example `libtorch 2.11.0`.
    pub libraries: Vec<String>,
}

/// A device that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DeviceError {
    /// The driver is missing or refuses.
    #[error("`cuda:{index}` is not available; use `--device cpu`, or check the driver with `nvidia-smi`")]
    Driver {
        /// Index asked for.
        index: u16,
        /// What the driver said.
        source: DriverError,
    },
    /// There are fewer devices.
    #[error("`cuda:{index}` is not available: {}", visible(*.count))]
    Index {
        /// Index asked for.
        index: u16,
        /// Number of visible devices.
        count: u16,
    },
    /// The CUDA half of libtorch does not load.
    #[error(
        "`cuda:{index}` is not available: cannot load `{}`; install a libtorch with CUDA or use `--device cpu`",
        path.display()
    )]
    Library {
        /// Index asked for.
        index: u16,
        /// The library.
        path: PathBuf,
        /// What the loader said.
        source: libloading::Error,
    },
    /// libtorch finds the device and cannot compute on it: it has no kernels for so old or so new a one, or another
    /// program has all its memory.
    #[error("`cuda:{index}` ({model}) is there and computes nothing; {}", kernels(.source))]
    Compute {
        /// Index asked for.
        index: u16,
        /// The model, as the driver names it.
        model: String,
        /// What libtorch said.
        source: TchError,
    },
    /// Everything loads, but libtorch finds no device.
    #[error(
        "`cuda:{index}` is not available: libtorch finds {count} CUDA devices; its CUDA may be newer than the driver"
    )]
    Torch {
        /// Index asked for.
        index: u16,
        /// Number of devices that libtorch finds.
        count: i64,
    },
}

/// What to do about a device that computes nothing.
fn kernels(error: &TchError) -> &'static str {
    if error.to_string().contains("no kernel image") {
        "this libtorch was not built for it (PyTorch's wheels for CUDA 13.0 are for compute capability 7.5 to 12.0); use \
         a libtorch 2.11 that is, or `--device cpu`"
    } else {
        "see `nvidia-smi` for who uses it, or use `--device cpu`"
    }
}

/// A convolution and a matrix product, each with its result waited for: what a device that only counts cannot do.
fn compute(device: tch::Device) -> Result<(), TchError> {
    let images = Tensor::f_ones([1, 1, 3, 3], (Kind::Float, device))?;
    let sums = images.f_conv2d(&images, None::<Tensor>, [1, 1], [1, 1], [1, 1], 1)?;
    let rows = sums.f_reshape([3, 3])?;
    rows.f_mm(&rows)?.f_sum(None)?.f_double_value(&[]).map(|_| ())
}

fn visible(count: u16) -> String {
    match count {
        0 => "no CUDA device is visible; see `CUDA_VISIBLE_DEVICES`".into(),
        1 => "the only visible CUDA device is `cuda:0`".into(),
        _ => format!("visible are `cuda:0` to `cuda:{}`", count - 1),
    }
}

/// The libtorch that is loaded, for example `libtorch 2.11.0`.
pub fn libtorch_version() -> String {
    libtorch::version().map_or_else(|| "libtorch".into(), |version| format!("libtorch {version}"))
}

impl Device {
    /// Makes the device of this name ready to compute on.
    ///
    /// For a CUDA device this loads the CUDA half of libtorch, so it has to come before any question to libtorch about
    /// CUDA: its first answer stays for the life of the process.
    ///
    /// # Errors
    /// A CUDA device that is not there, or that this libtorch or this driver cannot use.
    pub fn open(name: DeviceName) -> Result<Self, DeviceError> {
        match name {
            DeviceName::Cpu => Ok(Self {
                torch: tch::Device::Cpu,
                description: "cpu".into(),
                libraries: vec![libtorch_version()],
            }),
            DeviceName::Cuda(index) => Self::open_cuda(index),
        }
    }

    fn open_cuda(index: u16) -> Result<Self, DeviceError> {
        let model = model(index)?;
        let path = libtorch::folder().unwrap_or_default().join("libtorch_cuda.so");
        libtorch::load(&path).map_err(|source| DeviceError::Library { index, path, source })?;
        let found = if tch::Cuda::is_available() {
            tch::Cuda::device_count()
        } else {
            0
        };
        if i64::from(index) >= found {
            return Err(DeviceError::Torch { index, count: found });
        }
        let torch = tch::Device::Cuda(usize::from(index));
        compute(torch).map_err(|source| DeviceError::Compute {
            index,
            model: model.clone(),
            source,
        })?;
        let (runtime, cudnn) = (tch::utils::version_cudart(), tch::utils::version_cudnn());
        Ok(Self {
            torch,
            description: format!("cuda:{index} ({model})"),
            libraries: vec![
                libtorch_version(),
                // 13000 is CUDA 13.0, and 91900 is cuDNN 9.19.0 (CUDART_VERSION and CUDNN_VERSION in their headers).
                format!("cuda {}.{}", runtime / 1000, runtime % 1000 / 10),
                format!("cudnn {}.{}.{}", cudnn / 10_000, cudnn % 10_000 / 100, cudnn % 100),
            ],
        })
    }
}

/// The model of a CUDA device, for example `NVIDIA H200`, as the driver names it.
fn model(index: u16) -> Result<String, DeviceError> {
    let refused = |source| DeviceError::Driver { index, source };
    let driver = Driver::load().map_err(refused)?;
    let count = driver.device_count().map_err(refused)?;
    if index >= count {
        return Err(DeviceError::Index { index, count });
    }
    driver.device_name(index).map_err(refused)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_always_there() {
        let device = Device::open(DeviceName::Cpu).unwrap();
        assert_eq!((device.torch, device.description.as_str()), (tch::Device::Cpu, "cpu"));
        assert_eq!(device.libraries, ["libtorch 2.11.0"]);
    }

    #[test]
    fn what_computes_passes_and_what_does_not_says_why() {
        compute(tch::Device::Cpu).unwrap();
        let message = |text: &str| {
            let error = DeviceError::Compute {
                index: 1,
                model: "Tesla V100".into(),
                source: TchError::Torch(text.into()),
            };
            error.to_string()
        };
        let old = message("CUDA error: no kernel image is available for execution on the device");
        assert!(
            old.starts_with("`cuda:1` (Tesla V100) is there and computes nothing; this libtorch was not built for it")
        );
        assert!(message("CUDA error: out of memory").contains("see `nvidia-smi`"));
    }

    #[test]
    fn names_are_those_of_pytorch() {
        assert_eq!("cpu".parse(), Ok(DeviceName::Cpu));
        assert_eq!("cuda:3".parse(), Ok(DeviceName::Cuda(3)));
        for name in [
            "tpu",
            "cuda",
            "cuda:",
            "cuda:-1",
            "cuda:+1",
            "cuda:x",
            "cuda:65536",
            "CPU",
        ] {
            assert_eq!(name.parse::<DeviceName>(), Err(UnknownDevice(name.into())));
        }
    }

    #[test]
    fn errors_name_what_is_visible() {
        let message = |count| DeviceError::Index { index: 7, count }.to_string();
        assert!(message(0).contains("CUDA_VISIBLE_DEVICES"));
        assert!(message(1).ends_with("`cuda:0`"));
        assert!(message(4).ends_with("`cuda:0` to `cuda:3`"));
    }
}
