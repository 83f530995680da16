//! The console's files, as a static host would serve them, and its configuration for this platform.

use std::path::Path;

use axum::extract::{OriginalUri, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use page_policy::{Policy, Source};
use serde_json::{Value, json};
use tower_http::services::{ServeDir, ServeFile};

use crate::hosts;
use crate::platform::SharedPlatform;
use crate::refusal::Outcome;
use crate::seed;

/// Routes of everything that no other route takes.
pub fn routes(platform: &SharedPlatform) -> Router<SharedPlatform> {
    let Some(directory) = platform.options.static_dir.as_deref() else {
        return Router::new().fallback(|OriginalUri(uri): OriginalUri| async move { hosts::not_here(&uri) });
    };
    Router::new()
        .route("/config.json", get(configuration))
        .fallback_service(files(directory))
        .layer(from_fn_with_state(SharedPlatform::clone(platform), with_headers))
        .layer(from_fn(hosts::only_platform))
}

/// Files of the directory, compressed copies where the browser takes them, and the console's page for its own addresses.
fn files(directory: &Path) -> ServeDir<ServeFile> {
    let page = ServeFile::new(directory.join("index.html"))
        .precompressed_br()
        .precompressed_gzip();
    ServeDir::new(directory)
        .precompressed_br()
        .precompressed_gzip()
        .fallback(page)
}

/// The console's configuration for this platform, in place of the one that lies beside the files for operators.
async fn configuration(State(platform): State<SharedPlatform>) -> Json<Value> {
    let url = platform.url();
    Json(json!({
        "platform": url,
        "node": format!("{url}{}", platform.options.node_prefix),
        "network": "mainnet",
        "provider": seed::DEFAULT_PROVIDER,
        "refreshSeconds": 15,
        "pendingRefreshSeconds": 2,
        "idleLockMinutes": 15,
        "embedOrigins": platform.options.embed_origins.iter().map(Source::as_str).collect::<Vec<_>>(),
        "logTransport": platform.options.log_transport,
        "dnsResolver": format!("{url}/dns-query"),
        "demoAccount": format!("{url}/dev/demo-account"),
        "brand": null,
    }))
}

async fn with_headers(State(platform): State<SharedPlatform>, request: Request, next: Next) -> Outcome<Response> {
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    // The console's page stands in for its own addresses, never for a file that is missing.
    let page_in_place_of_file = names_file(&uri) && !uri.path().ends_with(".html") && is_page(response.headers());
    if page_in_place_of_file {
        return Err(hosts::not_here(&uri));
    }
    if response.status() == StatusCode::NOT_FOUND {
        response = hosts::not_here(&uri).into_response();
    }
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, cache_control(uri.path()));
    // Those of every host that operators put the console on.
    let policy = Policy::new(Vec::new(), platform.options.embed_origins.clone());
    for (name, value) in policy.headers() {
        let value = HeaderValue::from_str(&value).expect("a policy is printable ASCII");
        headers.insert(name, value);
    }
    // Portals load this one file from pages of their own.
    if uri.path() == "/embed.js" {
        headers.insert("cross-origin-resource-policy", HeaderValue::from_static("cross-origin"));
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    }
    Ok(response)
}

fn is_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::CONTENT_TYPE)
        .is_some_and(|value| value.as_bytes().starts_with(b"text/html"))
}

/// True when the last part of the path has an extension.
fn names_file(uri: &Uri) -> bool {
    uri.path().rsplit('/').next().is_some_and(|name| name.contains('.'))
}

/// Files with a hash in their name never change; everything else is asked for again.
fn cache_control(path: &str) -> HeaderValue {
    let name = path.rsplit('/').next().unwrap_or_default();
    let hashed = name.contains('.')
        && name
            .split(['-', '.', '_'])
            .any(|part| part.len() >= 12 && part.bytes().all(|byte| byte.is_ascii_hexdigit()));
    HeaderValue::from_static(if hashed {
        "public, max-age=31536000, immutable"
    } else {
        "no-cache"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_with_a_hash_are_kept_for_ever() {
        for hashed in [
            "/console-3f2a9c1b7d4e5f60.js",
            "/console-3f2a9c1b7d4e5f60_bg.wasm",
            "/a/style-0123456789abcdef.css",
            // As `cargo xtask dist` names files.
            "/public-suffixes-3f2a9c1b7d4e.txt",
        ] {
            assert_eq!(cache_control(hashed), "public, max-age=31536000, immutable", "{hashed}");
        }
        for plain in [
            "/",
            "/index.html",
            "/config.json",
            "/services/63a029afbf1a142380a26c8a",
            "/icons/icon.svg",
        ] {
            let kept = cache_control(plain) != "no-cache";
            assert!(!kept, "{plain}");
        }
    }

    #[test]
    fn an_address_of_the_console_names_no_file() {
        assert!(names_file(&Uri::from_static("/console-1.wasm")));
        assert!(!names_file(&Uri::from_static("/services/running?page=2")));
    }
}
