//! What the state of the pod means for its logs.

use leptos::prelude::*;
use logs::{Phase, Seen};
use vcloud_api::types::{ContainerStateKind, ContainerStatus, PodStatus};

use super::super::data::ServiceData;
use super::{Choice, Display};
use crate::state::log_tail::LogTail;

/// Tells the logs how their containers are, whenever that is known anew.
pub fn watch(display: Display, data: ServiceData, is_paused: Memo<bool>) {
    Effect::new(move |_| {
        let (pod, is_paused) = (data.pod.get(), is_paused.get());
        if let Some(tail) = display.tail_now() {
            tell(&tail, pod.value().map(AsRef::as_ref), is_paused);
        }
    });
}

/// Tells logs what is known of their containers at the moment.
pub fn tell_now(tail: &LogTail, data: ServiceData, is_paused: Memo<bool>) {
    let pod = data.pod.get_untracked();
    tell(tail, pod.value().map(AsRef::as_ref), is_paused.get_untracked());
}

fn tell(tail: &LogTail, pod: Option<&PodStatus>, is_paused: bool) {
    if is_paused {
        for container in tail.containers() {
            let seen = Seen {
                restarts: 0,
                phase: Phase::Paused,
                last_exit: None,
            };
            tail.observe(container, &seen);
        }
    } else if let Some(pod) = pod {
        for status in &pod.state.container_statuses {
            if let Some(seen) = seen(status) {
                tail.observe(&status.name, &seen);
            }
        }
    }
    tail.hold(is_paused);
}

fn seen(status: &ContainerStatus) -> Option<Seen> {
    let state = &status.state;
    let phase = match state.kind() {
        ContainerStateKind::Running => Phase::Running(state.running.as_ref()?.started_at.clone()),
        ContainerStateKind::Waiting => Phase::Waiting,
        ContainerStateKind::Terminated => Phase::Ended(state.terminated.as_ref()?.exit_code),
        ContainerStateKind::Unknown => return None,
    };
    let last = status.last_state.terminated.as_ref();
    Some(Seen {
        restarts: status.restart_count,
        phase,
        last_exit: last.map(|ended| ended.exit_code),
    })
}

/// What the first chosen container waits for that does not run, if any: its name, and the reason.
pub fn waiting(data: ServiceData, choice: Choice) -> Signal<Option<(String, String)>> {
    Signal::derive(move || {
        let pod = data.pod.get();
        let statuses = &pod.value()?.state.container_statuses;
        choice.chosen.with(|chosen| {
            let waits = |status: &&ContainerStatus| {
                chosen.contains(&status.name) && status.state.kind() == ContainerStateKind::Waiting
            };
            let status = statuses.iter().find(waits)?;
            Some((status.name.clone(), status.state.reason().to_owned()))
        })
    })
}
