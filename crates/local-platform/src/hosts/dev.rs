//! What only a local platform has: the demo account, the outbox, faults, token states, orders that expire, a faucet.

use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Headers, dns, slug_of};
use crate::authorise::Plain;
use crate::faults::Fault;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal};
use crate::store::contacts::{self, Mail};
use crate::store::ledger::{self, NATIVE};
use crate::store::orders::{self, OrderStatus};
use crate::store::services::{self, Token, TokenState};
use crate::store::{market, remembered};
use crate::{accounts, random, seed};

/// The calls, below `/dev`.
pub fn routes() -> Router<SharedPlatform> {
    Router::new()
        .route("/demo-account", get(demo_account))
        .route("/outbox", get(outbox))
        .route("/outbox.css", get(outbox_style))
        .route("/faults", get(faults).post(add_fault).delete(clear_faults))
        .route("/faults/{id}", delete(remove_fault))
        .route("/tokens", post(tokens))
        .route("/faucet", post(faucet))
        .route("/dns", post(dns::set).delete(dns::clear))
        .route("/transactions", get(transactions))
        .route("/orders/{id}/expire", post(expire))
}

async fn demo_account(State(platform): State<SharedPlatform>) -> Outcome<Json<Value>> {
    platform
        .store
        .run(|transaction| {
            let known = |key| remembered(transaction, key)?.ok_or_else(|| Refusal::missing("there is no demo account"));
            Ok(Json(
                json!({ "seed": known(seed::DEMO_SEED)?, "address": known(seed::DEMO_ADDRESS)? }),
            ))
        })
        .await
}

async fn outbox(State(platform): State<SharedPlatform>, headers: Headers) -> Outcome<Response> {
    let mails = platform.store.run(|transaction| contacts::outbox(transaction)).await?;
    if headers.text("accept").contains("text/html") {
        let policy =
            HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'");
        return Ok(([(header::CONTENT_SECURITY_POLICY, policy)], Html(outbox_page(&mails))).into_response());
    }
    Ok(Json(json!({ "list": mails })).into_response())
}

fn outbox_page(mails: &[Mail]) -> String {
    let mut page = String::from(
        "<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content=\"width=device-width\">\
         <title>Outbox</title><link rel=stylesheet href=/dev/outbox.css><h1>Outbox</h1>",
    );
    if mails.is_empty() {
        page.push_str("<p>No mail was sent yet.</p>");
    }
    for mail in mails {
        page.push_str(&format!(
            "<article><h2>{}</h2><p class=about>To {} · <time>{}</time></p><pre>{}</pre></article>",
            escaped(&mail.subject),
            escaped(&mail.to),
            mail.timestamp,
            escaped(&mail.body)
        ));
    }
    page
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

async fn outbox_style() -> impl IntoResponse {
    (
        [(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/css; charset=utf-8"),
        )],
        ":root{color-scheme:light dark;font-family:system-ui,sans-serif}body{max-width:44rem;margin:2rem auto;padding:0 1rem}\
         article{border-top:1px solid GrayText;padding:.5rem 0}h2{font-size:1rem;margin:.5rem 0 0}.about{color:GrayText;margin:0}\
         pre{white-space:pre-wrap;font-family:inherit}",
    )
}

async fn faults(State(platform): State<SharedPlatform>) -> Json<Value> {
    Json(json!({ "list": platform.faults.list() }))
}

/// Takes one fault or a list of them.
async fn add_fault(State(platform): State<SharedPlatform>, Plain(body): Plain<Value>) -> Outcome<Json<Value>> {
    let several = body.is_array();
    let wanted = if let Value::Array(list) = body {
        list
    } else {
        vec![body]
    };
    let faults = wanted.into_iter().map(checked_fault).collect::<Outcome<Vec<Fault>>>()?;
    let mut added: Vec<Fault> = faults.into_iter().map(|fault| platform.faults.add(fault)).collect();
    match added.pop() {
        Some(fault) if !several => Ok(Json(json!(fault))),
        last => {
            added.extend(last);
            Ok(Json(json!({ "list": added })))
        }
    }
}

fn checked_fault(body: Value) -> Outcome<Fault> {
    let fault: Fault =
        serde_json::from_value(body).map_err(|error| Refusal::invalid(format!("this is no fault: {error}")))?;
    fault
        .check()
        .map_err(|error| Refusal::invalid(format!("this is no fault: {error}")))?;
    Ok(fault)
}

async fn clear_faults(State(platform): State<SharedPlatform>) -> StatusCode {
    platform.faults.clear();
    StatusCode::NO_CONTENT
}

async fn remove_fault(State(platform): State<SharedPlatform>, Path(id): Path<u64>) -> Outcome<StatusCode> {
    if platform.faults.remove(id) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Refusal::missing(format!("no fault {id}")))
    }
}

