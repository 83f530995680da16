//! Faults that tests switch on: slow answers, errors, cut streams, broken connections, missing CORS headers,
//! answers that are hostile.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io::Write as _;
use std::sync::Mutex;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::sync::Notify;

/// One fault as `POST /dev/faults` takes it: where it applies, how often, and what happens.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// Number that the platform gives it.
    #[serde(default)]
    pub id: u64,
    /// Pattern of the path, `*` standing for any text: `/api/v1/k8s/pod/*`.
    pub path: String,
    /// Pattern of the host without its port: `europe.localhost`, `*.localhost`. Any host when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// Method it applies to; any when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub method: Option<String>,
    /// Milliseconds to wait before anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub latency_ms: Option<u64>,
    /// Wait until the fault is switched off before anything else. Where it strikes only so often, it stays switched on all the same.
    #[serde(default)]
    pub hold: bool,
    /// Share of the matching requests that it strikes, 0 to 1; all when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_rate: Option<f64>,
    /// Answer with this HTTP status instead of the real answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Answer with this body instead of the real answer (status 200 unless given).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Content type of `body`; `application/json` when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Further headers of that answer: `location` for one that leads elsewhere.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, String>,
    /// The bytes of `body` are written in Base64: what is no text can be answered too.
    #[serde(default)]
    pub base64: bool,
    /// Answer with `body` so often, one after the other.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repeat: Option<u64>,
    /// Pack that answer with gzip, and say so: a small answer that unpacks to a large one.
    #[serde(default)]
    pub gzip: bool,
    /// Give the real answer, but every member of its JSON that has one of these names with this value; `{}` in a text stands for the
    /// text that was there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub members: BTreeMap<String, Value>,
    /// Close the connection without any answer.
    #[serde(default)]
    pub drop: bool,
    /// Carry the request out, then close the connection instead of answering.
    #[serde(default)]
    pub lose_answer: bool,
    /// Give the real answer, but break it off after so many bytes of its body.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cut_after_bytes: Option<u64>,
    /// Let so many matching requests pass first.
    #[serde(default)]
    pub skip: u64,
    /// Strike so often, then be gone; for ever when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u64>,
    /// `false` leaves out the CORS headers, of the preflight too.
    #[serde(default = "yes")]
    pub cors: bool,
    /// How often it has struck.
    #[serde(default)]
    pub struck: u64,
}

fn yes() -> bool {
    true
}

impl Fault {
    fn matches(&self, host: &str, method: &str, path: &str) -> bool {
        self.times != Some(0)
            && glob(&self.path, path)
            && self.host.as_ref().is_none_or(|pattern| glob(pattern, host))
            && self
                .method
                .as_ref()
                .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
    }

    /// What is wrong with a fault, if anything.
    ///
    /// # Errors
    /// The field that cannot be as it is.
    pub fn check(&self) -> Result<(), String> {
        if self.status.is_some_and(|status| !(200..=599).contains(&status)) {
            return Err("status must be 200 to 599".to_owned());
        }
        if self.error_rate.is_some_and(|rate| !(0.0..=1.0).contains(&rate)) {
            return Err("errorRate must be 0 to 1".to_owned());
        }
        if self
            .content_type
            .as_ref()
            .is_some_and(|text| HeaderValue::from_str(text).is_err())
        {
            return Err("contentType is not a header value".to_owned());
        }
        if self
            .headers
            .iter()
            .any(|(name, value)| header_of(name, value).is_none())
        {
            return Err("headers has what is no header".to_owned());
        }
        if self.base64 && self.bytes().is_none() {
            return Err("body is not Base64".to_owned());
        }
        Ok(())
    }

    /// The answer that takes the real one's place, if it does.
    #[must_use]
    pub fn replacement(&self) -> Option<Response<Body>> {
        if self.status.is_none() && self.body.is_none() {
            return None;
        }
        let status = self
            .status
            .and_then(|code| StatusCode::from_u16(code).ok())
            .unwrap_or(StatusCode::OK);
        let body = self.bytes().unwrap_or_else(|| {
            let error = serde_json::json!({"error": {"code": status.as_u16(), "message": "fault injected"}});
            error.to_string().into_bytes()
        });
        let mut response = Response::new(self.written(body));
        *response.status_mut() = status;
        let content_type = self
            .content_type
            .as_deref()
            .and_then(|text| HeaderValue::from_str(text).ok());
        let content_type = content_type.unwrap_or_else(|| HeaderValue::from_static("application/json"));
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        if self.gzip {
            let packed = HeaderValue::from_static("gzip");
            response.headers_mut().insert(header::CONTENT_ENCODING, packed);
        }
        let headers = self.headers.iter();
        response
            .headers_mut()
            .extend(headers.filter_map(|(name, value)| header_of(name, value)));
        Some(response)
    }

