//! What a network starts from: its state before the first step.

use crate::init;
use crate::layers::{NormState, Role};
use crate::models::Network;
use crate::state_dict::{self, NetworkState, WeightsError};
use seedband_core::files::fsio::{self, FsError};
use seedband_core::protocol::Train;
use seedband_core::seeds::Stream;
use seedband_core::settings::Dtype;

/// What the trial of `request` starts from: weights drawn from its stream, and over them those of the file, if it
/// starts from one.
///
/// # Errors
/// The file is not there, not what it should be, or does not fit the network.
pub fn of(request: &Train, network: &Network) -> Result<NetworkState, WeightsError> {
    let (settings, specs) = (request.trial.recipe.trainer.require_built_in()?, network.specs());
    let (purpose, seed) = request.trial.weights();
    let mut stream = Stream::new(purpose, seed);
    let norms = specs.iter().filter(|spec| spec.role == Role::NormWeight);
    let mut state = NetworkState {
        parameters: init::values(specs, &settings.init, &mut stream),
        norms: norms.map(|spec| NormState::new(spec.count() as usize)).collect(),
    };
    if settings.init.from.is_some() {
        let path = request.weights_path.as_ref().ok_or(WeightsError::NoPath)?;
        let init = &settings.init;
        state_dict::read(&mut state, specs, path, init.sha256.as_deref(), init.missing)?;
    }
    Ok(state)
}

/// Writes `state` to the request's `init-path`, whole and in the precision that is trained in, if there is one.
///
/// # Errors
/// The file cannot be written.
pub fn save(state: &NetworkState, request: &Train, network: &Network) -> Result<(), FsError> {
    let Some(path) = &request.init_path else {
        return Ok(());
    };
    let settings = request.trial.recipe.trainer.built_in();
    let dtype = settings.map_or_else(Dtype::default, |settings| settings.batches.dtype);
    let bytes = state_dict::to_bytes(state, network.specs(), dtype);
    fsio::write_atomic(path, &bytes)
}
