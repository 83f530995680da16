//! What is typed into the form of a deployment, and what it comes to. No browser, no network: see [`super::fields`] for the
//! signals and [`super::checks`] for what only the provider knows.

mod check;
#[cfg(test)]
mod tests;

use serde::{Deserialize, Serialize};
use vcloud_api::Confidential;
use vcloud_api::types::{CommandLine, Container, Deployment, EnvVar, Login, Port, Protocol};
use vcloud_api::validate::ImageReference;

pub use check::{At, Budget, Checked, Problem, Wrong, located};

/// Everything typed.
///
/// What it serialises to is its draft: passwords, values of variables and config files are left out by construction.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    /// The containers.
    pub containers: Vec<ContainerForm>,
}

/// What was typed for one container.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContainerForm {
    /// Its name.
    pub name: String,
    /// Its image.
    pub image: String,
    /// Whether the image needs a login.
    pub private: bool,
    /// User name at the registry.
    pub username: String,
    /// Password or token.
    #[serde(skip)]
    pub password: Confidential,
    /// How many units it gets.
    pub units: String,
    /// The ports it listens on.
    pub ports: Vec<PortForm>,
    /// Its environment.
    pub envs: Vec<EnvForm>,
    /// What replaces the image's entry point.
    pub command: LineForm,
    /// What replaces the image's arguments.
    pub args: LineForm,
    /// Where the disk appears.
    pub mount_path: String,
    /// Where the config file appears.
    pub config_path: String,
    /// The config file.
    #[serde(skip)]
    pub config: Confidential,
    /// In a draft: the config file was the one that runs.
    pub config_as_running: bool,
}

/// A port as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PortForm {
    /// The port it listens on.
    pub container: String,
    /// The port on the host; empty where the platform chooses.
    pub host: String,
    /// UDP instead of TCP.
    pub udp: bool,
}

/// A variable as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnvForm {
    /// Its name.
    pub name: String,
    /// Its value.
    #[serde(skip)]
    pub value: Confidential,
    /// In a draft: the value was the one that runs.
    pub as_running: bool,
}

/// A command line as typed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct LineForm {
    /// The text.
    pub typed: String,
    /// What the text was made from, which is sent back as it came while the text is not changed.
    pub came_as: Option<CommandLine>,
}

impl LineForm {
    fn from_line(line: &CommandLine) -> LineForm {
        LineForm {
            typed: line.to_string(),
            came_as: (!line.is_empty()).then(|| line.clone()),
        }
    }

    /// What it means; `None` where a quote is not closed.
    fn line(&self) -> Option<CommandLine> {
        match &self.came_as {
            Some(line) if line.to_string() == self.typed => Some(line.clone()),
            _ => CommandLine::parse(&self.typed).ok(),
        }
    }
}

impl ContainerForm {
    /// One that nothing was typed for.
    pub fn empty() -> ContainerForm {
        ContainerForm {
            units: "1".to_owned(),
            ..ContainerForm::default()
        }
    }

    fn from_container(container: &Container, login: Option<&Login>) -> ContainerForm {
        let login = login.filter(|login| !login.is_public()).cloned();
        ContainerForm {
            name: container.name.clone(),
            image: container.image_name.clone(),
            private: login.is_some(),
            username: login.as_ref().map(|login| login.username.clone()).unwrap_or_default(),
            password: login.map(|login| login.password.clone()).unwrap_or_default(),
            units: container.resource_unit.to_string(),
            ports: container.ports.iter().map(PortForm::from_port).collect(),
            envs: container.envs.iter().map(EnvForm::from_variable).collect(),
            command: LineForm::from_line(&container.command),
            args: LineForm::from_line(&container.args),
            mount_path: container.mount_path.clone(),
            config_path: container.config_mount_path.clone(),
            config: Confidential::new(container.config.clone()),
            config_as_running: false,
        }
    }

    fn container(&self) -> Container {
        Container {
            name: self.name.trim().to_owned(),
            image_name: self.image.trim().to_owned(),
            resource_unit: number(&self.units),
            ports: self.ports.iter().map(PortForm::port).collect(),
            envs: self.envs.iter().map(EnvForm::variable).collect(),
            mount_path: self.mount_path.trim().to_owned(),
            command: self.command.line().unwrap_or_default(),
            args: self.args.line().unwrap_or_default(),
            config_mount_path: self.config_path.trim().to_owned(),
            config: self.config.expose().to_owned(),
        }
    }

    /// How its image is fetched.
    pub fn login(&self) -> Login {
        if self.private {
            Login {
                username: self.username.trim().to_owned(),
                password: self.password.clone(),
            }
        } else {
            Login::public()
        }
    }

