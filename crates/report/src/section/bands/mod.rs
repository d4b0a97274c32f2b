pub(crate) mod figure;
mod range_mark;
