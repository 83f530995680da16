//! The platform's clock.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use futures_util::future::BoxFuture;
use tokio::sync::watch;

/// Milliseconds since the Unix epoch, on the platform's clock.
pub type UnixMillis = u64;

/// Tells the platform's time and waits for it. Everything that depends on time asks this, so that days can pass in seconds
/// (`--clock-rate`) and tests can move time by hand.
pub trait Clock: Send + Sync + 'static {
    /// The time now. Never goes backwards.
    fn now(&self) -> UnixMillis;

    /// Waits until [`Clock::now`] has reached `time`; immediately ready where it has.
    fn sleep_until(&self, time: UnixMillis) -> BoxFuture<'static, ()>;
}

/// A clock that starts at a given time and runs `rate` times as fast as the wall clock.
#[derive(Debug, Clone)]
pub struct RateClock {
    started: Instant,
    origin: UnixMillis,
    rate: f64,
}

impl RateClock {
    /// A clock that shows `origin` now and runs at `rate` platform seconds per second. A rate that is not above 0 counts as 1.
    #[must_use]
    pub fn new(origin: UnixMillis, rate: f64) -> Self {
        let rate = if rate.is_finite() && rate > 0.0 { rate } else { 1.0 };
        Self { started: Instant::now(), origin, rate }
    }

    /// A clock that shows the wall clock's time now and runs at `rate`.
    #[must_use]
    pub fn from_system(rate: f64) -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self::new(u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX), rate)
    }
}

impl Clock for RateClock {
    fn now(&self) -> UnixMillis {
        let elapsed = self.started.elapsed().as_secs_f64() * self.rate * 1000.0;
        // Truncation is meant: whole milliseconds that have passed.
        self.origin.saturating_add(elapsed as u64)
    }

    fn sleep_until(&self, time: UnixMillis) -> BoxFuture<'static, ()> {
        let offset = time.saturating_sub(self.origin) as f64 / 1000.0 / self.rate;
        // A timer is at most a year ahead, so that no time, however far, overflows an `Instant`.
        let deadline = self.started + Duration::from_secs_f64(offset.min(365.0 * 86_400.0));
        Box::pin(tokio::time::sleep_until(deadline.into()))
    }
}

/// A clock that stands still until it is moved: tests see hours pass at once and in exact steps.
#[derive(Debug)]
pub struct ManualClock {
    now: watch::Sender<UnixMillis>,
}

impl ManualClock {
    /// A clock that shows `now`.
    #[must_use]
    pub fn new(now: UnixMillis) -> Self {
        Self { now: watch::Sender::new(now) }
    }

    /// Moves the clock forwards.
    pub fn advance(&self, step: Duration) {
        let step = u64::try_from(step.as_millis()).unwrap_or(u64::MAX);
        self.now.send_modify(|now| *now = now.saturating_add(step));
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixMillis {
        *self.now.borrow()
    }

    fn sleep_until(&self, time: UnixMillis) -> BoxFuture<'static, ()> {
        let mut now = self.now.subscribe();
        Box::pin(async move {
            // An error means that the clock is gone, and nobody is left to wait for.
            let _gone = now.wait_for(|now| *now >= time).await;
        })
    }
}
