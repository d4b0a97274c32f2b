//! The calls that Rust cannot check: loading libraries, and the few driver functions that tell whether a GPU is there.
#![expect(
    unsafe_code,
    reason = "shared libraries are loaded and called by name; every call states why it is sound"
)]

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_LOCAL, RTLD_NOW};
use std::ffi::{CStr, c_char, c_int};
use std::path::{Path, PathBuf};

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
    #[error("the NVIDIA driver refuses `{call}` with error code {code}")]
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
        // SAFETY: `CUresult cuDeviceGetName(char *, int, CUdevice)` writes at most 255 bytes and a zero. A `CUdevice` of the driver is the
        // device's index as an int.
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

fn accepted(call: &'static str, code: c_int) -> Result<(), DriverError> {
    if code == 0 {
        Ok(())
    } else {
        Err(DriverError::Refused { call, code })
    }
}

/// Loads a library with all its symbols visible to later ones, and never unloads it.
pub fn load_for_good(path: &Path) -> Result<(), libloading::Error> {
    // SAFETY: called for libtorch's own libraries, before other threads exist; they are made to be loaded into a process with libtorch.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) }?;
    std::mem::forget(library);
    Ok(())
}

/// The folder that `libtorch_cpu.so` of this process was loaded from.
pub fn torch_folder() -> Option<PathBuf> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    // A line is `address permissions offset device inode path`, and only the path may hold spaces or a slash.
    let path = maps.lines().find(|line| line.ends_with("/libtorch_cpu.so"))?;
    Path::new(&path[path.find('/')?..]).parent().map(Path::to_path_buf)
}

/// Version of the libtorch that is loaded, for example `2.11.0`; `None` for one older than 2.9, which cannot say it.
pub fn torch_version() -> Option<String> {
    // SAFETY: `uint64_t aoti_torch_abi_version()` of libtorch's C interface (torch/csrc/inductor/aoti_torch/c/shim.h) takes nothing and
    // touches nothing.
    let version = unsafe {
        let library = Library::this();
        let get = library
            .get::<unsafe extern "C" fn() -> u64>(b"aoti_torch_abi_version")
            .ok()?;
        get()
    };
    // Major, minor and patch are the three highest bytes (TORCH_ABI_VERSION in torch/headeronly/version.h).
    let [major, minor, patch, ..] = version.to_be_bytes();
    Some(format!("{major}.{minor}.{patch}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_loaded_libtorch_is_found() {
        assert!(torch_version().unwrap().starts_with("2.11."));
        assert!(torch_folder().unwrap().join("libtorch_cpu.so").is_file());
    }

    #[test]
    fn a_missing_library_is_an_error() {
        assert!(load_for_good(Path::new("/nowhere/libtorch_cuda.so")).is_err());
    }
}
