//! The market: providers, categories, service types, currencies. Nobody has to authorise.

use axum::extract::{Path, State};
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Map, Value, json};

use crate::money;
use crate::platform::{Platform, SharedPlatform};
use crate::query::Query;
use crate::refusal::Outcome;
use crate::store::market::{self, Category, Provider, ServiceType};
use crate::store::{Listing, Page};

/// The market's calls.
pub fn routes() -> Router<SharedPlatform> {
    Router::new()
        .route("/service/type", get(service_types))
        .route("/service/type/{id}", get(service_type))
        .route("/service/category", get(categories))
        .route("/service/category/{id}", get(category))
        .route("/service/provider", get(providers))
        .route("/service/provider/{name}", get(provider))
        .route("/currency", get(currencies))
        .route("/cli/version/latest", get(latest_client))
}

/// A list's answer (contract, Platform).
pub fn paged(entries: Vec<Value>, total: i64, page: Page) -> Json<Value> {
    Json(json!({
        "list": entries,
        "pagination": { "total": total, "current": page.current, "pageSize": page.size },
    }))
}

async fn service_types(State(platform): State<SharedPlatform>, query: Query) -> Outcome<Json<Value>> {
    let page = query.page()?;
    let listing = platform
        .store
        .run(move |transaction| {
            market::service_types(
                transaction,
                query.get("provider"),
                query.get("category"),
                query.get("name"),
                page,
            )
        })
        .await?;
    Ok(paged(
        listing.entries.iter().map(service_type_to_wire).collect(),
        listing.total,
        page,
    ))
}

async fn service_type(State(platform): State<SharedPlatform>, Path(id): Path<String>) -> Outcome<Json<Value>> {
    let service = platform
        .store
        .run(move |transaction| market::service_type(transaction, &id))
        .await?;
    Ok(Json(service_type_to_wire(&service)))
}

fn service_type_to_wire(service: &ServiceType) -> Value {
    json!({
        "id": service.id,
        "provider": service.provider,
        "name": service.name,
        "category": service.category,
        "description": service.description,
        "refundable": service.refundable,
        "serviceOptions": service.service_options,
        "durationToPrice": service.duration_to_price,
    })
}

async fn categories(State(platform): State<SharedPlatform>, query: Query) -> Outcome<Json<Value>> {
    let page = query.page()?;
    platform
        .store
        .run(move |transaction| {
            let listing = market::categories(transaction, query.get("provider"), page)?;
            let entries = listing
                .entries
                .iter()
                .map(|category| category_to_wire(transaction, category))
                .collect::<Outcome<_>>()?;
            Ok(paged(entries, listing.total, page))
        })
        .await
}

async fn category(State(platform): State<SharedPlatform>, Path(id): Path<String>) -> Outcome<Json<Value>> {
    platform
        .store
        .run(move |transaction| {
            Ok(Json(category_to_wire(
                transaction,
                &market::category(transaction, &id)?,
            )?))
        })
        .await
}

fn category_to_wire(connection: &rusqlite::Connection, category: &Category) -> Outcome<Value> {
    let all = Page {
        current: 1,
        size: Page::LARGEST,
    };
    let services = market::service_types(connection, Some(&category.provider), Some(&category.name), None, all)?;
    let names: Map<String, Value> = services
        .entries
        .into_iter()
        .map(|service| (service.name, service.id.into()))
        .collect();
    Ok(json!({
        "categoryID": category.id,
        "provider": category.provider,
        "name": category.name,
        "name2ID": names,
        "serviceOptions": category.service_options,
        "description": category.description,
    }))
}

async fn providers(State(platform): State<SharedPlatform>, query: Query) -> Outcome<Json<Value>> {
    let page = query.page()?;
    let shared = SharedPlatform::clone(&platform);
    platform
        .store
        .run(move |transaction| {
            let all = market::providers(transaction)?;
            let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
            let skipped = usize::try_from(page.offset()).unwrap_or(usize::MAX);
            let size = usize::try_from(page.size).unwrap_or(usize::MAX);
            let shown = all.iter().skip(skipped).take(size);
            let entries = shown
                .map(|provider| provider_to_wire(&shared, transaction, provider))
                .collect::<Outcome<_>>()?;
            Ok(paged(entries, total, page))
        })
        .await
}

async fn provider(State(platform): State<SharedPlatform>, Path(name): Path<String>) -> Outcome<Json<Value>> {
    let shared = SharedPlatform::clone(&platform);
    platform
        .store
        .run(move |transaction| {
            let provider = market::provider(transaction, &name)?;
            Ok(Json(provider_to_wire(&shared, transaction, &provider)?))
        })
        .await
}

fn provider_to_wire(platform: &Platform, connection: &rusqlite::Connection, provider: &Provider) -> Outcome<Value> {
    let all = Page {
        current: 1,
        size: Page::LARGEST,
    };
    let Listing { entries, .. } = market::categories(connection, Some(&provider.name), all)?;
    let names: Map<String, Value> = entries
        .into_iter()
        .map(|category| (category.name, category.id.into()))
        .collect();
    Ok(json!({
        "name": provider.name,
        "id": provider.id,
        "walletAddress": provider.wallet_address,
        "signAddress": provider.sign_address,
        "apiHost": platform.provider_url(&provider.label),
        "category2ID": names,
    }))
}

async fn currencies(State(platform): State<SharedPlatform>) -> Outcome<Json<Value>> {
    let currencies = platform
        .store
        .run(|transaction| market::currencies(transaction))
        .await?;
    let list: Vec<Value> = currencies
        .iter()
        .map(|currency| {
            json!({
                "symbolName": currency.symbol,
                "contractId": currency.contract_id,
                "unit": currency.unit,
                "exchangeRate": money::number(currency.exchange_rate),
            })
        })
        .collect();
    Ok(Json(json!({ "list": list })))
}

/// The version of the terminal client that this platform was tried with.
async fn latest_client() -> Json<Value> {
    Json(json!({
        "version": "0.12.0",
        "minimalSupported": "0.12.0",
        "changeLog": "The local platform is tried with this version.",
    }))
}