    /// A copy to be changed: under a name of its own, and without ports, which can be there only once.
    pub fn duplicate(&self, taken: &[String]) -> ContainerForm {
        let base = self.name.trim();
        let name = (2..)
            .map(|number| format!("{base}-{number}"))
            .find(|name| !taken.contains(name))
            .unwrap_or_default();
        ContainerForm {
            name: if base.is_empty() { String::new() } else { name },
            ports: Vec::new(),
            ..self.clone()
        }
    }
}

impl PortForm {
    fn from_port(port: &Port) -> PortForm {
        PortForm {
            container: port.container_port.to_string(),
            host: port.host_port.map(|port| port.to_string()).unwrap_or_default(),
            udp: port.protocol == Protocol::Udp,
        }
    }

    fn port(&self) -> Port {
        Port {
            container_port: number(&self.container),
            host_port: self.host_port(),
            protocol: if self.udp { Protocol::Udp } else { Protocol::Tcp },
        }
    }

    /// The port on the host that was chosen: 0 for what is no number, `None` where nothing was typed.
    pub fn host_port(&self) -> Option<u32> {
        (!self.host.trim().is_empty()).then(|| number(&self.host))
    }
}

impl EnvForm {
    fn from_variable(variable: &EnvVar) -> EnvForm {
        EnvForm {
            name: variable.name.clone(),
            value: variable.value.clone(),
            as_running: false,
        }
    }

    fn variable(&self) -> EnvVar {
        EnvVar {
            name: self.name.trim().to_owned(),
            value: self.value.clone(),
        }
    }
}

impl Form {
    /// What a first deployment begins with.
    pub fn new() -> Form {
        Form {
            containers: vec![ContainerForm::empty()],
        }
    }

    /// The form of a deployment.
    pub fn from_deployment(deployment: &Deployment) -> Form {
        let containers = deployment.containers.iter().enumerate();
        Form {
            containers: containers
                .map(|(index, container)| ContainerForm::from_container(container, deployment.pvt_login.get(index)))
                .collect(),
        }
    }

    /// What it comes to, also where that is not right yet: what is no number is 0, what can't be divided into words is empty.
    pub fn deployment(&self) -> Deployment {
        Deployment {
            containers: self.containers.iter().map(ContainerForm::container).collect(),
            pvt_login: self.containers.iter().map(ContainerForm::login).collect(),
        }
    }

    /// Takes host ports out, for a service whose ports the platform chooses. Answers how many there were.
    pub fn drop_host_ports(&mut self) -> usize {
        let ports = self.containers.iter_mut().flat_map(|container| &mut container.ports);
        ports
            .filter(|port| !port.host.is_empty())
            .map(|port| port.host.clear())
            .count()
    }

    /// The form as a draft keeps it: what is left out is marked where it is nothing else than what runs.
    #[must_use]
    pub fn draft(mut self, running: Option<&Deployment>) -> Form {
        for container in &mut self.containers {
            let same = running.and_then(|running| of_name(running, &container.name));
            container.config_as_running = same.is_some_and(|same| same.config == container.config.expose());
            for variable in &mut container.envs {
                variable.as_running = same.is_some_and(|same| value_of(same, &variable.name) == Some(&variable.value));
            }
        }
        self
    }

    /// The form without what a draft leaves out.
    #[must_use]
    pub fn without_secrets(mut self) -> Form {
        for container in &mut self.containers {
            container.password = Confidential::default();
            container.config = Confidential::default();
            for variable in &mut container.envs {
                variable.value = Confidential::default();
            }
        }
        self
    }

    /// Fills in what a draft left out, as far as it is what runs.
    pub fn complete(&mut self, running: Option<&Deployment>) {
        for container in &mut self.containers {
            let Some(same) = running.and_then(|running| of_name(running, &container.name)) else {
                continue;
            };
            if container.config_as_running {
                container.config = Confidential::new(same.config.clone());
            }
            for variable in container.envs.iter_mut().filter(|variable| variable.as_running) {
                variable.value = value_of(same, &variable.name).cloned().unwrap_or_default();
            }
        }
    }
}

fn of_name<'a>(deployment: &'a Deployment, name: &str) -> Option<&'a Container> {
    deployment
        .containers
        .iter()
        .find(|container| container.name == name.trim())
}

fn value_of<'a>(container: &'a Container, name: &str) -> Option<&'a Confidential> {
    let mut variables = container.envs.iter();
    variables
        .find(|variable| variable.name == name.trim())
        .map(|variable| &variable.value)
}

/// The user name that a private image is usually fetched with; empty where the image does not name one.
pub fn usual_user(image: &str) -> String {
    ImageReference::parse(image.trim())
        .ok()
        .and_then(|image| image.user_name().map(str::to_owned))
        .unwrap_or_default()
}

/// The number typed; 0 where it is none, so that the rules refuse it.
fn number(text: &str) -> u32 {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        text.parse().unwrap_or(u32::MAX)
    } else {
        0
    }
}
