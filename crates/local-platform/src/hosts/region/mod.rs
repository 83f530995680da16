//! A region's host: everything of a running service. The `secret` header says which one.

mod information;

use axum::Router;
use axum::routing::get;

use crate::platform::SharedPlatform;

/// The calls.
pub fn routes() -> Router<SharedPlatform> {
    Router::new().route("/k8s/userService", get(information::user_service))
}
