//! What the worker can be told to do, at its start and with a trial.

use crate::Result;
use seedband_core::protocol::FailureClass;
use std::error::Error;
use std::str::FromStr;

/// At the start of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Silent,
    /// After so many milliseconds.
    Late(u64),
    /// With another version of the protocol.
    Version(u32),
    Garbage,
    Exit(i32),
    Crash,
}

/// With a trial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Behaviour {
    Finish,
    FinishExit,
    FinishSpeak,
    /// Milliseconds before each step.
    Slow(u64),
    /// Infinite in this step.
    Diverge(u32),
    Fail(FailureClass),
    Hang,
    Stall,
    Crash,
    Exit(i32),
    Garbage,
    HalfLine,
    Flood,
    TooMany,
    WrongTrial,
    Gap,
    Miscount,
    NanMidway,
    OtherWeights,
    OtherRates,
    LongLog,
    Child,
    /// Mebibytes.
    Allocate(usize),
    /// Trials on one device.
    AtMost(usize),
}

/// `name:argument`, or a name alone with an empty argument.
pub(crate) fn parts(text: &str) -> (&str, &str) {
    text.split_once(':').unwrap_or((text, ""))
}

impl FromStr for Start {
    type Err = Box<dyn Error>;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match parts(text) {
            ("silent", "") => Self::Silent,
            ("late", milliseconds) => Self::Late(milliseconds.parse()?),
            ("version", version) => Self::Version(version.parse()?),
            ("garbage", "") => Self::Garbage,
            ("exit", status) => Self::Exit(status.parse()?),
            ("crash", "") => Self::Crash,
            _ => return Err(format!("no start is called `{text}`").into()),
        })
    }
}

impl FromStr for Behaviour {
    type Err = Box<dyn Error>;

    fn from_str(text: &str) -> Result<Self> {
        Ok(match parts(text) {
            ("finish", "") => Self::Finish,
            ("finish-exit", "") => Self::FinishExit,
            ("finish-speak", "") => Self::FinishSpeak,
            ("slow", milliseconds) => Self::Slow(milliseconds.parse()?),
            ("diverge", step) => Self::Diverge(step.parse()?),
            ("fail", class) => Self::Fail(serde_json::from_value(class.into())?),
            ("hang", "") => Self::Hang,
            ("stall", "") => Self::Stall,
            ("crash", "") => Self::Crash,
            ("exit", status) => Self::Exit(status.parse()?),
            ("garbage", "") => Self::Garbage,
            ("half-line", "") => Self::HalfLine,
            ("flood", "") => Self::Flood,
            ("too-many", "") => Self::TooMany,
            ("wrong-trial", "") => Self::WrongTrial,
            ("gap", "") => Self::Gap,
            ("miscount", "") => Self::Miscount,
            ("nan-midway", "") => Self::NanMidway,
            ("other-weights", "") => Self::OtherWeights,
            ("other-rates", "") => Self::OtherRates,
            ("long-log", "") => Self::LongLog,
            ("child", "") => Self::Child,
            ("allocate", mebibytes) => Self::Allocate(mebibytes.parse()?),
            ("at-most", trials) => Self::AtMost(trials.parse()?),
            _ => return Err(format!("no behaviour is called `{text}`").into()),
        })
    }
}
