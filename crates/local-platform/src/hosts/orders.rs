//! Orders: new services, more time, money back.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::routing::{get, post};
use axum::{Json, Router};
use rusqlite::Connection;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::{Value, json};

use super::market::paged;
use crate::authorise::Signed;
use crate::platform::SharedPlatform;
use crate::query::Query;
use crate::refusal::{Outcome, Refusal, done};
use crate::store::market::{self, ServiceType};
use crate::store::orders::{self, Order, OrderItem, OrderStatus, OrderType};
use crate::store::services::Status;
use crate::{accounts, money, payments, pricing, random};

/// Longest duration of one order, in hours: ten years.
const LONGEST: i64 = 10 * 365 * 24;
/// Most services of one order.
const MOST_SERVICES: usize = 100;

/// The calls.
pub fn routes() -> Router<SharedPlatform> {
    Router::new()
        .route("/order", get(list))
        .route("/order/id/{id}", get(order))
        .route("/order/add", post(add))
        .route("/order/renew", post(renew))
        .route("/order/refund", post(refund))
}

async fn list(State(platform): State<SharedPlatform>, query: Query) -> Outcome<Json<Value>> {
    let page = query.page()?;
    let address = query.get("address").filter(|address| accounts::is_address(address));
    let address = address
        .ok_or_else(|| Refusal::invalid("address must be an address of this network"))?
        .to_owned();
    let statuses = query
        .all("statuses")
        .into_iter()
        .map(|name| {
            OrderStatus::of_name(name).ok_or_else(|| Refusal::invalid(format!("{name} is no status of an order")))
        })
        .collect::<Outcome<Vec<_>>>()?;
    let activated = query.get("serviceActivated").map(|_| query.flag("serviceActivated"));
    let listing = platform
        .store
        .run(move |transaction| orders::list(transaction, &address, &statuses, activated, page))
        .await?;
    Ok(paged(
        listing.entries.iter().map(Order::to_wire).collect(),
        listing.total,
        page,
    ))
}

async fn order(State(platform): State<SharedPlatform>, Path(id): Path<String>, signed: Signed) -> Outcome<Json<Value>> {
    let order = platform
        .store
        .run(move |transaction| orders::get(transaction, &id))
        .await?;
    if order.address != signed.address {
        return Err(Refusal::missing(format!("no order {} of this account", order.id)));
    }
    Ok(Json(order.to_wire()))
}