    /// The bytes of `body`, if it has any that can be read.
    fn bytes(&self) -> Option<Vec<u8>> {
        let body = self.body.as_ref()?;
        if self.base64 {
            STANDARD.decode(body).ok()
        } else {
            Some(body.clone().into_bytes())
        }
    }

    /// The body as often and in the form that is asked for. What is packed is small; else it is written as it is needed.
    fn written(&self, body: Vec<u8>) -> Body {
        let repeat = self.repeat.unwrap_or(1);
        if self.gzip {
            let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
            for _ in 0..repeat {
                // A list of bytes takes everything.
                let _ = packed.write_all(&body);
            }
            return Body::from(packed.finish().unwrap_or_default());
        }
        let chunk = Bytes::from(body);
        let chunks = futures_util::stream::iter(0..repeat).map(move |_| Ok::<Bytes, Infallible>(chunk.clone()));
        Body::from_stream(chunks)
    }

    /// The real answer with other members, see [`Fault::members`]. What is no JSON stays as it is.
    pub async fn altered(&self, response: Response<Body>) -> Response<Body> {
        if self.members.is_empty() {
            return response;
        }
        let (mut parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
        let Ok(mut value) = serde_json::from_slice::<Value>(&body) else {
            return Response::from_parts(parts, Body::from(body));
        };
        self.alter(&mut value);
        parts.headers.remove(header::CONTENT_LENGTH);
        Response::from_parts(parts, Body::from(value.to_string()))
    }

    fn alter(&self, value: &mut Value) {
        match value {
            Value::Array(values) => values.iter_mut().for_each(|value| self.alter(value)),
            Value::Object(members) => {
                for (name, old) in members {
                    match self.members.get(name) {
                        Some(Value::String(new)) => *old = new.replace("{}", old.as_str().unwrap_or_default()).into(),
                        Some(new) => *old = new.clone(),
                        None => self.alter(old),
                    }
                }
            }
            _ => {}
        }
    }
}

fn header_of(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((name.parse().ok()?, value.parse().ok()?))
}

/// The faults that are switched on.
#[derive(Debug, Default)]
pub struct Faults {
    state: Mutex<State>,
    switched_off: Notify,
}

#[derive(Debug, Default)]
struct State {
    next_id: u64,
    faults: Vec<Fault>,
}

impl Faults {
    /// Switches a fault on and gives it back with its number.
    #[must_use]
    pub fn add(&self, mut fault: Fault) -> Fault {
        let mut state = self.lock();
        state.next_id += 1;
        fault.id = state.next_id;
        fault.struck = 0;
        state.faults.push(fault.clone());
        fault
    }

    /// Switches one fault off; false when there is none of this number.
    #[must_use]
    pub fn remove(&self, id: u64) -> bool {
        let mut state = self.lock();
        let before = state.faults.len();
        state.faults.retain(|fault| fault.id != id);
        self.switched_off.notify_waiters();
        state.faults.len() < before
    }

    /// Switches all faults off.
    pub fn clear(&self) {
        self.lock().faults.clear();
        self.switched_off.notify_waiters();
    }

    /// Waits until the fault of this number is switched off.
    pub async fn until_off(&self, id: u64) {
        loop {
            let switched_off = self.switched_off.notified();
            if self.lock().faults.iter().all(|fault| fault.id != id) {
                return;
            }
            switched_off.await;
        }
    }

    /// The faults that are switched on, in the order of their numbers.
    #[must_use]
    pub fn list(&self) -> Vec<Fault> {
        self.lock().faults.clone()
    }

