//! Pods without a container engine: believable in what they show, repeatable in all they do.
//!
//! A pod's whole life follows from a few facts (its description, when it was made, when it was stopped) and the clock, so a
//! pod costs nothing while nobody asks, ten thousand of them start at once, and a process that restarts with the same facts
//! shows the same pods with the same logs.
//!
//! What it imitates: pulls that take as long as the image is large, `ContainerCreating`, bad images with `ErrImagePull` and
//! `ImagePullBackOff`, private images, crash loops with Kubernetes' growing back-off, graceful ends, bounded logs in the style
//! of the image, load that moves smoothly. The images of `vcloud/` are described in `programs/own.rs`.

mod dice;
mod follow;
mod images;
mod metrics;
mod pod;
mod programs;
#[cfg(test)]
mod tests;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard},
};

use super::{
    Clock, ImageCheck, LogQuery, LogStream, PodMetrics, PodRecord, PodSpec, PodStatus, RegistryLogin, Runtime,
    RuntimeError, RuntimeFuture, UnixMillis,
};
use images::ImageName;
use pod::{Pod, PodFacts};

/// How many lines of a log are kept unless told otherwise.
pub const DEFAULT_KEPT_LINES: u64 = 20_000;

/// A stop that is said to have been this long ago or less (milliseconds) takes effect now: a log that somebody follows must
/// not lose lines that were already sent.
const RECENT: u64 = 5_000;

type Pods = HashMap<String, Arc<Pod>>;

/// The simulation. Cheap to make; share it in an `Arc`.
pub struct SimulatedRuntime {
    clock: Arc<dyn Clock>,
    pods: RwLock<Pods>,
    kept_lines: u64,
}

impl SimulatedRuntime {
    /// A simulation without pods, by this clock.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>) -> Self {
        Self {
            clock,
            pods: RwLock::default(),
            kept_lines: DEFAULT_KEPT_LINES,
        }
    }

    /// Keeps so many lines of each log.
    #[must_use]
    pub fn with_kept_lines(mut self, lines: u64) -> Self {
        self.kept_lines = lines;
        self
    }

    fn read(&self) -> RwLockReadGuard<'_, Pods> {
        // Every change is a single insertion or removal, so the map is whole even after a panic.
        self.pods.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, Pods> {
        self.pods.write().unwrap_or_else(PoisonError::into_inner)
    }

    fn pod(&self, service_id: &str) -> Result<Arc<Pod>, RuntimeError> {
        self.read()
            .get(service_id)
            .cloned()
            .ok_or_else(|| RuntimeError::NoSuchPod(service_id.to_owned()))
    }

    /// Tells a pod to end. The time is chosen while nobody reads it, see `follow::open`.
    fn end(&self, pod: &Pod, at: UnixMillis) {
        pod.stop.send_if_modified(|stop| {
            let now = self.clock.now();
            let changed = stop.is_none();
            if changed {
                *stop = Some(if at.saturating_add(RECENT) >= now { now } else { at });
            }
            changed
        });
    }

    /// Puts a new pod in the place of an earlier one.
    fn replace(&self, spec: PodSpec, at: UnixMillis) -> Result<PodRecord, RuntimeError> {
        let mut pods = self.write();
        let old = pods.get(&spec.service_id).cloned();
        let facts = PodFacts {
            generation: old.as_ref().map_or(0, |old| old.facts.generation + 1),
            created_at: at,
            stopped_at: None,
            cached_images: old
                .as_ref()
                .map_or_else(Vec::new, |old| old.images_pulled(old.stopped_at().unwrap_or(at))),
            spec,
        };
        let pod = Pod::new(facts)?;
        let record = record(&pod)?;
        pods.insert(record.service_id.clone(), Arc::new(pod));
        if let Some(old) = old {
            self.end(&old, at);
        }
        Ok(record)
    }

    fn restart_pod(&self, service_id: &str, at: UnixMillis) -> Result<PodRecord, RuntimeError> {
        let pod = self.pod(service_id)?;
        if pod.stopped_at().is_some() {
            return Err(RuntimeError::Stopped(service_id.to_owned()));
        }
        self.replace(pod.facts.spec.clone(), at)
    }

    fn stop_pod(&self, service_id: &str, at: UnixMillis) -> Result<PodRecord, RuntimeError> {
        let pod = self.pod(service_id)?;
        self.end(&pod, at);
        record(&pod)
    }

    fn start_pod(&self, service_id: &str, at: UnixMillis) -> Result<PodRecord, RuntimeError> {
        let pod = self.pod(service_id)?;
        if pod.stopped_at().is_some() {
            self.replace(pod.facts.spec.clone(), at)
        } else {
            record(&pod)
        }
    }

    fn remove_pod(&self, service_id: &str) {
        let removed = self.write().remove(service_id);
        if let Some(pod) = removed {
            self.end(&pod, self.clock.now());
        }
    }

    fn metrics_of(&self, service_id: &str) -> Result<PodMetrics, RuntimeError> {
        let pod = self.pod(service_id)?;
        let now = self.clock.now();
        if pod.stopped_at().is_some_and(|stop| stop <= now) {
            return Err(RuntimeError::Stopped(service_id.to_owned()));
        }
        Ok(metrics::measure(&pod, now))
    }

    fn restore_pods(&self, records: Vec<PodRecord>) -> Result<(), RuntimeError> {
        let mut restored = Pods::with_capacity(records.len());
        for PodRecord { service_id, state } in records {
            let facts = serde_json::from_str::<PodFacts>(&state).map_err(|error| error.to_string());
            let pod = facts.and_then(|facts| Pod::new(facts).map_err(|error| error.to_string()));
            let pod = pod.map_err(|message| RuntimeError::BadRecord {
                service_id: service_id.clone(),
                message,
            })?;
            restored.insert(service_id, Arc::new(pod));
        }
        *self.write() = restored;
        Ok(())
    }
}

