//! A log that is followed: connected, read, resumed after a cut without a lost or doubled line.
//!
//! It lives outside the reactive graph: lines go into a buffer as fast as they come, and whoever shows them is told at most
//! once per animation frame.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use leptos::task::spawn_local;
use logs::{Item, Limits, LogBuffer, Request, Resume, ResumeSettings, State};
use vcloud_api::calls::{LogRange, StreamLogs};
use vcloud_api::{ApiError, ErrorKind};

use super::clock::{now_ms, sleep};
use super::services::Access;
use crate::config::LogTransport;
use crate::net::Abort;
use crate::net::log_stream::{self, Read};

/// A replay that has been quiet for so long is over.
const QUIET: Duration = Duration::from_millis(800);

/// A replay of the last lines is taken to be over so long after connecting, in milliseconds: a log that is never quiet has to be
/// shown too. Where that was too early, everything that is kept is read next.
const REPLAY_MS: f64 = 3_000.0;

/// A replay of everything ends with the answer, as it is not followed. A host that follows nevertheless gets so long.
const LONGEST_REPLAY_MS: f64 = 60_000.0;

/// A host that sends keep-alives and then nothing at all for so long is gone.
const SILENCE_MS: f64 = 20_000.0;

/// Seconds to wait before each further try to connect.
const BACK_OFF: [f64; 7] = [0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0];

/// How the log stands.
#[derive(Clone, Debug, PartialEq)]
pub enum Status {
    /// On its way to the host.
    Connecting,
    /// New lines are shown as they come.
    Live,
    /// Connecting again at this time (milliseconds since the Unix epoch), because of this, if there was an error.
    Waiting(f64, Option<ApiError>),
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

/// A log that is followed until [`LogTail::stop`].
#[derive(Clone)]
pub struct LogTail(Rc<Inner>);

struct Inner {
    buffer: RefCell<LogBuffer>,
    status: RwSignal<Status>,
    version: RwSignal<u64>,
    frame_asked: Cell<bool>,
    abort: Abort,
    retry: RefCell<Option<oneshot::Sender<()>>>,
}

impl LogTail {
    /// Starts to follow.
    pub fn start(access: Access, transport: LogTransport, ask: Ask) -> LogTail {
        let tail = LogTail(Rc::new(Inner {
            buffer: RefCell::new(LogBuffer::new(Limits::default())),
            status: RwSignal::new(Status::Connecting),
            version: RwSignal::new(0),
            frame_asked: Cell::new(false),
            abort: Abort::new(),
            retry: RefCell::new(None),
        }));
        let running = tail.clone();
        spawn_local(async move { running.run(access, transport, ask).await });
        tail
    }

    /// Ends the connection; the lines stay.
    pub fn stop(&self) {
        self.0.abort.abort();
        self.0.retry.borrow_mut().take();
    }

    /// Tries to connect now instead of later.
    pub fn retry_now(&self) {
        self.0.retry.borrow_mut().take();
    }

    /// How the log stands (tracked).
    pub fn status(&self) -> Status {
        self.0.status.get()
    }

