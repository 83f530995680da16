//! A DNS-over-HTTPS resolver (`/dns-query`) that answers in JSON, as public ones do for browsers. It knows what `/dev/dns` was told, and
//! where the domains of the demonstration point.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::authorise::Plain;
use crate::platform::SharedPlatform;
use crate::query::Query;
use crate::refusal::{Outcome, Refusal};
use crate::store::pods;
use crate::{deployments, rules};

/// Record types (RFC 1035, RFC 3596) and answers.
const TYPE_A: u16 = 1;
const TYPE_CNAME: u16 = 5;
const TYPE_AAAA: u16 = 28;
const NO_ERROR: u16 = 0;
const NO_SUCH_NAME: u16 = 3;

/// So many aliases are followed.
const MOST_ALIASES: usize = 8;

/// What is known of a name.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Entry {
    /// The name; `*.` at its beginning stands for any label.
    name: String,
    /// Its addresses.
    #[serde(default)]
    addresses: Vec<IpAddr>,
    /// The name that it is an alias of.
    #[serde(default)]
    alias: Option<String>,
    /// What is answered instead, such as 2 for a failure.
    #[serde(default)]
    status: Option<u16>,
}

/// Everything known.
#[derive(Default)]
pub struct Dns(Mutex<HashMap<String, Entry>>);

impl Dns {
    fn set(&self, mut entry: Entry) {
        entry.name = entry.name.to_ascii_lowercase();
        let mut entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        entries.insert(entry.name.clone(), entry);
    }

    fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn find(&self, name: &str) -> Option<Entry> {
        let entries = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let above = name.split_once('.').map(|(_, above)| format!("*.{above}"));
        entries.get(name).or_else(|| entries.get(&above?)).cloned()
    }
}

/// The resolver's path.
pub fn routes() -> Router<SharedPlatform> {
    Router::new().route("/dns-query", get(resolve))
}

async fn resolve(State(platform): State<SharedPlatform>, query: Query) -> Outcome<Response> {
    let name = query
        .get("name")
        .unwrap_or_default()
        .trim_end_matches('.')
        .to_ascii_lowercase();
    rules::domain(&name)?;
    let kind = match query.get("type").unwrap_or("A") {
        "A" | "1" => TYPE_A,
        "AAAA" | "28" => TYPE_AAAA,
        _ => return Err(Refusal::invalid("type must be A or AAAA")),
    };
    let mut status = NO_ERROR;
    let mut answers = Vec::new();
    let mut next = name.clone();
    for _ in 0..MOST_ALIASES {
        let Some(entry) = known(&platform, &next).await? else {
            status = NO_SUCH_NAME;
            break;
        };
        if let Some(instead) = entry.status {
            status = instead;
            break;
        }
        let of_kind = entry
            .addresses
            .iter()
            .filter(|address| address.is_ipv4() == (kind == TYPE_A));
        answers.extend(of_kind.map(|address| record(&next, kind, &address.to_string())));
        let Some(alias) = entry.alias else { break };
        let alias = alias.to_ascii_lowercase();
        answers.push(record(&next, TYPE_CNAME, &format!("{alias}.")));
        next = alias;
    }
    let mut answer = json!({
        "Status": status,
        "TC": false,
        "RD": true,
        "RA": true,
        "AD": false,
        "CD": false,
        "Question": [{ "name": name, "type": kind }],
    });
    if !answers.is_empty() {
        answer["Answer"] = answers.into();
    }
    let body = answer.to_string();
    Ok(([(header::CONTENT_TYPE, "application/dns-json")], body).into_response())
}

fn record(name: &str, kind: u16, data: &str) -> Value {
    json!({ "name": name, "type": kind, "TTL": 300, "data": data })
}

/// What was told of a name, else what the demonstration has.
async fn known(platform: &SharedPlatform, name: &str) -> Outcome<Option<Entry>> {
    if let Some(entry) = platform.dns.find(name) {
        return Ok(Some(entry));
    }
    let entry = |addresses: Vec<IpAddr>, alias: Option<&str>| Entry {
        name: name.to_owned(),
        addresses,
        alias: alias.map(str::to_owned),
        status: None,
    };
    // One of each kind: at the host, by way of another name, elsewhere. All others have no record.
    Ok(match name {
        "shop.example.com" => {
            let held = name.to_owned();
            let host = platform
                .store
                .run(move |transaction| {
                    let Some(id) = pods::holder_of_domain(transaction, &held)? else {
                        return Ok(None);
                    };
                    let service = crate::store::services::get(transaction, &id)?;
                    Ok(Some(deployments::host_ip(&service)))
                })
                .await?;
            let address = host.and_then(|host| host.parse().ok());
            Some(entry(address.into_iter().collect(), None))
        }
        "www.example.com" => Some(entry(Vec::new(), Some("shop.example.com"))),
        "status.example.net" => Some(entry(vec![IpAddr::from([192, 0, 2, 44])], None)),
        _ => None,
    })
}

/// Sets what is known of a name.
pub async fn set(State(platform): State<SharedPlatform>, Plain(entry): Plain<Entry>) -> Outcome<Json<Value>> {
    rules::domain(entry.name.strip_prefix("*.").unwrap_or(&entry.name))?;
    if let Some(alias) = &entry.alias {
        rules::domain(alias)?;
    }
    platform.dns.set(entry);
    Ok(Json(json!({ "status": "OK" })))
}

/// Forgets everything that was set.
pub async fn clear(State(platform): State<SharedPlatform>) -> StatusCode {
    platform.dns.clear();
    StatusCode::NO_CONTENT
}
