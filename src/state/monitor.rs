//! What services use, measured while somebody looks, and kept while they look elsewhere.
//!
//! The samples live outside the reactive graph, in rings of a bounded size; whoever shows them is told once per sample.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::select;
use leptos::prelude::*;
use leptos::task::spawn_local;
use metrics::{History, Measure};
use send_wrapper::SendWrapper;
use vcloud_api::calls::GetMonitor;
use vcloud_api::types::Monitor;
use vcloud_api::{ApiError, Auth, ErrorKind};

use super::clock::now_ms;
use super::{App, storage};
use crate::net::{self, Abort};

/// The seconds between two samples on offer; the first is the default.
pub const INTERVALS: [u32; 5] = [1, 2, 5, 15, 60];

/// An hour of samples a second apart.
const CAPACITY: usize = 3_600;

/// So many services are remembered; the one that was not looked at for longest makes room.
const MOST_SERVICES: usize = 8;

/// Seconds to wait after each further failure.
const BACK_OFF: [f64; 6] = [2.0, 4.0, 8.0, 15.0, 30.0, 60.0];

/// The name of the interval among the preferences.
const INTERVAL: &str = "monitor.interval";

/// How measuring goes.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// The first answer is awaited.
    Starting,
    /// Measured at every interval.
    Live,
    /// Paused by hand.
    Paused,
    /// There was no answer; the next try is at `next` (milliseconds since the Unix epoch).
    Failing {
        /// When the first of the failed measurements was tried.
        since: f64,
        /// When the next one is.
        next: f64,
        /// What went wrong the last time.
        why: ApiError,
    },
}

type Feeds = Rc<RefCell<Vec<Feed>>>;

/// What was measured, by service, and how often it is.
#[derive(Clone, Copy)]
pub struct Monitors {
    /// The service looked at last comes last.
    feeds: StoredValue<SendWrapper<Feeds>>,
    interval: RwSignal<u32>,
}

impl Monitors {
    /// Nothing measured yet; the interval is the one chosen before.
    pub fn new() -> Monitors {
        let stored = storage::preferences().get(INTERVAL).and_then(|text| text.parse().ok());
        Monitors {
            feeds: StoredValue::new(SendWrapper::new(Rc::default())),
            interval: RwSignal::new(
                stored
                    .filter(|seconds| INTERVALS.contains(seconds))
                    .unwrap_or(INTERVALS[0]),
            ),
        }
    }

    /// Seconds between two samples (tracked).
    pub fn interval(self) -> u32 {
        self.interval.get()
    }

    /// Changes the seconds between two samples, now and for the next visit.
    pub fn set_interval(self, seconds: u32) {
        storage::preferences().set(INTERVAL, &seconds.to_string());
        self.interval.set(seconds);
        self.feeds.with_value(|feeds| {
            for feed in feeds.borrow().iter() {
                feed.wake();
            }
        });
    }

    /// Measures a service until the current owner is cleaned up. What was measured before is still there.
    pub fn follow(self, app: App, id: &str) -> Feed {
        let feed = self.feeds.with_value(|feeds| {
            let mut feeds = feeds.borrow_mut();
            let known = feeds.iter().position(|feed| feed.0.id == id);
            let feed = known.map_or_else(|| Feed::new(id), |index| feeds.remove(index));
            feeds.push(feed.clone());
            if feeds.len() > MOST_SERVICES {
                feeds.remove(0);
            }
            feed
        });
        let abort = Abort::new();
        let running = feed.clone();
        let end = abort.clone();
        spawn_local(async move { running.run(app, end).await });
        let woken = feed.clone();
        let listener = window_event_listener(leptos::ev::visibilitychange, move |_| woken.wake());
        let ending = SendWrapper::new((feed.clone(), abort));
        on_cleanup(move || {
            listener.remove();
            let (feed, abort) = ending.take();
            abort.abort();
            feed.wake();
        });
        feed
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.feeds.with_value(|feeds| feeds.borrow_mut().clear());
    }
}

/// What was measured of one service.
#[derive(Clone)]
pub struct Feed(SendWrapper<Rc<Inner>>);

struct Inner {
    id: String,
    history: RefCell<History>,
    version: ArcRwSignal<u64>,
    status: ArcRwSignal<Status>,
    paused: ArcRwSignal<bool>,
    /// When the last measurement was due.
    last: Cell<f64>,
    /// Dropped to end the wait for the next measurement.
    waiting: RefCell<Option<oneshot::Sender<()>>>,
}

impl Feed {
    fn new(id: &str) -> Feed {
        Feed(SendWrapper::new(Rc::new(Inner {
            id: id.to_owned(),
            history: RefCell::new(History::new(CAPACITY)),
            version: ArcRwSignal::new(0),
            status: ArcRwSignal::new(Status::Starting),
            paused: ArcRwSignal::new(false),
            last: Cell::new(0.0),
            waiting: RefCell::new(None),
        })))
    }

    /// Changes with every sample (tracked).
    pub fn version(&self) -> u64 {
        self.0.version.get()
    }

    /// The samples.
    pub fn with<T>(&self, read: impl FnOnce(&History) -> T) -> T {
        read(&self.0.history.borrow())
    }

    /// How measuring goes (tracked).
    pub fn status(&self) -> Status {
        if self.0.paused.get() {
            Status::Paused
        } else {
            self.0.status.get()
        }
    }

