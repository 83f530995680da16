//! `docker run` lines, one a container.

use std::collections::HashSet;

use vcloud_api::types::{Container, Deployment, Protocol};

use super::shell::word;

/// The volume that stands for the service's disk.
const DISK: &str = "data";

/// A script that runs every container; config files are written first.
pub(super) fn write(deployment: &Deployment) -> String {
    let mut out = String::new();
    let mut files = HashSet::new();
    for container in &deployment.containers {
        let mut file = None;
        if !container.config_mount_path.is_empty() {
            let last = container.config_mount_path.rsplit('/').next().unwrap_or_default();
            let mut name = format!("./{}-{last}", container.name);
            while !files.insert(name.clone()) {
                name.push('_');
            }
            out.push_str(&format!("printf %s {} > {}\n", quoted(&container.config), word(&name)));
            file = Some(name);
        }
        let lines = options(container, file.as_deref());
        out.push_str(&lines.join(" \\\n  "));
        out.push('\n');
    }
    out
}

/// Always in quotes, so that a text of a word looks like one of many lines.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}

fn options(container: &Container, file: Option<&str>) -> Vec<String> {
    let mut lines = vec![format!(
        "docker run -d --restart always --name {}",
        word(&container.name)
    )];
    if container.resource_unit > 0 {
        lines.push(format!("-m {}g", container.resource_unit));
    }
    for port in &container.ports {
        let protocol = match &port.protocol {
            Protocol::Tcp => String::new(),
            other => format!("/{}", other.as_str().to_ascii_lowercase()),
        };
        lines.push(match port.host_port {
            Some(host) => format!("-p {}", word(&format!("{host}:{}{protocol}", port.container_port))),
            // Without a host port, Docker chooses one, as the platform does.
            None => format!("-p {}", word(&format!("{}{protocol}", port.container_port))),
        });
    }
    for variable in &container.envs {
        lines.push(format!(
            "-e {}",
            word(&format!("{}={}", variable.name, variable.value.expose()))
        ));
    }
    if !container.mount_path.is_empty() {
        lines.push(mount("volume", DISK, &container.mount_path));
    }
    if let Some(file) = file {
        lines.push(mount("bind", file, &container.config_mount_path));
    }
    let command = container.command.words();
    let mut last = word(&container.image_name);
    if container.image_name.starts_with('-') {
        // It would be an option.
        last.insert_str(0, "-- ");
    }
    if let Some((first, rest)) = command.split_first() {
        lines.push(format!("--entrypoint {}", word(first)));
        // Docker has one word for the entry point: the others come before the arguments.
        for argument in rest {
            last.push(' ');
            last.push_str(&word(argument));
        }
    }
    for argument in container.args.words() {
        last.push(' ');
        last.push_str(&word(&argument));
    }
    lines.push(last);
    lines
}

fn mount(kind: &str, source: &str, target: &str) -> String {
    // A colon would end the path.
    if target.contains(':') {
        format!(
            "--mount {}",
            word(&format!("type={kind},source={source},target={target}"))
        )
    } else {
        format!("-v {}", word(&format!("{source}:{target}")))
    }
}
