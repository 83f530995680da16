//! Logs that are followed, of one container or of several in one: connected, read, resumed after a cut without a lost or doubled
//! line.
//!
//! They live outside the reactive graph: lines go into one buffer as fast as they come, and whoever shows them is told at most
//! once per animation frame.

mod follow;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures_channel::oneshot;
use leptos::prelude::*;
use leptos::task::spawn_local;
use logs::{Limits, LogBuffer, Phase, Runs, Seen};
use vcloud_api::ApiError;

use super::services::Access;
use crate::config::LogTransport;
use crate::net::Abort;

/// How the log of a container stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// On its way to the host.
    Connecting,
    /// New lines are shown as they come.
    Live,
    /// Connecting again at this time (milliseconds since the Unix epoch), because of this, if there was an error.
    Waiting(f64, Option<ApiError>),
    /// There is nothing to follow until the service runs again.
    Held,
    /// Everything that was asked for is here.
    Complete,
    /// Trying again is no use.
    Failed(ApiError),
}

/// Which log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// The container's name.
    pub container: String,
    /// Only so many of the last lines at first; `None` for all that are kept.
    pub tail_lines: Option<u64>,
    /// Only lines from then on, Unix seconds.
    pub start: Option<u64>,
    /// Only lines until then, Unix seconds; the log is not followed then.
    pub end: Option<u64>,
}

/// Logs that are followed until [`LogTail::stop`], all in one buffer in the order in which their lines arrive.
#[derive(Clone)]
pub struct LogTail(Rc<Inner>);

struct Inner {
    buffer: RefCell<LogBuffer>,
    sources: Vec<Source>,
    version: ArcRwSignal<u64>,
    frame_asked: Cell<bool>,
    abort: Abort,
    held: Cell<bool>,
    on_end: Callback<()>,
}

/// One container's log.
struct Source {
    ask: Ask,
    runs: RefCell<Runs>,
    status: ArcRwSignal<Status>,
    retry: RefCell<Option<oneshot::Sender<()>>>,
    /// Whether the container is known not to run: then there are only last lines to be asked for.
    rests: Cell<bool>,
}

impl LogTail {
    /// Starts to follow. Lines know which of `asks` they belong to. `on_end` is called when a host ends a log, as it does when
    /// the container ends: to have a look at the container, and tell [`LogTail::observe`].
    pub fn start(access: &Access, transport: LogTransport, asks: Vec<Ask>, on_end: Callback<()>) -> LogTail {
        // Lines know their source by one byte; no service has so many containers.
        let sources = (0..=u8::MAX).zip(asks).map(|(source, ask)| Source {
            ask,
            runs: RefCell::new(Runs::new(source)),
            status: ArcRwSignal::new(Status::Connecting),
            retry: RefCell::new(None),
            rests: Cell::new(false),
        });
        let tail = LogTail(Rc::new(Inner {
            buffer: RefCell::new(LogBuffer::new(Limits::default())),
            sources: sources.collect(),
            version: ArcRwSignal::new(0),
            frame_asked: Cell::new(false),
            abort: Abort::new(),
            held: Cell::new(false),
            on_end,
        }));
        for index in 0..tail.0.sources.len() {
            let (running, access) = (tail.clone(), access.clone());
            spawn_local(async move { running.run(index, access, transport).await });
        }
        tail
    }

    /// Ends the connections; the lines stay.
    pub fn stop(&self) {
        self.0.abort.abort();
        self.retry_now();
    }

    /// Tries to connect now instead of later, wherever that waits.
    pub fn retry_now(&self) {
        for source in &self.0.sources {
            source.retry.borrow_mut().take();
        }
    }

    /// Tells how a container is, as far as the log has it: marks where it ended or began anew, and connects when it runs again.
    pub fn observe(&self, container: &str, seen: &Seen) {
        let Some(source) = self.0.sources.iter().find(|source| source.ask.container == container) else {
            return;
        };
        let rests = !matches!(seen.phase, Phase::Running(_));
        if source.rests.replace(rests) && !rests {
            source.retry.borrow_mut().take();
        }
        let mut buffer = self.0.buffer.borrow_mut();
        let version = buffer.marks_version();
        source.runs.borrow_mut().observe(&mut buffer, seen);
        if buffer.marks_version() != version {
            self.changed();
        }
    }

    /// Whether there is nothing to connect to, because the service is paused.
    pub fn hold(&self, held: bool) {
        if self.0.held.replace(held) != held {
            // How the containers are then is not known yet.
            for source in &self.0.sources {
                source.rests.set(false);
            }
            self.retry_now();
        }
    }

    /// Whose logs these are. Lines know their place in this list.
    pub fn containers(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.sources.iter().map(|source| source.ask.container.as_str())
    }

    /// How the log of one of [`LogTail::containers`] stands (tracked).
    pub fn status_of(&self, index: usize) -> Status {
        self.0.sources[index].status.get()
    }

    /// How the logs stand, each (tracked).
    pub fn statuses(&self) -> Vec<Status> {
        self.0.sources.iter().map(|source| source.status.get()).collect()
    }

    /// Changes at most once per animation frame, when lines or marks have come (tracked).
    pub fn version(&self) -> u64 {
        self.0.version.get()
    }

    /// The lines.
    pub fn with<T>(&self, read: impl FnOnce(&LogBuffer) -> T) -> T {
        read(&self.0.buffer.borrow())
    }

    /// Forgets the lines shown; new ones still come.
    pub fn clear(&self) {
        self.0.buffer.borrow_mut().clear();
        self.changed();
    }

    fn changed(&self) {
        if self.0.frame_asked.replace(true) {
            return;
        }
        let inner = Rc::clone(&self.0);
        let tell = move || {
            inner.frame_asked.set(false);
            inner.version.update(|version| *version += 1);
        };
        // No frames come while the tab is hidden, and nobody looks.
        request_animation_frame(tell);
    }
}
