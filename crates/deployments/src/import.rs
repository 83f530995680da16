//! Deployments from other formats.

mod client_json;
mod compose;
mod detect;
mod docker_run;
mod draft;
mod fields;
mod host_names;
mod manifest;
mod mounts;
mod names;
mod notes;
mod ports;
mod sizes;

use std::fmt;

use vcloud_api::types::Deployment;

use crate::syntax::SyntaxError;

pub use docker_run::ShellProblem;

/// The longest text that is read, in bytes.
pub const LONGEST: usize = 1024 * 1024;

/// A format that a deployment can be read from and written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// The JSON file of the official client's `service deploy --config-file`.
    ClientJson,
    /// A Compose file.
    Compose,
    /// `docker run` lines, one a container.
    DockerRun,
    /// A Kubernetes manifest: a Deployment, StatefulSet or Pod, also several documents or a List.
    Manifest,
}

impl Format {
    /// Every format.
    pub const ALL: [Format; 4] = [Format::ClientJson, Format::Compose, Format::DockerRun, Format::Manifest];

    /// What a file of this format is usually called.
    pub fn file_name(self) -> &'static str {
        match self {
            Format::ClientJson => "deployment.json",
            Format::Compose => "compose.yaml",
            Format::DockerRun => "run.sh",
            Format::Manifest => "manifest.yaml",
        }
    }
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The format that it was read as.
    pub format: Format,
    /// The deployment, as far as it could be carried over. It may still break rules: see [`Deployment::validate`].
    pub deployment: Deployment,
    /// Everything that stands in the text and not, or not in the same words, in the deployment.
    pub not_carried: Vec<NotCarried>,
}

/// Something that stands in the text and not, or not in the same words, in the deployment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotCarried {
    /// Where it stands, in the words of the format: `services.web.volumes[1]`, `--memory`, `spec.containers[0].livenessProbe`.
    pub path: String,
    /// What stands there, shortened. What may be secret is masked.
    pub value: String,
    /// Why it was not carried over, or what became of it.
    pub reason: Reason,
}

/// Why something was not carried over, or what became of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Services have nothing like it.
    NotSupported,
    /// Services do this anyway, or it says nothing about what runs: nothing is lost.
    NothingLost,
    /// Size and processors follow from a container's units.
    UnitsDecide,
    /// It is not what can stand in its place in this format.
    NotUnderstood,
    /// The image is built from sources: it must be pushed to a registry first.
    BuildsAnImage,
    /// The deployment needs what is in a file that is not part of the text. The path in the container was carried over.
    NeedsAFile {
        /// The file, as the text names it.
        path: String,
    },
    /// A container has one mount path, and it has one already.
    SecondMountPath,
    /// A container has one config file, and it has one already.
    SecondConfig,
    /// The path in the container became the mount path of the service's disk, which begins empty: what the machine has there stays behind.
    HostPathIsNotKept,
    /// A service's disk is mounted whole and can be written to: reading only, a part of it or other options are not kept.
    MountOption,
    /// The port is open on every address, not on this one alone.
    HostAddress,
    /// A service has one disk: this container sees the same files on it as another, where the text has two volumes.
    SameDisk {
        /// The other container.
        container: String,
    },
    /// Too many ports for one entry: none of them was carried over.
    PortRange {
        /// How many.
        count: u32,
    },
    /// Images are named by tag: the digest was left out.
    Digest,
    /// The variable has no value in the text: it is empty.
    Interpolation {
        /// Its name.
        name: String,
    },
    /// The variable has no value in the text, but a default, which was taken.
    InterpolationDefault {
        /// Its name.
        name: String,
    },
    /// The shell would put the output of a command here: it is left as it stands.
    CommandSubstitution,
    /// It is another kind of object than containers are in.
    OtherKind {
        /// The kind.
        kind: String,
    },
    /// It is another command than one that starts a container.
    OtherCommand,
    /// It stands in another object, which is not part of the text.
    NotInTheText {
        /// The kind of the object: `ConfigMap`, `Secret`.
        kind: String,
        /// Its name.
        name: String,
    },
    /// The name was made valid.
    Renamed {
        /// The name that it has now.
        to: String,
    },
    /// The same is said again elsewhere: only the last counts.
    Overridden,
    /// It names another container as a host. Containers of one service reach each other as `localhost`.
    HostName {
        /// The container.
        name: String,
    },
}

