//! The journal of payments, in IndexedDB: one text for each payment, under a key of its own.
//!
//! Adding fails where the key is taken, and writing where somebody else wrote in between; both are one transaction of the
//! database, which serialises them over all tabs. What is written is on the disk before anybody is told that it is.

use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use idb::event::{DatabaseEvent, VersionChangeEvent};
use idb::{Database, Factory, ObjectStore, ObjectStoreParams, Transaction, TransactionMode, TransactionResult};
use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::{on_cleanup, set_timeout, window};
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortController;

const DATABASE: &str = "vcloud.payments";
const VERSION: u32 = 1;
const STORE: &str = "journal";

/// Why the journal can't be kept: the browser's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

impl From<idb::Error> for Unavailable {
    fn from(error: idb::Error) -> Self {
        Unavailable(error.to_string())
    }
}

impl From<JsValue> for Unavailable {
    fn from(error: JsValue) -> Self {
        let words = error
            .dyn_ref::<js_sys::Error>()
            .map(|error| String::from(error.message()));
        Unavailable(words.unwrap_or_else(|| format!("{error:?}")))
    }
}

/// The open journal.
#[derive(Clone)]
pub struct Journal(SendWrapper<JsValue>);

impl Journal {
    /// Opens it, and makes it first where there is none.
    ///
    /// # Errors
    /// Where the browser keeps nothing here: a private window, a frame of another site.
    pub async fn open() -> Result<Journal, Unavailable> {
        let mut request = Factory::new()?.open(DATABASE, Some(VERSION))?;
        request.on_upgrade_needed(|event: VersionChangeEvent| {
            if let Ok(database) = event.database() {
                // Where this fails, the first transaction says so.
                let _ = database.create_object_store(STORE, ObjectStoreParams::new());
            }
        });
        let mut database = request.await?;
        // A later version of the console in another tab may change the database: this one lets go of it.
        database.on_version_change(|event: web_sys::Event| {
            if let Some(Ok(database)) = event.target().map(Database::try_from) {
                database.close();
            }
        });
        database.forget_callbacks();
        let journal = Journal(SendWrapper::new(database.into()));
        journal.all().await?;
        Ok(journal)
    }

    fn begin(&self, mode: TransactionMode) -> Result<(Transaction, ObjectStore), Unavailable> {
        // Called by name: the option is not in the stable part of the bindings. Where a browser does not know it, it is ignored.
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        let transaction: Function = Reflect::get(&self.0, &"transaction".into())?.dyn_into()?;
        let arguments = Array::of3(&STORE.into(), &JsValue::from(mode), &options);
        let made = transaction.apply(&self.0, &arguments)?;
        let transaction = Transaction::try_from(made)?;
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }

    async fn end(transaction: Transaction) -> Result<(), Unavailable> {
        match transaction.await? {
            TransactionResult::Committed => Ok(()),
            TransactionResult::Aborted => Err(Unavailable("AbortError".to_owned())),
        }
    }

    /// Everything in it: key and text.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn all(&self) -> Result<Vec<(String, String)>, Unavailable> {
        let (transaction, store) = self.begin(TransactionMode::ReadOnly)?;
        let keys = store.get_all_keys(None, None)?.await?;
        let texts = store.get_all(None, None)?.await?;
        Self::end(transaction).await?;
        let text = |value: JsValue| value.as_string().unwrap_or_default();
        Ok(keys.into_iter().map(text).zip(texts.into_iter().map(text)).collect())
    }

    /// The text under a key.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn get(&self, key: &str) -> Result<Option<String>, Unavailable> {
        let (transaction, store) = self.begin(TransactionMode::ReadOnly)?;
        let text = store.get(JsValue::from_str(key))?.await?;
        Self::end(transaction).await?;
        Ok(text.and_then(|text| text.as_string()))
    }

    /// Writes a text under a key that is free; `false` where it is taken, and then nothing changes.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn add(&self, key: &str, text: &str) -> Result<bool, Unavailable> {
        self.write(key, text, |stored| stored.is_none()).await
    }

    /// Writes a text in place of another one; `false` where that is not what is there, and then nothing changes.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn replace(&self, key: &str, before: impl Fn(&str) -> bool, text: &str) -> Result<bool, Unavailable> {
        self.write(key, text, |stored| stored.is_some_and(&before)).await
    }

    async fn write(&self, key: &str, text: &str, may: impl Fn(Option<&str>) -> bool) -> Result<bool, Unavailable> {
        let (transaction, store) = self.begin(TransactionMode::ReadWrite)?;
        let stored = store.get(JsValue::from_str(key))?.await?;
        let stored = stored.and_then(|stored| stored.as_string());
        let may = may(stored.as_deref());
        if may {
            store.put(&text.into(), Some(&key.into()))?.await?;
        }
        Self::end(transaction).await?;
        if may {
            announce();
        }
        Ok(may)
    }
}

/// Tells every tab, this one too, that something was written.
fn announce() {
    if let Ok(channel) = web_sys::BroadcastChannel::new(DATABASE) {
        let _ = channel.post_message(&JsValue::UNDEFINED);
        channel.close();
    }
}

/// Calls back whenever any tab has written something, as long as the current owner lives.
pub fn on_change(callback: impl Fn() + 'static) {
    let Ok(channel) = web_sys::BroadcastChannel::new(DATABASE) else {
        return;
    };
    let listener = Closure::<dyn Fn()>::new(callback);
    channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    let kept = SendWrapper::new((channel, listener));
    on_cleanup(move || {
        let (channel, _listener) = kept.take();
        channel.close();
    });
}

/// The hold on a name, over all tabs, until it is dropped. The browser lets go of it when the page ends, however it does.
pub struct Hold(#[allow(dead_code)] Option<oneshot::Sender<()>>);

/// Takes hold of a name as soon as no page has it, and gives up after `patience` where there is one. A browser without such locks
/// is no obstacle: the journal decides in the end, the hold only keeps two tabs from doing the same work.
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
    let arguments = Array::of3(&format!("{DATABASE}/{name}").into(), &options, &granted);
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
