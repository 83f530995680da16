//! Requests of [`vcloud_api`], sent by the browser.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::StreamExt;
use gloo_net::http::{RequestBuilder, Response};
use http::Method;
use js_sys::Uint8Array;
use leptos::prelude::{TimeoutHandle, document, set_timeout_with_handle};
use serde::Deserialize;
use vcloud_api::call::{Auth, Call};
use vcloud_api::error::{ErrorKind, RawAnswer};
use vcloud_api::hosts::BaseUrl;
use vcloud_api::{ApiError, Confidential};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{AbortController, AbortSignal, RequestCache, RequestCredentials};

use super::{host_time, reach};
use crate::config::Config;
use crate::state::clock::now_ms;

/// How long an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Bytes of an answer at the most. The longest page of a list has a tenth of it.
const LONGEST: usize = 8 << 20;

/// The event of an abort signal.
const ABORT: &str = "abort";

/// The end of a request or stream, in the hand of whoever waits for it. Clones end the same one.
#[derive(Clone)]
pub struct Abort(Rc<Inner>);

struct Inner {
    controller: Option<AbortController>,
    aborted: Cell<bool>,
    timed_out: Cell<bool>,
    timer: RefCell<Option<TimeoutHandle>>,
}

impl Abort {
    /// Nothing is ended yet.
    pub fn new() -> Abort {
        Abort(Rc::new(Inner {
            controller: AbortController::new().ok(),
            aborted: Cell::new(false),
            timed_out: Cell::new(false),
            timer: RefCell::new(None),
        }))
    }

    /// Ends it.
    pub fn abort(&self) {
        self.0.aborted.set(true);
        if let Some(controller) = &self.0.controller {
            controller.abort();
        }
        self.disarm();
    }

    /// Whether it was ended by whoever waited.
    pub fn is_aborted(&self) -> bool {
        self.0.aborted.get()
    }

    /// What `fetch` takes.
    pub fn signal(&self) -> Option<AbortSignal> {
        self.0.controller.as_ref().map(AbortController::signal)
    }

    /// Ends it by itself after a while, until [`Abort::disarm`].
    pub fn arm(&self, after: Duration) {
        self.disarm();
        let inner = Rc::downgrade(&self.0);
        let end = move || {
            if let Some(inner) = inner.upgrade() {
                inner.timed_out.set(true);
                if let Some(controller) = &inner.controller {
                    controller.abort();
                }
            }
        };
        *self.0.timer.borrow_mut() = set_timeout_with_handle(end, after).ok();
    }

    /// Lets it run as long as it takes.
    pub fn disarm(&self) {
        if let Some(timer) = self.0.timer.borrow_mut().take() {
            timer.clear();
        }
    }

    /// Whether it took too long.
    pub fn timed_out(&self) -> bool {
        self.0.timed_out.get()
    }
}

/// Sends a call and reads its answer.
///
/// # Errors
/// Everything that can go wrong on the way, or what the host refused with.
pub async fn send<C: Call>(call: &C, host: &BaseUrl, auth: &Auth<'_>, abort: &Abort) -> Result<C::Answer, ApiError> {
    let request = call.request(host, auth)?;
    // One request each: what ends the caller's wait ends it, and its own timeout ends only it.
    let own = Abort::new();
    exchange(&request, abort, &own).await?.decode(call)
}

/// What a host answered.
pub(super) struct Received {
    /// HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Vec<u8>,
    /// Seconds that the host asks to be left alone.
    retry_after: Option<u32>,
}

impl Received {
    /// The answer of a call.
    pub fn decode<C: Call>(&self, call: &C) -> Result<C::Answer, ApiError> {
        let answer = RawAnswer {
            status: self.status,
            body: &self.body,
        };
        call.decode(answer).map_err(|error| ApiError {
            retry_after: self.retry_after,
            ..error
        })
    }
}

