//! `make.py` and what it prints.

use serde::Deserialize;
use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::{Command, Stdio};

/// What `make.py` prints and `losses.json` holds.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Outcome {
    pub(crate) torch: String,
    pub(crate) cases: BTreeMap<String, Losses>,
    /// By file of weights.
    pub(crate) logits: BTreeMap<String, Logits>,
    /// With `--everything`.
    #[serde(default)]
    pub(crate) mistakes: Vec<Mistake>,
    pub(crate) resnet56_parameters: u64,
    pub(crate) bounds: Vec<Bounds>,
}

/// PyTorch's losses of a case, one a step.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Losses {
    /// SHA-256 of the case's inputs.
    pub(crate) inputs: String,
    pub(crate) float64: Vec<f64>,
    pub(crate) float32: Vec<f64>,
    /// How far PyTorch's own float32 losses come apart when only the order of additions changes; relative, one a step.
    /// With `--everything`.
    #[serde(default)]
    pub(crate) spread: Vec<f64>,
}

/// PyTorch's logits from a file of weights, image by image, in evaluation and in training.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Logits {
    /// SHA-256 of the file, which the module took by `load_state_dict(strict=True)`.
    pub(crate) file: String,
    pub(crate) float64: Modes,
    pub(crate) float32: Modes,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Modes {
    pub(crate) evaluation: Vec<f64>,
    pub(crate) training: Vec<f64>,
}

/// PyTorch's losses of a case that a mistake was built into.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Mistake {
    pub(crate) name: String,
    pub(crate) case: String,
    pub(crate) float64: Vec<f64>,
}

/// Bounds of the uniform schemes and deviations of the normal ones that torch.nn.init draws a weight of some shape by.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Bounds {
    pub(crate) shape: Vec<i64>,
    pub(crate) pytorch: f64,
    /// Of the bias of a dense layer.
    pub(crate) pytorch_bias: Option<f64>,
    pub(crate) he_uniform: f64,
    pub(crate) he_normal: f64,
    pub(crate) glorot_uniform: f64,
    pub(crate) glorot_normal: f64,
}

/// The Python that `SEEDBAND_PYTHON` names, or else `python3`, where it has the PyTorch whose losses are stored.
pub(crate) fn with_torch(version: &str) -> Option<Command> {
    let program = env::var_os("SEEDBAND_PYTHON").unwrap_or_else(|| "python3".into());
    let output = Command::new(&program)
        .args(["-c", "import torch; print(torch.__version__.partition('+')[0])"])
        .stderr(Stdio::null())
        .output()
        .ok()?;
    (String::from_utf8_lossy(&output.stdout).trim() == version).then(|| Command::new(program))
}

/// Runs `make.py` on the inputs in `folder`, perhaps with `--everything`, and gives what it prints.
pub(crate) fn make(mut python: Command, folder: &Path, option: Option<&str>) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pytorch/make.py");
    // Without -B a cache of compiled modules would be left beside the script.
    let output = python.arg("-B").arg(script).arg(folder).args(option).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
