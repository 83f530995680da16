//! The form as signals: one for each field, so that typing in one draws only what depends on it.

use std::sync::atomic::{AtomicU32, Ordering};

use leptos::prelude::*;
use vcloud_api::Confidential;
use vcloud_api::types::EnvVar;

use super::changes::ContainerConfig;

/// The fields of a variable.
#[derive(Clone, Copy, PartialEq)]
pub struct VariableFields {
    /// Tells rows apart, also when others come and go.
    pub key: u32,
    pub name: RwSignal<String>,
    pub value: RwSignal<String>,
}

impl VariableFields {
    fn new(variable: &EnvVar) -> VariableFields {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        VariableFields {
            key: NEXT.fetch_add(1, Ordering::Relaxed),
            name: RwSignal::new(variable.name.clone()),
            value: RwSignal::new(variable.value.expose().to_owned()),
        }
    }
}

/// The fields of a container.
#[derive(Clone, Copy, PartialEq)]
pub struct ContainerFields {
    pub name: StoredValue<String>,
    pub path: StoredValue<String>,
    pub has_file: bool,
    pub file: RwSignal<String>,
    pub variables: RwSignal<Vec<VariableFields>>,
    owner: StoredValue<Owner>,
}

impl ContainerFields {
    /// The fields of a container; they live as long as the current owner.
    pub fn new(container: &ContainerConfig) -> ContainerFields {
        let file = container.file.as_ref().map(|file| file.expose().to_owned());
        ContainerFields {
            name: StoredValue::new(container.name.clone()),
            path: StoredValue::new(container.path.clone()),
            has_file: file.is_some(),
            file: RwSignal::new(file.unwrap_or_default()),
            variables: RwSignal::new(container.env.iter().map(VariableFields::new).collect()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        }
    }

    /// What is typed in them (tracked). A row that nothing was typed into is no variable.
    pub fn read(self) -> ContainerConfig {
        let env = self.variables.with(|rows| {
            rows.iter()
                .map(|row| EnvVar {
                    name: row.name.get(),
                    value: row.value.with(|value| Confidential::new(value.as_str())),
                })
                .filter(|variable| !variable.name.is_empty() || !variable.value.is_empty())
                .collect()
        });
        ContainerConfig {
            name: self.name.get_value(),
            path: self.path.get_value(),
            file: self
                .has_file
                .then(|| self.file.with(|file| Confidential::new(file.as_str()))),
            env,
        }
    }

    /// Adds an empty variable.
    pub fn add(self) {
        let row = self.make(&EnvVar::default());
        self.variables.update(|rows| rows.push(row));
    }

    /// Takes a variable away.
    pub fn remove(self, key: u32) {
        self.variables.update(|rows| rows.retain(|row| row.key != key));
    }

    /// Adds variables; those that are there get the new value.
    pub fn take_over(self, variables: &[EnvVar]) {
        let there = self.variables.get_untracked();
        let mut added = Vec::new();
        for variable in variables {
            let known = there
                .iter()
                .find(|row| row.name.with_untracked(|name| *name == variable.name));
            match known {
                Some(row) => row.value.set(variable.value.expose().to_owned()),
                None => added.push(self.make(variable)),
            }
        }
        self.variables.update(|rows| {
            let is_empty = |row: &VariableFields| {
                row.name.with_untracked(String::is_empty) && row.value.with_untracked(String::is_empty)
            };
            rows.retain(|row| !is_empty(row));
            rows.extend(added);
        });
    }

    /// A row that lives as long as the form, although it is made when something is clicked.
    fn make(self, variable: &EnvVar) -> VariableFields {
        self.owner
            .with_value(|owner| owner.with(|| VariableFields::new(variable)))
    }
}
