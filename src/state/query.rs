//! Keyed, cached, shared requests: a page asks for a key and follows what is known about it.
//!
//! One request is on its way for a key at a time, whoever asks. What arrived is kept for the next page that asks, shown
//! at once and refreshed in the background while somebody looks and the tab is visible. When nobody looks any more, the
//! request under way is aborted.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::future::Future;
use std::hash::Hash;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use send_wrapper::SendWrapper;
use vcloud_api::{ApiError, ErrorKind};

use super::again;
use super::clock::{Clock, now_ms, sleep};
use super::remote::Remote;
use crate::net::Abort;

/// The future of one request.
pub type Answer<T> = Pin<Box<dyn Future<Output = Result<T, ApiError>>>>;

struct Entry<T: Send + Sync + 'static> {
    state: ArcRwSignal<Remote<T>>,
    busy: ArcRwSignal<bool>,
    watchers: Cell<usize>,
    asked_at: Cell<f64>,
    /// How it has failed since it was had the last time.
    failing: Cell<again::Failing>,
    abort: RefCell<Option<Abort>>,
    /// Told when the request under way has ended, however it did.
    waiting: RefCell<Vec<oneshot::Sender<()>>>,
}

impl<T: Send + Sync + 'static> Entry<T> {
    fn new() -> Rc<Entry<T>> {
        Rc::new(Entry {
            state: ArcRwSignal::new(Remote::Loading),
            busy: ArcRwSignal::new(false),
            watchers: Cell::new(0),
            asked_at: Cell::new(0.0),
            failing: Cell::default(),
            abort: RefCell::new(None),
            waiting: RefCell::new(Vec::new()),
        })
    }

    fn fetch(self: &Rc<Self>, request: impl FnOnce(Abort) -> Answer<T>) {
        if self.abort.borrow().is_some() {
            return;
        }
        let abort = Abort::new();
        *self.abort.borrow_mut() = Some(abort.clone());
        self.asked_at.set(now_ms());
        self.busy.set(true);
        let answer = request(abort.clone());
        let entry = Rc::clone(self);
        spawn_local(async move {
            let answer = answer.await;
            if abort.is_aborted() {
                return;
            }
            entry.abort.borrow_mut().take();
            let failing = entry.failing.get().after(answer.as_ref().err(), js_sys::Math::random());
            entry.failing.set(failing);
            let state = entry.state.get_untracked().after(answer, now_ms());
            entry.state.set(state);
            entry.busy.set(false);
            entry.waiting.borrow_mut().clear();
        });
    }

    fn stop(&self) {
        if let Some(abort) = self.abort.borrow_mut().take() {
            abort.abort();
            self.busy.set(false);
            // The next one who looks asks again at once.
            self.asked_at.set(0.0);
            self.waiting.borrow_mut().clear();
        }
    }

    /// Asks until it is had, a few times in a row, where it was well until now. What fails for longer is said, and asked for ever more rarely.
    fn fetch_persistently(self: &Rc<Self>, request: impl Fn(Abort) -> Answer<T> + 'static) {
        if self.failing.get().is_failing() {
            self.fetch(request);
            return;
        }
        let entry = Rc::downgrade(self);
        self.fetch(move |abort| {
            Box::pin(async move {
                let mut answer = request(abort.clone()).await;
                for number in 0..again::AT_ONCE {
                    let Err(error) = &answer else { break };
                    let Some(pause) = again::pause_before(number, error, js_sys::Math::random()) else {
                        break;
                    };
                    sleep(Duration::from_secs_f64(pause / 1000.0)).await;
                    if abort.is_aborted() {
                        break;
                    }
                    if document().hidden() {
                        // Nobody looks: whoever comes back has it asked for at once.
                        if let Some(entry) = entry.upgrade() {
                            entry.asked_at.set(0.0);
                        }
                        break;
                    }
                    answer = request(abort.clone()).await;
                }
                answer
            })
        });
    }

    fn is_outdated(&self) -> bool {
        self.asked_at.get() <= 0.0
    }
}

/// The entry that a page follows at the moment.
type Watched<T> = Rc<RefCell<Option<Rc<Entry<T>>>>>;

type Entries<K, T> = Rc<RefCell<HashMap<K, Rc<Entry<T>>>>>;

/// What is known about every key of one kind of data.
pub struct Cache<K: 'static, T: Send + Sync + 'static>(StoredValue<SendWrapper<Entries<K, T>>>);

impl<K, T: Send + Sync + 'static> Clone for Cache<K, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<K, T: Send + Sync + 'static> Copy for Cache<K, T> {}

