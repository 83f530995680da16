//! The log of a container, from its region host: as an event stream, or over a WebSocket where a gateway buffers event streams.
//!
//! Only a refusal is decoded here; the stream itself goes through [`crate::log_stream`].

use serde::{Deserialize, Serialize};

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, ErrorKind, RawAnswer, Reading};
use crate::hosts::BaseUrl;
use crate::secret::{Confidential, ServiceSecret};
use crate::types::Acknowledged;

/// Which lines of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct LogRange {
    /// Only so many of the last lines.
    pub tail_lines: Option<u64>,
    /// Only from then on, Unix seconds.
    pub start: Option<u64>,
    /// Only until then, Unix seconds.
    pub end: Option<u64>,
}

/// Asks for the log of a container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamLogs {
    /// The container's name.
    pub container: String,
    /// Whether new lines follow as they are written; otherwise the answer ends.
    pub follow: bool,
    /// Which lines.
    pub range: LogRange,
}

/// The answer is the stream itself: a success has nothing to decode.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogStream;

impl Call for StreamLogs {
    type Answer = LogStream;
    const AUTH: AuthKind = AuthKind::Secret;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(self.path().accept("text/event-stream"))
    }

    /// To be given the status, and the body where the status or the content type (JSON or a page instead of an event stream)
    /// say that it is a refusal; an empty body of a successful answer is a stream.
    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        let reading = Reading {
            may_be_empty: true,
            ..Reading::default()
        };
        let is_success = (200..300).contains(&answer.status);
        match error::read::<Acknowledged>(answer, reading) {
            Ok(_) => Ok(LogStream),
            // Lines of a log are not JSON.
            Err(error) if is_success && error.kind == ErrorKind::NotJson && !looks_like_page(answer.body) => {
                Ok(LogStream)
            }
            Err(error) if is_success && error.kind == ErrorKind::Malformed => Ok(LogStream),
            Err(error) => Err(error),
        }
    }
}

fn looks_like_page(body: &[u8]) -> bool {
    body.trim_ascii_start().first() == Some(&b'<')
}

impl StreamLogs {
    fn path(&self) -> Draft {
        let mut draft = Draft::get("/api/v1/k8s/pod/logs")
            .query("container", &self.container)
            .query("unfollow", if self.follow { "false" } else { "true" });
        for (name, value) in [
            ("tailLines", self.range.tail_lines),
            ("startTimestamp", self.range.start),
            ("endTimestamp", self.range.end),
        ] {
            if let Some(value) = value {
                draft = draft.query(name, &value.to_string());
            }
        }
        draft
    }

    /// Where the same log is to be had over a WebSocket. The secret is not part of the address: it goes into the first message.
    pub fn websocket_url(&self, host: &BaseUrl) -> String {
        host.websocket(&self.path().path_and_query())
    }

    /// The first message on the WebSocket.
    pub fn websocket_hello(&self, secret: &ServiceSecret) -> Confidential {
        let hello = LogHello {
            secret: Confidential::new(secret.expose()),
            container: self.container.clone(),
        };
        // Two texts are always JSON.
        Confidential::new(serde_json::to_string(&hello).unwrap_or_default())
    }
}

/// The first message on a log's WebSocket, from the client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LogHello {
    /// The secret of the service.
    pub secret: Confidential,
    /// The container's name.
    pub container: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn logs() -> StreamLogs {
        StreamLogs {
            container: "web".into(),
            follow: true,
            range: LogRange {
                tail_lines: Some(100),
                start: None,
                end: Some(1_700_000_000),
            },
        }
    }

    #[test]
    fn the_secret_is_in_the_first_message_not_in_the_address() {
        let host: BaseUrl = "https://europe.vkube.example".parse().unwrap();
        let secret = ServiceSecret::new("swordfish").unwrap();
        assert_eq!(
            logs().websocket_url(&host),
            "wss://europe.vkube.example/api/v1/k8s/pod/logs?container=web&unfollow=false&tailLines=100&endTimestamp=1700000000"
        );
        let hello = logs().websocket_hello(&secret);
        assert_eq!(hello.expose(), r#"{"secret":"swordfish","container":"web"}"#);
        let read: LogHello = serde_json::from_str(hello.expose()).unwrap();
        assert_eq!(read.container, "web");
        assert!(!format!("{read:?}").contains("swordfish"));
    }

    #[test]
    fn a_refusal_is_told_from_a_stream() {
        let decode = |status: u16, body: &str| {
            logs().decode(RawAnswer {
                status,
                body: body.as_bytes(),
            })
        };
        for stream in ["", "data:{\"error\":{\"code\":1}}\n\n", "data:x\n", ":\n\n"] {
            assert_eq!(decode(200, stream), Ok(LogStream), "{stream}");
        }
        assert_eq!(
            decode(200, r#"{"error":{"code":433,"message":"deleted"}}"#)
                .unwrap_err()
                .kind,
            ErrorKind::TokenDeleted
        );
        assert_eq!(decode(200, "<html>proxy</html>").unwrap_err().kind, ErrorKind::NotJson);
        assert_eq!(decode(404, "").unwrap_err().kind, ErrorKind::NotFound);
        assert_eq!(decode(502, "bad gateway").unwrap_err().kind, ErrorKind::Server);
    }
}
