//! What a runtime is told and what it tells.

use std::{fmt, ops::Range};

use serde::{Deserialize, Serialize, Serializer};

use super::clock::UnixMillis;

/// Everything needed to run one service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodSpec {
    /// The user service's id: the pod's name in its namespace.
    pub service_id: String,
    /// Separates the pods of one owner from those of others; the owner's address.
    pub namespace: String,
    /// The address of the machine that the platform chose, what domains have to point to.
    pub host_ip: String,
    /// At least one; names are unique.
    pub containers: Vec<ContainerSpec>,
    /// One for each container, in their order; an empty user name and password mean a public image.
    #[serde(default)]
    pub logins: Vec<RegistryLogin>,
}

/// One container of a pod.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContainerSpec {
    /// Unique in the pod.
    pub name: String,
    /// As the user wrote it: `nginx`, `nginx:1.27`, `ghcr.io/owner/name:tag`.
    pub image: String,
    /// Replaces the image's entry point unless empty.
    #[serde(default)]
    pub command: Vec<String>,
    /// Replaces the image's arguments unless empty.
    #[serde(default)]
    pub args: Vec<String>,
    /// Environment variables, in the user's order.
    #[serde(default)]
    pub env: Vec<EnvironmentVariable>,
    /// Ports reachable from outside.
    #[serde(default)]
    pub ports: Vec<PortMapping>,
    /// Where the service's persistent volume appears, if in this container.
    #[serde(default)]
    pub mount_path: Option<String>,
    /// The memory limit in bytes.
    pub memory_bytes: u64,
    /// Where the configuration file appears.
    #[serde(default)]
    pub config_mount_path: Option<String>,
    /// The text of the configuration file.
    #[serde(default)]
    pub config: Option<String>,
}

/// One environment variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EnvironmentVariable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// A port of a container and the one on the host that leads to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PortMapping {
    /// 1–65535, unique in the pod.
    pub container_port: u16,
    /// 1–65535, unique on the host; chosen by the user or by the platform.
    pub host_port: u16,
    /// TCP or UDP.
    pub protocol: Protocol,
}

/// A transport protocol.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Protocol {
    /// TCP, the default.
    #[default]
    Tcp,
    /// UDP.
    Udp,
}

/// A user name and a password or access token for a registry. `Debug` does not show the password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RegistryLogin {
    /// The registry's user name; empty for public images.
    pub username: String,
    /// Password or access token; empty for public images.
    pub password: String,
}

impl RegistryLogin {
    /// Whether this says "no login".
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.username.is_empty() && self.password.is_empty()
    }
}

impl fmt::Debug for RegistryLogin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RegistryLogin")
            .field("username", &self.username)
            .finish_non_exhaustive()
    }
}

/// What a runtime has to remember about one service over a restart of the process. Only the runtime reads `state`; it
/// contains registry passwords.
#[derive(Clone, PartialEq, Eq)]
pub struct PodRecord {
    /// The service's id.
    pub service_id: String,
    /// The runtime's own notes, as text.
    pub state: String,
}

impl fmt::Debug for PodRecord {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PodRecord")
            .field("service_id", &self.service_id)
            .finish_non_exhaustive()
    }
}

/// How a pod is. Serialises as the contract's `podStatus`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PodStatus {
    /// The address of the machine it runs on.
    #[serde(rename = "hostIP")]
    pub host_ip: String,
    /// The pod's phase.
    pub phase: Phase,
    /// In the order of the description.
    pub container_statuses: Vec<ContainerStatus>,
}

/// The phase of a pod, with Kubernetes' names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Phase {
    /// At least one container has never started.
    Pending,
    /// All have started; some may be restarting.
    Running,
    /// All have exited with 0 and will not be started again.
    Succeeded,
    /// All have exited, at least one with a failure, and will not be started again.
    Failed,
    /// The machine does not answer.
    Unknown,
}

/// How a container is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ContainerStatus {
    /// The container's name.
    pub name: String,
    /// The image with registry and tag: `docker.io/library/nginx:latest`.
    pub image: String,
    /// What it does now.
    pub state: ContainerState,
    /// How its previous run ended. Serialises as `{}` or `{"terminated":{…}}`.
    #[serde(serialize_with = "serialize_last_state")]
    pub last_state: Option<Terminated>,
    /// Whether it runs.
    pub ready: bool,
    /// How often it was started again.
    pub restart_count: u32,
}

