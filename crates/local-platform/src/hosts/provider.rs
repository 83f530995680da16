//! A provider's own host: one user service with what is sealed to its owner.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use rusqlite::Connection;
use serde_json::{Value, json};

use super::Host;
use crate::accounts;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal};
use crate::store::services::{self, Sealed, UserService};

/// The calls.
pub fn routes() -> Router<SharedPlatform> {
    Router::new().route("/userService/{id}", get(user_service))
}

async fn user_service(
    State(platform): State<SharedPlatform>,
    host: Host,
    Path(id): Path<String>,
) -> Outcome<Json<Value>> {
    platform
        .store
        .run(move |transaction| {
            let service = services::get(transaction, &id)?;
            if service.provider != host.provider() {
                return Err(Refusal::missing(format!("no user service {id} at this provider")));
            }
            let sealed = seal(transaction, &service)?;
            let mut wire = service.to_wire();
            wire["magic"] = sealed.magic.unwrap_or_default().into();
            wire["customizedLabel"] = sealed.label.unwrap_or_default().into();
            wire["description"] = sealed.description.unwrap_or_default().into();
            Ok(Json(wire))
        })
        .await
}

/// The sealed secret, label and description of a service: sealed when first asked for, then kept, so that asking again gives
/// the same. An account that has never shown its public key gets nothing sealed.
fn seal(connection: &Connection, service: &UserService) -> Outcome<Sealed> {
    let mut sealed = services::sealed(connection, &service.id)?;
    let label_missing = sealed.label.is_none() && !service.label.is_empty();
    let description_missing = sealed.description.is_none() && !service.description.is_empty();
    if sealed.magic.is_some() && !label_missing && !description_missing {
        return Ok(sealed);
    }
    let Some(public_key) = services::public_key(connection, &service.address)? else {
        return Ok(sealed);
    };
    if sealed.magic.is_none() {
        let secret = services::primary_token(connection, &service.id)?.secret;
        sealed.magic = Some(accounts::seal(&public_key, &json!({ "Secret": secret }).to_string())?);
    }
    if label_missing {
        sealed.label = Some(accounts::seal(&public_key, &service.label)?);
    }
    if description_missing {
        sealed.description = Some(accounts::seal(&public_key, &service.description)?);
    }
    services::keep_sealed(connection, &service.id, &sealed)?;
    Ok(sealed)
}
