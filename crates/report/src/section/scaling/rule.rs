//! The two rules of thumb.

/// A rule of thumb: LR proportional to batch size to the power `slope`, and how its line is dashed.
pub(crate) struct RuleOfThumb {
    pub(crate) name: &'static str,
    pub(crate) slope: f64,
    pub(crate) dash: &'static [f64],
}

/// The linear rule multiplies the learning rate by the batch size: Krizhevsky, *One weird trick for parallelizing
/// convolutional neural networks* (2014); Goyal et al., *Accurate, Large Minibatch SGD* (2017). The square-root rule
/// multiplies it by its root and so keeps the variance of the steps: Krizhevsky (2014); Hoffer, Hubara and Soudry,
/// *Train longer, generalize better* (2017).
pub(crate) const RULES: [RuleOfThumb; 2] = [
    RuleOfThumb {
        name: "linear rule",
        slope: 1.0,
        dash: &[8.0, 4.0],
    },
    RuleOfThumb {
        name: "square-root rule",
        slope: 0.5,
        dash: &[2.0, 3.0],
    },
];
