//! Signed requests: what is signed, by whom, and how a server checks it (contract, Three ways to authorise).

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::HeaderMap;
use sha2::{Digest, Sha256};
use vsys::{Address, PublicKey, Signature};

/// Seconds that the time of a request may differ from the server's, either way.
pub const TIME_WINDOW: u64 = 300;

/// Header with the account's address.
pub const ADDRESS_HEADER: &str = "address";
/// Header with the time of the request, Unix seconds.
pub const TIME_HEADER: &str = "x-sdk-time";
/// Header with the account's public key, Base58.
pub const PUBLIC_KEY_HEADER: &str = "public-key";
/// Header with the signature, Base64.
pub const SIGNATURE_HEADER: &str = "signature";
/// Header with the secret of a service.
pub const SECRET_HEADER: &str = "secret";

/// Where the part of a path begins that is signed.
const API_ROOT: &str = "/api/v1";

/// The text that a signature covers.
///
/// `path_and_query` may have anything in front of `/api/v1`: it is cut. `body` is the body as sent; it is left out only for a GET
/// without one, and stands for `{}` where another method has none.
pub fn canonical_request(method: &str, path_and_query: &str, user_agent: &str, address: &str, body: &[u8]) -> String {
    let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
    let path = &path[path.find(API_ROOT).unwrap_or(0)..];
    let mut canonical = String::with_capacity(256 + path_and_query.len());
    canonical.push_str(method);
    canonical.push('\n');
    canonical.push_str(path);
    canonical.push('\n');
    canonical.push_str(&query.replace('&', "\n"));
    canonical.push_str("\nUser-Agent:");
    canonical.push_str(user_agent);
    canonical.push_str("\naddress:");
    canonical.push_str(address);
    canonical.push('\n');
    if method != "GET" || !body.is_empty() {
        let body = if body.is_empty() { b"{}" } else { body };
        push_hex(&mut canonical, &Sha256::digest(body));
    }
    canonical
}

/// The hash of a canonical request, as hexadecimal digits.
pub fn canonical_hash(canonical: &str) -> String {
    let mut hash = String::with_capacity(64);
    push_hex(&mut hash, &Sha256::digest(canonical.as_bytes()));
    hash
}

/// What is signed: the hash of a canonical request together with the time.
pub fn digest_to_sign(canonical_hash: &str, time: u64) -> [u8; 32] {
    Sha256::digest(format!("HMAC-SHA256{time}{canonical_hash}").as_bytes()).into()
}

fn push_hex(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing into a text never fails.
        let _ = write!(text, "{byte:02x}");
    }
}

/// The signature as it is sent: Base64, unlike in transactions.
pub(crate) fn encode_signature(signature: &Signature) -> String {
    BASE64.encode(signature.as_bytes())
}

/// Why a server does not take a signed request.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// A header is not there, twice there, or no text.
    #[error("the header {0} is missing")]
    Missing(&'static str),
    /// A header is not what it should be.
    #[error("the header {0} cannot be read")]
    Unreadable(&'static str),
    /// The public key is not that of the address.
    #[error("the public key does not belong to the address")]
    ForeignKey,
    /// The clocks differ by more than [`TIME_WINDOW`], or the request is an old one.
    #[error("the time of the request differs from the server's by {seconds} seconds")]
    Time {
        /// By how much.
        seconds: u64,
    },
    /// The signature is not one of this request.
    #[error("the signature does not match the request")]
    Mismatch,
}

/// Checks a signed request as a server: gives the address that it comes from.
///
/// `path_and_query` is as received, `user_agent` the value of the `User-Agent` header (empty where there is none), `body` the
/// body's bytes as received, `now` in Unix seconds. The signature with the sign in its last byte, which older wallets
/// make, is taken as well.
///
/// # Errors
/// Says which part of the authorisation does not hold.
pub fn verify_signed_request(
    method: &str,
    path_and_query: &str,
    user_agent: &str,
    headers: &HeaderMap,
    body: &[u8],
    now: u64,
) -> Result<Address, SignatureError> {
    let text = |name: &'static str| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().map_err(|_| SignatureError::Unreadable(name)),
            _ => Err(SignatureError::Missing(name)),
        }
    };
    let address_text = text(ADDRESS_HEADER)?;
    let address: Address = address_text
        .parse()
        .map_err(|_| SignatureError::Unreadable(ADDRESS_HEADER))?;
    let time: u64 = parse_decimal(text(TIME_HEADER)?).ok_or(SignatureError::Unreadable(TIME_HEADER))?;
    let public_key: PublicKey = text(PUBLIC_KEY_HEADER)?
        .parse()
        .map_err(|_| SignatureError::Unreadable(PUBLIC_KEY_HEADER))?;
    let signature: [u8; 64] = BASE64
        .decode(text(SIGNATURE_HEADER)?)
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .ok_or(SignatureError::Unreadable(SIGNATURE_HEADER))?;

    if Address::of(&public_key, address.network()) != address {
        return Err(SignatureError::ForeignKey);
    }
    let seconds = time.abs_diff(now);
    if seconds > TIME_WINDOW {
        return Err(SignatureError::Time { seconds });
    }
    let canonical = canonical_request(method, path_and_query, user_agent, address_text, body);
    let digest = digest_to_sign(&canonical_hash(&canonical), time);
    public_key
        .verify(&digest, &Signature::from_bytes(signature))
        .map_err(|_| SignatureError::Mismatch)?;
    Ok(address)
}

