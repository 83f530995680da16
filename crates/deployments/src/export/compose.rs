//! Compose files.

use std::collections::HashSet;

use vcloud_api::types::{Container, Deployment, Protocol};

use super::yaml::{Yaml, quoted, scalar};

/// The volume that stands for the service's disk.
const DISK: &str = "data";

/// One service a container, one volume for the disk, one config a config file.
pub(super) fn write(deployment: &Deployment, service_id: &str) -> String {
    let mut yaml = Yaml::default();
    if !service_id.is_empty() {
        // Compose wants lower case.
        yaml.scalar(0, "name", &super::name(service_id));
    }
    yaml.line(0, "services:");
    let mut keys = HashSet::new();
    let mut configs = Vec::new();
    for container in &deployment.containers {
        // Names that are there twice are wrong, but no reason to write a file that cannot be read.
        let mut key = container.name.clone();
        let mut number = 2;
        while !keys.insert(key.clone()) {
            key = format!("{}-{number}", container.name);
            number += 1;
        }
        service(&mut yaml, &key, container);
        if !container.config_mount_path.is_empty() {
            configs.push((key, container.config.as_str()));
        }
    }
    if deployment
        .containers
        .iter()
        .any(|container| !container.mount_path.is_empty())
    {
        yaml.line(0, "volumes:");
        yaml.line(1, &format!("{DISK}: {{}}"));
    }
    if !configs.is_empty() {
        yaml.line(0, "configs:");
        for (key, contents) in configs {
            yaml.line(1, &format!("{}:", scalar(&config_name(&key))));
            yaml.text(2, "content", &escaped(contents));
        }
    }
    yaml.finish()
}

fn service(yaml: &mut Yaml, key: &str, container: &Container) {
    yaml.line(1, &format!("{}:", scalar(key)));
    yaml.scalar(2, "image", &escaped(&container.image_name));
    let words = |words: Vec<String>| words.iter().map(|word| escaped(word)).collect::<Vec<_>>();
    yaml.words(2, "entrypoint", &words(container.command.words()));
    yaml.words(2, "command", &words(container.args.words()));
    if !container.ports.is_empty() {
        yaml.line(2, "ports:");
        for port in &container.ports {
            let host = port.host_port.map(|host| format!("{host}:")).unwrap_or_default();
            let protocol = match &port.protocol {
                Protocol::Tcp => String::new(),
                other => format!("/{}", other.as_str().to_ascii_lowercase()),
            };
            let text = format!("{host}{}{protocol}", port.container_port);
            yaml.line(3, &format!("- {}", quoted(&text)));
        }
    }
    if !container.envs.is_empty() {
        yaml.line(2, "environment:");
        for variable in &container.envs {
            let text = format!("{}={}", variable.name, escaped(variable.value.expose()));
            yaml.line(3, &format!("- {}", scalar(&text)));
        }
    }
    if !container.mount_path.is_empty() {
        yaml.line(2, "volumes:");
        let path = escaped(&container.mount_path);
        // A colon would end the path.
        if path.contains(':') {
            yaml.scalar(3, "- type", "volume");
            yaml.scalar(3, "  source", DISK);
            yaml.scalar(3, "  target", &path);
        } else {
            yaml.line(3, &format!("- {}", scalar(&format!("{DISK}:{path}"))));
        }
    }
    if !container.config_mount_path.is_empty() {
        yaml.line(2, "configs:");
        yaml.scalar(3, "- source", &config_name(key));
        yaml.scalar(3, "  target", &escaped(&container.config_mount_path));
    }
    if container.resource_unit > 0 {
        yaml.line(2, "deploy:");
        yaml.line(3, "resources:");
        yaml.line(4, "limits:");
        yaml.line(5, &format!("memory: {}G", container.resource_unit));
    }
    yaml.scalar(2, "restart", "always");
}

fn config_name(key: &str) -> String {
    format!("{key}-config")
}

/// Compose takes a dollar sign for the beginning of a variable.
fn escaped(text: &str) -> String {
    text.replace('$', "$$")
}
