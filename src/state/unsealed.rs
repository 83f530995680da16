//! What only the owner of a service can read.

use vcloud_api::sealed::Sealed;
use vcloud_api::visible;
use vsys::Account;

/// A field that only the owner can read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsealed {
    /// Nothing is set.
    Unset,
    /// The text.
    Text(String),
    /// Sealed for somebody else, or damaged.
    Unreadable,
}

impl Unsealed {
    /// Opens it with the key of an account.
    pub fn open(sealed: &Sealed, account: &Account) -> Unsealed {
        match sealed.open(account.private_key()) {
            Ok(text) => Unsealed::plain(text.unwrap_or_default()),
            Err(_) => Unsealed::Unreadable,
        }
    }

    /// What was never sealed, as with an access token. Who sealed it is not known: what nobody sees in it is named.
    pub fn plain(text: String) -> Unsealed {
        if text.is_empty() {
            Unsealed::Unset
        } else {
            Unsealed::Text(visible::words(&text))
        }
    }

    /// The text; empty where there is none.
    pub fn text(&self) -> String {
        match self {
            Unsealed::Text(text) => text.clone(),
            Unsealed::Unset | Unsealed::Unreadable => String::new(),
        }
    }
}
