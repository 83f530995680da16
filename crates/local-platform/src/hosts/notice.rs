//! A provider's notice host: notices of an account, and the e-mail address that they go to.

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Host;
use super::market::paged;
use crate::authorise::{Address, Signed};
use crate::platform::SharedPlatform;
use crate::query::Query;
use crate::refusal::{Outcome, Refusal, done};
use crate::store::{contacts, notices};

/// The calls.
pub fn routes() -> Router<SharedPlatform> {
    Router::new()
        .route("/k8s/notice", get(list))
        .route("/contact/addressContact/get", get(contact))
        .route("/contact/addressContact/bind/sendCode", post(send_code))
        .route("/contact/addressContact/bind/verifyCode", post(verify_code))
        .route("/contact/addressContact/delete/email", post(unbind))
}

async fn list(
    State(platform): State<SharedPlatform>,
    host: Host,
    Address(address): Address,
    query: Query,
) -> Outcome<Json<Value>> {
    let page = query.page()?;
    let listing = platform
        .store
        .run(move |transaction| notices::list(transaction, host.provider(), &address, query.get("serviceID"), page))
        .await?;
    let entries = listing.entries.into_iter().map(|notice| {
        json!({ "timestamp": notice.timestamp, "serviceID": notice.user_service_id, "noticeType": notice.notice_type })
    });
    Ok(paged(entries.collect(), listing.total, page))
}

async fn contact(State(platform): State<SharedPlatform>, host: Host, signed: Signed) -> Outcome<Json<Value>> {
    let address = signed.address;
    platform
        .store
        .run(move |transaction| {
            let contact = contacts::email(transaction, host.provider(), &address)?;
            Ok(Json(contact.map_or(
                Value::Null,
                |contact| json!({ "address": address, "email": contact.email, "updateAt": contact.updated_at }),
            )))
        })
        .await
}

/// What a contact is bound with.
#[derive(Debug, Deserialize)]
pub struct ContactRequest {
    /// Kind of contact; only `email` is known.
    #[serde(rename = "type")]
    pub kind: String,
    /// The address.
    pub contact: String,
    /// The code that was mailed to it, when it is to be bound.
    #[serde(default)]
    pub code: String,
}

impl ContactRequest {
    /// Checks the address (contract, Input rules).
    ///
    /// # Errors
    /// 400 for another kind of contact or what is no address.
    pub fn check(&self) -> Outcome<()> {
        if self.kind != "email" {
            return Err(Refusal::invalid("only contacts of the type email are known"));
        }
        crate::rules::email(&self.contact)
    }
}

async fn send_code(State(platform): State<SharedPlatform>, host: Host, signed: Signed) -> Outcome<Json<Value>> {
    let wanted: ContactRequest = signed.json()?;
    wanted.check()?;
    let subject = account_subject(&host, &signed.address);
    let now = platform.clock.now();
    platform
        .store
        .run(move |transaction| contacts::send_code(transaction, &subject, &wanted.contact, now))
        .await?;
    Ok(done())
}

async fn verify_code(State(platform): State<SharedPlatform>, host: Host, signed: Signed) -> Outcome<Json<Value>> {
    let wanted: ContactRequest = signed.json()?;
    wanted.check()?;
    let now = platform.clock.now();
    let verdict = platform
        .store
        .run(move |transaction| {
            let subject = account_subject(&host, &signed.address);
            let verdict = contacts::use_code(transaction, &subject, &wanted.contact, &wanted.code, now)?;
            if verdict.is_ok() {
                contacts::bind(transaction, host.provider(), &signed.address, &wanted.contact, now)?;
            }
            Ok(verdict)
        })
        .await?;
    verdict.map_err(Refusal::invalid)?;
    Ok(done())
}

async fn unbind(State(platform): State<SharedPlatform>, host: Host, signed: Signed) -> Outcome<Json<Value>> {
    platform
        .store
        .run(move |transaction| contacts::unbind(transaction, host.provider(), &signed.address))
        .await?;
    Ok(done())
}

/// The name under which codes for an account at a provider are kept.
fn account_subject(host: &Host, address: &str) -> String {
    format!("{}/{address}", host.provider())
}
