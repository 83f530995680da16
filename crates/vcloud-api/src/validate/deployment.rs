//! The rules of a whole deployment: each field by itself, and all of them against what was bought.

use std::collections::HashMap;

use super::{DeploymentError, Field, FieldError, ImageReference, config_path, container_name, env_name, mount_path};
use crate::types::{Container, Deployment, Protocol, ServiceOptions, UserService};

/// The highest port.
pub const MAXIMUM_PORT: u32 = 65_535;

impl Deployment {
    /// Holds the deployment against all rules and against what was bought. Whether images exist and host ports are free only the
    /// region host knows: [`crate::calls::CheckImage`], [`crate::calls::CheckPorts`].
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the containers.
    pub fn validate(&self, service: &UserService) -> Result<(), Vec<FieldError>> {
        self.validate_for(&service.service_options)
    }

    /// The same by the service's options alone.
    ///
    /// # Errors
    /// Everything that is wrong, in the order of the containers.
    pub fn validate_for(&self, options: &ServiceOptions) -> Result<(), Vec<FieldError>> {
        let mut check = Check {
            errors: Vec::new(),
            options,
        };
        check.whole(self);
        let mut seen = Seen::default();
        for (index, container) in self.containers.iter().enumerate() {
            check.container(index, container, &mut seen);
        }
        check.logins(self);
        if check.errors.is_empty() {
            Ok(())
        } else {
            Err(check.errors)
        }
    }
}

/// What containers before the present one have.
#[derive(Default)]
struct Seen<'a> {
    names: HashMap<&'a str, usize>,
    images: Vec<(ImageReference, usize)>,
    container_ports: HashMap<u32, usize>,
    host_ports: HashMap<u32, usize>,
}

struct Check<'a> {
    errors: Vec<FieldError>,
    options: &'a ServiceOptions,
}

