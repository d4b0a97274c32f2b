//! How numbers look, in reports and messages.

mod data;
mod number;
mod spread;

pub use data::{data_line, data_rows, data_size};
pub(crate) use number::capitalised;
pub use number::{
    accuracy, accuracy_exact, count, decades, distinct, interval_within, loss, lr, lr_digits, lr_exact, lr_range,
    percent, percent_range, power_of_ten, probability, seconds, signed_decades, whole_seconds,
};
pub(crate) use spread::{bounded, distance, estimate, multiple, or_dash, quantiles, spread, spread_short};
