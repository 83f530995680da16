//! The draft of a form that opens where it is asked for: a dialog, or a text that is edited where it stands.

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::{Draft, Keep, Keeper, Place, Sealed};
use crate::state::session::SessionState;

/// How it is kept: sealed where there is a key. With an extension there is none; it can open nothing that is sealed, so what can
/// be typed with it is no secret either.
#[derive(Serialize, Deserialize)]
enum Kept<T> {
    Sealed(Sealed),
    Clear(T),
}

impl<T: Clone + Serialize + DeserializeOwned> Kept<T> {
    fn of(session: SessionState, content: T) -> Option<Kept<T>> {
        if Sealed::is_possible(session) {
            Sealed::of(session, &content).map(Kept::Sealed)
        } else {
            Some(Kept::Clear(content))
        }
    }

    fn open(self, session: SessionState) -> Option<T> {
        match self {
            Kept::Sealed(sealed) => sealed.open(session),
            Kept::Clear(content) => Some(content),
        }
    }
}

/// What was typed into a form that is not always open. While it is open, it is kept. Whoever closes it, by sending it or
/// otherwise, has done with it; where it goes with its page or with the session, it is on offer when the page is there again.
pub struct Resumable<T: Send + Sync + 'static> {
    session: SessionState,
    place: StoredValue<Option<Place>>,
    offered: RwSignal<Option<Draft<T>>>,
    /// Of the form that is open.
    keeper: StoredValue<Option<Keeper>>,
}

impl<T: Send + Sync + 'static> Clone for Resumable<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Resumable<T> {}

impl<T> Resumable<T>
where
    T: Clone + Serialize + DeserializeOwned + Send + Sync + 'static,
{
    /// The draft at a place such as `label/SERVICE`, of a form that is there while `open` (tracked) is true. `T` must have no
    /// password and no token in it: they are not kept even sealed.
    pub fn new(session: SessionState, what: &str, open: impl Fn() -> bool + 'static) -> Resumable<T> {
        let place = Place::of(session, what);
        let found = place.as_ref().and_then(Place::load::<Kept<T>>);
        let found = found.and_then(|draft| {
            let content = draft.content.open(session)?;
            Some(Draft { at: draft.at, content })
        });
        let resumable = Resumable {
            session,
            place: StoredValue::new(place),
            offered: RwSignal::new(found),
            keeper: StoredValue::new(None),
        };
        Effect::new(move |was_open: Option<bool>| {
            let is_open = open();
            if was_open == Some(true) && !is_open {
                resumable.discard();
            }
            is_open
        });
        resumable
    }

    /// What was typed before, until the form is open or somebody has done with it (tracked).
    pub fn offered(self) -> Option<Draft<T>> {
        self.offered.get()
    }

    /// The draft is not wanted any more.
    pub fn discard(self) {
        self.offered.set(None);
        if let Some(keeper) = self.keeper.get_value() {
            keeper.forget();
        }
        // The form may be gone by now, and its keeper with it.
        self.ticket().arrived();
    }

    /// For what is sent: its answer may come when the page is gone.
    pub fn ticket(self) -> Ticket {
        Ticket(self.place.get_value())
    }

    /// For the form as it opens: what it begins with, if something was typed before.
    pub fn take(self) -> Option<T> {
        let draft = untrack(|| self.offered.get())?;
        self.offered.set(None);
        Some(draft.content)
    }

    /// For the open form: keeps what `content` (tracked) gives, until the form is closed; nothing while it is as it began.
    pub fn keep(self, content: impl Fn() -> Option<T> + 'static) {
        let Some(place) = self.place.get_value() else { return };
        let keeper = place.keep(move || match content() {
            None => Keep::Nothing,
            Some(content) => Kept::of(self.session, content).map_or(Keep::AsItIs, Keep::This),
        });
        self.keeper.set_value(Some(keeper));
    }
}

/// A draft that is on its way to where it belongs.
pub struct Ticket(Option<Place>);

impl Ticket {
    /// It has arrived: nothing is to be offered again.
    pub fn arrived(self) {
        if let Some(place) = self.0 {
            place.remove();
        }
    }
}
