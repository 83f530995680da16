//! What the service page knows: the service itself, and the pod that runs it.

use leptos::prelude::*;
use vcloud_api::ApiError;
use vcloud_api::types::{PodStatus, UserServiceStatus};

use crate::state::pending::Change;
use crate::state::query;
use crate::state::services::Known;
use crate::state::{App, Remote};

/// The data of the page.
#[derive(Clone, Copy)]
pub struct ServiceData {
    /// The service.
    pub service: Signal<Remote<Known>>,
    /// Its pod; absent while it is paused or not started.
    pub pod: Signal<Remote<PodStatus>>,
    /// When the service arrived.
    pub at: Signal<Option<f64>>,
    /// Whether a request is on its way.
    pub busy: Signal<bool>,
    /// Why what is shown is older than it should be.
    pub stale: Signal<Option<ApiError>>,
    /// Asks for everything anew.
    pub refresh: Callback<()>,
}

impl ServiceData {
    /// The service, where it is known (tracked).
    pub fn known(self) -> Option<std::sync::Arc<Known>> {
        self.service.get().value().cloned()
    }
}

/// Follows a service and its pod.
pub fn use_service(app: App, id: String) -> ServiceData {
    let services = app.services;
    let stored = StoredValue::new(id);
    // Quick while something changes, slow otherwise.
    let every = move || {
        let waits = stored.with_value(|id| app.pending.of(id).is_some());
        if waits {
            app.pending_refresh_ms()
        } else {
            app.refresh_ms()
        }
    };
    let service = query::use_query(
        app.clock,
        services.known,
        move || app.session.identity_key().map(|_| stored.get_value()),
        every,
        move |id, abort| services.fetch_known(app, id, abort),
    );
    // A pod exists only while the service runs, and only its secret opens it.
    let pod_key = move || {
        let state = service.get();
        let known = state.value()?;
        // What is refunded has lost it, whatever is still known of the service.
        let ends = app
            .pending
            .of(&known.service.id)
            .is_some_and(|pending| pending.change == Change::Refund);
        let runs = known.service.status == UserServiceStatus::Running && !ends;
        (known.access.is_ok() && runs).then(|| known.service.id.clone())
    };
    let pod = query::use_query(
        app.clock,
        services.pods,
        pod_key,
        move || {
            // A pod that is not all running yet changes within seconds.
            let unsettled = services
                .pods
                .peek(&stored.get_value())
                .value()
                .is_some_and(|pod| !is_settled(pod));
            if unsettled { app.pending_refresh_ms() } else { every() }
        },
        move |id, abort| services.fetch_pod(app, id, abort),
    );
    Effect::new(move |_| {
        if let Some(known) = service.get().value() {
            let pod = pod.get();
            let pod = pod.value().map(AsRef::as_ref);
            app.pending.observe(&known.service.id, &known.service.status, pod);
        }
    });
    let stale = move || {
        let of_service = match service.get() {
            Remote::Ready { stale_because, .. } => stale_because,
            Remote::Loading | Remote::Failed(_) => None,
        };
        of_service.or_else(|| match pod.get() {
            Remote::Ready { stale_because, .. } => stale_because,
            Remote::Loading | Remote::Failed(_) => None,
        })
    };
    ServiceData {
        service: Signal::derive(move || service.get()),
        pod: Signal::derive(move || pod.get()),
        at: Signal::derive(move || match service.get() {
            Remote::Ready { at, .. } => Some(at),
            Remote::Loading | Remote::Failed(_) => None,
        }),
        busy: Signal::derive(move || service.busy() || pod.busy()),
        stale: Signal::derive(stale),
        refresh: Callback::new(move |()| {
            service.refresh();
            pod.refresh();
        }),
    }
}

/// Whether every container of a pod has come to rest.
fn is_settled(pod: &PodStatus) -> bool {
    use vcloud_api::types::ContainerStateKind::Running;
    !pod.state.container_statuses.is_empty()
        && pod
            .state
            .container_statuses
            .iter()
            .all(|container| container.state.kind() == Running)
}
