//! From averaged losses back to the losses.

use super::{Smoothing, SmoothingKind, Start};

impl Smoothing {
    /// The losses whose averages are `smoothed`, to the rounding of these divided by `1 - beta`. From the first average
    /// that is not finite on, nothing is known, and no value is finite.
    ///
    /// None for a smoothing that cannot be undone.
    pub fn undo(&self, smoothed: &[f64]) -> Option<Vec<f64>> {
        let explicit = self.explicit();
        let beta = explicit.beta.unwrap_or_default();
        let ahead = explicit.ahead.unwrap_or_default();
        match (self.kind, explicit.start) {
            (SmoothingKind::None, _) => return Some(smoothed.to_vec()),
            (SmoothingKind::Lowess, _) => return None,
            (SmoothingKind::Ema, _) => {}
        }
        let starts_at_first = explicit.start == Some(Start::First);
        let mut before = 0.0;
        let losses = smoothed.iter().zip(1_u64..).map(|(value, seen)| {
            if starts_at_first && seen == 1 {
                before = *value;
                return *value;
            }
            let average = if starts_at_first {
                *value
            } else {
                value * (1.0 - beta.powf((seen + u64::from(ahead)) as f64))
            };
            let loss = (average - beta * before) / (1.0 - beta);
            before = average;
            loss
        });
        Some(losses.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn close(one: &[f64], other: &[f64]) -> bool {
        let near = |(one, other): (&f64, &f64)| (one - other).abs() <= 1e-8 * other.abs().max(1.0);
        one.len() == other.len() && one.iter().zip(other).all(near)
    }

    fn kinds() -> [Smoothing; 4] {
        let ema = |start, ahead| Smoothing {
            beta: Some(0.95),
            start: Some(start),
            ahead,
            ..Smoothing::default()
        };
        let none = Smoothing {
            kind: SmoothingKind::None,
            ..Smoothing::default()
        };
        [
            Smoothing::default(),
            ema(Start::Zero, Some(1)),
            ema(Start::First, None),
            none,
        ]
    }

    proptest! {
        #[test]
        fn losses_come_back(losses in proptest::collection::vec(-10.0..1e3, 0..60)) {
            for smoothing in kinds() {
                let back = smoothing.undo(&smoothing.apply(&losses)).unwrap();
                prop_assert!(close(&back, &losses), "{smoothing:?}: {back:?}");
            }
        }
    }

    #[test]
    fn nothing_is_known_after_a_loss_that_is_not_finite() {
        for smoothing in kinds() {
            let back = smoothing.undo(&smoothing.apply(&[1.0, 2.0, f64::INFINITY])).unwrap();
            assert!(close(&back[..2], &[1.0, 2.0]) && !back[2].is_finite());
        }
        let lowess = Smoothing {
            kind: SmoothingKind::Lowess,
            ..Smoothing::default()
        };
        assert_eq!(lowess.undo(&[1.0]), None);
    }
}
