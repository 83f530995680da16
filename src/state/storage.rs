//! The browser's storage: the only module that touches it.
//!
//! Everything here may be missing (a frame without third-party storage, a private window, a full disk), so reading
//! answers `None` and writing answers whether it worked; the console runs without.

pub mod journal;

use leptos::prelude::window;

const PREFIX: &str = "vcloud.";

/// A group of named values in `localStorage`.
#[derive(Clone, Copy, Debug)]
pub struct Area(&'static str);

/// What the person chose about the looks: language, theme, columns. Never a secret.
pub fn preferences() -> Area {
    Area("preference.")
}

/// What tabs tell each other, see [`super::tabs`]. Never a secret.
pub fn tabs() -> Area {
    Area("tabs.")
}

/// The encrypted vault, and in clear how many accounts are shown, which was used last, and how often its password was wrong.
pub fn vault() -> Area {
    Area("vault.")
}

/// What was typed into forms and not sent yet, see [`super::drafts`]. Never a secret.
pub fn drafts() -> Area {
    Area("draft.")
}

/// What was put into the cart, by account, see [`super::cart`]. Never a secret.
pub fn carts() -> Area {
    Area("cart.")
}

/// What accounts are called, by address, see [`super::account_names`]. Never a secret.
pub fn account_names() -> Area {
    Area("account.")
}

impl Area {
    fn storage(self) -> Option<web_sys::Storage> {
        window().local_storage().ok().flatten()
    }

    fn name(self, key: &str) -> String {
        format!("{PREFIX}{}{key}", self.0)
    }

    /// The stored text, if any.
    pub fn get(self, key: &str) -> Option<String> {
        self.storage()?.get_item(&self.name(key)).ok().flatten()
    }

    /// Stores a text; `false` when the browser refused.
    pub fn set(self, key: &str, value: &str) -> bool {
        self.storage()
            .is_some_and(|storage| storage.set_item(&self.name(key), value).is_ok())
    }

    /// Forgets a text.
    pub fn remove(self, key: &str) {
        if let Some(storage) = self.storage() {
            let _ = storage.remove_item(&self.name(key));
        }
    }

    /// The names of everything stored in the group.
    pub fn names(self) -> Vec<String> {
        let Some(storage) = self.storage() else {
            return Vec::new();
        };
        let prefix = self.name("");
        (0..storage.length().unwrap_or(0))
            .filter_map(|index| storage.key(index).ok().flatten())
            .filter_map(|name| name.strip_prefix(&prefix).map(str::to_owned))
            .collect()
    }
}
