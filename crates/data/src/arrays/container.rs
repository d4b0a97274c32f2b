//! What holds arrays: a `.npz` file, which is a zip archive of `.npy` files, or a folder.

use crate::DataError;
use crate::array::{Array, read_npy};
use crate::file;
use crate::labelled::Named;
use std::fs::{self, File};
use std::io::BufReader;
use std::path::{Path, PathBuf};
use zip::ZipArchive;
use zip::result::ZipError;

/// Arrays by name.
#[derive(Debug)]
pub(super) enum Container {
    Npz(PathBuf, ZipArchive<BufReader<File>>),
    Folder(PathBuf),
}

impl Container {
    pub(super) fn open(path: &Path) -> Result<Self, DataError> {
        let failed = |source| DataError::io(path, source);
        if fs::metadata(path).map_err(failed)?.is_dir() {
            return Ok(Self::Folder(path.to_path_buf()));
        }
        if path
            .extension()
            .is_some_and(|extension| extension.eq_ignore_ascii_case("npy"))
        {
            let problem = "is a single array; name its folder, and the arrays of examples and classes in there with \
                           `data.arrays = [\"…\", \"…\"]`";
            return Err(DataError::file(path, problem));
        }
        let file = BufReader::new(file::open(path)?.0);
        match ZipArchive::new(file) {
            Ok(archive) => Ok(Self::Npz(path.to_path_buf(), archive)),
            Err(ZipError::Io(source)) => Err(failed(source)),
            Err(_) => Err(DataError::file(
                path,
                "is no `.npz` file, or a damaged one; fetch it again, or save it again with `np.savez`",
            )),
        }
    }

    pub(super) fn path(&self) -> &Path {
        match self {
            Self::Npz(path, _) | Self::Folder(path) => path,
        }
    }

    /// The names of the arrays, sorted.
    pub(super) fn names(&self) -> Result<Vec<String>, DataError> {
        let mut names: Vec<String> = match self {
            Self::Npz(_, archive) => {
                // A name that is no text is none of an array.
                let texts = archive.file_names().filter_map(Result::ok);
                texts.filter_map(|name| array_name(&name)).collect()
            }
            Self::Folder(path) => {
                let failed = |source| DataError::io(path, source);
                let mut names = Vec::new();
                for entry in fs::read_dir(path).map_err(failed)? {
                    names.extend(entry.map_err(failed)?.file_name().to_str().and_then(array_name));
                }
                names
            }
        };
        names.sort();
        Ok(names)
    }

    /// The array of this name, which is there.
    pub(super) fn load(&mut self, name: &str) -> Result<Named, DataError> {
        let file_name = format!("{name}.npy");
        match self {
            Self::Folder(folder) => {
                let path = folder.join(&file_name);
                let (file, length) = file::open(&path)?;
                let array = read_npy(&mut BufReader::new(file), length);
                let array = array.map_err(|problem| DataError::file(&path, problem))?;
                Ok(Named { name: path, array })
            }
            Self::Npz(path, archive) => {
                let array = packed(archive, &file_name);
                let array = array.map_err(|problem| DataError::file(&path.join(name), problem))?;
                Ok(Named::within(path, name, array))
            }
        }
    }
}

fn array_name(file_name: &str) -> Option<String> {
    let name = file_name.strip_suffix(".npy")?;
    (!name.is_empty() && !name.starts_with('.')).then(|| name.to_owned())
}

/// The array in an entry of an archive.
fn packed(archive: &mut ZipArchive<BufReader<File>>, name: &str) -> Result<Array, String> {
    /// Deflate packs at most 1032 bytes into one (zlib's documentation).
    const MOST_PACKED: u64 = 1032;
    let mut entry = archive
        .by_name(name)
        .map_err(|error| format!("cannot be unpacked ({error}); save it again with `np.savez_compressed`"))?;
    let (length, packed) = (entry.size(), entry.compressed_size());
    // The archive's list of contents may lie too.
    if length > packed.saturating_mul(MOST_PACKED) {
        return Err(format!(
            "says that {packed} bytes unpack to {length}, which cannot be; fetch or save it again"
        ));
    }
    read_npy(&mut entry, length)
}
