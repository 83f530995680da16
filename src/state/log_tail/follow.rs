//! How one container's log is followed.

use std::cell::Cell;
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::future::{Either, select};
use leptos::prelude::*;
use logs::{Item, Request, Resume, ResumeSettings, State};
use vcloud_api::calls::{LogRange, StreamLogs};
use vcloud_api::{ApiError, ErrorKind};

use super::{LogTail, Source, Status};
use crate::config::LogTransport;
use crate::net::log_stream::{self, Read};
use crate::state::clock::{GAP_MS, now_ms, sleep};
use crate::state::services::Access;

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

impl LogTail {
    /// Follows until the logs are left.
    pub(super) async fn run(self, index: usize, access: Access, transport: LogTransport) {
        let source = &self.0.sources[index];
        let ask = &source.ask;
        let mut resume = Resume::new(
            Request {
                tail_lines: ask.tail_lines,
            },
            ResumeSettings::default(),
        );
        let mut progress = Progress::default();
        while !self.0.abort.is_aborted() {
            if self.0.held.get() {
                source.set(Status::Held);
                let _ = source.woken().await;
                continue;
            }
            source.set(Status::Connecting);
            let ended = self
                .connection(source, &access, transport, &mut resume, &mut progress)
                .await;
            if self.0.abort.is_aborted() {
                return;
            }
            let why = match ended {
                Ok(Ended::Again) => continue,
                Ok(Ended::ByHost) if ask.end.is_some() => return source.set(Status::Complete),
                Ok(Ended::ByHost) => {
                    source.runs.borrow_mut().stream_ended(&mut self.0.buffer.borrow_mut());
                    self.changed();
                    self.0.on_end.try_run(());
                    None
                }
                // What cannot be followed may still have last lines.
                Err(error) if !progress.connected && !progress.only_last && is_refusal(error.kind) => {
                    progress.only_last = true;
                    continue;
                }
                Err(error) if is_final(error.kind, progress.connected) => return source.set(Status::Failed(error)),
                Err(error) => Some(error),
            };
            progress.only_last = false;
            let seconds =
                BACK_OFF[usize::min(progress.failures, BACK_OFF.len() - 1)] * (0.8 + 0.4 * js_sys::Math::random());
            progress.failures += 1;
            source.set(Status::Waiting(now_ms() + seconds * 1000.0, why));
            let pause = Box::pin(sleep(Duration::from_secs_f64(seconds)));
            select(pause, source.woken()).await;
        }
    }

    async fn connection(
        &self,
        source: &Source,
        access: &Access,
        transport: LogTransport,
        resume: &mut Resume,
        progress: &mut Progress,
    ) -> Result<Ended, ApiError> {
        let ask = &source.ask;
        let request = resume.next_request();
        // Only the end of an answer tells for certain that everything was replayed.
        let everything = request.tail_lines.is_none() && resume.is_resuming();
        let call = StreamLogs {
            container: ask.container.clone(),
            follow: ask.end.is_none() && !everything && !source.rests.get() && !progress.only_last,
            range: LogRange {
                tail_lines: request.tail_lines,
                start: ask.start,
                end: ask.end,
            },
        };
        let mut reader = log_stream::open(transport, &call, access, &self.0.abort).await?;
        resume.connected(request);
        progress.connected = true;
        source.set(Status::Live);
        let connected = now_ms();
        let mut heard = connected;
        let mut keeps_alive = false;
        let mut quiet = Box::pin(sleep(QUIET));
        let mut looked = connected;
        // A WebSocket does not end by itself when the log is left.
        while !self.0.abort.is_aborted() {
            let mut state = resume.state();
            let new = Cell::new(false);
            let take = |item: Item<'_>| {
                new.set(true);
                self.take(source, item);
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
            // After a sleep of the device nothing may come any more, and nothing say so.
            if (now - looked).abs() >= GAP_MS {
                return Err(ApiError::without_answer(ErrorKind::Network, access.host.to_string()));
            }
            looked = now;
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

    fn take(&self, source: &Source, item: Item<'_>) {
        let mut buffer = self.0.buffer.borrow_mut();
        let mut runs = source.runs.borrow_mut();
        match item {
            Item::Line(line) => runs.line(&mut buffer, line),
            Item::Gap => runs.gap(&mut buffer),
        }
    }
}

impl Source {
    fn set(&self, status: Status) {
        if self.status.with_untracked(|now| *now != status) {
            self.status.set(status);
        }
    }

    /// Ends when somebody wants to go on now.
    fn woken(&self) -> oneshot::Receiver<()> {
        let (wake, woken) = oneshot::channel();
        *self.retry.borrow_mut() = Some(wake);
        woken
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
    /// Whether only the last lines are asked for now, as following was refused.
    only_last: bool,
}

/// Whether the host itself refused, for a reason that lies in the container.
fn is_refusal(kind: ErrorKind) -> bool {
    kind == ErrorKind::Refused
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
