//! What only one tab does at a time.

use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{set_timeout, window};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortController;

/// What the browser's names for what is held begin with.
const PREFIX: &str = "vcloud";

/// The hold on a name, over all tabs, until it is dropped. The browser lets go of it when the page ends, however it does.
pub struct Hold(#[allow(dead_code)] Option<oneshot::Sender<()>>);

/// Takes hold of a name as soon as no page has it, and gives up after `patience` where there is one. A browser without such locks
/// is no obstacle: of payments the journal decides in the end, the hold only keeps two tabs from doing the same work.
///
/// It queues for the name and never only asks whether it is free: a page that somebody has left may be kept for going back, frozen
/// and with all it holds. The browser ends such a page for one that waits, but tells one that only asks that the name is taken.
pub async fn hold(name: &str, patience: Option<Duration>) -> Option<Hold> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).unwrap_or_default();
    let request = Reflect::get(&locks, &"request".into()).and_then(JsCast::dyn_into::<Function>);
    let (Ok(request), Ok(giving_up)) = (request, AbortController::new()) else {
        return Some(Hold(None));
    };
    let signal = giving_up.signal();
    let options = Object::new();
    let _ = Reflect::set(&options, &"signal".into(), &signal);
    let (tell, told) = oneshot::channel();
    let granted = Closure::once_into_js(move |_lock: JsValue| -> JsValue {
        let (release, released) = oneshot::channel::<()>();
        let _ = tell.send(release);
        // Held until the other end is dropped.
        let held = future_to_promise(async move {
            let _ = released.await;
            Ok(JsValue::UNDEFINED)
        });
        held.into()
    });
    let arguments = Array::of3(&format!("{PREFIX}/{name}").into(), &options, &granted);
    let ended = request.apply(&locks, &arguments).and_then(JsCast::dyn_into::<Promise>);
    let Ok(ended) = ended else {
        return Some(Hold(None));
    };
    if let Some(patience) = patience {
        // Once it is held, this changes nothing any more.
        set_timeout(move || giving_up.abort(), patience);
    }
    match select(told, JsFuture::from(ended)).await {
        Either::Left((Ok(release), _)) => Some(Hold(Some(release))),
        Either::Right(_) if signal.aborted() => None,
        // Refused, as in a page that is not trusted to be what it says.
        Either::Left((Err(_), _)) | Either::Right(_) => Some(Hold(None)),
    }
}
