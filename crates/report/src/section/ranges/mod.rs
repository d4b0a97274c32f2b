pub(crate) mod figure;
