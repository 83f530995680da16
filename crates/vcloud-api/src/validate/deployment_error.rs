//! What can be wrong with a deployment, and where.

use super::{EnvNameError, ImageError, NameError, PathError};

/// Which part of a deployment is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    /// The containers as a whole.
    Containers,
    /// A container's name.
    Name,
    /// A container's image.
    Image,
    /// A container's units.
    ResourceUnit,
    /// A container's ports as a whole.
    Ports,
    /// The container port of the port with this index.
    ContainerPort(usize),
    /// The host port of the port with this index.
    HostPort(usize),
    /// The protocol of the port with this index.
    Protocol(usize),
    /// The name of the variable with this index.
    EnvName(usize),
    /// The value of the variable with this index.
    EnvValue(usize),
    /// Where the disk appears.
    MountPath,
    /// Where the config file appears.
    ConfigMountPath,
    /// The config file.
    Config,
    /// The user name for a private image.
    Username,
    /// The password or token for a private image.
    Password,
}

/// What is wrong with a part of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeploymentError {
    /// There is no container.
    #[error("there is no container")]
    NoContainer,
    /// What was bought is not known, so that nothing can be held against it.
    #[error("the size of the service is not known: {found:?}")]
    UnknownSize {
        /// What stands in its place.
        found: String,
    },
    /// More containers than units.
    #[error("{count} containers are more than the {units} units bought")]
    TooManyContainers {
        /// How many there are.
        count: usize,
        /// How many there may be.
        units: u32,
    },
    /// The name is not valid.
    #[error("the name is not valid: {0}")]
    Name(NameError),
    /// Another container has the same name.
    #[error("the name is taken by container {}", first + 1)]
    SameName {
        /// The other container, counted from 0.
        first: usize,
    },
    /// The image is not valid.
    #[error("the image is not valid: {0}")]
    Image(ImageError),
    /// Another container has the same image.
    #[error("the image is used by container {} already", first + 1)]
    SameImage {
        /// The other container, counted from 0.
        first: usize,
    },
    /// A container needs at least one unit.
    #[error("a container needs at least one unit")]
    NoUnits,
    /// All containers together have more units than were bought.
    #[error("{sum} units are more than the {units} bought")]
    TooManyUnits {
        /// How many they have.
        sum: u64,
        /// How many they may have.
        units: u32,
    },
    /// All containers together have more ports than units were bought.
    #[error("{count} ports are more than the {units} units bought")]
    TooManyPorts {
        /// How many they have.
        count: usize,
        /// How many they may have.
        units: u32,
    },
    /// Not 1 to 65535.
    #[error("{port} is not a port")]
    NotAPort {
        /// What stands in its place.
        port: u32,
    },
    /// The port is there twice.
    #[error("the port {port} is there twice, first in container {}", first + 1)]
    SamePort {
        /// The port.
        port: u32,
        /// The container that has it first, counted from 0.
        first: usize,
    },
    /// The service does not let its owner choose host ports.
    #[error("this service does not let choose host ports")]
    HostPortNotChosen,
    /// Neither TCP nor UDP.
    #[error("{protocol:?} is neither TCP nor UDP")]
    Protocol {
        /// What stands in its place.
        protocol: String,
    },
    /// The variable's name is not valid.
    #[error("the name of the variable is not valid: {0}")]
    EnvName(EnvNameError),
    /// The variable's value is empty.
    #[error("the variable has no value")]
    EmptyEnvValue,
    /// The path is not valid.
    #[error("the path is not valid: {0}")]
    Path(PathError),
    /// The service has a disk, but no container mounts it.
    #[error("at least one container must mount the disk")]
    DiskNotMounted,
    /// A config file has a path, but nothing in it.
    #[error("the config file is empty")]
    EmptyConfig,
    /// There are logins, but not one per container.
    #[error("{logins} logins do not match {containers} containers")]
    LoginCount {
        /// How many logins there are.
        logins: usize,
        /// How many containers there are.
        containers: usize,
    },
    /// A private image needs a user name.
    #[error("a private image needs a user name")]
    NoUsername,
    /// A private image needs a password or token.
    #[error("a private image needs a password or token")]
    NoPassword,
}

/// One thing that is wrong with a deployment, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// The container, counted from 0; `None` for the deployment as a whole.
    pub container: Option<usize>,
    /// Which part of it.
    pub field: Field,
    /// What is wrong.
    pub error: DeploymentError,
}

impl std::fmt::Display for FieldError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(container) = self.container {
            write!(f, "container {}: ", container + 1)?;
        }
        self.error.fmt(f)
    }
}

impl std::error::Error for FieldError {}
