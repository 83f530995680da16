//! What the console's tabs tell each other through the browser's storage: that it was locked, and that somebody is there. Where a tab has
//! no storage, it is alone.

use super::clock::now_ms;
use super::storage;

const LOCKED: &str = "locked";
const ACTIVE: &str = "active";

/// Says to all tabs that the console is locked.
pub fn tell_locked() {
    tell(LOCKED, now_ms());
}

/// When a tab was locked the last time, in milliseconds since the Unix epoch; long ago where none was.
pub fn locked_ms() -> f64 {
    told(LOCKED)
}

/// Says to all tabs that somebody pressed a key or moved the pointer.
pub fn tell_active(now_ms: f64) {
    tell(ACTIVE, now_ms);
}

/// When somebody did so in any tab, in milliseconds since the Unix epoch; long ago where nobody did.
pub fn active_ms() -> f64 {
    told(ACTIVE)
}

fn tell(what: &str, now_ms: f64) {
    storage::tabs().set(what, &now_ms.to_string());
}

fn told(what: &str) -> f64 {
    let text = storage::tabs().get(what);
    text.and_then(|text| text.parse().ok())
        .filter(|time: &f64| time.is_finite())
        .unwrap_or(0.0)
}
