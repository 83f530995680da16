//! The form as signals: one for each field, so that typing in one draws only what depends on it.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use vcloud_api::Confidential;
use vcloud_api::types::{CommandLine, EnvVar};

use super::form::{ContainerForm, EnvForm, Form, LineForm, PortForm};
use crate::state::deployments::Check;

/// Tells containers and rows apart, also when others come and go.
pub type Key = u32;

fn fresh_key() -> Key {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

/// The fields of a port.
#[derive(Clone, Copy, PartialEq)]
pub struct PortFields {
    pub key: Key,
    pub container: RwSignal<String>,
    pub host: RwSignal<String>,
    pub udp: RwSignal<bool>,
}

impl PortFields {
    fn new(form: PortForm) -> PortFields {
        PortFields {
            key: fresh_key(),
            container: RwSignal::new(form.container),
            host: RwSignal::new(form.host),
            udp: RwSignal::new(form.udp),
        }
    }

    fn read(self) -> PortForm {
        PortForm {
            container: self.container.get(),
            host: self.host.get(),
            udp: self.udp.get(),
        }
    }
}

/// The fields of a variable.
#[derive(Clone, Copy, PartialEq)]
pub struct EnvFields {
    pub key: Key,
    pub name: RwSignal<String>,
    pub value: RwSignal<String>,
}

impl EnvFields {
    fn new(form: EnvForm) -> EnvFields {
        EnvFields {
            key: fresh_key(),
            name: RwSignal::new(form.name),
            value: RwSignal::new(form.value.expose().to_owned()),
        }
    }

    fn read(self) -> EnvForm {
        EnvForm {
            name: self.name.get(),
            value: self.value.with(|value| Confidential::new(value.as_str())),
            as_running: false,
        }
    }
}

/// The field of a command line.
#[derive(Clone, Copy, PartialEq)]
pub struct LineFields {
    pub typed: RwSignal<String>,
    came_as: StoredValue<Option<CommandLine>>,
}

impl LineFields {
    fn new(form: LineForm) -> LineFields {
        LineFields {
            typed: RwSignal::new(form.typed),
            came_as: StoredValue::new(form.came_as),
        }
    }

    fn read(self) -> LineForm {
        LineForm {
            typed: self.typed.get(),
            came_as: self.came_as.get_value(),
        }
    }
}

/// The fields of a container.
#[derive(Clone, Copy, PartialEq)]
pub struct ContainerFields {
    pub key: Key,
    pub name: RwSignal<String>,
    pub image: RwSignal<String>,
    pub private: RwSignal<bool>,
    pub username: RwSignal<String>,
    pub password: RwSignal<String>,
    pub units: RwSignal<String>,
    pub ports: RwSignal<Vec<PortFields>>,
    pub envs: RwSignal<Vec<EnvFields>>,
    pub command: LineFields,
    pub args: LineFields,
    pub mount_path: RwSignal<String>,
    pub config_path: RwSignal<String>,
    pub config: RwSignal<String>,
    /// Whether only its head is shown.
    pub collapsed: RwSignal<bool>,
    /// Whether the provider can fetch its image.
    pub image_check: RwSignal<Check<()>>,
}

impl ContainerFields {
    fn new(form: ContainerForm) -> ContainerFields {
        ContainerFields {
            key: fresh_key(),
            name: RwSignal::new(form.name),
            image: RwSignal::new(form.image),
            private: RwSignal::new(form.private),
            username: RwSignal::new(form.username),
            password: RwSignal::new(form.password.expose().to_owned()),
            units: RwSignal::new(form.units),
            ports: RwSignal::new(form.ports.into_iter().map(PortFields::new).collect()),
            envs: RwSignal::new(form.envs.into_iter().map(EnvFields::new).collect()),
            command: LineFields::new(form.command),
            args: LineFields::new(form.args),
            mount_path: RwSignal::new(form.mount_path),
            config_path: RwSignal::new(form.config_path),
            config: RwSignal::new(form.config.expose().to_owned()),
            collapsed: RwSignal::new(false),
            image_check: RwSignal::new(Check::Idle),
        }
    }

    /// What is typed in it (tracked).
    pub fn read(self) -> ContainerForm {
        ContainerForm {
            name: self.name.get(),
            image: self.image.get(),
            private: self.private.get(),
            username: self.username.get(),
            password: self.password.with(|password| Confidential::new(password.as_str())),
            units: self.units.get(),
            ports: self.ports.with(|ports| ports.iter().map(|port| port.read()).collect()),
            envs: self
                .envs
                .with(|envs| envs.iter().map(|variable| variable.read()).collect()),
            command: self.command.read(),
            args: self.args.read(),
            mount_path: self.mount_path.get(),
            config_path: self.config_path.get(),
            config: self.config.with(|config| Confidential::new(config.as_str())),
            config_as_running: false,
        }
    }
}

/// The fields of the form.
#[derive(Clone, Copy)]
pub struct Fields {
    /// The containers.
    pub containers: RwSignal<Vec<ContainerFields>>,
    /// What is added later lives as long as what was there first.
    owner: StoredValue<Owner>,
}

impl Fields {
    /// The fields of a form; they live as long as the current owner.
    pub fn new(form: Form) -> Fields {
        let owner = Owner::current().unwrap_or_default().child();
        let containers = owner.with(|| form.containers.into_iter().map(ContainerFields::new).collect());
        Fields {
            containers: RwSignal::new(containers),
            owner: StoredValue::new(owner),
        }
    }

    /// What is typed in them (tracked).
    pub fn read(self) -> Form {
        Form {
            containers: self
                .containers
                .with(|containers| containers.iter().map(|container| container.read()).collect()),
        }
    }

    /// Puts another form in the place of everything.
    pub fn replace(self, form: Form) {
        let containers = self.make(|| form.containers.into_iter().map(ContainerFields::new).collect());
        self.containers.set(containers);
    }

    fn make<T>(self, new: impl FnOnce() -> T) -> T {
        self.owner.with_value(|owner| owner.with(new))
    }

    /// The place of a container among all (tracked).
    pub fn index_of(self, key: Key) -> Option<usize> {
        self.containers
            .with(|containers| containers.iter().position(|container| container.key == key))
    }

    /// Adds an empty container at the end.
    pub fn add_container(self) {
        let new = self.make(|| ContainerFields::new(ContainerForm::empty()));
        self.containers.update(|containers| containers.push(new));
    }

    /// Adds a copy of a container after it.
    pub fn duplicate(self, container: ContainerFields) {
        let (form, taken) = untrack(|| {
            let taken: Vec<String> = self
                .read()
                .containers
                .into_iter()
                .map(|container| container.name)
                .collect();
            (container.read().duplicate(&taken), taken.len())
        });
        let new = self.make(|| ContainerFields::new(form));
        let after = untrack(|| self.index_of(container.key)).map_or(taken, |index| index + 1);
        self.containers.update(|containers| containers.insert(after, new));
    }

    /// Takes a container away.
    pub fn remove(self, key: Key) {
        self.containers
            .update(|containers| containers.retain(|container| container.key != key));
    }

    /// Adds an empty port.
    pub fn add_port(self, container: ContainerFields) {
        let new = self.make(|| PortFields::new(PortForm::default()));
        container.ports.update(|ports| ports.push(new));
    }

    /// Adds an empty variable.
    pub fn add_variable(self, container: ContainerFields) {
        let new = self.make(|| EnvFields::new(EnvForm::default()));
        container.envs.update(|envs| envs.push(new));
    }

    /// Adds variables; those that are there get the new value.
    pub fn set_variables(self, container: ContainerFields, variables: &[EnvVar]) {
        let there = container.envs.get_untracked();
        let mut added = Vec::new();
        for variable in variables {
            let known = there
                .iter()
                .find(|known| known.name.with_untracked(|name| name.trim() == variable.name));
            if let Some(known) = known {
                known.value.set(variable.value.expose().to_owned());
            } else {
                added.push(self.make(|| {
                    EnvFields::new(EnvForm {
                        name: variable.name.clone(),
                        value: variable.value.clone(),
                        as_running: false,
                    })
                }));
            }
        }
        container.envs.update(|envs| {
            // A row that nothing was typed into makes room.
            envs.retain(|row| {
                row.name.with_untracked(|name| !name.is_empty()) || row.value.with_untracked(|value| !value.is_empty())
            });
            envs.extend(added);
        });
    }
}