impl<K: Clone + Eq + Hash + 'static, T: Send + Sync + 'static> Cache<K, T> {
    /// An empty cache; lives as long as the owner it is made under.
    pub fn new() -> Cache<K, T> {
        Cache(StoredValue::new(SendWrapper::new(Rc::default())))
    }

    fn entry(self, key: &K) -> Rc<Entry<T>> {
        self.0
            .with_value(|entries| Rc::clone(entries.borrow_mut().entry(key.clone()).or_insert_with(Entry::new)))
    }

    /// What is known about a key now (tracked); does not ask for it.
    pub fn peek(self, key: &K) -> Remote<T> {
        self.entry(key).state.get()
    }

    /// Whether a page follows a key at the moment.
    pub fn is_followed(self, key: &K) -> bool {
        self.entry(key).watchers.get() > 0
    }

    /// The first answer that a search through everything known gives.
    pub fn find_untracked<R>(self, find: impl Fn(&T) -> Option<R>) -> Option<R> {
        self.0.with_value(|entries| {
            let entries = entries.borrow();
            entries.values().find_map(|entry| {
                entry
                    .state
                    .with_untracked(|state| state.value().and_then(|value| find(value)))
            })
        })
    }

    /// What is known about a key, asking for it first where nothing is or it was invalidated. Whoever asks at the same time
    /// shares the request.
    ///
    /// # Errors
    /// When it could not be had; the next one who loads it asks again.
    pub async fn load(self, key: &K, request: impl FnOnce(Abort) -> Answer<T>) -> Result<Arc<T>, ApiError> {
        self.load_within(key, f64::INFINITY, request).await
    }

    /// The same, asking as well where what is known is older than so many milliseconds. What is older stays known when it
    /// can't be had anew, and the answer says why.
    ///
    /// # Errors
    /// When it could not be had.
    pub async fn load_within(
        self,
        key: &K,
        age: f64,
        request: impl FnOnce(Abort) -> Answer<T>,
    ) -> Result<Arc<T>, ApiError> {
        let entry = self.entry(key);
        let known = entry.state.with_untracked(|state| match state {
            Remote::Ready { value, at, .. } => Some((Arc::clone(value), *at)),
            Remote::Loading | Remote::Failed(_) => None,
        });
        let is_fresh = |at: f64| !entry.is_outdated() && now_ms() - at < age;
        if let Some((value, _)) = known.filter(|(_, at)| is_fresh(*at)) {
            return Ok(value);
        }
        let (settled, wait) = oneshot::channel();
        entry.waiting.borrow_mut().push(settled);
        entry.fetch(request);
        let _ = wait.await;
        match entry.state.get_untracked() {
            Remote::Ready {
                stale_because: Some(error),
                ..
            } if age.is_finite() => Err(error),
            Remote::Ready { value, .. } => Ok(value),
            Remote::Failed(error) => Err(error),
            Remote::Loading => Err(ApiError::without_answer(ErrorKind::Aborted, "")),
        }
    }

    /// What somebody else has just learnt about a key. A request for it under way is given up: its answer would be older.
    pub fn put(self, key: &K, value: T) {
        let entry = self.entry(key);
        entry.stop();
        entry.asked_at.set(now_ms());
        entry.state.set(Remote::Loading.after(Ok(value), now_ms()));
    }

    /// Aborts what is under way and nobody follows.
    pub fn abandon(self) {
        self.0.with_value(|entries| {
            for entry in entries.borrow().values().filter(|entry| entry.watchers.get() == 0) {
                entry.stop();
            }
        });
    }

    /// Has every key asked for anew: by those who follow it from the next tick on, else when it is loaded next. Until then what
    /// is known stays.
    pub fn invalidate(self) {
        self.0.with_value(|entries| {
            for entry in entries.borrow().values() {
                entry.asked_at.set(0.0);
            }
        });
    }

    /// Has one key asked for anew, the next time it is loaded or by those who follow it from the next tick on.
    pub fn outdate(self, key: &K) {
        self.entry(key).asked_at.set(0.0);
    }

    /// Forgets everything and aborts what is under way. Those who follow a key go on following it, from nothing.
    pub fn clear(self) {
        let entries: Vec<Rc<Entry<T>>> = self.0.with_value(|entries| {
            let mut entries = entries.borrow_mut();
            let all = entries.values().cloned().collect();
            entries.retain(|_, entry| entry.watchers.get() > 0);
            all
        });
        for entry in entries {
            entry.stop();
            entry.asked_at.set(0.0);
            entry.state.set(Remote::Loading);
        }
    }
}

/// How a page follows a key.
pub struct Query<T: Send + Sync + 'static> {
    state: Signal<Remote<T>>,
    busy: Signal<bool>,
    refresh: Callback<()>,
}

