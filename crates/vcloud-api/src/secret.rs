//! Texts that must not leak: they print as dots and are wiped when dropped.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use zeroize::Zeroize;

/// A password, token or other text that never shows in `Debug` and is wiped from memory when dropped.
///
/// It is written to the wire in clear (that is what it is for), so serialise it only into requests.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Confidential(String);

impl Confidential {
    /// Takes over a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Confidential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() {
            "Confidential(empty)"
        } else {
            "Confidential(…)"
        })
    }
}

impl Drop for Confidential {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl From<&vsys::SecretText> for Confidential {
    fn from(text: &vsys::SecretText) -> Self {
        Self(text.expose().to_owned())
    }
}

impl From<String> for Confidential {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Confidential {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl Serialize for Confidential {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Confidential {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::text(deserializer).map(Self)
    }
}

/// The secret of one service: whoever has it can do everything with that service.
#[derive(Clone, PartialEq, Eq)]
pub struct ServiceSecret(Confidential);

/// A text that cannot be the secret of a service: empty, or with characters that no HTTP header carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not the secret of a service")]
pub struct NotAServiceSecret;

impl ServiceSecret {
    /// Takes over a secret.
    ///
    /// # Errors
    /// Where it is empty or could not be sent as a header.
    pub fn new(text: impl Into<Confidential>) -> Result<Self, NotAServiceSecret> {
        let text = text.into();
        let is_sendable = !text.is_empty() && text.expose().bytes().all(|byte| byte.is_ascii_graphic());
        if is_sendable {
            Ok(Self(text))
        } else {
            Err(NotAServiceSecret)
        }
    }

    /// The secret itself.
    pub fn expose(&self) -> &str {
        self.0.expose()
    }
}

impl fmt::Debug for ServiceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ServiceSecret(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_secret_can_be_a_header() {
        let secret = ServiceSecret::new("Aiy8hodo").unwrap();
        assert!(!format!("{secret:?}").contains("Aiy8"));
        for text in ["", "a b", "a\nb", "密"] {
            assert_eq!(ServiceSecret::new(text), Err(NotAServiceSecret), "{text}");
        }
    }

    #[test]
    fn the_text_never_prints() {
        let secret = Confidential::new("hunter2");
        assert!(!format!("{secret:?}").contains("hunter2"));
        assert!(!format!("{:#?}", vec![secret]).contains("hunter2"));
    }
}
