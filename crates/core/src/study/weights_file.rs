//! Files of weights that configs start from: known by what they hold.

use super::config::Config;
use super::data_path::expand;
use super::diagnose::placed;
use super::error::StudyError;
use super::layer::Layers;
use crate::Invalid;
use crate::files::fsio;
use crate::files::fsio::FsError;
use std::collections::HashMap;

/// Fills in the digest of every file of weights that a config starts from without saying one. Each file is read once.
pub(super) fn identify(layers: &Layers, configs: &mut [Config]) -> Result<(), StudyError> {
    let mut digests: HashMap<String, String> = HashMap::new();
    for config in configs {
        let Some(settings) = config.recipe.trainer.built_in_mut() else {
            continue;
        };
        let init = &mut settings.init;
        let (Some(from), None) = (&init.from, &init.sha256) else {
            continue;
        };
        let digest = match digests.get(from) {
            Some(digest) => digest.clone(),
            None => digest(from).map_err(|error| match error {
                StudyError::Invalid(invalid) => placed(layers, invalid, Some(&config.name)),
                other => other,
            })?,
        };
        digests.insert(from.clone(), digest.clone());
        init.sha256 = Some(digest);
    }
    Ok(())
}

fn digest(from: &str) -> Result<String, StudyError> {
    let path = expand("init.from", from, |name| std::env::var(name).ok())?;
    fsio::sha256(&path).map_err(|error| {
        let problem = match &error {
            FsError::Io { source, .. } => format!("cannot be read: {source}"),
            other => other.to_string(),
        };
        let example = "from = \"weights.safetensors\"";
        Invalid::new("init.from", format!("\"{}\"", path.display()), problem, example).into()
    })
}
