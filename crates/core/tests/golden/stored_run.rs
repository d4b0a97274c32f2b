//! A stored run, in the form that the code under test takes.

use crate::stored::numbers;
use serde_json::Value;

/// A run as stored: the plan, the losses recorded, and how it ended.
pub(crate) struct StoredRun {
    pub(crate) lrs: Vec<f64>,
    pub(crate) losses: Vec<f64>,
    /// The losses that training would have gone on to show: a last non-finite one, then NaN for each step left of the
    /// plan.
    pub(crate) as_run: Vec<f64>,
}

impl StoredRun {
    pub(crate) fn new(lrs: Vec<f64>, stored: &Value) -> Self {
        let losses = numbers(&stored["losses"]);
        let mut as_run = losses.clone();
        let last = match stored["end"]["reason"].as_str() {
            Some("nan") => Some(f64::NAN),
            Some("inf") => Some(f64::INFINITY),
            _ => None,
        };
        if let Some(last) = last {
            assert_eq!(stored["end"]["step"].as_u64(), Some(losses.len() as u64));
            as_run.push(last);
            as_run.resize(lrs.len().max(as_run.len()), f64::NAN);
        }
        Self { lrs, losses, as_run }
    }
}
