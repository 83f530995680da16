//! The time by the host that serves the console, and when a host wants to be asked again.
//!
//! Only that host is believed about the time: what it serves is the console itself, and a page may always read the `Date` of its own
//! origin. Another host could have requests signed for a time that is still to come.

use gloo_net::http::{RequestBuilder, Response};
use leptos::prelude::window;
use web_sys::RequestCache;

use crate::state::clock::{self, now_ms};

/// The longest pause that a host is granted, in seconds.
const LONGEST_PAUSE: f64 = 600.0;

/// Asks the console's own host for the operator's configuration, and hears what time it is there.
///
/// # Errors
/// When it can't be reached.
pub(super) async fn ask() -> Result<Response, gloo_net::Error> {
    let url = format!("{}/config.json", crate::route::base());
    let sent = now_ms();
    let response = RequestBuilder::new(&url).cache(RequestCache::NoCache).send().await?;
    hear(&response, sent);
    Ok(response)
}

/// Asks the console's own host what time it is. Where it can't be reached, nothing is learnt.
pub async fn look_at_the_time() {
    let _ = ask().await;
}

/// Takes the time of an answer to what was sent then, where it is the console's own host that answered.
pub(super) fn hear(response: &Response, sent_ms: f64) {
    let url = response.url();
    let origin = window().location().origin().unwrap_or_default();
    let is_own = web_sys::Url::new(&url).is_ok_and(|url| url.origin() == origin);
    let Some(date) = is_own.then(|| date(response)).flatten() else {
        return;
    };
    clock::heard_host_time(date, sent_ms, now_ms());
}

/// When the answer was made, in milliseconds since the Unix epoch: a cache on the way says how long ago that is.
fn date(response: &Response) -> Option<f64> {
    let headers = response.headers();
    let date = js_sys::Date::parse(&headers.get("date")?);
    let age = headers.get("age").and_then(|age| age.trim().parse::<f64>().ok());
    date.is_finite().then(|| date + age.unwrap_or(0.0).max(0.0) * 1000.0)
}

/// The seconds that a host asks to be left alone: a number, or a moment (RFC 9110, 10.2.3).
pub(super) fn retry_after(response: &Response) -> Option<u32> {
    let text = response.headers().get("retry-after")?;
    let text = text.trim();
    let seconds = match text.parse::<u32>() {
        Ok(seconds) => f64::from(seconds),
        Err(_) => {
            let from = date(response).unwrap_or_else(now_ms);
            ((js_sys::Date::parse(text) - from) / 1000.0).ceil()
        }
    };
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Between nought and ten minutes.
    let pause = (seconds >= 0.0).then(|| seconds.min(LONGEST_PAUSE) as u32);
    pause
}
