//! How a service runs at the moment.

use serde::{Deserialize, Serialize};

use super::Protocol;
use crate::secret::Confidential;
use crate::wire::{self, open_enum};

/// State and shape of a running service. A stopped service answers `{}`: everything is empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodStatus {
    /// How it is.
    #[serde(rename = "podStatus", deserialize_with = "wire::null_default")]
    pub state: PodState,
    /// What it consists of.
    #[serde(rename = "podSpec", deserialize_with = "wire::null_default")]
    pub spec: PodSpec,
    /// The domains that lead to it.
    #[serde(deserialize_with = "wire::parts")]
    pub domains: Vec<Domain>,
}

impl PodStatus {
    /// Whether there is no pod at all, which is how a stopped service answers.
    pub fn is_absent(&self) -> bool {
        self.state == PodState::default() && self.spec.containers.is_empty()
    }
}

open_enum! {
    /// The pod as a whole, in the words of Kubernetes.
    PodPhase {
        /// Its images are fetched or its containers made.
        Pending = "Pending",
        /// At least one container runs or restarts.
        Running = "Running",
        /// All containers ended without an error.
        Succeeded = "Succeeded",
        /// A container ended with an error.
        Failed = "Failed",
        /// Its host does not answer.
        Unknown = "Unknown",
    }
}

/// How the pod is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodState {
    /// Public address of its host.
    #[serde(rename = "hostIP", deserialize_with = "wire::identifier")]
    pub host_ip: String,
    /// The pod as a whole.
    pub phase: PodPhase,
    /// Its containers.
    #[serde(deserialize_with = "wire::containers")]
    pub container_statuses: Vec<ContainerStatus>,
}

/// How a container is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerStatus {
    /// Its name.
    #[serde(deserialize_with = "wire::identifier")]
    pub name: String,
    /// The image it runs.
    #[serde(deserialize_with = "wire::identifier")]
    pub image: String,
    /// What it does.
    #[serde(deserialize_with = "wire::null_default")]
    pub state: ContainerState,
    /// How its run before ended, where the platform says it.
    #[serde(deserialize_with = "wire::null_default")]
    pub last_state: ContainerState,
    /// How often it was started again.
    #[serde(deserialize_with = "wire::integer")]
    pub restart_count: u64,
}

/// What a container does: at most one of the three is there.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerState {
    /// It runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub running: Option<ContainerRunning>,
    /// It does not run yet, or not again yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub waiting: Option<ContainerWaiting>,
    /// It has ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminated: Option<ContainerTerminated>,
}

/// What a container does, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ContainerStateKind {
    /// It runs.
    Running,
    /// It does not run yet, or not again yet.
    Waiting,
    /// It has ended.
    Terminated,
    /// Nothing is known.
    Unknown,
}

impl ContainerState {
    /// In one word.
    pub fn kind(&self) -> ContainerStateKind {
        if self.running.is_some() {
            ContainerStateKind::Running
        } else if self.terminated.is_some() {
            ContainerStateKind::Terminated
        } else if self.waiting.is_some() {
            ContainerStateKind::Waiting
        } else {
            ContainerStateKind::Unknown
        }
    }

    /// Why it waits or has ended, for example `CrashLoopBackOff`; empty when it runs or no reason is given.
    pub fn reason(&self) -> &str {
        let waiting = self.waiting.as_ref().map(|waiting| waiting.reason.as_str());
        let terminated = self.terminated.as_ref().map(|terminated| terminated.reason.as_str());
        terminated.or(waiting).unwrap_or_default()
    }
}

/// A container runs. Times are texts (RFC 3339), as Kubernetes writes them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerRunning {
    /// Since when.
    #[serde(deserialize_with = "wire::name", skip_serializing_if = "String::is_empty")]
    pub started_at: String,
}

/// A container waits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerWaiting {
    /// For what, in one word: `ContainerCreating`, `ImagePullBackOff`, `CrashLoopBackOff` …
    #[serde(deserialize_with = "wire::name", skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The same in more words.
    #[serde(deserialize_with = "wire::words", skip_serializing_if = "String::is_empty")]
    pub message: String,
}

/// A container has ended.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerTerminated {
    /// Its exit code.
    #[serde(deserialize_with = "wire::integer")]
    pub exit_code: i32,
    /// Why, in one word: `Completed`, `Error`, `OOMKilled` …
    #[serde(deserialize_with = "wire::name", skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The same in more words.
    #[serde(deserialize_with = "wire::words", skip_serializing_if = "String::is_empty")]
    pub message: String,
    /// Since when it had run.
    #[serde(deserialize_with = "wire::name", skip_serializing_if = "String::is_empty")]
    pub started_at: String,
    /// When it ended.
    #[serde(deserialize_with = "wire::name", skip_serializing_if = "String::is_empty")]
    pub finished_at: String,
}

/// What the pod consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PodSpec {
    /// Its containers.
    #[serde(deserialize_with = "wire::containers")]
    pub containers: Vec<ContainerSpec>,
}

/// What a container consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerSpec {
    /// Its name.
    #[serde(deserialize_with = "wire::identifier")]
    pub name: String,
    /// The ports it listens on.
    #[serde(deserialize_with = "wire::parts")]
    pub ports: Vec<ContainerPort>,
    /// Its environment.
    #[serde(deserialize_with = "wire::parts")]
    pub env: Vec<ContainerEnv>,
    /// What it may use.
    #[serde(deserialize_with = "wire::null_default")]
    pub resources: ContainerResources,
}

