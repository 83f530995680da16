//! Refusals: the error answers of the platform (contract, Errors) and of the node.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

/// An error answer `{"error":{"code","message"}}`, with the HTTP status of the same number.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    code: u16,
    message: String,
    details: Map<String, Value>,
}

/// Result of everything that can end in a refusal.
pub type Outcome<T> = Result<T, Refusal>;

impl Refusal {
    /// A refusal with the platform's `code` (contract, Errors) and a message for people.
    #[must_use]
    pub fn new(code: u16, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            details: Map::new(),
        }
    }

    /// 400: what was sent breaks a rule.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, message)
    }

    /// 401: who asks is not known.
    #[must_use]
    pub fn unauthorised(message: impl Into<String>) -> Self {
        Self::new(401, message)
    }

    /// 404: what was asked for is not there.
    #[must_use]
    pub fn missing(message: impl Into<String>) -> Self {
        Self::new(404, message)
    }

    /// 500: the platform itself failed. The cause goes to the log only.
    #[must_use]
    pub fn internal(cause: &dyn std::fmt::Display) -> Self {
        tracing::error!(%cause, "internal error");
        Self::new(500, "internal error")
    }

    /// Adds a field beside `code` and `message`.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.details.insert(name.to_owned(), value.into());
        self
    }

    /// The platform's code.
    #[must_use]
    pub fn code(&self) -> u16 {
        self.code
    }

    /// The message for people.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl From<rusqlite::Error> for Refusal {
    fn from(error: rusqlite::Error) -> Self {
        Self::internal(&error)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut error = self.details;
        error.insert("code".to_owned(), self.code.into());
        error.insert("message".to_owned(), self.message.into());
        let status = StatusCode::from_u16(self.code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        (status, Json(json!({ "error": error }))).into_response()
    }
}

/// The `{"status":"OK"}` of calls that have nothing else to say.
pub fn done() -> Json<Value> {
    Json(json!({ "status": "OK" }))
}