/// What a container does. Serialises as an object with the one key `waiting`, `running` or `terminated`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum ContainerState {
    /// Not running yet, or not again yet.
    Waiting(Waiting),
    /// Running.
    Running(Running),
    /// Exited.
    Terminated(Terminated),
}

/// Why a container does not run yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// `ContainerCreating`, `ErrImagePull`, `ImagePullBackOff`, `InvalidImageName`, `CrashLoopBackOff`.
    pub reason: String,
    /// For people; empty for `ContainerCreating`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// Since when a container runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Running {
    /// Serialises as RFC 3339.
    #[serde(serialize_with = "serialize_time")]
    pub started_at: UnixMillis,
}

/// How a run of a container ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Terminated {
    /// The exit code; 128 + the number of the signal for a killed one.
    pub exit_code: i32,
    /// `Completed`, `Error`, `OOMKilled`.
    pub reason: String,
    /// Serialises as RFC 3339.
    #[serde(serialize_with = "serialize_time")]
    pub started_at: UnixMillis,
    /// Serialises as RFC 3339.
    #[serde(serialize_with = "serialize_time")]
    pub finished_at: UnixMillis,
}

/// Which part of a container's log is wanted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct LogQuery {
    /// Go on with what is printed from now on.
    pub follow: bool,
    /// Of what is kept (and within the range), only the last so many lines.
    pub tail_lines: Option<u64>,
    /// Only lines printed at or after this time.
    pub start: Option<UnixMillis>,
    /// Only lines printed before this time; following ends there.
    pub end: Option<UnixMillis>,
}

/// Some consecutive log lines, in one piece of memory: a flood of lines is no flood of allocations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogBatch {
    text: Vec<u8>,
    /// The end of each line in `text`, without the line feed that follows it.
    ends: Vec<u32>,
}

impl LogBatch {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Appends a line, given without its line feed.
    pub fn push(&mut self, line: &[u8]) {
        self.write_line(|text| text.extend_from_slice(line));
    }

    /// Appends a line that `write` appends to the text. It must not write line feeds.
    pub fn write_line(&mut self, write: impl FnOnce(&mut Vec<u8>)) {
        write(&mut self.text);
        self.ends.push(u32::try_from(self.text.len()).unwrap_or(u32::MAX));
        self.text.push(b'\n');
    }

    /// How many lines.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no lines.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All lines, a line feed after each.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.text
    }

    /// The lines without their line feeds: bytes, since a program may print anything.
    pub fn lines(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.ends.len()).map(|index| &self.text[self.range(index)])
    }

    fn range(&self, index: usize) -> Range<usize> {
        let start = if index == 0 {
            0
        } else {
            self.ends[index - 1] as usize + 1
        };
        start..self.ends[index] as usize
    }
}

/// What a pod consumes at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct PodMetrics {
    /// When it was measured.
    pub time: UnixMillis,
    /// In the order of the description.
    pub containers: Vec<ContainerMetrics>,
    /// Bits per second received by the pod, whose containers share one network.
    pub network_download: f64,
    /// Bits per second sent by the pod.
    pub network_upload: f64,
    /// Bytes used on the persistent volume; none without a volume.
    pub storage_bytes: Option<u64>,
}

/// What a container consumes at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct ContainerMetrics {
    /// The container's name.
    pub name: String,
    /// Fraction of a core; may exceed 1.
    pub cpu: f64,
    /// Bytes in use.
    pub memory_bytes: u64,
    /// The limit in bytes.
    pub memory_limit_bytes: u64,
    /// Bits per second received, this container's part of the pod's.
    pub network_download: f64,
    /// Bits per second sent, this container's part of the pod's.
    pub network_upload: f64,
}

/// What a registry says about an image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImageCheck {
    /// It is there and may be pulled.
    Exists,
    /// There is no such image, tag or registry.
    Missing,
    /// The name is not one of an image.
    BadFormat,
    /// It is private: there was no login, or a wrong one.
    NeedsLogin,
}

fn serialize_time<S: Serializer>(time: &UnixMillis, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&super::calendar::Rfc3339Seconds(*time))
}

fn serialize_last_state<S: Serializer>(state: &Option<Terminated>, serializer: S) -> Result<S::Ok, S::Error> {
    use serde::ser::SerializeMap;
    let mut map = serializer.serialize_map(Some(usize::from(state.is_some())))?;
    if let Some(terminated) = state {
        map.serialize_entry("terminated", terminated)?;
    }
    map.end()
}
