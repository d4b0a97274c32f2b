//! A server on this machine that answers each request as a test says.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What was asked for.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// What is asked for, from the host on; of a proxy the host.
    pub path: String,
    /// The header `Range`.
    pub range: Option<String>,
    /// The header `If-Range`.
    pub if_range: Option<String>,
}

impl Request {
    /// The byte from which on it asks.
    pub fn from(&self) -> Option<usize> {
        self.range
            .as_ref()?
            .strip_prefix("bytes=")?
            .strip_suffix('-')?
            .parse()
            .ok()
    }
}

/// What is sent back.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    status: String,
    headers: String,
    body: Vec<u8>,
    /// Say nothing for so long before the connection is closed.
    then_stall: Duration,
}

impl Answer {
    /// With a body of another length than the headers say, where that is wanted.
    pub fn new(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Self {
        let mut lines = String::new();
        for (name, value) in headers {
            write!(lines, "{name}: {value}\r\n").unwrap();
        }
        Self {
            status: status.into(),
            headers: lines,
            body: body.to_vec(),
            then_stall: Duration::ZERO,
        }
    }

    /// A status and no body.
    pub fn status(status: &str) -> Self {
        Self::new(status, &[("content-length", "0")], b"")
    }

    /// A file.
    pub fn whole(body: &[u8]) -> Self {
        Self::part(body, body.len())
    }

    /// The first `count` bytes of a file, whose length and version it says.
    pub fn part(body: &[u8], count: usize) -> Self {
        let length = body.len().to_string();
        Self::new(
            "200 OK",
            &[("content-length", &length), ("etag", "\"one\"")],
            &body[..count],
        )
    }

    /// As a server that knows ranges.
    pub fn ranged(request: &Request, body: &[u8]) -> Self {
        match request.from() {
            Some(from) => Self::range(body, from),
            None => Self::whole(body),
        }
    }

    /// The bytes of a file from `from` on.
    pub fn range(body: &[u8], from: usize) -> Self {
        let range = format!("bytes {from}-{}/{}", body.len() - 1, body.len());
        let length = (body.len() - from).to_string();
        let headers = [
            ("content-range", range.as_str()),
            ("content-length", &length),
            ("etag", "\"one\""),
        ];
        Self::new("206 Partial Content", &headers, &body[from..])
    }

    /// Sends the client to `to`.
    pub fn redirect(to: &str) -> Self {
        Self::new("302 Found", &[("location", to), ("content-length", "0")], b"")
    }

    /// Says nothing for so long before the connection is closed.
    #[must_use]
    pub fn then_stall(self, then_stall: Duration) -> Self {
        Self { then_stall, ..self }
    }
}

/// One that runs until the test process ends.
#[derive(Debug)]
pub struct Server {
    /// Ends in `/`.
    pub address: String,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    /// Answers by `answer`, which is told the request and how many came before it.
    ///
    /// # Panics
    /// No port is free.
    pub fn new(answer: impl Fn(&Request, usize) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/", listener.local_addr().unwrap());
        let requests: Arc<Mutex<Vec<Request>>> = Arc::default();
        let (seen, answer) = (requests.clone(), Arc::new(answer));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, answer) = (seen.clone(), answer.clone());
                std::thread::spawn(move || {
                    let request = read(&stream);
                    let before = {
                        let mut seen = seen.lock().unwrap();
                        seen.push(request.clone());
                        seen.len() - 1
                    };
                    send(stream, &answer(&request, before));
                });
            }
        });
        Self { address, requests }
    }

    /// What has been asked for so far.
    ///
    /// # Panics
    /// An answer did.
    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// The byte from which each request asked on.
    pub fn ranges(&self) -> Vec<Option<usize>> {
        self.requests().iter().map(Request::from).collect()
    }
}

fn read(stream: &TcpStream) -> Request {
    let mut lines = BufReader::new(stream).lines().map_while(Result::ok);
    let first = lines.next().unwrap_or_default();
    let mut request = Request {
        path: first.split(' ').nth(1).unwrap_or_default().into(),
        ..Request::default()
    };
    for line in lines.take_while(|line| !line.is_empty()) {
        let (name, value) = line.split_once(": ").unwrap_or((&line, ""));
        match name.to_ascii_lowercase().as_str() {
            "range" => request.range = Some(value.into()),
            "if-range" => request.if_range = Some(value.into()),
            _ => {}
        }
    }
    request
}

/// A client that has gone is none of the server's business.
fn send(mut stream: TcpStream, answer: &Answer) {
    let head = format!(
        "HTTP/1.1 {}\r\n{}connection: close\r\n\r\n",
        answer.status, answer.headers
    );
    let _ = stream.write_all(head.as_bytes());
    let _ = stream.write_all(&answer.body);
    let _ = stream.flush();
    std::thread::sleep(answer.then_stall);
}