impl Check<'_> {
    fn add(&mut self, container: Option<usize>, field: Field, error: DeploymentError) {
        self.errors.push(FieldError {
            container,
            field,
            error,
        });
    }

    fn whole(&mut self, deployment: &Deployment) {
        let containers = &deployment.containers;
        if containers.is_empty() {
            self.add(None, Field::Containers, DeploymentError::NoContainer);
            return;
        }
        match self.options.resource_unit() {
            Err(error) => self.add(
                None,
                Field::Containers,
                DeploymentError::UnknownSize { found: error.found },
            ),
            Ok(size) => {
                let units = size.units();
                let count = containers.len();
                if u32::try_from(count).is_ok_and(|count| count <= units) {
                    let sum = containers
                        .iter()
                        .map(|container| u64::from(container.resource_unit))
                        .sum();
                    if sum > u64::from(units) {
                        self.add(None, Field::ResourceUnit, DeploymentError::TooManyUnits { sum, units });
                    }
                } else {
                    self.add(
                        None,
                        Field::Containers,
                        DeploymentError::TooManyContainers { count, units },
                    );
                }
                let ports = containers.iter().map(|container| container.ports.len()).sum();
                if !u32::try_from(ports).is_ok_and(|ports| ports <= size.ports()) {
                    self.add(
                        None,
                        Field::Ports,
                        DeploymentError::TooManyPorts { count: ports, units },
                    );
                }
            }
        }
        let is_mounted = containers.iter().any(|container| !container.mount_path.is_empty());
        if self.options.has_persistent_storage() && !is_mounted {
            self.add(None, Field::MountPath, DeploymentError::DiskNotMounted);
        }
    }

    fn container<'a>(&mut self, index: usize, container: &'a Container, seen: &mut Seen<'a>) {
        let at = Some(index);
        if let Err(error) = container_name(&container.name) {
            self.add(at, Field::Name, DeploymentError::Name(error));
        } else if let Some(&first) = seen.names.get(container.name.as_str()) {
            self.add(at, Field::Name, DeploymentError::SameName { first });
        } else {
            seen.names.insert(&container.name, index);
        }
        match ImageReference::parse(&container.image_name) {
            Err(error) => self.add(at, Field::Image, DeploymentError::Image(error)),
            Ok(image) => match seen.images.iter().find(|(other, _)| other.is_same_as(&image)) {
                Some(&(_, first)) => self.add(at, Field::Image, DeploymentError::SameImage { first }),
                None => seen.images.push((image, index)),
            },
        }
        if container.resource_unit == 0 {
            self.add(at, Field::ResourceUnit, DeploymentError::NoUnits);
        }
        self.ports(index, container, seen);
        for (number, variable) in container.envs.iter().enumerate() {
            if let Err(error) = env_name(&variable.name) {
                self.add(at, Field::EnvName(number), DeploymentError::EnvName(error));
            }
            if variable.value.is_empty() {
                self.add(at, Field::EnvValue(number), DeploymentError::EmptyEnvValue);
            }
        }
        if !container.mount_path.is_empty()
            && let Err(error) = mount_path(&container.mount_path)
        {
            self.add(at, Field::MountPath, DeploymentError::Path(error));
        }
        if !container.config_mount_path.is_empty() {
            if let Err(error) = config_path(&container.config_mount_path) {
                self.add(at, Field::ConfigMountPath, DeploymentError::Path(error));
            }
            if container.config.is_empty() {
                self.add(at, Field::Config, DeploymentError::EmptyConfig);
            }
        }
    }

    fn ports<'a>(&mut self, index: usize, container: &'a Container, seen: &mut Seen<'a>) {
        let at = Some(index);
        for (number, port) in container.ports.iter().enumerate() {
            if let Some(error) = port_error(port.container_port, index, &mut seen.container_ports) {
                self.add(at, Field::ContainerPort(number), error);
            }
            if let Some(host_port) = port.host_port {
                if !self.options.lets_choose_host_ports() {
                    self.add(at, Field::HostPort(number), DeploymentError::HostPortNotChosen);
                } else if let Some(error) = port_error(host_port, index, &mut seen.host_ports) {
                    self.add(at, Field::HostPort(number), error);
                }
            }
            if let Protocol::Other(protocol) = &port.protocol {
                self.add(
                    at,
                    Field::Protocol(number),
                    DeploymentError::Protocol {
                        protocol: protocol.clone(),
                    },
                );
            }
        }
    }

    fn logins(&mut self, deployment: &Deployment) {
        let (logins, containers) = (deployment.pvt_login.len(), deployment.containers.len());
        if logins != 0 && logins != containers {
            self.add(
                None,
                Field::Username,
                DeploymentError::LoginCount { logins, containers },
            );
        }
        for (index, login) in deployment.pvt_login.iter().enumerate() {
            match (login.username.is_empty(), login.password.is_empty()) {
                (true, false) => self.add(Some(index), Field::Username, DeploymentError::NoUsername),
                (false, true) => self.add(Some(index), Field::Password, DeploymentError::NoPassword),
                _ => {}
            }
        }
    }
}

