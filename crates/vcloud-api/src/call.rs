//! What all calls have in common: a call is built into a request, and what comes back is decoded, without any I/O between.
//!
//! ```text
//! let request = call.request(&host, &auth)?;      // http::Request<Vec<u8>>
//! /* whoever may do I/O sends it, and reads status and body */
//! let answer = call.decode(RawAnswer { status, body: &body })?;
//! ```
//!
//! One generic function sends every call. Where the signature comes from somewhere else (a browser extension, a portal),
//! [`Call::prepare`] gives the digest and [`Prepared::finish`] takes the signature.

use http::header::{ACCEPT, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request};
use serde::Serialize;
use vsys::{Account, Signature};

use crate::error::{ApiError, ErrorKind, RawAnswer};
use crate::hosts::BaseUrl;
use crate::secret::ServiceSecret;
use crate::signing;

/// Why a request cannot be made.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A value cannot be part of a path: it is empty or would name another place.
    #[error("{value:?} cannot be part of an address")]
    PathSegment {
        /// The value.
        value: String,
    },
    /// A value cannot be sent as a header.
    #[error("the value of the header {header} contains characters that cannot be sent")]
    Header {
        /// The header.
        header: &'static str,
    },
    /// The call needs another way to authorise than it was given.
    #[error("the call is authorised by {needed:?}, not by {given:?}")]
    Authorisation {
        /// What it needs.
        needed: AuthKind,
        /// What it was given.
        given: AuthKind,
    },
    /// The signer refused or failed.
    #[error("not signed: {0}")]
    Sign(#[from] SignError),
    /// The call would say nothing: its list is empty.
    #[error("there is nothing to send")]
    Nothing,
    /// The parts do not make an address.
    #[error("the address is not valid")]
    Address,
    /// The body cannot be written as JSON.
    #[error("the body cannot be written: {0}")]
    Body(String),
}

impl From<BuildError> for ApiError {
    fn from(error: BuildError) -> Self {
        ApiError::without_answer(ErrorKind::Unsendable, error.to_string())
    }
}

/// Why there is no signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct SignError(pub String);

/// Signs requests: an account in memory, or something else that can answer at once.
pub trait Signer {
    /// The account's address.
    fn address(&self) -> String;
    /// The account's public key, Base58.
    fn public_key(&self) -> String;
    /// Signs a digest. `random` is fresh for every signature.
    ///
    /// # Errors
    /// Where it cannot or will not sign.
    fn sign(&self, digest: &[u8; 32], random: &[u8; 64]) -> Result<Signature, SignError>;
}

impl Signer for Account {
    fn address(&self) -> String {
        Account::address(self).to_string()
    }

    fn public_key(&self) -> String {
        Account::public_key(self).to_string()
    }

    fn sign(&self, digest: &[u8; 32], random: &[u8; 64]) -> Result<Signature, SignError> {
        Ok(Account::sign(self, digest, random))
    }
}

/// Everything a signature needs; time and randomness come from outside.
#[derive(Clone, Copy)]
pub struct Signing<'a> {
    /// Who signs.
    pub signer: &'a dyn Signer,
    /// What is sent as `User-Agent`. A browser sends its own (`navigator.userAgent`); other senders must set that header to it.
    pub user_agent: &'a str,
    /// The time, Unix seconds.
    pub time: u64,
    /// Fresh randomness.
    pub random: &'a [u8; 64],
}

/// How a request is authorised.
#[derive(Clone, Copy)]
pub enum Auth<'a> {
    /// Not at all.
    None,
    /// By naming the account.
    Address(&'a str),
    /// By the account's signature.
    Signed(Signing<'a>),
    /// By the secret of a service.
    Secret(&'a ServiceSecret),
    /// By both.
    SignedAndSecret(Signing<'a>, &'a ServiceSecret),
}

/// A way to authorise, without its means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthKind {
    /// Not at all.
    None,
    /// By naming the account.
    Address,
    /// By the account's signature.
    Signed,
    /// By the secret of a service.
    Secret,
    /// By both.
    SignedAndSecret,
}

impl Auth<'_> {
    /// Which way it is.
    pub fn kind(&self) -> AuthKind {
        match self {
            Auth::None => AuthKind::None,
            Auth::Address(_) => AuthKind::Address,
            Auth::Signed(_) => AuthKind::Signed,
            Auth::Secret(_) => AuthKind::Secret,
            Auth::SignedAndSecret(..) => AuthKind::SignedAndSecret,
        }
    }
}

/// One call of the contract: knows its request, its way to authorise and its answer.
pub trait Call {
    /// What it is answered with.
    type Answer;

    /// How it is authorised.
    const AUTH: AuthKind;

    /// The request without host and authorisation.
    ///
    /// # Errors
    /// Where its values cannot be sent.
    fn draft(&self) -> Result<Draft, BuildError>;

    /// Reads its answer.
    ///
    /// # Errors
    /// Where the host refused, failed, or answered something else.
    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError>;

