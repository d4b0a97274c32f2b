pub(crate) mod figure;
mod words;

pub(crate) use words::*;
