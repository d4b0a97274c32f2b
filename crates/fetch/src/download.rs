//! One file from whichever server has it: resumed, tried again, and used only once its SHA-256 is right.

use crate::catalog::RemoteFile;
use crate::digest::{CHUNK, sha256};
use crate::http::{Client, Trouble, text};
use crate::partial::Partial;
use crate::{FetchError, Patience, Progress};
use std::fs;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;
use ureq::http::{Response, StatusCode, header};
use ureq::{Body, BodyReader};

/// Requests for one file to one server, however much each of them brings.
const MOST_REQUESTS: u32 = 100;

/// The longest pause between two requests.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// Downloads files into one folder.
pub(crate) struct Downloader<'a> {
    pub(crate) client: &'a Client,
    pub(crate) patience: Patience,
    pub(crate) folder: &'a Path,
    pub(crate) tell: &'a mut dyn FnMut(Progress<'_>),
}

/// Why a request does not end in a file.
enum Stop {
    Server(Trouble),
    /// This machine is at fault, and no other server would help.
    Here(FetchError),
}

impl From<FetchError> for Stop {
    fn from(error: FetchError) -> Self {
        Self::Here(error)
    }
}

fn lasting(problem: impl Into<String>) -> Stop {
    Stop::Server(Trouble::Lasting(problem.into()))
}

impl Downloader<'_> {
    /// The path of `file` with the right content, from the first of `servers` that has it.
    pub(crate) fn download(&mut self, file: &RemoteFile, servers: &[String]) -> Result<PathBuf, FetchError> {
        let path = self.folder.join(file.name);
        if path.exists() {
            (self.tell)(Progress::Checking { file: file.name });
            if is_right(&path, file)? {
                return Ok(path);
            }
            fs::remove_file(&path).map_err(FetchError::io("remove", &path))?;
        }
        let mut problems: Vec<(String, String)> = Vec::new();
        for server in servers {
            let address = format!("{server}{}", file.name);
            match self.from(&address, file) {
                Ok(partial) => {
                    fs::rename(partial.path(), &path).map_err(FetchError::io("rename", partial.path()))?;
                    return Ok(path);
                }
                Err(Stop::Here(error)) => return Err(error),
                Err(Stop::Server(Trouble::Passing(problem, _) | Trouble::Lasting(problem))) => {
                    if problems.len() + 1 < servers.len() {
                        (self.tell)(Progress::NextServer {
                            address: &address,
                            problem: &problem,
                        });
                    }
                    problems.push((address, problem));
                }
            }
        }
        Err(FetchError::Download {
            file: file.name.to_owned(),
            problems,
        })
    }

    /// The whole file with the right content.
    fn from(&mut self, address: &str, file: &RemoteFile) -> Result<Partial, Stop> {
        let partial = Partial::new(self.folder, file.name);
        let mut once_more = true;
        loop {
            let in_one = self.complete(address, file, &partial)?;
            (self.tell)(Progress::Checking { file: file.name });
            if is_right(partial.path(), file)? {
                return Ok(partial);
            }
            partial.restart()?;
            // Parts of two versions are no fault of what the server has now.
            if in_one || !once_more {
                let problem = format!("sends {} bytes whose SHA-256 is not that of the file", file.size);
                return Err(lasting(problem));
            }
            once_more = false;
        }
    }

    /// Has all bytes come, in as many requests as it takes. Whether the last of them brought all.
    fn complete(&mut self, address: &str, file: &RemoteFile, partial: &Partial) -> Result<bool, Stop> {
        let (mut in_vain, mut pause) = (0, self.patience.pause);
        for _ in 0..MOST_REQUESTS {
            let before = partial.size()?;
            let (problem, asked) = match self.request(address, file, partial) {
                Ok(in_one) => return Ok(in_one),
                Err(Stop::Server(Trouble::Passing(problem, asked))) => (problem, asked),
                Err(stop) => return Err(stop),
            };
            if partial.size()? > before {
                (in_vain, pause) = (0, self.patience.pause);
            }
            in_vain += 1;
            if in_vain >= self.patience.tries {
                return Err(lasting(format!("{problem}; asked {in_vain} times")));
            }
            let wait = asked.unwrap_or(pause);
            (self.tell)(Progress::Retry {
                file: file.name,
                problem: &problem,
                pause: wait,
            });
            sleep(wait);
            pause = (2 * pause).min(LONGEST_PAUSE);
        }
        Err(lasting(format!(
            "asked {MOST_REQUESTS} times, and it has not sent the whole file"
        )))
    }

    /// Asks for what is missing. Whether this request brought all bytes.
    fn request(&mut self, address: &str, file: &RemoteFile, partial: &Partial) -> Result<bool, Stop> {
        let mut have = partial.size()?;
        if have > file.size {
            partial.restart()?;
            have = 0;
        }
        if have == file.size {
            return Ok(false);
        }
        let mut headers = Vec::new();
        if have > 0 {
            headers.push(("range", format!("bytes={have}-")));
            headers.extend(partial.version(address).map(|version| ("if-range", version)));
        }
        let response = self.client.get(address, &headers).map_err(Stop::Server)?;
        let answered = if response.status() == StatusCode::OK { 0 } else { have };
        if let Err(problem) = fits(&response, answered, file.size) {
            partial.restart()?;
            // Without a range it is asked for the whole, which may be what it can do.
            return Err(Stop::Server(match have {
                0 => Trouble::Lasting(problem),
                _ => Trouble::Passing(problem, Some(Duration::ZERO)),
            }));
        }
        if answered == 0 {
            partial.restart()?;
        }
        partial.set_version(address, version(&response).as_deref())?;
        (self.tell)(Progress::Download {
            file: file.name,
            size: file.size,
            have: answered,
        });
        self.receive(response.into_body().into_reader(), answered, file, partial)?;
        Ok(answered == 0)
    }

    /// Writes what comes behind the `have` bytes that are there.
    fn receive(
        &mut self,
        mut body: BodyReader<'_>,
        have: u64,
        file: &RemoteFile,
        partial: &Partial,
    ) -> Result<(), Stop> {
        let mut out = partial.append()?;
        let (mut chunk, mut total) = (vec![0; CHUNK], have);
        loop {
            let count = body
                .read(&mut chunk)
                .map_err(|error| Stop::Server(self.client.broken(&error)))?;
            if count == 0 {
                break;
            }
            total += count as u64;
            if total > file.size {
                partial.restart()?;
                return Err(lasting(format!("sends more than the {} bytes of the file", file.size)));
            }
            out.write_all(&chunk[..count])
                .map_err(FetchError::io("write", partial.path()))?;
            (self.tell)(Progress::Received { have: total });
        }
        if total < file.size {
            let problem = format!("ended after {total} of {} bytes", file.size);
            return Err(Stop::Server(Trouble::Passing(problem, None)));
        }
        out.sync_all().map_err(FetchError::io("write", partial.path()))?;
        Ok(())
    }
}

