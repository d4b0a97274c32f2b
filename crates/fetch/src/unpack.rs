//! Out of a file that was downloaded into a folder: the members that are expected, and nothing else.

use crate::FetchError;
use crate::catalog::{Member, Packing, RemoteFile, Size};
use crate::digest::{CHUNK, digits};
use flate2::read::GzDecoder;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::path::{Component, Path};

/// What an archive may hold besides the members that are expected: headers, padding, small files that are passed over.
const SLACK: u64 = 4 << 20;

/// A file that was written: its name and its SHA-256.
pub(crate) type Unpacked = (String, String);

/// Unpacks `archive`, which `file` describes, into `folder`.
///
/// # Errors
/// The archive is damaged, holds what its data set has not, lacks what it has, or is larger than that; or the disk
/// refuses.
pub(crate) fn unpack(archive: &Path, file: &RemoteFile, folder: &Path) -> Result<Vec<Unpacked>, FetchError> {
    let packed = File::open(archive).map_err(FetchError::io("read", archive))?;
    let most = file.packing.members().iter().map(Member::most).sum::<u64>() + SLACK;
    // Whatever a few bytes may be inflated to: an archive that is larger ends too early.
    let plain = GzDecoder::new(BufReader::new(packed)).take(most);
    let unpacking = Unpacking { archive, folder };
    match file.packing {
        Packing::Gz(member) => Ok(vec![unpacking.write(plain, &member)?]),
        Packing::TarGz(members) => unpacking.members(plain, members),
    }
}

struct Unpacking<'a> {
    archive: &'a Path,
    folder: &'a Path,
}

impl Unpacking<'_> {
    fn refused(&self, problem: impl Into<String>) -> FetchError {
        FetchError::Archive {
            file: self.archive.to_path_buf(),
            problem: problem.into(),
        }
    }

    fn damaged(&self) -> impl FnOnce(io::Error) -> FetchError {
        |error| self.refused(format!("cannot be unpacked: {error}"))
    }

    fn members(&self, plain: impl Read, members: &[Member]) -> Result<Vec<Unpacked>, FetchError> {
        let mut written: Vec<Unpacked> = Vec::new();
        let mut archive = tar::Archive::new(plain);
        for entry in archive.entries().map_err(self.damaged())? {
            let entry = entry.map_err(self.damaged())?;
            let path = entry.path().map_err(self.damaged())?.into_owned();
            let shown = path.display();
            if !path
                .components()
                .all(|part| matches!(part, Component::Normal(_) | Component::CurDir))
            {
                return Err(self.refused(format!("holds `{shown}`, which leads out of it")));
            }
            let kind = entry.header().entry_type();
            if kind.is_dir() || kind.is_pax_global_extensions() {
                continue;
            }
            if !kind.is_file() {
                return Err(self.refused(format!("holds `{shown}`, which is neither file nor folder")));
            }
            // Some programs begin every path with `./`.
            let parts = || path.components().filter(|part| *part != Component::CurDir);
            let is_it = |member: &&Member| parts().eq(Path::new(member.path).components());
            let Some(member) = members.iter().find(is_it) else {
                continue;
            };
            if written.iter().any(|(name, _)| name == member.file_name()) {
                return Err(self.refused(format!("holds `{shown}` twice")));
            }
            written.push(self.write(entry, member)?);
        }
        let is_missing = |member: &&Member| {
            matches!(member.size, Size::Exactly(_)) && !written.iter().any(|(name, _)| name == member.file_name())
        };
        match members.iter().find(is_missing) {
            Some(member) => Err(self.refused(format!("lacks `{}`", member.path))),
            None => Ok(written),
        }
    }

    /// Writes one member, and not a byte more than it may have.
    fn write(&self, mut plain: impl Read, member: &Member) -> Result<Unpacked, FetchError> {
        let name = member.file_name();
        let path = self.folder.join(name);
        let mut out = File::create_new(&path).map_err(FetchError::io("write", &path))?;
        let (mut chunk, mut total, mut digest) = (vec![0; CHUNK], 0, Sha256::new());
        loop {
            let count = plain.read(&mut chunk).map_err(self.damaged())?;
            if count == 0 {
                break;
            }
            total += count as u64;
            if total > member.most() {
                return Err(self.refused(format!("holds more than the {} bytes of `{name}`", member.most())));
            }
            digest.update(&chunk[..count]);
            out.write_all(&chunk[..count]).map_err(FetchError::io("write", &path))?;
        }
        if let Size::Exactly(size) = member.size
            && total != size
        {
            return Err(self.refused(format!("holds {total} of the {size} bytes of `{name}`")));
        }
        out.sync_all().map_err(FetchError::io("write", &path))?;
        Ok((name.to_owned(), digits(digest)))
    }
}