impl Reason {
    /// Whether what runs may differ from what the text asks for, so that a person should look.
    pub fn matters(&self) -> bool {
        !matches!(
            self,
            Reason::NothingLost | Reason::Overridden | Reason::InterpolationDefault { .. } | Reason::Renamed { .. }
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::NotSupported => f.write_str("services have nothing like it"),
            Reason::NothingLost => f.write_str("services do so anyway, or it says nothing about what runs"),
            Reason::UnitsDecide => f.write_str("a container's units decide its size"),
            Reason::NotUnderstood => f.write_str("this cannot stand here"),
            Reason::BuildsAnImage => f.write_str("the image is built from sources: push it to a registry first"),
            Reason::NeedsAFile { path } => write!(f, "the contents of {path} are needed"),
            Reason::SecondMountPath => f.write_str("a container has one mount path"),
            Reason::SecondConfig => f.write_str("a container has one config file"),
            Reason::HostPathIsNotKept => f.write_str("the disk begins empty: what the machine has there stays behind"),
            Reason::MountOption => f.write_str("the disk is mounted whole and can be written to"),
            Reason::HostAddress => f.write_str("the port is open on every address"),
            Reason::SameDisk { container } => write!(f, "the disk is the same that container {container} has"),
            Reason::PortRange { count } => write!(f, "{count} ports are too many"),
            Reason::Digest => f.write_str("images are named by tag: the digest was left out"),
            Reason::Interpolation { name } => write!(f, "{name} has no value here"),
            Reason::InterpolationDefault { name } => write!(f, "the default of {name} was taken"),
            Reason::CommandSubstitution => f.write_str("the output of a command is not known here"),
            Reason::OtherKind { kind } => write!(f, "{kind} is another kind than containers are in"),
            Reason::OtherCommand => f.write_str("another command than one that starts a container"),
            Reason::NotInTheText { kind, name } => write!(f, "the {kind} {name} is not part of the text"),
            Reason::Renamed { to } => write!(f, "its name is {to} now"),
            Reason::Overridden => f.write_str("the same is said again elsewhere"),
            Reason::HostName { name } => {
                write!(
                    f,
                    "it names {name} as a host: containers of one service reach each other as localhost"
                )
            }
        }
    }
}

/// Why nothing could be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// The text breaks the rules of JSON or YAML, or something in it cannot stand where it does.
    #[error("line {}, column {}: {}", .0.line, .0.column, .0.message)]
    Syntax(SyntaxError),
    /// It is none of the formats.
    #[error("this is no deployment file, Compose file, docker run line or manifest")]
    NotRecognised,
    /// It is one of the formats, but there is no container in it.
    #[error("there is no container in it")]
    NoContainers,
    /// The command line cannot be read.
    #[error("line {line}, column {column}: {problem}")]
    Shell {
        /// The line, from 1.
        line: usize,
        /// The column in characters, from 1.
        column: usize,
        /// What is wrong.
        problem: ShellProblem,
    },
    /// It is longer than [`LONGEST`].
    #[error("it is longer than 1 MiB")]
    TooLarge,
}

/// Reads a deployment, in whichever format it is.
///
/// # Errors
/// Where the format is none that is known, or nothing can be read from it.
pub fn import(text: &str) -> Result<Imported, ImportError> {
    detect::read(None, text)
}

/// Reads a deployment that is known to be in a format.
///
/// # Errors
/// Where nothing can be read from it.
pub fn import_as(format: Format, text: &str) -> Result<Imported, ImportError> {
    detect::read(Some(format), text)
}
