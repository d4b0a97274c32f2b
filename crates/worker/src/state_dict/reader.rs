//! The tensors of a file, taken one by one.

use super::error::WeightsError;
use safetensors::tensor::TensorView;
use safetensors::{Dtype, SafeTensors};
use seedband_core::listed;
use seedband_core::settings::Missing;
use std::collections::BTreeSet;
use std::path::Path;
use tch::{Kind, Tensor};

/// Most names that an error lists of each kind.
const MAX_NAMES: usize = 20;

/// A file whose tensors are taken one by one.
pub(super) struct Reader<'a> {
    path: &'a Path,
    file: &'a SafeTensors<'a>,
    /// How many were taken.
    used: usize,
    /// Names that nobody has asked for yet.
    unread: BTreeSet<String>,
    missing: Vec<String>,
    /// With both shapes.
    misshapen: Vec<String>,
}

impl<'a> Reader<'a> {
    /// The tensors of `file`, which lies at `path`; none is taken yet.
    pub(super) fn new(path: &'a Path, file: &'a SafeTensors<'a>) -> Self {
        Self {
            path,
            file,
            used: 0,
            unread: file.names().into_iter().cloned().collect(),
            missing: Vec::new(),
            misshapen: Vec::new(),
        }
    }

    /// Takes a tensor of floats into `values`, if it is there in the right shape.
    pub(super) fn floats(&mut self, name: &str, shape: &[i64], values: &mut Vec<f64>) -> Result<(), WeightsError> {
        let Some(view) = self.view(name, shape) else {
            return Ok(());
        };
        let kind = match view.dtype() {
            Dtype::F64 => Kind::Double,
            Dtype::F32 => Kind::Float,
            Dtype::F16 => Kind::Half,
            Dtype::BF16 => Kind::BFloat16,
            other => {
                let problem = format!("has values of type `{other:?}`; known are `F64`, `F32`, `F16` and `BF16`");
                return Err(self.unusable(name, problem));
            }
        };
        // The parser has checked that there are as many bytes as the shape takes.
        let tensor = Tensor::f_from_data_size(view.data(), &[values.len() as i64], kind)?;
        let read = Vec::<f64>::try_from(tensor.f_to_kind(Kind::Double)?)?;
        if let Some(odd) = read.iter().find(|value| !value.is_finite()) {
            return Err(self.unusable(name, format!("holds `{odd}`; training starts from finite values")));
        }
        *values = read;
        Ok(())
    }

    /// Takes a count of batches, if it is there. None is no error: PyTorch, too, takes it for 0.
    pub(super) fn count(&mut self, name: &str, count: &mut i64) -> Result<(), WeightsError> {
        if !self.unread.contains(name) {
            return Ok(());
        }
        let Some(view) = self.view(name, &[]) else {
            return Ok(());
        };
        match (view.dtype(), view.data().first_chunk()) {
            (Dtype::I64, Some(bytes)) => *count = i64::from_le_bytes(*bytes),
            (other, _) => {
                return Err(self.unusable(name, format!("has a value of type `{other:?}`; it has to be `I64`")));
            }
        }
        Ok(())
    }

    /// The tensor of this name and shape; what is wrong with it is noted.
    fn view(&mut self, name: &str, shape: &[i64]) -> Option<TensorView<'a>> {
        self.unread.remove(name);
        let Ok(view) = self.file.tensor(name) else {
            self.missing.push(format!("`{name}`"));
            return None;
        };
        let sides: Vec<i64> = view
            .shape()
            .iter()
            .map(|side| i64::try_from(*side).unwrap_or(i64::MAX))
            .collect();
        if sides != shape {
            let shapes = format!("{sides:?} in the file, {shape:?} in the network");
            self.misshapen.push(format!("`{name}` ({shapes})"));
            return None;
        }
        self.used += 1;
        Some(view)
    }

    fn unusable(&self, tensor: &str, problem: String) -> WeightsError {
        WeightsError::Tensor {
            path: self.path.into(),
            tensor: tensor.into(),
            problem,
        }
    }

    /// Checks that the file has the network's tensors and no others; with [`Missing::Draw`] some are enough.
    pub(super) fn finish(self, missing: Missing) -> Result<(), WeightsError> {
        let is_lacking = !(self.missing.is_empty() && self.misshapen.is_empty());
        let problem = if !self.unread.is_empty() || is_lacking && missing == Missing::Error {
            self.difference()
        } else if self.used == 0 {
            "it has none of the network's tensors, so that every weight would be drawn; leave `init.from` out".into()
        } else {
            return Ok(());
        };
        Err(WeightsError::Mismatch {
            path: self.path.into(),
            problem,
        })
    }

    /// How the file's tensors differ from the network's, and what to do.
    fn difference(&self) -> String {
        let additional: Vec<String> = self.unread.iter().map(|name| format!("`{name}`")).collect();
        let mut parts = Vec::new();
        for (what, names) in [
            ("it lacks", &self.missing),
            ("it has in another shape", &self.misshapen),
            ("it has beside the network's", &additional),
        ] {
            if !names.is_empty() {
                parts.push(format!("{what} {}", listed(names, MAX_NAMES)));
            }
        }
        parts.push(if additional.is_empty() {
            "choose the network that it was saved from, or set `init.missing = \"draw\"`".into()
        } else {
            "choose the network that it was saved from, or save it without what the network has not".into()
        });
        parts.join("; ")
    }
}
