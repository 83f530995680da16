//! Drafts of forms: what was typed and not sent yet is there again after a reload, a lock or an expired session.
//!
//! There are two of them, by where they are:
//!
//! * [`Place`] keeps a draft in the browser's storage, in clear. **Nothing secret may be in it**: a form gives a view of
//!   itself without passwords, tokens, values of variables and files, best by leaving them out of its serialisation
//!   (`#[serde(skip)]`), and says on the page what is not kept. A draft belongs to an account and a place, such as
//!   `deployment/SERVICE`, and is offered there again (`components::DraftOffer`).
//!   What is secret altogether, as a configuration file is, is kept as a [`Sealed`] draft.
//!   [`Resumable`] is the same for a form that is not always open.
//! * [`Unsent`] holds a form whole, in memory, while another page is shown. It is forgotten when somebody else is signed in
//!   or nobody is any more.
//!
//! ```ignore
//! let place = Place::of(app.session, &format!("label/{id}"))?;
//! let offered = RwSignal::new(place.load::<Form>());
//! let keeper = place.keep(move || match (offered.get(), form.read()) {
//!     (Some(_), _) => Keep::AsItIs,
//!     (None, form) if form == Form::default() => Keep::Nothing,
//!     (None, form) => Keep::This(form),
//! });
//! // When it was sent:
//! keeper.forget();
//! ```

mod resumable;

use std::any::Any;
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use leptos::prelude::*;
use send_wrapper::SendWrapper;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use vsys::sealed_box::{open, seal_with_os_randomness};
use vsys::{Account, Network, SecretBytes, SeedPhrase};

use super::clock::now_ms;
use super::session::SessionState;
use super::storage;

pub use resumable::Resumable;

/// So long after the last change a draft is stored.
const PAUSE: Duration = Duration::from_millis(400);

/// So many drafts are kept; the oldest ones make room for new ones.
const MOST_DRAFTS: usize = 40;

/// What is stored.
#[derive(Serialize, Deserialize)]
struct Stored<T> {
    at: f64,
    content: T,
}

/// What is to be kept of a form now.
#[derive(Clone, Debug, PartialEq)]
pub enum Keep<T> {
    /// What is kept already, as while it is on offer.
    AsItIs,
    /// Nothing: the form is as it was at the beginning.
    Nothing,
    /// This.
    This(T),
}

/// A draft that may be secret, sealed for whoever typed it: the browser's storage has only what nobody reads without the account's
/// private key, or without the access token. With an extension there is no key here, and no such draft.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed(String);

impl Sealed {
    /// Whether there is a key to seal with.
    fn is_possible(session: SessionState) -> bool {
        untrack(|| session.is_wallet() || session.token().is_some())
    }

    /// The keys: those of the account in use, or some that are made of the secret of the token in use.
    fn keys(session: SessionState) -> Option<Arc<Account>> {
        if let Some(account) = untrack(|| session.account()) {
            return Some(account);
        }
        let identity = untrack(|| session.token())?;
        let phrase = SeedPhrase::new(format!("drafts {}", identity.token.secret().expose())).ok()?;
        Some(Arc::new(Account::derive(&phrase, 0, Network::Mainnet)))
    }

    /// Seals a form for whoever is signed in.
    pub fn of<T: Serialize>(session: SessionState, content: &T) -> Option<Sealed> {
        let account = Sealed::keys(session)?;
        let plain = SecretBytes::new(serde_json::to_vec(content).ok()?);
        let sealed = seal_with_os_randomness(account.public_key(), plain.expose()).ok()?;
        Some(Sealed(STANDARD.encode(sealed)))
    }

    /// Opens it for whoever is signed in; `None` where that is somebody else, or the form has another shape.
    pub fn open<T: DeserializeOwned>(&self, session: SessionState) -> Option<T> {
        let account = Sealed::keys(session)?;
        let plain = open(account.private_key(), &STANDARD.decode(&self.0).ok()?).ok()?;
        serde_json::from_slice(plain.expose()).ok()
    }
}

/// A draft that was found.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft<T> {
    /// When it was last changed, in milliseconds since the Unix epoch.
    pub at: f64,
    /// What was typed.
    pub content: T,
}

/// Where a draft is kept: whose it is, and of what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    identity: String,
    name: String,
}