    /// Changes at most once per animation frame, when lines have come (tracked).
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
            inner.version.try_update(|version| *version += 1);
        };
        // No frames come while the tab is hidden, and nobody looks.
        request_animation_frame(tell);
    }

    fn set(&self, status: Status) {
        if self.0.status.try_with_untracked(|now| *now != status).unwrap_or(false) {
            self.0.status.set(status);
        }
    }

    async fn run(self, access: Access, transport: LogTransport, ask: Ask) {
        let mut resume = Resume::new(
            Request {
                tail_lines: ask.tail_lines,
            },
            ResumeSettings::default(),
        );
        let mut progress = Progress::default();
        while !self.0.abort.is_aborted() {
            self.set(Status::Connecting);
            let ended = self
                .connection(&access, transport, &ask, &mut resume, &mut progress)
                .await;
            if self.0.abort.is_aborted() {
                return;
            }
            let why = match ended {
                Ok(Ended::Again) => continue,
                Ok(Ended::ByHost) if ask.end.is_some() => return self.set(Status::Complete),
                Ok(Ended::ByHost) => None,
                Err(error) if is_final(error.kind, progress.connected) => return self.set(Status::Failed(error)),
                Err(error) => Some(error),
            };
            let seconds =
                BACK_OFF[usize::min(progress.failures, BACK_OFF.len() - 1)] * (0.8 + 0.4 * js_sys::Math::random());
            progress.failures += 1;
            self.set(Status::Waiting(now_ms() + seconds * 1000.0, why));
            let (wake, woken) = oneshot::channel();
            *self.0.retry.borrow_mut() = Some(wake);
            select(Box::pin(sleep(Duration::from_secs_f64(seconds))), woken).await;
        }
    }

    async fn connection(
        &self,
        access: &Access,
        transport: LogTransport,
        ask: &Ask,
        resume: &mut Resume,
        progress: &mut Progress,
    ) -> Result<Ended, ApiError> {
        let request = resume.next_request();
        // Only the end of an answer tells for certain that everything was replayed.
        let everything = request.tail_lines.is_none() && resume.is_resuming();
        let call = StreamLogs {
            container: ask.container.clone(),
            follow: ask.end.is_none() && !everything,
            range: LogRange {
                tail_lines: request.tail_lines,
                start: ask.start,
                end: ask.end,
            },
        };
        let mut reader = log_stream::open(transport, &call, access, &self.0.abort).await?;
        resume.connected(request);
        progress.connected = true;
        self.set(Status::Live);
        let connected = now_ms();
        let mut heard = connected;
        let mut keeps_alive = false;
        let mut quiet = Box::pin(sleep(QUIET));
        // A WebSocket does not end by itself when the log is left.
        while !self.0.abort.is_aborted() {
            let mut state = resume.state();
            let new = Cell::new(false);
            let take = |item: Item<'_>| {
                new.set(true);
                self.take(item);
            };
            let read = {
                let on_line = |line: &[u8]| {
                    if state != State::Gap {
                        state = resume.line(line, take);
                    }
                };
                match select(Box::pin(reader.read(on_line)), &mut quiet).await {
                    Either::Left((read, _)) => Some(read?),
                    Either::Right(_) => None,
                }
            };
            let now = now_ms();
            let ended = read == Some(Read::End);
            let is_replay_over = match read {
                Some(Read::End) => true,
                Some(Read::Lines(count)) => {
                    heard = now;
                    keeps_alive |= count == 0;
                    now - connected > if everything { LONGEST_REPLAY_MS } else { REPLAY_MS }
                }
                None => {
                    let idle = Duration::from_secs_f64((now - heard).max(0.0) / 1000.0);
                    let rest = QUIET.saturating_sub(idle);
                    quiet = Box::pin(sleep(if rest.is_zero() { QUIET } else { rest }));
                    rest.is_zero() && !everything
                }
            };
            if is_replay_over && state == State::Matching {
                state = resume.settle(take);
            }
            if new.get() {
                // Only what is new counts: a host that replays and ends is not to be asked twice a second.
                progress.failures = 0;
                self.changed();
            }
            if state == State::Gap {
                return Ok(Ended::Again);
            }
            if ended {
                let is_joined = everything && ask.end.is_none() && state == State::Live;
                return Ok(if is_joined { Ended::Again } else { Ended::ByHost });
            }
            if keeps_alive && now - heard > SILENCE_MS {
                return Err(ApiError::without_answer(ErrorKind::Timeout, access.host.to_string()));
            }
        }
        Ok(Ended::ByHost)
    }

    fn take(&self, item: Item<'_>) {
        let mut buffer = self.0.buffer.borrow_mut();
        match item {
            Item::Line(line) => buffer.push(line),
            Item::Gap => buffer.mark_gap(),
        }
    }
}

/// How a connection ended, where nothing went wrong.
enum Ended {
    /// The host has no more.
    ByHost,
    /// Connect again at once: the replay has to reach further back, or everything was read and is to be followed now.
    Again,
}

/// How following has gone so far.
#[derive(Default)]
struct Progress {
    /// Connections since the last new line.
    failures: usize,
    /// Whether the host has ever let the log be read.
    connected: bool,
}

/// Whether only the person or the operator can help. A host that was read from allows it: where it seems not to, it is just
/// coming back.
fn is_final(kind: ErrorKind, connected: bool) -> bool {
    kind.is_about_token()
        || matches!(
            kind,
            ErrorKind::Unauthorised | ErrorKind::Forbidden | ErrorKind::Unsendable | ErrorKind::NotFound
        )
        || (kind == ErrorKind::Cors && !connected)
}
