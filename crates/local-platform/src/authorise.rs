//! Who asks (contract, Three ways to authorise).

use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{FromRequest, FromRequestParts, OriginalUri, Request};
use axum::http::Method;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use rusqlite::Connection;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};

use crate::accounts;
use crate::hosts::{Headers, Host};
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal};
use crate::store::services::{self, Status, TokenState, UserService};

/// Largest body of a request, in bytes. Configuration files are the largest thing that is sent.
pub const LARGEST_BODY: usize = 4 * 1024 * 1024;
/// Seconds by which a signed request's time may differ from ours.
pub const TIME_TOLERANCE: i64 = 300;

/// The account that the `address` header names, unproven.
#[derive(Clone, Debug)]
pub struct Address(pub String);

impl FromRequestParts<SharedPlatform> for Address {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &SharedPlatform) -> Outcome<Self> {
        let headers = Headers(parts.headers.clone());
        let address = headers.text("address");
        if address.is_empty() {
            return Err(Refusal::unauthorised("the address header is missing"));
        }
        if !accounts::is_address(address) {
            return Err(Refusal::invalid("the address header is no address of this network"));
        }
        Ok(Self(address.to_owned()))
    }
}

/// A body that a signature was checked over, and whose signature it is.
#[derive(Clone, Debug)]
pub struct Signed {
    /// Address of the account that signed.
    pub address: String,
    /// The body as it was sent.
    pub body: Bytes,
}

impl Signed {
    /// The body as JSON.
    ///
    /// # Errors
    /// 400 when it is not what the call takes.
    pub fn json<T: DeserializeOwned>(&self) -> Outcome<T> {
        parse(&self.body)
    }
}

impl FromRequest<SharedPlatform> for Signed {
    type Rejection = Refusal;

    async fn from_request(request: Request<Body>, platform: &SharedPlatform) -> Outcome<Self> {
        let (parts, body) = request.into_parts();
        let body = read(body).await?;
        let signer = check(&parts, &body, platform.clock.now())?;
        let (address, public_key) = (signer.address.clone(), signer.public_key);
        platform
            .store
            .run(move |transaction| services::remember_account(transaction, &address, &public_key))
            .await?;
        Ok(Self {
            address: signer.address,
            body,
        })
    }
}

struct Signer {
    address: String,
    public_key: String,
}

/// Checks the four headers of a signed request against what it says.
fn check(parts: &Parts, body: &[u8], now: i64) -> Outcome<Signer> {
    let headers = Headers(parts.headers.clone());
    for name in ["address", "x-sdk-time", "public-key", "signature"] {
        if headers.text(name).is_empty() {
            return Err(Refusal::unauthorised(format!("the {name} header is missing")));
        }
    }
    let time: i64 = headers
        .text("x-sdk-time")
        .parse()
        .map_err(|_| Refusal::unauthorised("x-sdk-time must be Unix seconds"))?;
    if time.abs_diff(now) > TIME_TOLERANCE.unsigned_abs() {
        return Err(Refusal::unauthorised(format!(
            "x-sdk-time differs from the platform's time by more than {TIME_TOLERANCE} seconds"
        )));
    }
    let (address, public_key) = (headers.text("address"), headers.text("public-key"));
    if accounts::address_of(public_key).as_deref() != Some(address) {
        return Err(Refusal::unauthorised("the public key does not belong to the address"));
    }
    let uri = parts
        .extensions
        .get::<OriginalUri>()
        .map_or(&parts.uri, |original| &original.0);
    let digest = digest(&SignedRequest {
        method: &parts.method,
        path: uri.path(),
        query: uri.query().unwrap_or_default(),
        user_agent: headers.text("user-agent"),
        address,
        body,
        time: headers.text("x-sdk-time"),
    });
    let signature = BASE64
        .decode(headers.text("signature"))
        .map_err(|_| Refusal::unauthorised("the signature is not Base64"))?;
    if !accounts::verifies(public_key, &digest, &signature) {
        return Err(Refusal::unauthorised("the signature does not fit the request"));
    }
    Ok(Signer {
        address: address.to_owned(),
        public_key: public_key.to_owned(),
    })
}

/// What of a request is signed.
struct SignedRequest<'a> {
    method: &'a Method,
    path: &'a str,
    query: &'a str,
    user_agent: &'a str,
    address: &'a str,
    body: &'a [u8],
    time: &'a str,
}

