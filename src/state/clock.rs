//! Time as the pages see it: one tick a second for every age and countdown, none while the tab is hidden. And what is known of how
//! wrong the device's clock is.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use leptos::prelude::*;
use send_wrapper::SendWrapper;

/// By so much the device's clock may differ before anything is done about it, in milliseconds: signatures are good for minutes, and a
/// `Date` tells whole seconds and has been on its way.
pub const TOLERANCE_MS: f64 = 60_000.0;

/// Nothing ticks for so long, in milliseconds, unless the device sleeps, the page is frozen or the clock is set. Hidden tabs tick once
/// a minute.
pub const GAP_MS: f64 = 150_000.0;

/// An answer that took longer says too little about the time, in milliseconds.
const SLOWEST_MS: f64 = 20_000.0;

thread_local! {
    /// By how many milliseconds the clock of the host that serves the console is ahead of the device's, where that is more than
    /// [`TOLERANCE_MS`]; else 0.
    static AHEAD: ArcRwSignal<f64> = ArcRwSignal::new(0.0);
    /// Whether that is reckoned with.
    static BY_HOST: ArcRwSignal<bool> = ArcRwSignal::new(true);
}

/// Milliseconds since the Unix epoch, by the device's clock: for what is compared with another moment on this device.
pub fn now_ms() -> f64 {
    js_sys::Date::now()
}

/// Seconds since the Unix epoch, by the device's clock as far as it is right: for what is compared with the platform's times.
pub fn now_seconds() -> i64 {
    #[allow(clippy::cast_possible_truncation)] // Positive, and far below 2^53.
    let seconds = ((now_ms() + correction_ms()) / 1000.0) as i64;
    seconds
}

/// Lets so much time pass.
pub async fn sleep(duration: Duration) {
    let (wake, woken) = oneshot::channel::<()>();
    // The sender is only ever dropped: that is what is waited for.
    set_timeout(move || drop(wake), duration);
    let _ = woken.await;
}

/// Nanoseconds since the Unix epoch, as [`now_seconds`], to the millisecond.
pub fn now_nanoseconds() -> u64 {
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Positive, and far below 2^53.
    let milliseconds = (now_ms() + correction_ms()) as u64;
    milliseconds * 1_000_000
}

/// Takes what the host that serves the console says about the time, in an answer to what was sent and heard at these moments of
/// the device.
pub fn heard_host_time(host_ms: f64, sent_ms: f64, heard_ms: f64) {
    if !(0.0..SLOWEST_MS).contains(&(heard_ms - sent_ms)) {
        return;
    }
    let measured = host_ms - (sent_ms + heard_ms) / 2.0;
    let ahead = if measured.abs() < TOLERANCE_MS { 0.0 } else { measured };
    AHEAD.with(|known| {
        // What differs by less is the same, measured again.
        if (known.get_untracked() - ahead).abs() >= TOLERANCE_MS / 2.0 {
            known.set(ahead);
        }
    });
}

/// By how many milliseconds the clock of the host that serves the console is ahead of the device's; 0 where they agree (tracked).
pub fn host_is_ahead_ms() -> f64 {
    AHEAD.with(ArcRwSignal::get)
}

/// Whether the time is reckoned by that host's clock where they do not agree (tracked).
pub fn is_by_host() -> bool {
    BY_HOST.with(ArcRwSignal::get)
}

/// Chooses whether it is.
pub fn set_by_host(by_host: bool) {
    BY_HOST.with(|chosen| chosen.set(by_host));
}

/// What is added to the device's time to get the platform's, in milliseconds.
pub fn correction_ms() -> f64 {
    if BY_HOST.with(ArcRwSignal::get_untracked) {
        AHEAD.with(ArcRwSignal::get_untracked)
    } else {
        0.0
    }
}

/// The console's ticking clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    now: RwSignal<f64>,
    gaps: RwSignal<u32>,
}

impl Clock {
    /// Starts to tick; lives as long as the owner it is started under.
    pub fn start() -> Clock {
        let clock = Clock {
            now: RwSignal::new(now_ms()),
            gaps: RwSignal::new(0),
        };
        let last = SendWrapper::new(Rc::new(Cell::new(now_ms())));
        let tick = move || {
            let now = now_ms();
            if (now - last.replace(now)).abs() >= GAP_MS {
                clock.gaps.update(|gaps| *gaps += 1);
            }
            if !document().hidden() {
                clock.now.set(now);
            }
        };
        if let Ok(interval) = set_interval_with_handle(tick.clone(), Duration::from_secs(1)) {
            on_cleanup(move || interval.clear());
        }
        // Coming back to the tab shows the present at once.
        let listener = window_event_listener(leptos::ev::visibilitychange, move |_| tick());
        on_cleanup(move || listener.remove());
        clock
    }

    /// Milliseconds since the Unix epoch by the device's clock, at the last tick (tracked).
    pub fn ms(self) -> f64 {
        self.now.get()
    }

    /// Seconds since the Unix epoch as [`now_seconds`], at the last tick (tracked).
    pub fn seconds(self) -> i64 {
        #[allow(clippy::cast_possible_truncation)]
        let seconds = ((self.ms() + correction_ms()) / 1000.0) as i64;
        seconds
    }

    /// How often nothing ticked for [`GAP_MS`], as the device slept or its clock was set (tracked).
    pub fn gaps(self) -> u32 {
        self.gaps.get()
    }
}
