//! How a service runs, and what it uses.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use vcloud_api::types::{Container, Deployment};

use super::require_deployed;
use crate::authorise::Secret;
use crate::deployments;
use crate::hosts::Host;
use crate::platform::SharedPlatform;
use crate::query::Query;
use crate::refusal::{Outcome, Refusal};
use crate::store::pods::{self, Domain};

/// State of the pod, its description, and the service's domains; `{}` for a stopped service.
pub async fn status(State(platform): State<SharedPlatform>, host: Host, secret: Secret) -> Outcome<Json<Value>> {
    let (service, domains) = platform
        .store
        .run(move |transaction| {
            let service = secret.open_living(transaction, &host)?;
            require_deployed(&service)?;
            let domains = pods::domains(transaction, &service.id)?;
            Ok((service, domains))
        })
        .await?;
    let Some(status) = platform.runtime.status(&service.id).await? else {
        return Ok(Json(json!({})));
    };
    let deployment = deployments::kept(&service)?;
    Ok(Json(json!({
        "podStatus": status,
        "podSpec": pod_spec(&deployment),
        "domains": if domains.is_empty() { Value::Null } else { domains.iter().map(domain_to_wire).collect() },
    })))
}

fn domain_to_wire(domain: &Domain) -> Value {
    json!({ "domain": domain.domain, "containerPort": domain.container_port, "isHttps": domain.is_https })
}

fn pod_spec(deployment: &Deployment) -> Value {
    let containers: Vec<Value> = deployment.containers.iter().map(container_spec).collect();
    json!({ "containers": containers })
}

/// A container as Kubernetes describes it, which leaves out what is empty.
fn container_spec(container: &Container) -> Value {
    let mut spec = Map::new();
    spec.insert("name".to_owned(), container.name.clone().into());
    spec.insert("image".to_owned(), container.image_name.clone().into());
    let ports: Vec<Value> = container
        .ports
        .iter()
        .map(|port| {
            json!({ "hostPort": port.host_port, "containerPort": port.container_port, "protocol": port.protocol.as_str() })
        })
        .collect();
    let env: Vec<Value> = container
        .envs
        .iter()
        .map(|variable| json!({ "name": variable.name, "value": variable.value.expose() }))
        .collect();
    for (name, values) in [("ports", ports), ("env", env)] {
        if !values.is_empty() {
            spec.insert(name.to_owned(), values.into());
        }
    }
    for (name, words) in [("command", container.command.words()), ("args", container.args.words())] {
        if !words.is_empty() {
            spec.insert(name.to_owned(), words.into());
        }
    }
    spec.insert(
        "resources".to_owned(),
        json!({ "limits": { "memory": format!("{}Gi", container.resource_unit) } }),
    );
    spec.into()
}

/// What the containers use now: all of them, or those that are named.
pub async fn monitor(
    State(platform): State<SharedPlatform>,
    host: Host,
    secret: Secret,
    query: Query,
) -> Outcome<Json<Value>> {
    let service = platform
        .store
        .run(move |transaction| {
            let service = secret.open_living(transaction, &host)?;
            super::require_running(&service)?;
            Ok(service)
        })
        .await?;
    let metrics = platform.runtime.metrics(&service.id).await?;
    let named = query.all("containers");
    for name in &named {
        if !metrics.containers.iter().any(|container| container.name == *name) {
            return Err(Refusal::missing(format!("no container named {name}")));
        }
    }
    if named.is_empty() && !query.flag("allContainers") {
        return Err(Refusal::invalid("containers or allContainers is needed"));
    }
    let wanted = metrics
        .containers
        .iter()
        .filter(|container| named.is_empty() || named.contains(&container.name.as_str()));
    let (mut cpu, mut memory) = (Map::new(), Map::new());
    for container in wanted {
        cpu.insert(container.name.clone(), json!({ "value": container.cpu }));
        memory.insert(
            container.name.clone(),
            json!({ "value": container.memory_bytes, "limitValue": container.memory_limit_bytes }),
        );
    }
    Ok(Json(json!({
        "cpu": cpu,
        "memory": memory,
        "networkDownload": { "value": metrics.network_download },
        "networkUpload": { "value": metrics.network_upload },
        "storage": metrics.storage_bytes.map(|bytes| json!({ "value": bytes })),
    })))
}
