//! What was asked of the platform and is not confirmed yet: shown as pending, never as done.

use std::collections::HashMap;

use leptos::prelude::*;
use vcloud_api::types::{ContainerStateKind, PodStatus, UserServiceStatus};

use super::clock::now_ms;

/// An operation on a running service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operation {
    /// New containers of the same deployment.
    Restart,
    /// The containers go, the time paid for runs on.
    Pause,
    /// The containers come back.
    Resume,
}

/// What a service is becoming.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// What an operation makes of it.
    Operation(Operation),
    /// Ended, and paid back.
    Refund,
}

/// A change that was accepted and is under way.
#[derive(Clone, Debug, PartialEq)]
pub struct Pending {
    /// Which.
    pub change: Change,
    /// When it was asked for, in milliseconds since the Unix epoch.
    pub since: f64,
    /// When the containers had started before (restart only).
    pub started_before: Vec<String>,
}

/// After so long without a confirmation the platform's own state is shown again.
const GIVE_UP_MS: f64 = 180_000.0;

impl Pending {
    /// Whether what the platform shows now confirms the operation.
    pub fn is_confirmed(&self, status: &UserServiceStatus, pod: Option<&PodStatus>) -> bool {
        match self.change {
            Change::Refund => *status == UserServiceStatus::Abort,
            Change::Operation(Operation::Pause) => *status == UserServiceStatus::Stop,
            Change::Operation(Operation::Resume) => *status == UserServiceStatus::Running,
            Change::Operation(Operation::Restart) => pod.is_some_and(|pod| {
                let containers = &pod.state.container_statuses;
                let started = started_at(pod);
                !containers.is_empty()
                    && started != self.started_before
                    && containers
                        .iter()
                        .all(|container| container.state.kind() == ContainerStateKind::Running)
            }),
        }
    }
}

/// When each container started, in the order of the pod.
pub fn started_at(pod: &PodStatus) -> Vec<String> {
    let time = |container: &vcloud_api::types::ContainerStatus| {
        container
            .state
            .running
            .as_ref()
            .map(|running| running.started_at.clone())
            .unwrap_or_default()
    };
    pod.state.container_statuses.iter().map(time).collect()
}

/// Every operation that is under way, by service.
#[derive(Clone, Copy)]
pub struct PendingActions(RwSignal<HashMap<String, Pending>>);

impl PendingActions {
    /// Nothing under way.
    pub fn new() -> PendingActions {
        PendingActions(RwSignal::new(HashMap::new()))
    }

    /// Whether anything is under way (tracked).
    pub fn any(self) -> bool {
        self.0.with(|pending| !pending.is_empty())
    }

    /// What is under way for a service (tracked).
    pub fn of(self, id: &str) -> Option<Pending> {
        self.0.with(|pending| pending.get(id).cloned())
    }

    /// The services that something is under way for (tracked).
    pub fn ids(self) -> Vec<String> {
        self.0.with(|pending| pending.keys().cloned().collect())
    }

    /// An operation was accepted.
    pub fn begin(self, id: &str, operation: Operation, started_before: Vec<String>) {
        self.change(id, Change::Operation(operation), started_before);
    }

    /// A refund was accepted.
    pub fn begin_refund(self, id: &str) {
        self.change(id, Change::Refund, Vec::new());
    }

    fn change(self, id: &str, change: Change, started_before: Vec<String>) {
        self.0.update(|pending| {
            pending.insert(
                id.to_owned(),
                Pending {
                    change,
                    since: now_ms(),
                    started_before,
                },
            );
        });
    }

    /// The platform shows this now: ends what it confirms, or what has been waited for too long.
    pub fn observe(self, id: &str, status: &UserServiceStatus, pod: Option<&PodStatus>) {
        let ended = self.0.with_untracked(|pending| {
            pending
                .get(id)
                .is_some_and(|pending| pending.is_confirmed(status, pod) || now_ms() - pending.since > GIVE_UP_MS)
        });
        if ended {
            self.0.update(|pending| {
                pending.remove(id);
            });
        }
    }

    /// The platform could not say: ends what has been waited for too long.
    pub fn give_up(self, id: &str) {
        let is_late = |pending: &Pending| now_ms() - pending.since > GIVE_UP_MS;
        if self.0.with_untracked(|pending| pending.get(id).is_some_and(is_late)) {
            self.0.update(|pending| {
                pending.remove(id);
            });
        }
    }

    /// Forgets everything.
    pub fn clear(self) {
        if self.0.with_untracked(|pending| !pending.is_empty()) {
            self.0.set(HashMap::new());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pod(started: &[&str]) -> PodStatus {
        let containers: Vec<_> = started
            .iter()
            .map(|time| {
                let state = if time.is_empty() {
                    serde_json::json!({"waiting": {"reason": "ContainerCreating"}})
                } else {
                    serde_json::json!({"running": {"startedAt": time}})
                };
                serde_json::json!({"name": "web", "image": "nginx", "state": state})
            })
            .collect();
        serde_json::from_value(serde_json::json!({"podStatus": {"containerStatuses": containers}})).expect("a pod")
    }

    fn pending(operation: Operation) -> Pending {
        Pending {
            change: Change::Operation(operation),
            since: 0.0,
            started_before: vec!["a".to_owned(), "b".to_owned()],
        }
    }

    #[test]
    fn a_restart_is_confirmed_by_containers_that_all_run_anew() {
        let restart = pending(Operation::Restart);
        let running = UserServiceStatus::Running;
        assert!(!restart.is_confirmed(&running, None));
        assert!(
            !restart.is_confirmed(&running, Some(&pod(&["a", "b"]))),
            "nothing happened yet"
        );
        assert!(
            !restart.is_confirmed(&running, Some(&pod(&["c", ""]))),
            "one is still starting"
        );
        assert!(!restart.is_confirmed(&running, Some(&pod(&[]))), "no containers at all");
        assert!(restart.is_confirmed(&running, Some(&pod(&["c", "d"]))));
    }

    #[test]
    fn a_refund_is_confirmed_by_the_end_of_the_service() {
        let refund = Pending {
            change: Change::Refund,
            ..pending(Operation::Restart)
        };
        for status in [
            UserServiceStatus::Pending,
            UserServiceStatus::Running,
            UserServiceStatus::Stop,
        ] {
            assert!(!refund.is_confirmed(&status, Some(&pod(&["c", "d"]))), "{status:?}");
        }
        assert!(refund.is_confirmed(&UserServiceStatus::Abort, None));
    }

    #[test]
    fn pause_and_resume_are_confirmed_by_the_status() {
        assert!(pending(Operation::Pause).is_confirmed(&UserServiceStatus::Stop, None));
        assert!(!pending(Operation::Pause).is_confirmed(&UserServiceStatus::Running, None));
        assert!(pending(Operation::Resume).is_confirmed(&UserServiceStatus::Running, None));
    }
}
