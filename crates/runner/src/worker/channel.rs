//! The socket over which a worker speaks: its standard output stays free for whatever libraries print.

use crate::worker::lines::{Line, Lines};
use std::fs::Permissions;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt;
use tokio::net::UnixListener;
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};

/// Longest path of a socket in bytes, with the byte that ends it: `sun_path` of unix(7).
const LONGEST_PATH: usize = 108;

/// A socket with a name, until a worker has connected to it; then the connection.
#[derive(Debug)]
pub(crate) struct Channel {
    state: State,
}

#[derive(Debug)]
enum State {
    /// The name is gone with the folder, which nobody else may enter.
    Awaited { listener: UnixListener, folder: TempDir },
    Connected {
        events: Lines<OwnedReadHalf>,
        requests: OwnedWriteHalf,
    },
}

impl Channel {
    /// Makes the socket in a folder of its own below that of temporary files.
    ///
    /// # Errors
    /// It cannot be made.
    pub(crate) fn new() -> io::Result<Self> {
        let folder = match short_folder(&std::env::temp_dir()) {
            Ok(folder) => folder,
            // A long path for temporary files, as batch systems give, is no place for a socket.
            Err(_) => short_folder(Path::new("/tmp"))?,
        };
        let listener = UnixListener::bind(socket(&folder))?;
        Ok(Self {
            state: State::Awaited { listener, folder },
        })
    }

    /// Where a worker can connect; nowhere once one has.
    pub(crate) fn path(&self) -> Option<PathBuf> {
        match &self.state {
            State::Awaited { folder, .. } => Some(socket(folder)),
            State::Connected { .. } => None,
        }
    }

    /// The next line that the worker says, once it has connected. Nothing is lost when the future is dropped before it
    /// is ready.
    pub(crate) async fn next_line(&mut self) -> io::Result<Line> {
        loop {
            match &mut self.state {
                State::Connected { events, .. } => return events.next().await,
                State::Awaited { listener, .. } => {
                    let (stream, _) = listener.accept().await?;
                    let (events, requests) = stream.into_split();
                    // The socket and its folder go with the old state: a second process of the trial finds nobody.
                    self.state = State::Connected {
                        events: Lines::new(events),
                        requests,
                    };
                }
            }
        }
    }

    /// Sends a line.
    pub(crate) async fn send(&mut self, line: &str) -> io::Result<()> {
        match &mut self.state {
            State::Connected { requests, .. } => requests.write_all(line.as_bytes()).await,
            State::Awaited { .. } => Err(io::ErrorKind::NotConnected.into()),
        }
    }

    /// Says that no more requests come; what the worker still says is read and passed over until it closes.
    pub(crate) async fn close(self) {
        if let State::Connected { mut events, requests } = self.state {
            drop(requests);
            while matches!(events.next().await, Ok(Line::Whole(_))) {}
        }
    }
}

fn socket(folder: &TempDir) -> PathBuf {
    folder.path().join("channel")
}

/// A folder below `parent` in which a socket can have a name.
fn short_folder(parent: &Path) -> io::Result<TempDir> {
    let folder = tempfile::Builder::new()
        .prefix("seedband-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(parent)?;
    if socket(&folder).as_os_str().len() < LONGEST_PATH {
        Ok(folder)
    } else {
        Err(io::ErrorKind::InvalidFilename.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::os::unix::net::UnixStream;

    #[tokio::test(flavor = "multi_thread")]
    async fn one_worker_connects_and_both_sides_speak() {
        let mut channel = Channel::new().unwrap();
        let path = channel.path().unwrap();
        let folder = path.parent().unwrap().to_path_buf();
        assert_eq!(folder.metadata().unwrap().permissions().mode() & 0o777, 0o700);
        assert!(channel.send("early\n").await.is_err());

        let mut worker = UnixStream::connect(&path).unwrap();
        worker.write_all(b"hello\n").unwrap();
        assert_eq!(channel.next_line().await.unwrap(), Line::Whole(b"hello".to_vec()));
        assert!(channel.path().is_none() && !folder.exists());
        assert!(UnixStream::connect(&path).is_err(), "there is one worker");

        channel.send("train\n").await.unwrap();
        let mut bytes = [0; 6];
        worker.read_exact(&mut bytes).unwrap();
        assert_eq!(&bytes, b"train\n");
        let closed = tokio::spawn(channel.close());
        assert_eq!(worker.read(&mut bytes).unwrap(), 0, "no more requests");
        worker.write_all(b"farewell\n").unwrap();
        drop(worker);
        closed.await.unwrap();
    }

    #[test]
    fn a_path_that_is_too_long_is_refused() {
        let parent = tempfile::tempdir().unwrap();
        let long = parent.path().join("x".repeat(80));
        std::fs::create_dir(&long).unwrap();
        assert_eq!(short_folder(&long).unwrap_err().kind(), io::ErrorKind::InvalidFilename);
        assert!(short_folder(parent.path()).is_ok());
    }
}
