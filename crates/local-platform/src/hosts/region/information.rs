//! What is known of a service.

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use crate::authorise::Secret;
use crate::hosts::Host;
use crate::platform::SharedPlatform;
use crate::refusal::Outcome;

/// The service with its plain label, description and e-mail.
pub async fn user_service(State(platform): State<SharedPlatform>, host: Host, secret: Secret) -> Outcome<Json<Value>> {
    let service = platform
        .store
        .run(move |transaction| secret.open(transaction, &host))
        .await?;
    let mut wire = service.to_wire();
    wire["email"] = service.email.into();
    wire["description"] = service.description.into();
    wire["customizedLabel"] = service.label.into();
    Ok(Json(wire))
}
