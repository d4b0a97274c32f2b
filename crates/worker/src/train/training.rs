//! A trial under way: everything that a step reads and changes.

use super::loss::{add_penalties, shown};
use crate::augment::Augmenter;
use crate::batches::Batches;
use crate::dataset::Dataset;
use crate::failure::TrialError;
use crate::layers::Pass;
use crate::models::{DataShape, Network};
use crate::optimizer::Optimizer;
use crate::pixels::Normalizer;
use crate::precision::{self, Autocast};
use crate::validate::Validator;
use crate::{init, initial_state, memory_format};
use seedband_core::files::curve::{End, Evaluation};
use seedband_core::protocol::{Started, Train};
use seedband_core::range_test::EarlyStops;
use seedband_core::seeds::{Purpose, Stream};
use seedband_core::settings::{BatchSettings, Dtype, MemoryFormat, StreamSeed};
use seedband_core::step_plan::StepPlan;
use seedband_core::trainer::BuiltIn;
use seedband_core::trial::Trial;
use tch::{Device, Kind, Reduction, TchError, Tensor};

/// A network, what it is trained by, and how far it is.
pub(super) struct Training<'a> {
    pub(super) trial: &'a Trial,
    pub(super) plan: StepPlan,
    settings: &'a BuiltIn,
    dataset: &'a Dataset,
    device: Device,
    /// What the parameters are.
    kind: Kind,
    batches: Batches,
    augmenter: Augmenter,
    normalizer: Normalizer,
    memory_format: MemoryFormat,
    network: Network,
    parameters: Vec<Tensor>,
    optimizer: Optimizer,
    /// Where the trial is validated.
    validator: Option<Validator<'a>>,
    early_stops: EarlyStops,
}

/// The loss of a step.
pub(super) struct StepLoss {
    gradients: Gradients,
    /// As the curve records it.
    pub(super) shown: f64,
}

/// The gradients of a step.
enum Gradients {
    /// Those of this loss, by its graph.
    Of(Tensor),
    /// Summed up over several batches, one a trained parameter.
    Summed(Vec<Tensor>),
}

impl<'a> Training<'a> {
    /// The trial of `request` before its first step. Its initial weights are written where the request wants them.
    pub(super) fn new(
        request: &'a Train,
        dataset: &'a Dataset,
        validation: Option<&'a Dataset>,
        device: Device,
    ) -> Result<Self, TrialError> {
        let trial = &request.trial;
        let (settings, streams) = (trial.recipe.trainer.require_built_in()?, &trial.recipe.streams);
        let kind = match settings.batches.dtype {
            Dtype::Float32 => Kind::Float,
            Dtype::Float64 => Kind::Double,
        };
        let stream = |purpose, seed: StreamSeed| Stream::new(purpose, seed.of(trial.seed));
        precision::apply(settings.batches.precision);
        let early_stops = EarlyStops::new(&request.early_stops)?;
        let (batch_size, drop_last) = (settings.batches.batch_size, settings.batches.drop_last);
        let order = stream(Purpose::Order, streams.order);
        let batches = Batches::new(dataset.count, batch_size, drop_last, order)?;
        let epoch = steps_of_epoch(&batches, &settings.batches);
        let augmentation = stream(Purpose::Augmentation, streams.augmentation);
        let augmenter = Augmenter::new(&settings.augment, augmentation, dataset.shape)?;
        let normalizer = Normalizer::new(&settings.pixels, dataset, kind, device)?;
        let network = Network::new(&settings.model, DataShape::of(dataset))?;
        let initial = initial_state::of(request, &network)?;
        initial_state::save(&initial, request, &network)?;
        let parameters = init::tensors(network.specs(), &initial.parameters, kind, device)?;
        let optimizer = Optimizer::new(&settings.optimizer, network.specs())?;
        let validator = validation
            .zip(trial.validation())
            .map(|(images, settings)| Validator::new(settings, images, &initial.norms, kind, request.memory_format))
            .transpose()?;
        Ok(Self {
            trial,
            plan: StepPlan::new(trial, epoch)?,
            settings,
            dataset,
            device,
            kind,
            batches,
            augmenter,
            normalizer,
            memory_format: request.memory_format,
            network,
            parameters,
            optimizer,
            validator,
            early_stops,
        })
    }

    /// What there is to say before the first step.
    pub(super) fn started(&self) -> Result<Started, TchError> {
        Ok(Started {
            trial: self.trial.id.clone(),
            steps: self.plan.planned(),
            parameters: Some(self.network.parameter_count()),
            batch_size: Some(self.settings.batches.images_per_step()),
            data: Some(self.dataset.fingerprint.clone()),
            epoch: Some(steps_of_epoch(&self.batches, &self.settings.batches)),
            weights: Some(init::fingerprint(self.network.specs(), &self.parameters)?),
            files: Vec::new(),
        })
    }

