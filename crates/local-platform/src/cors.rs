//! Cross-origin requests (contract, CORS): the console and a region host are never one origin.

use axum::http::{HeaderMap, HeaderValue, Method, Response, StatusCode, header};

/// Request headers that a console on another origin may send.
pub const ALLOWED_HEADERS: &str =
    "address, content-type, password, public-key, secret, signature, username, x-sdk-time";
/// Headers of an answer that a console on another origin may read besides those that it always may.
pub const EXPOSED_HEADERS: &str = "retry-after";
/// Methods that a console on another origin may use.
pub const ALLOWED_METHODS: &str = "GET, POST, PUT, PATCH, DELETE";

/// True for a browser's question whether it may send a request with these headers.
#[must_use]
pub fn is_preflight(method: &Method, headers: &HeaderMap) -> bool {
    method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD)
}

/// Marks an answer as readable by every origin: nothing here relies on cookies, so any origin may ask.
pub fn allow(headers: &mut HeaderMap) {
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    headers.insert(
        header::ACCESS_CONTROL_EXPOSE_HEADERS,
        HeaderValue::from_static(EXPOSED_HEADERS),
    );
}

/// The answer to a preflight.
pub fn preflight<B: Default>() -> Response<B> {
    let mut response = Response::new(B::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let headers = response.headers_mut();
    allow(headers);
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_METHODS,
        HeaderValue::from_static(ALLOWED_METHODS),
    );
    headers.insert(
        header::ACCESS_CONTROL_ALLOW_HEADERS,
        HeaderValue::from_static(ALLOWED_HEADERS),
    );
    headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("600"));
    response
}
