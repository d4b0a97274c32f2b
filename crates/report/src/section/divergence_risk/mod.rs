pub(crate) mod strip;
mod words;

pub(crate) use words::*;
