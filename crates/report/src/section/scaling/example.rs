//! A made-up sweep over batch size.

use crate::example::{config, summary};
use seedband_core::summary::{Exponent, Interval, LocalSlope, Scaling, ScalingSummary, Summary};

/// Three batch sizes of twenty seeds; the max LR grows with the power 0.6.
pub(crate) fn sweep() -> Summary {
    let of = |size: &str| {
        let mut config = config(&format!("batch-size={size}"), 20, 0.3, 5.0);
        config.labels = vec![("training.batch-size".into(), size.into())];
        config
    };
    let mut summary = summary(["32", "128", "512"].map(of).into());
    let exponent = |median, interval| Exponent {
        median,
        lower: median - 0.5,
        upper: median + 0.5,
        interval,
        middle: 0.05,
    };
    let interval = Interval {
        lower: 0.4,
        upper: 0.9,
        confidence: 0.9586,
    };
    let local = |[from, to]: [u32; 2], median, width: Option<f64>| LocalSlope {
        from,
        to,
        median,
        interval: width.map(|width| Interval {
            lower: median - width,
            upper: median + width,
            confidence: 0.9586,
        }),
        p: 0.3,
    };
    summary.scalings = vec![ScalingSummary {
        configs: summary.configs.iter().map(|config| config.name.clone()).collect(),
        batch_sizes: vec![32, 128, 512],
        shared: vec![("optimizer.momentum".into(), "0.9".into())],
        steps_differ: false,
        min_lr: Scaling {
            n: 20,
            exponent: Some(exponent(-0.1, None)),
            ..Scaling::default()
        },
        max_lr: Scaling {
            n: 20,
            exponent: Some(exponent(0.6, Some(interval))),
            is_straight: Some(true),
            local: vec![local([32, 128], 1.1, Some(0.1)), local([128, 512], 0.1, None)],
            ..Scaling::default()
        },
    }];
    summary
}
