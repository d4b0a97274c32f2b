//! The raw curve of a trial: what `curve.jsonl` holds.
//!
//! One line a step, then one line that says how the curve ended:
//!
//! ```text
//! {"step":0,"lr":1e-7,"loss":2.4061}
//! {"step":1,"lr":1.2e-7,"loss":2.3987}
//! {"end":"completed","steps":2}
//! ```
//!
//! A step after which the network was evaluated has `"validation-loss":2.41,"validation-accuracy":0.11` too, without
//! the latter where the trainer knows no accuracy; one of which it told more has `"metrics":{"grad norm":0.52}`.
//!
//! Floats are shortest round-trip decimals and nothing but the seed's doing is in the file, so two runs of a trial give
//! equal bytes. The last line is what makes a curve whole: a file without it is not a finished trial.

mod end;
mod file;
mod metrics;
mod step;
#[cfg(test)]
mod tests;

pub use end::End;
pub use file::{Curve, CurveError};
pub use metrics::{MAX_METRIC_NAME, MOST_METRICS, Metrics};
pub use step::{Evaluation, Step};
