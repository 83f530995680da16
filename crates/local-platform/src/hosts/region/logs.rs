//! Logs, as an event stream or over a WebSocket (contract, Logs).

use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::extract::{Extension, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt as _;
use serde::Deserialize;
use tokio::time::{MissedTickBehavior, interval};

use super::require_running;
use crate::authorise::Secret;
use crate::front::CutAfter;
use crate::hosts::Host;
use crate::platform::SharedPlatform;
use crate::query::Query;
use crate::refusal::{Outcome, Refusal};
use crate::runtime::{LogBatch, LogQuery, LogStream};

/// How often an event stream shows that it is alive. Clients give up after three silent seconds.
const KEEP_ALIVE: Duration = Duration::from_secs(1);
/// How often a WebSocket is pinged.
const PING: Duration = Duration::from_secs(15);
/// How long a WebSocket may stay silent before it has said which log it wants.
const HELLO_WITHIN: Duration = Duration::from_secs(10);
/// Close codes of a WebSocket's refusals are the refusal's code above this: 4401, 4411.
const CLOSE_CODES: u16 = 4000;

/// Gives a container's log: over a WebSocket where the request asks for one, else as an event stream.
pub async fn logs(
    State(platform): State<SharedPlatform>,
    host: Host,
    query: Query,
    cut: Option<Extension<CutAfter>>,
    secret: Outcome<Secret>,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Outcome<Response> {
    if let Ok(upgrade) = upgrade {
        let limit = cut.map(|Extension(CutAfter(limit))| limit);
        return Ok(upgrade.on_upgrade(move |socket| converse(platform, host, query, limit, socket)));
    }
    let wanted = Wanted::of_query(&query)?;
    let stream = open(&platform, &host, secret?, &wanted).await?;
    let mut response = Body::from_stream(events(platform, stream)).into_response();
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("text/event-stream; charset=utf-8"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    // Asks a gateway in between not to hold lines back.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

/// Which part of which log.
struct Wanted {
    container: Option<String>,
    query: LogQuery,
}

impl Wanted {
    fn of_query(query: &Query) -> Outcome<Self> {
        // Unix seconds; 0 means without bound.
        let time = |key| {
            Ok::<_, Refusal>(
                query
                    .number(key)?
                    .filter(|seconds| *seconds > 0)
                    .map(|seconds| seconds.saturating_mul(1000)),
            )
        };
        Ok(Self {
            container: query.get("container").map(str::to_owned),
            query: LogQuery {
                follow: !query.flag("unfollow"),
                tail_lines: query.number("tailLines")?,
                start: time("startTimestamp")?,
                end: time("endTimestamp")?,
            },
        })
    }
}

async fn open(platform: &SharedPlatform, host: &Host, secret: Secret, wanted: &Wanted) -> Outcome<LogStream> {
    let container = wanted
        .container
        .as_deref()
        .ok_or_else(|| Refusal::invalid("container is needed"))?;
    let host = host.clone();
    let service = platform
        .store
        .run(move |transaction| secret.open_living(transaction, &host))
        .await?;
    require_running(&service)?;
    Ok(platform.runtime.logs(&service.id, container, wanted.query).await?)
}

/// The chunks of an event stream. Which lines it has depends on the log alone, so that a client that comes again and counts
/// finds the same ones.
fn events(
    platform: SharedPlatform,
    logs: LogStream,
) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
    let mut alive = interval(KEEP_ALIVE);
    alive.set_missed_tick_behavior(MissedTickBehavior::Delay);
    alive.reset();
    let first = futures_util::stream::once(async { Ok(Bytes::from_static(b"event:message\n")) });
    let rest = futures_util::stream::unfold((platform, logs, alive), |(platform, mut logs, mut alive)| async move {
        let chunk = tokio::select! {
            biased;
            () = platform.stopped() => return None,
            batch = logs.next() => match batch? {
                Ok(batch) => event(&batch),
                Err(error) => {
                    tracing::warn!(%error, "a log broke off");
                    return None;
                }
            },
            _ = alive.tick() => Bytes::from_static(b"\n"),
        };
        alive.reset();
        Some((Ok(chunk), (platform, logs, alive)))
    });
    first.chain(rest)
}

/// Lines as one event, which ends with an empty line.
fn event(batch: &LogBatch) -> Bytes {
    let mut text = Vec::with_capacity(batch.as_bytes().len() + 5 * batch.len() + 1);
    for line in batch.lines() {
        text.extend_from_slice(b"data:");
        text.extend_from_slice(line);
        text.push(b'\n');
    }
    text.push(b'\n');
    text.into()
}

/// The client's first message.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Hello {
    secret: String,
    #[serde(default)]
    container: Option<String>,
    #[serde(default)]
    unfollow: Option<bool>,
    #[serde(default)]
    tail_lines: Option<u64>,
    #[serde(default)]
    start_timestamp: Option<u64>,
    #[serde(default)]
    end_timestamp: Option<u64>,
}

impl Hello {
    /// What the message wants; the request's query says the rest.
    fn over(self, query: &Query) -> Outcome<(Secret, Wanted)> {
        let mut wanted = Wanted::of_query(query)?;
        let time = |seconds: Option<u64>| {
            seconds
                .filter(|seconds| *seconds > 0)
                .map(|seconds| seconds.saturating_mul(1000))
        };
        wanted.container = self.container.or(wanted.container);
        wanted.query.follow = self.unfollow.map_or(wanted.query.follow, |unfollow| !unfollow);
        wanted.query.tail_lines = self.tail_lines.or(wanted.query.tail_lines);
        wanted.query.start = time(self.start_timestamp).or(wanted.query.start);
        wanted.query.end = time(self.end_timestamp).or(wanted.query.end);
        Ok((Secret(self.secret), wanted))
    }
}

async fn converse(platform: SharedPlatform, host: Host, query: Query, cut: Option<u64>, mut socket: WebSocket) {
    let logs = match greet(&platform, &host, &query, &mut socket).await {
        Ok(Some(logs)) => logs,
        Ok(None) => return,
        Err(refusal) => return close(&mut socket, CLOSE_CODES + refusal.code(), refusal.message()).await,
    };
    if let Err(error) = send_all(&platform, logs, cut, &mut socket).await {
        tracing::debug!(%error, "a WebSocket ended");
    }
}

/// Waits for the first message and opens the log that it asks for. None when the client left.
async fn greet(
    platform: &SharedPlatform,
    host: &Host,
    query: &Query,
    socket: &mut WebSocket,
) -> Outcome<Option<LogStream>> {
    let hello = loop {
        match tokio::time::timeout(HELLO_WITHIN, socket.recv()).await {
            Err(_) => return Err(Refusal::new(408, "the first message is missing")),
            Ok(Some(Ok(Message::Text(text)))) => break text,
            Ok(Some(Ok(Message::Ping(_) | Message::Pong(_)))) => {}
            Ok(Some(Ok(Message::Binary(_)))) => return Err(Refusal::invalid("the first message must be a text")),
            Ok(None | Some(Err(_) | Ok(Message::Close(_)))) => return Ok(None),
        }
    };
    let hello: Hello = crate::authorise::parse(hello.as_bytes())?;
    let (secret, wanted) = hello.over(query)?;
    open(platform, host, secret, &wanted).await.map(Some)
}

async fn send_all(
    platform: &SharedPlatform,
    mut logs: LogStream,
    cut: Option<u64>,
    socket: &mut WebSocket,
) -> Result<(), axum::Error> {
    let mut ping = interval(PING);
    ping.reset();
    let mut left = cut;
    loop {
        tokio::select! {
            () = platform.stopped() => {
                close(socket, 1001, "the platform stops").await;
                return Ok(());
            }
            batch = logs.next() => match batch {
                Some(Ok(batch)) => {
                    let text = String::from_utf8_lossy(batch.as_bytes()).into_owned();
                    if let Some(left) = left.as_mut() {
                        let Some(rest) = left.checked_sub(text.len() as u64) else {
                            // A fault: broken off without a word.
                            return Ok(());
                        };
                        *left = rest;
                    }
                    socket.send(Message::Text(text.into())).await?;
                }
                Some(Err(error)) => {
                    close(socket, 1011, &error.to_string()).await;
                    return Ok(());
                }
                None => {
                    close(socket, 1000, "").await;
                    return Ok(());
                }
            },
            message = socket.recv() => match message {
                None | Some(Ok(Message::Close(_))) => return Ok(()),
                Some(Err(error)) => return Err(error),
                Some(Ok(_)) => {}
            },
            _ = ping.tick() => socket.send(Message::Ping(Bytes::new())).await?,
        }
    }
}

async fn close(socket: &mut WebSocket, code: u16, reason: &str) {
    // A close frame has room for 123 bytes.
    let mut end = reason.len().min(123);
    while !reason.is_char_boundary(end) {
        end -= 1;
    }
    let frame = CloseFrame {
        code,
        reason: reason[..end].into(),
    };
    if let Err(error) = socket.send(Message::Close(Some(frame))).await {
        tracing::debug!(%error, "a WebSocket was gone before it was closed");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_one_data_line_of_an_event() {
        let mut batch = LogBatch::new();
        batch.push(b"  indented");
        batch.push(b"");
        batch.push(&[0xff, b'x']);
        assert_eq!(&event(&batch)[..], b"data:  indented\ndata:\ndata:\xffx\n\n");
    }

    #[test]
    fn the_first_message_goes_before_the_query() {
        let hello: Hello = serde_json::from_str(r#"{"secret":"s","container":"web","tailLines":5}"#).expect("a hello");
        let (_, wanted) = hello
            .over(&Query::parse(
                "container=other&unfollow=true&tailLines=9&endTimestamp=7",
            ))
            .expect("a query");
        assert_eq!(wanted.container.as_deref(), Some("web"));
        assert_eq!(
            wanted.query,
            LogQuery {
                follow: false,
                tail_lines: Some(5),
                start: None,
                end: Some(7000)
            }
        );
    }
}