#[derive(Deserialize)]
struct AddRequest {
    #[serde(rename = "userServices")]
    user_services: Vec<AddItem>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AddItem {
    #[serde(rename = "serviceID")]
    service_id: String,
    duration: i64,
    #[serde(default)]
    service_options: BTreeMap<String, String>,
    /// The date that the duration was counted from, `YYYY-MM-DD`: told to the platform, decided by the duration.
    #[serde(default)]
    expired_date: Option<String>,
}

async fn add(State(platform): State<SharedPlatform>, signed: Signed) -> Outcome<Json<Value>> {
    let wanted: AddRequest = signed.json()?;
    let now = platform.clock.now();
    platform
        .store
        .run(move |transaction| {
            check_count(wanted.user_services.len())?;
            let mut items = Vec::with_capacity(wanted.user_services.len());
            let mut provider: Option<String> = None;
            for item in &wanted.user_services {
                let service = market::service_type(transaction, &item.service_id)?;
                check_options(&service, &item.service_options)?;
                check_date(item.expired_date.as_deref())?;
                same_provider(&mut provider, &service.provider)?;
                items.push(OrderItem {
                    user_service_id: random::identifier(now),
                    amount: price(&service, &json!(item.service_options), item.duration)?,
                    service: service.name,
                    service_id: service.id,
                    service_options: json!(item.service_options),
                    duration: item.duration,
                });
            }
            make(transaction, OrderType::New, signed.address, provider, items, now)
        })
        .await
}

#[derive(Deserialize)]
struct RenewRequest {
    #[serde(rename = "userServices")]
    user_services: Vec<RenewItem>,
}

#[derive(Deserialize)]
struct RenewItem {
    #[serde(rename = "userServiceID")]
    user_service_id: String,
    duration: i64,
    #[serde(with = "vcloud_api::money")]
    amount: Decimal,
}

async fn renew(State(platform): State<SharedPlatform>, signed: Signed) -> Outcome<Json<Value>> {
    let wanted: RenewRequest = signed.json()?;
    let now = platform.clock.now();
    platform
        .store
        .run(move |transaction| {
            check_count(wanted.user_services.len())?;
            let mut items = Vec::with_capacity(wanted.user_services.len());
            let mut provider: Option<String> = None;
            for item in &wanted.user_services {
                let service = payments::owned(transaction, &item.user_service_id, &signed.address)?;
                if !matches!(service.status, Status::Pending | Status::Running | Status::Stop) {
                    return Err(Refusal::invalid(format!("user service {} has ended", service.id)));
                }
                if items
                    .iter()
                    .any(|known: &OrderItem| known.user_service_id == service.id)
                {
                    return Err(Refusal::invalid(format!("user service {} is named twice", service.id)));
                }
                same_provider(&mut provider, &service.provider)?;
                let sold = market::service_type(transaction, &service.service_id)?;
                let amount = price(&sold, &service.service_options, item.duration)?;
                // A client that computes with floats may be off in digits that nobody pays.
                if (amount - item.amount).abs() > Decimal::new(1, 9) {
                    return Err(Refusal::invalid(format!(
                        "{} hours of {} cost {amount}, not {}",
                        item.duration, service.id, item.amount
                    )));
                }
                items.push(OrderItem {
                    user_service_id: service.id,
                    service: service.service,
                    service_id: service.service_id,
                    service_options: service.service_options,
                    duration: item.duration,
                    amount,
                });
            }
            make(transaction, OrderType::Renew, signed.address, provider, items, now)
        })
        .await
}

fn make(
    connection: &Connection,
    kind: OrderType,
    address: String,
    provider: Option<String>,
    items: Vec<OrderItem>,
    now: i64,
) -> Outcome<Json<Value>> {
    let provider = market::provider(connection, &provider.unwrap_or_default())?;
    let order = Order {
        id: random::identifier(now),
        kind,
        provider: provider.name,
        recipient: provider.wallet_address,
        address,
        amount: items.iter().map(|item| item.amount).sum(),
        amount_paid: Decimal::ZERO,
        status: OrderStatus::Pending,
        activated: false,
        created_at: now,
        paid_at: 0,
        items,
    };
    orders::add(connection, &order)?;
    Ok(Json(
        json!({ "id": order.id, "recipient": order.recipient, "amount": money::number(order.amount) }),
    ))
}

#[derive(Deserialize)]
struct RefundRequest {
    #[serde(rename = "userServiceIDs")]
    user_service_ids: Vec<String>,
}

async fn refund(State(platform): State<SharedPlatform>, signed: Signed) -> Outcome<Json<Value>> {
    let wanted: RefundRequest = signed.json()?;
    check_count(wanted.user_service_ids.len())?;
    let _changing = platform.pod_changes.lock().await;
    let (now, ids) = (platform.clock.now(), wanted.user_service_ids.clone());
    platform
        .store
        .run(move |transaction| {
            let mut provider: Option<String> = None;
            for id in &ids {
                let service = payments::owned(transaction, id, &signed.address)?;
                same_provider(&mut provider, &service.provider)?;
                payments::refund(transaction, service, now)?;
            }
            Ok(())
        })
        .await?;
    for id in &wanted.user_service_ids {
        if let Err(error) = platform.runtime.remove(id).await {
            tracing::warn!(%error, service = %id, "cannot remove the pod of a refunded service");
        }
    }
    Ok(done())
}

fn check_count(count: usize) -> Outcome<()> {
    match count {
        0 => Err(Refusal::invalid("no user service is named")),
        count if count > MOST_SERVICES => Err(Refusal::invalid(format!("more than {MOST_SERVICES} user services"))),
        _ => Ok(()),
    }
}

fn same_provider(known: &mut Option<String>, provider: &str) -> Outcome<()> {
    match known {
        Some(known) if known != provider => Err(Refusal::invalid(
            "all user services of one call must be of one provider",
        )),
        Some(_) => Ok(()),
        None => {
            *known = Some(provider.to_owned());
            Ok(())
        }
    }
}

fn check_options(service: &ServiceType, chosen: &BTreeMap<String, String>) -> Outcome<()> {
    let offered = service.service_options.as_object();
    for name in chosen.keys() {
        if !offered.is_some_and(|offered| offered.contains_key(name)) {
            return Err(Refusal::invalid(format!("{} has no option {name}", service.name)));
        }
    }
    for (name, values) in offered.into_iter().flatten() {
        let value = chosen
            .get(name)
            .ok_or_else(|| Refusal::invalid(format!("option {name} is missing")))?;
        if !values
            .as_array()
            .is_some_and(|values| values.iter().any(|known| known == value))
        {
            return Err(Refusal::invalid(format!("option {name} cannot be {value}")));
        }
    }
    Ok(())
}

fn check_date(date: Option<&str>) -> Outcome<()> {
    let Some(date) = date.filter(|date| !date.is_empty()) else {
        return Ok(());
    };
    let shaped = date.len() >= 10
        && date.bytes().take(10).enumerate().all(|(index, byte)| {
            if index == 4 || index == 7 {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    if shaped {
        Ok(())
    } else {
        Err(Refusal::invalid("expiredDate must be YYYY-MM-DD"))
    }
}

fn price(service: &ServiceType, options: &Value, hours: i64) -> Outcome<Decimal> {
    if !(1..=LONGEST).contains(&hours) {
        return Err(Refusal::invalid(format!("the duration must be 1 to {LONGEST} hours")));
    }
    pricing::amount(&service.duration_to_price, options, hours)
        .ok_or_else(|| Refusal::invalid(format!("{} is not sold with these options", service.name)))
}
