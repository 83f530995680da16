//! Time as the pages see it: one tick a second for every age and countdown, none while the tab is hidden.

use std::time::Duration;

use futures_channel::oneshot;
use leptos::prelude::*;

/// Milliseconds since the Unix epoch, by the browser's clock.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Seconds since the Unix epoch, by the browser's clock.
pub fn now_seconds() -> i64 {
    #[allow(clippy::cast_possible_truncation)] // Positive, and far below 2^53.
    let seconds = (now_ms() / 1000.0) as i64;
    seconds
}

/// Lets so much time pass.
pub async fn sleep(duration: Duration) {
    let (wake, woken) = oneshot::channel::<()>();
    // The sender is only ever dropped: that is what is waited for.
    set_timeout(move || drop(wake), duration);
    let _ = woken.await;
}

/// Nanoseconds since the Unix epoch, by the browser's clock, to the millisecond.
pub fn now_nanoseconds() -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Positive, and far below 2^53.
    let milliseconds = now_ms() as u64;
    milliseconds * 1_000_000
}

/// The console's ticking clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock(RwSignal<f64>);

impl Clock {
    /// Starts to tick; lives as long as the owner it is started under.
    pub fn start() -> Clock {
        let clock = Clock(RwSignal::new(now_ms()));
        let tick = move || {
            if !document().hidden() {
                clock.0.set(now_ms());
            }
        };
        if let Ok(interval) = set_interval_with_handle(tick, Duration::from_secs(1)) {
            on_cleanup(move || interval.clear());
        }
        // Coming back to the tab shows the present at once.
        let listener = window_event_listener(leptos::ev::visibilitychange, move |_| tick());
        on_cleanup(move || listener.remove());
        clock
    }

    /// Milliseconds since the Unix epoch, at the last tick (tracked).
    pub fn ms(self) -> f64 {
        self.0.get()
    }

    /// Seconds since the Unix epoch, at the last tick (tracked).
    pub fn seconds(self) -> i64 {
        #[allow(clippy::cast_possible_truncation)]
        let seconds = (self.ms() / 1000.0) as i64;
        seconds
    }
}