    /// The first fault that strikes this request. A preflight is struck only by what breaks preflights, and never
    /// counted: the request that it asks for is.
    #[must_use]
    pub fn strike(&self, host: &str, method: &str, path: &str, preflight: Option<&str>) -> Option<Fault> {
        let mut state = self.lock();
        if let Some(wanted) = preflight {
            return state
                .faults
                .iter()
                .find(|fault| !fault.cors && fault.skip == 0 && fault.matches(host, wanted, path))
                .cloned();
        }
        for index in 0..state.faults.len() {
            let fault = &mut state.faults[index];
            if !fault.matches(host, method, path) {
                continue;
            }
            if fault.skip > 0 {
                fault.skip -= 1;
                continue;
            }
            if fault.error_rate.is_some_and(|rate| crate::random::fraction() >= rate) {
                continue;
            }
            fault.struck += 1;
            let struck = fault.clone();
            if let Some(times) = fault.times.as_mut() {
                *times = times.saturating_sub(1);
                if *times == 0 && !struck.hold {
                    state.faults.remove(index);
                }
            }
            return Some(struck);
        }
        None
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Breaks a body off after `limit` bytes: what came before has reached the peer, then the connection ends.
pub fn cut(body: Body, limit: u64) -> Body {
    let mut left = limit;
    let kept = body.into_data_stream().map(move |chunk| {
        let chunk = chunk?;
        let take = usize::try_from(left).unwrap_or(usize::MAX).min(chunk.len());
        left -= take as u64;
        Ok::<(Bytes, bool), axum::Error>((chunk.slice(..take), left == 0))
    });
    let stream = futures_util::stream::unfold((Box::pin(kept), limit == 0), |(mut kept, over)| async move {
        if over {
            // The connection writes what it holds when the body has nothing for it; an error at once would lose that.
            tokio::time::sleep(Duration::from_millis(30)).await;
            let broken = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
            return Some((Err(axum::Error::new(broken)), (kept, true)));
        }
        match kept.next().await? {
            Ok((bytes, last)) => Some((Ok(bytes), (kept, last))),
            Err(error) => Some((Err(error), (kept, true))),
        }
    });
    Body::from_stream(stream)
}

/// True when `text` is what `pattern` says, `*` standing for any text.
fn glob(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else {
        return rest.is_empty();
    };
    for part in parts {
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Fault, Faults, glob};

    fn fault(text: &str) -> Fault {
        serde_json::from_str(text).expect("a fault")
    }

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(glob("/api/*", "/api/v1/userService"));
        assert!(glob("*", ""));
        assert!(glob("/a/*/c", "/a/b/c"));
        assert!(glob("*.localhost", "europe.localhost"));
        assert!(!glob("*.localhost", "localhost"));
        assert!(!glob("/api", "/api/v1"));
        assert!(!glob("/a/*/c", "/a/b/d"));
        assert!(!glob("aba*aba", "aba"));
    }

    #[test]
    fn a_fault_strikes_as_often_as_it_says() {
        let faults = Faults::default();
        let _ = faults.add(fault(r#"{"path":"/x","skip":1,"times":2,"status":500}"#));
        let strikes = || faults.strike("localhost", "GET", "/x", None).is_some();
        assert_eq!([strikes(), strikes(), strikes(), strikes()], [false, true, true, false]);
        assert!(faults.list().is_empty());
    }

    #[tokio::test]
    async fn what_is_held_waits_until_the_fault_is_switched_off() {
        let faults = Faults::default();
        let held = faults.add(fault(r#"{"path":"/x","hold":true,"times":1}"#));
        assert!(faults.strike("localhost", "GET", "/x", None).is_some());
        assert!(
            faults.strike("localhost", "GET", "/x", None).is_none(),
            "only one is held"
        );
        let waiting = async { tokio::time::timeout(Duration::from_millis(50), faults.until_off(held.id)).await };
        assert!(waiting.await.is_err(), "it did not wait");
        let off = async {
            tokio::task::yield_now().await;
            faults.remove(held.id)
        };
        let both = tokio::time::timeout(Duration::from_secs(5), async {
            tokio::join!(faults.until_off(held.id), off)
        });
        assert!(both.await.is_ok(), "it waits although it is switched off");
    }

    #[test]
    fn a_preflight_is_only_struck_by_missing_cors() {
        let faults = Faults::default();
        let _ = faults.add(fault(r#"{"path":"/x","times":1,"status":500}"#));
        assert!(faults.strike("localhost", "OPTIONS", "/x", Some("GET")).is_none());
        let _ = faults.add(fault(r#"{"path":"/y","times":1,"cors":false}"#));
        assert!(faults.strike("localhost", "OPTIONS", "/y", Some("GET")).is_some());
        assert!(faults.strike("localhost", "GET", "/y", None).is_some());
    }

    #[test]
    fn unknown_fields_are_refused_so_that_a_typing_error_is_seen() {
        assert!(serde_json::from_str::<Fault>(r#"{"path":"/x","latency":3}"#).is_err());
    }
}