impl Place {
    /// The place of whoever is signed in, such as `deployment/SERVICE`; `None` when nobody is.
    pub fn of(session: SessionState, what: &str) -> Option<Place> {
        let identity = untrack(|| session.identity_key())?;
        let name = format!("{identity}/{what}");
        Some(Place { identity, name })
    }

    /// The draft that is kept here. One that can't be read any more, as from another version, is removed.
    pub fn load<T: DeserializeOwned>(&self) -> Option<Draft<T>> {
        let text = storage::drafts().get(&self.name)?;
        match serde_json::from_str::<Stored<T>>(&text) {
            Ok(Stored { at, content }) => Some(Draft { at, content }),
            Err(_) => {
                self.remove();
                None
            }
        }
    }

    /// Keeps a draft here in place of what is there; `false` when the browser does not store it.
    pub fn save<T: Serialize>(&self, content: &T) -> bool {
        let Ok(text) = serde_json::to_string(&Stored { at: now_ms(), content }) else {
            return false;
        };
        make_room(&self.name);
        storage::drafts().set(&self.name, &text)
    }

    /// Removes what is kept here.
    pub fn remove(&self) {
        storage::drafts().remove(&self.name);
    }

    /// Keeps what `content` gives (tracked), a moment after each change and when the page is left, as long as the current
    /// owner lives. What the form begins with is no change.
    pub fn keep<T: Serialize>(self, content: impl Fn() -> Keep<T> + 'static) -> Keeper {
        let waiting = Rc::new(Waiting {
            place: self,
            content: RefCell::new(None),
            timer: RefCell::new(None),
        });
        let on_change = Rc::clone(&waiting);
        Effect::new(move |before: Option<()>| match (before, content()) {
            (None, _) | (_, Keep::AsItIs) => {}
            (Some(()), Keep::Nothing) => on_change.forget(),
            (Some(()), Keep::This(content)) => on_change.store_soon(serde_json::to_value(&content).ok()),
        });
        let on_leave = SendWrapper::new(Rc::clone(&waiting));
        let listener = window_event_listener_untyped("pagehide", {
            let waiting = Rc::clone(&waiting);
            move |_| waiting.store()
        });
        on_cleanup(move || {
            listener.remove();
            on_leave.store();
        });
        Keeper(StoredValue::new(SendWrapper::new(waiting)))
    }
}

/// A draft that is being kept.
#[derive(Clone, Copy)]
pub struct Keeper(StoredValue<SendWrapper<Rc<Waiting>>>);

impl Keeper {
    /// What was typed has arrived where it belongs, or is not wanted any more.
    pub fn forget(self) {
        self.0.try_with_value(|waiting| waiting.forget());
    }
}

/// A change that is not stored yet.
struct Waiting {
    place: Place,
    content: RefCell<Option<Value>>,
    timer: RefCell<Option<TimeoutHandle>>,
}

impl Waiting {
    fn store_soon(self: &Rc<Self>, content: Option<Value>) {
        *self.content.borrow_mut() = content;
        let waiting = Rc::clone(self);
        let timer = set_timeout_with_handle(move || waiting.store(), PAUSE).ok();
        if let Some(before) = self.timer.replace(timer) {
            before.clear();
        }
    }

    fn store(&self) {
        self.stop_timer();
        if let Some(content) = self.content.borrow_mut().take() {
            self.place.save(&content);
        }
    }

    fn forget(&self) {
        self.stop_timer();
        self.content.borrow_mut().take();
        self.place.remove();
    }

    fn stop_timer(&self) {
        if let Some(timer) = self.timer.borrow_mut().take() {
            timer.clear();
        }
    }
}

fn make_room(for_name: &str) {
    let mut others: Vec<(f64, String)> = storage::drafts()
        .names()
        .into_iter()
        .filter(|name| name != for_name)
        .map(|name| {
            let at = storage::drafts()
                .get(&name)
                .and_then(|text| serde_json::from_str::<Stored<Value>>(&text).ok())
                .map_or(0.0, |stored| stored.at);
            (at, name)
        })
        .collect();
    if others.len() < MOST_DRAFTS {
        return;
    }
    others.sort_by(|a, b| a.0.total_cmp(&b.0));
    for (_, name) in &others[..=others.len() - MOST_DRAFTS] {
        storage::drafts().remove(name);
    }
}

type Held = SendWrapper<RefCell<HashMap<String, Box<dyn Any>>>>;

