//! What the person calls their accounts. The names are kept in this browser by address, and nowhere else.

use std::collections::BTreeMap;

use leptos::prelude::*;

use super::storage;

/// The most characters of a name.
pub const LONGEST_NAME: usize = 40;

/// The names, shared by the whole console.
#[derive(Clone, Copy)]
pub struct AccountNames(RwSignal<BTreeMap<String, String>>);

impl AccountNames {
    /// As they are stored.
    pub fn new() -> AccountNames {
        let area = storage::account_names();
        let named = |address: String| area.get(&address).map(|name| (address, name));
        AccountNames(RwSignal::new(area.names().into_iter().filter_map(named).collect()))
    }

    /// The name of the account with this address, where it has one (tracked).
    pub fn get(self, address: &str) -> Option<String> {
        self.0.with(|names| names.get(address).cloned())
    }

    /// Names an account; an empty name takes the one it has away. `false` where the browser does not store it: then nothing
    /// changes.
    pub fn set(self, address: &str, name: &str) -> bool {
        let name = name.trim();
        if name.is_empty() {
            storage::account_names().remove(address);
            self.0.update(|names| {
                names.remove(address);
            });
            return true;
        }
        let stored = storage::account_names().set(address, name);
        if stored {
            self.0.update(|names| {
                names.insert(address.to_owned(), name.to_owned());
            });
        }
        stored
    }

    /// Deletes every name from this browser.
    pub fn forget(self) {
        for address in storage::account_names().names() {
            storage::account_names().remove(&address);
        }
        self.0.update(BTreeMap::clear);
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn a_name_stays_with_its_address_until_it_is_taken_away() {
        Owner::new().with(|| {
            let names = AccountNames::new();
            names.forget();
            assert!(names.set("AR1", " Savings "));
            assert!(names.set("AR2", "种子"));
            let later = AccountNames::new();
            assert_eq!(later.get("AR1").as_deref(), Some("Savings"));
            assert_eq!(later.get("AR2").as_deref(), Some("种子"));
            assert!(later.set("AR1", "  "));
            assert_eq!((later.get("AR1"), AccountNames::new().get("AR1")), (None, None));
            later.forget();
            assert_eq!(AccountNames::new().get("AR2"), None);
        });
    }
}