fn is_right(path: &Path, file: &RemoteFile) -> Result<bool, FetchError> {
    let size = fs::metadata(path).map_err(FetchError::io("read", path))?.len();
    Ok(size == file.size && sha256(path)? == file.sha256)
}

/// Whether a response is of the bytes from `from` on of a file of `size` bytes.
fn fits(response: &Response<Body>, from: u64, size: u64) -> Result<(), String> {
    let length = text(response, header::CONTENT_LENGTH).and_then(|length| length.trim().parse::<u64>().ok());
    match response.status() {
        StatusCode::PARTIAL_CONTENT => {
            let range = text(response, header::CONTENT_RANGE).unwrap_or_default();
            match content_range(&range) {
                Some((first, last, whole))
                    if (first, last) == (from, size - 1) && whole.is_none_or(|whole| whole == size) => {}
                _ => {
                    return Err(format!(
                        "answers with the range `{range}`, and bytes {from} to {} are due",
                        size - 1
                    ));
                }
            }
        }
        StatusCode::OK => {}
        status => return Err(format!("answers {status} for the bytes from {from} on of {size}")),
    }
    match length {
        Some(length) if length != size - from => {
            let kind = text(response, header::CONTENT_TYPE)
                .map(|kind| format!(" of `{kind}`"))
                .unwrap_or_default();
            Err(format!("has {length} bytes{kind} where {} are due", size - from))
        }
        _ => Ok(()),
    }
}

/// `bytes 0-9/10` as first, last and number of all, which may be `*` (RFC 9110, section 14.4).
fn content_range(text: &str) -> Option<(u64, u64, Option<u64>)> {
    let (range, whole) = text.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    let whole = if whole == "*" { None } else { Some(whole.parse().ok()?) };
    Some((first.parse().ok()?, last.parse().ok()?, whole))
}

/// What tells this version of a file from others: a strong entity tag, or else when it was changed.
fn version(response: &Response<Body>) -> Option<String> {
    match text(response, header::ETAG) {
        Some(tag) => (!tag.starts_with("W/")).then_some(tag),
        None => text(response, header::LAST_MODIFIED),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_ranges_are_read() {
        assert_eq!(content_range("bytes 5-9/10"), Some((5, 9, Some(10))));
        assert_eq!(content_range("bytes 5-9/*"), Some((5, 9, None)));
        for wrong in [
            "",
            "bytes */10",
            "bytes 5-/10",
            "items 5-9/10",
            "bytes 5-9",
            "bytes -1-9/10",
        ] {
            assert_eq!(content_range(wrong), None, "{wrong}");
        }
    }
}
