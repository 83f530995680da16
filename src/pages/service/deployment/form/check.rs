//! The form held against the rules and against what was bought.

use vcloud_api::types::{Deployment, ServiceOptions};
use vcloud_api::validate::{DeploymentError, EnvNameError, Field, ImageError, NameError};

use super::{ContainerForm, Form};

/// A part of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum At {
    /// One that the rules of a deployment name.
    Part(Field),
    /// The command.
    Command,
    /// The arguments.
    Args,
}

/// What is wrong with a part of the form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A rule of deployments.
    Rule(DeploymentError),
    /// A quote is not closed.
    UnclosedQuote,
    /// A config file that appears nowhere.
    ConfigWithoutPath,
    /// In the words of the platform.
    Said(String),
}

/// One thing that is wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The container, counted from 0; `None` for all of them together.
    pub container: Option<usize>,
    /// The part.
    pub at: At,
    /// What.
    pub problem: Problem,
    /// Nothing was typed there yet: not said before somebody wants to go on.
    pub missing: bool,
}

/// What is used of what was bought.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Budget {
    /// Units that the containers have.
    pub units_used: u64,
    /// Units bought.
    pub units: u32,
    /// Ports that the containers have.
    pub ports_used: usize,
    /// Ports bought.
    pub ports: u32,
    /// GiB of disk bought; 0 for none.
    pub disk: u64,
    /// Whether a container mounts it.
    pub mounted: bool,
}

impl Budget {
    /// Whether another port may be added.
    pub fn has_port(&self) -> bool {
        u32::try_from(self.ports_used).is_ok_and(|used| used < self.ports)
    }
}

/// What the form comes to.
#[derive(Clone, Debug, PartialEq)]
pub struct Checked {
    /// What would be sent.
    pub deployment: Deployment,
    /// What is wrong with it, in the order of the form.
    pub wrong: Vec<Wrong>,
    /// What it uses.
    pub budget: Budget,
}

impl Checked {
    /// What is wrong with a part, where something is.
    pub fn at(&self, container: Option<usize>, at: At) -> Option<&Wrong> {
        self.wrong
            .iter()
            .find(|wrong| wrong.container == container && wrong.at == at)
    }

    /// Whether a container has something wrong in it.
    pub fn has_wrong(&self, container: usize) -> bool {
        self.wrong.iter().any(|wrong| wrong.container == Some(container))
    }
}

impl Form {
    /// Holds everything typed against the rules and what was bought.
    pub fn check(&self, options: &ServiceOptions) -> Checked {
        let deployment = self.deployment();
        let errors = deployment.validate_for(options).err().unwrap_or_default();
        let mut wrong: Vec<Wrong> = errors
            .into_iter()
            .map(|error| {
                let container = error.container.and_then(|index| self.containers.get(index));
                Wrong {
                    missing: is_missing(container, error.field, &error.error),
                    container: error.container,
                    at: At::Part(error.field),
                    problem: Problem::Rule(error.error),
                }
            })
            .collect();
        for (index, container) in self.containers.iter().enumerate() {
            wrong.extend(own_rules(index, container));
        }
        Checked {
            budget: budget(&deployment, options),
            deployment,
            wrong,
        }
    }
}

/// The rules that only the form knows.
fn own_rules(index: usize, container: &ContainerForm) -> Vec<Wrong> {
    let mut wrong = Vec::new();
    let mut add = |at: At, problem: Problem, missing: bool| {
        wrong.push(Wrong {
            container: Some(index),
            at,
            problem,
            missing,
        });
    };
    // Without either, a deployment says nothing of a login: here it was said that there is one.
    let login = container.login();
    if container.private && login.is_public() {
        add(
            At::Part(Field::Username),
            Problem::Rule(DeploymentError::NoUsername),
            true,
        );
        add(
            At::Part(Field::Password),
            Problem::Rule(DeploymentError::NoPassword),
            true,
        );
    }
    for (at, line) in [(At::Command, &container.command), (At::Args, &container.args)] {
        if line.line().is_none() {
            add(at, Problem::UnclosedQuote, false);
        }
    }
    if container.config_path.trim().is_empty() && !container.config.is_empty() {
        add(At::Part(Field::ConfigMountPath), Problem::ConfigWithoutPath, false);
    }
    wrong
}

fn is_missing(container: Option<&ContainerForm>, field: Field, error: &DeploymentError) -> bool {
    let is_blank = |text: &str| text.trim().is_empty();
    let port = |index: usize| container.and_then(|container| container.ports.get(index));
    match (error, field) {
        (DeploymentError::NotAPort { .. }, Field::ContainerPort(index)) => {
            port(index).is_none_or(|port| is_blank(&port.container))
        }
        (DeploymentError::NoUnits, _) => container.is_some_and(|container| is_blank(&container.units)),
        // A tag alone is not nothing.
        (DeploymentError::Image(ImageError::Empty), _) => container.is_some_and(|container| is_blank(&container.image)),
        (
            DeploymentError::NoContainer
            | DeploymentError::Name(NameError::Empty)
            | DeploymentError::EnvName(EnvNameError::Empty)
            | DeploymentError::EmptyEnvValue
            | DeploymentError::NoUsername
            | DeploymentError::NoPassword
            | DeploymentError::EmptyConfig
            | DeploymentError::DiskNotMounted,
            _,
        ) => true,
        _ => false,
    }
}

fn budget(deployment: &Deployment, options: &ServiceOptions) -> Budget {
    let containers = &deployment.containers;
    let size = options.resource_unit().ok();
    Budget {
        units_used: containers
            .iter()
            .map(|container| u64::from(container.resource_unit))
            .sum(),
        units: size.map_or(0, vcloud_api::types::ResourceUnit::units),
        ports_used: containers.iter().map(|container| container.ports.len()).sum(),
        ports: size.map_or(0, vcloud_api::types::ResourceUnit::ports),
        disk: size
            .filter(|_| options.has_persistent_storage())
            .map_or(0, vcloud_api::types::ResourceUnit::disk_gib),
        mounted: containers.iter().any(|container| !container.mount_path.is_empty()),
    }
}

/// Where a refusal of the platform belongs: it names an image, a port or a container in its own words. `None` where it names
/// nothing that was typed.
pub fn located(message: &str, deployment: &Deployment) -> Option<Wrong> {
    let numbers: Vec<u32> = message
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|digits| digits.parse().ok())
        .collect();
    let words: Vec<&str> = message
        .split(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | ',' | ';' | '(' | ')'))
        .map(|word| word.trim_end_matches(['.', ':']))
        .collect();
    let says_port = message.to_ascii_lowercase().contains("port");
    let found = |container: usize, field: Field| {
        Some(Wrong {
            container: Some(container),
            at: At::Part(field),
            problem: Problem::Said(message.to_owned()),
            missing: false,
        })
    };
    for (index, container) in deployment.containers.iter().enumerate() {
        if words.contains(&container.image_name.as_str()) {
            return found(index, Field::Image);
        }
        for (number, port) in container.ports.iter().enumerate().filter(|_| says_port) {
            if port.host_port.is_some_and(|port| numbers.contains(&port)) {
                return found(index, Field::HostPort(number));
            }
            if numbers.contains(&port.container_port) {
                return found(index, Field::ContainerPort(number));
            }
        }
    }
    let named = |name: &str| words.contains(&name);
    let index = deployment
        .containers
        .iter()
        .position(|container| named(&container.name))?;
    found(index, Field::Name)
}
