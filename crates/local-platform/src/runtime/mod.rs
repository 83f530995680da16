//! Where pods run.
//!
//! The platform decides what should run (which service, which containers, until when); a [`Runtime`] makes it run and tells
//! what became of it. [`simulated::SimulatedRuntime`] needs nothing but a clock. A real container engine can take its place:
//! everything here is asynchronous, object safe and free of the simulation's notions, and what a runtime has to remember over
//! a restart of the process is an opaque [`PodRecord`] that the platform stores beside the service.
//!
//! Times are milliseconds of the *platform's* clock (see [`clock::Clock`]), which may run faster than the wall clock.

mod calendar;
pub mod clock;
mod model;
pub mod simulated;

pub use clock::{Clock, ManualClock, SystemClock, UnixMillis};
pub use model::{
    ContainerMetrics, ContainerSpec, ContainerState, ContainerStatus, EnvironmentVariable, ImageCheck, LogBatch,
    LogQuery, Phase, PodMetrics, PodRecord, PodSpec, PodStatus, PortMapping, Protocol, RegistryLogin, Running,
    Terminated, Waiting,
};

use std::sync::Arc;

use futures_util::{future::BoxFuture, stream::BoxStream};

/// The runtime that a platform uses: the simulation, on the wall clock.
#[must_use]
pub fn for_platform() -> Arc<dyn Runtime> {
    Arc::new(simulated::SimulatedRuntime::new(Arc::new(SystemClock::new())))
}

/// What a runtime's methods give: the work may need to wait for an engine.
pub type RuntimeFuture<'a, T> = BoxFuture<'a, Result<T, RuntimeError>>;

/// The lines of one container, in order, each exactly once. It ends when the run of the container that it shows ends (the
/// container exited, was restarted, stopped, removed), when the queried range is exhausted, and, unless following, when
/// everything kept has been given. An engine that fails in between ends the stream with one error.
pub type LogStream = BoxStream<'static, Result<LogBatch, RuntimeError>>;

/// Why a runtime could not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RuntimeError {
    /// Nothing was ever deployed for this service, or it was removed.
    #[error("service {0} has no deployment")]
    NoSuchPod(String),
    /// The service is paused: it has a deployment but no pod.
    #[error("service {0} is stopped")]
    Stopped(String),
    /// The pod has no container of this name.
    #[error("no container named {0}")]
    NoSuchContainer(String),
    /// The container has not started yet, so there are no logs. `reason` is the one of its waiting state.
    #[error("container {container} is waiting to start: {reason}")]
    NotStarted {
        /// The container's name.
        container: String,
        /// For example `ContainerCreating` or `ImagePullBackOff`.
        reason: String,
    },
    /// The pod can not be made as described.
    #[error("invalid pod: {0}")]
    Invalid(String),
    /// A [`PodRecord`] that this runtime did not make or that was damaged.
    #[error("unreadable record of service {service_id}: {message}")]
    BadRecord {
        /// The service whose record it is.
        service_id: String,
        /// What is wrong with it.
        message: String,
    },
    /// The engine behind the runtime failed.
    #[error("container engine: {0}")]
    Engine(String),
}

/// Runs pods: one for each deployed service, named by the service's id.
///
/// Methods that change something return the [`PodRecord`] to be stored in place of the service's earlier one. `at` is the
/// platform time of the change, normally now; the simulation also takes earlier times, so that a demonstration can begin
/// with services that have run for days. An engine that only knows the present ignores it.
pub trait Runtime: Send + Sync + 'static {
    /// Starts the pod of a service, or replaces the one that it has: the old containers are terminated and the new ones begin
    /// with empty logs and restart counts of 0. Also how a changed image, configuration or environment is brought into force,
    /// and what revives a stopped service.
    ///
    /// Bad images are no error here: they show in [`Runtime::status`], as with Kubernetes.
    fn deploy(&self, spec: PodSpec, at: UnixMillis) -> RuntimeFuture<'_, PodRecord>;

    /// Replaces the pod by a new one with the same description (`kubectl rollout restart`).
    fn restart<'a>(&'a self, service_id: &'a str, at: UnixMillis) -> RuntimeFuture<'a, PodRecord>;

    /// Terminates the containers gracefully and keeps the description. Stopping what is stopped changes nothing.
    fn stop<'a>(&'a self, service_id: &'a str, at: UnixMillis) -> RuntimeFuture<'a, PodRecord>;

    /// Starts the pod of a stopped service again. Starting what is not stopped changes nothing.
    fn start<'a>(&'a self, service_id: &'a str, at: UnixMillis) -> RuntimeFuture<'a, PodRecord>;

    /// Terminates the containers and forgets the service. Its record is to be deleted; removing an unknown service is no error.
    fn remove<'a>(&'a self, service_id: &'a str) -> RuntimeFuture<'a, ()>;

    /// How the pod is now. `None` for a stopped service whose containers have gone.
    fn status<'a>(&'a self, service_id: &'a str) -> RuntimeFuture<'a, Option<PodStatus>>;

    /// The log of the container's latest run: what is kept of it, then, where asked to follow, what it goes on to print.
    /// A container that crashed and waits to be started again still shows the log of the run that crashed.
    fn logs<'a>(&'a self, service_id: &'a str, container: &'a str, query: LogQuery) -> RuntimeFuture<'a, LogStream>;

    /// What the pod consumes now. [`RuntimeError::Stopped`] for a stopped service.
    fn metrics<'a>(&'a self, service_id: &'a str) -> RuntimeFuture<'a, PodMetrics>;

    /// Whether an image can be pulled, asked of its registry. `login` is absent for public images.
    fn check_image<'a>(&'a self, image: &'a str, login: Option<&'a RegistryLogin>) -> RuntimeFuture<'a, ImageCheck>;

    /// Takes over the pods of an earlier process from the records that it was given: the same containers with the same state,
    /// restart counts and logs, time having gone on in between. Called once, before anything else.
    fn restore(&self, records: Vec<PodRecord>) -> RuntimeFuture<'_, ()>;
}
