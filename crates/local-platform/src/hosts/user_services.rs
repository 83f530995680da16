//! The platform's list of an account's user services.

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::Value;

use super::market::paged;
use crate::authorise::Address;
use crate::platform::SharedPlatform;
use crate::query::Query;
use crate::refusal::{Outcome, Refusal};
use crate::store::services::{self, Status, UserService};

/// The call.
pub fn routes() -> Router<SharedPlatform> {
    Router::new().route("/userService", get(list))
}

async fn list(State(platform): State<SharedPlatform>, Address(address): Address, query: Query) -> Outcome<Json<Value>> {
    let page = query.page()?;
    let statuses = query
        .all("statuses")
        .into_iter()
        .map(|name| Status::of_name(name).ok_or_else(|| Refusal::invalid(format!("{name} is no status of a service"))))
        .collect::<Outcome<Vec<_>>>()?;
    let listing = platform
        .store
        .run(move |transaction| services::list(transaction, &address, &statuses, page))
        .await?;
    Ok(paged(
        listing.entries.iter().map(UserService::to_wire).collect(),
        listing.total,
        page,
    ))
}
