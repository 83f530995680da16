//! Fields that only the owner of a service can read, and the secret that is inside one of them.

use serde::{Deserialize, Deserializer, Serialize};
use vsys::sealed_box::{self, OpenError};
use vsys::{PrivateKey, PublicKey, SecretText};
use zeroize::Zeroizing;

use crate::hosts::{BaseUrl, BaseUrlError};
use crate::secret::{Confidential, NotAServiceSecret, ServiceSecret};

/// Base58 of a sealed box to the owner's key; empty = unset.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Sealed(String);

/// Why a sealed field cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnsealError {
    /// It is empty, but must not be.
    #[error("the field is not set")]
    Unset,
    /// It cannot be opened: another account's, damaged, or not sealed at all.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// What is inside is not text.
    #[error("what is inside is not text")]
    NotText,
    /// What is inside is not `{"Secret":"…"}`.
    #[error("there is no service secret inside")]
    NotASecret,
}

impl<'de> Deserialize<'de> for Sealed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::wire::text(deserializer).map(Self)
    }
}

impl From<String> for Sealed {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<NotAServiceSecret> for UnsealError {
    fn from(_: NotAServiceSecret) -> Self {
        Self::NotASecret
    }
}

/// The text inside `magic`.
#[derive(Serialize, Deserialize)]
struct Magic {
    #[serde(rename = "Secret")]
    secret: Confidential,
}

impl Sealed {
    /// Seals a text, as a provider does; an empty text stays unset. `random` is fresh for every box.
    ///
    /// # Errors
    /// Where the key cannot be sealed to.
    pub fn seal(owner: &PublicKey, text: &str, random: &[u8; 32]) -> Result<Self, sealed_box::SealError> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        sealed_box::seal_base58(owner, text.as_bytes(), random).map(Self)
    }

    /// Seals the secret of a service, as a provider does for `magic`.
    ///
    /// # Errors
    /// Where the key cannot be sealed to.
    pub fn seal_secret(
        owner: &PublicKey,
        secret: &ServiceSecret,
        random: &[u8; 32],
    ) -> Result<Self, sealed_box::SealError> {
        // A secret is visible ASCII: these two are all that JSON escapes in it.
        let escaped = Zeroizing::new(secret.expose().replace('\\', "\\\\").replace('"', "\\\""));
        let magic = Zeroizing::new(format!("{{\"Secret\":\"{}\"}}", *escaped));
        sealed_box::seal_base58(owner, magic.as_bytes(), random).map(Self)
    }

    /// The sealed text, Base58.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether nothing is set.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Opens a label or a description; `None` = unset.
    ///
    /// # Errors
    /// Where it is not for this key, damaged, or not text.
    pub fn open(&self, owner: &PrivateKey) -> Result<Option<String>, UnsealError> {
        if self.0.is_empty() {
            return Ok(None);
        }
        let bytes = sealed_box::open_base58(owner, &self.0)?;
        let text = std::str::from_utf8(bytes.expose()).map_err(|_| UnsealError::NotText)?;
        Ok((!text.is_empty()).then(|| text.to_owned()))
    }

    /// Opens `magic`: the secret of the service.
    ///
    /// # Errors
    /// Where it is unset, not for this key, damaged, or has no secret inside.
    pub fn open_secret(&self, owner: &PrivateKey) -> Result<ServiceSecret, UnsealError> {
        if self.0.is_empty() {
            return Err(UnsealError::Unset);
        }
        let bytes = sealed_box::open_base58(owner, &self.0)?;
        let magic: Magic = serde_json::from_slice(bytes.expose()).map_err(|_| UnsealError::NotASecret)?;
        Ok(ServiceSecret::new(magic.secret)?)
    }
}

/// What an access token is for: one service's region host and its secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServiceAccess {
    /// The region host.
    pub host: BaseUrl,
    /// The secret.
    pub secret: ServiceSecret,
}