/// The digest that a request's signature is over (contract, signed request). Written out here once more, so that the
/// platform is no mere echo of the client library: a mistake there shows as a refused request.
fn digest(request: &SignedRequest<'_>) -> [u8; 32] {
    let mut canonical = format!(
        "{}\n{}\n{}\nUser-Agent:{}\naddress:{}\n",
        request.method,
        request.path,
        request.query.split('&').collect::<Vec<_>>().join("\n"),
        request.user_agent,
        request.address
    );
    if !(request.body.is_empty() && request.method == Method::GET) {
        canonical.push_str(&hexadecimal(&Sha256::digest(request.body)));
    }
    let hashed = hexadecimal(&Sha256::digest(canonical.as_bytes()));
    Sha256::digest(format!("HMAC-SHA256{}{hashed}", request.time).as_bytes()).into()
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The `secret` header: what opens one service on its region host.
#[derive(Clone)]
pub struct Secret(pub String);

impl FromRequestParts<SharedPlatform> for Secret {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &SharedPlatform) -> Outcome<Self> {
        let headers = Headers(parts.headers.clone());
        match headers.text("secret") {
            "" => Err(Refusal::unauthorised("the secret header is missing")),
            secret => Ok(Self(secret.to_owned())),
        }
    }
}

impl Secret {
    /// The service that the secret opens on this host.
    ///
    /// # Errors
    /// 401 for a secret that opens nothing here; 411, 422 and 433 for one that does not open any more.
    pub fn open(&self, connection: &Connection, host: &Host) -> Outcome<UserService> {
        let unknown = || Refusal::unauthorised("the secret opens no service on this host");
        let token = services::token_of_secret(connection, &self.0)?.ok_or_else(unknown)?;
        let service = services::get(connection, &token.user_service_id)?;
        let here = matches!(host, Host::Region { provider, region } if *provider == service.provider && *region == service.region);
        if !here {
            return Err(unknown());
        }
        let (code, what) = match token.state {
            TokenState::Active => return Ok(service),
            TokenState::Expired => (411, "access token expired"),
            TokenState::Inactive => (422, "access token inactive"),
            TokenState::Deleted => (433, "access token deleted"),
        };
        Err(Refusal::new(code, what)
            .with("userServiceID", token.user_service_id)
            .with("tokenID", token.id))
    }

    /// The same for a service whose time is not over.
    ///
    /// # Errors
    /// As [`Secret::open`], and 400 for one that has ended.
    pub fn open_living(&self, connection: &Connection, host: &Host) -> Outcome<UserService> {
        let service = self.open(connection, host)?;
        match service.status {
            Status::Done => Err(Refusal::invalid("the service has ended")),
            Status::Abort => Err(Refusal::invalid("the service was ended and paid back")),
            Status::Pending | Status::Running | Status::Stop => Ok(service),
        }
    }
}

/// Reads a whole body.
///
/// # Errors
/// 413 when it is too large.
pub async fn read(body: Body) -> Outcome<Bytes> {
    to_bytes(body, LARGEST_BODY)
        .await
        .map_err(|_| Refusal::new(413, "the request is too large"))
}

/// Reads JSON, whatever content type it came with.
///
/// # Errors
/// 400 when it is not what the call takes.
pub fn parse<T: DeserializeOwned>(body: &[u8]) -> Outcome<T> {
    serde_json::from_slice(body)
        .map_err(|error| Refusal::invalid(format!("the body is not what this call takes: {error}")))
}

/// A JSON body that nobody signed.
pub struct Plain<T>(pub T);

impl<T: DeserializeOwned> FromRequest<SharedPlatform> for Plain<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request<Body>, _: &SharedPlatform) -> Outcome<Self> {
        Ok(Self(parse(&read(request.into_body()).await?)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_digest_is_that_of_the_contract() {
        // GET without body, from the published vectors of the official client.
        let request = SignedRequest {
            method: &Method::GET,
            path: "/api/v1/order/id/63a029afbf1a142380a26c8a",
            query: "",
            user_agent: "Mozilla/5.0 (X11; Linux x86_64) Test/1.0",
            address: "ARGvJwU9oDnqse3nVHefzxoywbsXSEg9zNE",
            body: b"",
            time: "1700000000",
        };
        assert_eq!(
            hexadecimal(&digest(&request)),
            "9a33488d3af5d3ebce37759e68b978f3d77c9f0cd97b86c8306979f72400103e"
        );
    }
}
