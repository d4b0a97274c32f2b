//! A data set, from its servers to the folder that a study names.

use crate::catalog::DataSet;
use crate::download::Downloader;
use crate::http::Client;
use crate::staging::Staging;
use crate::{FetchError, address, record, unpack};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Where a data set goes, and where it comes from.
#[derive(Debug, Clone)]
pub struct FetchOptions {
    /// The folder below which it gets one of its own.
    pub to: PathBuf,
    /// Address of the folder that has its files, in place of the servers of its authors. What it sends has to have the
    /// same SHA-256.
    pub mirror: Option<String>,
    /// How long to wait, and how often to ask.
    pub patience: Patience,
    /// Whether to go through the proxy that `HTTPS_PROXY` or its like name.
    pub through_proxy: bool,
}

impl FetchOptions {
    /// Below the folder `to`, from the usual servers.
    pub fn new(to: PathBuf) -> Self {
        Self {
            to,
            mirror: None,
            patience: Patience::default(),
            through_proxy: true,
        }
    }
}

/// How long to wait for a server, and how often to ask it.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// The longest time without a byte. Default: 30 s.
    pub stall: Duration,
    /// The pause before it is asked a second time; it doubles from time to time. Default: 1 s.
    pub pause: Duration,
    /// Requests in a row that bring nothing. Default: 5.
    pub tries: u32,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            stall: Duration::from_secs(30),
            pause: Duration::from_secs(1),
            tries: 5,
        }
    }
}

/// What is being done.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// Another process fetches the same data set to the same place.
    Waiting,
    /// Bytes of a file come.
    Download {
        /// Its name.
        file: &'a str,
        /// Its bytes.
        size: u64,
        /// Those that are there.
        have: u64,
    },
    /// So many bytes of it are there now.
    Received {
        /// Bytes.
        have: u64,
    },
    /// It is asked for again after a pause.
    Retry {
        /// Its name.
        file: &'a str,
        /// What went wrong.
        problem: &'a str,
        /// For how long.
        pause: Duration,
    },
    /// Another server is asked.
    NextServer {
        /// Where the file was not to be had.
        address: &'a str,
        /// Why.
        problem: &'a str,
    },
    /// The SHA-256 of a file is computed.
    Checking {
        /// Its name.
        file: &'a str,
    },
    /// A file is unpacked.
    Unpacking {
        /// Its name.
        file: &'a str,
    },
}

/// A data set that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// Its folder.
    pub folder: PathBuf,
    /// Whether it was there before.
    pub was_there: bool,
}

/// Sees to it that `set` stands below the folder of `options`, whole and as its authors published it. What it does it
/// tells to `tell`.
///
/// It is made in a hidden folder beside and renamed, so that it is there whole or not at all; a download that was
/// broken off goes on there. Of several processes one fetches and the others wait.
///
/// # Errors
/// No server has a file, or what it has is not what it has to be; the folder is taken, or a file in it has changed; the
/// disk is full, or refuses.
pub fn fetch(set: &DataSet, options: &FetchOptions, tell: &mut dyn FnMut(Progress<'_>)) -> Result<Fetched, FetchError> {
    make(set, options, tell).map_err(|error| full_disk(set, error))
}

fn make(set: &DataSet, options: &FetchOptions, tell: &mut dyn FnMut(Progress<'_>)) -> Result<Fetched, FetchError> {
    let servers = match &options.mirror {
        Some(mirror) => vec![address::server(mirror)?],
        None => set.servers.iter().map(|&server| server.to_owned()).collect(),
    };
    let folder = options.to.join(set.name);
    let there = |was_there| {
        let folder = folder.clone();
        Ok(Fetched { folder, was_there })
    };
    if record::is_whole(&folder, set)? {
        return there(true);
    }
    let staging = Staging::open(&options.to, set.name, tell)?;
    if record::is_whole(&folder, set)? {
        staging.remove()?;
        return there(true);
    }
    let client = Client::new(options.patience.stall, options.through_proxy);
    let unpacked = emptied(staging.unpacked())?;
    let mut written = Vec::new();
    for file in set.files {
        let mut downloader = Downloader {
            client: &client,
            patience: options.patience,
            folder: staging.folder(),
            tell: &mut *tell,
        };
        let archive = downloader.download(file, &servers)?;
        tell(Progress::Unpacking { file: file.name });
        written.extend(unpack::unpack(&archive, file, &unpacked)?);
    }
    record::write(&unpacked, set, &written)?;
    fs::rename(&unpacked, &folder).map_err(FetchError::io("rename to", &folder))?;
    staging.remove()?;
    there(false)
}

/// The folder, with nothing in it.
fn emptied(folder: PathBuf) -> Result<PathBuf, FetchError> {
    match fs::remove_dir_all(&folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(FetchError::io("remove", &folder)(error)),
        _ => {}
    }
    create(&folder)?;
    Ok(folder)
}

fn create(folder: &Path) -> Result<(), FetchError> {
    fs::create_dir_all(folder).map_err(FetchError::io("create the folder", folder))
}

fn full_disk(set: &DataSet, error: FetchError) -> FetchError {
    match error {
        FetchError::Io { path, source, .. }
            if matches!(source.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) =>
        {
            let needed = (set.download_size() + set.unpacked_size()).div_ceil(1_000_000);
            FetchError::DiskFull { path, needed }
        }
        other => other,
    }
}
