use super::{GpuSlots, MemoryFormat};
use crate::Invalid;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Where and how trials run, table `[run]`. Nothing here changes what a trial is, and nothing but `memory-format` a
/// digit of its curve; the command line can override each
/// key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Run {
    /// `"auto"` (every visible CUDA device, else the CPU), `"cpu"`, `"cuda"`, or a list such as `"cuda:0,1"`. Default
    /// `"auto"`.
    pub devices: String,
    /// Trials at once on the CPU. Default: cores divided by `threads`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_slots: Option<u32>,
    /// Trials at once on each CUDA device, or `"auto"`: measured while the study runs. Default 1.
    pub gpu_slots: GpuSlots,
    /// Threads of each worker on the CPU. Default 1: two single-threaded workers beat one with two threads.
    pub threads: u32,
    /// Bind each worker to its share of the cores, and never to fewer than its threads. Default false: a bound worker
    /// cannot use the cores that others leave idle, and two runs on one machine know nothing of each other's shares.
    pub pin_cores: bool,
    /// How the built-in trainer keeps images and activations in memory. Default: chosen by the machine that begins a
    /// study, and kept in the study of its results for every later run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub memory_format: Option<MemoryFormat>,
    /// Longest time a trial may take, for example `"30m"`. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
    /// How often one run tries a trial again whose failure may pass. Default 2.
    pub retries: u32,
    /// Pause before a trial is tried again, doubled each further time. Default `"2s"`.
    pub retry_delay: String,
    /// Longest such pause. Default `"2m"`.
    pub retry_max_delay: String,
    /// Once so many trials have failed for good, no further one begins. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_fails: Option<u32>,
    /// Time between two signs of life, by which runners on other hosts and in other containers know each other: after six
    /// that did not come, a runner counts as gone and its trials are taken over. From 100 ms to 10 min. Default `"10s"`.
    pub heartbeat: String,
    /// Write the initial weights of every trial that is trained into its folder, as `init.safetensors`. Default false.
    pub save_init: bool,
}

/// What `devices` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Devices {
    /// Every visible CUDA device, else the CPU.
    Auto,
    /// The CPU.
    Cpu,
    /// Every visible CUDA device.
    Cuda,
    /// These of the visible CUDA devices, by their place among them; one or more.
    Listed(Vec<usize>),
}

impl Devices {
    /// Reads `auto`, `cpu`, `cuda` or `cuda:<index>,<index>`; none for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "auto" => Some(Self::Auto),
            "cpu" => Some(Self::Cpu),
            "cuda" => Some(Self::Cuda),
            _ => {
                let indices = text.strip_prefix("cuda:")?.split(',').map(|index| index.parse().ok());
                indices.collect::<Option<_>>().map(Self::Listed)
            }
        }
    }
}

impl Default for Run {
    fn default() -> Self {
        Self {
            devices: "auto".into(),
            cpu_slots: None,
            gpu_slots: GpuSlots::Count(1),
            threads: 1,
            pin_cores: false,
            memory_format: None,
            timeout: None,
            retries: 2,
            retry_delay: "2s".into(),
            retry_max_delay: "2m".into(),
            max_fails: None,
            heartbeat: "10s".into(),
            save_init: false,
        }
    }
}

impl Run {
    /// Checks ranges; which devices exist is known only to the runner.
    pub fn validate(&self) -> Result<(), Invalid> {
        let gpu_slots = match self.gpu_slots {
            GpuSlots::Count(count) => count,
            GpuSlots::Auto => 1,
        };
        for (key, value, least) in [
            ("cpu-slots", self.cpu_slots.unwrap_or(1), 1),
            ("gpu-slots", gpu_slots, 1),
            ("threads", self.threads, 1),
            ("retries", self.retries, 0),
            ("max-fails", self.max_fails.unwrap_or(1), 1),
        ] {
            if !(least..=4096).contains(&value) {
                return Err(Invalid::new(
                    key,
                    value,
                    format!("has to be from {least} to 4096"),
                    format!("{key} = 1"),
                ));
            }
        }
        if Devices::parse(&self.devices).is_none() {
            return Err(Invalid::new(
                "devices",
                format!("\"{}\"", self.devices),
                "is none of `auto`, `cpu`, `cuda`, `cuda:<index>,<index>`",
                "devices = \"cuda:0,1\"",
            ));
        }
        self.timeout()?;
        self.heartbeat()?;
        self.retry_delays().map(|_| ())
    }

    /// The time between two signs of life.
    pub fn heartbeat(&self) -> Result<Duration, Invalid> {
        const RANGE: (Duration, Duration) = (Duration::from_millis(100), Duration::from_mins(10));
        duration(&self.heartbeat)
            .filter(|period| (RANGE.0..=RANGE.1).contains(period))
            .ok_or_else(|| {
                Invalid::new(
                    "heartbeat",
                    format!("\"{}\"", self.heartbeat),
                    "is not a duration from 100 ms to 10 min",
                    "heartbeat = \"10s\"",
                )
            })
    }

    /// The time-out as a duration.
    pub fn timeout(&self) -> Result<Option<Duration>, Invalid> {
        let Some(text) = &self.timeout else { return Ok(None) };
        duration(text)
            .filter(|duration| !duration.is_zero())
            .map(Some)
            .ok_or_else(|| {
                Invalid::new(
                    "timeout",
                    format!("\"{text}\""),
                    "is not a duration above zero",
                    "timeout = \"30m\"",
                )
            })
    }

    /// The first and the longest pause before a trial is tried again.
    pub fn retry_delays(&self) -> Result<(Duration, Duration), Invalid> {
        let read = |key: &str, text: &str, example: &str| {
            duration(text).ok_or_else(|| {
                Invalid::new(
                    key,
                    format!("\"{text}\""),
                    "is not a duration",
                    format!("{key} = \"{example}\""),
                )
            })
        };
        Ok((
            read("retry-delay", &self.retry_delay, "2s")?,
            read("retry-max-delay", &self.retry_max_delay, "2m")?,
        ))
    }
}

/// A duration such as `30m`, `1h 30m` or `1500ms`; none below zero.
fn duration(text: &str) -> Option<Duration> {
    Duration::try_from(text.parse::<SignedDuration>().ok()?).ok()
}
