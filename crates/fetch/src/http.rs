//! One request, with its redirects, and which of its troubles may pass.

use crate::address::redirected;
use std::io;
use std::time::Duration;
use ureq::http::{Response, StatusCode, header};
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Body, Error};

/// Redirects that one request may take.
const MOST_REDIRECTS: usize = 8;

/// The longest pause that a server can ask for.
const LONGEST_PAUSE: Duration = Duration::from_mins(1);

/// What keeps a request from its answer.
#[derive(Debug)]
pub(crate) enum Trouble {
    /// It may pass. The server may say after how long.
    Passing(String, Option<Duration>),
    /// Asking again would not help.
    Lasting(String),
}

/// Whoever asks servers.
#[derive(Debug)]
pub(crate) struct Client {
    agent: Agent,
    stall: Duration,
}

impl Client {
    /// One that waits `stall` for the next byte, and goes through the proxy that the environment names unless told not
    /// to.
    pub(crate) fn new(stall: Duration, through_proxy: bool) -> Self {
        let roots = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let mut config = Agent::config_builder()
            .tls_config(roots)
            .user_agent(concat!("seedband/", env!("CARGO_PKG_VERSION")))
            .http_status_as_error(false)
            // Redirects are followed here: none may lead from HTTPS to HTTP.
            .max_redirects(0)
            // A connection that has been quiet for a while may be dead.
            .max_idle_connections(0)
            .timeout_resolve(Some(stall))
            .timeout_connect(Some(stall))
            .timeout_per_write(Some(stall))
            .timeout_per_read(Some(stall));
        if !through_proxy {
            config = config.proxy(None);
        }
        Self {
            agent: config.build().new_agent(),
            stall,
        }
    }

    /// What a server answers, with status 200, 206 or 416.
    pub(crate) fn get(&self, address: &str, headers: &[(&str, String)]) -> Result<Response<Body>, Trouble> {
        let mut at = address.to_owned();
        for _ in 0..=MOST_REDIRECTS {
            // Nothing may be packed on the way: sizes and ranges are those of the file.
            let mut request = self.agent.get(&at).header(header::ACCEPT_ENCODING, "identity");
            for (name, value) in headers {
                request = request.header(*name, value);
            }
            let response = request.call().map_err(|error| self.trouble(&error))?;
            match response.status() {
                StatusCode::OK | StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => {
                    return Ok(response);
                }
                status if status.is_redirection() => {
                    let location = text(&response, header::LOCATION);
                    let location = location.ok_or_else(|| Trouble::Lasting("redirects to nowhere".into()))?;
                    at = redirected(&at, &location).map_err(Trouble::Lasting)?;
                }
                status => return Err(refused(status, &response)),
            }
        }
        Err(Trouble::Lasting(format!(
            "redirects more than {MOST_REDIRECTS} times, the last time to `{at}`"
        )))
    }

    fn trouble(&self, error: &Error) -> Trouble {
        match error {
            Error::Timeout(_) => self.stalled(),
            Error::Io(error) => self.broken(error),
            Error::ConnectionFailed | Error::Protocol(_) => Trouble::Passing(error.to_string(), None),
            other => Trouble::Lasting(other.to_string()),
        }
    }

    /// What an error while bytes are read means.
    pub(crate) fn broken(&self, error: &io::Error) -> Trouble {
        // The client packs its own errors into those of a reader.
        if let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<Error>()) {
            return self.trouble(inner);
        }
        match error.kind() {
            io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => self.stalled(),
            // A certificate that does not fit.
            io::ErrorKind::InvalidData => Trouble::Lasting(error.to_string()),
            _ => Trouble::Passing(error.to_string(), None),
        }
    }

    fn stalled(&self) -> Trouble {
        Trouble::Passing(format!("nothing came for {:?}", self.stall), None)
    }
}

/// A header as text.
pub(crate) fn text(response: &Response<Body>, name: header::HeaderName) -> Option<String> {
    let value = response.headers().get(name)?.to_str().ok()?;
    Some(value.to_owned())
}

/// What a status that brings no file means.
fn refused(status: StatusCode, response: &Response<Body>) -> Trouble {
    let problem = format!("answers {status}");
    let may_pass = status.is_server_error()
        || matches!(
            status,
            StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_EARLY | StatusCode::TOO_MANY_REQUESTS
        );
    if !may_pass {
        return Trouble::Lasting(problem);
    }
    let asked = text(response, header::RETRY_AFTER).and_then(|seconds| seconds.trim().parse().ok());
    Trouble::Passing(
        problem,
        asked.map(|seconds| Duration::from_secs(seconds).min(LONGEST_PAUSE)),
    )
}