fn record(pod: &Pod) -> Result<PodRecord, RuntimeError> {
    let facts = pod.facts_now();
    let state = serde_json::to_string(&facts).map_err(|error| RuntimeError::Engine(error.to_string()))?;
    Ok(PodRecord {
        service_id: facts.spec.service_id,
        state,
    })
}

impl Runtime for SimulatedRuntime {
    fn deploy(&self, spec: PodSpec, at: UnixMillis) -> RuntimeFuture<'_, PodRecord> {
        Box::pin(async move { self.replace(spec, at) })
    }

    fn restart<'a>(&'a self, service_id: &'a str, at: UnixMillis) -> RuntimeFuture<'a, PodRecord> {
        Box::pin(async move { self.restart_pod(service_id, at) })
    }

    fn stop<'a>(&'a self, service_id: &'a str, at: UnixMillis) -> RuntimeFuture<'a, PodRecord> {
        Box::pin(async move { self.stop_pod(service_id, at) })
    }

    fn start<'a>(&'a self, service_id: &'a str, at: UnixMillis) -> RuntimeFuture<'a, PodRecord> {
        Box::pin(async move { self.start_pod(service_id, at) })
    }

    fn remove<'a>(&'a self, service_id: &'a str) -> RuntimeFuture<'a, ()> {
        Box::pin(async move {
            self.remove_pod(service_id);
            Ok(())
        })
    }

    fn status<'a>(&'a self, service_id: &'a str) -> RuntimeFuture<'a, Option<PodStatus>> {
        Box::pin(async move { Ok(self.pod(service_id)?.status(self.clock.now())) })
    }

    fn logs<'a>(&'a self, service_id: &'a str, container: &'a str, query: LogQuery) -> RuntimeFuture<'a, LogStream> {
        Box::pin(async move {
            follow::open(
                Arc::clone(&self.clock),
                self.pod(service_id)?,
                container,
                query,
                self.kept_lines,
            )
        })
    }

    fn metrics<'a>(&'a self, service_id: &'a str) -> RuntimeFuture<'a, PodMetrics> {
        Box::pin(async move { self.metrics_of(service_id) })
    }

    fn check_image<'a>(&'a self, image: &'a str, login: Option<&'a RegistryLogin>) -> RuntimeFuture<'a, ImageCheck> {
        Box::pin(async move { Ok(ImageName::parse(image).map_or(ImageCheck::BadFormat, |name| name.check(login))) })
    }

    fn restore(&self, records: Vec<PodRecord>) -> RuntimeFuture<'_, ()> {
        Box::pin(async move { self.restore_pods(records) })
    }
}
