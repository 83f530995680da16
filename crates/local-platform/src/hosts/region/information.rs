//! What is known of a service, and what has to be known before deploying one.

use axum::Json;
use axum::extract::State;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use vcloud_api::types::PortCheckRequest;

use crate::authorise::{Plain, Secret};
use crate::hosts::{Headers, Host};
use crate::platform::SharedPlatform;
use crate::query::Query;
use crate::refusal::{Outcome, Refusal, done};
use crate::runtime::{ImageCheck, RegistryLogin};
use crate::store::pods;

/// Ports that the machines themselves use: SSH and Kubernetes.
const RESERVED_PORTS: [u16; 3] = [22, 6443, 10_250];

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

/// Names of the provider's regions.
pub async fn regions(State(platform): State<SharedPlatform>, host: Host) -> Json<Value> {
    Json(json!(platform.hosts.regions(host.provider())))
}

/// Whether an image can be pulled with a login.
pub async fn image(State(platform): State<SharedPlatform>, query: Query, headers: Headers) -> Outcome<Json<Value>> {
    let bad_format = || Refusal::invalid("image format not allow.Format: image:tag");
    let image = query.get("image").ok_or_else(bad_format)?;
    let tag = query.get("tag").ok_or_else(bad_format)?;
    let login = RegistryLogin {
        username: decoded(&headers, "username")?,
        password: decoded(&headers, "password")?,
    };
    let login = (!login.is_empty()).then_some(login);
    match platform
        .runtime
        .check_image(&format!("{image}:{tag}"), login.as_ref())
        .await?
    {
        ImageCheck::Exists => Ok(done()),
        ImageCheck::BadFormat => Err(bad_format()),
        // Registries do not tell a private image from one that is not there.
        ImageCheck::Missing | ImageCheck::NeedsLogin => Err(Refusal::missing("image does not exist.")),
    }
}

fn decoded(headers: &Headers, name: &str) -> Outcome<String> {
    let refused = || Refusal::invalid(format!("the {name} header is not Base64 of a text"));
    String::from_utf8(BASE64.decode(headers.text(name)).map_err(|_| refused())?).map_err(|_| refused())
}

/// Which of these ports of the region's machines are taken by another service.
pub async fn check_ports(
    State(platform): State<SharedPlatform>,
    host: Host,
    Plain(wanted): Plain<PortCheckRequest>,
) -> Outcome<Json<Value>> {
    if wanted.region.is_empty() || wanted.ports.is_empty() || wanted.user_service_id.is_empty() {
        return Err(Refusal::invalid("item field empty"));
    }
    let Host::Region { provider, region } = host else {
        return Err(Refusal::missing("ports belong to a region"));
    };
    if wanted.region != region {
        return Ok(Json(json!({ "status": "NoResource", "occupied": [] })));
    }
    let occupied = platform
        .store
        .run(move |transaction| {
            let mut occupied = Vec::new();
            for port in wanted.ports {
                let number = u16::try_from(port).ok().filter(|number| *number > 0);
                let number = number.ok_or_else(|| Refusal::invalid("a port is 1 to 65535"))?;
                let holder = pods::holder_of_port(transaction, &provider, &region, number)?;
                if RESERVED_PORTS.contains(&number) || holder.is_some_and(|holder| holder != wanted.user_service_id) {
                    occupied.push(number);
                }
            }
            Ok(occupied)
        })
        .await?;
    let status = if occupied.is_empty() {
        "NotOccupied"
    } else {
        "PortsOccupied"
    };
    Ok(Json(json!({ "status": status, "occupied": occupied })))
}

/// True when a service may use a port of its region's machines.
///
/// # Errors
/// When the database fails.
pub fn is_free(
    connection: &rusqlite::Connection,
    provider: &str,
    region: &str,
    user_service_id: &str,
    port: u16,
) -> Outcome<bool> {
    let holder = pods::holder_of_port(connection, provider, region, port)?;
    Ok(!RESERVED_PORTS.contains(&port) && holder.is_none_or(|holder| holder == user_service_id))
}