/// Why an access token cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The text is not an access token.
    #[error(transparent)]
    Token(#[from] vsys::AccessTokenError),
    /// Its host is not one.
    #[error(transparent)]
    Host(#[from] BaseUrlError),
    /// Its secret cannot be one.
    #[error(transparent)]
    Secret(#[from] NotAServiceSecret),
}

impl ServiceAccess {
    /// Reads an access token.
    ///
    /// # Errors
    /// Says what is wrong with it.
    pub fn from_token(text: &str) -> Result<Self, AccessError> {
        let token = vsys::AccessToken::parse(text)?;
        let secret = ServiceSecret::new(token.secret())?;
        Ok(Self {
            host: BaseUrl::parse(token.host())?,
            secret,
        })
    }

    /// The access token for this service: a secret that its owner may give away.
    ///
    /// # Errors
    /// Where the host has a path, which a token cannot carry.
    pub fn to_token(&self) -> Result<SecretText, AccessError> {
        let secret = SecretText::new(self.secret.expose());
        Ok(vsys::AccessToken::new(self.host.to_string(), secret)?.encode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> PrivateKey {
        PrivateKey::from_bytes([byte; 32])
    }

    #[test]
    fn labels_are_read_by_their_owner_only() {
        let sealed = Sealed::seal(&key(1).public_key(), "我的服务", &[5; 32]).unwrap();
        assert_eq!(sealed.open(&key(1)).unwrap().as_deref(), Some("我的服务"));
        assert!(matches!(sealed.open(&key(2)), Err(UnsealError::Open(_))));
        assert!(matches!(
            Sealed::from("0OIl".to_owned()).open(&key(1)),
            Err(UnsealError::Open(_))
        ));
        assert!(matches!(
            Sealed::from("abc".to_owned()).open(&key(1)),
            Err(UnsealError::Open(_))
        ));
        assert_eq!(Sealed::default().open(&key(1)), Ok(None));
        assert!(Sealed::seal(&key(1).public_key(), "", &[5; 32]).unwrap().is_empty());
        let bytes = sealed_box::seal_base58(&key(1).public_key(), &[0xff, 0xfe], &[5; 32]).unwrap();
        assert_eq!(Sealed::from(bytes).open(&key(1)), Err(UnsealError::NotText));
    }

    #[test]
    fn the_secret_comes_out_of_magic() {
        for text in ["PdtH33Qz5KFh", "with\"quote\\and"] {
            let secret = ServiceSecret::new(text).unwrap();
            let magic = Sealed::seal_secret(&key(1).public_key(), &secret, &[5; 32]).unwrap();
            assert_eq!(magic.open_secret(&key(1)).unwrap(), secret);
            assert!(matches!(magic.open_secret(&key(2)), Err(UnsealError::Open(_))));
        }
        assert_eq!(Sealed::default().open_secret(&key(1)), Err(UnsealError::Unset));
        for inside in ["", "{}", "{\"Secret\":\"\"}", "{\"Secret\":\"a b\"}", "Secret"] {
            let sealed = sealed_box::seal_base58(&key(1).public_key(), inside.as_bytes(), &[5; 32]).unwrap();
            assert_eq!(
                Sealed::from(sealed).open_secret(&key(1)),
                Err(UnsealError::NotASecret),
                "{inside}"
            );
        }
    }

    #[test]
    fn an_access_token_leads_to_its_host() {
        let access = ServiceAccess {
            host: "http://europe.localhost:8080".parse().unwrap(),
            secret: ServiceSecret::new("Aiy8hodo").unwrap(),
        };
        let token = access.to_token().unwrap();
        assert_eq!(ServiceAccess::from_token(token.expose()).unwrap(), access);
        assert!(!format!("{access:?}").contains("Aiy8"));
        assert!(matches!(
            ServiceAccess::from_token("nonsense"),
            Err(AccessError::Token(_))
        ));
    }
}
