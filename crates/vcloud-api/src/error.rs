//! Everything that can go wrong with a call, as one type made in one place.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::json_path;
use crate::visible;
use crate::wire;

/// How much of an answer that is not JSON is kept, in characters.
const EXCERPT_LENGTH: usize = 200;

/// What went wrong: pages decide by this, the other fields of [`ApiError`] say more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Code 411: the access token has expired.
    TokenExpired,
    /// Code 422: the access token is not active.
    TokenInactive,
    /// Code 433: the access token was deleted.
    TokenDeleted,
    /// 401: who asks is not known, or the signature is wrong.
    Unauthorised,
    /// 403: who asks may not do this.
    Forbidden,
    /// 404: there is no such thing.
    NotFound,
    /// Code 501 of a domain change: an old provider that cannot change one domain at a time. Unbind all, then bind again what
    /// should stay.
    OneDomainUnsupported,
    /// The host understood and refused, for another reason than those above.
    Refused,
    /// 5xx: the host has a problem of its own.
    Server,
    /// The answer is not JSON: an error page, or not the host it should be.
    NotJson,
    /// The answer is JSON, but not what the contract says.
    Malformed,
    /// The host cannot be reached. Made by whoever sends requests.
    Network,
    /// No answer in time. Made by whoever sends requests.
    Timeout,
    /// The host is there, but the connection broke before the answer had come. Made by whoever sends requests.
    Interrupted,
    /// The browser kept the answer back because the host does not allow this origin. Made by whoever sends requests.
    Cors,
    /// Given up because nobody waits for the answer any more. Made by whoever sends requests.
    Aborted,
    /// The request could not be made at all. See [`crate::call::BuildError`].
    Unsendable,
    /// Whoever should sign it did not, so it was not sent. In the signer's words.
    NotSigned,
    /// 401, as the time that was signed was wrong: the next signature has another. Made by whoever sends requests.
    WrongTime,
}

impl ErrorKind {
    /// Whether the same request may succeed later without anybody doing anything.
    pub fn is_transient(self) -> bool {
        matches!(
            self,
            ErrorKind::Server
                | ErrorKind::Network
                | ErrorKind::Interrupted
                | ErrorKind::Timeout
                | ErrorKind::NotJson
                | ErrorKind::WrongTime
        )
    }

    /// Whether a change that failed so may have been carried out all the same: only a clear refusal says that it was not.
    pub fn may_be_done(self) -> bool {
        matches!(
            self,
            ErrorKind::Network
                | ErrorKind::Timeout
                | ErrorKind::Interrupted
                | ErrorKind::Cors
                | ErrorKind::Server
                | ErrorKind::NotJson
                | ErrorKind::Malformed
                | ErrorKind::Aborted
        )
    }

    /// Whether the access token can no longer be used.
    pub fn is_about_token(self) -> bool {
        matches!(
            self,
            ErrorKind::TokenExpired | ErrorKind::TokenInactive | ErrorKind::TokenDeleted
        )
    }
}

/// A call that failed. Nothing in it is secret: it may be shown and logged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// What went wrong.
    pub kind: ErrorKind,
    /// Status of the HTTP answer; 0 where there was none.
    pub status: u16,
    /// The code in the answer's error; 0 where there was none.
    pub code: i64,
    /// What the host said, in its words, or what is wrong with its answer. May be empty.
    pub message: String,
    /// The service that an access token is for (token errors only).
    pub user_service_id: Option<String>,
    /// The access token's id (token errors only).
    pub token_id: Option<String>,
    /// How many seconds the host asks to be left alone (`Retry-After`), where it says so and the page may read it.
    pub retry_after: Option<u32>,
}

