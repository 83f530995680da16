//! The platform's clock.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use futures_util::future::BoxFuture;
use tokio::sync::watch;

/// Milliseconds since the Unix epoch, on the platform's clock.
pub type UnixMillis = u64;

/// Tells the platform's time and waits for it. Everything that depends on time asks this, so that a platform can let days
/// pass in seconds and tests can move time by hand.
pub trait Clock: Send + Sync + 'static {
    /// The time now. Never goes backwards.
    fn now(&self) -> UnixMillis;

    /// Waits until [`Clock::now`] has reached `time`; immediately ready where it has.
    fn sleep_until(&self, time: UnixMillis) -> BoxFuture<'static, ()>;
}

/// The wall clock.
#[derive(Debug, Default)]
pub struct SystemClock {
    /// The latest time shown: the wall clock may be set back, the platform's time may not.
    latest: Arc<AtomicU64>,
}

impl SystemClock {
    /// The wall clock.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

fn read_system(latest: &AtomicU64) -> UnixMillis {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let now = u64::try_from(since_epoch.as_millis()).unwrap_or(u64::MAX);
    latest.fetch_max(now, Ordering::Relaxed).max(now)
}

impl Clock for SystemClock {
    fn now(&self) -> UnixMillis {
        read_system(&self.latest)
    }

    fn sleep_until(&self, time: UnixMillis) -> BoxFuture<'static, ()> {
        let latest = Arc::clone(&self.latest);
        Box::pin(async move {
            loop {
                let remaining = time.saturating_sub(read_system(&latest));
                if remaining == 0 {
                    return;
                }
                // Timers stand still while a machine sleeps, the wall clock does not: look again now and then.
                tokio::time::sleep(Duration::from_millis(remaining.min(1_000))).await;
            }
        })
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
        Self {
            now: watch::Sender::new(now),
        }
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