pub(super) async fn exchange(
    request: &http::Request<Vec<u8>>,
    abort: &Abort,
    own: &Abort,
) -> Result<Received, ApiError> {
    let url = request.uri().to_string();
    let linked = link(abort, own);
    own.arm(TIMEOUT);
    let result = raw(request, own.signal()).await;
    own.disarm();
    drop(linked);
    match result {
        Ok(Whole::Read(received)) => {
            reach::answered(&url);
            Ok(received)
        }
        Ok(Whole::TooLong(status)) => {
            own.abort();
            let message = format!("more than {LONGEST} bytes");
            Err(ApiError {
                status,
                ..ApiError::without_answer(ErrorKind::Malformed, message)
            })
        }
        Err(_) if abort.is_aborted() => Err(ApiError::without_answer(ErrorKind::Aborted, "")),
        Err(_) if own.timed_out() => Err(ApiError::without_answer(ErrorKind::Timeout, host_of(&url))),
        Err(_) => Err(reach::why_silent(&url).await),
    }
}

/// Ends `own` when `abort` ends, until dropped.
pub(super) fn link(abort: &Abort, own: &Abort) -> Option<Link> {
    let controller = own.0.controller.clone()?;
    Link::new(abort.signal()?, move || controller.abort())
}

/// Waits until it ends, by whomever: for what knows no abort signal.
pub(super) async fn ended(abort: &Abort) {
    let (tell, told) = oneshot::channel::<()>();
    let mut tell = Some(tell);
    let link = abort
        .signal()
        .and_then(|signal| Link::new(signal, move || drop(tell.take())));
    if link.is_none() {
        return std::future::pending().await;
    }
    // The sender is only ever dropped: that is what is waited for.
    let _ = told.await;
}

/// What ties one end to another, until dropped.
pub(super) struct Link {
    target: AbortSignal,
    closure: Closure<dyn FnMut()>,
}

impl Link {
    fn new(target: AbortSignal, action: impl FnMut() + 'static) -> Option<Link> {
        let closure = Closure::<dyn FnMut()>::new(action);
        target
            .add_event_listener_with_callback(ABORT, closure.as_ref().unchecked_ref())
            .ok()?;
        Some(Link { target, closure })
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        let _ = self
            .target
            .remove_event_listener_with_callback(ABORT, self.closure.as_ref().unchecked_ref());
    }
}

/// The connection broke.
struct Broken;

/// An answer that has ended.
enum Whole {
    /// It is there.
    Read(Received),
    /// It was too long; its status.
    TooLong(u16),
}

async fn raw(request: &http::Request<Vec<u8>>, signal: Option<AbortSignal>) -> Result<Whole, Broken> {
    let sent = now_ms();
    let response = builder(request, signal).send_with(request).await.map_err(|_| Broken)?;
    host_time::hear(&response, sent);
    let status = response.status();
    let retry_after = (!response.ok()).then(|| host_time::retry_after(&response)).flatten();
    Ok(match bytes(&response).await? {
        Some(body) => Whole::Read(Received {
            status,
            body,
            retry_after,
        }),
        None => Whole::TooLong(status),
    })
}

/// The body of an answer; none where it is longer than [`LONGEST`], however short it was before the browser unpacked it.
async fn bytes(response: &Response) -> Result<Option<Vec<u8>>, Broken> {
    let Some(body) = response.body() else {
        return Ok(Some(Vec::new()));
    };
    let mut chunks = wasm_streams::ReadableStream::from_raw(body).into_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        let chunk: Uint8Array = chunk.ok().and_then(|chunk| chunk.dyn_into().ok()).ok_or(Broken)?;
        let start = bytes.len();
        let end = start + chunk.length() as usize;
        if end > LONGEST {
            return Ok(None);
        }
        bytes.resize(end, 0);
        chunk.copy_to(&mut bytes[start..]);
    }
    Ok(Some(bytes))
}

