//! What every request passes before its handler: the host it is for, held back answers, faults, CORS.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::connection::Breaker;
use crate::faults::{self, Fault};
use crate::platform::SharedPlatform;
use crate::refusal::Refusal;
use crate::{cors, hosts};

/// Tells a WebSocket, whose bytes are in no body, after how many bytes a fault breaks it off.
#[derive(Clone, Copy, Debug)]
pub struct CutAfter(pub u64);

/// Passes a request on to its handler.
pub async fn pass(State(platform): State<SharedPlatform>, mut request: Request, next: Next) -> Response {
    let name = hosts::name_of_request(request.uri(), request.headers());
    let path = request.uri().path().to_owned();
    let for_tests = path == "/dev" || path.starts_with("/dev/");
    let shared = for_tests
        || path.starts_with("/api/")
        || path == "/dns-query"
        || is_below(&path, &platform.options.node_prefix);

    let Some(host) = platform.hosts.of_name(&name) else {
        let mut response = Refusal::missing(format!("no host named {name}")).into_response();
        cors::allow(response.headers_mut());
        return response;
    };
    request.extensions_mut().insert(host);

    let preflight = cors::is_preflight(request.method(), request.headers());
    if !for_tests {
        let wanted = request
            .headers()
            .get(header::ACCESS_CONTROL_REQUEST_METHOD)
            .and_then(|value| value.to_str().ok());
        let struck = platform
            .faults
            .strike(&name, request.method().as_str(), &path, wanted.filter(|_| preflight));
        if let Some(fault) = struck {
            if fault.hold && !preflight {
                platform.faults.until_off(fault.id).await;
            }
            return strike(fault, preflight, request, next).await;
        }
    }
    if preflight && shared {
        return cors::preflight::<Body>();
    }
    if shared && !for_tests && platform.options.latency > 0 {
        tokio::time::sleep(Duration::from_millis(platform.options.latency)).await;
    }
    let mut response = next.run(request).await;
    if shared {
        cors::allow(response.headers_mut());
    }
    response
}

async fn strike(fault: Fault, preflight: bool, mut request: Request, next: Next) -> Response {
    if let Some(latency) = fault.latency_ms {
        tokio::time::sleep(Duration::from_millis(latency)).await;
    }
    if preflight {
        // A server that knows nothing of CORS answers OPTIONS without the headers.
        return StatusCode::NO_CONTENT.into_response();
    }
    let breaker = request
        .extensions()
        .get::<ConnectInfo<Breaker>>()
        .map(|ConnectInfo(breaker)| breaker.clone());
    if fault.lose_answer {
        // What was asked for is done; only nobody hears of it.
        next.run(request).await;
        return break_off(breaker);
    }
    if fault.drop {
        return break_off(breaker);
    }
    if let Some(limit) = fault.cut_after_bytes {
        request.extensions_mut().insert(CutAfter(limit));
    }
    let mut response = match fault.replacement() {
        Some(response) => response,
        None => fault.altered(next.run(request).await).await,
    };
    if let Some(limit) = fault.cut_after_bytes {
        response = response.map(|body| faults::cut(body, limit));
    }
    if fault.cors {
        cors::allow(response.headers_mut());
    }
    response
}

/// Closes the connection without an answer.
fn break_off(breaker: Option<Breaker>) -> Response {
    if let Some(breaker) = breaker {
        breaker.trip();
    }
    StatusCode::BAD_GATEWAY.into_response()
}

/// True for a path that is `prefix` or below it.
#[must_use]
pub fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