/// A port of a running container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerPort {
    /// The port on the host; 0 where there is none.
    #[serde(deserialize_with = "wire::integer")]
    pub host_port: u16,
    /// The port it listens on.
    #[serde(deserialize_with = "wire::integer")]
    pub container_port: u16,
    /// The protocol.
    pub protocol: Protocol,
}

/// A variable of a running container. Its value may be a password: it does not print.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContainerEnv {
    /// Its name.
    #[serde(deserialize_with = "wire::identifier")]
    pub name: String,
    /// Its value; empty where it comes from somewhere else.
    pub value: Confidential,
}

/// What a container may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerResources {
    /// The most it may use.
    #[serde(deserialize_with = "wire::null_default")]
    pub limits: ContainerLimits,
}

/// The most a container may use.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContainerLimits {
    /// Memory in the notation of Kubernetes, for example `1Gi`.
    #[serde(deserialize_with = "wire::name")]
    pub memory: String,
}

impl ContainerLimits {
    /// The memory in bytes, where the notation is understood.
    pub fn memory_bytes(&self) -> Option<u64> {
        let digits = self.memory.bytes().take_while(u8::is_ascii_digit).count();
        let number: u64 = self.memory[..digits].parse().ok()?;
        let factor: u64 = match &self.memory[digits..] {
            "" => 1,
            "k" => 1000,
            "M" => 1_000_000,
            "G" => 1_000_000_000,
            "T" => 1_000_000_000_000,
            "Ki" => 1 << 10,
            "Mi" => 1 << 20,
            "Gi" => 1 << 30,
            "Ti" => 1 << 40,
            _ => return None,
        };
        number.checked_mul(factor)
    }
}

/// A domain that leads to a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Domain {
    /// The domain.
    #[serde(deserialize_with = "wire::identifier")]
    pub domain: String,
    /// The container port it leads to.
    #[serde(deserialize_with = "wire::integer")]
    pub container_port: u16,
    /// Whether it is served encrypted.
    #[serde(deserialize_with = "wire::flag")]
    pub is_https: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stopped_service_has_no_pod() {
        for json in [
            "{}",
            "{\"podStatus\":null,\"podSpec\":null,\"domains\":null}",
            "{\"podStatus\":{},\"podSpec\":{\"containers\":null}}",
        ] {
            let status: PodStatus = serde_json::from_str(json).unwrap();
            assert!(status.is_absent(), "{json}");
        }
    }

    #[test]
    fn a_running_service_is_read_as_kubernetes_writes_it() {
        let json = r#"{"podStatus":{"hostIP":"10.0.0.1","phase":"Running","containerStatuses":[
            {"name":"web","image":"nginx:1","state":{"running":{"startedAt":"2026-01-01T00:00:00Z"}},"restartCount":0,"ready":true},
            {"name":"job","image":"job:1","state":{"waiting":{"reason":"CrashLoopBackOff"}},"restartCount":"7"},
            {"name":"old","state":{"terminated":{"exitCode":137,"reason":"OOMKilled"}}},{"name":"new","state":{}}]},
            "podSpec":{"containers":[{"name":"web","ports":[{"hostPort":30080,"containerPort":80,"protocol":"TCP"}],
            "env":[{"name":"KEY","value":"swordfish"},{"name":"REF","valueFrom":{}}],"resources":{"limits":{"memory":"2Gi"}}}]},
            "domains":[{"domain":"a.example.com","containerPort":80,"isHttps":true}]}"#;
        let status: PodStatus = serde_json::from_str(json).unwrap();
        assert!(!status.is_absent());
        let kinds: Vec<_> = status
            .state
            .container_statuses
            .iter()
            .map(|container| container.state.kind())
            .collect();
        assert_eq!(
            kinds,
            [
                ContainerStateKind::Running,
                ContainerStateKind::Waiting,
                ContainerStateKind::Terminated,
                ContainerStateKind::Unknown
            ]
        );
        assert_eq!(status.state.container_statuses[1].state.reason(), "CrashLoopBackOff");
        assert_eq!(status.state.container_statuses[1].restart_count, 7);
        assert_eq!(status.state.container_statuses[2].state.reason(), "OOMKilled");
        assert_eq!(status.spec.containers[0].resources.limits.memory_bytes(), Some(2 << 30));
        assert_eq!(status.domains[0].container_port, 80);
        assert!(!format!("{status:?}").contains("swordfish"));
        let back: PodStatus = serde_json::from_value(serde_json::to_value(&status).unwrap()).unwrap();
        assert_eq!(back, status);
    }

    #[test]
    fn memory_is_understood_in_the_usual_notations() {
        let bytes = |memory: &str| ContainerLimits { memory: memory.into() }.memory_bytes();
        assert_eq!(bytes("1024"), Some(1024));
        assert_eq!(bytes("512Mi"), Some(512 << 20));
        assert_eq!(bytes("1G"), Some(1_000_000_000));
        for memory in ["", "Gi", "1.5Gi", "1Zi", "-1Gi", "18446744073709551615Gi"] {
            assert_eq!(bytes(memory), None, "{memory}");
        }
    }
}
