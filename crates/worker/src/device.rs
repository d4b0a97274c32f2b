//! Where a worker computes.

use crate::native::{self, DriverError};
use std::path::PathBuf;

/// A device as the command line names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// The processor.
    Cpu,
    /// A CUDA device by its index among the visible ones.
    Cuda(u16),
}

impl Place {
    /// Reads `cpu` or `cuda:<index>`.
    pub fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix("cuda:") {
            Some(index) => index
                .bytes()
                .all(|byte| byte.is_ascii_digit())
                .then(|| index.parse().ok())?
                .map(Self::Cuda),
            None => (text == "cpu").then_some(Self::Cpu),
        }
    }
}

/// A device that is there and that libtorch can compute on.
#[derive(Debug, Clone)]
pub struct Device {
    /// The device as libtorch names it.
    pub torch: tch::Device,
    /// For people: `cpu` or, for example, `cuda:0 (NVIDIA H200)`.
    pub text: String,
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
    #[error("`cuda:{index}` is not available: cannot load `{}`; install a libtorch with CUDA or use `--device cpu`", path.display())]
    Library {
        /// Index asked for.
        index: u16,
        /// The library.
        path: PathBuf,
        /// What the loader said.
        source: libloading::Error,
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

fn visible(count: u16) -> String {
    match count {
        0 => "no CUDA device is visible; see `CUDA_VISIBLE_DEVICES`".into(),
        1 => "the only visible CUDA device is `cuda:0`".into(),
        _ => format!("visible are `cuda:0` to `cuda:{}`", count - 1),
    }
}

/// The libtorch that is loaded, for example `libtorch 2.11.0`.
pub fn libtorch() -> String {
    native::torch_version().map_or_else(|| "libtorch".into(), |version| format!("libtorch {version}"))
}

impl Device {
    /// Makes `place` ready to compute on.
    ///
    /// For a CUDA device this loads the CUDA half of libtorch, so it has to come before any question to libtorch about CUDA.
    pub fn open(place: Place) -> Result<Self, DeviceError> {
        let version = libtorch();
        let Place::Cuda(index) = place else {
            return Ok(Self {
                torch: tch::Device::Cpu,
                text: "cpu".into(),
                libraries: vec![version],
            });
        };
        let driver = native::Driver::load().map_err(|source| DeviceError::Driver { index, source })?;
        let count = driver
            .device_count()
            .map_err(|source| DeviceError::Driver { index, source })?;
        if index >= count {
            return Err(DeviceError::Index { index, count });
        }
        let name = driver
            .device_name(index)
            .map_err(|source| DeviceError::Driver { index, source })?;
        let path = native::torch_folder().unwrap_or_default().join("libtorch_cuda.so");
        native::load_for_good(&path).map_err(|source| DeviceError::Library { index, path, source })?;
        let found = if tch::Cuda::is_available() {
            tch::Cuda::device_count()
        } else {
            0
        };
        if i64::from(index) >= found {
            return Err(DeviceError::Torch { index, count: found });
        }
        let (runtime, cudnn) = (tch::utils::version_cudart(), tch::utils::version_cudnn());
        Ok(Self {
            torch: tch::Device::Cuda(usize::from(index)),
            text: format!("cuda:{index} ({name})"),
            libraries: vec![
                version,
                // 13000 is CUDA 13.0, and 91900 is cuDNN 9.19.0 (CUDART_VERSION and CUDNN_VERSION in their headers).
                format!("cuda {}.{}", runtime / 1000, runtime % 1000 / 10),
                format!("cudnn {}.{}.{}", cudnn / 10_000, cudnn % 10_000 / 100, cudnn % 100),
            ],
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_processor_is_always_there() {
        let device = Device::open(Place::Cpu).unwrap();
        assert_eq!((device.torch, device.text.as_str()), (tch::Device::Cpu, "cpu"));
        assert_eq!(device.libraries, ["libtorch 2.11.0"]);
    }

    #[test]
    fn errors_name_what_is_visible() {
        let said = |count| DeviceError::Index { index: 7, count }.to_string();
        assert!(said(0).contains("CUDA_VISIBLE_DEVICES"));
        assert!(said(1).ends_with("`cuda:0`"));
        assert!(said(4).ends_with("`cuda:0` to `cuda:3`"));
    }
}