/// A service's secret to change the state of, or a further one to make.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct TokenRequest {
    /// Service whose secret is meant: its primary one, unless `create` asks for a further one.
    #[serde(rename = "userServiceID")]
    user_service_id: Option<String>,
    /// Secret that is meant.
    #[serde(rename = "tokenID")]
    token_id: Option<String>,
    /// State that it gets.
    #[serde(default = "active")]
    state: TokenState,
    /// Make a further secret.
    #[serde(default)]
    create: bool,
}

fn active() -> TokenState {
    TokenState::Active
}

async fn tokens(State(platform): State<SharedPlatform>, Plain(wanted): Plain<TokenRequest>) -> Outcome<Json<Value>> {
    let now = platform.clock.now();
    let port = platform.port;
    platform
        .store
        .run(move |transaction| {
            let mut token = match (&wanted.token_id, &wanted.user_service_id) {
                (Some(id), _) => services::token(transaction, id)?,
                (None, Some(id)) => services::primary_token(transaction, id)?,
                (None, None) => return Err(Refusal::invalid("userServiceID or tokenID is needed")),
            };
            if wanted.create {
                token = Token {
                    id: random::identifier(now),
                    secret: random::secret(),
                    state: wanted.state,
                    ..token
                };
                services::add_token(transaction, &token)?;
            } else {
                token.state = wanted.state;
                services::set_token_state(transaction, &token.id, token.state)?;
            }
            let service = services::get(transaction, &token.user_service_id)?;
            let provider = market::provider(transaction, &service.provider)?;
            let below = if provider.label.is_empty() {
                String::new()
            } else {
                format!("{}.", provider.label)
            };
            let host = format!("http://{}.{below}localhost:{port}", slug_of(&service.region));
            Ok(Json(json!({
                "userServiceID": token.user_service_id,
                "tokenID": token.id,
                "state": token.state,
                "secret": token.secret,
                "accessToken": bs58::encode(format!("{host}:{}", token.secret)).into_string(),
            })))
        })
        .await
}

/// Coins to give to an address.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FaucetRequest {
    address: String,
    /// Units of the smallest kind.
    units: i64,
    /// Contract of the token; the native coin when left out.
    #[serde(default)]
    contract_id: String,
}

async fn faucet(State(platform): State<SharedPlatform>, Plain(wanted): Plain<FaucetRequest>) -> Outcome<Json<Value>> {
    if !accounts::is_address(&wanted.address) {
        return Err(Refusal::invalid("address is no address of this network"));
    }
    if wanted.units <= 0 {
        return Err(Refusal::invalid("units must be above 0"));
    }
    platform
        .store
        .run(move |transaction| {
            let token_id = match wanted.contract_id.as_str() {
                "" | "vsys" => NATIVE.to_owned(),
                contract => {
                    accounts::token_id(contract).ok_or_else(|| Refusal::invalid("contractId is no contract"))?
                }
            };
            ledger::change(transaction, &wanted.address, &token_id, wanted.units)?;
            let units = ledger::balance(transaction, &wanted.address, &token_id)?;
            Ok(Json(json!({ "address": wanted.address, "balance": units })))
        })
        .await
}

/// Every transaction that the ledger holds, so that a test can count what was paid for what.
async fn transactions(State(platform): State<SharedPlatform>) -> Outcome<Json<Value>> {
    let all = platform.store.run(|transaction| ledger::all(transaction)).await?;
    let list: Vec<Value> = all
        .iter()
        .map(|transaction| {
            json!({
                "id": transaction.id,
                "sender": transaction.sender,
                "recipient": transaction.recipient,
                "contractId": transaction.contract_id,
                "units": transaction.units,
                "attachment": String::from_utf8_lossy(&transaction.attachment),
            })
        })
        .collect();
    Ok(Json(json!({ "list": list })))
}

/// Ends the time that an order can be paid in.
async fn expire(State(platform): State<SharedPlatform>, Path(id): Path<String>) -> Outcome<Json<Value>> {
    platform
        .store
        .run(move |transaction| {
            let mut order = orders::get(transaction, &id)?;
            if order.status != OrderStatus::Pending {
                return Err(Refusal::invalid(format!("order {id} is not pending")));
            }
            order.status = OrderStatus::Expired;
            orders::update(transaction, &order)?;
            Ok(Json(json!({ "id": id, "status": order.status.name() })))
        })
        .await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_cannot_bring_markup_into_the_outbox() {
        let mail = Mail {
            id: 1,
            timestamp: 0,
            to: "a@example.com".to_owned(),
            subject: "<script>".to_owned(),
            body: "a & b".to_owned(),
        };
        let page = outbox_page(&[mail]);
        assert!(!page.contains("<script>"));
        assert!(page.contains("a &amp; b"));
    }
}
