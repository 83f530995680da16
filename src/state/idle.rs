//! The idle lock: without a key or a pointer for a while, the console locks itself.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::App;
use super::clock::now_ms;

/// How often the idle time is looked at.
const CHECK_EVERY: Duration = Duration::from_secs(2);

/// Watches for activity from now on, as long as the current owner lives.
pub fn watch(app: App) {
    let limit = app.config().idle_lock_minutes * 60_000.0;
    if limit <= 0.0 {
        return;
    }
    let last = Rc::new(Cell::new(now_ms()));
    for event in ["keydown", "pointerdown", "wheel", "touchstart"] {
        let last = Rc::clone(&last);
        let listener = window_event_listener_untyped(event, move |_| last.set(now_ms()));
        on_cleanup(move || listener.remove());
    }
    // The clock decides, not the timer: a laptop that slept is locked when it wakes.
    let check = move || {
        if now_ms() - last.get() >= limit && app.session.is_open() {
            last.set(now_ms());
            app.session.lock_idle();
        }
    };
    if let Ok(interval) = set_interval_with_handle(check, CHECK_EVERY) {
        on_cleanup(move || interval.clear());
    }
}
