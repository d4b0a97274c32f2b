//! Small data sets, and folders to fetch them to.

use flate2::Compression;
use flate2::write::GzEncoder;
use seedband_fetch::{DataSet, FetchError, FetchOptions, Fetched, Member, Packing, Patience, RemoteFile, Size, fetch};
use seedband_testkit::http_server::Server;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;

/// Waits of tests; long enough that a busy machine is not taken for a stalled one.
const PATIENCE: Patience = Patience {
    stall: Duration::from_secs(5),
    pause: Duration::from_millis(1),
    tries: 3,
};

pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut gz = GzEncoder::new(Vec::new(), Compression::fast());
    gz.write_all(bytes).unwrap();
    gz.finish().unwrap()
}

/// Bytes that deflate cannot shorten.
pub(crate) fn noise(count: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 56) as u8
    };
    std::iter::repeat_with(next).take(count).collect()
}

pub(crate) fn member(path: &str, size: Size) -> Member {
    let path: &'static str = path.to_owned().leak();
    Member { path, size }
}

pub(crate) fn file(name: &str, bytes: &[u8], packing: Packing) -> RemoteFile {
    let sum = Sha256::digest(bytes).iter().fold(String::new(), |mut digits, byte| {
        write!(digits, "{byte:02x}").unwrap();
        digits
    });
    RemoteFile {
        name: name.to_owned().leak(),
        size: bytes.len() as u64,
        sha256: sum.leak(),
        packing,
    }
}

pub(crate) fn data_set(files: Vec<RemoteFile>, servers: &[&Server]) -> DataSet {
    let servers: Vec<&'static str> = servers.iter().map(|server| &*server.address.clone().leak()).collect();
    DataSet {
        name: "tiny",
        title: "Tiny",
        source: "idx",
        servers: servers.leak(),
        files: files.leak(),
        home: "https://example.org/tiny",
        terms: "public domain",
        citation: "Nobody: Tiny, 2026",
    }
}

/// A data set of one gzipped file, `digits`, and what lies on a server.
pub(crate) fn one_file(servers: &[&Server]) -> DataSet {
    let packed = packed();
    let packing = Packing::Gz(member("digits", Size::Exactly(plain().len() as u64)));
    data_set(vec![file("digits.gz", &packed, packing)], servers)
}

pub(crate) fn plain() -> Vec<u8> {
    noise(300_000)
}

pub(crate) fn packed() -> Vec<u8> {
    gz(&plain())
}

/// A folder that goes with its test.
pub(crate) struct Place(TempDir);

impl Place {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn options(&self) -> FetchOptions {
        FetchOptions {
            patience: PATIENCE,
            through_proxy: false,
            ..FetchOptions::new(self.0.path().join("data"))
        }
    }

    pub(crate) fn fetch(&self, set: &DataSet) -> Result<Fetched, FetchError> {
        fetch(set, &self.options(), &mut |_| {})
    }

    /// The message of the error, which there has to be; and nothing is where the data set would be.
    pub(crate) fn refusal(&self, set: &DataSet) -> String {
        let error = self.fetch(set).unwrap_err();
        assert!(!self.path("data/tiny").exists(), "{error}");
        error.to_string()
    }

    /// Fetches `one_file`, and looks at what has come.
    pub(crate) fn fetch_digits(&self, set: &DataSet) {
        let fetched = self.fetch(set).unwrap();
        assert!(!fetched.was_there);
        self.check_digits();
    }

    pub(crate) fn check_digits(&self) {
        assert!(fs::read(self.path("data/tiny/digits")).unwrap() == plain());
        let mut names: Vec<String> = fs::read_dir(self.path("data"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(names, ["tiny"]);
    }

    /// Leaves `bytes` as what an earlier call has got of `digits.gz`.
    pub(crate) fn leave_partial(&self, bytes: &[u8]) {
        fs::create_dir_all(self.path("data/.tiny.fetch")).unwrap();
        fs::write(self.path("data/.tiny.fetch/digits.gz.part"), bytes).unwrap();
    }
}
