//! Access tokens: what a teammate needs to manage one service without a wallet.

use std::fmt;

use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    base58::{self, Base58Error},
    secret::SecretText,
};

/// The longest token that is decoded, in bytes before Base58. Real ones have about 250.
const MAXIMUM_LENGTH: usize = 4096;

/// What is wrong with an access token.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AccessTokenError {
    /// Nothing was entered.
    #[error("the access token is empty")]
    Empty,
    /// A character that Base58 does not have.
    #[error("the access token has a character that cannot occur in Base58")]
    NotBase58,
    /// Far longer than any access token.
    #[error("the text is too long to be an access token")]
    TooLong,
    /// Base58, but of something else: a seed, an address, half of a token.
    #[error("the text is not an access token, or a part of it is missing")]
    NotAToken,
    /// The host is not `https://…` or `http://…`.
    #[error("the access token names no host of the platform (https://…)")]
    Host,
    /// There is a host but no secret behind it.
    #[error("the access token has a host but no secret: its end is missing")]
    MissingSecret,
    /// The secret has characters that no secret has.
    #[error("the secret in the access token has impossible characters: it is damaged")]
    DamagedSecret,
}

/// The host of a service's region and the secret that it asks for.
///
/// The text form is Base58 of `https://region-host:SECRET` (contract, Three ways to authorise). A host may have a port
/// and may be plain `http`, for a platform on one's own machine. The text form is as secret as the secret.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    host: String,
    secret: SecretText,
}

impl AccessToken {
    /// Puts a token together.
    ///
    /// `host` is an origin such as `https://europe.vkube.example`, without a slash at its end.
    ///
    /// # Errors
    /// [`AccessTokenError::Host`], [`AccessTokenError::MissingSecret`] or [`AccessTokenError::DamagedSecret`].
    pub fn new(host: impl Into<String>, secret: SecretText) -> Result<Self, AccessTokenError> {
        let host = host.into();
        let authority = authority(&host)?;
        let (name, port) = split_authority(authority);
        if !is_host_name(name) || port.is_some_and(|port| !is_port(port)) {
            return Err(AccessTokenError::Host);
        }
        if secret.expose().is_empty() {
            return Err(AccessTokenError::MissingSecret);
        }
        // Secrets travel in a header; this is what a header can carry.
        if !secret.expose().bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(AccessTokenError::DamagedSecret);
        }
        Ok(Self { host, secret })
    }

    /// Reads the text form, with white space around it or not.
    ///
    /// # Errors
    /// See [`AccessTokenError`]. No error shows any part of the token.
    pub fn parse(text: &str) -> Result<Self, AccessTokenError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(AccessTokenError::Empty);
        }
        let bytes = Zeroizing::new(
            base58::decode_at_most(text, MAXIMUM_LENGTH).map_err(|error| match error {
                Base58Error::Character => AccessTokenError::NotBase58,
                Base58Error::Length => AccessTokenError::TooLong,
            })?,
        );
        let decoded = std::str::from_utf8(&bytes).map_err(|_| AccessTokenError::NotAToken)?;
        if !decoded.contains("://") {
            return Err(AccessTokenError::NotAToken);
        }
        let scheme_length = decoded.len() - authority(decoded)?.len();
        let rest = &decoded[scheme_length..];

        let (name, after_name) = split_authority(rest);
        let after_name = after_name.ok_or(AccessTokenError::MissingSecret)?;
        // `host:port:secret` or `host:secret`; a port and nothing behind it is a token that lost its secret.
        let (host, secret) = match after_name.split_once(':') {
            Some((port, secret)) if is_port(port) => (&decoded[..scheme_length + name.len() + 1 + port.len()], secret),
            None if is_port(after_name) => return Err(AccessTokenError::MissingSecret),
            _ => (&decoded[..scheme_length + name.len()], after_name),
        };
        Self::new(host, SecretText::new(secret))
    }

    /// The text form. It is a secret.
    pub fn encode(&self) -> SecretText {
        let text = Zeroizing::new(format!("{}:{}", self.host, self.secret.expose()));
        SecretText::new(base58::encode(text.as_bytes()))
    }

    /// The origin of the region host, for example `https://europe.vkube.example`.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// What the host wants in the `secret` header.
    pub fn secret(&self) -> &SecretText {
        &self.secret
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken")
            .field("host", &self.host)
            .finish_non_exhaustive()
    }
}

/// What follows the scheme.
fn authority(text: &str) -> Result<&str, AccessTokenError> {
    text.strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .ok_or(AccessTokenError::Host)
}

/// The host name and what follows its colon. An IPv6 address has its colons between brackets.
fn split_authority(authority: &str) -> (&str, Option<&str>) {
    let name_end = match authority.strip_prefix('[').and_then(|rest| rest.find(']')) {
        Some(bracket) => bracket + 2,
        None => authority.find(':').unwrap_or(authority.len()),
    };
    let (name, rest) = authority.split_at(name_end);
    match rest.strip_prefix(':') {
        Some(rest) => (name, Some(rest)),
        None if rest.is_empty() => (name, None),
        // Something between a bracket and a colon: no host name.
        None => (authority, None),
    }
}

fn is_host_name(name: &str) -> bool {
    if let Some(address) = name.strip_prefix('[').and_then(|name| name.strip_suffix(']')) {
        return address.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !name.is_empty()
        && name.len() <= 253
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_'))
        && name.split('.').all(|label| !label.is_empty())
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port != 0)
}
