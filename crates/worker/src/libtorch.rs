//! The libtorch of this process: its version, its folder, and loading its CUDA half.
#![expect(
    unsafe_code,
    reason = "libraries are loaded and called by name; every call states why it is sound"
)]

use libloading::os::unix::{Library, RTLD_GLOBAL, RTLD_NOW};
use std::path::{Path, PathBuf};

/// Loads a library with all its symbols visible to later ones, and never unloads it.
pub fn load(path: &Path) -> Result<(), libloading::Error> {
    // SAFETY: called for libtorch's own libraries, before other threads exist; they are made to be loaded into a
    // process with libtorch.
    let library = unsafe { Library::open(Some(path), RTLD_NOW | RTLD_GLOBAL) }?;
    std::mem::forget(library);
    Ok(())
}

/// The folder that `libtorch_cpu.so` of this process was loaded from.
pub fn folder() -> Option<PathBuf> {
    let maps = std::fs::read_to_string("/proc/self/maps").ok()?;
    // A line is `address permissions offset device inode path`, and only the path may hold spaces or a slash.
    let path = maps.lines().find(|line| line.ends_with("/libtorch_cpu.so"))?;
    Path::new(&path[path.find('/')?..]).parent().map(Path::to_path_buf)
}

/// Version of the libtorch that is loaded, for example `2.11.0`; `None` for one older than 2.9, which cannot say it.
pub fn version() -> Option<String> {
    // SAFETY: `uint64_t aoti_torch_abi_version()` of libtorch's C interface (torch/csrc/inductor/aoti_torch/c/shim.h)
    // takes nothing and touches nothing.
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
        assert!(version().unwrap().starts_with("2.11."));
        assert!(folder().unwrap().join("libtorch_cpu.so").is_file());
    }

    #[test]
    fn a_missing_library_is_an_error() {
        assert!(load(Path::new("/nowhere/libtorch_cuda.so")).is_err());
    }
}