impl std::fmt::Display for ApiError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let what = match self.kind {
            ErrorKind::TokenExpired => "the access token has expired",
            ErrorKind::TokenInactive => "the access token is not active",
            ErrorKind::TokenDeleted => "the access token was deleted",
            ErrorKind::Unauthorised => "not authorised",
            ErrorKind::Forbidden => "not allowed",
            ErrorKind::NotFound => "not found",
            ErrorKind::OneDomainUnsupported => "the provider cannot change one domain at a time",
            ErrorKind::Refused => "refused",
            ErrorKind::Server => "the host failed",
            ErrorKind::NotJson => "the answer is not JSON",
            ErrorKind::Malformed => "the answer is not as agreed",
            ErrorKind::Network => "the host cannot be reached",
            ErrorKind::Timeout => "no answer in time",
            ErrorKind::Interrupted => "the connection broke before the answer",
            ErrorKind::Cors => "the host does not allow this origin",
            ErrorKind::Aborted => "given up",
            ErrorKind::Unsendable => "the request cannot be made",
            ErrorKind::NotSigned => "not signed, so not sent",
            ErrorKind::WrongTime => "the time that was signed is wrong",
        };
        f.write_str(what)?;
        if self.status != 0 {
            write!(f, " (HTTP {}", self.status)?;
            if self.code != 0 && self.code != i64::from(self.status) {
                write!(f, ", code {}", self.code)?;
            }
            f.write_str(")")?;
        }
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ApiError {}

impl ApiError {
    /// An error without an answer: for whoever sends requests.
    pub fn without_answer(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self {
            kind,
            status: 0,
            code: 0,
            message: message.into(),
            user_service_id: None,
            token_id: None,
            retry_after: None,
        }
    }

    fn with_status(kind: ErrorKind, status: u16, message: String) -> Self {
        Self {
            status,
            ..Self::without_answer(kind, message)
        }
    }
}

/// What came back: the status and the whole body.
#[derive(Clone, Copy, Debug)]
pub struct RawAnswer<'a> {
    /// HTTP status.
    pub status: u16,
    /// The body's bytes.
    pub body: &'a [u8],
}

/// How a call reads its answer where the general rule does not fit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The answer is a map whose keys the owner chose, so that a text under `error` is an entry like any other.
    pub keys_are_free: bool,
    /// Code 501 means [`ErrorKind::OneDomainUnsupported`].
    pub changes_domains: bool,
    /// An answer without content stands for the default value.
    pub may_be_empty: bool,
    /// The answer need not be an object.
    pub may_be_list: bool,
}

