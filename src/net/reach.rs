//! Why there was no answer. The browser does not say, so it is found out by looking once more.

use std::cell::RefCell;
use std::collections::HashSet;
use std::time::Duration;

use gloo_net::http::RequestBuilder;
use leptos::prelude::window;
use vcloud_api::{ApiError, ErrorKind};
use web_sys::{RequestCache, RequestCredentials, RequestMode};

use super::Abort;
use super::fetch::host_of;

/// How long each look may take.
const LOOK_TIMEOUT: Duration = Duration::from_secs(5);

thread_local! {
    /// The origins that have let this page read an answer since it was opened.
    static ANSWERED: RefCell<HashSet<String>> = RefCell::default();
}

/// Remembers that the page may read answers from there.
pub(super) fn answered(url: &str) {
    if let Some(origin) = origin_of(url) {
        ANSWERED.with_borrow_mut(|answered| answered.insert(origin));
    }
}

fn origin_of(url: &str) -> Option<String> {
    web_sys::Url::new(url).ok().map(|url| url.origin())
}

/// Why nothing came back from there.
///
/// A host that answers a request which it need not allow is there. It refuses this page only if it never let it read anything, and
/// does not do so now either; else the connection broke.
pub(super) async fn why_silent(url: &str) -> ApiError {
    let host = host_of(url);
    let origin = origin_of(url);
    let is_own = origin.is_some() && window().location().origin().ok() == origin;
    let kind = if is_own || !answers(url, RequestMode::NoCors).await {
        ErrorKind::Network
    } else if origin.is_some_and(|origin| ANSWERED.with_borrow(|answered| answered.contains(&origin)))
        || answers(url, RequestMode::Cors).await
    {
        ErrorKind::Interrupted
    } else {
        ErrorKind::Cors
    };
    ApiError::without_answer(kind, host)
}

/// Whether a plain request is answered, without anything secret in it; in the mode `cors`, whether the page may read the answer.
async fn answers(url: &str, mode: RequestMode) -> bool {
    let abort = Abort::new();
    abort.arm(LOOK_TIMEOUT);
    let answer = RequestBuilder::new(url)
        .mode(mode)
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .abort_signal(abort.signal().as_ref())
        .send()
        .await;
    abort.disarm();
    answer.is_ok()
}
