//! What the page sent over the network, and what became of it.

use std::sync::PoisonError;

use anyhow::Result;
use serde_json::Value;

use crate::console::Console;

/// Takes the place of the method of a WebSocket.
pub const WEB_SOCKET: &str = "WEBSOCKET";

/// One request of the page, or one WebSocket.
#[derive(Clone, Debug)]
pub struct Exchange {
    /// The browser's number for it.
    pub id: String,
    /// The method.
    pub method: String,
    /// The whole address.
    pub url: String,
    /// What was sent with it, if it was text.
    pub body: String,
    /// The status of the answer, where there was one.
    pub status: Option<u64>,
    /// Why there was no answer, or why it broke off: `net::ERR_ABORTED` when the page itself gave up.
    pub failure: Option<String>,
    /// Whether all of the answer has arrived; of a WebSocket, whether it is closed.
    pub finished: bool,
}

impl Console {
    /// Every HTTP request and WebSocket since the browser started, in order. Only Chromium tells.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn traffic(&self) -> Result<Vec<Exchange>> {
        let new = self.driver.get_log("performance").await?;
        let mut traffic = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        for entry in new {
            let event: Value = serde_json::from_str(&entry.message)?;
            note(&mut traffic, &event["message"]);
        }
        Ok(traffic.clone())
    }

    /// The requests to addresses with this part.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn requests_to(&self, part: &str) -> Result<Vec<Exchange>> {
        Ok(self
            .traffic()
            .await?
            .into_iter()
            .filter(|exchange| exchange.url.contains(part))
            .collect())
    }
}

fn note(traffic: &mut Vec<Exchange>, event: &Value) {
    let parameters = &event["params"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let id = text(&parameters["requestId"]);
    let known = traffic.iter_mut().rev().find(|exchange| exchange.id == id);
    match (event["method"].as_str().unwrap_or_default(), known) {
        // The browser's own first page loads things too, but not over the network.
        ("Network.requestWillBeSent", _) if text(&parameters["request"]["url"]).starts_with("http") => {
            let request = &parameters["request"];
            traffic.push(Exchange {
                id,
                method: text(&request["method"]),
                url: text(&request["url"]),
                body: text(&request["postData"]),
                status: None,
                failure: None,
                finished: false,
            });
        }
        ("Network.webSocketCreated", _) => traffic.push(Exchange {
            id,
            method: WEB_SOCKET.to_owned(),
            url: text(&parameters["url"]),
            body: String::new(),
            status: None,
            failure: None,
            finished: false,
        }),
        ("Network.webSocketClosed", Some(exchange)) => exchange.finished = true,
        ("Network.responseReceived", Some(exchange)) => exchange.status = parameters["response"]["status"].as_u64(),
        ("Network.loadingFinished", Some(exchange)) => exchange.finished = true,
        ("Network.loadingFailed", Some(exchange)) => exchange.failure = Some(text(&parameters["errorText"])),
        _ => {}
    }
}
