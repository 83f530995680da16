//! Domains that lead to a service. These calls are signed by the owner and carry the secret as well.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::Value;

use super::require_deployed;
use super::settings::opened_by_owner;
use crate::authorise::{Secret, Signed};
use crate::hosts::Host;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal, done};
use crate::store::market;
use crate::store::pods::{self, Domain};
use crate::store::services::UserService;
use crate::{deployments, rules};

/// How long an older provider takes bindings one after the other, once all were unbound.
const REBINDING_FOR: Duration = Duration::from_secs(300);

/// Services at older providers whose domains were all unbound lately.
#[derive(Default)]
pub struct Rebindings(Mutex<HashMap<String, Instant>>);

impl Rebindings {
    fn begin(&self, user_service_id: &str) {
        let mut since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since.insert(user_service_id.to_owned(), Instant::now());
    }

    fn is_open(&self, user_service_id: &str) -> bool {
        let since = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        since
            .get(user_service_id)
            .is_some_and(|since| since.elapsed() < REBINDING_FOR)
    }
}

/// A domain to bind.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct BindRequest {
    domain: String,
    container_port: u16,
    /// Certificates of one's own are not taken; the field is always `false`.
    #[serde(default)]
    is_encry_byself: bool,
    #[serde(default)]
    is_letsencrypt: Option<bool>,
}

/// Leads a domain to a port of the service's containers.
pub async fn bind(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    signed: Signed,
) -> Outcome<Json<Value>> {
    let wanted: BindRequest = signed.json()?;
    rules::domain(&wanted.domain)?;
    if wanted.is_encry_byself {
        return Err(Refusal::invalid("certificates of one's own are not supported"));
    }
    let _changing = platform.pod_changes.lock().await;
    let service = opened_by_owner(&platform, host, secret, &signed.address).await?;
    require_deployed(&service)?;
    let ports = deployments::kept(&service)?
        .containers
        .into_iter()
        .flat_map(|container| container.ports);
    if !ports
        .into_iter()
        .any(|port| port.container_port == u32::from(wanted.container_port))
    {
        return Err(Refusal::invalid(format!(
            "no container has the port {}",
            wanted.container_port
        )));
    }
    let is_open = platform.rebindings.is_open(&service.id);
    platform
        .store
        .run(move |transaction| {
            let bound = pods::domains(transaction, &service.id)?;
            if !bound.is_empty() && !is_open {
                require_single_changes(transaction, &service)?;
            }
            let domain = wanted.domain.to_ascii_lowercase();
            if pods::holder_of_domain(transaction, &domain)?.is_some_and(|holder| holder != service.id) {
                return Err(Refusal::invalid(format!("{domain} is bound to another service")));
            }
            let base_domain = rules::base_domain(&domain);
            // The first binding below a base domain decides for all of them.
            let decided = bound
                .iter()
                .find(|known| known.base_domain == base_domain)
                .map(|known| known.is_https);
            let is_https = decided.unwrap_or_else(|| wanted.is_letsencrypt.unwrap_or(false));
            let domain = Domain {
                domain,
                base_domain,
                container_port: wanted.container_port,
                is_https,
            };
            pods::bind(transaction, &service.id, &domain)
        })
        .await?;
    Ok(done())
}

/// Domains to unbind.
#[derive(Deserialize)]
struct UnbindRequest {
    action: String,
    domains: Vec<String>,
}

/// Unbinds some domains.
pub async fn unbind_some(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    signed: Signed,
) -> Outcome<Json<Value>> {
    let wanted: UnbindRequest = signed.json()?;
    if wanted.action != "Del" {
        return Err(Refusal::invalid("action must be Del"));
    }
    if wanted.domains.is_empty() {
        return Err(Refusal::invalid("a domain is needed"));
    }
    let _changing = platform.pod_changes.lock().await;
    let service = opened_by_owner(&platform, host, secret, &signed.address).await?;
    platform
        .store
        .run(move |transaction| {
            require_single_changes(transaction, &service)?;
            for domain in &wanted.domains {
                if !pods::unbind(transaction, &service.id, &domain.to_ascii_lowercase())? {
                    return Err(Refusal::missing(format!("{domain} is not bound to this service")));
                }
            }
            Ok(())
        })
        .await?;
    Ok(done())
}

/// Unbinds all domains.
pub async fn unbind_all(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    signed: Signed,
) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    let service = opened_by_owner(&platform, host, secret, &signed.address).await?;
    platform.rebindings.begin(&service.id);
    platform
        .store
        .run(move |transaction| pods::unbind_all(transaction, &service.id))
        .await?;
    Ok(done())
}

/// Refuses for a provider of the older kind, as those do (contract, Errors, code 501).
fn require_single_changes(connection: &Connection, service: &UserService) -> Outcome<()> {
    if market::provider(connection, &service.provider)?.legacy_ingress {
        return Err(Refusal::new(501, "this provider cannot change one domain at a time"));
    }
    Ok(())
}