    /// Draws the next batch, or the next ones; their mean loss before the update.
    pub(super) fn next_loss(&mut self) -> Result<StepLoss, TchError> {
        let batches = self.settings.batches.accumulation_steps;
        if batches == 1 {
            let (total, shown) = self.batch_loss()?;
            let gradients = Gradients::Of(total);
            return Ok(StepLoss { gradients, shown });
        }
        let (mut sums, mut shown): (Vec<Tensor>, f64) = (Vec::new(), 0.0);
        for _ in 0..batches {
            let (total, loss) = self.batch_loss()?;
            shown += loss / f64::from(batches);
            // As PyTorch's users write it: `(loss / n).backward()` for each.
            let gradients = self.gradients(&total.f_div_scalar(i64::from(batches))?)?;
            if sums.is_empty() {
                sums = gradients;
                continue;
            }
            for (sum, gradient) in sums.iter_mut().zip(&gradients) {
                *sum = sum.f_add(gradient)?;
            }
        }
        let gradients = Gradients::Summed(sums);
        Ok(StepLoss { gradients, shown })
    }

    /// Draws the next batch; its loss with its graph, and as it is shown.
    fn batch_loss(&mut self) -> Result<(Tensor, f64), TchError> {
        let (images, labels) = self.next_batch()?;
        let pass = self.validator.as_ref().map_or(Pass::Train, Validator::training_pass);
        let autocast = Autocast::of(self.settings.batches.precision, self.device);
        let logits = self.network.forward(&self.parameters, &images, pass)?;
        let entropy = logits.f_cross_entropy_loss(&labels, None::<Tensor>, Reduction::Mean, -100, 0.0)?;
        let total = self.penalised(&entropy)?;
        drop(autocast);
        let shown = shown(self.settings.loss.shown, &entropy, &total)?;
        Ok((total, shown))
    }

    /// Those of `loss`, one a trained parameter.
    fn gradients(&self, loss: &Tensor) -> Result<Vec<Tensor>, TchError> {
        let trained = self.optimizer.trained(&self.parameters);
        Tensor::f_run_backward(&[loss], &trained, false, false)
    }

    /// Normalised images `[n, channels, height, width]` and their labels `[n]`.
    fn next_batch(&mut self) -> Result<(Tensor, Tensor), TchError> {
        let indices = self.batches.draw();
        let labels: Vec<i64> = indices.iter().map(|index| i64::from(*index)).collect();
        let labels = Tensor::f_from_slice(&labels)?.f_to(self.device)?;
        let labels = self.dataset.labels.f_index_select(0, &labels)?;
        let images = self.augmenter.batch(self.dataset, indices, self.kind)?;
        Ok((
            memory_format::apply(self.memory_format, self.normalizer.apply(images)?)?,
            labels,
        ))
    }

    fn penalised(&self, entropy: &Tensor) -> Result<Tensor, TchError> {
        add_penalties(entropy, &self.settings.loss, self.network.specs(), &self.parameters)
    }

    /// How a step of this loss ends the training before its time, if it does. To be asked once a step, in their order.
    pub(super) fn end(&mut self, step: u32, loss: f64) -> Option<End> {
        if !loss.is_finite() {
            Some(End::NonFinite)
        } else if self.early_stops.push(loss) && step + 1 < self.plan.planned() {
            Some(End::StoppedEarly)
        } else {
            None
        }
    }

    /// Whether a validation is due after this step.
    pub(super) fn is_validated(&self, step: u32) -> bool {
        self.validator.is_some() && self.plan.is_validated(step)
    }

    /// Moves the parameters by the gradient of `loss`.
    pub(super) fn update(&mut self, loss: StepLoss, step: u32, lr: f64) -> Result<(), TchError> {
        let gradients = match loss.gradients {
            Gradients::Of(total) => self.gradients(&total)?,
            Gradients::Summed(sums) => sums,
        };
        let momenta = self.plan.momenta.as_ref();
        if let Some(momentum) = momenta.and_then(|momenta| momenta.get(step as usize)) {
            self.optimizer.set_momentum(*momentum);
        }
        self.optimizer.step(&mut self.parameters, gradients, lr)
    }

    /// Loss and accuracy on the validation images, where there are some.
    pub(super) fn validate(&self) -> Result<Option<Evaluation>, TchError> {
        let Some(validator) = &self.validator else {
            return Ok(None);
        };
        let autocast = Autocast::of(self.settings.batches.precision, self.device);
        let (entropy, accuracy) = validator.evaluate(&self.network, &self.parameters, &self.normalizer, self.kind)?;
        drop(autocast);
        let total = tch::no_grad(|| self.penalised(&entropy))?;
        let loss = shown(self.settings.loss.shown, &entropy, &total)?;
        Ok(Some(Evaluation {
            loss,
            accuracy: Some(accuracy),
        }))
    }
}

/// Steps of the optimizer in an epoch, those that lie within it; at least 1.
fn steps_of_epoch(batches: &Batches, settings: &BatchSettings) -> u32 {
    (batches.epoch() / settings.accumulation_steps).max(1)
}
