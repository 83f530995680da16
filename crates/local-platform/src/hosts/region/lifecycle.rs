//! Deploying, and what turns a running service off and on.

use axum::Json;
use axum::extract::State;
use rusqlite::Connection;
use serde_json::Value;
use vcloud_api::types::{Deployment, Port};

use super::information::is_free;
use super::{bring_into_force, require_images, require_running, store_change};
use crate::authorise::{Plain, Secret};
use crate::hosts::Host;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal, done};
use crate::store::notices::NoticeType;
use crate::store::services::{Status, UserService};
use crate::{deployments, random, rules};

/// Ports that the platform gives out where the owner does not choose.
const RANDOM_PORTS: std::ops::Range<u64> = 30_000..60_000;

/// Deploys a service for the first time; from now on its time runs.
pub async fn deploy(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    Plain(wanted): Plain<Deployment>,
) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    let (service, deployment) = platform
        .store
        .run(move |transaction| {
            let service = secret.open_living(transaction, &host)?;
            if service.status != Status::Pending {
                return Err(Refusal::invalid("the service is deployed already: update it"));
            }
            let deployment = checked(transaction, &service, wanted)?;
            Ok((service, deployment))
        })
        .await?;
    require_images(&platform, &deployment).await?;
    bring_into_force(&platform, service, deployment, NoticeType::Deployed).await?;
    Ok(done())
}

/// Replaces what runs in a service.
pub async fn update(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    Plain(wanted): Plain<Deployment>,
) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    let (service, deployment) = platform
        .store
        .run(move |transaction| {
            let service = secret.open_living(transaction, &host)?;
            require_running(&service)?;
            let deployment = checked(transaction, &service, wanted)?;
            Ok((service, deployment))
        })
        .await?;
    require_images(&platform, &deployment).await?;
    bring_into_force(&platform, service, deployment, NoticeType::Updated).await?;
    Ok(done())
}

/// Checks a deployment against the rules and what was bought, and completes it: a login for each container, a port on the
/// host for each port.
fn checked(connection: &Connection, service: &UserService, mut deployment: Deployment) -> Outcome<Deployment> {
    if deployment.pvt_login.is_empty() {
        deployment
            .pvt_login
            .resize(deployment.containers.len(), Default::default());
    }
    rules::deployment(service, &deployment)?;
    let mut given: Vec<u16> = deployments::host_ports(&deployment);
    for port in &given {
        if !is_free(connection, &service.provider, &service.region, &service.id, *port)? {
            return Err(Refusal::invalid(format!("host port {port} is occupied")));
        }
    }
    let before = deployments::kept(service).unwrap_or_default();
    for port in deployment
        .containers
        .iter_mut()
        .flat_map(|container| &mut container.ports)
    {
        if port.host_port.is_none() {
            // A port that the service has already stays, so that who uses it finds it after an update.
            let number = port_before(&before, port).filter(|number| !given.contains(number));
            let number = number.map_or_else(|| free_port(connection, service, &given), Ok)?;
            given.push(number);
            port.host_port = Some(number.into());
        }
    }
    Ok(deployment)
}

/// The port on the host that an earlier deployment had for a port of a container.
fn port_before(before: &Deployment, port: &Port) -> Option<u16> {
    let mut ports = before.containers.iter().flat_map(|container| &container.ports);
    let same = ports.find(|known| known.container_port == port.container_port && known.protocol == port.protocol)?;
    u16::try_from(same.host_port?).ok()
}

/// A free port of the region's machines.
fn free_port(connection: &Connection, service: &UserService, given: &[u16]) -> Outcome<u16> {
    let count = RANDOM_PORTS.end - RANDOM_PORTS.start;
    let first = random::below(count);
    for step in 0..count {
        let number = u16::try_from(RANDOM_PORTS.start + (first + step) % count).unwrap_or(u16::MAX);
        if !given.contains(&number) && is_free(connection, &service.provider, &service.region, &service.id, number)? {
            return Ok(number);
        }
    }
    Err(Refusal::new(503, "the region has no port left"))
}

/// The deployment in force.
pub async fn info(State(platform): State<SharedPlatform>, host: Host, secret: Secret) -> Outcome<Json<Value>> {
    let service = platform
        .store
        .run(move |transaction| secret.open(transaction, &host))
        .await?;
    let deployment = deployments::kept(&service)?;
    Ok(Json(deployments::to_show(&deployment, &service)))
}

/// Restarts a running service.
pub async fn restart(State(platform): State<SharedPlatform>, host: Host, secret: Secret) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    let service = platform
        .store
        .run(move |transaction| secret.open_living(transaction, &host))
        .await?;
    require_running(&service)?;
    let record = platform.runtime.restart(&service.id, now(&platform)).await?;
    store_change(&platform, service, record, NoticeType::Restarted).await?;
    Ok(done())
}

/// Pauses a running service. Its time goes on.
pub async fn stop(State(platform): State<SharedPlatform>, host: Host, secret: Secret) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    let mut service = platform
        .store
        .run(move |transaction| secret.open_living(transaction, &host))
        .await?;
    require_running(&service)?;
    let record = platform.runtime.stop(&service.id, now(&platform)).await?;
    service.status = Status::Stop;
    store_change(&platform, service, record, NoticeType::Stopped).await?;
    Ok(done())
}

/// Starts a paused service again.
pub async fn start(State(platform): State<SharedPlatform>, host: Host, secret: Secret) -> Outcome<Json<Value>> {
    let _changing = platform.pod_changes.lock().await;
    let mut service = platform
        .store
        .run(move |transaction| secret.open_living(transaction, &host))
        .await?;
    if service.status != Status::Stop {
        return Err(Refusal::invalid("the service is not stopped"));
    }
    let record = platform.runtime.start(&service.id, now(&platform)).await?;
    service.status = Status::Running;
    store_change(&platform, service, record, NoticeType::Started).await?;
    Ok(done())
}

/// Now, as the runtime counts.
fn now(platform: &SharedPlatform) -> u64 {
    u64::try_from(platform.clock.now_millis()).unwrap_or_default()
}
