//! The locks that nobody asks for in this tab: after a while without a key or a pointer in any tab, and when another tab is locked.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;

use super::clock::now_ms;
use super::{App, tabs};

/// How often the idle time is looked at, and whether another tab was locked while this one was frozen.
const CHECK_EVERY: Duration = Duration::from_secs(2);

/// How often other tabs are told that somebody is there, at the most, in milliseconds.
const TELL_EVERY_MS: f64 = 1_000.0;

/// Watches for activity and for other tabs from now on, as long as the current owner lives.
pub fn watch(app: App) {
    let limit = app.config().idle_lock_minutes * 60_000.0;
    let last = Rc::new(Cell::new(now_ms()));
    let told = Rc::new(Cell::new(0.0));
    let follow = move || {
        if app.session.is_open() && tabs::locked_ms() > app.session.opened_ms() {
            app.session.lock_like_another();
        }
    };
    // The clock decides, not the timer: a laptop that slept is locked when it wakes.
    let check = {
        let last = Rc::clone(&last);
        move || {
            follow();
            let now = now_ms();
            // A clock that was set back since would keep the console open for as long.
            last.set(last.get().min(now));
            if limit > 0.0 && app.session.is_open() && now - last.get() >= limit {
                // A time that is still to come is that of a clock that was set back since.
                let elsewhere = tabs::active_ms();
                last.set(if elsewhere <= now {
                    last.get().max(elsewhere)
                } else {
                    last.get()
                });
                if now - last.get() >= limit {
                    last.set(now);
                    app.session.lock_idle();
                }
            }
        }
    };
    for event in ["keydown", "pointerdown", "wheel", "touchstart"] {
        let (last, told, check) = (Rc::clone(&last), Rc::clone(&told), check.clone());
        let listener = window_event_listener_untyped(event, move |_| {
            // The first key after a sleep wakes the laptop, and may come before any timer does: it is not somebody who was there.
            check();
            let now = now_ms();
            last.set(now);
            if (now - told.get()).abs() >= TELL_EVERY_MS {
                told.set(now);
                tabs::tell_active(now);
            }
        });
        on_cleanup(move || listener.remove());
    }
    // The browser says so to every tab but the one that stored something.
    let listener = window_event_listener_untyped("storage", move |_| follow());
    on_cleanup(move || listener.remove());
    if let Ok(interval) = set_interval_with_handle(check, CHECK_EVERY) {
        on_cleanup(move || interval.clear());
    }
}
