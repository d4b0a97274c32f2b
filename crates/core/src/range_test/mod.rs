//! The learning rate range test as settings and pure functions: which learning rate each step gets ([`Schedule`]), how
//! losses are averaged ([`Smoothing`]), where the finder stops ([`Stop`]), when a run counts as diverged
//! ([`Divergence`]), and which learning rates the curve suggests ([`Rule`], [`Range`]).
//!
//! A [`Flavour`] is one value of each; a [`NamedRule`] is one rule with the smoothing and the stop it needs, for
//! several rules on one curve. Every library we know is a flavour and no code here is named after one: what sets
//! libraries apart is spelled out in options, and `configs/flavours/` holds their values. Steps count from 0; learning
//! rates and losses have no unit.
//!
//! All arithmetic is `f64`, in the order the libraries write it, so that a flavour gives the numbers its library gives
//! in double precision. Where a library computes in `f32` (fastai's losses, Lightning's gradient) its own output may
//! differ in the last digits and in ties.

mod analysis;
mod answer;
mod blow_up;
mod divergence;
mod early_stop;
mod flavour;
mod lowess;
mod named;
mod pairing;
mod range;
mod reading;
mod rule;
mod schedule;
mod smoothing;
mod stop_rule;

pub use analysis::Analysis;
pub use answer::{Answer, Reason};
pub use divergence::Divergence;
pub use early_stop::{EarlyStop, EarlyStops};
pub use flavour::Flavour;
pub use named::{NamedReading, NamedRule};
pub use pairing::Pairing;
pub use range::Range;
pub use reading::{Reading, as_trained_on, read};
pub use rule::{CurveView, Difference, NonFinite, Per, Rule, RuleKind, Signal, WhenShort};
pub use schedule::{Growth, Schedule, Spacing, same_rate};
pub use smoothing::{Form, Smoother, Smoothing, SmoothingKind, Start};
pub use stop_rule::{BestFrom, BestUpdate, Stop, StopKind, Watcher};

#[cfg(test)]
mod properties;
