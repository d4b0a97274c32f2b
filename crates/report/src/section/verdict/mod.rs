mod words;

pub(crate) use words::*;
