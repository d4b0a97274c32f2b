//! A clock that stands still while this process is suspended.
//!
//! A process can be suspended from outside: by Ctrl-Z, by `kill -STOP`, by a scheduler that suspends a job. The clocks
//! of the system go on meanwhile, and a limit measured by them would have passed when the process goes on, whatever it
//! was a limit for. Here only time counts that a thread which does nothing but look at the clock has seen pass.

use std::ops::Add;
use std::pin::Pin;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// How often the clock is looked at.
const TICK: Duration = Duration::from_millis(100);

/// So much of the time between two looks counts at most. More than a tick, for a machine that is busy; on one that is
/// so busy that looks come later than this, limits are longer than they say.
const MOST: Duration = Duration::from_millis(250);

static CLOCK: LazyLock<Mutex<Clock>> = LazyLock::new(|| {
    let tick = || {
        loop {
            thread::sleep(TICK);
            ActiveInstant::now();
        }
    };
    let ticker = thread::Builder::new().name("suspend-clock".into()).spawn(tick);
    // With no thread to be had, this is a clock like any other.
    let most = ticker.map_or(Duration::MAX, |_| MOST);
    Mutex::new(Clock::new(Instant::now(), most))
});

#[derive(Debug)]
struct Clock {
    seen: Instant,
    active: Duration,
    most: Duration,
}

impl Clock {
    fn new(now: Instant, most: Duration) -> Self {
        Self {
            seen: now,
            active: Duration::ZERO,
            most,
        }
    }

    /// Looks at the clock: time not suspended up to `now`. It does not matter who looks first after a suspension.
    fn advance(&mut self, now: Instant) -> Duration {
        let gap = now.saturating_duration_since(self.seen);
        self.seen = now;
        self.active = self.active.saturating_add(gap.min(self.most));
        self.active
    }
}

/// A point in time that leaves suspensions out, as [`Instant`] is one in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ActiveInstant(Duration);

impl ActiveInstant {
    pub(crate) fn now() -> Self {
        let mut clock = CLOCK.lock().unwrap_or_else(PoisonError::into_inner);
        Self(clock.advance(Instant::now()))
    }

    /// Time since then without suspensions.
    pub(crate) fn elapsed(self) -> Duration {
        Self::now().0.saturating_sub(self.0)
    }
}

impl Add<Duration> for ActiveInstant {
    type Output = Self;

    fn add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(duration))
    }
}

/// Waits until `instant`.
pub(crate) async fn sleep_until(instant: ActiveInstant) {
    loop {
        let left = instant.0.saturating_sub(ActiveInstant::now().0);
        if left.is_zero() {
            return;
        }
        tokio::time::sleep(left).await;
    }
}

/// What `work` comes to, unless that takes longer than `limit`. Pinned by the caller: passed by value it would lie in
/// memory twice.
pub(crate) async fn timeout<T>(limit: Duration, work: Pin<&mut impl Future<Output = T>>) -> Option<T> {
    tokio::select! {
        biased;
        done = work => Some(done),
        () = sleep_until(ActiveInstant::now() + limit) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;

    #[test]
    fn a_long_gap_counts_as_a_short_one() {
        let start = Instant::now();
        let mut clock = Clock::new(start, MOST);
        let after = |milliseconds| start + Duration::from_millis(milliseconds);
        for (at, active) in [
            (100, 100),
            (350, 350),
            (601, 600),
            (60_601, 850),
            (60_701, 950),
            // Threads may look in another order than they read the time.
            (60_700, 950),
        ] {
            assert_eq!(clock.advance(after(at)), Duration::from_millis(active), "{at}");
        }
    }

    #[tokio::test]
    async fn without_a_suspension_it_is_a_clock_like_any_other() {
        let (start, wall) = (ActiveInstant::now(), Instant::now());
        sleep_until(start + Duration::from_millis(600)).await;
        assert!(wall.elapsed() >= Duration::from_millis(600));
        assert!(start.elapsed() >= Duration::from_millis(600));
        assert_eq!(timeout(Duration::MAX, pin!(async { 1 })).await, Some(1));
        assert_eq!(
            timeout(Duration::from_millis(1), pin!(std::future::pending::<()>())).await,
            None
        );
    }
}
