//! A deployment as a text to be read before it is sent, and to be compared with what runs. Values of variables and passwords
//! are masked; of a value it is only said whether it is another one.

use std::fmt::Write as _;

use vcloud_api::types::{Container, Deployment};

/// Stands for what is not shown.
pub const MASK: &str = "••••••";

/// What the parts are called.
#[derive(Clone, Copy)]
pub struct Labels {
    pub image: &'static str,
    pub login: &'static str,
    pub units: &'static str,
    pub port: &'static str,
    pub host_port: &'static str,
    pub variable: &'static str,
    pub new_value: &'static str,
    pub command: &'static str,
    pub args: &'static str,
    pub mount_path: &'static str,
    pub config: &'static str,
}

/// The deployment in lines. `before` is what values are compared with.
pub fn summary(deployment: &Deployment, before: Option<&Deployment>, labels: &Labels) -> String {
    let mut text = String::new();
    for (index, container) in deployment.containers.iter().enumerate() {
        if index > 0 {
            text.push('\n');
        }
        let same = before.and_then(|before| before.containers.iter().find(|other| other.name == container.name));
        let login = deployment.pvt_login.get(index).filter(|login| !login.is_public());
        let user = login.map(|login| login.username.as_str());
        write_container(&mut text, container, user, same, labels);
    }
    text
}

fn write_container(
    text: &mut String,
    container: &Container,
    user: Option<&str>,
    same: Option<&Container>,
    labels: &Labels,
) {
    let mut lines = Vec::new();
    lines.push((labels.image, container.image_name.clone()));
    if let Some(user) = user {
        lines.push((labels.login, format!("{user} {MASK}")));
    }
    lines.push((labels.units, container.resource_unit.to_string()));
    for port in &container.ports {
        let host = port.host_port.map(|host| format!(" ({} {host})", labels.host_port));
        lines.push((
            labels.port,
            format!("{}/{}{}", port.container_port, port.protocol, host.unwrap_or_default()),
        ));
    }
    for variable in &container.envs {
        let known = same.and_then(|same| same.envs.iter().find(|known| known.name == variable.name));
        let is_new = known.is_some_and(|known| known.value != variable.value);
        let note = if is_new {
            format!(" ({})", labels.new_value)
        } else {
            String::new()
        };
        lines.push((labels.variable, format!("{} = {MASK}{note}", variable.name)));
    }
    for (label, words) in [(labels.command, &container.command), (labels.args, &container.args)] {
        if !words.is_empty() {
            lines.push((label, words.to_string()));
        }
    }
    if !container.mount_path.is_empty() {
        lines.push((labels.mount_path, container.mount_path.clone()));
    }
    if !container.config_mount_path.is_empty() {
        lines.push((labels.config, container.config_mount_path.clone()));
    }
    let _ = writeln!(text, "{}", container.name);
    for (label, value) in lines {
        // What spans several lines stays below its label.
        let _ = writeln!(text, "  {label}: {}", value.replace('\n', "\n    "));
    }
    for row in container.config.lines() {
        let _ = writeln!(text, "    | {row}");
    }
}

#[cfg(test)]
mod tests {
    use vcloud_api::types::{CommandLine, EnvVar, Login, Port, Protocol};

    use super::*;

    const LABELS: Labels = Labels {
        image: "image",
        login: "login",
        units: "units",
        port: "port",
        host_port: "host",
        variable: "variable",
        new_value: "new",
        command: "command",
        args: "arguments",
        mount_path: "disk",
        config: "file",
    };

    fn deployment(value: &str) -> Deployment {
        Deployment {
            containers: vec![
                Container {
                    name: "web".into(),
                    image_name: "alice/web:1".into(),
                    resource_unit: 2,
                    ports: vec![
                        Port {
                            container_port: 80,
                            host_port: Some(30_080),
                            protocol: Protocol::Udp,
                        },
                        Port {
                            container_port: 81,
                            ..Port::default()
                        },
                    ],
                    envs: vec![EnvVar {
                        name: "TOKEN".into(),
                        value: value.into(),
                    }],
                    mount_path: "/data".into(),
                    command: CommandLine::Words(vec!["sh".into(), "-c".into(), "a\nb".into()]),
                    config_mount_path: "/etc/a.conf".into(),
                    config: "a\nb\n".into(),
                    ..Container::default()
                },
                Container {
                    name: "cache".into(),
                    image_name: "redis".into(),
                    resource_unit: 1,
                    ..Container::default()
                },
            ],
            pvt_login: vec![
                Login {
                    username: "alice".into(),
                    password: "hunter2".into(),
                },
                Login::public(),
            ],
        }
    }

    #[test]
    fn everything_is_there_and_secrets_are_masked() {
        let text = summary(&deployment("swordfish"), None, &LABELS);
        assert_eq!(
            text,
            "web\n  image: alice/web:1\n  login: alice ••••••\n  units: 2\n  port: 80/UDP (host 30080)\n  port: 81/TCP\n  \
             variable: TOKEN = ••••••\n  command: sh -c 'a\n    b'\n  disk: /data\n  file: /etc/a.conf\n    | a\n    | b\n\n\
             cache\n  image: redis\n  units: 1\n"
        );
    }

    #[test]
    fn another_value_is_a_change_that_can_be_seen() {
        let (before, after) = (deployment("swordfish"), deployment("hunter3"));
        assert_eq!(
            summary(&before, Some(&before), &LABELS),
            summary(&before, None, &LABELS)
        );
        let changed = summary(&after, Some(&before), &LABELS);
        assert!(changed.contains("TOKEN = •••••• (new)") && !changed.contains("hunter3"));
    }
}