/// Forms that were left and not sent, whole, in memory only.
#[derive(Clone, Copy)]
pub struct Unsent {
    session: SessionState,
    held: StoredValue<Held>,
}

impl Unsent {
    /// Holds nothing; lives as long as the owner it is made under.
    pub fn new(session: SessionState) -> Unsent {
        Unsent {
            session,
            held: StoredValue::new(SendWrapper::new(RefCell::default())),
        }
    }

    /// Holds a form until its page is shown again. Does nothing when the place is not of who is signed in now: a page that
    /// goes because the console was locked must not leave secrets behind.
    pub fn put<T: Any>(self, place: &Place, form: T) {
        if untrack(|| self.session.identity_key()).as_ref() == Some(&place.identity) {
            self.held
                .with_value(|held| held.borrow_mut().insert(place.name.clone(), Box::new(form)));
        }
    }

    /// Gives the form back.
    pub fn take<T: Any>(self, place: &Place) -> Option<T> {
        let form = self.held.with_value(|held| held.borrow_mut().remove(&place.name))?;
        form.downcast().ok().map(|form| *form)
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.held.with_value(|held| held.borrow_mut().clear());
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use vsys::{Network, SeedPhrase};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    fn signed_in() -> SessionState {
        let session = SessionState::new(Network::Testnet);
        let phrase = SeedPhrase::new("not a phrase that anybody has money on").expect("a phrase");
        session.open_wallet(phrase, 2, 0);
        session
    }

    #[wasm_bindgen_test]
    fn drafts_are_kept_by_account_and_place_and_the_oldest_make_room() {
        Owner::new().with(|| {
            let session = signed_in();
            let place = Place::of(session, "deployment/1").expect("somebody is signed in");
            let other = Place::of(session, "deployment/2").expect("somebody is signed in");
            assert!(place.save(&vec!["web".to_owned()]));
            let draft = place.load::<Vec<String>>().expect("a draft");
            assert_eq!(draft.content, ["web"]);
            assert!(draft.at > 0.0);
            assert_eq!(other.load::<Vec<String>>(), None);
            session.select_account(1);
            let of_another = Place::of(session, "deployment/1").expect("somebody is signed in");
            assert_eq!(of_another.load::<Vec<String>>(), None);
            // Of another shape: not offered, and gone.
            assert_eq!(place.load::<u32>(), None);
            assert_eq!(place.load::<Vec<String>>(), None);
            for number in 0..=MOST_DRAFTS {
                assert!(
                    Place::of(session, &format!("many/{number}"))
                        .expect("a place")
                        .save(&number)
                );
            }
            assert_eq!(storage::drafts().names().len(), MOST_DRAFTS);
            for name in storage::drafts().names() {
                storage::drafts().remove(&name);
            }
        });
    }

    #[wasm_bindgen_test]
    fn a_sealed_draft_is_read_by_the_account_that_typed_it_alone() {
        Owner::new().with(|| {
            let session = signed_in();
            let place = Place::of(session, "config/1").expect("somebody is signed in");
            let sealed = Sealed::of(session, &"password: hunter2").expect("there is a key");
            assert!(place.save(&sealed));
            let stored = storage::drafts().get(&place.name).expect("it is stored");
            assert!(!stored.contains("hunter2"), "{stored}");
            let found = place.load::<Sealed>().expect("a draft").content;
            session.lock();
            assert_eq!(found.open::<String>(session), None);
            let session = signed_in();
            assert_eq!(found.open::<String>(session).as_deref(), Some("password: hunter2"));
            // Of another shape, and of another account.
            assert_eq!(found.open::<u32>(session), None);
            session.select_account(1);
            assert_eq!(found.open::<String>(session), None);
            place.remove();
        });
    }

    #[wasm_bindgen_test]
    fn what_is_unsent_is_only_for_who_typed_it() {
        Owner::new().with(|| {
            let session = signed_in();
            let unsent = Unsent::new(session);
            let place = Place::of(session, "deployment/1").expect("a place");
            unsent.put(&place, 7_u32);
            assert_eq!(unsent.take::<u32>(&place), Some(7));
            assert_eq!(unsent.take::<u32>(&place), None);
            session.lock();
            unsent.put(&place, 7_u32);
            assert_eq!(unsent.take::<u32>(&place), None);
            assert_eq!(Place::of(session, "deployment/1"), None);
        });
    }
}
