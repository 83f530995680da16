//! From what an owner deploys to what the runtime runs.

use serde_json::{Value, json};
use vcloud_api::types::Deployment;

use crate::refusal::{Outcome, Refusal};
use crate::runtime::{ContainerSpec, EnvironmentVariable, PodSpec, PortMapping, Protocol, RegistryLogin};
use crate::store::services::UserService;

/// Bytes of memory of one resource unit (contract, Platform, `resourceUnit`).
const UNIT_BYTES: u64 = 1 << 30;
/// Value of the option `portSpecification` that lets the owner choose host ports.
const CHOSEN_PORTS: &str = "User Specified Service Port";

/// Resource units that a service has, 0 for one that cannot run containers.
#[must_use]
pub fn units(service: &UserService) -> u32 {
    let text = service.option("resourceUnit");
    text.split_once('-')
        .and_then(|(number, rest)| (rest == "Unit-Resource").then(|| number.parse().ok())?)
        .unwrap_or(0)
}

/// True when the owner chooses the ports on the host.
#[must_use]
pub fn chooses_ports(service: &UserService) -> bool {
    service.option("portSpecification") == CHOSEN_PORTS
}

/// True when the service has a persistent volume.
#[must_use]
pub fn has_volume(service: &UserService) -> bool {
    service.option("persistStorage") == "Yes"
}

/// The deployment that a service keeps, with every host port.
///
/// # Errors
/// 404 when nothing was deployed yet.
pub fn kept(service: &UserService) -> Outcome<Deployment> {
    let kept = service.deployment.as_deref();
    let kept = kept.ok_or_else(|| Refusal::missing("nothing is deployed"))?;
    serde_json::from_str(kept).map_err(|error| Refusal::internal(&error))
}

/// The deployment as a service keeps it. Written out, since it holds the passwords that texts for people leave out.
#[must_use]
pub fn to_keep(deployment: &Deployment) -> String {
    written(deployment, true, true).to_string()
}

/// The deployment as its owner may see it again: without passwords, and without host ports that the owner did not choose.
#[must_use]
pub fn to_show(deployment: &Deployment, service: &UserService) -> Value {
    written(deployment, false, chooses_ports(service))
}

fn written(deployment: &Deployment, with_passwords: bool, with_host_ports: bool) -> Value {
    let containers: Vec<Value> = deployment
        .containers
        .iter()
        .map(|container| {
            let ports: Vec<Value> = container
                .ports
                .iter()
                .map(|port| {
                    let mut written =
                        json!({ "containerPort": port.container_port, "protocol": port.protocol.as_str() });
                    if let Some(host_port) = port.host_port.filter(|_| with_host_ports) {
                        written["hostPort"] = host_port.into();
                    }
                    written
                })
                .collect();
            let envs: Vec<Value> = container
                .envs
                .iter()
                .map(|variable| json!({ "name": variable.name, "value": variable.value.expose() }))
                .collect();
            json!({
                "name": container.name,
                "imageName": container.image_name,
                "resourceUnit": container.resource_unit,
                "ports": ports,
                "envs": envs,
                "mountPath": container.mount_path,
                "command": container.command.words(),
                "args": container.args.words(),
                "configMountPath": container.config_mount_path,
                "config": container.config,
            })
        })
        .collect();
    let logins: Vec<Value> = deployment
        .pvt_login
        .iter()
        .map(|login| json!({ "username": login.username, "password": if with_passwords { login.password.expose() } else { "" } }))
        .collect();
    json!({ "containers": containers, "pvtLogin": logins })
}

/// Every port on the host that a deployment uses.
#[must_use]
pub fn host_ports(deployment: &Deployment) -> Vec<u16> {
    let ports = deployment.containers.iter().flat_map(|container| &container.ports);
    ports
        .filter_map(|port| port.host_port)
        .filter_map(|port| u16::try_from(port).ok())
        .collect()
}

/// What the runtime is to run.
///
/// # Errors
/// 500 for a deployment whose ports were not completed first.
pub fn pod_spec(service: &UserService, deployment: &Deployment, host_ip: &str) -> Outcome<PodSpec> {
    let port = |number: u32| u16::try_from(number).map_err(|error| Refusal::internal(&error));
    let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    let mut containers = Vec::with_capacity(deployment.containers.len());
    for container in &deployment.containers {
        let mut ports = Vec::with_capacity(container.ports.len());
        for mapping in &container.ports {
            let host_port = mapping
                .host_port
                .ok_or_else(|| Refusal::internal(&"a port without one on the host"))?;
            let udp = mapping.protocol == vcloud_api::types::Protocol::Udp;
            ports.push(PortMapping {
                container_port: port(mapping.container_port)?,
                host_port: port(host_port)?,
                protocol: if udp { Protocol::Udp } else { Protocol::Tcp },
            });
        }
        containers.push(ContainerSpec {
            name: container.name.clone(),
            image: container.image_name.clone(),
            command: container.command.words(),
            args: container.args.words(),
            env: container
                .envs
                .iter()
                .map(|variable| EnvironmentVariable {
                    name: variable.name.clone(),
                    value: variable.value.expose().to_owned(),
                })
                .collect(),
            ports,
            mount_path: text(&container.mount_path),
            memory_bytes: u64::from(container.resource_unit) * UNIT_BYTES,
            config_mount_path: text(&container.config_mount_path),
            config: text(&container.config),
        });
    }
    let logins = (0..containers.len()).map(|index| {
        deployment
            .pvt_login
            .get(index)
            .map_or_else(RegistryLogin::default, |login| RegistryLogin {
                username: login.username.clone(),
                password: login.password.expose().to_owned(),
            })
    });
    Ok(PodSpec {
        service_id: service.id.clone(),
        namespace: service.address.clone(),
        host_ip: host_ip.to_owned(),
        logins: logins.collect(),
        containers,
    })
}

/// The machine that a service is placed on: always the same one of its region's few.
#[must_use]
pub fn host_ip(service: &UserService) -> String {
    let sum = |text: &str| {
        text.bytes()
            .fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte)))
    };
    // 203.0.113.0/24 and 198.51.100.0/24 are set aside for documentation: nobody is there.
    let network = if sum(&service.region) % 2 == 0 {
        "203.0.113"
    } else {
        "198.51.100"
    };
    format!(
        "{network}.{}",
        10 + (sum(&service.region) / 2 % 16) * 8 + sum(&service.id) % 8
    )
}