    /// The request as it is sent.
    ///
    /// # Errors
    /// Where its values cannot be sent, or `auth` is not what [`Call::AUTH`] asks for.
    fn request(&self, host: &BaseUrl, auth: &Auth<'_>) -> Result<Request<Vec<u8>>, BuildError> {
        if auth.kind() != Self::AUTH {
            return Err(BuildError::Authorisation {
                needed: Self::AUTH,
                given: auth.kind(),
            });
        }
        self.draft()?.authorised(host, auth)
    }

    /// The request but for its signature, which comes from somewhere else.
    ///
    /// # Errors
    /// Where its values cannot be sent, or the call is not signed.
    fn prepare(
        &self,
        host: &BaseUrl,
        identity: &Identity<'_>,
        secret: Option<&ServiceSecret>,
    ) -> Result<Prepared, BuildError> {
        let given = if secret.is_some() {
            AuthKind::SignedAndSecret
        } else {
            AuthKind::Signed
        };
        if given != Self::AUTH {
            return Err(BuildError::Authorisation {
                needed: Self::AUTH,
                given,
            });
        }
        let mut prepared = self.draft()?.prepared(host, identity)?;
        if let Some(secret) = secret {
            set_header(&mut prepared.request, signing::SECRET_HEADER, secret.expose(), true)?;
        }
        Ok(prepared)
    }
}

/// Who will sign, and when.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// The account's address.
    pub address: &'a str,
    /// The account's public key, Base58.
    pub public_key: &'a str,
    /// What is sent as `User-Agent`.
    pub user_agent: &'a str,
    /// The time, Unix seconds.
    pub time: u64,
}

/// A request that waits for its signature.
#[derive(Debug)]
pub struct Prepared {
    request: Request<Vec<u8>>,
    digest: [u8; 32],
}

impl Prepared {
    /// What is to be signed.
    pub fn digest(&self) -> &[u8; 32] {
        &self.digest
    }

    /// The request as it is sent.
    ///
    /// # Errors
    /// Never in practice: a signature can always be sent.
    pub fn finish(mut self, signature: &Signature) -> Result<Request<Vec<u8>>, BuildError> {
        set_header(
            &mut self.request,
            signing::SIGNATURE_HEADER,
            &signing::encode_signature(signature),
            false,
        )?;
        Ok(self.request)
    }
}

/// A request without host and authorisation.
#[derive(Debug)]
pub struct Draft {
    method: Method,
    path: String,
    query: String,
    headers: Vec<(&'static str, String)>,
    accept: &'static str,
    body: Vec<u8>,
}

impl Draft {
    /// A request without content. Methods other than GET send `{}`.
    pub(crate) fn new(method: Method, path: &str) -> Self {
        let body = if method == Method::GET {
            Vec::new()
        } else {
            b"{}".to_vec()
        };
        Self {
            method,
            path: path.to_owned(),
            query: String::new(),
            headers: Vec::new(),
            accept: "application/json",
            body,
        }
    }

    pub(crate) fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub(crate) fn post(path: &str) -> Self {
        Self::new(Method::POST, path)
    }

    /// Appends a value as one segment of the path.
    pub(crate) fn segment(mut self, value: &str) -> Result<Self, BuildError> {
        // Browsers take a segment of dots for a step up, however it is written.
        if value.is_empty() || value == "." || value == ".." {
            return Err(BuildError::PathSegment {
                value: value.to_owned(),
            });
        }
        self.path.push('/');
        percent_encode(&mut self.path, value);
        Ok(self)
    }

    pub(crate) fn query(mut self, name: &str, value: &str) -> Self {
        if !self.query.is_empty() {
            self.query.push('&');
        }
        percent_encode(&mut self.query, name);
        self.query.push('=');
        percent_encode(&mut self.query, value);
        self
    }

    /// Adds the value where there is one: the platform takes an empty one for a filter on emptiness.
    pub(crate) fn query_unless_empty(self, name: &str, value: &str) -> Self {
        if value.is_empty() {
            self
        } else {
            self.query(name, value)
        }
    }

    pub(crate) fn page(self, page: crate::types::PageRequest) -> Self {
        self.query("current", &page.current.to_string())
            .query("pageSize", &page.page_size.to_string())
    }

    pub(crate) fn header(mut self, name: &'static str, value: String) -> Self {
        self.headers.push((name, value));
        self
    }

    pub(crate) fn accept(mut self, media_type: &'static str) -> Self {
        self.accept = media_type;
        self
    }

    pub(crate) fn json(mut self, body: &impl Serialize) -> Result<Self, BuildError> {
        self.body = serde_json::to_vec(body).map_err(|error| BuildError::Body(error.to_string()))?;
        Ok(self)
    }

    /// JSON that is written already.
    pub(crate) fn written(mut self, json: &str) -> Self {
        self.body = json.as_bytes().to_vec();
        self
    }

    /// Path and query as they are sent to a host without a path of its own.
    pub fn path_and_query(&self) -> String {
        if self.query.is_empty() {
            self.path.clone()
        } else {
            format!("{}?{}", self.path, self.query)
        }
    }

