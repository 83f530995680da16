//! A log as it arrives: through `fetch` and its body stream, as an `EventSource` cannot send the secret, or over a
//! WebSocket where the operator's gateway holds event streams back.

use std::pin::Pin;
use std::time::Duration;

use futures_util::future::{Either, select};
use futures_util::{SinkExt, Stream, StreamExt};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};
use vcloud_api::calls::StreamLogs;
use vcloud_api::error::RawAnswer;
use vcloud_api::log_stream::{EventStreamDecoder, frame_lines};
use vcloud_api::{ApiError, Auth, Call, ErrorKind};
use wasm_bindgen::JsValue;

use super::fetch::{self, Abort, Link, SendWith};
use super::reach;
use crate::config::LogTransport;
use crate::state::services::Access;

/// How long the beginning of an answer may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// A refusal over a WebSocket closes it with the refusal's code above this, as close codes from 4000 on are free.
const CLOSE_CODES: u16 = 4000;

/// The close code of a host that failed (RFC 6455, 7.4.1).
const INTERNAL_ERROR: u16 = 1011;

type Chunks = Pin<Box<dyn Stream<Item = Result<JsValue, JsValue>>>>;

/// A log that is being read. Dropping it ends the connection.
pub struct LogReader {
    source: Source,
    own: Abort,
    /// Ends the connection when whoever waits gives up.
    _link: Option<Link>,
}

enum Source {
    Events {
        chunks: Chunks,
        decoder: EventStreamDecoder,
    },
    Socket {
        socket: Box<WebSocket>,
        call: StreamLogs,
    },
}

impl Drop for LogReader {
    fn drop(&mut self) {
        self.own.abort();
    }
}

/// What one read gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Read {
    /// So many lines; none for a keep-alive.
    Lines(usize),
    /// The host ended the stream.
    End,
}

/// Opens a log.
///
/// # Errors
/// When the host can't be reached or refused.
pub async fn open(
    transport: LogTransport,
    call: &StreamLogs,
    access: &Access,
    abort: &Abort,
) -> Result<LogReader, ApiError> {
    let own = Abort::new();
    let link = fetch::link(abort, &own);
    let source = match transport {
        LogTransport::Fetch => open_events(call, access, abort, &own).await?,
        LogTransport::Websocket => open_socket(call, access, &own).await?,
    };
    Ok(LogReader {
        source,
        own,
        _link: link,
    })
}

async fn open_events(call: &StreamLogs, access: &Access, abort: &Abort, own: &Abort) -> Result<Source, ApiError> {
    let request = call.request(&access.host, &Auth::Secret(&access.secret))?;
    own.arm(TIMEOUT);
    let answer = fetch::builder(&request, own.signal()).send_with(&request).await;
    own.disarm();
    let response = match answer {
        Ok(response) => response,
        Err(_) if abort.is_aborted() => return Err(ApiError::without_answer(ErrorKind::Aborted, "")),
        Err(_) if own.timed_out() => return Err(ApiError::without_answer(ErrorKind::Timeout, access.host.to_string())),
        Err(_) => return Err(reach::why_silent(&request.uri().to_string()).await),
    };
    reach::answered(&request.uri().to_string());
    let is_stream = response
        .headers()
        .get("content-type")
        .is_none_or(|kind| !kind.contains("json") && !kind.contains("html"));
    let body = response.body().filter(|_| response.ok() && is_stream);
    let Some(body) = body else {
        let status = response.status();
        let body = fetch::refusal(&response).await;
        call.decode(RawAnswer { status, body: &body })?;
        return Err(ApiError::without_answer(ErrorKind::Malformed, access.host.to_string()));
    };
    let chunks = Box::pin(wasm_streams::ReadableStream::from_raw(body).into_stream());
    Ok(Source::Events {
        chunks,
        decoder: EventStreamDecoder::default(),
    })
}

async fn open_socket(call: &StreamLogs, access: &Access, own: &Abort) -> Result<Source, ApiError> {
    let network = || ApiError::without_answer(ErrorKind::Network, access.host.to_string());
    let mut socket = WebSocket::open(&call.websocket_url(&access.host)).map_err(|_| network())?;
    let hello = call.websocket_hello(&access.secret);
    // It leaves when the connection is open. A socket knows no abort signal: dropping it ends it.
    own.arm(TIMEOUT);
    let sent = {
        let sending = socket.send(Message::Text(hello.expose().to_owned()));
        select(sending, Box::pin(fetch::ended(own))).await
    };
    own.disarm();
    match sent {
        Either::Left((sent, _)) => sent.map_err(|_| network())?,
        Either::Right(_) if own.timed_out() => {
            return Err(ApiError::without_answer(ErrorKind::Timeout, access.host.to_string()));
        }
        Either::Right(_) => return Err(ApiError::without_answer(ErrorKind::Aborted, "")),
    }
    Ok(Source::Socket {
        socket: Box::new(socket),
        call: call.clone(),
    })
}

impl LogReader {
    /// Waits for the next lines. May be given up and called again without losing any.
    ///
    /// # Errors
    /// When the connection broke, or the host refused in words instead of lines.
    pub async fn read(&mut self, mut on_line: impl FnMut(&[u8])) -> Result<Read, ApiError> {
        match &mut self.source {
            Source::Events { chunks, decoder } => match chunks.next().await {
                None => Ok(Read::End),
                Some(Err(_)) => Err(ApiError::without_answer(ErrorKind::Network, "")),
                Some(Ok(chunk)) => {
                    let bytes = js_sys::Uint8Array::from(chunk).to_vec();
                    let lines = decoder.push(&bytes).map(|line| on_line(line.text)).count();
                    Ok(Read::Lines(lines))
                }
            },
            Source::Socket { socket, call } => match socket.next().await {
                None => Ok(Read::End),
                Some(Err(WebSocketError::ConnectionClose(close))) if close.code >= CLOSE_CODES => {
                    let error =
                        serde_json::json!({"error": {"code": close.code - CLOSE_CODES, "message": close.reason}});
                    call.decode(RawAnswer {
                        status: 200,
                        body: error.to_string().as_bytes(),
                    })?;
                    Ok(Read::End)
                }
                Some(Err(WebSocketError::ConnectionClose(close)))
                    if close.was_clean && close.code != INTERNAL_ERROR =>
                {
                    Ok(Read::End)
                }
                Some(Err(_)) => Err(ApiError::without_answer(ErrorKind::Network, "")),
                Some(Ok(message)) => {
                    let bytes = match message {
                        Message::Text(text) => text.into_bytes(),
                        Message::Bytes(bytes) => bytes,
                    };
                    Ok(Read::Lines(frame_lines(&bytes).map(|line| on_line(line.text)).count()))
                }
            },
        }
    }
}