fn port_error(port: u32, container: usize, seen: &mut HashMap<u32, usize>) -> Option<DeploymentError> {
    if !(1..=MAXIMUM_PORT).contains(&port) {
        return Some(DeploymentError::NotAPort { port });
    }
    match seen.get(&port) {
        Some(&first) => Some(DeploymentError::SamePort { port, first }),
        None => {
            seen.insert(port, container);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{EnvVar, Login, Port, USER_SPECIFIED_PORTS};
    use crate::validate::{EnvNameError, ImageError, NameError, PathError};

    fn options(units: u32) -> ServiceOptions {
        [("resourceUnit", format!("{units}-Unit-Resource"))]
            .into_iter()
            .collect()
    }

    fn container(name: &str, image: &str) -> Container {
        Container {
            name: name.into(),
            image_name: image.into(),
            resource_unit: 1,
            ..Container::default()
        }
    }

    fn port(container_port: u32, host_port: Option<u32>) -> Port {
        Port {
            container_port,
            host_port,
            protocol: Protocol::Tcp,
        }
    }

    fn of(containers: Vec<Container>) -> Deployment {
        Deployment {
            containers,
            pvt_login: vec![],
        }
    }

    /// What is wrong, as (container, field, error).
    fn wrong(deployment: &Deployment, options: &ServiceOptions) -> Vec<(Option<usize>, Field, DeploymentError)> {
        let errors = deployment.validate_for(options).err().unwrap_or_default();
        errors
            .into_iter()
            .map(|error| (error.container, error.field, error.error))
            .collect()
    }

    #[test]
    fn a_good_deployment_passes() {
        let mut web = container("web", "nginx:1");
        web.ports = vec![port(80, None), port(443, None)];
        web.envs = vec![EnvVar {
            name: "A".into(),
            value: "b".into(),
        }];
        web.config_mount_path = "/etc/nginx/nginx.conf".into();
        web.config = "x".into();
        let deployment = Deployment {
            containers: vec![web, container("db", "postgres")],
            pvt_login: vec![
                Login::public(),
                Login {
                    username: "u".into(),
                    password: "p".into(),
                },
            ],
        };
        let service = UserService {
            service_options: options(2),
            ..UserService::default()
        };
        assert_eq!(deployment.validate(&service), Ok(()));
    }

    #[test]
    fn units_and_ports_are_held_against_what_was_bought() {
        use DeploymentError as E;
        assert_eq!(
            wrong(&of(vec![]), &options(1)),
            [(None, Field::Containers, E::NoContainer)]
        );
        let two = of(vec![container("a", "a"), container("b", "b")]);
        assert_eq!(wrong(&two, &options(2)), []);
        assert_eq!(
            wrong(&two, &options(1)),
            [(None, Field::Containers, E::TooManyContainers { count: 2, units: 1 })]
        );
        assert_eq!(
            wrong(&two, &ServiceOptions::default()),
            [(None, Field::Containers, E::UnknownSize { found: String::new() })]
        );
        let mut units = two.clone();
        units.containers[0].resource_unit = 2;
        assert_eq!(wrong(&units, &options(3)), []);
        assert_eq!(
            wrong(&units, &options(2)),
            [(None, Field::ResourceUnit, E::TooManyUnits { sum: 3, units: 2 })]
        );
        units.containers[0].resource_unit = 0;
        assert_eq!(wrong(&units, &options(2)), [(Some(0), Field::ResourceUnit, E::NoUnits)]);
        let mut ports = two;
        ports.containers[0].ports = vec![port(1, None), port(2, None)];
        assert_eq!(wrong(&ports, &options(2)), []);
        ports.containers[1].ports = vec![port(3, None)];
        assert_eq!(
            wrong(&ports, &options(2)),
            [(None, Field::Ports, E::TooManyPorts { count: 3, units: 2 })]
        );
    }

    #[test]
    fn names_images_and_ports_are_there_once() {
        use DeploymentError as E;
        let mut twice = of(vec![container("a", "nginx"), container("a", "library/nginx:latest")]);
        twice.containers[0].ports = vec![port(80, None), port(80, None)];
        twice.containers[1].ports = vec![port(80, None)];
        assert_eq!(
            wrong(&twice, &options(3)),
            [
                (Some(0), Field::ContainerPort(1), E::SamePort { port: 80, first: 0 }),
                (Some(1), Field::Name, E::SameName { first: 0 }),
                (Some(1), Field::Image, E::SameImage { first: 0 }),
                (Some(1), Field::ContainerPort(0), E::SamePort { port: 80, first: 0 }),
            ]
        );
        assert_eq!(
            wrong(
                &of(vec![container("a", "nginx:1"), container("b", "nginx:2")]),
                &options(2)
            ),
            []
        );
    }

    #[test]
    fn host_ports_are_chosen_only_where_the_service_lets() {
        use DeploymentError as E;
        let mut chosen = of(vec![container("a", "a")]);
        chosen.containers[0].ports = vec![
            port(80, Some(30_080)),
            port(81, Some(30_080)),
            port(82, Some(0)),
            port(0, Some(65_536)),
        ];
        let mut free = options(4);
        free.0.insert("portSpecification".into(), USER_SPECIFIED_PORTS.into());
        assert_eq!(
            wrong(&chosen, &free),
            [
                (Some(0), Field::HostPort(1), E::SamePort { port: 30_080, first: 0 }),
                (Some(0), Field::HostPort(2), E::NotAPort { port: 0 }),
                (Some(0), Field::ContainerPort(3), E::NotAPort { port: 0 }),
                (Some(0), Field::HostPort(3), E::NotAPort { port: 65_536 }),
            ]
        );
        chosen.containers[0].ports = vec![port(65_535, Some(1))];
        assert_eq!(wrong(&chosen, &free), []);
        assert_eq!(
            wrong(&chosen, &options(4)),
            [(Some(0), Field::HostPort(0), E::HostPortNotChosen)]
        );
        chosen.containers[0].ports = vec![Port {
            protocol: "SCTP".into(),
            ..port(1, None)
        }];
        assert_eq!(
            wrong(&chosen, &free),
            [(
                Some(0),
                Field::Protocol(0),
                E::Protocol {
                    protocol: "SCTP".into()
                }
            )]
        );
    }

    #[test]
    fn a_disk_is_mounted_and_a_config_file_is_not_empty() {
        use DeploymentError as E;
        let mut disk = options(2);
        disk.0.insert("persistStorage".into(), "Yes".into());
        let mut deployment = of(vec![container("a", "a"), container("b", "b")]);
        assert_eq!(wrong(&deployment, &disk), [(None, Field::MountPath, E::DiskNotMounted)]);
        deployment.containers[1].mount_path = "/my-data".into();
        assert_eq!(wrong(&deployment, &disk), []);
        deployment.containers[1].mount_path = "data".into();
        assert_eq!(
            wrong(&deployment, &disk),
            [(Some(1), Field::MountPath, E::Path(PathError::Relative))]
        );
        deployment.containers[1].mount_path = "/data".into();
        deployment.containers[0].config_mount_path = "/etc/".into();
        assert_eq!(
            wrong(&deployment, &disk),
            [
                (Some(0), Field::ConfigMountPath, E::Path(PathError::EmptySegment)),
                (Some(0), Field::Config, E::EmptyConfig)
            ]
        );
    }

    #[test]
    fn every_field_says_what_is_wrong_with_it() {
        use DeploymentError as E;
        let mut bad = of(vec![container("Web", "")]);
        bad.containers[0].envs = vec![EnvVar {
            name: "9".into(),
            value: "".into(),
        }];
        bad.pvt_login = vec![Login {
            username: String::new(),
            password: "p".into(),
        }];
        let errors = wrong(&bad, &options(1));
        assert_eq!(
            errors,
            [
                (Some(0), Field::Name, E::Name(NameError::Character { character: 'W' })),
                (Some(0), Field::Image, E::Image(ImageError::Empty)),
                (
                    Some(0),
                    Field::EnvName(0),
                    E::EnvName(EnvNameError::Digit { digit: '9' })
                ),
                (Some(0), Field::EnvValue(0), E::EmptyEnvValue),
                (Some(0), Field::Username, E::NoUsername),
            ]
        );
        let first = FieldError {
            container: errors[0].0,
            field: errors[0].1,
            error: errors[0].2.clone(),
        };
        assert_eq!(
            first.to_string(),
            "container 1: the name is not valid: it must not contain 'W'"
        );
        bad.pvt_login = vec![
            Login {
                username: "u".into(),
                ..Login::default()
            },
            Login::public(),
        ];
        let errors = wrong(&bad, &options(1));
        assert!(errors.contains(&(
            None,
            Field::Username,
            E::LoginCount {
                logins: 2,
                containers: 1
            }
        )));
        assert!(errors.contains(&(Some(0), Field::Password, E::NoPassword)));
    }
}
