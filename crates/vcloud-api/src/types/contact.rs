//! Where notices go.

use serde::{Deserialize, Serialize};

use crate::wire::{self, open_enum};

open_enum! {
    /// The kind of a contact.
    ContactType {
        /// An e-mail address, the only kind there is so far.
        Email = "email",
    }
}

/// Where notices about an account's services go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AddressContact {
    /// The account's address.
    #[serde(deserialize_with = "wire::identifier")]
    pub address: String,
    /// The e-mail address; empty = none.
    #[serde(deserialize_with = "wire::name")]
    pub email: String,
    /// When it was set, Unix seconds.
    #[serde(deserialize_with = "wire::integer")]
    pub update_at: i64,
}

/// Asks for a code to be sent to a contact.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactRequest {
    /// The contact's kind.
    #[serde(rename = "type")]
    pub kind: ContactType,
    /// The contact, for example the e-mail address.
    #[serde(deserialize_with = "wire::text")]
    pub contact: String,
}

/// Proves a contact by the code that was sent there (valid for five minutes).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactCode {
    /// The contact's kind.
    #[serde(rename = "type")]
    pub kind: ContactType,
    /// The contact, for example the e-mail address.
    #[serde(deserialize_with = "wire::text")]
    pub contact: String,
    /// The code.
    #[serde(deserialize_with = "wire::text")]
    pub code: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_for_a_code_names_its_type() {
        let code = ContactCode {
            kind: ContactType::Email,
            contact: "a@b.cc".into(),
            code: "012345".into(),
        };
        let json = serde_json::to_string(&code).unwrap();
        assert_eq!(json, r#"{"type":"email","contact":"a@b.cc","code":"012345"}"#);
        assert_eq!(serde_json::from_str::<ContactCode>(&json).unwrap(), code);
    }
}
