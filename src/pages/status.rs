//! How a service's and a container's state is shown, the same everywhere.

use leptos::prelude::*;
use vcloud_api::types::{ContainerState, ContainerStateKind, UserService, UserServiceStatus};

use crate::i18n::{Text, text};
use crate::state::App;
use crate::state::pending::{Change, Operation};

/// The state of a service in words (tracked): what is under way goes before what the platform last said.
pub fn status_text(app: App, service: &UserService) -> (String, &'static str) {
    if let Some(pending) = app.pending.of(&service.id) {
        let key = match pending.change {
            Change::Operation(Operation::Restart) => Text::StatusRestarting,
            Change::Operation(Operation::Pause) => Text::StatusPausing,
            Change::Operation(Operation::Resume) => Text::StatusResuming,
            Change::Refund => Text::RefundPending,
        };
        return (text(key).to_owned(), "badge badge-busy");
    }
    let (key, class) = match &service.status {
        UserServiceStatus::Pending => (Text::StatusUsable, "badge"),
        UserServiceStatus::Running => (Text::StatusRunning, "badge badge-good"),
        UserServiceStatus::Stop => (Text::StatusPaused, "badge badge-warn"),
        UserServiceStatus::Done => (Text::StatusDone, "badge"),
        UserServiceStatus::Abort => (Text::StatusAborted, "badge badge-bad"),
        UserServiceStatus::Other(other) => return (other.clone(), "badge"),
    };
    (text(key).to_owned(), class)
}

/// The state of a service.
#[component]
pub fn StatusBadge(app: App, service: UserService) -> impl IntoView {
    move || {
        let (text, class) = status_text(app, &service);
        view! { <span class=class>{text}</span> }
    }
}

/// The state of a container in words, with the class of its badge (tracked).
pub fn container_text(state: &ContainerState) -> (String, &'static str) {
    let with_reason = |key: Text| {
        let reason = state.reason();
        if reason.is_empty() {
            text(key).to_owned()
        } else {
            format!("{}: {reason}", text(key))
        }
    };
    match state.kind() {
        ContainerStateKind::Running => (text(Text::ContainerRunning).to_owned(), "badge badge-good"),
        ContainerStateKind::Waiting => {
            let failing = state.reason().ends_with("BackOff")
                || state.reason().starts_with("Err")
                || state.reason().contains("Invalid");
            (
                with_reason(Text::ContainerWaiting),
                if failing { "badge badge-bad" } else { "badge badge-busy" },
            )
        }
        ContainerStateKind::Terminated => {
            let failed = state
                .terminated
                .as_ref()
                .is_some_and(|terminated| terminated.exit_code != 0);
            (
                with_reason(Text::ContainerTerminated),
                if failed { "badge badge-bad" } else { "badge" },
            )
        }
        ContainerStateKind::Unknown => (text(Text::ContainerUnknown).to_owned(), "badge"),
    }
}
