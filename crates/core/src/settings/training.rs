use crate::Invalid;
use serde::{Deserialize, Serialize};

/// Batches and arithmetic, table `[training]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub struct BatchSettings {
    /// Images a batch. Default 512.
    pub batch_size: u32,
    /// Leave out the last, smaller batch of an epoch. Default true.
    pub drop_last: bool,
    /// Batches whose gradients make one step of the optimizer: a step is that of their mean loss, at one learning rate,
    /// and each is forgotten before the next one is shown to the network. Batch norm sees each by itself. From 1 to
    /// 65536. Default 1.
    #[serde(skip_serializing_if = "is_one")]
    pub accumulation_steps: u32,
    /// Numbers that weights and activations are. Default `float32`.
    pub dtype: Dtype,
    /// How precisely float32 is computed with. Default `float32`.
    #[serde(skip_serializing_if = "Precision::is_default")]
    pub precision: Precision,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
fn is_one(count: &u32) -> bool {
    *count == 1
}

/// How precisely a network of float32 is computed, in PyTorch's terms (2.11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Precision {
    /// As PyTorch does where nothing is said: on CUDA devices convolutions by TF32 (`torch.backends.cudnn.allow_tf32`),
    /// everything else in float32.
    #[default]
    Float32,
    /// Float32 throughout, on CUDA devices too.
    Ieee,
    /// On CUDA devices convolutions and matrix products by TF32, as after
    /// `torch.set_float32_matmul_precision("high")`; elsewhere float32.
    Tf32,
    /// `torch.autocast(dtype=torch.bfloat16)` around the forward pass: weights stay float32.
    Bf16,
}

impl Precision {
    /// Whether it is the one that needs no word.
    pub fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Arithmetic of weights and activations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "kebab-case")]
pub enum Dtype {
    /// 32-bit floats.
    #[default]
    Float32,
    /// 64-bit floats: slow, for checks.
    Float64,
}

impl Default for BatchSettings {
    fn default() -> Self {
        Self {
            batch_size: 512,
            drop_last: true,
            accumulation_steps: 1,
            dtype: Dtype::Float32,
            precision: Precision::Float32,
        }
    }
}

impl BatchSettings {
    /// Checks ranges.
    pub fn validate(&self) -> Result<(), Invalid> {
        if !(1..=1_048_576).contains(&self.batch_size) {
            return Err(Invalid::new(
                "batch-size",
                self.batch_size,
                "has to be from 1 to 1048576",
                "batch-size = 128",
            ));
        }
        if !(1..=65_536).contains(&self.accumulation_steps) {
            return Err(Invalid::new(
                "accumulation-steps",
                self.accumulation_steps,
                "has to be from 1 to 65536",
                "accumulation-steps = 4",
            ));
        }
        if self.dtype == Dtype::Float64 && !self.precision.is_default() {
            return Err(Invalid::new(
                "precision",
                toml::Value::try_from(self.precision).map_or_else(|_| String::new(), |value| value.to_string()),
                "says how float32 is computed with, and `dtype` is \"float64\"",
                "precision = \"float32\"",
            ));
        }
        Ok(())
    }

    /// Images of one step of the optimizer.
    pub fn images_per_step(&self) -> u64 {
        u64::from(self.batch_size) * u64::from(self.accumulation_steps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> BatchSettings {
        toml::from_str(text).unwrap()
    }

    #[test]
    fn what_is_at_its_default_is_left_out() {
        // So ids of trials are those of before there was a choice.
        let written = toml::to_string(&BatchSettings::default()).unwrap();
        assert_eq!(written, "batch-size = 512\ndrop-last = true\ndtype = \"float32\"\n");
        let other = read("batch-size = 8\naccumulation-steps = 4\nprecision = \"bf16\"");
        assert_eq!((other.precision, other.images_per_step()), (Precision::Bf16, 32));
        assert_eq!(read(&toml::to_string(&other).unwrap()), other);
    }

    #[test]
    fn ranges_and_pairs_are_checked() {
        for (text, message) in [
            (
                "accumulation-steps = 0",
                "`accumulation-steps = 0`: has to be from 1 to 65536",
            ),
            ("batch-size = 0", "`batch-size = 0`: has to be from 1 to 1048576"),
            (
                "dtype = \"float64\"\nprecision = \"ieee\"",
                "`precision = \"ieee\"`: says how float32 is computed with, and `dtype` is \"float64\"",
            ),
        ] {
            let error = read(text).validate().unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
        for precision in ["float32", "ieee", "tf32", "bf16"] {
            read(&format!("precision = \"{precision}\"")).validate().unwrap();
        }
    }
}