impl<T: Send + Sync + 'static> Clone for Query<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Query<T> {}

impl<T: Send + Sync + 'static> Query<T> {
    /// Why nothing could be loaded, where nothing could.
    pub fn failure(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || match self.get() {
            Remote::Failed(error) => Some(error),
            Remote::Loading | Remote::Ready { .. } => None,
        })
    }

    /// Why the data is older than it should be, where it is.
    pub fn stale(self) -> Signal<Option<ApiError>> {
        Signal::derive(move || match self.get() {
            Remote::Ready { stale_because, .. } => stale_because,
            Remote::Loading | Remote::Failed(_) => None,
        })
    }

    /// When the data arrived, in milliseconds since the Unix epoch; `None` where there is none.
    pub fn at(self) -> Signal<Option<f64>> {
        Signal::derive(move || match self.get() {
            Remote::Ready { at, .. } => Some(at),
            Remote::Loading | Remote::Failed(_) => None,
        })
    }

    /// [`Query::refresh`] as a callback.
    pub fn on_refresh(self) -> Callback<()> {
        self.refresh
    }

    /// The state (tracked).
    pub fn get(self) -> Remote<T> {
        self.state.get()
    }

    /// Whether a request is on its way (tracked).
    pub fn busy(self) -> bool {
        self.busy.get()
    }

    /// Asks now, whatever the age.
    pub fn refresh(self) {
        self.refresh.run(());
    }
}

/// Follows `key`: asks for it when it is not there or too old, and again every `every` milliseconds.
///
/// `key` and `every` are tracked; a key of `None` asks for nothing. `request` makes the future of one request. What is refreshed by itself is
/// also asked for again by itself when it failed ([`again`]); an endless `every` says that nothing is.
pub fn use_query<K, T>(
    clock: Clock,
    cache: Cache<K, T>,
    key: impl Fn() -> Option<K> + Send + Sync + 'static,
    every: impl Fn() -> f64 + Send + Sync + 'static,
    request: impl Fn(K, Abort) -> Answer<T> + 'static,
) -> Query<T>
where
    K: Clone + Eq + Hash + Send + Sync + 'static,
    T: Send + Sync + 'static,
{
    let key = Memo::new(move |_| key());
    let every = StoredValue::new(every);
    let every = move || every.with_value(|every| untrack(every));
    let due = move |entry: &Entry<T>, now: f64| now - entry.asked_at.get() >= entry.failing.get().every(every());
    let ask = {
        let request = Rc::new(request);
        move |entry: &Rc<Entry<T>>, key: K| {
            let request = Rc::clone(&request);
            if every().is_finite() {
                entry.fetch_persistently(move |abort| request(key.clone(), abort));
            } else {
                entry.fetch(|abort| request(key, abort));
            }
        }
    };
    let ask = SendWrapper::new(Rc::new(ask));
    let watched: SendWrapper<Watched<T>> = SendWrapper::new(Rc::default());

    let leave = {
        let watched = watched.clone();
        move || {
            if let Some(entry) = watched.borrow_mut().take() {
                entry.watchers.set(entry.watchers.get() - 1);
                if entry.watchers.get() == 0 {
                    entry.stop();
                }
            }
        }
    };
    {
        let (watched, ask, leave) = (watched.clone(), ask.clone(), SendWrapper::new(leave.clone()));
        Effect::new(move |_| {
            leave();
            let Some(key) = key.get() else { return };
            let entry = cache.entry(&key);
            entry.watchers.set(entry.watchers.get() + 1);
            *watched.borrow_mut() = Some(Rc::clone(&entry));
            if due(&entry, now_ms()) {
                ask(&entry, key);
            }
        });
    }
    {
        let (watched, ask) = (watched.clone(), ask.clone());
        // A tick asks again for what is due; there are no ticks while the tab is hidden.
        Effect::new(move |_| {
            let now = clock.ms();
            let (Some(key), Some(entry)) = (key.get_untracked(), watched.borrow().clone()) else {
                return;
            };
            if due(&entry, now) {
                ask(&entry, key);
            }
        });
    }
    let leave = SendWrapper::new(leave);
    on_cleanup(move || leave.take()());

    let refresh = {
        let (watched, ask) = (watched.clone(), ask.clone());
        Callback::new(move |()| {
            if let (Some(key), Some(entry)) = (key.get_untracked(), watched.borrow().clone()) {
                ask(&entry, key);
            }
        })
    };
    let state = Signal::derive(move || key.get().map_or(Remote::Loading, |key| cache.entry(&key).state.get()));
    let busy = Signal::derive(move || key.get().is_some_and(|key| cache.entry(&key).busy.get()));
    Query { state, busy, refresh }
}