/// Digits only: what was signed is the text, so `+5` and `05` must not stand for 5.
fn parse_decimal(text: &str) -> Option<u64> {
    let is_plain = text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    is_plain.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use vsys::{Account, Network, SeedPhrase};

    use super::*;
    use crate::call::{Auth, Call, Signing};
    use crate::calls::{GetOrder, RestartPod, UnbindAllDomains};
    use crate::hosts::BaseUrl;
    use crate::secret::ServiceSecret;

    #[derive(Deserialize)]
    struct Vectors {
        requests: Vec<Vector>,
    }

    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        method: String,
        url: String,
        body_as_sent: Option<String>,
        user_agent: String,
        address: String,
        timestamp: u64,
        canonical_request: String,
        canonical_hash_hex: String,
        digest_to_sign_hex: String,
        public_key: String,
        private_key: String,
        a_valid_signature_base64: String,
    }

    /// Requests made by the official client.
    fn vectors() -> Vec<Vector> {
        let text = match std::env::var("VSYS_VECTORS") {
            Ok(path) => std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}")),
            Err(_) => include_str!("../../vsys/tests/vectors/wallet.json").to_owned(),
        };
        let vectors: Vectors = serde_json::from_str(&text).unwrap();
        assert!(!vectors.requests.is_empty());
        vectors.requests
    }

    fn hex(bytes: &[u8]) -> String {
        let mut text = String::new();
        push_hex(&mut text, bytes);
        text
    }

    fn path_and_query(url: &str) -> &str {
        let authority = url.find("://").unwrap() + 3;
        &url[authority + url[authority..].find('/').unwrap()..]
    }

    fn headers(vector: &Vector, signature: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ADDRESS_HEADER, vector.address.parse().unwrap());
        headers.insert(TIME_HEADER, vector.timestamp.to_string().parse().unwrap());
        headers.insert(PUBLIC_KEY_HEADER, vector.public_key.parse().unwrap());
        headers.insert(SIGNATURE_HEADER, signature.parse().unwrap());
        headers
    }

    #[test]
    fn requests_are_canonicalised_and_hashed_as_by_the_official_client() {
        for vector in vectors() {
            let body = vector.body_as_sent.as_deref().unwrap_or_default().as_bytes();
            let canonical = canonical_request(
                &vector.method,
                path_and_query(&vector.url),
                &vector.user_agent,
                &vector.address,
                body,
            );
            assert_eq!(canonical, vector.canonical_request);
            let hash = canonical_hash(&canonical);
            assert_eq!(hash, vector.canonical_hash_hex);
            assert_eq!(hex(&digest_to_sign(&hash, vector.timestamp)), vector.digest_to_sign_hex);
        }
    }

    #[test]
    fn the_official_clients_signatures_are_taken_and_ours_as_well() {
        for vector in vectors() {
            let body = vector.body_as_sent.as_deref().unwrap_or_default().as_bytes();
            let path = path_and_query(&vector.url);
            let verify = |headers: &HeaderMap| {
                verify_signed_request(
                    &vector.method,
                    path,
                    &vector.user_agent,
                    headers,
                    body,
                    vector.timestamp,
                )
            };
            let theirs = verify(&headers(&vector, &vector.a_valid_signature_base64)).unwrap();
            assert_eq!(theirs.to_string(), vector.address);

            let key = vsys::PrivateKey::from_base58(&vector.private_key).unwrap();
            let digest = digest_to_sign(&vector.canonical_hash_hex, vector.timestamp);
            let ours = encode_signature(&key.sign(&digest, &[3; 64]));
            assert_eq!(verify(&headers(&vector, &ours)).unwrap(), theirs);
        }
    }

    #[test]
    fn a_changed_request_is_refused_with_its_reason() {
        let vector = &vectors()[1];
        let body = vector.body_as_sent.as_deref().unwrap_or_default().as_bytes();
        let path = path_and_query(&vector.url);
        let good = headers(vector, &vector.a_valid_signature_base64);
        let now = vector.timestamp;
        let verify = |path: &str, agent: &str, headers: &HeaderMap, body: &[u8], now: u64| {
            verify_signed_request(&vector.method, path, agent, headers, body, now)
        };
        assert!(verify(path, &vector.user_agent, &good, body, now + TIME_WINDOW).is_ok());
        assert!(verify(path, &vector.user_agent, &good, body, now - TIME_WINDOW).is_ok());
        for late in [now + TIME_WINDOW + 1, now - TIME_WINDOW - 1] {
            assert_eq!(
                verify(path, &vector.user_agent, &good, body, late),
                Err(SignatureError::Time {
                    seconds: TIME_WINDOW + 1
                })
            );
        }
        assert_eq!(
            verify("/api/v1/other", &vector.user_agent, &good, body, now),
            Err(SignatureError::Mismatch)
        );
        assert_eq!(verify(path, "other", &good, body, now), Err(SignatureError::Mismatch));
        assert_eq!(
            verify(path, &vector.user_agent, &good, b"{}", now),
            Err(SignatureError::Mismatch)
        );
        for header in [ADDRESS_HEADER, TIME_HEADER, PUBLIC_KEY_HEADER, SIGNATURE_HEADER] {
            let mut without = good.clone();
            without.remove(header);
            assert_eq!(
                verify(path, &vector.user_agent, &without, body, now),
                Err(SignatureError::Missing(header))
            );
            let mut twice = good.clone();
            twice.append(header, twice[header].clone());
            assert_eq!(
                verify(path, &vector.user_agent, &twice, body, now),
                Err(SignatureError::Missing(header))
            );
            let mut broken = good.clone();
            broken.insert(header, "!".parse().unwrap());
            assert_eq!(
                verify(path, &vector.user_agent, &broken, body, now),
                Err(SignatureError::Unreadable(header))
            );
        }
        let mut foreign = good.clone();
        foreign.insert(ADDRESS_HEADER, vectors()[0].address.parse().unwrap());
        assert_eq!(
            verify(path, &vector.user_agent, &foreign, body, now),
            Err(SignatureError::ForeignKey)
        );
        let mut padded = good;
        padded.insert(TIME_HEADER, format!("0{now}").parse().unwrap());
        assert_eq!(
            verify(path, &vector.user_agent, &padded, body, now),
            Err(SignatureError::Unreadable(TIME_HEADER))
        );
    }

    #[test]
    fn what_a_call_signs_a_server_takes() {
        let account = Account::derive(&SeedPhrase::new("test wallet seed").unwrap(), 0, Network::Testnet);
        let signing = Signing {
            signer: &account,
            user_agent: "Test/1.0",
            time: 1_700_000_000,
            random: &[7; 64],
        };
        let secret = ServiceSecret::new("abc").unwrap();
        let host: BaseUrl = "https://a.example/gateway".parse().unwrap();
        let get = GetOrder { id: "a b/ü".into() }
            .request(&host, &Auth::Signed(signing))
            .unwrap();
        let delete = UnbindAllDomains
            .request(&host, &Auth::SignedAndSecret(signing, &secret))
            .unwrap();
        assert_eq!(delete.headers()[SECRET_HEADER], "abc");
        for request in [get, delete] {
            let from = verify_signed_request(
                request.method().as_str(),
                request.uri().path_and_query().unwrap().as_str(),
                "Test/1.0",
                request.headers(),
                request.body(),
                1_700_000_001,
            );
            assert_eq!(from.as_ref(), Ok(account.address()));
        }
        assert!(RestartPod.request(&host, &Auth::Signed(signing)).is_err());
    }

    #[test]
    fn another_signer_can_finish_a_prepared_request() {
        let account = Account::derive(&SeedPhrase::new("test wallet seed").unwrap(), 1, Network::Mainnet);
        let (address, public_key) = (account.address().to_string(), account.public_key().to_string());
        let identity = crate::call::Identity {
            address: &address,
            public_key: &public_key,
            user_agent: "Test/1.0",
            time: 1_700_000_000,
        };
        let host: BaseUrl = "https://a.example".parse().unwrap();
        let call = GetOrder { id: "o1".into() };
        let prepared = call.prepare(&host, &identity, None).unwrap();
        let signature = account.sign(prepared.digest(), &[9; 64]);
        let request = prepared.finish(&signature).unwrap();
        let signing = Signing {
            signer: &account,
            user_agent: "Test/1.0",
            time: 1_700_000_000,
            random: &[9; 64],
        };
        let at_once = call.request(&host, &Auth::Signed(signing)).unwrap();
        assert_eq!(request.headers(), at_once.headers());
        let secret = ServiceSecret::new("abc").unwrap();
        assert!(call.prepare(&host, &identity, Some(&secret)).is_err());
        assert!(RestartPod.prepare(&host, &identity, None).is_err());
    }
}
