//! The e-mail address that notices about one service go to.

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use crate::authorise::{Plain, Secret};
use crate::hosts::Host;
use crate::hosts::notice::ContactRequest;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal, done};
use crate::store::{contacts, services};

/// Mails a code to an address that is to be bound.
pub async fn send_code(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    Plain(wanted): Plain<ContactRequest>,
) -> Outcome<Json<Value>> {
    wanted.check()?;
    let now = platform.clock.now();
    platform
        .store
        .run(move |transaction| {
            let service = secret.open_living(transaction, &host)?;
            contacts::send_code(transaction, &service.id, &wanted.contact, now)
        })
        .await?;
    Ok(done())
}

/// Binds an address with the code that was mailed to it.
pub async fn verify_code(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    Plain(wanted): Plain<ContactRequest>,
) -> Outcome<Json<Value>> {
    wanted.check()?;
    let _changing = platform.pod_changes.lock().await;
    let now = platform.clock.now();
    let verdict = platform
        .store
        .run(move |transaction| {
            let mut service = secret.open_living(transaction, &host)?;
            let verdict = contacts::use_code(transaction, &service.id, &wanted.contact, &wanted.code, now)?;
            if verdict.is_ok() {
                service.email = wanted.contact;
                services::update(transaction, &service)?;
            }
            Ok(verdict)
        })
        .await?;
    verdict.map_err(Refusal::invalid)?;
    Ok(done())
}

/// Unbinds the address.
pub async fn unbind(State(platform): State<SharedPlatform>, host: Host, secret: Secret) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    platform
        .store
        .run(move |transaction| {
            let mut service = secret.open_living(transaction, &host)?;
            if service.email.is_empty() {
                return Err(Refusal::missing("no e-mail is bound"));
            }
            service.email.clear();
            services::update(transaction, &service)
        })
        .await?;
    Ok(done())
}