/// The one place where an answer becomes a value or an error.
pub(crate) fn read<T>(answer: RawAnswer<'_>, reading: Reading) -> Result<T, ApiError>
where
    T: DeserializeOwned + Default,
{
    let body = answer
        .body
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(answer.body)
        .trim_ascii();
    if let Some(error) = refusal(answer.status, body, reading) {
        return Err(error);
    }
    if reading.may_be_empty && (body.is_empty() || body == b"null") {
        return Ok(T::default());
    }
    // Serde would take a list for an object whose members are all optional.
    if body.first() == Some(&b'[') && !reading.may_be_list {
        return Err(malformed(answer.status, "expected an object, found a list"));
    }
    serde_json::from_slice(body).map_err(|error| undecodable(answer.status, body, &error))
}

/// The error in an answer, where there is one: the body decides before the status.
fn refusal(status: u16, body: &[u8], reading: Reading) -> Option<ApiError> {
    let is_success = (200..300).contains(&status);
    let body_error = if body.first() == Some(&b'{') {
        error_in(body, is_success, reading)
    } else {
        None
    };
    if let Some(found) = body_error {
        let kind = kind_of(status, found.code, reading);
        return Some(ApiError {
            kind,
            status,
            code: found.code,
            message: visible::words(&found.message),
            user_service_id: found.user_service_id.map(|id| visible::identifier(&id)),
            token_id: found.token_id.map(|id| visible::identifier(&id)),
            retry_after: None,
        });
    }
    if is_success {
        return None;
    }
    let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok();
    let kind = match kind_of(status, 0, reading) {
        // A page in front of the host refuses: what matters is that it was not the host.
        ErrorKind::Refused if !is_json && !body.is_empty() => ErrorKind::NotJson,
        kind => kind,
    };
    Some(ApiError::with_status(kind, status, text_excerpt(body)))
}

#[derive(Default)]
struct FoundError {
    code: i64,
    message: String,
    user_service_id: Option<String>,
    token_id: Option<String>,
}

/// The members of an answer that make it an error; everything else is skipped without being built.
#[derive(Deserialize)]
struct ErrorProbe {
    #[serde(default)]
    error: Option<Value>,
    #[serde(default)]
    message: Option<Value>,
    #[serde(default, rename = "userServiceID")]
    user_service_id: Option<Value>,
    #[serde(default, rename = "tokenID")]
    token_id: Option<Value>,
}

fn error_in(body: &[u8], is_success: bool, reading: Reading) -> Option<FoundError> {
    // A member named twice is the only way for an object to fail here and still decode: then the first decides nothing.
    let probe: ErrorProbe = serde_json::from_slice(body).ok()?;
    let text = |value: Option<Value>| {
        value
            .and_then(|value| wire::text_of(value).ok())
            .filter(|text| !text.is_empty())
    };
    let code_of = |value: Option<Value>| {
        value
            .and_then(|value| wire::integer_of::<i64>(&value).ok().flatten())
            .unwrap_or(0)
    };
    match probe.error {
        // A node names a number beside the message.
        Some(Value::Number(code)) => Some(FoundError {
            code: code_of(Some(Value::Number(code))),
            message: text(probe.message).unwrap_or_default(),
            ..FoundError::default()
        }),
        Some(Value::Object(mut error)) => {
            let mut take = |name: &str| error.remove(name).filter(|value| !value.is_null());
            Some(FoundError {
                code: code_of(take("code")),
                message: text(take("message")).unwrap_or_default(),
                user_service_id: text(take("userServiceID").or(probe.user_service_id)),
                token_id: text(take("tokenID").or(probe.token_id)),
            })
        }
        Some(Value::String(_)) if is_success && reading.keys_are_free => None,
        Some(Value::String(message)) if !message.is_empty() => {
            // Frameworks answer {"error":"Not Found","message":"…"}: the longer text says more.
            let message = text(probe.message).unwrap_or(message);
            Some(FoundError {
                message,
                ..FoundError::default()
            })
        }
        Some(Value::Bool(true)) => Some(FoundError {
            message: text(probe.message).unwrap_or_default(),
            ..FoundError::default()
        }),
        _ if !is_success => text(probe.message).map(|message| FoundError {
            message,
            ..FoundError::default()
        }),
        _ => None,
    }
}

fn kind_of(status: u16, code: i64, reading: Reading) -> ErrorKind {
    // The code inside the answer is the host's own word; the status may come from anything in between.
    let decisive = if code == 0 { i64::from(status) } else { code };
    match decisive {
        // As mere statuses, these have another meaning to everything between here and the host.
        411 if code != 0 => ErrorKind::TokenExpired,
        422 if code != 0 => ErrorKind::TokenInactive,
        433 if code != 0 => ErrorKind::TokenDeleted,
        401 => ErrorKind::Unauthorised,
        403 => ErrorKind::Forbidden,
        404 => ErrorKind::NotFound,
        501 if reading.changes_domains => ErrorKind::OneDomainUnsupported,
        500..=599 => ErrorKind::Server,
        // A node's codes are its own numbers: there the status is what tells.
        _ if code != 0 && !(400..600).contains(&code) && status >= 400 => kind_of(status, 0, reading),
        _ => ErrorKind::Refused,
    }
}

/// An answer that is JSON, but not what the contract says.
pub(crate) fn malformed(status: u16, message: impl Into<String>) -> ApiError {
    ApiError::with_status(ErrorKind::Malformed, status, visible::words(&message.into()))
}

fn undecodable(status: u16, body: &[u8], error: &serde_json::Error) -> ApiError {
    use serde_json::error::Category;
    let message = match error.classify() {
        Category::Data => {
            let path = json_path::at(body, error.line(), error.column());
            let reason = error.to_string();
            // The position within one long line helps nobody; the path does.
            let reason = reason.split(" at line ").next().unwrap_or_default().to_owned();
            return ApiError::with_status(
                ErrorKind::Malformed,
                status,
                visible::words(&if path.is_empty() {
                    reason
                } else {
                    format!("{path}: {reason}")
                }),
            );
        }
        Category::Eof | Category::Syntax | Category::Io => text_excerpt(body),
    };
    ApiError::with_status(ErrorKind::NotJson, status, message)
}

/// The beginning of a body as one line of text, without the tags of a page.
fn text_excerpt(body: &[u8]) -> String {
    let head = &body[..body.len().min(8 * EXCERPT_LENGTH)];
    let text = String::from_utf8_lossy(head);
    let is_page = text.trim_start().starts_with('<');
    let mut excerpt = String::new();
    let mut is_in_tag = false;
    let mut length = 0;
    for character in text.chars() {
        match character {
            '<' if is_page => is_in_tag = true,
            '>' if is_page && is_in_tag => {
                is_in_tag = false;
                if !excerpt.ends_with(' ') && !excerpt.is_empty() {
                    excerpt.push(' ');
                }
            }
            _ if is_in_tag => {}
            space if space.is_whitespace() || space.is_control() => {
                if !excerpt.ends_with(' ') && !excerpt.is_empty() {
                    excerpt.push(' ');
                }
            }
            other => {
                if length == EXCERPT_LENGTH {
                    excerpt.push('…');
                    break;
                }
                excerpt.push(other);
                length += 1;
            }
        }
    }
    visible::words(excerpt.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{Acknowledged, ConfigFiles, Page, UserService};

    fn read_page(status: u16, body: &str) -> Result<Page<UserService>, ApiError> {
        read(
            RawAnswer {
                status,
                body: body.as_bytes(),
            },
            Reading::default(),
        )
    }

    #[test]
    fn an_error_body_is_an_error_whatever_the_status_says() {
        let error = read_page(200, r#"{"error":{"code":400,"message":"no such region"}}"#).unwrap_err();
        assert_eq!((error.kind, error.status, error.code), (ErrorKind::Refused, 200, 400));
        assert_eq!(error.message, "no such region");
        assert_eq!(error.to_string(), "refused (HTTP 200, code 400): no such region");
        assert!(read_page(200, r#"{"list":[],"error":null}"#).is_ok());
    }

    #[test]
    fn token_errors_name_the_service_and_the_token() {
        for (code, kind) in [
            (411, ErrorKind::TokenExpired),
            (422, ErrorKind::TokenInactive),
            (433, ErrorKind::TokenDeleted),
        ] {
            let body = format!(r#"{{"error":{{"code":{code},"message":"m","userServiceID":"s1","tokenID":"t1"}}}}"#);
            let error = read_page(400, &body).unwrap_err();
            assert_eq!(error.kind, kind);
            assert!(error.kind.is_about_token());
            assert_eq!(error.user_service_id.as_deref(), Some("s1"));
            assert_eq!(error.token_id.as_deref(), Some("t1"));
        }
        let beside = read_page(200, r#"{"error":{"code":"411"},"userServiceID":"s1","tokenID":7}"#).unwrap_err();
        assert_eq!(
            (beside.kind, beside.token_id.as_deref()),
            (ErrorKind::TokenExpired, Some("7"))
        );
    }

    #[test]
    fn statuses_have_kinds_also_without_a_readable_body() {
        for (status, kind) in [
            (401, ErrorKind::Unauthorised),
            (403, ErrorKind::Forbidden),
            (404, ErrorKind::NotFound),
            (500, ErrorKind::Server),
            (503, ErrorKind::Server),
            (400, ErrorKind::Refused),
            (302, ErrorKind::Refused),
            (411, ErrorKind::Refused),
            (422, ErrorKind::Refused),
        ] {
            assert_eq!(read_page(status, "").unwrap_err().kind, kind, "{status}");
        }
        let page =
            "<!DOCTYPE html><html><head><title>502 Bad Gateway</title></head>\n<body> <h1>502</h1></body></html>";
        let error = read_page(502, page).unwrap_err();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (ErrorKind::Server, "502 Bad Gateway 502")
        );
        let error = read_page(400, page).unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotJson);
    }

    #[test]
    fn a_page_where_json_should_be_is_named_as_such() {
        let error = read_page(200, "<html><body>Welcome to nginx!</body></html>").unwrap_err();
        assert_eq!((error.kind, error.status), (ErrorKind::NotJson, 200));
        assert_eq!(error.message, "Welcome to nginx!");
        assert_eq!(read_page(200, "").unwrap_err().kind, ErrorKind::NotJson);
        assert_eq!(read_page(200, "{\"list\":[").unwrap_err().kind, ErrorKind::NotJson);
        let long = format!("<p>{}</p>", "字".repeat(500));
        assert_eq!(
            read_page(200, &long).unwrap_err().message.chars().count(),
            EXCERPT_LENGTH + 1
        );
    }

    #[test]
    fn a_wrong_shape_names_the_field() {
        let error = read_page(
            200,
            r#"{"list":[{"id":"a"},{"id":"b","serviceOptions":{"x":"y"},"endAt":"soon"}]}"#,
        )
        .unwrap_err();
        assert_eq!(error.kind, ErrorKind::Malformed);
        assert_eq!(error.message, "list[1].endAt: expected a whole number, found “soon”");
        assert_eq!(read_page(200, "[]").unwrap_err().kind, ErrorKind::Malformed);
    }

    #[test]
    fn the_errors_of_a_node_keep_their_code() {
        let error = read_page(404, r#"{"error":311,"message":"transaction is not there"}"#).unwrap_err();
        assert_eq!((error.kind, error.code), (ErrorKind::NotFound, 311));
        let error = read_page(400, r#"{"error":102,"message":"invalid address"}"#).unwrap_err();
        assert_eq!(
            (error.kind, error.code, error.message.as_str()),
            (ErrorKind::Refused, 102, "invalid address")
        );
    }

    #[test]
    fn one_domain_at_a_time_may_be_unsupported() {
        let answer = RawAnswer {
            status: 200,
            body: br#"{"error":{"code":501,"message":"not supported"}}"#,
        };
        let domains = Reading {
            changes_domains: true,
            ..Reading::default()
        };
        assert_eq!(
            read::<Acknowledged>(answer, domains).unwrap_err().kind,
            ErrorKind::OneDomainUnsupported
        );
        assert_eq!(
            read::<Acknowledged>(answer, Reading::default()).unwrap_err().kind,
            ErrorKind::Server
        );
    }

    #[test]
    fn a_container_may_be_called_error() {
        let answer = RawAnswer {
            status: 200,
            body: br#"{"error":"listen: 80","web":"x"}"#,
        };
        let free = Reading {
            keys_are_free: true,
            ..Reading::default()
        };
        assert_eq!(read::<ConfigFiles>(answer, free).unwrap().0["error"], "listen: 80");
        assert!(read::<ConfigFiles>(answer, Reading::default()).is_err());
        assert!(read::<ConfigFiles>(RawAnswer { status: 400, ..answer }, free).is_err());
        let refused = RawAnswer {
            status: 200,
            body: br#"{"error":{"code":400,"message":"no config"}}"#,
        };
        assert!(read::<ConfigFiles>(refused, free).is_err());
    }

    #[test]
    fn an_empty_answer_is_fine_only_where_it_may_be() {
        let empty = Reading {
            may_be_empty: true,
            ..Reading::default()
        };
        for body in ["", "null", " \n"] {
            let answer = RawAnswer {
                status: 200,
                body: body.as_bytes(),
            };
            assert!(read::<Acknowledged>(answer, empty).is_ok());
            assert!(read::<Acknowledged>(answer, Reading::default()).is_err());
        }
    }
}