    /// Pauses, or goes on.
    pub fn set_paused(&self, paused: bool) {
        self.0.paused.set(paused);
        self.wake();
    }

    /// Measures now instead of later.
    pub fn measure_now(&self) {
        self.0.last.set(0.0);
        if let Status::Failing { since, why, .. } = self.0.status.get_untracked() {
            self.0.status.set(Status::Failing { since, next: 0.0, why });
        }
        self.wake();
    }

    fn wake(&self) {
        self.0.waiting.borrow_mut().take();
    }

    fn changed(&self) {
        self.0.version.update(|version| *version += 1);
    }

    fn mark_gap(&self) {
        let before = self.with(History::len);
        self.0.history.borrow_mut().push_gap(now_ms());
        if self.with(History::len) != before {
            self.changed();
        }
    }

    async fn run(self, app: App, abort: Abort) {
        // Nobody looked for a while, or never.
        self.mark_gap();
        self.0.last.set(0.0);
        self.0.status.set(Status::Starting);
        let mut failures = 0;
        while !abort.is_aborted() {
            if document().hidden() || self.0.paused.get_untracked() {
                self.mark_gap();
                self.wait(None).await;
                self.0.last.set(0.0);
                continue;
            }
            let interval = f64::from(app.monitors.interval.get_untracked()) * 1000.0;
            let due = match self.0.status.get_untracked() {
                Status::Failing { next, .. } => next,
                _ => self.0.last.get() + interval,
            };
            let now = now_ms();
            if due > now {
                self.wait(Some(due - now)).await;
                continue;
            }
            // At even distances, whatever time the answers take, unless they take too long for it.
            self.0.last.set(if now - due < interval / 2.0 { due } else { now });
            match self.measure(app, &abort).await {
                _ if abort.is_aborted() => return,
                Ok(monitor) => {
                    failures = 0;
                    self.0.history.borrow_mut().push(now, values(monitor));
                    self.set(Status::Live);
                    self.changed();
                }
                Err(why) => {
                    self.mark_gap();
                    let seconds =
                        BACK_OFF[usize::min(failures, BACK_OFF.len() - 1)] * (0.8 + 0.4 * js_sys::Math::random());
                    failures += 1;
                    let since = match self.0.status.get_untracked() {
                        Status::Failing { since, .. } => since,
                        _ => now,
                    };
                    self.set(Status::Failing {
                        since,
                        next: now_ms() + (seconds * 1000.0).max(interval),
                        why,
                    });
                }
            }
        }
    }

    async fn measure(&self, app: App, abort: &Abort) -> Result<Monitor, ApiError> {
        let known = untrack(|| app.services.known.peek(&self.0.id));
        let access = known.value().and_then(|known| known.access.clone().ok());
        let Some(access) = access else {
            return Err(ApiError::without_answer(ErrorKind::Aborted, ""));
        };
        let call = GetMonitor { container: None };
        net::send(&call, &access.host, &Auth::Secret(&access.secret), abort).await
    }

    fn set(&self, status: Status) {
        if self.0.status.with_untracked(|now| *now != status) {
            self.0.status.set(status);
        }
    }

    /// Waits so many milliseconds, or for ever, unless woken.
    async fn wait(&self, ms: Option<f64>) {
        let (wake, woken) = oneshot::channel::<()>();
        *self.0.waiting.borrow_mut() = Some(wake);
        let Some(ms) = ms else {
            let _ = woken.await;
            return;
        };
        // A timer that is not needed any more rings to nobody: a callback that is never called would never be freed.
        let (ring, rung) = oneshot::channel::<()>();
        set_timeout(move || drop(ring), Duration::from_secs_f64(ms / 1000.0));
        select(rung, woken).await;
    }
}

/// The values of an answer. What is missing there was not measured.
fn values(monitor: Monitor) -> Vec<(Measure, f64)> {
    let mut values = Vec::new();
    for (name, cpu) in monitor.cpu {
        values.push((Measure::Cpu(name), cpu.value));
    }
    for (name, memory) in monitor.memory {
        if let Some(limit) = memory.limit_value {
            values.push((Measure::MemoryLimit(name.clone()), limit));
        }
        values.push((Measure::Memory(name), memory.value));
    }
    for (measure, usage) in [
        (Measure::Download, monitor.network_download),
        (Measure::Upload, monitor.network_upload),
        (Measure::Storage, monitor.storage),
    ] {
        if let Some(usage) = usage {
            values.push((measure, usage.value));
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_in_an_answer_was_not_measured() {
        let answer = serde_json::json!({
            "cpu": { "web": { "value": 0.25 } },
            "memory": { "web": { "value": 10 }, "job": { "value": 20, "limitValue": 40 } },
            "networkDownload": { "value": 5 },
            "storage": null,
        });
        let monitor: Monitor = serde_json::from_value(answer).expect("an answer");
        let (web, job) = ("web".to_owned(), "job".to_owned());
        assert_eq!(
            values(monitor),
            [
                (Measure::Cpu(web.clone()), 0.25),
                (Measure::MemoryLimit(job.clone()), 40.0),
                (Measure::Memory(job), 20.0),
                (Measure::Memory(web), 10.0),
                (Measure::Download, 5.0),
            ]
        );
    }
}