/// The body of an answer that is no stream although one was asked for; nothing where it breaks off or is too long.
pub(super) async fn refusal(response: &Response) -> Vec<u8> {
    bytes(response).await.ok().flatten().unwrap_or_default()
}

/// The browser's request for one of ours.
pub(super) fn builder(request: &http::Request<Vec<u8>>, signal: Option<AbortSignal>) -> RequestBuilder {
    let mut builder = RequestBuilder::new(&request.uri().to_string())
        .method(request.method().clone())
        .credentials(RequestCredentials::Omit)
        .cache(RequestCache::NoStore)
        .abort_signal(signal.as_ref());
    for (name, value) in request.headers() {
        // Every value was made of text.
        if let Ok(value) = value.to_str() {
            builder = builder.header(name.as_str(), value);
        }
    }
    builder
}

pub(super) trait SendWith {
    /// Sends it with the body of ours.
    async fn send_with(self, request: &http::Request<Vec<u8>>) -> Result<Response, gloo_net::Error>;
}

impl SendWith for RequestBuilder {
    async fn send_with(self, request: &http::Request<Vec<u8>>) -> Result<Response, gloo_net::Error> {
        if request.method() == Method::GET || request.body().is_empty() {
            self.send().await
        } else {
            self.body(Uint8Array::from(request.body().as_slice()))?.send().await
        }
    }
}

pub(super) fn host_of(url: &str) -> String {
    web_sys::Url::new(url)
        .map(|url| url.host())
        .unwrap_or_else(|_| url.to_owned())
}

/// Reads the operator's `config.json` beside the page.
///
/// # Errors
/// What is wrong with it, for the operator.
pub async fn load_config() -> Result<Config, String> {
    let response = host_time::ask().await.map_err(|error| error.to_string())?;
    if !response.ok() {
        return Err(format!("config.json: HTTP {}", response.status()));
    }
    let text = response.text().await.map_err(|error| error.to_string())?;
    Config::parse(&text).map_err(|error| format!("config.json: {error}"))
}

/// Reads a list that lies beside the page and that the page names in a `<meta>` element: it has its name from its content.
///
/// # Errors
/// When it can't be had.
pub async fn load_list(name: &str) -> Result<String, ApiError> {
    let missing = || ApiError::without_answer(ErrorKind::NotFound, name);
    let element = document().query_selector(&format!("meta[name=\"{name}\"]"));
    let file = element
        .ok()
        .flatten()
        .and_then(|element| element.get_attribute("content"));
    let url = format!("{}/{}", crate::route::base(), file.ok_or_else(missing)?);
    let response = RequestBuilder::new(&url)
        .send()
        .await
        .map_err(|_| ApiError::without_answer(ErrorKind::Network, name))?;
    if !response.ok() {
        return Err(missing());
    }
    let text = response.text().await;
    text.map_err(|_| ApiError::without_answer(ErrorKind::Network, name))
}

/// A demo account as a platform advertises it.
#[derive(Deserialize)]
pub struct DemoAccount {
    seed: Confidential,
    /// The address of its first account.
    pub address: String,
}

impl DemoAccount {
    /// Its seed phrase.
    pub fn seed(&self) -> &str {
        self.seed.expose()
    }
}

/// Asks for the demo account.
///
/// # Errors
/// When there is no answer, or it is something else.
pub async fn load_demo_account(url: &str) -> Result<DemoAccount, ApiError> {
    let request = http::Request::get(url)
        .body(Vec::new())
        .map_err(|_| ApiError::without_answer(ErrorKind::Unsendable, url))?;
    let received = exchange(&request, &Abort::new(), &Abort::new()).await?;
    if received.status != 200 {
        return Err(ApiError {
            status: received.status,
            ..ApiError::without_answer(ErrorKind::Server, host_of(url))
        });
    }
    serde_json::from_slice(&received.body)
        .map_err(|error| ApiError::without_answer(ErrorKind::Malformed, error.to_string()))
}
