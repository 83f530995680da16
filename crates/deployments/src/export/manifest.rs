//! Kubernetes manifests.

use vcloud_api::types::{Container, Deployment};

use super::yaml::{Yaml, quoted, scalar};

/// The claim that stands for the service's disk.
const DISK: &str = "data";

/// The disk that is bought with a unit, in GiB.
const DISK_PER_UNIT: u64 = 8;

/// A Deployment with all containers in one pod, and before it the ConfigMaps and the claim that it needs.
pub(super) fn write(deployment: &Deployment, service_id: &str) -> String {
    let name = super::name(service_id);
    let mut yaml = Yaml::default();
    let configs: Vec<(usize, &Container)> = deployment
        .containers
        .iter()
        .enumerate()
        .filter(|(_, container)| !container.config_mount_path.is_empty())
        .collect();
    for (index, container) in &configs {
        head(&mut yaml, "v1", "ConfigMap", &config_name(*index, container));
        yaml.line(0, "data:");
        yaml.text(1, &scalar(&file_name(container)), &container.config);
        yaml.line(0, "---");
    }
    let has_disk = deployment
        .containers
        .iter()
        .any(|container| !container.mount_path.is_empty());
    if has_disk {
        let units: u64 = deployment
            .containers
            .iter()
            .map(|container| u64::from(container.resource_unit))
            .sum();
        head(&mut yaml, "v1", "PersistentVolumeClaim", &format!("{name}-{DISK}"));
        yaml.line(0, "spec:");
        yaml.line(1, "accessModes: [ReadWriteOnce]");
        yaml.line(1, "resources:");
        yaml.line(2, "requests:");
        yaml.line(3, &format!("storage: {}Gi", DISK_PER_UNIT * units.max(1)));
        yaml.line(0, "---");
    }
    head(&mut yaml, "apps/v1", "Deployment", &name);
    yaml.line(0, "spec:");
    yaml.line(1, "replicas: 1");
    yaml.line(1, "selector:");
    yaml.line(2, "matchLabels:");
    yaml.scalar(3, "app", &name);
    yaml.line(1, "template:");
    yaml.line(2, "metadata:");
    yaml.line(3, "labels:");
    yaml.scalar(4, "app", &name);
    yaml.line(2, "spec:");
    yaml.line(3, "containers:");
    for (index, container) in deployment.containers.iter().enumerate() {
        write_container(&mut yaml, index, container);
    }
    if has_disk || !configs.is_empty() {
        yaml.line(3, "volumes:");
    }
    if has_disk {
        yaml.scalar(4, "- name", DISK);
        yaml.line(5, "persistentVolumeClaim:");
        yaml.scalar(6, "claimName", &format!("{name}-{DISK}"));
    }
    for (index, container) in configs {
        yaml.scalar(4, "- name", &config_name(index, container));
        yaml.line(5, "configMap:");
        yaml.scalar(6, "name", &config_name(index, container));
    }
    yaml.finish()
}

fn head(yaml: &mut Yaml, version: &str, kind: &str, name: &str) {
    yaml.scalar(0, "apiVersion", version);
    yaml.scalar(0, "kind", kind);
    yaml.line(0, "metadata:");
    yaml.scalar(1, "name", name);
}

fn write_container(yaml: &mut Yaml, index: usize, container: &Container) {
    yaml.scalar(4, "- name", &container.name);
    yaml.scalar(5, "image", &container.image_name);
    yaml.words(5, "command", &container.command.words());
    yaml.words(5, "args", &container.args.words());
    if !container.ports.is_empty() {
        yaml.line(5, "ports:");
        for port in &container.ports {
            yaml.line(6, &format!("- containerPort: {}", port.container_port));
            if let Some(host) = port.host_port {
                yaml.line(7, &format!("hostPort: {host}"));
            }
            yaml.scalar(7, "protocol", port.protocol.as_str());
        }
    }
    if !container.envs.is_empty() {
        yaml.line(5, "env:");
        for variable in &container.envs {
            yaml.scalar(6, "- name", &variable.name);
            yaml.line(7, &format!("value: {}", quoted(variable.value.expose())));
        }
    }
    if container.resource_unit > 0 {
        yaml.line(5, "resources:");
        yaml.line(6, "limits:");
        yaml.line(7, &format!("memory: {}Gi", container.resource_unit));
    }
    let has_config = !container.config_mount_path.is_empty();
    if has_config || !container.mount_path.is_empty() {
        yaml.line(5, "volumeMounts:");
    }
    if !container.mount_path.is_empty() {
        yaml.scalar(6, "- name", DISK);
        yaml.scalar(7, "mountPath", &container.mount_path);
    }
    if has_config {
        yaml.scalar(6, "- name", &config_name(index, container));
        yaml.scalar(7, "mountPath", &container.config_mount_path);
        yaml.scalar(7, "subPath", &file_name(container));
    }
}

fn config_name(index: usize, container: &Container) -> String {
    format!("{}-config-{}", super::name(&container.name), index + 1)
}

/// What the config file is called in its ConfigMap, whose keys have few characters.
fn file_name(container: &Container) -> String {
    let last = container.config_mount_path.rsplit('/').next().unwrap_or_default();
    let is_right = !last.is_empty()
        && !last.starts_with("..")
        && last != "."
        && last
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if is_right { last.to_owned() } else { "config".to_owned() }
}
