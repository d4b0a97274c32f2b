//! The worker's conversation: requests in, events out, one trial after the other.

use crate::dataset_cache::DatasetCache;
use crate::device::Device;
use crate::failure::{TrialError, one_line};
use crate::initial_state;
use crate::models::{DataShape, Network};
use crate::train::{self, Emit};
use seedband_core::protocol::{self, Event, Failed, FailureClass, MAX_LINE, Ready, Request, Saved};
use seedband_core::trial::TrialId;
use serde::Deserialize;
use std::any::Any;
use std::io::{self, BufRead, Read, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tracing::{error, info};

/// Why a conversation ended well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Served {
    /// No more requests will come.
    EndOfInput,
    /// Nobody reads the events any more.
    OutputClosed,
}

/// Why a conversation broke off.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A line longer than the protocol allows.
    #[error("request {line} is longer than {MAX_LINE} bytes")]
    TooLong {
        /// Line number, from 1.
        line: usize,
    },
    /// A line that is no request of this version of the protocol.
    #[error("request {line} cannot be understood")]
    Unreadable {
        /// Line number, from 1.
        line: usize,
        /// What the parser said.
        source: serde_json::Error,
    },
    /// Requests cannot be read.
    #[error("cannot read requests")]
    Input(#[source] io::Error),
    /// Events cannot be written.
    #[error("cannot write events")]
    Output(#[source] io::Error),
}

impl ServeError {
    /// The status that the program ends with.
    pub fn exit_status(&self) -> u8 {
        match self {
            Self::TooLong { .. } | Self::Unreadable { .. } => 2,
            Self::Input(_) | Self::Output(_) => 1,
        }
    }
}

/// Says `ready`, then answers every request of `input` and writes its events to `output`, each line at once, until the
/// input ends.
///
/// Whatever goes wrong with a trial is said as its `failed` event and the next is trained.
pub fn serve(device: &Device, mut input: impl BufRead, mut output: impl Write) -> Result<Served, ServeError> {
    let mut emit = |event: &Event| {
        output.write_all(protocol::to_line(event).as_bytes())?;
        output.flush()
    };
    let ready = Event::Ready(Ready {
        protocol: protocol::VERSION,
        worker: concat!("seedband-worker ", env!("CARGO_PKG_VERSION")).into(),
        device: device.description.clone(),
        libraries: device.libraries.clone(),
        one_trial: false,
    });
    if let Err(source) = emit(&ready) {
        return closed(source);
    }
    let mut datasets = DatasetCache::default();
    for line in 1.. {
        let answered = match next(&mut input, line)? {
            None => break,
            Some(Line::Request(request)) => answer(&request, &mut datasets, device, &mut emit),
            Some(Line::Refused(failed)) => {
                error!("trial {} is refused: {}", failed.trial.short(), failed.message);
                emit(&Event::Failed(failed))
            }
        };
        if let Err(source) = answered {
            return closed(source);
        }
    }
    Ok(Served::EndOfInput)
}

/// What the runner has asked for.
#[derive(Debug)]
enum Line {
    /// Something that can be tried.
    Request(Box<Request>),
    /// Something about a trial that says more than this program knows, or something else; the answer.
    Refused(Failed),
}

/// What the next line asks for; `None` at the end of the input.
fn next(input: &mut impl BufRead, line: usize) -> Result<Option<Line>, ServeError> {
    let mut bytes = Vec::new();
    // One byte for the newline and one to see that a line is too long.
    input
        .by_ref()
        .take(MAX_LINE as u64 + 2)
        .read_until(b'\n', &mut bytes)
        .map_err(ServeError::Input)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    let text = bytes.strip_suffix(b"\n").unwrap_or(&bytes);
    if text.len() > MAX_LINE {
        return Err(ServeError::TooLong { line });
    }
    match serde_json::from_slice(text) {
        Ok(request) => Ok(Some(Line::Request(Box::new(request)))),
        Err(source) => match refused(text, &source) {
            Some(failed) => Ok(Some(Line::Refused(failed))),
            None => Err(ServeError::Unreadable { line, source }),
        },
    }
}

/// The answer to a request that cannot be understood, if it can be told which trial it is about. To pass over a setting
/// that is not known would be to train something else under the trial's name.
fn refused(text: &[u8], error: &serde_json::Error) -> Option<Failed> {
    #[derive(Deserialize)]
    struct About {
        trial: Named,
    }
    #[derive(Deserialize)]
    struct Named {
        id: TrialId,
    }
    let about: About = serde_json::from_slice(text).ok()?;
    Some(Failed {
        trial: about.trial.id,
        class: FailureClass::BadStudy,
        message: format!("this worker does not understand the request: {error}; install the same release of both"),
    })
}

fn closed(error: io::Error) -> Result<Served, ServeError> {
    if error.kind() == io::ErrorKind::BrokenPipe {
        Ok(Served::OutputClosed)
    } else {
        Err(ServeError::Output(error))
    }
}

fn answer(request: &Request, datasets: &mut DatasetCache, device: &Device, emit: &mut Emit) -> io::Result<()> {
    let (Request::Train(train) | Request::SaveInit(train)) = request;
    let trial = &train.trial;
    info!(
        "trial {} (`{}`, seed {}) begins",
        trial.id.short(),
        trial.config,
        trial.seed
    );
    // A panic leaves at most a data set half loaded, and that is assigned whole or not at all.
    let outcome = catch_unwind(AssertUnwindSafe(|| attempt(request, datasets, device, emit)));
    let failure = match outcome.unwrap_or_else(|panic| Err(TrialError::Panic(panic_text(&*panic)))) {
        Ok(()) => return Ok(()),
        Err(TrialError::Output(source)) => return Err(source),
        Err(failure) => failure,
    };
    let message = one_line(&failure);
    error!("trial {} failed: {message}", trial.id.short());
    emit(&Event::Failed(Failed {
        trial: trial.id.clone(),
        class: failure.class(),
        message,
    }))
}

fn attempt(request: &Request, datasets: &mut DatasetCache, device: &Device, emit: &mut Emit) -> Result<(), TrialError> {
    let (Request::Train(train) | Request::SaveInit(train)) = request;
    train.trial.recipe.validate()?;
    let (training, validation) = datasets.load(train, device.torch)?;
    match request {
        Request::Train(_) => train::train(train, training, validation, device.torch, emit),
        Request::SaveInit(_) => {
            let settings = train.trial.recipe.trainer.require_built_in()?;
            let network = Network::new(&settings.model, DataShape::of(training))?;
            let state = initial_state::of(train, &network)?;
            initial_state::save(&state, train, &network)?;
            let trial = train.trial.id.clone();
            emit(&Event::Saved(Saved { trial })).map_err(TrialError::Output)
        }
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> String {
    let text = panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use seedband_core::protocol::{Train, to_line};
    use seedband_core::recipe::Recipe;
    use seedband_core::trial::Trial;
    use seedband_testkit::Fuzz;

    fn requests() -> [Vec<u8>; 2] {
        let train = |seed| Train {
            data_path: Some("/data".into()),
            init_path: Some("/init".into()),
            ..Train::new(Trial::new("a", seed, &Recipe::default()), Vec::new())
        };
        let both = [Request::Train(train(0)), Request::SaveInit(train(1))];
        [both.iter().map(to_line).collect(), to_line(&both[0]).repeat(3)].map(String::into_bytes)
    }

    #[test]
    fn damaged_requests_are_answered() {
        // The line as it grows, and what it says.
        Fuzz::new(&requests())
            .memory(|length| 10_000 + 20 * length)
            .run(|bytes| {
                let mut input = bytes;
                for line in 1.. {
                    match next(&mut input, line) {
                        Ok(Some(_)) => assert!(line <= bytes.len()),
                        Ok(None) => return,
                        Err(error) => {
                            assert_eq!(error.exit_status(), 2);
                            return;
                        }
                    }
                }
            });
    }

    #[test]
    fn a_line_without_end_is_given_up() {
        let (result, heap) = seedband_testkit::peak(|| next(&mut io::BufReader::new(io::repeat(b'[')), 1));
        assert!(matches!(result, Err(ServeError::TooLong { line: 1 })), "{result:?}");
        assert!(heap < 4 * MAX_LINE, "{heap}");
    }
}