    fn unsigned(self, host: &BaseUrl) -> Result<Request<Vec<u8>>, BuildError> {
        let mut request = Request::builder()
            .method(self.method.clone())
            .uri(format!("{host}{}", self.path_and_query()))
            .header(ACCEPT, self.accept)
            .body(self.body)
            .map_err(|_| BuildError::Address)?;
        if !request.body().is_empty() {
            request
                .headers_mut()
                .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        for (name, value) in self.headers {
            set_header(&mut request, name, &value, true)?;
        }
        Ok(request)
    }

    fn prepared(self, host: &BaseUrl, identity: &Identity<'_>) -> Result<Prepared, BuildError> {
        let canonical = signing::canonical_request(
            self.method.as_str(),
            &self.path_and_query(),
            identity.user_agent,
            identity.address,
            &self.body,
        );
        let digest = signing::digest_to_sign(&signing::canonical_hash(&canonical), identity.time);
        let mut request = self.unsigned(host)?;
        set_header(&mut request, signing::ADDRESS_HEADER, identity.address, false)?;
        set_header(&mut request, signing::TIME_HEADER, &identity.time.to_string(), false)?;
        set_header(&mut request, signing::PUBLIC_KEY_HEADER, identity.public_key, false)?;
        Ok(Prepared { request, digest })
    }

    fn signed(self, host: &BaseUrl, signing: &Signing<'_>) -> Result<Request<Vec<u8>>, BuildError> {
        let (address, public_key) = (signing.signer.address(), signing.signer.public_key());
        let identity = Identity {
            address: &address,
            public_key: &public_key,
            user_agent: signing.user_agent,
            time: signing.time,
        };
        let prepared = self.prepared(host, &identity)?;
        let signature = signing.signer.sign(prepared.digest(), signing.random)?;
        prepared.finish(&signature)
    }

    fn authorised(self, host: &BaseUrl, auth: &Auth<'_>) -> Result<Request<Vec<u8>>, BuildError> {
        let with_secret = |mut request: Request<Vec<u8>>, secret: &ServiceSecret| {
            set_header(&mut request, signing::SECRET_HEADER, secret.expose(), true)?;
            Ok(request)
        };
        match auth {
            Auth::None => self.unsigned(host),
            Auth::Address(address) => {
                let mut request = self.unsigned(host)?;
                set_header(&mut request, signing::ADDRESS_HEADER, address, false)?;
                Ok(request)
            }
            Auth::Signed(signing) => self.signed(host, signing),
            Auth::Secret(secret) => with_secret(self.unsigned(host)?, secret),
            Auth::SignedAndSecret(signing, secret) => with_secret(self.signed(host, signing)?, secret),
        }
    }
}

fn set_header(
    request: &mut Request<Vec<u8>>,
    name: &'static str,
    value: &str,
    is_sensitive: bool,
) -> Result<(), BuildError> {
    let mut value = HeaderValue::from_str(value).map_err(|_| BuildError::Header { header: name })?;
    // Keeps it out of Debug.
    value.set_sensitive(is_sensitive);
    let lower = HeaderName::from_bytes(name.as_bytes()).map_err(|_| BuildError::Header { header: name })?;
    request.headers_mut().insert(lower, value);
    Ok(())
}

/// Appends a text with everything escaped that is not unreserved in an address, so that no browser changes it on its
/// way: what is signed is what arrives.
fn percent_encode(to: &mut String, text: &str) {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            to.push(char::from(byte));
        } else {
            to.push('%');
            to.push(char::from(DIGITS[usize::from(byte >> 4)]));
            to.push(char::from(DIGITS[usize::from(byte & 15)]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_cannot_leave_their_place_in_the_address() {
        let draft = Draft::get("/api/v1/x")
            .segment("a/b?c#d %")
            .unwrap()
            .query("q", "a&b=c d/中")
            .query("q", "");
        assert_eq!(
            draft.path_and_query(),
            "/api/v1/x/a%2Fb%3Fc%23d%20%25?q=a%26b%3Dc%20d%2F%E4%B8%AD&q="
        );
        for value in ["", ".", ".."] {
            assert!(
                matches!(Draft::get("/x").segment(value), Err(BuildError::PathSegment { .. })),
                "{value}"
            );
        }
    }

    #[test]
    fn other_methods_send_an_empty_object() {
        let host: BaseUrl = "https://a.example".parse().unwrap();
        let request = Draft::post("/api/v1/x").unsigned(&host).unwrap();
        assert_eq!(request.body(), b"{}");
        assert_eq!(request.headers()["content-type"], "application/json");
        let request = Draft::get("/api/v1/x").unsigned(&host).unwrap();
        assert!(request.body().is_empty() && !request.headers().contains_key("content-type"));
    }

    #[test]
    fn secrets_do_not_print_with_the_request() {
        let host: BaseUrl = "https://a.example".parse().unwrap();
        let secret = ServiceSecret::new("hunter2").unwrap();
        let request = Draft::get("/x").authorised(&host, &Auth::Secret(&secret)).unwrap();
        assert_eq!(request.headers()["secret"], "hunter2");
        assert!(!format!("{request:?}").contains("hunter2"));
    }
}
