use crate::Invalid;
use serde::{Deserialize, Serialize};

/// Where and how trials run, table `[run]`. Nothing here changes what a trial is; the command line can override each key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct Run {
    /// `"auto"` (every visible CUDA device, else the CPU), `"cpu"`, `"cuda"`, or a list such as `"cuda:0,1"`. Default `"auto"`.
    pub devices: String,
    /// Trials at once on the CPU. Default: cores divided by `threads`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cpu_slots: Option<u32>,
    /// Trials at once on each CUDA device. Default 1.
    pub gpu_slots: u32,
    /// Threads of each worker on the CPU. Default 1: two single-threaded workers beat one with two threads.
    pub threads: u32,
    /// Longest time a trial may take, for example `"30m"`. Default: no limit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<String>,
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
            gpu_slots: 1,
            threads: 1,
            timeout: None,
            save_init: false,
        }
    }
}

impl Run {
    /// Checks ranges; which devices exist is known only to the runner.
    pub fn validate(&self) -> Result<(), Invalid> {
        for (key, value) in [
            ("cpu-slots", self.cpu_slots.unwrap_or(1)),
            ("gpu-slots", self.gpu_slots),
            ("threads", self.threads),
        ] {
            if !(1..=4096).contains(&value) {
                return Err(Invalid::new(
                    key,
                    value,
                    "has to be from 1 to 4096",
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
        self.timeout().map(|_| ())
    }

    /// The time-out as a duration.
    pub fn timeout(&self) -> Result<Option<std::time::Duration>, Invalid> {
        let Some(text) = &self.timeout else { return Ok(None) };
        text.parse::<jiff::SignedDuration>()
            .ok()
            .and_then(|duration| std::time::Duration::try_from(duration).ok())
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
}
