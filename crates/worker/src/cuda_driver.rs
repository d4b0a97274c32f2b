//! The NVIDIA driver: the few functions of it that tell whether a GPU is there.
#![expect(
    unsafe_code,
    reason = "the driver is loaded and called by name; every call states why it is sound"
)]

use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};
use std::ffi::{CStr, c_char, c_int};

/// The CUDA driver is missing or refuses a call.
#[derive(Debug, thiserror::Error)]
pub enum DriverError {
    /// `libcuda.so.1` does not load: no driver is installed.
    #[error("no NVIDIA driver is installed")]
    Missing(#[source] libloading::Error),
    /// The driver has no such function.
    #[error("the NVIDIA driver lacks a function")]
    Symbol(#[source] libloading::Error),
    /// The driver answered with an error code (`CUresult` in cuda.h).
    #[error("the NVIDIA driver refuses `{call}` with error code {code}{}", meaning(*.code))]
    Refused {
        /// The function.
        call: &'static str,
        /// Its `CUresult`, for example 100: no device.
        code: c_int,
    },
}

/// The NVIDIA driver (`libcuda.so.1`), initialised.
#[derive(Debug)]
pub struct Driver(Library);

impl Driver {
    /// Loads and initialises the driver.
    pub fn load() -> Result<Self, DriverError> {
        // SAFETY: the driver's library may be loaded at any time; its initialisers touch nothing of ours.
        let library =
            unsafe { Library::open(Some("libcuda.so.1"), RTLD_NOW | RTLD_LOCAL) }.map_err(DriverError::Missing)?;
        // SAFETY: `CUresult cuInit(unsigned int)`; the result is an enum of the size of an int.
        let code = unsafe {
            let init = library
                .get::<unsafe extern "C" fn(u32) -> c_int>(b"cuInit")
                .map_err(DriverError::Symbol)?;
            init(0)
        };
        accepted("cuInit", code)?;
        Ok(Self(library))
    }

    /// Number of CUDA devices visible to this process.
    pub fn device_count(&self) -> Result<u16, DriverError> {
        let mut count: c_int = 0;
        // SAFETY: `CUresult cuDeviceGetCount(int *)`; the pointer is valid for the call.
        let code = unsafe {
            let get = self
                .0
                .get::<unsafe extern "C" fn(*mut c_int) -> c_int>(b"cuDeviceGetCount");
            get.map_err(DriverError::Symbol)?(&raw mut count)
        };
        accepted("cuDeviceGetCount", code)?;
        Ok(u16::try_from(count).unwrap_or(0))
    }

    /// The name of a device, for example `NVIDIA H200`.
    pub fn device_name(&self, index: u16) -> Result<String, DriverError> {
        let mut name: [c_char; 256] = [0; 256];
        // SAFETY: `CUresult cuDeviceGetName(char *, int, CUdevice)` writes at most 255 bytes and a zero. A `CUdevice`
        // of the driver is the device's index as an int.
        let code = unsafe {
            let get = self
                .0
                .get::<unsafe extern "C" fn(*mut c_char, c_int, c_int) -> c_int>(b"cuDeviceGetName");
            get.map_err(DriverError::Symbol)?(name.as_mut_ptr(), 255, c_int::from(index))
        };
        accepted("cuDeviceGetName", code)?;
        // SAFETY: the array is longer than what the call may write and was zero before, so it ends with a zero.
        Ok(unsafe { CStr::from_ptr(name.as_ptr()) }.to_string_lossy().into_owned())
    }
}

/// What the codes mean that a machine, and no program, is the cause of (`CUresult` in cuda.h, CUDA 13.0), with a way
/// out.
fn meaning(code: c_int) -> &'static str {
    match code {
        2 => ": out of memory; other programs have all of the device's",
        46 => ": the device is used by another process alone (its compute mode); set `run.gpu-slots = 1`",
        100 => ": no device; see `CUDA_VISIBLE_DEVICES` and `nvidia-smi`",
        101 => ": no such device; see `CUDA_VISIBLE_DEVICES`",
        802 => ": the system is not ready; start the fabric manager (`systemctl start nvidia-fabricmanager`)",
        803 => ": the driver and its libraries are of different versions; reboot, or update both",
        804 => ": this device has no forward compatibility; update the driver",
        999 => ": unknown; `nvidia-smi` or a reboot may tell more",
        _ => "",
    }
}

fn accepted(call: &'static str, code: c_int) -> Result<(), DriverError> {
    if code == 0 {
        Ok(())
    } else {
        Err(DriverError::Refused { call, code })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_that_a_machine_causes_have_a_meaning() {
        let message = |code| accepted("cuInit", code).unwrap_err().to_string();
        assert!(message(802).ends_with(
            "error code 802: the system is not ready; start the fabric manager (`systemctl start nvidia-fabricmanager`)"
        ));
        assert!(message(1).ends_with("with error code 1"));
        assert!(accepted("cuInit", 0).is_ok());
    }
}
