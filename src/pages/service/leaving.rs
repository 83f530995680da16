//! Asks before a page with something unfinished in it is closed or loaded again.

use leptos::prelude::*;

/// Has the browser ask before the page goes, while `unfinished` says so (not tracked) and the current owner lives.
pub fn ask_before_unload(unfinished: impl Fn() -> bool + Send + Sync + 'static) {
    let listener = window_event_listener(leptos::ev::beforeunload, move |event| {
        if untrack(&unfinished) {
            event.prevent_default();
        }
    });
    on_cleanup(move || listener.remove());
}
