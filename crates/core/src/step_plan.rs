//! The learning rates of a trial and when it is validated: the part of a trial that a worker and whoever listens to it
//! have to agree on.

use crate::Invalid;
use crate::settings::Validation;
use crate::trial::Trial;

/// The steps of a trial, those of a range test or those of a training.
#[derive(Debug, Clone)]
pub struct StepPlan {
    /// The learning rate in the optimizer during each step; one value a step.
    pub rates: Vec<f64>,
    /// The momentum during each step, where the policy of a training moves it.
    pub momenta: Option<Vec<f64>>,
    due: Due,
}

/// When the network is evaluated.
#[derive(Debug, Clone)]
enum Due {
    /// As `[validation]` says.
    ByStep(Validation),
    /// After each so many steps, an epoch, and after the last.
    ByEpoch(u32),
}

impl StepPlan {
    /// The course of `trial` where an epoch has `epoch` steps, which counts for a training only.
    ///
    /// # Errors
    /// A training with a setting out of its range, or one of more than 10,000,000 steps.
    pub fn new(trial: &Trial, epoch: u32) -> Result<Self, Invalid> {
        let Some(plan) = &trial.training else {
            return Ok(Self {
                rates: trial.recipe.schedule.used(),
                momenta: None,
                due: Due::ByStep(trial.recipe.validation.clone()),
            });
        };
        plan.validate().map_err(|invalid| invalid.under("train"))?;
        let steps = plan.planned(epoch).map_err(|invalid| invalid.under("train"))?;
        Ok(Self {
            rates: plan.policy.rates(plan.lr, plan.floor, steps),
            momenta: plan.policy.momenta(steps),
            due: Due::ByEpoch(epoch.max(1)),
        })
    }

    /// Steps planned.
    pub fn planned(&self) -> u32 {
        // No schedule and no training has more than 10,000,000.
        self.rates.len() as u32
    }

    /// Whether the network is evaluated after `step`, from 0.
    pub fn is_validated(&self, step: u32) -> bool {
        match &self.due {
            Due::ByStep(validation) => validation.is_due(step, self.planned()),
            Due::ByEpoch(epoch) => (step + 1).is_multiple_of(*epoch) || step + 1 == self.planned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::Recipe;
    use crate::settings::Validation;
    use crate::train::{Policy, StartWeights, TrainPlan};

    fn training(epochs: Option<u32>, steps: Option<u32>) -> Trial {
        let range_test = Trial::new("a", 0, &Recipe::default());
        let plan = TrainPlan {
            name: "train".into(),
            range_test: range_test.id.clone(),
            epochs,
            steps,
            lr: 0.5,
            floor: None,
            policy: Policy::default(),
            weights: StartWeights::Same,
            validation: Validation::default(),
        };
        Trial::of_training(range_test, plan)
    }

    fn due(course: &StepPlan) -> Vec<u32> {
        (0..course.planned())
            .filter(|step| course.is_validated(*step))
            .collect()
    }

    #[test]
    fn a_training_is_validated_after_each_epoch_and_the_last_step() {
        let course = StepPlan::new(&training(Some(2), None), 3).unwrap();
        assert_eq!((&course.rates[..], due(&course)), (&[0.5; 6][..], vec![2, 5]));
        let course = StepPlan::new(&training(None, Some(5)), 3).unwrap();
        assert_eq!((course.planned(), due(&course)), (5, vec![2, 4]));
    }

    #[test]
    fn a_range_test_follows_its_schedule() {
        let mut recipe = Recipe::default();
        (recipe.schedule.steps, recipe.validation.every) = (5, 2);
        let course = StepPlan::new(&Trial::new("a", 0, &recipe), 3).unwrap();
        assert_eq!(
            (course.rates.clone(), due(&course)),
            (recipe.schedule.used(), vec![1, 3, 4])
        );
    }

    #[test]
    fn a_training_that_cannot_be_is_an_error() {
        let key = |trial: &Trial, epoch| StepPlan::new(trial, epoch).map(|_| ()).map_err(|invalid| invalid.key);
        assert_eq!(key(&training(Some(10_000_000), None), 1), Ok(()));
        assert_eq!(key(&training(Some(10_000_000), None), 2), Err("train.epochs".into()));
        assert_eq!(key(&training(None, None), 2), Err("train.epochs".into()));
        let mut bad = training(None, Some(3));
        if let Some(plan) = &mut bad.training {
            plan.lr = f64::NAN;
        }
        assert_eq!(key(&bad, 1), Err("train.lr".into()));
    }
}
