//! A container that is put together from what a format says piece by piece.

use std::collections::HashMap;

use vcloud_api::types::{CommandLine, Container, Deployment, EnvVar, Login, Port};

use super::notes::Notes;
use super::{Format, ImportError, Imported, Reason};

/// More containers than this no service has; reading more would take time for nothing.
pub(super) const MOST_CONTAINERS: usize = 256;

/// A container, and what else must be known until all are complete.
#[derive(Default)]
pub(super) struct Draft {
    /// The container so far.
    pub(super) container: Container,
    /// What the text calls what is mounted: the name of a volume, a path on the machine.
    pub(super) disk: Option<String>,
    /// Where the text says what is mounted.
    pub(super) disk_path: String,
    /// Where its environment stands.
    pub(super) env_path: String,
    /// The names that others may reach it by.
    pub(super) host_names: Vec<String>,
    /// Which variable stands where in its environment.
    variables: HashMap<String, usize>,
}

impl Draft {
    /// With one unit, as long as nothing else is said.
    pub(super) fn new(name: String) -> Self {
        Self {
            container: Container {
                name,
                resource_unit: 1,
                ..Container::default()
            },
            ..Self::default()
        }
    }

    /// A port. The same is not added twice; a host port is added to the port that has none.
    pub(super) fn port(&mut self, port: Port) {
        let same = self.container.ports.iter_mut().find(|other| {
            other.container_port == port.container_port
                && other.protocol == port.protocol
                && (other.host_port.is_none() || port.host_port.is_none() || other.host_port == port.host_port)
        });
        match same {
            Some(other) => other.host_port = other.host_port.or(port.host_port),
            None => self.container.ports.push(port),
        }
    }

    /// A variable. One of the same name gives way, with a note.
    pub(super) fn variable(&mut self, name: &str, value: &str, path: &str, notes: &mut Notes) {
        if let Some(&place) = self.variables.get(name) {
            let other = &mut self.container.envs[place];
            if other.value.expose() != value {
                notes.add(path, name, Reason::Overridden);
            }
            other.value = value.into();
        } else {
            self.variables.insert(name.to_owned(), self.container.envs.len());
            self.container.envs.push(EnvVar {
                name: name.to_owned(),
                value: value.into(),
            });
        }
    }

    /// Where the disk appears; a second place is noted. `shown` is what the text says.
    pub(super) fn mount(&mut self, source: &str, target: &str, path: &str, shown: &str, notes: &mut Notes) -> bool {
        let target = without_slash(target);
        if !self.container.mount_path.is_empty() && self.container.mount_path != target {
            notes.add(path, shown, Reason::SecondMountPath);
            return false;
        }
        target.clone_into(&mut self.container.mount_path);
        self.disk = Some(source.to_owned());
        path.clone_into(&mut self.disk_path);
        true
    }

    /// A config file; a second one is noted.
    pub(super) fn config(&mut self, target: &str, contents: &str, path: &str, shown: &str, notes: &mut Notes) -> bool {
        let target = without_slash(target);
        if !self.container.config_mount_path.is_empty() {
            notes.add(path, shown, Reason::SecondConfig);
            return false;
        }
        target.clone_into(&mut self.container.config_mount_path);
        contents.clone_into(&mut self.container.config);
        true
    }
}

fn without_slash(path: &str) -> &str {
    match path.trim_end_matches('/') {
        "" => path,
        trimmed => trimmed,
    }
}

/// Words of a command line; what cannot be divided stays one text, with a note.
pub(super) fn command_line(text: &str, path: &str, notes: &mut Notes) -> CommandLine {
    CommandLine::parse(text).unwrap_or_else(|_| {
        notes.add(path, super::notes::MASK, Reason::NotUnderstood);
        CommandLine::Text(text.to_owned())
    })
}

/// The deployment of all containers.
pub(super) fn finish(format: Format, drafts: Vec<Draft>, mut notes: Notes) -> Result<Imported, ImportError> {
    if drafts.is_empty() {
        return Err(ImportError::NoContainers);
    }
    let mut mounted = drafts.iter().filter_map(|draft| Some((draft, draft.disk.as_ref()?)));
    if let Some((first, disk)) = mounted.next() {
        for (draft, _) in mounted.filter(|(_, other)| *other != disk) {
            let container = first.container.name.clone();
            notes.add(
                draft.disk_path.clone(),
                &draft.container.mount_path,
                Reason::SameDisk { container },
            );
        }
    }
    super::host_names::find(&drafts, &mut notes);
    let containers: Vec<Container> = drafts.into_iter().map(|draft| draft.container).collect();
    Ok(Imported {
        format,
        deployment: Deployment {
            pvt_login: vec![Login::public(); containers.len()],
            containers,
        },
        not_carried: notes.into_list(),
    })
}
